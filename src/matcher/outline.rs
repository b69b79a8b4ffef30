//! All ways of a program at once, as sets of places: which programs cannot match is known before any is walked.

use super::SENTENCE_MARKS;
use super::asked::Asked;
use super::places::{position, positions};
use crate::compiler::layout::op;
use crate::document::sentence::Word;
use crate::text::tokenize::{TokenKind, flag};

/// What [`Asked::may_match`] asks of the words, as bits like those of [`super::places::Places`].
#[derive(Clone, Copy, Default)]
pub(super) struct Outline {
    pub words: u64,
    boundaries: u64,
    /// Where a sentence starts: the first word, and where one of the short sentences that stand as one begins.
    pub starts: u64,
    /// Where one ends; the place behind the last word counts too.
    ends: u64,
}

/// Sentences of more words are only walked: their last bit stands for many.
pub(super) const OUTLINED: usize = 62;

impl Outline {
    pub fn of(words: &[Word]) -> Self {
        let mut outline = Self { words: positions(0, words.len()), ..Self::default() };
        let joined =
            |i: usize| i > 0 && (words[i].marks & SENTENCE_MARKS != 0 || words[i - 1].kind == TokenKind::Emoji);
        for i in 0..words.len() {
            outline.boundaries |= if words[i].boundary { position(i) } else { 0 };
            outline.starts |= if i == 0 || joined(i) { position(i) } else { 0 };
            outline.ends |= if i > 0 && words[i].marks & SENTENCE_MARKS != 0 { position(i) } else { 0 };
        }
        // emoji, hashtags and links may stand behind the end
        let trails = |w: &Word| matches!(w.kind, TokenKind::Emoji | TokenKind::Hashtag | TokenKind::Url);
        let last = words.iter().rposition(|w| !trails(w)).map_or(0, |i| i + 1);
        outline.ends |= positions(last, words.len() + 1);
        outline
    }
}

impl Asked<'_, '_> {
    /// Whether a program may match from one of `starts`: surely not, when this says no. All starts and all ways are walked at
    /// once, as sets of places (bit-parallel simulation, Baeza-Yates & Gonnet 1992); for sentences of up to [`OUTLINED`] words.
    pub(super) fn may_match(&self, program: usize, starts: u64, waiting: &mut Waiting) -> bool {
        waiting.clear();
        let Outline { words, boundaries, starts: openings, ends } = self.outline;
        let mut pc = program;
        // places whose boundary is accounted for, and others
        let (mut free, mut bound) = (starts & words, 0u64);
        loop {
            if waiting.next == pc as u32 || free | bound == 0 {
                if free | bound != 0 {
                    waiting.add(pc as u32, free, bound);
                }
                match waiting.take() {
                    Some(ahead) => (pc, free, bound) = ahead,
                    None => return false,
                }
            }
            let code = self.lexis.program[pc];
            let argument = code & 0xff_ffff;
            let open = free | bound & !boundaries;
            pc += 1;
            match code >> 24 {
                op::MATCH => return true,
                op::WORD => (free, bound) = (0, (open & self.places(argument).words) << 1),
                op::SYMBOL => {
                    let places = self.places(argument);
                    let mut reached = (open & places.words) << 1;
                    let mut marked = open & places.marks;
                    while marked != 0 {
                        let i = marked.trailing_zeros() as usize;
                        marked &= marked - 1;
                        for mark in self.marks.at(i).filter(|m| m.symbol == argument) {
                            reached |= position(i + mark.len as usize);
                        }
                    }
                    (free, bound) = (0, reached);
                }
                op::ANY => (free, bound) = (0, (open & words) << 1),
                op::GAP => {
                    let mut ahead = (open & words) << 1;
                    for _ in 0..argument {
                        if ahead & !bound == 0 {
                            break;
                        }
                        bound |= ahead;
                        ahead = (ahead & words & !boundaries) << 1;
                    }
                }
                op::SPLIT => {
                    // most alternatives fail at their first word
                    let first = self.lexis.program[pc];
                    let fails = matches!(first >> 24, op::WORD | op::SYMBOL)
                        && open & self.places(first & 0xff_ffff).all() == 0;
                    if fails {
                        pc = argument as usize;
                    } else {
                        waiting.add(argument, free, bound);
                    }
                }
                op::JUMP => {
                    waiting.add(argument, free, bound);
                    (free, bound) = (0, 0);
                }
                op::START => (free, bound) = (free & openings, bound & openings),
                op::END => (free, bound) = (free & ends, bound & ends),
                op::MARK => {
                    let mut left = free | bound;
                    (free, bound) = (0, 0);
                    while left != 0 {
                        let i = left.trailing_zeros() as usize;
                        left &= left - 1;
                        if self.words.get(i).map_or(self.end_marks, |w| w.marks) & argument != 0 {
                            free |= position(i);
                        }
                    }
                }
                op::SHAPE => {
                    let wanted = if argument == 0 { flag::CAPITALS } else { flag::CAPITALISED };
                    let shaped = |i: usize| self.words[i].has(wanted);
                    let fit = (0..self.words.len()).filter(|i| shaped(*i)).fold(0, |bits, i| bits | position(i));
                    (free, bound) = (free & fit, bound & fit);
                }
                _ => return false,
            }
        }
    }
}

/// Where a program goes on later: jumps lead forward only, so the nearest comes next.
pub(super) struct Waiting {
    /// The nearest place; `u32::MAX` for none.
    next: u32,
    list: Vec<(u32, u64, u64)>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { next: u32::MAX, list: Vec::new() }
    }
}

impl Waiting {
    fn add(&mut self, pc: u32, free: u64, bound: u64) {
        match self.list.iter_mut().find(|w| w.0 == pc) {
            Some(known) => *known = (pc, known.1 | free, known.2 | bound),
            None => self.list.push((pc, free, bound)),
        }
        self.next = self.next.min(pc);
    }

    fn take(&mut self) -> Option<(usize, u64, u64)> {
        let at = self.list.iter().position(|w| w.0 == self.next)?;
        let (pc, free, bound) = self.list.swap_remove(at);
        self.next = self.list.iter().map(|w| w.0).min().unwrap_or(u32::MAX);
        Some((pc as usize, free, bound))
    }

    fn clear(&mut self) {
        self.list.clear();
        self.next = u32::MAX;
    }
}
