//! One way of a program after the other, the longest first: where a match ends.

use super::asked::Asked;
use super::{MAX_STEPS, SENTENCE_MARKS};
use crate::compiler::layout::op;
use crate::text::tokenize::{TokenKind, flag};

impl Asked<'_, '_> {
    /// The end of the match of a program at word `start`, if there is one.
    pub(super) fn matches_at(&self, program: usize, start: usize) -> Option<usize> {
        let mut steps = 0;
        self.step(program, start, true, &mut steps).filter(|end| *end > start)
    }

    /// Goes on from `pc` at word `i`; `free` says whether the boundary before `i` is accounted for.
    fn step(&self, mut pc: usize, mut i: usize, mut free: bool, steps: &mut u32) -> Option<usize> {
        let count = self.words.len();
        loop {
            *steps += 1;
            if *steps > MAX_STEPS {
                return None;
            }
            let code = self.lexis.program[pc];
            let argument = code & 0xff_ffff;
            match code >> 24 {
                op::MATCH => return Some(i),
                op::WORD => {
                    if i >= count || (!free && self.words[i].boundary) || !self.is(i, argument) {
                        return None;
                    }
                    i += 1;
                    free = false;
                    pc += 1;
                }
                op::SYMBOL => {
                    if i >= count || (!free && self.words[i].boundary) {
                        return None;
                    }
                    let longest = self.longest(i, argument);
                    if longest == 0 {
                        return None;
                    }
                    // shorter readings of the same stretch come after the longest
                    let mut shorter = longest;
                    loop {
                        let next = self.shorter(i, argument, shorter);
                        if next == 0 {
                            break;
                        }
                        if let Some(end) = self.step(pc + 1, i + shorter, false, steps) {
                            return Some(end);
                        }
                        shorter = next;
                    }
                    i += shorter;
                    free = false;
                    pc += 1;
                }
                op::ANY => {
                    if i >= count || (!free && self.words[i].boundary) {
                        return None;
                    }
                    i += 1;
                    free = false;
                    pc += 1;
                }
                op::GAP => {
                    let most = if argument == 255 { count - i.min(count) } else { argument as usize };
                    // what stands behind the gap tells where it is worth going on
                    let behind = self.lexis.program[pc + 1];
                    let worth = |at: usize| match behind >> 24 {
                        op::WORD => self.is(at, behind & 0xff_ffff),
                        op::SYMBOL => self.may_begin(at, behind & 0xff_ffff),
                        _ => true,
                    };
                    let mut skipped = 0;
                    loop {
                        if worth(i + skipped) {
                            if let Some(end) = self.step(pc + 1, i + skipped, free && skipped == 0, steps) {
                                return Some(end);
                            }
                        }
                        if skipped == most
                            || i + skipped >= count
                            || (self.words[i + skipped].boundary && !(free && skipped == 0))
                        {
                            return None;
                        }
                        skipped += 1;
                    }
                }
                op::SPLIT => {
                    // most alternatives fail at their first word
                    let first = self.lexis.program[pc + 1];
                    let worth = match first >> 24 {
                        op::WORD => self.is(i, first & 0xff_ffff),
                        op::SYMBOL => i < count && self.may_begin(i, first & 0xff_ffff),
                        _ => true,
                    };
                    if worth {
                        if let Some(end) = self.step(pc + 1, i, free, steps) {
                            return Some(end);
                        }
                    }
                    pc = argument as usize;
                }
                op::JUMP => pc = argument as usize,
                op::START => {
                    // short sentences in a row are one to the patterns (see `document::sentence`): each has its own start and end
                    let joined = i < count && self.words[i].marks & SENTENCE_MARKS != 0;
                    if !joined && self.words[..i.min(count)].iter().any(|w| w.kind != TokenKind::Emoji) {
                        return None;
                    }
                    pc += 1;
                }
                op::END => {
                    let joined = i < count && i > 0 && self.words[i].marks & SENTENCE_MARKS != 0;
                    if !joined
                        && self.words[i.min(count)..]
                            .iter()
                            .any(|w| !matches!(w.kind, TokenKind::Emoji | TokenKind::Hashtag | TokenKind::Url))
                    {
                        return None;
                    }
                    pc += 1;
                }
                op::MARK => {
                    let here = if i < count { self.words[i].marks } else { self.end_marks };
                    if here & argument == 0 {
                        return None;
                    }
                    free = true;
                    pc += 1;
                }
                op::SHAPE => {
                    let wanted = if argument == 0 { flag::CAPITALS } else { flag::CAPITALISED };
                    if i >= count || !self.words[i].has(wanted) {
                        return None;
                    }
                    pc += 1;
                }
                _ => return None,
            }
        }
    }

    /// The longest stretch of a symbol at `i` that is shorter than `than`.
    fn shorter(&self, i: usize, symbol: u32, than: usize) -> usize {
        if than == 1 {
            return 0;
        }
        let single = usize::from(self.is(i, symbol));
        self.marks
            .at(i)
            .filter(|m| m.symbol == symbol && (m.len as usize) < than)
            .map(|m| m.len as usize)
            .max()
            .unwrap_or(0)
            .max(single)
    }
}
