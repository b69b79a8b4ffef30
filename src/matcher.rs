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

/// A symbol is a number of sixteen bits; the last one stands for none.
const MAX_SYMBOLS: usize = layout::MAX_SYMBOLS;

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

/// At which words a symbol begins in the sentence at hand: a bit each, the last bit for all words from the 64th on.
#[derive(Clone, Copy)]
struct Places {
    /// Words that carry it by themselves.
    words: u64,
    /// Marks of it.
    marks: u64,
}

impl Places {
    fn all(self) -> u64 {
        self.words | self.marks
    }
}

/// A set of places for each symbol. The length makes every number of sixteen bits an index; pages of symbols that no rule
/// has are never touched.
type Column = [u64; MAX_SYMBOLS + 1];

/// Where each symbol begins.
#[derive(Clone, Copy)]
struct Table<'s> {
    words: &'s Column,
    marks: &'s Column,
}

impl Table<'_> {
    #[inline]
    fn of(&self, symbol: u32) -> Places {
        Places { words: self.words[index(symbol)], marks: self.marks[index(symbol)] }
    }
}

static NOWHERE: Column = [0; MAX_SYMBOLS + 1];

fn column() -> Option<Box<Column>> {
    vec![0; MAX_SYMBOLS + 1].into_boxed_slice().try_into().ok()
}

#[inline]
fn index(symbol: u32) -> usize {
    usize::from(symbol as u16)
}

fn position(word: usize) -> u64 {
    1 << word.min(63)
}

/// The positions of the words `from..to`; those from the 64th on share the last bit.
fn positions(from: usize, to: usize) -> u64 {
    let below = |i: usize| if i > 63 { u64::MAX } else { (1 << i) - 1 };
    if from >= to { 0 } else { below(to) & !(position(from) - 1) }
}

/// What [`Asked::may_match`] asks of the words, as bits like those of [`Places`].
#[derive(Clone, Copy, Default)]
struct Outline {
    words: u64,
    boundaries: u64,
    /// Where a sentence starts: the first word, and where one of the short sentences that stand as one begins.
    starts: u64,
    /// Where one ends; the place behind the last word counts too.
    ends: u64,
}

/// Sentences of more words are only walked: their last bit stands for many.
const OUTLINED: usize = 62;

/// Buffers of one language, used again for each sentence.
#[derive(Default)]
pub struct Scratch {
    words: Option<Box<Column>>,
    marked: Option<Box<Column>>,
    symbol_count: usize,
    /// The symbol lists and symbols that left something in the columns.
    gathered: Vec<u32>,
    noted: Vec<u32>,
    /// Symbols that are anchors, in the order in which the sentence brought them.
    fresh: Vec<u32>,
    /// The sentence in which each pattern was woken last.
    woken: Vec<u32>,
    stamp: u32,
    stages: Vec<Vec<u32>>,
    outline: Outline,
    waiting: Waiting,
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
    table: Table<'s>,
    outline: Outline,
}

impl Scratch {
    /// Makes room for a language. The marks of facts must be pushed into [`Scratch::marks`] before [`Scratch::run`].
    pub fn prepare(&mut self, lexis: &Lexis<'_>) {
        if self.words.is_none() || self.symbol_count != lexis.symbol_count {
            (self.words, self.marked) = (column(), column());
            self.symbol_count = lexis.symbol_count;
            self.gathered.clear();
            self.noted.clear();
            self.woken = vec![0; lexis.patterns.len() / layout::PATTERN_WORDS];
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
            self.note(lexis, i);
        }
        for i in 0..self.fresh.len() {
            self.wake(lexis, self.fresh[i]);
        }
        self.outline = Outline::of(words);
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
                self.attempt(lexis, block, sentence, candidate, wanted);
            }
        }
    }

    /// Gathers the symbols that the words carry by themselves; what the sentence before left is taken away.
    fn gather(&mut self, lexis: &Lexis<'_>, words: &[Word]) {
        let Self { words: Some(column), marked: Some(marked), gathered, noted, fresh, .. } = self else { return };
        for list in gathered.drain(..) {
            for symbol in lexis.symbols(list).0 {
                column[index(*symbol)] = 0;
            }
        }
        for symbol in noted.drain(..) {
            marked[index(symbol)] = 0;
        }
        fresh.clear();
        for (i, word) in words.iter().enumerate().filter(|(_, word)| word.symbols != NONE) {
            let (symbols, waking) = lexis.symbols(word.symbols);
            gathered.push(word.symbols);
            let bit = position(i);
            let (anchors, others) = symbols.split_at(waking);
            for symbol in anchors {
                let places = &mut column[index(*symbol)];
                if *places == 0 {
                    fresh.push(*symbol);
                }
                *places |= bit;
            }
            for symbol in others {
                column[index(*symbol)] |= bit;
            }
        }
    }

    /// Takes note of the mark numbered `i`; its symbol is fresh when the sentence did not hold it yet.
    fn note(&mut self, lexis: &Lexis<'_>, i: usize) {
        let mark = self.marks.all()[i];
        let symbol = mark.symbol as usize;
        if symbol >= lexis.symbol_count {
            return;
        }
        let known = self.table().of(mark.symbol);
        if known.all() == 0 && lexis.anchor_index[symbol] < lexis.anchor_index[symbol + 1] {
            self.fresh.push(mark.symbol);
        }
        if known.marks == 0 {
            self.noted.push(mark.symbol);
        }
        if let Some(marked) = &mut self.marked {
            marked[index(mark.symbol)] |= position(mark.start as usize);
        }
    }

    /// Wakes the patterns and frames anchored on a symbol, but those whose guard is not there.
    fn wake(&mut self, lexis: &Lexis<'_>, symbol: u32) {
        let Some(words) = &self.words else { return };
        let at = symbol as usize;
        let range = 2 * lexis.anchor_index[at] as usize..2 * lexis.anchor_index[at + 1] as usize;
        for anchor in lexis.anchors[range].chunks_exact(2) {
            let (candidate, guard) = (anchor[0], anchor[1]);
            if guard != NONE && words[index(guard)] == 0 {
                continue;
            }
            if candidate & FRAME_BIT != 0 {
                if !self.stages[lexis.stage_count].contains(&candidate) {
                    self.stages[lexis.stage_count].push(candidate);
                }
                continue;
            }
            let pattern = candidate & layout::ANCHORED_PATTERN;
            let woken = &mut self.woken[pattern as usize];
            if *woken != self.stamp {
                *woken = self.stamp;
                self.stages[(candidate >> layout::ANCHORED_STAGE) as usize].push(pattern);
            }
        }
    }

    /// Tries a pattern wherever a match may begin.
    fn attempt(&mut self, lexis: &Lexis<'_>, block: &BlockWords, sentence: &Sentence, candidate: u32, wanted: &[bool]) {
        let record = &lexis.patterns[candidate as usize * layout::PATTERN_WORDS..][..layout::PATTERN_WORDS];
        let table = self.table();
        let is_present = |s: &u32| table.of(*s).all() != 0;
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
        let mut starts = match firsts {
            [] => u64::MAX,
            _ => firsts.iter().fold(0, |bits, s| bits | table.of(*s).all()),
        };
        if first & layout::BEGINS_SENTENCE != 0 {
            starts &= self.outline.starts;
        }
        let count = sentence.last - sentence.first;
        if count <= OUTLINED {
            let mut waiting = std::mem::take(&mut self.waiting);
            let may_match = self.asked(lexis, block, sentence).may_match(record[0] as usize, starts, &mut waiting);
            self.waiting = waiting;
            if !may_match {
                // the tests run with this check, over every example and fixture: the sets of places leave nothing out
                debug_assert!(
                    (0..count)
                        .filter(|at| starts & position(*at) != 0)
                        .all(|at| { self.asked(lexis, block, sentence).matches_at(record[0] as usize, at).is_none() }),
                    "a match that its sets of places rule out"
                );
                return;
            }
        }
        let mut start = 0;
        while let Some(at) = next_start(starts, start, count) {
            start = at + 1;
            let asked = self.asked(lexis, block, sentence);
            let Some(end) = asked.matches_at(record[0] as usize, at) else { continue };
            if makes_mark {
                if self.marks.push(record[4], at, end - at) {
                    self.fresh.clear();
                    self.note(lexis, self.marks.all().len() - 1);
                    for i in 0..self.fresh.len() {
                        self.wake(lexis, self.fresh[i]);
                    }
                }
            } else {
                self.matches.push(Match { entry: record[4], start: at, end, slots: Vec::new() });
                start = end;
            }
        }
    }

    fn table(&self) -> Table<'_> {
        Table { words: self.words.as_deref().unwrap_or(&NOWHERE), marks: self.marked.as_deref().unwrap_or(&NOWHERE) }
    }

    /// The sentence at hand, to be asked about evidence.
    pub fn asked<'s, 'p>(&'s self, lexis: &'s Lexis<'p>, block: &'s BlockWords, sentence: &Sentence) -> Asked<'s, 'p> {
        Asked {
            lexis,
            words: &block.words[sentence.first..sentence.last],
            end_marks: sentence.end_marks,
            marks: &self.marks,
            table: self.table(),
            outline: self.outline,
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

impl Outline {
    fn of(words: &[Word]) -> Self {
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

fn is_wanted(lexis: &Lexis<'_>, entry: u32, wanted: &[bool]) -> bool {
    let rule = lexis.entries[entry as usize * layout::ENTRY_WORDS];
    wanted.get(rule as usize).copied().unwrap_or(false)
}

impl Asked<'_, '_> {
    fn places(&self, symbol: u32) -> Places {
        self.table.of(symbol)
    }

    /// Whether a symbol occurs anywhere in the sentence.
    #[inline]
    pub fn sees(&self, symbol: u32) -> bool {
        self.places(symbol).all() != 0
    }

    /// Whether the word at `i` carries a symbol by itself.
    #[inline]
    pub fn is(&self, i: usize, symbol: u32) -> bool {
        match i {
            0..63 => self.places(symbol).words >> i & 1 != 0,
            _ => self.words.get(i).is_some_and(|w| self.lexis.holds(w.symbols, symbol)),
        }
    }

    /// The words at which a symbol may begin (see [`Places`]): exact for the first 63.
    pub fn positions(&self, symbol: u32) -> u64 {
        self.places(symbol).all()
    }

    /// At how many words a symbol begins.
    pub fn count(&self, symbol: u32) -> u32 {
        let places = self.positions(symbol);
        match self.words.len() {
            0..64 => places.count_ones(),
            words if places != 0 => (0..words).filter(|i| self.longest(*i, symbol) > 0).count() as u32,
            _ => 0,
        }
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
        if self.places(symbol).marks & position(i) == 0 {
            return single;
        }
        self.marks.at(i).filter(|m| m.symbol == symbol).map(|m| m.len as usize).max().unwrap_or(0).max(single)
    }

    /// Whether a symbol occurs in `from..to`, not overlapping `except`.
    pub fn occurs(&self, symbol: u32, from: usize, to: usize, except: Option<(usize, usize)>) -> bool {
        if self.positions(symbol) & positions(from, to) == 0 {
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

    /// Whether a program may match from one of `starts`: surely not, when this says no. All starts and all ways are walked at
    /// once, as sets of places (bit-parallel simulation, Baeza-Yates & Gonnet 1992); for sentences of up to [`OUTLINED`] words.
    fn may_match(&self, program: usize, starts: u64, waiting: &mut Waiting) -> bool {
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

/// Where a program goes on later: jumps lead forward only, so the nearest comes next.
struct Waiting {
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
    let places = asked.positions(symbol);
    for i in (from..to).filter(|i| places & position(*i) != 0) {
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
