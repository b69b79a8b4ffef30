//! Runs the patterns of one language over one sentence.
//!
//! Every token brings its symbols from one walk of the trie. They are gathered as bits: which symbols the sentence holds.
//! Symbols that are anchors wake their patterns; a pattern whose required symbols are all there is tried where a match may
//! begin. Patterns of lexicons run first, stage by stage, and leave marks; patterns and frames of rules run last.

mod asked;
mod backtrack;
mod frame;
mod outline;
mod places;

pub use asked::Asked;

use crate::compiler::layout::{self, FRAME_BIT, NONE, mark};
use crate::document::sentence::{BlockWords, Sentence, Word};
use crate::evidence::marks::Marks;
use crate::pack::Lexis;
use frame::frame;
use outline::{OUTLINED, Outline, Waiting};
use places::{Columns, Table, columns, index, position};

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

/// Buffers of one language, used again for each sentence.
#[derive(Default)]
pub struct Scratch {
    columns: Option<Box<Columns>>,
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

impl Scratch {
    /// Makes room for a language. The marks of facts must be pushed into [`Scratch::marks`] before [`Scratch::run`].
    pub fn prepare(&mut self, lexis: &Lexis<'_>) {
        if self.columns.is_none() || self.symbol_count != lexis.symbol_count {
            self.columns = columns();
            self.symbol_count = lexis.symbol_count;
            self.gathered.clear();
            self.noted.clear();
            self.woken = vec![0; lexis.patterns.len()];
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
        self.note(lexis, 0);
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
        let Self { columns: Some(columns), gathered, noted, fresh, .. } = self else { return };
        for list in gathered.drain(..) {
            for symbol in lexis.symbols(list).0 {
                columns[index(*symbol)][0] = 0;
            }
        }
        for symbol in noted.drain(..) {
            columns[index(symbol)][1] = 0;
        }
        fresh.clear();
        for (i, word) in words.iter().enumerate().filter(|(_, word)| word.symbols != NONE) {
            let (symbols, waking) = lexis.symbols(word.symbols);
            gathered.push(word.symbols);
            let bit = position(i);
            let (anchors, others) = symbols.split_at(waking);
            for symbol in anchors {
                let places = &mut columns[index(*symbol)][0];
                if *places == 0 {
                    fresh.push(*symbol);
                }
                *places |= bit;
            }
            for symbol in others {
                columns[index(*symbol)][0] |= bit;
            }
        }
    }

    /// Takes note of the marks from the one numbered `next` on, marks what takes them in, and wakes what wants a symbol that the
    /// sentence did not hold yet.
    fn note(&mut self, lexis: &Lexis<'_>, mut next: usize) {
        while let Some(mark) = self.marks.all().get(next).copied() {
            next += 1;
            let symbol = mark.symbol as usize;
            if symbol >= lexis.symbol_count {
                continue;
            }
            let known = self.table().of(mark.symbol);
            if known.all() == 0 && lexis.anchor_index[symbol] < lexis.anchor_index[symbol + 1] {
                self.fresh.push(mark.symbol);
            }
            if known.marks == 0 {
                self.noted.push(mark.symbol);
            }
            if let Some(columns) = &mut self.columns {
                columns[index(mark.symbol)][1] |= position(mark.start as usize);
            }
            for whole in lexis.wholes_of(mark.symbol) {
                if !self.holds_word(*whole, mark.start as usize, mark.len as usize) {
                    self.marks.push(*whole, mark.start as usize, mark.len as usize);
                }
            }
        }
        for i in 0..self.fresh.len() {
            self.wake(lexis, self.fresh[i]);
        }
        self.fresh.clear();
    }

    /// Whether a stretch is a word that carries a symbol by itself: a list may hold the word, and take it in once more with
    /// another list.
    fn holds_word(&self, symbol: u32, start: usize, len: usize) -> bool {
        len == 1 && start < 63 && self.table().of(symbol).words & position(start) != 0
    }

    /// Wakes the patterns and frames anchored on a symbol, but those whose guard is not there.
    fn wake(&mut self, lexis: &Lexis<'_>, symbol: u32) {
        let table = Table::new(self.columns.as_deref());
        let at = symbol as usize;
        let range = 2 * lexis.anchor_index[at] as usize..2 * lexis.anchor_index[at + 1] as usize;
        for anchor in lexis.anchors[range].chunks_exact(2) {
            let (candidate, guard) = (anchor[0], anchor[1]);
            if guard != NONE && table.of(guard).words == 0 {
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
        let [target, head @ ..] = &lexis.program[lexis.patterns[candidate as usize] as usize..] else { return };
        let table = Table::new(self.columns.as_deref());
        let is_present = |s: &u32| table.of(*s).all() != 0;
        let (required, mut rest) = counted(head);
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
        let makes_mark = target & layout::TARGET_ENTRY == 0;
        let target = target & !layout::TARGET_ENTRY;
        if !makes_mark && !is_wanted(lexis, target, wanted) {
            return;
        }
        // where a match may begin: at the words that carry one of its first symbols, or at a sentence's start
        let first = rest[0];
        let (firsts, program) = rest[1..].split_at((first & layout::COUNT_OF_FIRST) as usize);
        let program = lexis.program.len() - program.len();
        let mut starts = match firsts {
            [] => u64::MAX,
            _ => firsts.iter().fold(0, |bits, s| bits | table.of(*s).all()),
        };
        if first & layout::BEGINS_SENTENCE != 0 {
            starts &= self.outline.starts;
        }
        let count = sentence.last - sentence.first;
        if count <= OUTLINED {
            let asked = Asked {
                lexis,
                words: &block.words[sentence.first..sentence.last],
                end_marks: sentence.end_marks,
                marks: &self.marks,
                table,
                outline: self.outline,
            };
            if !asked.may_match(program, starts, &mut self.waiting) {
                // the tests run with this check, over every example and fixture: the sets of places leave nothing out
                debug_assert!(
                    (0..count)
                        .filter(|at| starts & position(*at) != 0)
                        .all(|at| { self.asked(lexis, block, sentence).matches_at(program, at).is_none() }),
                    "a match that its sets of places rule out"
                );
                return;
            }
        }
        let mut start = 0;
        while let Some(at) = next_start(starts, start, count) {
            start = at + 1;
            let asked = self.asked(lexis, block, sentence);
            let Some(end) = asked.matches_at(program, at) else { continue };
            if makes_mark {
                let next = self.marks.all().len();
                if !self.holds_word(target, at, end - at) && self.marks.push(target, at, end - at) {
                    self.note(lexis, next);
                }
            } else {
                self.matches.push(Match { entry: target, start: at, end, slots: Vec::new() });
                start = end;
            }
        }
    }

    fn table(&self) -> Table<'_> {
        Table::new(self.columns.as_deref())
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

fn is_wanted(lexis: &Lexis<'_>, entry: u32, wanted: &[bool]) -> bool {
    let rule = lexis.entries[entry as usize * layout::ENTRY_WORDS];
    wanted.get(rule as usize).copied().unwrap_or(false)
}
