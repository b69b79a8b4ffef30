//! Paragraphs of megabytes are read in stretches, so that memory follows the limit and not the longest line.

use super::block::{Block, Link, Piece};
use crate::span::Span;
use std::borrow::Cow;
use std::ops::Range;

/// How far before the limit a better place to cut is looked for, in bytes.
const REACH: usize = 4 << 10;

/// Cuts every block that is longer than `limit` bytes: behind a sentence, else between words, else between characters.
pub(super) fn cut(blocks: &mut Vec<Block<'_>>, limit: usize) {
    let limit = limit.max(REACH);
    if blocks.iter().all(|b| b.text.len() <= limit) {
        return;
    }
    let mut out = Vec::with_capacity(blocks.len() + 16);
    for block in std::mem::take(blocks) {
        let mut at = 0;
        while block.text.len() - at > limit {
            let end = at + place(&block.text[at..], limit);
            out.extend(stretch(&block, at..end));
            at = end;
        }
        if at == 0 {
            out.push(block);
        } else {
            out.extend(stretch(&block, at..block.text.len()));
        }
    }
    *blocks = out;
}

/// Where to cut a text that is longer than `limit`.
fn place(text: &str, limit: usize) -> usize {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (from, to) = (boundary(limit - REACH), boundary(limit));
    let near = &text[from..to];
    let sentence = [". ", "! ", "? ", "… ", "\n"].iter().filter_map(|end| near.rfind(end).map(|i| i + end.len())).max();
    let word = || near.rfind(char::is_whitespace);
    match sentence.or_else(word).filter(|i| from + i > 0) {
        Some(i) => from + i,
        None => to,
    }
}

/// A part of a block, without white space at its ends.
fn stretch<'a>(block: &Block<'a>, range: Range<usize>) -> Option<Block<'a>> {
    let text = &block.text[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let text = text.trim();
    let end = start + text.len();
    if start >= end {
        return None;
    }
    let cow = match &block.text {
        Cow::Borrowed(whole) => Cow::Borrowed(&whole[start..end]),
        Cow::Owned(_) => Cow::Owned(text.to_owned()),
    };
    let (from, to) = (start as u32, end as u32);
    let links = block.links[block.links.partition_point(|l| l.flat.end <= from)..]
        .iter()
        .take_while(|l| l.flat.start < to)
        .map(|l| Link { flat: l.flat.start.max(from) - from..l.flat.end.min(to) - from, target: l.target.clone() })
        .collect();
    if block.pieces.is_empty() {
        let span = Span::new(block.span.start + start, block.span.start + end);
        return Some(Block { kind: block.kind, span, text: cow, pieces: Vec::new(), links });
    }
    let pieces: Vec<Piece> = block.pieces[block.pieces.partition_point(|p| p.flat.end <= from)..]
        .iter()
        .take_while(|p| p.flat.start < to)
        .map(|p| {
            let (front, back) = (from.saturating_sub(p.flat.start), p.flat.end.saturating_sub(to));
            let source = match p.verbatim {
                true => p.source.start + front..p.source.end - back,
                false => p.source.clone(),
            };
            Piece { flat: p.flat.start + front - from..p.flat.end - back - from, source, verbatim: p.verbatim }
        })
        .collect();
    let span = Span::new(pieces.first()?.source.start as usize, pieces.last()?.source.end as usize);
    Some(Block { kind: block.kind, span, text: cow, pieces, links })
}
