//! What draftlint says of one draft: findings in order, and what holds of the draft as a whole.

use crate::date::Date;
use crate::finding::{Finding, Language};

/// What a draft lacks to be specific; named in the report in the draft's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// No number that measures something.
    Figure,
    /// No person, company, place or product by name.
    Name,
    /// No date or period.
    Period,
    /// No source.
    Source,
    /// No first-hand act.
    FirstHand,
}

/// Why a finding is not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// In the draft itself, or in a file beside it (a baseline).
    pub external: bool,
    /// The reason given; for a baseline, none.
    pub reason: Option<String>,
    /// The role that approved it.
    pub approved_by: Option<String>,
    /// The day it ends, as written.
    pub until: Option<String>,
}

/// The result for one draft.
#[derive(Clone, Debug)]
pub struct Report {
    /// The language of most of its words.
    pub language: Language,
    /// The day it was judged against.
    pub as_of: Date,
    /// Words in prose blocks (code left out).
    pub words: usize,
    /// 0 (vague) to 1 (specific); `None` where a score would say nothing (fewer than 8 words, unknown language).
    pub specificity: Option<f64>,
    /// What is missing, gravest first.
    pub missing: Vec<Missing>,
    /// The channel's own count and its limit ("231/280"), where a channel is known.
    pub channel_count: Option<(String, usize, Option<usize>)>,
    /// Findings by place in the draft, then by rule; those of every severity and confidence.
    pub findings: Vec<Finding>,
    /// Findings that a suppression or a baseline covers.
    pub suppressed: Vec<(Finding, Suppression)>,
}
