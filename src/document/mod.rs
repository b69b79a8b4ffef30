//! The document: blocks, sentences, words. Offsets are born here and never searched for again.

pub mod block;
pub mod directive;
mod flat;
mod html;
mod markdown;
mod plain;
pub mod sentence;
