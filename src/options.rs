//! What drafts are judged by.

use crate::date::Date;
use crate::finding::Language;
use crate::registry::Registry;
use crate::specificity::Weights;
use crate::voice::Profile;
use crate::voice::earlier::Earlier;
use std::sync::Arc;

/// What a draft is judged by.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day; the draft's own date goes before it unless `as_of_wins`.
    pub as_of: Date,
    /// The day given on the command line beats the draft's.
    pub as_of_wins: bool,
    /// The language, when declared from outside.
    pub language: Option<Language>,
    /// The channel, when declared from outside.
    pub channel: Option<String>,
    /// The kind, when declared from outside.
    pub kind: Option<String>,
    /// Company statuses (see [`crate::compiler::layout::STATUSES`]).
    pub status: Vec<String>,
    /// Jurisdictions (see [`crate::compiler::layout::JURISDICTIONS`]); empty means all.
    pub jurisdictions: Vec<String>,
    /// Who speaks, when declared from outside.
    pub author: Option<String>,
    /// The language of messages, where it is not the draft's.
    pub message_language: Option<Language>,
    /// Posts that went out before.
    pub earlier: Option<Arc<Earlier>>,
    /// For each rule, whether it runs; empty means all.
    pub runs: Vec<bool>,
    /// The house voice, when there is one.
    pub profile: Option<Profile>,
    /// Other weights of the specificity score than those that ship.
    pub weights: Option<Weights>,
    /// The house's own secrets, where it keeps a registry.
    pub registry: Option<Arc<Registry>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            as_of: Date::today(),
            as_of_wins: false,
            language: None,
            channel: None,
            kind: None,
            status: Vec::new(),
            jurisdictions: Vec::new(),
            author: None,
            message_language: None,
            earlier: None,
            runs: Vec::new(),
            profile: None,
            weights: None,
            registry: None,
        }
    }
}
