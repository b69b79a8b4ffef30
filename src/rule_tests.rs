//! `draftlint rules --test DIR`: every example of a rule folder, run.
//!
//! A bad example must be caught by its own rule, at the marked stretch; a good one must pass its own rule at any level
//! and every other rule at warning and above, unless it names the exception.

use crate::cli::{self, FAILURE};
use crate::date::Date;
use crate::draft::{Draft, Format};
use crate::finding::{Confidence, Finding, Language, Scope, Severity};
use crate::linter::{Buffers, Linter, Options};
use crate::pack::{Example, Pack, Rule};
use crate::policy::Policy;
use crate::registry::Registry;
use crate::span::Span;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// The day of examples that name none, so that a test says the same on any day.
pub const DAY: Date = Date { year: 2026, month: 11, day: 22 };
/// The registry of the examples: what is secret, what until when.
const TERMS: &[(&str, Option<&str>)] = &[
    ("Skylark", None),
    ("Blue Bird", None),
    ("projet Alisier", None),
    ("Wilgenroos", None),
    ("Иволга", None),
    ("Северный ветер", None),
    ("Redwood", Some("2026-12-14T08:00+01:00")),
    ("Séquoia", Some("2026-12-14T08:00+01:00")),
    ("Rietvink", Some("2026-12-14T08:00+01:00")),
    ("Жаворонок", Some("2026-12-14T08:00+03:00")),
];
/// So many characters a finding may go beyond the mark, on each side.
const LEEWAY: usize = 10;

/// One failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `family/slug lang bad 1`.
    pub name: String,
    /// What was expected and what was found.
    pub message: String,
}

/// Runs the examples of a pack's rules; holds the linters that they need.
pub struct Tester<'p> {
    pack: &'p Pack,
    linters: HashMap<(Vec<String>, bool), Linter<'p>>,
    registry: Arc<Registry>,
    policy: Policy<'p>,
    buffers: Buffers,
    examples: usize,
}

/// An example's text without its marks, and the marked stretches.
pub fn unmarked(text: &str) -> (String, Vec<Span>) {
    let mut out = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("[[") {
        let Some(mut close) = rest[open..].find("]]") else { break };
        // `[[[insert name]]]`: the inner bracket belongs to the text
        while rest[open + close + 2..].starts_with(']') {
            close += 1;
        }
        out.push_str(&rest[..open]);
        let start = out.len();
        out.push_str(&rest[open + 2..open + close]);
        marks.push(Span::new(start, out.len()));
        rest = &rest[open + close + 2..];
    }
    out.push_str(rest);
    (out, marks)
}

impl<'p> Tester<'p> {
    /// For the rules of this pack.
    pub fn new(pack: &'p Pack) -> Self {
        let policy = Policy {
            pack,
            runs: vec![true; pack.rule_count()],
            levels: vec![None; pack.rule_count()],
            salt: String::new(),
            roles: crate::finding::Ask::ALL.iter().map(|a| a.name().to_owned()).collect(),
            baseline: None,
            today: DAY,
            crisis: false,
            restricted: Vec::new(),
        };
        Self {
            pack,
            linters: HashMap::new(),
            registry: Arc::new(Registry::of_examples(TERMS)),
            policy,
            buffers: Buffers::default(),
            examples: 0,
        }
    }

    fn findings(&mut self, rule: Rule<'_>, language: &str, example: &Example, text: &str) -> Vec<Finding> {
        let (kind, date, lang, status) = match example {
            Example::Text(_) => (None, None, None, Vec::new()),
            Example::Full { kind, date, lang, status, .. } => {
                (kind.clone(), date.clone(), lang.clone(), status.clone())
            }
        };
        let pack = self.pack;
        // only the rules of the registry have one
        let registry =
            matches!(rule.slug(), "registered-term" | "embargoed-term" | "release-due").then(|| self.registry.clone());
        let linter = self
            .linters
            .entry((status.clone(), registry.is_some()))
            .or_insert_with(|| Linter::new(pack, Options { as_of: DAY, status, registry, ..Options::default() }));
        let mut draft = Draft::from_text("example", text.to_owned(), Format::Text);
        let front = &mut draft.front_matter;
        front.kind = kind.or(front.kind.take());
        front.date = date.or(front.date.take());
        front.lang = lang.or(front.lang.take()).or_else(|| Language::from_name(language).map(|l| l.name().to_owned()));
        // the switch belongs to the rule that it wakes
        self.policy.crisis = rule.slug() == "communications-first";
        self.policy.restricted = if rule.slug() == "restricted-period" { vec![(DAY, DAY)] } else { Vec::new() };
        let report = linter.lint_with(&draft, &mut self.buffers);
        let assessed = self.policy.apply(&draft, report, None);
        assessed.findings.into_iter().map(|j| j.finding).collect()
    }

    /// Runs the examples of one rule.
    pub fn rule(&mut self, rule: Rule<'_>) -> Vec<Failure> {
        let mut failures = Vec::new();
        let page = rule.page();
        for (language, part) in &page.languages {
            for (kind, list) in [("bad", &part.bad), ("good", &part.good)] {
                for (i, example) in list.iter().enumerate() {
                    self.examples += 1;
                    let (text, marks) = unmarked(example.text());
                    let findings = self.findings(rule, language, example, &text);
                    let wrong = if kind == "bad" {
                        self.missed(rule, &text, &marks, &findings)
                    } else {
                        self.false_alarm(rule, &text, example, &findings)
                    };
                    if let Some(message) = wrong {
                        failures
                            .push(Failure { name: format!("{} {language} {kind} {}", rule.full_id(), i + 1), message });
                    }
                }
            }
        }
        failures
    }

    fn missed(&self, rule: Rule<'_>, text: &str, marks: &[Span], findings: &[Finding]) -> Option<String> {
        let own: Vec<&Finding> = findings.iter().filter(|f| f.rule == rule.index()).collect();
        let mut message = String::new();
        if own.is_empty() {
            let _ = write!(message, "not caught: {text}");
            let others: BTreeSet<&str> = findings.iter().map(|f| self.pack.rule(f.rule).full_id()).collect();
            if !others.is_empty() {
                let _ = write!(message, " (caught by {})", others.into_iter().collect::<Vec<_>>().join(", "));
            }
            return Some(message);
        }
        let beyond = |from: usize, to: usize| if from < to { text[from..to].chars().count() } else { 0 };
        let fits = |f: &Finding, mark: &Span| {
            f.scope == Scope::Document
                || f.span.overlaps(mark)
                    && beyond(f.span.start, mark.start) <= LEEWAY
                    && beyond(mark.end, f.span.end) <= LEEWAY
        };
        let unmet = marks.iter().find(|mark| !own.iter().any(|f| fits(f, mark)))?;
        let found: Vec<&str> = own.iter().map(|f| &text[f.span.start..f.span.end]).collect();
        Some(format!("marked “{}”, found “{}”: {text}", &text[unmet.start..unmet.end], found.join("”, “")))
    }

    fn false_alarm(&self, rule: Rule<'_>, text: &str, example: &Example, findings: &[Finding]) -> Option<String> {
        let except: &[String] = match example {
            Example::Full { except, .. } => except,
            Example::Text(_) => &[],
        };
        let unwanted: Vec<String> = findings
            .iter()
            .filter(|f| {
                let found = self.pack.rule(f.rule);
                let counts =
                    f.rule == rule.index() || f.severity >= Severity::Warning && f.confidence >= Confidence::Medium;
                counts && !except.iter().any(|e| e == found.slug() || e == found.full_id())
            })
            .map(|f| format!("{} “{}”", self.pack.rule(f.rule).full_id(), &text[f.span.start..f.span.end]))
            .collect();
        (!unwanted.is_empty()).then(|| format!("caught by {}: {text}", unwanted.join(", ")))
    }
}

/// The slugs of the rule files in a folder.
fn slugs(folder: &Path) -> std::io::Result<BTreeSet<String>> {
    let mut slugs = BTreeSet::new();
    for family in std::fs::read_dir(folder)? {
        let family = family?.path();
        let name = family.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        if !family.is_dir() || ["lexicons", "evidence", "endings", "language"].contains(&name.as_str()) {
            continue;
        }
        for file in std::fs::read_dir(family)? {
            let file = file?.path();
            if file.extension().is_some_and(|e| e == "toml") {
                slugs.extend(file.file_stem().map(|s| s.to_string_lossy().into_owned()));
            }
        }
    }
    Ok(slugs)
}

/// Runs the examples of the rules in `folder`; prints one line a failure and a count.
pub fn run(pack: &Pack, folder: &Path, only: Option<&str>) -> u8 {
    let wanted = match slugs(folder) {
        Ok(slugs) => slugs,
        Err(error) => {
            cli::complain(format!("{}: {}", folder.display(), crate::file::why(&error)));
            return FAILURE;
        }
    };
    let mut tester = Tester::new(pack);
    let (mut out, mut rules, mut failures) = (String::new(), 0, 0);
    for rule in pack.rules().filter(|r| wanted.contains(r.slug()) && only.is_none_or(|o| r.full_id().contains(o))) {
        rules += 1;
        for failure in tester.rule(rule) {
            failures += 1;
            let _ = writeln!(out, "{}: {}", failure.name, crate::emit::escape::visible(&failure.message));
        }
    }
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let _ = writeln!(
        out,
        "{}, {}, {}",
        count(rules, "rule"),
        count(tester.examples, "example"),
        count(failures, "failure")
    );
    match cli::write_out(&out) {
        cli::CLEAN if failures > 0 => cli::FINDINGS,
        status => status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out() {
        let (text, marks) = unmarked("Мы [[вырастем]] на [[18 %]].");
        assert_eq!(text, "Мы вырастем на 18 %.");
        assert_eq!(marks.iter().map(|m| &text[m.start..m.end]).collect::<Vec<_>>(), ["вырастем", "18 %"]);
        let (text, marks) = unmarked("Thank you, [[[insert name]]].");
        assert_eq!((text.as_str(), marks.len()), ("Thank you, [insert name].", 1));
        assert_eq!(&text[marks[0].start..marks[0].end], "[insert name]");
    }
}
