//! Plain text as it is posted: paragraphs between blank lines, list items, quoted lines.

use super::block::{BlockKind, Cut};
use super::directive::{self, Directive};
use super::flat::Flat;
use crate::draft::{Paragraph, ParagraphKind};
use std::ops::Range;

/// Bullets that are typed or pasted; what follows them is the item.
const BULLETS: &[char] = &['-', '*', '•', '◦', '▪', '▫', '‣', '⁃', '·', '●', '○', '■', '□', '–', '—'];
/// Pictures used as bullets; they stay in the text, since they are read as part of it.
const PICTURES: &[char] =
    &['✅', '✔', '☑', '✓', '❌', '❎', '👉', '➡', '→', '▶', '►', '➤', '➜', '🔹', '🔸', '🔷', '🔶', '📌', '⭐', '✨'];

/// Cuts the plain text at `range` of `source`.
pub(super) fn cut<'a>(source: &'a str, range: Range<usize>, out: &mut Cut<'a>) {
    let directives = directive::in_text(source, range.clone());
    let mut cutter = Cutter {
        source,
        flat: Flat::new(source),
        kind: BlockKind::Paragraph,
        last: 0..0,
        directives: &directives,
        out,
    };
    let rare = has_rare_line_ends(&source[range.clone()]);
    let mut at = range.start;
    while at < range.end {
        let (end, next) = line(source, at, range.end, rare);
        cutter.line(at..end, next);
        at = next;
    }
    cutter.flush();
    out.directives.extend(directives);
}

/// Cuts the paragraphs of a Word document.
pub(super) fn cut_paragraphs<'a>(source: &'a str, range: Range<usize>, paragraphs: &'a [Paragraph], out: &mut Cut<'a>) {
    let directives = directive::in_text(source, range);
    let mut flat = Flat::new(source);
    for paragraph in paragraphs {
        let mut starts = paragraph.links.iter();
        let mut open = starts.next();
        for part in outside(paragraph.span.start..paragraph.span.end, &directives) {
            let mut at = part.start;
            while let Some((span, target)) = open {
                if span.start < at || span.end > part.end {
                    if span.end > part.end && span.start >= part.end {
                        break;
                    }
                    open = starts.next();
                    continue;
                }
                flat.verbatim(at..span.start);
                let from = flat.len();
                flat.verbatim(span.start..span.end);
                flat.link(from, target.as_str().into());
                at = span.end;
                open = starts.next();
            }
            flat.verbatim(at..part.end);
        }
        let kind = match paragraph.kind {
            ParagraphKind::Body => BlockKind::Paragraph,
            ParagraphKind::Heading => BlockKind::Heading,
            ParagraphKind::Item => BlockKind::Item,
            ParagraphKind::Quote => BlockKind::Quote,
            ParagraphKind::TableCell => BlockKind::TableCell,
            ParagraphKind::Caption => BlockKind::Caption,
        };
        out.blocks.extend(flat.finish(kind));
    }
    out.directives.extend(directives);
}

/// The parts of `range` that lie in no directive. `directives` are in order.
fn outside(range: Range<usize>, directives: &[Directive]) -> impl Iterator<Item = Range<usize>> {
    let first = directives.partition_point(|d| d.span.end <= range.start);
    let inside = directives[first..].iter().take_while(move |d| d.span.start < range.end);
    let mut at = range.start;
    let mut cuts = inside.map(|d| (d.span.start, d.span.end)).chain([(range.end, range.end)]).collect::<Vec<_>>();
    cuts.retain_mut(|(start, end)| {
        let part = at..(*start).max(at);
        at = (*end).max(at);
        (*start, *end) = (part.start, part.end);
        !part.is_empty()
    });
    cuts.into_iter().map(|(start, end)| start..end)
}

/// Whether any line ends otherwise than in LF or CR LF: NEL, the two Unicode separators, a CR of its own.
fn has_rare_line_ends(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memmem::find(bytes, b"\xC2\x85").is_some()
        || memchr::memmem::find(bytes, b"\xE2\x80\xA8").is_some()
        || memchr::memmem::find(bytes, b"\xE2\x80\xA9").is_some()
        || memchr::memchr_iter(b'\r', bytes).any(|i| bytes.get(i + 1) != Some(&b'\n'))
}

/// The end of the line that begins at `at`, and where the next one begins.
fn line(source: &str, at: usize, limit: usize, rare: bool) -> (usize, usize) {
    let bytes = &source.as_bytes()[at..limit];
    if rare {
        for (i, byte) in bytes.iter().enumerate() {
            let length = match (byte, &bytes[i..]) {
                (b'\n', _) => 1,
                (b'\r', [_, b'\n', ..]) => 2,
                (b'\r', _) => 1,
                (0xC2, [_, 0x85, ..]) => 2,
                (0xE2, [_, 0x80, 0xA8 | 0xA9, ..]) => 3,
                _ => continue,
            };
            return (at + i, at + i + length);
        }
        return (limit, limit);
    }
    match memchr::memchr(b'\n', bytes) {
        Some(i) if i > 0 && bytes[i - 1] == b'\r' => (at + i - 1, at + i + 1),
        Some(i) => (at + i, at + i + 1),
        None => (limit, limit),
    }
}

struct Cutter<'a, 'c> {
    source: &'a str,
    flat: Flat<'a>,
    kind: BlockKind,
    /// The line before, when it belongs to the same stretch of lines.
    last: Range<usize>,
    directives: &'c [Directive],
    out: &'c mut Cut<'a>,
}

impl<'a> Cutter<'a, '_> {
    fn flush(&mut self) {
        self.out.blocks.extend(self.flat.finish(self.kind));
        self.last = 0..0;
    }

    /// Takes the words of a line and its end, so that a paragraph stays one stretch.
    fn take(&mut self, range: Range<usize>) {
        if self.directives.is_empty() {
            self.flat.verbatim(range);
        } else {
            for part in outside(range, self.directives) {
                self.flat.verbatim(part);
            }
        }
    }

    fn line(&mut self, range: Range<usize>, next: usize) {
        let text = &self.source[range.clone()];
        let words = text.trim_start();
        let mut indent = text.len() - words.len();
        let mut at = range.start + indent;
        if !self.directives.is_empty() {
            let mut parts = outside(range.clone(), self.directives);
            match parts.find(|part| !self.source[part.clone()].trim().is_empty()) {
                Some(part) => {
                    // A directive at the head of the line is no indentation and hides no bullet.
                    let inner = &self.source[part.clone()];
                    at = part.start + (inner.len() - inner.trim_start().len());
                    indent = if part.start == range.start { at - range.start } else { 0 };
                }
                None => return self.flush(),
            }
        }
        let words = &self.source[at..range.end];
        if words.is_empty() || separator(words) {
            return self.flush();
        }
        if let Some(length) = quote_marks(words) {
            if self.kind != BlockKind::Quote || self.source[at + length..range.end].trim().is_empty() {
                self.flush();
            }
            self.kind = BlockKind::Quote;
            self.take(at + length..next);
        } else if let Some(length) = bullet(words).filter(|_| self.may_begin_item(words, range.end)) {
            self.flush();
            self.kind = BlockKind::Item;
            self.take(at + length..next);
        } else {
            let goes_on = match self.kind {
                BlockKind::Quote => false,
                BlockKind::Item => indent > 0 || self.breaks_off(words),
                _ => true,
            };
            if !goes_on {
                self.flush();
            }
            if self.flat.is_empty() {
                self.kind = BlockKind::Paragraph;
            }
            self.take(at..next);
        }
        self.last = range;
    }

    /// Whether the line before stops in the middle of a sentence that `words` carry on.
    fn breaks_off(&self, words: &str) -> bool {
        let last = self.source[self.last.clone()].trim_end();
        !last.is_empty()
            && !last.ends_with(['.', '!', '?', '…', ':', ';', '»', '”', '"'])
            && words.chars().next().is_some_and(char::is_lowercase)
    }

    /// A dash may begin an item or carry on the sentence of a wrapped line.
    fn may_begin_item(&self, words: &str, end: usize) -> bool {
        if !words.starts_with(['–', '—', '*']) || self.flat.is_empty() || self.kind == BlockKind::Item {
            return true;
        }
        let last = self.source[self.last.clone()].trim_end();
        if last.is_empty() || last.ends_with(['.', '!', '?', '…', ':', ';']) {
            return true;
        }
        // Two lines in a row that begin so are a list.
        let mark = words.chars().next();
        let rest = self.source[end..].trim_start_matches(['\r', '\n']);
        rest.len() < self.source.len() - end && rest.chars().next() == mark
    }
}

/// The length of quotation marks `> ` at the head of a line, however many.
fn quote_marks(words: &str) -> Option<usize> {
    let rest = words.trim_start_matches(['>', ' ', '\t']);
    let length = words.len() - rest.len();
    let marks = &words[..length];
    // `>50 %` is a figure, `>text` hardly ever a quotation.
    (marks.starts_with('>') && (marks.len() > 1 || rest.is_empty())).then_some(length)
}

/// The length of a bullet or number and the space after it; 0 for a picture that stays in the text.
fn bullet(words: &str) -> Option<usize> {
    let first = words.chars().next()?;
    if first.is_ascii_alphabetic() {
        return None;
    }
    let gap = |rest: &str| {
        let after = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}']);
        (!after.is_empty() && after.len() < rest.len()).then_some(words.len() - after.len())
    };
    if first.is_ascii_digit() {
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let rest = words[digits..].strip_prefix(['.', ')'])?;
        return if digits <= 3 { gap(rest) } else { None };
    }
    if BULLETS.contains(&first) {
        return gap(&words[first.len_utf8()..]);
    }
    PICTURES.contains(&first).then_some(0)
}

/// A line that only draws a rule.
fn separator(words: &str) -> bool {
    let Some(first) = words.bytes().next().filter(|b| matches!(b, b'-' | b'*' | b'_' | b'=' | b'~' | b'#')) else {
        return false;
    };
    let words = words.trim_end();
    words.len() >= 3 && words.bytes().all(|b| b == first || b == b' ')
}
