//! The document: blocks, sentences, words. Offsets are born here and never searched for again.

pub mod block;
mod direction;
pub mod directive;
pub mod disguise;
mod flat;
mod html;
mod long;
mod markdown;
mod plain;
pub mod sentence;
