//! A double-array trie over bytes: one walk over a word gives the list of all symbols it belongs to.
//!
//! Aoe 1989, "An efficient digital search algorithm by using a double-array structure".

use std::ops::Range;

/// The end of a whole word.
pub const END: u16 = 1;
/// The end of a stem: any ending may follow.
pub const STEM: u16 = 2;
/// Added to a byte to make its code.
pub const BYTE: u16 = 3;
/// Set in a node's base when a stem ends there.
pub const HAS_STEM: u32 = 1 << 31;

/// The codes of a word or stem.
pub fn key(text: &str, stem: bool) -> Vec<u16> {
    text.bytes().map(|b| u16::from(b) + BYTE).chain([if stem { STEM } else { END }]).collect()
}

/// Builds base and check arrays; a leaf's base is its value.
pub fn build(mut words: Vec<(Vec<u16>, u32)>) -> (Vec<u32>, Vec<u32>) {
    words.sort();
    words.dedup_by(|a, b| a.0 == b.0);
    let mut builder = Builder { base: vec![1], check: vec![0], used: vec![true], hint: 1 };
    if !words.is_empty() {
        // a stack of its own: a word may be as long as a file
        let mut open = vec![(0..words.len(), 0, 0)];
        while let Some((range, depth, node)) = open.pop() {
            builder.node(&words, range, depth, node, &mut open);
        }
    }
    (builder.base, builder.check)
}

struct Builder {
    base: Vec<u32>,
    check: Vec<u32>,
    used: Vec<bool>,
    hint: usize,
}

impl Builder {
    fn grow(&mut self, len: usize) {
        if self.base.len() < len {
            self.base.resize(len, 0);
            self.check.resize(len, u32::MAX);
            self.used.resize(len, false);
        }
    }

    /// Places the children of a node that stands for the words of `range`; the children still to do are pushed.
    fn node(
        &mut self,
        words: &[(Vec<u16>, u32)],
        range: Range<usize>,
        depth: usize,
        node: usize,
        open: &mut Vec<(Range<usize>, usize, usize)>,
    ) {
        let mut children: Vec<(u16, Range<usize>)> = Vec::new();
        for i in range {
            let code = words[i].0[depth];
            match children.last_mut() {
                Some((last, range)) if *last == code => range.end = i + 1,
                _ => children.push((code, i..i + 1)),
            }
        }
        while self.hint < self.used.len() && self.used[self.hint] {
            self.hint += 1;
        }
        let first = usize::from(children[0].0);
        let from = self.hint.max(first + 1);
        let mut slot = from;
        let mut taken = 0usize;
        let base = loop {
            let base = slot - first;
            self.grow(base + 300);
            if children.iter().all(|(code, _)| !self.used[base + usize::from(*code)]) {
                break base;
            }
            taken += usize::from(self.used[slot]);
            slot += 1;
        };
        // a stretch that is nearly full is not searched again (as in Darts)
        if children.len() > 1 && taken * 20 >= (slot - from + 1) * 17 && slot > from + 16 {
            self.hint = slot;
        }
        let stem = children.iter().any(|(code, _)| *code == STEM);
        self.base[node] = base as u32 | if stem { HAS_STEM } else { 0 };
        for (code, _) in &children {
            let child = base + usize::from(*code);
            self.used[child] = true;
            self.check[child] = node as u32;
        }
        for (code, range) in children.into_iter().rev() {
            let child = base + usize::from(code);
            if code == END || code == STEM {
                self.base[child] = words[range.start].1;
            } else {
                open.push((range, depth + 1, child));
            }
        }
    }
}
