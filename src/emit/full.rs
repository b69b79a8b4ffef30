//! `full`: annotated source lines, as compilers show them.

use super::{Checked, Format, Line, Summary, View, escape, words};
use crate::finding::{Language, Scope, Severity};
use crate::span::{ColumnUnit, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};
use std::io::{self, Write};

/// Longer lines are cut around what is found.
const MAX_LINE: usize = 1_000;
/// So many bytes are left on each side of it.
const AROUND: usize = 200;

/// Annotated source.
pub struct Full;

/// The words for a slot's role, as a label under it.
pub fn role(language: Language, role: &str) -> String {
    let known: &[(&str, [&str; 4])] = &[
        ("subject", ["who", "qui", "wie", "кто"]),
        ("act", ["act", "acte", "handeling", "действие"]),
        ("object", ["what", "quoi", "wat", "что"]),
        ("figure", ["figure", "chiffre", "cijfer", "цифра"]),
        ("size", ["size", "ampleur", "omvang", "масштаб"]),
        ("time", ["when", "quand", "wanneer", "когда"]),
        ("target", ["target", "cible", "doelwit", "адресат"]),
        ("person", ["person", "personne", "persoon", "человек"]),
        ("place", ["place", "lieu", "plaats", "место"]),
        ("source", ["source", "source", "bron", "источник"]),
    ];
    let column = match language {
        Language::Fr => 1,
        Language::Nl => 2,
        Language::Ru => 3,
        _ => 0,
    };
    known
        .iter()
        .find(|(name, _)| *name == role)
        .map_or_else(|| role.replace('-', " "), |(_, words)| words[column].to_owned())
}

/// The lines around some spans, made safe to print, and where the spans lie in them.
struct Window {
    source: String,
    first_line: usize,
    spans: Vec<std::ops::Range<usize>>,
    cut: bool,
}

fn safe(text: &str) -> String {
    text.split('\n')
        .map(|line| escape::visible(line.trim_end_matches('\r')).into_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn window(checked: &Checked<'_>, spans: &[Span]) -> Window {
    let (text, lines) = (&checked.draft.text, checked.lines);
    let first = spans.iter().map(|s| s.start).min().unwrap_or(0);
    let last = spans.iter().map(|s| s.end).max().unwrap_or(first);
    let (from_line, to_line) = (lines.line_of(first), lines.line_of(last.max(first + 1) - 1));
    let (mut from, mut to) = (lines.line_span(text, from_line).start, lines.line_span(text, to_line).end.max(last));
    let cut = to - from > MAX_LINE;
    if cut {
        from = floor(text, first.saturating_sub(AROUND).max(from));
        to = floor(text, (last + AROUND).min(to));
    }
    let shown = |end: usize| safe(&escape::masked(text, Span::new(from, end), checked.masks));
    let source = shown(to);
    let spans = spans.iter().map(|s| shown(s.start).len()..shown(s.end).len().min(source.len())).collect();
    Window { source, first_line: from_line, spans, cut }
}

fn group<'w>(line: &'w Line<'_>, window: Option<&'w Window>, path: &'w str, language: Language) -> Vec<Group<'w>> {
    let finding = &line.judged.finding;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .with_name(words::severity(language, finding.severity))
        .primary_title(line.message.as_ref())
        .id(line.rule.full_id());
    let origin = || Origin::path(path).line(line.start.line).char_column(line.start.column);
    let mut group = match window {
        None => title.element(origin()),
        Some(window) => {
            let mut snippet = Snippet::source(window.source.as_str()).line_start(window.first_line);
            if !window.cut {
                snippet = snippet.path(path);
            }
            let (primary, others) = window.spans.split_first().map_or((0..0, &[][..]), |(p, o)| (p.clone(), o));
            let mut annotation = AnnotationKind::Primary.span(primary.clone());
            for (span, label) in others.iter().zip(&finding.labels) {
                if *span == primary {
                    annotation = annotation.label(role(language, &label.role));
                } else {
                    snippet = snippet
                        .annotation(AnnotationKind::Context.span(span.clone()).label(role(language, &label.role)));
                }
            }
            snippet = snippet.annotation(annotation);
            if window.cut { title.element(origin()).element(snippet) } else { title.element(snippet) }
        }
    };
    group = group.element(Padding).element(Level::HELP.with_name(words::help(language)).message(line.advice));
    let asks = line.rule.ask();
    let mut note = words::confidence(language, finding.confidence);
    if !asks.is_empty() {
        note = format!("{note} · {}", words::ask(language, &asks));
    }
    note.push_str(&format!(" · draftlint explain {}", line.rule.slug()));
    vec![group.element(Level::NOTE.with_name(words::severity(language, Severity::Note)).message(note))]
}

impl Format for Full {
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let language = view.language(checked.assessed.report.language);
        let path = escape::visible(checked.path);
        let renderer = Renderer::styled().term_width(view.width.max(60));
        for line in checked.lines_for(view, self, ColumnUnit::CodePoint) {
            let finding = &line.judged.finding;
            let spans: Vec<Span> = std::iter::once(finding.span).chain(finding.labels.iter().map(|l| l.span)).collect();
            // words are left out when they shall not be shown; a whole draft needs no pointer
            let window = (!view.redact && finding.scope == Scope::Span).then(|| window(checked, &spans));
            let groups = group(&line, window.as_ref(), &path, language);
            out.extend_from_slice(renderer.render(&groups).as_bytes());
            out.extend_from_slice(b"\n\n");
        }
    }

    fn tail(&self, view: &View<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if view.quiet { Ok(()) } else { writeln!(out, "{}", words::counts_line(view.run_language(), summary)) }
    }

    fn shows_everything(&self) -> bool {
        false
    }
}
