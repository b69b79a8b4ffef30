//! Characters and tokens: how text is cut and folded, for drafts and for patterns alike.
//!
//! This module names nothing of the crate, so that the build script can compile rules with the very same cuts.

pub mod fold;
pub mod plain;
pub mod tokenize;
