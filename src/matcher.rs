//! Runs the patterns of one language over one sentence.
//!
//! Every token brings its symbols from one walk of the trie. They are gathered as bits: which symbols the sentence holds.
//! Symbols that are anchors wake their patterns; a pattern whose required symbols are all there is tried where a match may
//! begin. Patterns of lexicons run first, stage by stage, and leave marks; patterns and frames of rules run last.

use crate::compiler::layout::{self, FRAME_BIT, NONE, mark, op};
use crate::document::sentence::{BlockWords, Sentence, Word};
use crate::evidence::marks::Marks;
use crate::pack::Lexis;
use crate::text::tokenize::{TokenKind, flag};
use std::cell::Cell;

/// Marks that end a sentence.
const SENTENCE_MARKS: u32 = mark::PERIOD | mark::QUESTION | mark::EXCLAMATION | mark::ELLIPSIS | mark::BREAK;

/// Steps a single attempt may take: bounds patterns made to be slow.
const MAX_STEPS: u32 = 4_000;

/// What a rule's pattern or frame found, in words of the sentence.
#[derive(Clone, Debug)]
pub struct Match {
    /// The entry of the rule (see [`layout::ENTRY_WORDS`]).
    pub entry: u32,
    /// First word.
    pub start: usize,
    /// One past the last word.
    pub end: usize,
    /// Slots of a frame: role (a string of the pack), first word, one past the last.
    pub slots: Vec<(u32, u32, usize, usize)>,
}

/// At which words a symbol begins in the sentence of that stamp: a bit each, the last bit for all words from the 64th on.
#[derive(Clone, Copy, Default)]
struct Places {
    positions: u64,
    stamp: u32,
}

fn position(word: usize) -> u64 {
    1 << word.min(63)
}

/// Buffers of one language, used again for each sentence.
#[derive(Default)]
pub struct Scratch {
    /// A bit for each symbol that the sentence holds.
    present: Vec<u32>,
    /// Where symbols begin, as far as somebody asked.
    places: Vec<Cell<Places>>,
    /// When patterns were woken last, and at which words.
    woken: Vec<Places>,
    stamp: u32,
    stages: Vec<Vec<u32>>,
    /// The marks of the sentence at hand.
    pub marks: Marks,
    /// What rules found in it.
    pub matches: Vec<Match>,
}

/// One sentence, ready to be asked.
pub struct Asked<'s, 'p> {
    /// The language's part of the pack.
    pub lexis: &'s Lexis<'p>,
    /// Its words.
    pub words: &'s [Word],
    /// Marks that end it.
    pub end_marks: u32,
    /// What is known of it.
    pub marks: &'s Marks,
    present: &'s [u32],
    places: &'s [Cell<Places>],
    stamp: u32,
}

impl Scratch {
    /// Makes room for a language. The marks of facts must be pushed into [`Scratch::marks`] before [`Scratch::run`].
    pub fn prepare(&mut self, lexis: &Lexis<'_>) {
        if self.places.len() != lexis.symbol_count {
            self.present = vec![0; lexis.stride];
            self.places = vec![Cell::default(); lexis.symbol_count];
            self.woken = vec![Places::default(); lexis.patterns.len() / layout::PATTERN_WORDS];
            self.stages = vec![Vec::new(); lexis.stage_count + 1];
            self.stamp = 0;
        }
    }

    /// Runs everything over a sentence; `wanted` says whether a rule is on.
    pub fn run(&mut self, lexis: &Lexis<'_>, block: &BlockWords, sentence: &Sentence, wanted: &[bool]) {
        let words = &block.words[sentence.first..sentence.last];
        self.stamp += 1;
        self.matches.clear();
        for stage in &mut self.stages {
            stage.clear();
        }
        self.gather(lexis, words);
        for i in 0..self.marks.all().len() {
            self.marked(lexis, words, i);
        }
        let mut sentence_starts = 1u64;
        for (i, word) in words.iter().enumerate().skip(1) {
            if word.marks & SENTENCE_MARKS != 0 || words[i - 1].kind == TokenKind::Emoji {
                sentence_starts |= position(i);
            }
        }
        for stage in 0..self.stages.len() {
            let mut next = 0;
            while next < self.stages[stage].len() {
                let candidate = self.stages[stage][next];
                next += 1;
                if candidate & FRAME_BIT != 0 {
                    let at = (candidate & !FRAME_BIT) as usize;
                    if is_wanted(lexis, lexis.frames[at], wanted) {
                        let mut matches = std::mem::take(&mut self.matches);
                        frame(&self.asked(lexis, block, sentence), at, &mut matches);
                        self.matches = matches;
                    }
                    continue;
                }
                self.attempt(lexis, block, sentence, candidate, sentence_starts, wanted);
            }
        }
    }

    /// Gathers the symbols that the words carry by themselves and wakes what is anchored on them.
    fn gather(&mut self, lexis: &Lexis<'_>, words: &[Word]) {
        self.present.fill(0);
        for (i, word) in words.iter().enumerate() {
            if word.symbols == NONE {
                continue;
            }
            let (symbols, waking) = lexis.symbols(word.symbols);
            match lexis.row(word.symbols).filter(|row| symbols.len() > row.len() / 8) {
                Some(row) => self.present.iter_mut().zip(row).for_each(|(bits, row)| *bits |= row),
                None => {
                    for symbol in symbols {
                        self.present[*symbol as usize / 32] |= 1 << (symbol % 32);
                    }
                }
            }
            for symbol in &symbols[..waking] {
                self.wake(lexis, *symbol, position(i));
            }
        }
    }

    /// Takes note of the mark numbered `i`.
    fn marked(&mut self, lexis: &Lexis<'_>, words: &[Word], i: usize) {
        let mark = self.marks.all()[i];
        let symbol = mark.symbol as usize;
        let Some(cell) = self.places.get(symbol) else { return };
        let bit = 1 << (symbol % 32);
        let known = cell.get();
        let before = if known.stamp == self.stamp {
            known.positions
        } else if self.present[symbol / 32] & bit != 0 {
            placed(lexis, words, mark.symbol)
        } else {
            0
        };
        cell.set(Places { positions: before | position(mark.start as usize), stamp: self.stamp });
        self.present[symbol / 32] |= bit;
        self.wake(lexis, mark.symbol, position(mark.start as usize));
    }

    fn wake(&mut self, lexis: &Lexis<'_>, symbol: u32, positions: u64) {
        let at = symbol as usize;
        for candidate in &lexis.anchors[lexis.anchor_index[at] as usize..lexis.anchor_index[at + 1] as usize] {
            if candidate & FRAME_BIT != 0 {
                if !self.stages[lexis.stage_count].contains(candidate) {
                    self.stages[lexis.stage_count].push(*candidate);
                }
                continue;
            }
            let woken = &mut self.woken[*candidate as usize];
            if woken.stamp == self.stamp {
                woken.positions |= positions;
            } else {
                *woken = Places { positions, stamp: self.stamp };
                let stage = lexis.patterns[*candidate as usize * layout::PATTERN_WORDS + 2];
                self.stages[stage as usize].push(*candidate);
            }
        }
    }

    /// Tries a pattern wherever a match may begin.
    fn attempt(
        &mut self,
        lexis: &Lexis<'_>,
        block: &BlockWords,
        sentence: &Sentence,
        candidate: u32,
        sentence_starts: u64,
        wanted: &[bool],
    ) {
        let record = &lexis.patterns[candidate as usize * layout::PATTERN_WORDS..][..layout::PATTERN_WORDS];
        let is_present = |s: &u32| self.present[*s as usize / 32] >> (s % 32) & 1 != 0;
        let (required, mut rest) = counted(&lexis.required[record[1] as usize..]);
        if !required.iter().all(is_present) {
            return;
        }
        let groups = rest[0];
        rest = &rest[1..];
        for _ in 0..groups {
            let (group, behind) = counted(rest);
            if !group.iter().any(is_present) {
                return;
            }
            rest = behind;
        }
        let makes_mark = record[3] == layout::TARGET_MARK;
        if !makes_mark && !is_wanted(lexis, record[4], wanted) {
            return;
        }
        // where a match may begin: at the words that carry one of its first symbols, or at a sentence's start
        let first = rest[0];
        let firsts = &rest[1..1 + (first & layout::COUNT_OF_FIRST) as usize];
        let asked = self.asked(lexis, block, sentence);
        let mut starts = if first & layout::BEGINS_AT_ANCHOR != 0 {
            self.woken[candidate as usize].positions
        } else if firsts.is_empty() {
            u64::MAX
        } else {
            firsts.iter().fold(0, |bits, s| bits | asked.positions(*s))
        };
        if first & layout::BEGINS_SENTENCE != 0 {
            starts &= sentence_starts;
        }
        let count = asked.words.len();
        let mut start = 0;
        while let Some(at) = next_start(starts, start, count) {
            start = at + 1;
            let asked = self.asked(lexis, block, sentence);
            let Some(end) = asked.matches_at(record[0] as usize, at) else { continue };
            if makes_mark {
                if self.marks.push(record[4], at, end - at) {
                    self.marked(lexis, &block.words[sentence.first..sentence.last], self.marks.all().len() - 1);
                }
            } else {
                self.matches.push(Match { entry: record[4], start: at, end, slots: Vec::new() });
                start = end;
            }
        }
    }

    /// The sentence at hand, to be asked about evidence.
    pub fn asked<'s, 'p>(&'s self, lexis: &'s Lexis<'p>, block: &'s BlockWords, sentence: &Sentence) -> Asked<'s, 'p> {
        Asked {
            lexis,
            words: &block.words[sentence.first..sentence.last],
            end_marks: sentence.end_marks,
            marks: &self.marks,
            present: &self.present,
            places: &self.places,
            stamp: self.stamp,
        }
    }
}

/// A list that begins with its length, and what stands behind it.
fn counted(words: &[u32]) -> (&[u32], &[u32]) {
    words[1..].split_at(words[0] as usize)
}

/// The first word from `from` on at which `starts` lets a match begin.
fn next_start(starts: u64, from: usize, count: usize) -> Option<usize> {
    let ahead = starts & !(position(from) - 1);
    let next = if from >= 63 { from } else { ahead.trailing_zeros() as usize };
    (ahead != 0 && next < count).then_some(next)
}

/// The words that carry a symbol by themselves.
fn placed(lexis: &Lexis<'_>, words: &[Word], symbol: u32) -> u64 {
    words.iter().enumerate().fold(
        0,
        |bits, (i, word)| {
            if lexis.holds(word.symbols, symbol) { bits | position(i) } else { bits }
        },
    )
}

fn is_wanted(lexis: &Lexis<'_>, entry: u32, wanted: &[bool]) -> bool {
    let rule = lexis.entries[entry as usize * layout::ENTRY_WORDS];
    wanted.get(rule as usize).copied().unwrap_or(false)
}

impl Asked<'_, '_> {
    /// Whether a symbol occurs anywhere in the sentence.
    #[inline]
    pub fn sees(&self, symbol: u32) -> bool {
        self.present.get(symbol as usize / 32).is_some_and(|bits| bits >> (symbol % 32) & 1 != 0)
    }

    /// Whether the word at `i` carries a symbol by itself.
    #[inline]
    pub fn is(&self, i: usize, symbol: u32) -> bool {
        self.words.get(i).is_some_and(|w| self.lexis.holds(w.symbols, symbol))
    }

    /// The words at which a symbol may begin (see [`Places`]): exact for the first 63.
    pub fn positions(&self, symbol: u32) -> u64 {
        if !self.sees(symbol) {
            return 0;
        }
        let cell = &self.places[symbol as usize];
        let known = cell.get();
        if known.stamp == self.stamp {
            return known.positions;
        }
        let positions = placed(self.lexis, self.words, symbol);
        cell.set(Places { positions, stamp: self.stamp });
        positions
    }

    /// Whether a symbol may begin at word `i`: surely not, when this says no.
    fn may_begin(&self, i: usize, symbol: u32) -> bool {
        self.positions(symbol) & position(i) != 0
    }

    /// The longest stretch of a symbol that begins at word `i`, in words; 0 for none.
    pub fn longest(&self, i: usize, symbol: u32) -> usize {
        if !self.may_begin(i, symbol) {
            return 0;
        }
        let single = usize::from(self.is(i, symbol));
        self.marks.at(i).filter(|m| m.symbol == symbol).map(|m| m.len as usize).max().unwrap_or(0).max(single)
    }

    /// Whether a symbol occurs in `from..to`, not overlapping `except`.
    pub fn occurs(&self, symbol: u32, from: usize, to: usize, except: Option<(usize, usize)>) -> bool {
        if !self.sees(symbol) {
            return false;
        }
        let free = |start: usize, len: usize| except.is_none_or(|(a, b)| start + len <= a || start >= b);
        (from..to).any(|i| {
            self.may_begin(i, symbol)
                && (self.is(i, symbol) && free(i, 1)
                    || self
                        .marks
                        .at(i)
                        .any(|m| m.symbol == symbol && i + m.len as usize <= to && free(i, m.len as usize)))
        })
    }

    /// The clause around a match: from the boundary before its first word to the one after its last.
    pub fn clause(&self, start: usize, end: usize) -> (usize, usize) {
        let from = (0..=start).rev().find(|i| self.words[*i].boundary).unwrap_or(0);
        let to = (end..self.words.len()).find(|i| self.words[*i].boundary).unwrap_or(self.words.len());
        (from, to)
    }

    fn matches_at(&self, program: usize, start: usize) -> Option<usize> {
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
        let single = usize::from(than > 1 && self.is(i, symbol));
        self.marks
            .at(i)
            .filter(|m| m.symbol == symbol && (m.len as usize) < than)
            .map(|m| m.len as usize)
            .max()
            .unwrap_or(0)
            .max(single)
    }
}

/// Looks for the tightest filling of a frame in each clause (or in the sentence).
fn frame(asked: &Asked<'_, '_>, at: usize, matches: &mut Vec<Match>) {
    let words = &asked.lexis.frames[at..];
    let (entry, flags, reach, slots, optional) =
        (words[0], words[1], words[2] as usize, words[3] as usize, words[4] as usize);
    let record = |s: usize| (words[5 + 3 * s], words[6 + 3 * s], words[7 + 3 * s]);
    if !(0..slots).all(|s| asked.sees(record(s).0)) {
        return;
    }
    let mut from = 0;
    while from < asked.words.len() {
        let to = if flags & 1 != 0 { asked.words.len() } else { asked.clause(from, from + 1).1 };
        let fillings: Vec<Vec<(usize, usize)>> =
            (0..slots + optional).map(|s| stretches(asked, record(s).0, from, to)).collect();
        if fillings[..slots].iter().all(|f| !f.is_empty()) {
            let mut best: Option<(usize, Vec<(usize, usize)>)> = None;
            let mut chosen = Vec::with_capacity(slots);
            let mut steps = 0;
            fill(&fillings[..slots], flags & 2 != 0, reach, &mut chosen, &mut best, &mut steps);
            if let Some((_, chosen)) = best {
                let start = chosen.iter().map(|s| s.0).min().unwrap_or(from);
                let end = chosen.iter().map(|s| s.1).max().unwrap_or(to);
                let mut labels: Vec<(u32, u32, usize, usize)> =
                    chosen.iter().enumerate().map(|(s, (a, b))| (record(s).1, record(s).2, *a, *b)).collect();
                for s in slots..slots + optional {
                    if let Some((a, b)) = fillings[s].iter().find(|(a, b)| !chosen.iter().any(|(c, d)| a < d && c < b))
                    {
                        labels.push((record(s).1, record(s).2, *a, *b));
                    }
                }
                matches.push(Match { entry, start, end, slots: labels });
            }
        }
        from = to.max(from + 1);
    }
}

fn stretches(asked: &Asked<'_, '_>, symbol: u32, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for i in from..to {
        let len = asked.longest(i, symbol);
        if len > 0 && i + len <= to && out.len() < 12 && !out.iter().any(|(a, b)| *a <= i && i + len <= *b) {
            out.push((i, i + len));
        }
    }
    out
}

fn fill(
    fillings: &[Vec<(usize, usize)>],
    ordered: bool,
    reach: usize,
    chosen: &mut Vec<(usize, usize)>,
    best: &mut Option<(usize, Vec<(usize, usize)>)>,
    steps: &mut u32,
) {
    *steps += 1;
    if *steps > MAX_STEPS {
        return;
    }
    let extent = |chosen: &[(usize, usize)]| {
        let start = chosen.iter().map(|s| s.0).min().unwrap_or(0);
        let end = chosen.iter().map(|s| s.1).max().unwrap_or(0);
        end - start
    };
    if chosen.len() == fillings.len() {
        let width = extent(chosen);
        if best.as_ref().is_none_or(|(b, _)| width < *b) {
            *best = Some((width, chosen.clone()));
        }
        return;
    }
    for (a, b) in &fillings[chosen.len()] {
        if chosen.iter().any(|(c, d)| a < d && c < b) || (ordered && chosen.last().is_some_and(|(_, d)| a < d)) {
            continue;
        }
        chosen.push((*a, *b));
        if extent(chosen) <= reach {
            fill(fillings, ordered, reach, chosen, best, steps);
        }
        chosen.pop();
    }
}
