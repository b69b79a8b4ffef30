//! What becomes of findings: which count, at which level, which are allowed, known or outside the change.

pub mod baseline;
pub mod changes;
pub mod fingerprint;
pub mod select;
pub mod suppress;

use crate::date::Date;
use crate::document::block;
use crate::draft::Draft;
use crate::finding::{Confidence, Finding, Scope, Severity};
use crate::pack::Pack;
use crate::report::{Report, Suppression};
use crate::span::{LineIndex, Span};
use baseline::Baseline;
use changes::Changes;
use fingerprint::{Fingerprint, Fingerprints};
use std::sync::Arc;

/// The severity from which a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// From this severity.
    Severity(Severity),
    /// Never.
    Never,
}

/// A finding after policy.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The finding; its severity is the one the project gives it.
    pub finding: Finding,
    /// Its name across runs.
    pub fingerprint: Fingerprint,
    /// Why it does not count, where it does not.
    pub suppression: Option<Suppression>,
}

/// One draft after policy.
#[derive(Debug)]
pub struct Assessed {
    /// The report, its findings moved out.
    pub report: Report,
    /// Findings that count.
    pub findings: Vec<Judged>,
    /// Findings that a directive or the baseline covers.
    pub suppressed: Vec<Judged>,
    /// What could not be read as it is written, and where; no message quotes the draft.
    pub problems: Vec<(&'static str, Span)>,
}

/// Findings by severity, of confidence medium and up: what decides whether a run fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By severity: notes, warnings, errors.
    pub by_severity: [usize; 3],
    /// Findings of low confidence, of any severity.
    pub unsure: usize,
    /// Findings that directives cover.
    pub allowed: usize,
    /// Findings that the baseline knows.
    pub known: usize,
}

impl Counts {
    /// Of one draft.
    pub fn of(assessed: &Assessed) -> Self {
        let mut counts = Self::default();
        for judged in &assessed.findings {
            if judged.finding.confidence >= Confidence::Medium {
                counts.by_severity[judged.finding.severity as usize] += 1;
            } else {
                counts.unsure += 1;
            }
        }
        for judged in &assessed.suppressed {
            match &judged.suppression {
                Some(s) if s.external => counts.known += 1,
                _ => counts.allowed += 1,
            }
        }
        counts
    }

    /// Adds those of another draft.
    pub fn add(&mut self, other: &Self) {
        for (a, b) in self.by_severity.iter_mut().zip(other.by_severity) {
            *a += b;
        }
        self.unsure += other.unsure;
        self.allowed += other.allowed;
        self.known += other.known;
    }

    /// How many of a severity.
    pub fn of_severity(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }

    /// Whether the run fails. An explicit `--max-warnings` speaks for warnings alone, as in ESLint; `never` beats it.
    pub fn fail(&self, fail_on: FailOn, max_warnings: Option<usize>) -> bool {
        let FailOn::Severity(least) = fail_on else { return false };
        Severity::ALL.iter().any(|severity| {
            let count = self.of_severity(*severity);
            match (severity, max_warnings) {
                (Severity::Warning, Some(most)) => count > most,
                _ => *severity >= least && count > 0,
            }
        })
    }
}

/// The policy of one draft's settings, ready to apply.
pub struct Policy<'p> {
    /// The rules.
    pub pack: &'p Pack,
    /// For each rule, whether it runs.
    pub runs: Vec<bool>,
    /// For each rule, the level it is given.
    pub levels: Vec<Option<Severity>>,
    /// The salt of fingerprints.
    pub salt: String,
    /// Roles that may approve.
    pub roles: Vec<String>,
    /// Known findings.
    pub baseline: Option<Arc<Baseline>>,
    /// The day that suppressions are measured by.
    pub today: Date,
    /// Whether communications clear everything first.
    pub crisis: bool,
    /// Days in which the company says nothing about its business, both ends included.
    pub restricted: Vec<(Date, Date)>,
}

impl Policy<'_> {
    /// Judges the findings of one draft.
    pub fn apply(&self, draft: &Draft, mut report: Report, changes: Option<&Changes>) -> Assessed {
        let mut findings = std::mem::take(&mut report.findings);
        findings.retain_mut(|finding| {
            let rule = finding.rule as usize;
            if let Some(level) = self.levels.get(rule).copied().flatten() {
                finding.severity = level;
            }
            self.runs.get(rule).copied().unwrap_or(true)
        });
        self.calendar(draft, &report, &mut findings);
        let mut prints = Fingerprints::new(&draft.text, &self.salt);
        let judge = |finding: Finding, prints: &mut Fingerprints<'_>| {
            let fingerprint = prints.next(self.pack.rule(finding.rule).full_id(), &finding);
            Judged { finding, fingerprint, suppression: None }
        };
        let mut judged: Vec<Judged> = findings.into_iter().map(|f| judge(f, &mut prints)).collect();
        let problems = self.suppress(draft, &report, &mut judged, &mut prints, &judge);
        if let Some(baseline) = &self.baseline {
            for j in judged.iter_mut().filter(|j| j.suppression.is_none()) {
                if baseline.meets(j.fingerprint, &draft.name) {
                    j.suppression = Some(Suppression { external: true, reason: None, approved_by: None, until: None });
                }
            }
        }
        // after the baseline: what it knows in lines that did not change is not gone
        if let Some(changes) = changes {
            let lines = LineIndex::new(&draft.text);
            judged.retain(|j| changes.touch(&lines, j.finding.span, j.finding.scope == Scope::Document));
        }
        let (suppressed, findings) = judged.into_iter().partition(|j| j.suppression.is_some());
        Assessed { report, findings, suppressed, problems }
    }

    fn suppress(
        &self,
        draft: &Draft,
        report: &Report,
        judged: &mut Vec<Judged>,
        prints: &mut Fingerprints<'_>,
        judge: &impl Fn(Finding, &mut Fingerprints<'_>) -> Judged,
    ) -> Vec<(&'static str, Span)> {
        // most drafts have none: the blocks are not cut a second time for them
        let has = !draft.front_matter.allow.is_empty() || contains_ignoring_case(&draft.text, "draftlint");
        if !has {
            return Vec::new();
        }
        let block::Cut { directives, notes, .. } = block::cut(draft);
        let faults = suppress::apply(self.pack, &directives, judged, &self.roles, self.today);
        for (fault, number) in faults {
            if let Some(finding) = self.own_finding(fault.slug(), directives[number].span, Scope::Span, report) {
                judged.push(judge(finding, prints));
            }
        }
        judged.sort_by_key(|j| (j.finding.span.start, j.finding.span.end, j.finding.rule));
        let mut problems = notes;
        problems.extend(directives.iter().flat_map(|d| d.problems.iter().map(|p| (*p, d.span))));
        problems.sort_by_key(|(_, span)| span.start);
        problems.dedup();
        problems
    }

    /// What the calendar, the crisis switch and the file itself say.
    fn calendar(&self, draft: &Draft, report: &Report, findings: &mut Vec<Finding>) {
        let kind = draft.front_matter.kind.as_deref().unwrap_or("post");
        let first =
            findings.iter().find(|f| f.scope == Scope::Document).map(|f| f.span).unwrap_or_else(|| first_line(draft));
        if self.crisis && !matches!(kind, "statement" | "crisis") {
            findings.extend(self.own_finding("communications-first", first, Scope::Document, report));
        }
        if let Some(leak) = draft.leaks.first() {
            let at = Span::new(leak.at.min(draft.text.len()), leak.at.min(draft.text.len()));
            let found = self.own_finding("hidden-document-text", at, Scope::Span, report);
            findings.extend(found.map(|f| Finding { detail: Some(draft.leaks.len().to_string()), ..f }));
        }
        if self.restricted.iter().any(|(from, to)| *from <= report.as_of && report.as_of <= *to) {
            // between these days what would be a warning about the business is an error
            for finding in findings.iter_mut() {
                let category = self.pack.rule(finding.rule).category();
                let business = matches!(
                    category,
                    crate::finding::Category::ForwardLooking | crate::finding::Category::Confidential
                );
                if business && finding.severity == Severity::Warning {
                    finding.severity = Severity::Error;
                    finding.detail = Some("restricted period".to_owned());
                }
            }
            findings.extend(self.own_finding("restricted-period", first, Scope::Document, report));
        }
        findings.sort_by_key(|f| (f.span.start, f.span.end, f.rule));
    }

    /// A finding of the policy itself; its words are a rule's, so that it is listed, explained and levelled like any other.
    fn own_finding(&self, slug: &str, span: Span, scope: Scope, report: &Report) -> Option<Finding> {
        let rule = self.pack.rule(self.pack.find_rule(slug)?);
        self.runs[rule.index() as usize].then(|| Finding {
            rule: rule.index(),
            span,
            severity: self.levels[rule.index() as usize].unwrap_or(rule.severity()),
            confidence: rule.confidence(),
            scope,
            language: report.language,
            labels: Vec::new(),
            fix: None,
            sentence: span,
            detail: None,
        })
    }
}

/// The first line of the body that holds words.
fn first_line(draft: &Draft) -> Span {
    let body = &draft.text[draft.body.start..draft.body.end];
    let mut at = draft.body.start;
    for line in body.split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() {
            let start = at + line.find(words).unwrap_or(0);
            return Span::new(start, start + words.len());
        }
        at += line.len();
    }
    Span::new(draft.body.start, draft.body.start)
}

fn contains_ignoring_case(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let first = word[0];
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text)
        .any(|i| text.get(i..i + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word)))
}
