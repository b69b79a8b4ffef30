//! `text`: for the person who wrote the draft. The verdict first, then the gravest findings: the words, why, one act.

use super::{Checked, Format, Line, Summary, View, words};
use crate::finding::{Ask, Family, Language, Scope, Severity};
use crate::span::{ColumnUnit, Span};
use crate::specificity;
use std::fmt::Write as _;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// So many findings are shown unless all are asked for.
const SHOWN: usize = 3;
/// Longer stretches of a draft are cut.
const MAX_QUOTE: usize = 120;

/// For people.
pub struct Text;

/// Findings that overlap, for a reader's eye; the gravest first.
struct Group<'a> {
    span: Span,
    lines: Vec<Line<'a>>,
}

impl Group<'_> {
    /// Graver and surer first, then by place.
    fn rank(&self) -> impl Ord + use<> {
        let first = &self.lines[0].judged.finding;
        (std::cmp::Reverse((first.severity, first.confidence)), self.span.start)
    }
}

fn groups<'a>(checked: &'a Checked<'a>, view: &'a View<'a>, format: &dyn Format) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for line in checked.lines_for(view, format, ColumnUnit::CodePoint) {
        let finding = &line.judged.finding;
        let joined = finding.scope == Scope::Span;
        match groups
            .last_mut()
            .filter(|g| joined && g.lines[0].judged.finding.scope == Scope::Span && g.span.overlaps(&finding.span))
        {
            Some(group) => {
                group.span.end = group.span.end.max(finding.span.end);
                group.lines.push(line);
            }
            None => groups.push(Group { span: finding.span, lines: vec![line] }),
        }
    }
    for group in &mut groups {
        group.lines.sort_by_key(|l| {
            (std::cmp::Reverse((l.judged.finding.severity, l.judged.finding.confidence)), l.judged.finding.span.start)
        });
        // what is better not said needs no better wording
        if group.lines.iter().any(|l| l.rule.family() == Family::Disclosure) {
            group.lines.retain(|l| l.rule.family() != Family::Vague);
        }
    }
    groups.sort_by_key(Group::rank);
    groups
}

/// The first line.
fn verdict(language: Language, checked: &Checked<'_>, groups: &[Group<'_>]) -> String {
    let report = &checked.assessed.report;
    let holding: Vec<&Line<'_>> =
        groups.iter().map(|g| &g.lines[0]).filter(|l| l.judged.finding.severity >= Severity::Warning).collect();
    let mut about =
        vec![words::language_name(language, report.language).to_owned(), words::word_count(language, report.words)];
    if holding.is_empty() {
        about.extend(report.specificity.map(|s| specificity::words::level(s, language)));
    }
    if let Some((name, count, limit)) = &report.channel_count {
        about.push(match limit {
            Some(limit) => format!("{name} {count}/{limit}"),
            None => format!("{name} {count}"),
        });
    }
    let about = about.join(", ");
    if report.words == 0 && holding.is_empty() {
        return words::empty(language).to_owned();
    }
    if holding.is_empty() {
        let style = words::GOOD;
        return format!("{style}{}{style:#} ({about})", words::ready(language));
    }
    let mut parts = Vec::new();
    let first_ask = |l: &Line<'_>| l.rule.ask().first().copied();
    for ask in Ask::ALL {
        let n = holding.iter().filter(|l| first_ask(l) == Some(*ask)).count();
        if n > 0 {
            parts.push(words::to_clear(language, n, *ask));
        }
    }
    let n = holding.iter().filter(|l| first_ask(l).is_none()).count();
    if n > 0 {
        parts.push(words::to_improve(language, n));
    }
    let style = words::BOLD;
    format!("{style}{}{style:#} {} ({about})", words::hold(language), parts.join(", "))
}

/// Breaks a paragraph at the width; the first line follows `lead`, the others its width in spaces.
fn wrap(out: &mut String, lead: &str, text: &str, width: usize) {
    let indent = lead.width();
    let mut column = indent;
    out.push_str(lead);
    let mut first = true;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let wide = anstream::adapter::strip_str(word).to_string().width();
        if !first && column + 1 + wide > width.max(indent + 20) {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if !first {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += wide;
        first = false;
    }
    out.push('\n');
}

fn shorten(words: &str) -> String {
    if words.chars().count() <= MAX_QUOTE {
        return words.to_owned();
    }
    let mut cut: String = words.chars().take(MAX_QUOTE - 1).collect();
    if let Some(space) = cut.rfind(' ').filter(|s| *s > MAX_QUOTE / 2) {
        cut.truncate(space);
    }
    format!("{}…", cut.trim_end())
}

fn group_lines(
    out: &mut String,
    number: usize,
    group: &Group<'_>,
    checked: &Checked<'_>,
    view: &View<'_>,
    language: Language,
) {
    let first = &group.lines[0];
    let style = words::severity_style(first.judged.finding.severity);
    let place = words::line(language, first.start.line);
    let what = match (first.judged.finding.scope, view.redact) {
        (Scope::Document, _) => words::whole_draft(language).to_owned(),
        (Scope::Span, true) => format!("{place}, {}:{}–{}", first.start.line, first.start.column, first.end.column),
        (Scope::Span, false) if checked.lines.line_count() == 1 => {
            words::quoted(language, &shorten(&checked.words(group.span)))
        }
        (Scope::Span, false) => format!("{place}: {}", words::quoted(language, &shorten(&checked.words(group.span)))),
    };
    let lead = format!("{number}. ");
    let mut head = String::new();
    wrap(&mut head, &lead, &what, view.width);
    let _ = write!(out, "{style}{lead}{style:#}{}", &head[lead.len()..]);
    for line in &group.lines {
        let dim = words::DIM;
        wrap(out, "   ", &format!("{} {dim}{}{dim:#}", line.message, line.rule.full_id()), view.width);
    }
    let mut act = first.advice.to_owned();
    let asks = first.rule.ask();
    if !asks.is_empty() {
        let _ = write!(act, " ({})", words::ask(language, &asks));
    }
    wrap(out, "   → ", &act, view.width);
}

impl Format for Text {
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let report = &checked.assessed.report;
        let language = view.language(report.language);
        let groups = groups(checked, view, self);
        let verdict = verdict(language, checked, &groups);
        let held = groups.iter().any(|g| g.lines[0].judged.finding.severity >= Severity::Warning);
        let mut text = String::new();
        // over many drafts only those that need work are shown; the last line counts the others
        if !view.alone && groups.is_empty() {
            return;
        }
        let name = if view.alone { String::new() } else { format!("{}: ", super::escape::visible(checked.path)) };
        if held || !view.quiet {
            wrap(&mut text, "", &format!("{name}{verdict}"), view.width);
        }
        let limit = if view.all { usize::MAX } else { SHOWN };
        for (i, group) in groups.iter().take(limit).enumerate() {
            text.push('\n');
            group_lines(&mut text, i + 1, group, checked, view, language);
        }
        if view.quiet {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        let disclosed = groups.iter().any(|g| g.lines[0].rule.family() == Family::Disclosure);
        let vague = groups.iter().any(|g| g.lines[0].rule.family() == Family::Vague);
        let mut last = Vec::new();
        if let Some(score) = report.specificity.filter(|_| vague && !disclosed && !report.missing.is_empty()) {
            last.push(specificity::words::describe(score, &report.missing, language));
        }
        let mut rest = self.unshown_here(view, checked);
        for group in groups.iter().skip(limit) {
            for line in &group.lines {
                rest[line.judged.finding.severity as usize] += 1;
            }
        }
        if rest.iter().any(|n| *n > 0) {
            last.push(words::rest(language, &rest));
        }
        let counts = crate::policy::Counts::of(checked.assessed);
        let aside = words::set_aside(language, counts.allowed, counts.known);
        if !aside.is_empty() {
            last.push(aside);
        }
        if report.language == Language::Unknown && report.words > 0 {
            last.push(words::unknown_language(language).to_owned());
        }
        if view.alone && !view.has_profile {
            last.push(words::no_profile(language).to_owned());
        }
        if !last.is_empty() {
            text.push('\n');
            let dim = words::DIM;
            wrap(&mut text, "", &format!("{dim}{}.{dim:#}", last.join(". ")), view.width);
        }
        if !view.alone {
            text.push('\n');
        }
        out.extend_from_slice(text.as_bytes());
    }

    fn tail(&self, view: &View<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if view.alone || view.quiet {
            return Ok(());
        }
        let language = view.run_language();
        let dim = words::DIM;
        let mut line = words::drafts_line(language, summary);
        if !view.has_profile {
            line = format!("{line}. {dim}{}{dim:#}", words::no_profile(language));
        }
        let mut text = String::new();
        wrap(&mut text, "", &format!("{line}."), view.width);
        out.write_all(text.as_bytes())
    }

    fn shows_everything(&self) -> bool {
        false
    }
}

impl Text {
    fn unshown_here(&self, view: &View<'_>, checked: &Checked<'_>) -> [usize; 3] {
        checked.split(view, self).1
    }
}
