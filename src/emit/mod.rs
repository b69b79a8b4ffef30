//! What a run prints: one file a format, one way to walk through them.
//!
//! Drafts are rendered by any thread into bytes of their own and written in order, so that no format keeps more than
//! a batch in memory. Offsets are bytes until here; each format counts columns in its own unit.

mod checkstyle;
mod concise;
pub mod escape;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod rdjson;
mod sarif;
mod text;
pub mod words;

pub use full::role;

use crate::draft::Draft;
use crate::finding::{Confidence, Finding, Language, Severity};
use crate::pack::{Pack, Rule};
use crate::policy::{Assessed, Counts, FailOn, Judged};
use crate::span::{ColumnUnit, LineIndex, Position, Span};
use std::borrow::Cow;
use std::io::{self, Write};

/// The JSON Schema of `json` and of a line of `jsonl`.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The version of the JSON that is written.
pub const SCHEMA_VERSION: u32 = 1;

/// The formats, by the name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OutputFormat {
    /// For people: the verdict, the gravest findings, one act each
    Text,
    /// Annotated source lines
    Full,
    /// One line a finding
    Concise,
    /// One JSON document
    Json,
    /// One JSON document a line
    #[value(alias = "json-lines")]
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow commands
    Github,
    /// GitLab code quality
    Gitlab,
    /// JUnit XML
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog diagnostics
    Rdjson,
    /// Reviewdog diagnostics, one a line
    Rdjsonl,
}

/// How things are shown in a run.
pub struct View<'p> {
    /// The rules.
    pub pack: &'p Pack,
    /// Messages in this language rather than the draft's.
    pub message_language: Option<Language>,
    /// No words of the draft at all.
    pub redact: bool,
    /// The words of findings in machine formats too.
    pub include_text: bool,
    /// All findings, also in formats that otherwise show the graver and surer.
    pub all: bool,
    /// Nothing below, in any format.
    pub min_severity: Option<Severity>,
    /// Nothing less sure, in any format.
    pub min_confidence: Option<Confidence>,
    /// Columns of the terminal.
    pub width: usize,
    /// Findings only: no counts, no hints.
    pub quiet: bool,
    /// One draft and a person who reads: no file names.
    pub alone: bool,
    /// Whether a voice profile is in use.
    pub has_profile: bool,
}

/// A draft after linting and policy, and how it is named.
pub struct Checked<'a> {
    /// The id of a JSON line.
    pub id: Option<&'a serde_json::Value>,
    /// The path or name to show.
    pub path: &'a str,
    /// The draft.
    pub draft: &'a Draft,
    /// What became of its findings.
    pub assessed: &'a Assessed,
    /// Where its lines begin.
    pub lines: &'a LineIndex,
    /// What is never shown.
    pub masks: &'a [Span],
    /// Whether known findings are told from new ones.
    pub has_baseline: bool,
    /// From which severity this draft fails the run.
    pub fail_on: FailOn,
}

/// A draft that could not be checked.
pub struct Failed<'a> {
    /// The id of a JSON line, as far as it was read.
    pub id: Option<&'a serde_json::Value>,
    /// The path or name to show.
    pub path: &'a str,
    /// The line of the input, for JSON lines.
    pub line: Option<usize>,
    /// A word for scripts.
    pub code: &'static str,
    /// For people; holds nothing of the draft.
    pub message: &'a str,
}

/// What a run adds up to.
#[derive(Debug, Default)]
pub struct Summary {
    /// Drafts that were checked.
    pub drafts: usize,
    /// Drafts with a finding that would hold them.
    pub held: usize,
    /// Drafts and lines that could not be checked.
    pub failed: usize,
    /// Findings.
    pub counts: Counts,
    /// Findings that the format showed, by severity.
    pub shown: [usize; 3],
    /// Findings that the format did not show, by severity.
    pub unshown: [usize; 3],
}

/// One output format.
pub trait Format: Sync {
    /// Before the first draft.
    fn head(&self, _view: &View<'_>, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    /// Between what two drafts add.
    fn separator(&self) -> &'static str {
        ""
    }
    /// What one draft adds; called by any thread.
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>);
    /// What a draft adds that could not be checked.
    fn failed(&self, _view: &View<'_>, _failed: &Failed<'_>, _out: &mut Vec<u8>) {}
    /// After the last draft.
    fn tail(&self, _view: &View<'_>, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    /// Whether the format shows findings of every severity and confidence unless told otherwise.
    fn shows_everything(&self) -> bool {
        true
    }
}

impl OutputFormat {
    /// Whether what is written is JSON.
    pub fn is_json(self) -> bool {
        !matches!(self, Self::Text | Self::Full | Self::Concise | Self::Github | Self::Junit | Self::Checkstyle)
    }

    /// The format's renderer.
    pub fn renderer(self) -> Box<dyn Format> {
        match self {
            Self::Text => Box::new(text::Text),
            Self::Full => Box::new(full::Full),
            Self::Concise => Box::new(concise::Concise),
            Self::Json => Box::new(json::Json),
            Self::Jsonl => Box::new(json::JsonLines),
            Self::Sarif => Box::new(sarif::Sarif),
            Self::Github => Box::new(github::Github),
            Self::Gitlab => Box::new(gitlab::Gitlab),
            Self::Junit => Box::new(junit::Junit),
            Self::Checkstyle => Box::new(checkstyle::Checkstyle),
            Self::Rdjson => Box::new(rdjson::Rdjson),
            Self::Rdjsonl => Box::new(rdjson::RdjsonLines),
        }
    }
}

impl View<'_> {
    /// Whether a finding is shown in a format.
    pub fn shows(&self, finding: &Finding, everything: bool) -> bool {
        let everything = everything || self.all;
        let severity = self.min_severity.unwrap_or(if everything { Severity::Note } else { Severity::Warning });
        let confidence = self.min_confidence.unwrap_or(if everything { Confidence::Low } else { Confidence::Medium });
        finding.severity >= severity && finding.confidence >= confidence
    }

    /// The language of what is said about the run as a whole.
    pub fn run_language(&self) -> Language {
        self.language(Language::Unknown)
    }

    /// The language of messages for a draft.
    pub fn language(&self, draft: Language) -> Language {
        match self.message_language.unwrap_or(draft) {
            Language::Unknown => Language::En,
            language => language,
        }
    }
}

/// A finding with all that formats ask of it.
pub struct Line<'a> {
    /// The finding after policy.
    pub judged: &'a Judged,
    /// Its rule.
    pub rule: Rule<'a>,
    /// What was found, in the reader's language.
    pub message: Cow<'a, str>,
    /// What to do.
    pub advice: &'a str,
    /// First place.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

impl<'a> Checked<'a> {
    /// The findings that a format shows, in order, with positions in its unit.
    pub fn lines_for(
        &'a self,
        view: &'a View<'a>,
        format: &dyn Format,
        unit: ColumnUnit,
    ) -> impl Iterator<Item = Line<'a>> + 'a {
        let everything = format.shows_everything();
        self.list(view, &self.assessed.findings, everything, unit)
    }

    /// The findings that are allowed or known.
    pub fn suppressed(&'a self, view: &'a View<'a>, unit: ColumnUnit) -> impl Iterator<Item = Line<'a>> + 'a {
        self.list(view, &self.assessed.suppressed, true, unit)
    }

    fn list(
        &'a self,
        view: &'a View<'a>,
        findings: &'a [Judged],
        everything: bool,
        unit: ColumnUnit,
    ) -> impl Iterator<Item = Line<'a>> + 'a {
        let language = view.language(self.assessed.report.language);
        let mut columns = Columns::new(&self.draft.text, self.lines, unit);
        findings.iter().filter(move |j| view.shows(&j.finding, everything)).map(move |judged| {
            let rule = view.pack.rule(judged.finding.rule);
            let message = match &judged.finding.detail {
                Some(detail) => Cow::Owned(format!("{} ({detail})", rule.message(language))),
                None => Cow::Borrowed(rule.message(language)),
            };
            let start = columns.position(judged.finding.span.start);
            let end = columns.position(judged.finding.span.end);
            Line { judged, rule, message, advice: rule.advice(language), start, end }
        })
    }

    /// How many findings of each severity the format shows, and how many it leaves out.
    pub fn split(&self, view: &View<'_>, format: &dyn Format) -> ([usize; 3], [usize; 3]) {
        let (mut shown, mut left) = ([0; 3], [0; 3]);
        for judged in &self.assessed.findings {
            let side = if view.shows(&judged.finding, format.shows_everything()) { &mut shown } else { &mut left };
            side[judged.finding.severity as usize] += 1;
        }
        (shown, left)
    }

    /// The words of a span as they may be shown: masked, escaped, on one line.
    pub fn words(&self, span: Span) -> String {
        escape::visible(&escape::masked(&self.draft.text, span, self.masks)).into_owned()
    }
}

/// Positions in a text, asked for mostly in order: counts on from the last one, so that a line of megabytes costs its
/// length once.
pub struct Columns<'a> {
    text: &'a str,
    lines: &'a LineIndex,
    unit: ColumnUnit,
    offset: usize,
    position: Position,
}

impl<'a> Columns<'a> {
    /// From the start of the text.
    pub fn new(text: &'a str, lines: &'a LineIndex, unit: ColumnUnit) -> Self {
        Self { text, lines, unit, offset: 0, position: Position { line: 1, column: 1 } }
    }

    /// The position of a byte.
    pub fn position(&mut self, offset: usize) -> Position {
        let line = self.lines.line_of(offset);
        let count = |text: &str| match self.unit {
            ColumnUnit::Utf8 => text.len(),
            ColumnUnit::Utf16 => text.chars().map(char::len_utf16).sum(),
            ColumnUnit::CodePoint => text.chars().count(),
        };
        let column = if line != self.position.line {
            1 + count(&self.text[self.lines.line_span(self.text, line).start..offset])
        } else if offset >= self.offset {
            self.position.column + count(&self.text[self.offset..offset])
        } else {
            self.position.column - count(&self.text[offset..self.offset])
        };
        self.offset = offset;
        self.position = Position { line, column };
        self.position
    }
}

/// The spans of a draft that are never shown.
pub fn masks(pack: &Pack, assessed: &Assessed) -> Vec<Span> {
    let all = assessed.findings.iter().chain(&assessed.suppressed);
    all.filter(|j| escape::is_masked(pack.rule(j.finding.rule))).map(|j| j.finding.span).collect()
}
