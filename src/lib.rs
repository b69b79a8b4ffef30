//! draftlint: a linter for what leaders post.
pub mod date;
pub mod finding;
pub mod report;
pub mod span;
