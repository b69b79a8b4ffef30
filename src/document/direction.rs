//! Text behind a right-to-left override stands in the source from its last letter to its first and is read the right way
//! round. It is turned round here, so that what a reader sees is what is judged.

use super::block::{Block, Piece};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// The character that makes letters of any script run from right to left.
const OVERRIDE: &str = "\u{202e}";
/// What ends an override: the pop, or the end of a paragraph.
const ENDS: [char; 4] = ['\u{202c}', '\n', '\u{85}', '\u{2029}'];

/// Turns every overridden stretch of a block round. Each becomes one piece: a finding in it points to all of it.
pub(super) fn straighten(block: &mut Block<'_>) {
    let text: &str = &block.text;
    if memchr::memmem::find(text.as_bytes(), OVERRIDE.as_bytes()).is_none() {
        return;
    }
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(i) = text[at..].find(OVERRIDE) {
        let start = at + i + OVERRIDE.len();
        let end = text[start..].find(ENDS).map_or(text.len(), |i| start + i);
        let inside = &text[start..end];
        let lead = inside.len() - inside.trim_start().len();
        let words = inside.trim();
        if words.len() > 1 {
            runs.push(start + lead..start + lead + words.len());
        }
        at = end;
    }
    if runs.is_empty() {
        return;
    }
    let mut turned = String::with_capacity(text.len());
    let mut at = 0;
    for run in &runs {
        turned.push_str(&text[at..run.start]);
        turned.extend(text[run.clone()].graphemes(true).rev());
        at = run.end;
    }
    turned.push_str(&text[at..]);
    if block.pieces.is_empty() {
        let (flat, source) = (0..text.len() as u32, block.span.start as u32..block.span.end as u32);
        block.pieces.push(Piece { flat, source, verbatim: true });
    }
    let mut pieces: Vec<Piece> = Vec::with_capacity(block.pieces.len() + 2 * runs.len());
    for piece in std::mem::take(&mut block.pieces) {
        cut_at_runs(piece, &runs, &mut pieces);
    }
    block.pieces = pieces;
    for link in &mut block.links {
        for run in &runs {
            let (start, end) = (run.start as u32, run.end as u32);
            if link.flat.start < end && start < link.flat.end {
                link.flat = link.flat.start.min(start)..link.flat.end.max(end);
            }
        }
    }
    block.text = Cow::Owned(turned);
}

/// Adds the parts of `piece` outside the runs as they are, and those inside to the one piece of their run.
fn cut_at_runs(piece: Piece, runs: &[std::ops::Range<usize>], out: &mut Vec<Piece>) {
    let mut at = piece.flat.start;
    let source_at = |flat: u32| match piece.verbatim {
        true => piece.source.start + (flat - piece.flat.start),
        false if flat == piece.flat.start => piece.source.start,
        false => piece.source.end,
    };
    let first = runs.partition_point(|r| r.end as u32 <= piece.flat.start);
    for run in &runs[first..] {
        let (start, end) = (run.start as u32, run.end as u32);
        if start >= piece.flat.end {
            break;
        }
        if at < start {
            let source_end = if piece.verbatim { source_at(start) } else { piece.source.end };
            out.push(Piece { flat: at..start, source: source_at(at)..source_end, verbatim: piece.verbatim });
            at = start;
        }
        let until = end.min(piece.flat.end);
        let source = source_at(at)..if piece.verbatim { source_at(until) } else { piece.source.end };
        match out.last_mut().filter(|p| !p.verbatim && p.flat.end == at && p.flat.start == start && at > start) {
            Some(open) => {
                open.flat.end = until;
                open.source.end = source.end.max(open.source.end);
            }
            None => out.push(Piece { flat: at..until, source, verbatim: false }),
        }
        at = until;
    }
    if at < piece.flat.end {
        // the rest of a piece that is no copy of its source has no bytes left of its own
        out.push(Piece { flat: at..piece.flat.end, source: source_at(at)..piece.source.end, verbatim: piece.verbatim });
    }
}
