//! Builds the flat text of a block out of stretches of the source, and borrows it when one stretch is enough.

use super::block::{Block, BlockKind, Link, Piece};
use crate::span::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A block in the making.
pub(super) struct Flat<'a> {
    source: &'a str,
    /// The text while it is one verbatim stretch; `pieces` and `text` are empty then.
    run: Range<usize>,
    text: String,
    pieces: Vec<Piece>,
    links: Vec<Link<'a>>,
}

impl<'a> Flat<'a> {
    pub fn new(source: &'a str) -> Self {
        Self { source, run: 0..0, text: String::new(), pieces: Vec::new(), links: Vec::new() }
    }

    /// Length of the flat text so far.
    pub fn len(&self) -> usize {
        if self.pieces.is_empty() { self.run.len() } else { self.text.len() }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes over a stretch of the source as it stands. White space that was passed over since the last stretch
    /// (indentation, trailing spaces) comes along: it costs nothing and keeps the stretch whole.
    pub fn verbatim(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.pieces.is_empty() {
            if self.run.is_empty() {
                self.run = range;
                return;
            }
            if self.joins(self.run.end, range.start) {
                self.run.end = range.end;
                return;
            }
            self.cut_run();
        }
        let last = self.pieces.len() - 1;
        let end = self.pieces[last].source.end as usize;
        if self.pieces[last].verbatim && self.joins(end, range.start) {
            self.text.push_str(&self.source[end..range.end]);
            self.pieces[last].source.end = range.end as u32;
            self.pieces[last].flat.end = self.text.len() as u32;
        } else {
            let text = &self.source[range.clone()];
            self.piece(range, text, true);
        }
    }

    /// Puts `text` in place of a stretch of the source: a decoded entity, or a space for something left out.
    pub fn decoded(&mut self, range: Range<usize>, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.pieces.is_empty() && !self.run.is_empty() {
            self.cut_run();
        }
        self.piece(range, text, false);
    }

    /// Marks the flat text since `from` as the words of a link.
    pub fn link(&mut self, from: usize, target: Cow<'a, str>) {
        if from < self.len() {
            self.links.push(Link { flat: from as u32..self.len() as u32, target });
        }
    }

    fn joins(&self, end: usize, start: usize) -> bool {
        end == start || (end < start && self.source[end..start].bytes().all(|b| b.is_ascii_whitespace()))
    }

    fn cut_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let text = &self.source[run.clone()];
        self.piece(run, text, true);
    }

    fn piece(&mut self, source: Range<usize>, text: &str, verbatim: bool) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let (source, flat) = (source.start as u32..source.end as u32, start..self.text.len() as u32);
        debug_assert!(self.pieces.last().is_none_or(|p| p.source.end <= source.start), "pieces run backwards");
        self.pieces.push(Piece { flat, source, verbatim });
    }

    /// The block, with white space cut off at both ends; `None` when nothing is left. Ready for the next block after.
    pub fn finish(&mut self, kind: BlockKind) -> Option<Block<'a>> {
        let links = std::mem::take(&mut self.links);
        if self.pieces.is_empty() {
            let run = std::mem::take(&mut self.run);
            let text = &self.source[run.clone()];
            let start = run.start + (text.len() - text.trim_start().len());
            let text = text.trim();
            let cut = (start - run.start) as u32;
            return (!text.is_empty()).then(|| Block {
                kind,
                span: Span::new(start, start + text.len()),
                text: Cow::Borrowed(text),
                pieces: Vec::new(),
                links: shift(links, cut, text.len() as u32),
            });
        }
        let mut text = std::mem::take(&mut self.text);
        let mut pieces = std::mem::take(&mut self.pieces);
        let end = text.trim_end().len() as u32;
        let start = (text.len() - text.trim_start().len()) as u32;
        if start >= end {
            return None;
        }
        pieces.retain_mut(|p| {
            if p.flat.end <= start || p.flat.start >= end {
                return false;
            }
            let (front, back) = (start.saturating_sub(p.flat.start), p.flat.end.saturating_sub(end));
            if p.verbatim {
                p.source = p.source.start + front..p.source.end - back;
            }
            p.flat = p.flat.start + front - start..p.flat.end - back - start;
            true
        });
        let links = shift(links, start, end - start);
        let (first, last) = (pieces.first()?, pieces.last()?);
        let span = Span::new(first.source.start as usize, last.source.end as usize);
        if let [Piece { verbatim: true, .. }] = pieces.as_slice() {
            let text = Cow::Borrowed(&self.source[span.start..span.end]);
            return Some(Block { kind, span, text, pieces: Vec::new(), links });
        }
        text.truncate(end as usize);
        text.drain(..start as usize);
        Some(Block { kind, span, text: Cow::Owned(text), pieces, links })
    }
}

/// Moves links with a text whose first `cut` bytes were taken off and whose length is now `length`.
fn shift(mut links: Vec<Link<'_>>, cut: u32, length: u32) -> Vec<Link<'_>> {
    links.retain_mut(|link| {
        link.flat = link.flat.start.saturating_sub(cut).min(length)..link.flat.end.saturating_sub(cut).min(length);
        !link.flat.is_empty()
    });
    links
}
