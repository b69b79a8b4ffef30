//! Places: at which words of the sentence at hand each symbol begins, as bits.

use crate::compiler::layout::MAX_SYMBOLS;

/// At which words a symbol begins in the sentence at hand: a bit each, the last bit for all words from the 64th on.
#[derive(Clone, Copy, Default)]
pub(super) struct Places {
    /// Words that carry it by themselves.
    pub words: u64,
    /// Marks of it.
    pub marks: u64,
}

impl Places {
    pub fn all(self) -> u64 {
        self.words | self.marks
    }
}

/// Words and marks of each symbol. The length makes every number of sixteen bits an index; pages of symbols that no rule has
/// are never touched.
pub(super) type Columns = [[u64; 2]; MAX_SYMBOLS + 1];

static NOWHERE: Columns = [[0; 2]; MAX_SYMBOLS + 1];

/// Columns without any place.
pub(super) fn columns() -> Option<Box<Columns>> {
    vec![[0; 2]; MAX_SYMBOLS + 1].into_boxed_slice().try_into().ok()
}

#[inline]
pub(super) fn index(symbol: u32) -> usize {
    usize::from(symbol as u16)
}

/// Where each symbol begins.
#[derive(Clone, Copy)]
pub(super) struct Table<'s> {
    columns: &'s Columns,
}

impl<'s> Table<'s> {
    pub fn new(columns: Option<&'s Columns>) -> Self {
        Self { columns: columns.unwrap_or(&NOWHERE) }
    }

    #[inline]
    pub fn of(&self, symbol: u32) -> Places {
        let [words, marks] = self.columns[index(symbol)];
        Places { words, marks }
    }
}

pub(super) fn position(word: usize) -> u64 {
    1 << word.min(63)
}

/// The positions of the words `from..to`; those from the 64th on share the last bit.
pub(super) fn positions(from: usize, to: usize) -> u64 {
    let below = |i: usize| if i > 63 { u64::MAX } else { (1 << i) - 1 };
    if from >= to { 0 } else { below(to) & !(position(from) - 1) }
}
