//! An open document: its text, what was found in it, and the diagnostics made of that.

use super::buffer::Buffer;
use super::protocol::{Client, Range, Ranges};
use super::words;
use crate::config::Layer;
use crate::draft::{Draft, Format};
use crate::emit;
use crate::finding::{Confidence, Family, Finding, Language, Scope, Severity};
use crate::linter::Buffers;
use crate::pack::Rule;
use crate::policy::Assessed;
use crate::project::Prepared;
use crate::report::Missing;
use crate::span::Span;
use crate::specificity;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the editors' Git integrations write: no drafts.
const COMMIT_FILES: &[&str] = &[
    "COMMIT_EDITMSG",
    "MERGE_MSG",
    "TAG_EDITMSG",
    "SQUASH_MSG",
    "git-rebase-todo",
    "EDIT_DESCRIPTION",
    "NOTES_EDITMSG",
];
/// After so long without an edit a document is linted; longer where linting takes longer.
const QUIET: Duration = Duration::from_millis(4);
/// Whoever types without a pause still sees what is found this often.
const PATIENCE: Duration = Duration::from_millis(60);
/// No document waits longer than this for a pause.
const MOST_QUIET: Duration = Duration::from_millis(300);

/// An open document.
pub struct Document {
    pub uri: String,
    pub path: Option<PathBuf>,
    pub version: i64,
    pub buffer: Buffer,
    /// How it is written; none: it is no draft.
    pub format: Option<Format>,
    /// When the first edit came that is not linted yet, and the last one.
    edited: Option<(Instant, Instant)>,
    /// How long linting took.
    cost: Duration,
    pub checked: Option<Checked>,
    /// Names the result of the last linting among all that were ever made.
    pub round: u64,
}

/// What was found in one version of a document.
pub struct Checked {
    pub draft: Draft,
    /// Bytes of the buffer before the draft's text: a byte-order mark.
    pub shift: usize,
    pub assessed: Assessed,
    pub prepared: Arc<Prepared>,
    /// The language of messages.
    pub language: Language,
    pub shown: Vec<Shown>,
}

/// A diagnostic and the finding behind it.
pub struct Shown {
    /// Its place in the assessed findings; none for what could not be read as written.
    pub finding: Option<usize>,
    /// In bytes of the buffer.
    pub span: Span,
    pub range: Range,
    pub diagnostic: Value,
}

impl Checked {
    /// The finding and rule of a diagnostic.
    pub fn finding(&self, shown: &Shown) -> Option<(&Finding, Rule<'static>)> {
        let finding = &self.assessed.findings.get(shown.finding?)?.finding;
        Some((finding, self.prepared.policy.pack.rule(finding.rule)))
    }

    /// How many of each severity are shown.
    fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for (finding, _) in self.shown.iter().filter_map(|s| self.finding(s)) {
            counts[finding.severity as usize] += 1;
        }
        counts
    }

    /// One line over the draft: counts, channel, specificity, what is missing.
    pub fn summary(&self) -> String {
        let (language, report) = (self.language, &self.assessed.report);
        if report.words == 0 && self.shown.is_empty() {
            return emit::words::empty(language).to_owned();
        }
        let counts = self.counts();
        let mut parts = vec![match emit::words::severity_counts(language, &counts) {
            _ if counts[1] + counts[2] == 0 => emit::words::ready(language).to_owned(),
            counts => counts,
        }];
        parts.extend(report.channel_count.as_ref().map(|(name, count, limit)| match limit {
            Some(limit) => format!("{name} {count}/{limit}"),
            None => format!("{name} {count}"),
        }));
        parts.push(emit::words::word_count(language, report.words));
        // what is better not said needs no figure
        let discloses = self
            .shown
            .iter()
            .filter_map(|s| self.finding(s))
            .any(|(f, r)| r.family() == Family::Disclosure && f.severity >= Severity::Warning);
        let missing: Vec<Missing> = report.missing.iter().take(2).copied().collect();
        let missing = if discloses { &[] } else { missing.as_slice() };
        parts.extend(report.specificity.map(|s| specificity::words::describe(s, missing, language)));
        parts.join(" · ")
    }
}

/// How a document is written, by what the editor calls its language, else by its name.
fn format(language_id: &str, path: Option<&Path>) -> Option<Format> {
    let name = path.and_then(Path::file_name).map(|n| n.to_string_lossy());
    if name.as_ref().is_some_and(|n| COMMIT_FILES.contains(&n.as_ref())) {
        return None;
    }
    let named = name.and_then(|n| Format::from_name(&n)).filter(|f| *f != Format::Docx);
    match language_id {
        "markdown" | "gfm" | "mdx" | "quarto" | "rmd" => Some(Format::Markdown),
        "html" | "xhtml" | "mhtml" => Some(Format::Html),
        "plaintext" | "text" | "txt" | "" => Some(named.unwrap_or(Format::Text)),
        "git-commit" | "git-rebase" | "gitcommit" | "gitrebase" => None,
        _ => named,
    }
}

impl Document {
    pub fn new(uri: String, path: Option<PathBuf>, language_id: &str, version: i64, text: String) -> Self {
        let now = Instant::now();
        Self {
            format: format(language_id, path.as_deref()),
            uri,
            path,
            version,
            buffer: Buffer::new(text),
            edited: Some((now, now)),
            cost: Duration::ZERO,
            checked: None,
            round: 0,
        }
    }

    /// Notes an edit.
    pub fn touch(&mut self) {
        let now = Instant::now();
        self.edited = Some((self.edited.map_or(now, |(first, _)| first), now));
    }

    /// Whether there is an edit that is not linted yet.
    pub fn is_stale(&self) -> bool {
        self.edited.is_some()
    }

    /// Settings exclude it: nothing is found in it.
    pub fn exclude(&mut self, round: u64) {
        self.edited = None;
        self.round = round;
        self.checked = None;
    }

    /// When it is to be linted: when the edits pause, or its writer has waited long enough.
    pub fn due(&self) -> Option<Instant> {
        let (first, last) = self.edited?;
        let quiet = self.cost.clamp(QUIET, MOST_QUIET);
        Some((last + quiet).min(first + PATIENCE + 4 * quiet))
    }

    /// Lints it as it stands.
    pub fn check(
        &mut self,
        round: u64,
        prepared: Arc<Prepared>,
        flags: &Layer,
        client: &Client,
        buffers: &mut Buffers,
    ) {
        self.edited = None;
        self.round = round;
        let Some(format) = self.format else { return };
        let begun = Instant::now();
        let text = self.buffer.text();
        let shift = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let name = self.path.as_ref().map(|p| p.to_string_lossy()).unwrap_or_default();
        let mut draft = Draft::from_text(&name, text.to_owned(), format);
        prepared.complete(&mut draft.front_matter, flags);
        if let Some(baseline) = &prepared.policy.baseline {
            baseline.forget();
        }
        let report = prepared.linter.lint_with(&draft, buffers);
        let assessed = prepared.policy.apply(&draft, report, None);
        let language = match prepared.settings.layer.message_lang.unwrap_or(assessed.report.language) {
            Language::Unknown => Language::En,
            language => language,
        };
        let mut checked = Checked { draft, shift, assessed, prepared, language, shown: Vec::new() };
        checked.shown = self.diagnostics(&checked, client);
        self.checked = Some(checked);
        self.cost = begun.elapsed();
    }

    fn diagnostics(&self, checked: &Checked, client: &Client) -> Vec<Shown> {
        let Checked { draft, shift, assessed, prepared, language, .. } = checked;
        let mut ranges = Ranges::new(self.buffer.text(), self.buffer.lines(), client.unit);
        let in_buffer = |span: Span| Span::new(span.start + shift, span.end + shift);
        let mut shown = Vec::new();
        let front = draft.front_matter.problems.iter().map(|(problem, span)| ("front-matter", problem.as_str(), *span));
        let problems = assessed.problems.iter().map(|(problem, span)| ("suppression", *problem, *span));
        for (code, problem, span) in front.chain(problems) {
            let span = in_buffer(span);
            let range = ranges.of(span);
            let diagnostic =
                json!({ "range": range, "severity": 2, "code": code, "source": "draftlint", "message": problem });
            shown.push(Shown { finding: None, span, range, diagnostic });
        }
        let layer = &prepared.settings.layer;
        // notes are shown faintly; what is unsure is not, unless asked for: an editor that cries wolf is switched off
        let severity = layer.min_severity.unwrap_or(Severity::Note);
        let confidence = layer.min_confidence.unwrap_or(Confidence::Medium);
        for (number, judged) in assessed.findings.iter().enumerate() {
            let finding = &judged.finding;
            if finding.severity < severity || finding.confidence < confidence {
                continue;
            }
            let rule = prepared.policy.pack.rule(finding.rule);
            let span = in_buffer(finding.span);
            let range = ranges.of(span);
            let mut diagnostic = json!({
                "range": range,
                "severity": match finding.severity { Severity::Error => 1, Severity::Warning => 2, Severity::Note => 4 },
                "code": rule.full_id(),
                "source": "draftlint",
                "message": words::message(*language, finding, rule),
            });
            if client.described_codes {
                diagnostic["codeDescription"] = json!({ "href": rule.url() });
            }
            let is_needless = finding.fix.as_ref().is_some_and(|f| f.text.is_empty())
                || matches!(rule.slug(), "stale-suppression" | "expired-suppression");
            if client.tags && is_needless {
                diagnostic["tags"] = json!([1]);
            }
            if client.related && !finding.labels.is_empty() {
                let related = |label: &crate::finding::Label| json!({ "location": { "uri": self.uri, "range": ranges.of(in_buffer(label.span)) }, "message": emit::role(*language, &label.role) });
                diagnostic["relatedInformation"] = finding.labels.iter().map(related).collect();
            }
            if client.data {
                diagnostic["data"] = json!({
                    "rule": rule.full_id(),
                    "category": rule.category(),
                    "confidence": finding.confidence,
                    "scope": finding.scope,
                    "ask": rule.ask(),
                    "language": finding.language,
                    "fixable": finding.fix.is_some(),
                    "fingerprint": judged.fingerprint.to_string(),
                });
            }
            shown.push(Shown { finding: Some(number), span, range, diagnostic });
        }
        shown
    }

    /// The diagnostics of what was found; none for what is no draft.
    pub fn published(&self) -> Vec<Value> {
        self.checked.iter().flat_map(|c| &c.shown).map(|s| s.diagnostic.clone()).collect()
    }
}

/// Whether a finding speaks of the draft as a whole.
pub fn is_whole(finding: &Finding) -> bool {
    finding.scope == Scope::Document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_draft() {
        let of = |id: &str, path: &str| format(id, (!path.is_empty()).then(|| Path::new(path)));
        assert_eq!(of("markdown", ""), Some(Format::Markdown));
        assert_eq!(of("plaintext", "/a/b.md"), Some(Format::Markdown));
        assert_eq!(of("plaintext", ""), Some(Format::Text));
        assert_eq!(of("text", "/a/notes"), Some(Format::Text));
        assert_eq!(of("html", "/a/b"), Some(Format::Html));
        assert_eq!(of("git-commit", "/r/.git/COMMIT_EDITMSG"), None);
        assert_eq!(of("plaintext", "/r/.git/COMMIT_EDITMSG"), None);
        assert_eq!(of("rust", "/a/b.rs"), None);
        assert_eq!(of("jekyll", "/a/b.md"), Some(Format::Markdown));
    }
}
