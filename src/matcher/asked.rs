//! One sentence, to be asked what it holds where.

use super::outline::Outline;
use super::places::{Places, Table, position, positions};
use crate::document::sentence::Word;
use crate::evidence::marks::Marks;
use crate::pack::Lexis;

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
    pub(super) table: Table<'s>,
    pub(super) outline: Outline,
}

impl Asked<'_, '_> {
    #[inline]
    pub(super) fn places(&self, symbol: u32) -> Places {
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
    pub(super) fn may_begin(&self, i: usize, symbol: u32) -> bool {
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
}
