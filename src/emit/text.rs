//! `text`: for the person who wrote the draft. The verdict first, then the gravest findings: the words, why, one act.

use super::{Checked, Format, Line, Summary, View, words};
use crate::finding::{Ask, Family, Language, Scope, Severity};
use crate::span::{ColumnUnit, Span};
use crate::specificity;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// So many findings are shown unless all are asked for.
const SHOWN: usize = 3;
/// Longer stretches of a draft are cut.
const MAX_QUOTE: usize = 120;
/// So many reasons are given for one stretch of words.
const MAX_REASONS: usize = 2;
/// So many places of one finding are quoted.
const MAX_PLACES: usize = 3;

/// For people.
pub struct Text;

/// One thing to look at: findings that overlap, and the other places where the same rules found the same; the gravest
/// first.
struct Group<'a> {
    places: Vec<Place>,
    lines: Vec<Line<'a>>,
    /// All findings it stands for: rule and severity.
    members: Vec<(u32, Severity)>,
}

/// Where it stands.
#[derive(Clone, Copy)]
struct Place {
    span: Span,
    line: usize,
    columns: (usize, usize),
}

impl<'a> Group<'a> {
    fn first(&self) -> &Line<'a> {
        &self.lines[0]
    }

    fn severity(&self) -> Severity {
        self.first().judged.finding.severity
    }

    /// Graver and surer first, then by place.
    fn rank(&self) -> impl Ord + use<> {
        let first = &self.first().judged.finding;
        (std::cmp::Reverse((first.severity, first.confidence)), self.places[0].span.start)
    }

    /// What makes two groups the same thing twice.
    fn kind(&self) -> (Severity, Scope, Vec<u32>) {
        let mut rules: Vec<u32> = self.lines.iter().map(|l| l.judged.finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        (self.severity(), self.first().judged.finding.scope, rules)
    }

    /// The reasons that are given for it.
    fn reasons(&self, view: &View<'_>) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().take(if view.all { usize::MAX } else { MAX_REASONS })
    }

    /// Whether a rule's reason is among them.
    fn gives(&self, rule: u32, view: &View<'_>) -> bool {
        self.reasons(view).any(|l| l.judged.finding.rule == rule)
    }

    /// Whom to ask before posting. Communications alone are asked about what may not be said, not about every adjective.
    fn asks(&self) -> Vec<Ask> {
        let rule = self.first().rule;
        let cleared = rule.family() == Family::Disclosure || self.severity() == Severity::Error;
        rule.ask().into_iter().filter(|a| cleared || *a != Ask::Communications).collect()
    }
}

fn groups<'a>(checked: &'a Checked<'a>, view: &'a View<'a>, format: &dyn Format) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for line in checked.lines_for(view, format, ColumnUnit::CodePoint) {
        let finding = &line.judged.finding;
        let place = Place { span: finding.span, line: line.start.line, columns: (line.start.column, line.end.column) };
        let overlaps = |g: &&mut Group<'_>| {
            let scopes = [finding.scope, g.first().judged.finding.scope];
            scopes == [Scope::Span; 2] && g.places[0].span.overlaps(&finding.span)
        };
        match groups.last_mut().filter(overlaps) {
            Some(group) => {
                let first = &mut group.places[0];
                if finding.span.end > first.span.end {
                    first.span.end = finding.span.end;
                    first.columns.1 = place.columns.1;
                }
                group.lines.push(line);
            }
            None => groups.push(Group { places: vec![place], lines: vec![line], members: Vec::new() }),
        }
    }
    for group in &mut groups {
        group.members = group.lines.iter().map(|l| (l.judged.finding.rule, l.judged.finding.severity)).collect();
        group.lines.sort_by_key(|l| {
            (std::cmp::Reverse((l.judged.finding.severity, l.judged.finding.confidence)), l.judged.finding.span.start)
        });
        // what is better not said needs no better wording
        if group.lines.iter().any(|l| l.rule.family() == Family::Disclosure) {
            group.lines.retain(|l| l.rule.family() != Family::Vague);
        }
        let mut told = Vec::new();
        group.lines.retain(|l| {
            let new = !told.contains(&l.judged.finding.rule);
            told.push(l.judged.finding.rule);
            new
        });
    }
    let mut merged: Vec<Group<'a>> = Vec::with_capacity(groups.len());
    let mut at: HashMap<(Severity, Scope, Vec<u32>), usize> = HashMap::new();
    for group in groups {
        match at.entry(group.kind()) {
            Entry::Occupied(known) => {
                let same = &mut merged[*known.get()];
                same.places.extend(group.places);
                same.members.extend(group.members);
            }
            Entry::Vacant(new) => {
                new.insert(merged.len());
                merged.push(group);
            }
        }
    }
    merged.sort_by_key(Group::rank);
    merged
}

/// The first line.
fn verdict(language: Language, checked: &Checked<'_>, groups: &[Group<'_>]) -> String {
    let report = &checked.assessed.report;
    let holding: Vec<&Group<'_>> = groups.iter().filter(|g| g.severity() >= Severity::Warning).collect();
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
    let count = |ask: Option<Ask>| -> usize {
        holding.iter().filter(|g| g.asks().first().copied() == ask).map(|g| g.places.len()).sum()
    };
    for ask in Ask::ALL {
        let n = count(Some(*ask));
        if n > 0 {
            parts.push(words::to_clear(language, n, *ask));
        }
    }
    let n = count(None);
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
    let first = group.first();
    let style = words::severity_style(group.severity());
    // a paragraph of a Word document is a line of its text
    let line = if checked.draft.format == crate::draft::Format::Docx { words::paragraph } else { words::line };
    let shown = |place: &Place| match view.redact {
        _ if place.span.is_empty() => line(language, place.line),
        true => format!("{}:{}–{}", line(language, place.line), place.columns.0, place.columns.1),
        false => {
            let words = words::quoted(language, &shorten(&checked.words(place.span)));
            if checked.lines.line_count() == 1 { words } else { format!("{}: {words}", line(language, place.line)) }
        }
    };
    let what = match first.judged.finding.scope {
        Scope::Document => words::whole_draft(language).to_owned(),
        Scope::Span => {
            let most = if view.all { usize::MAX } else { MAX_PLACES };
            let mut all: Vec<String> = group.places.iter().take(most).map(shown).collect();
            if group.places.len() > most {
                all.push(format!("+{}", group.places.len() - most));
            }
            all.join("; ")
        }
    };
    let lead = format!("{number}. ");
    let mut head = String::new();
    wrap(&mut head, &lead, &what, view.width);
    let _ = write!(out, "{style}{lead}{style:#}{}", &head[lead.len()..]);
    for line in group.reasons(view) {
        let dim = words::DIM;
        wrap(out, "   ", &format!("{} {dim}{}{dim:#}", line.message, line.rule.full_id()), view.width);
    }
    let mut act = first.advice.to_owned();
    let asks = group.asks();
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
        let held = groups.iter().any(|g| g.severity() >= Severity::Warning);
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
        let disclosed = groups.iter().any(|g| g.first().rule.family() == Family::Disclosure);
        let vague = groups.iter().any(|g| g.first().rule.family() == Family::Vague);
        let mut last = Vec::new();
        if let Some(score) = report.specificity.filter(|_| vague && !disclosed && !report.missing.is_empty()) {
            last.push(specificity::words::describe(score, &report.missing, language));
        }
        let mut rest = self.unshown_here(view, checked);
        for (i, group) in groups.iter().enumerate() {
            for (_, severity) in group.members.iter().filter(|(rule, _)| i >= limit || !group.gives(*rule, view)) {
                rest[*severity as usize] += 1;
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
