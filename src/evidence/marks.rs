//! Marks: what is known of stretches of one sentence, by symbol.

/// A stretch of a sentence that carries a symbol.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The fact or lexicon.
    pub symbol: u32,
    /// Its first word, counted from the sentence's first.
    pub start: u32,
    /// How many words.
    pub len: u32,
    next: u32,
}

const END: u32 = u32::MAX;

/// The marks of one sentence; a buffer to be used again.
#[derive(Default)]
pub struct Marks {
    list: Vec<Mark>,
    heads: Vec<u32>,
}

impl Marks {
    /// Empties it for a sentence of `words` words.
    pub fn reset(&mut self, words: usize) {
        self.list.clear();
        self.heads.clear();
        self.heads.resize(words, END);
    }

    /// Adds a mark, unless it is there. Says whether it is new.
    pub fn push(&mut self, symbol: u32, start: usize, len: usize) -> bool {
        if start >= self.heads.len() || len == 0 || self.at(start).any(|m| m.symbol == symbol && m.len == len as u32) {
            return false;
        }
        self.list.push(Mark { symbol, start: start as u32, len: len as u32, next: self.heads[start] });
        self.heads[start] = self.list.len() as u32 - 1;
        true
    }

    /// The marks that begin at a word.
    pub fn at(&self, word: usize) -> impl Iterator<Item = &Mark> {
        let mut next = self.heads.get(word).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let mark = self.list.get(next as usize)?;
            next = mark.next;
            Some(mark)
        })
    }

    /// All marks, in the order they were made.
    pub fn all(&self) -> &[Mark] {
        &self.list
    }
}
