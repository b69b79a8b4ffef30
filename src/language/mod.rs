//! Which language a block is written in: a vote of function words, with the script and a few letters as hints.

use crate::finding::Language;
use crate::pack::Pack;
use crate::text::tokenize::{TokenKind, Tokens};

/// How many words of a text are asked at most.
const ASKED_WORDS: usize = 400;

/// The outcome of a vote.
#[derive(Clone, Copy, Debug, Default)]
pub struct Vote {
    /// Weighted votes for en, fr, nl, ru.
    pub votes: [u32; 4],
    /// Function words found, of any of the four.
    pub stop_words: u32,
    /// Words asked.
    pub words: u32,
    /// Cyrillic words among them.
    pub cyrillic: u32,
    /// Cyrillic words with a letter that Russian does not have.
    pub foreign_cyrillic: u32,
}

impl Vote {
    /// Adds another block's vote.
    pub fn add(&mut self, other: &Vote) {
        for (a, b) in self.votes.iter_mut().zip(other.votes) {
            *a += b;
        }
        self.stop_words += other.stop_words;
        self.words += other.words;
        self.cyrillic += other.cyrillic;
        self.foreign_cyrillic += other.foreign_cyrillic;
    }

    /// The winner, and whether it is beyond doubt.
    pub fn winner(&self) -> (Language, bool) {
        if self.words == 0 {
            return (Language::Unknown, false);
        }
        if 2 * self.cyrillic > self.words {
            let foreign = self.foreign_cyrillic > 0 && 12 * self.foreign_cyrillic >= self.cyrillic;
            return (if foreign { Language::Unknown } else { Language::Ru }, self.cyrillic >= 2);
        }
        let mut order = [0, 1, 2, 3];
        order.sort_by_key(|i| std::cmp::Reverse(self.votes[*i]));
        let (best, second) = (self.votes[order[0]], self.votes[order[1]]);
        if best == 0 || best == second {
            return (Language::Unknown, false);
        }
        // a text of another language shares a few words with these four, never one in seven
        if self.words >= 12 && best < self.words * 2 / 7 {
            return (Language::Unknown, self.words >= 25);
        }
        (Language::KNOWN[order[0]], best >= 6 && best >= 2 * second)
    }
}

/// Lets the words of a text vote.
pub fn vote(pack: &Pack, tokens: &Tokens) -> Vote {
    let mut vote = Vote::default();
    for token in tokens.list.iter().filter(|t| t.kind == TokenKind::Word).take(ASKED_WORDS) {
        let word = tokens.folded(token);
        vote.words += 1;
        if word.starts_with(|c| matches!(c, '\u{400}'..='\u{52f}')) {
            vote.cyrillic += 1;
            vote.foreign_cyrillic +=
                u32::from(word.contains([
                    'і', 'ї', 'є', 'ґ', 'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'џ', 'ә', 'қ', 'ө', 'ү', 'ң', 'ғ', 'ұ',
                ]));
            continue;
        }
        let mask = if word.len() <= 14 { pack.stop_word_languages(word) } else { 0 };
        if mask != 0 {
            vote.stop_words += 1;
            let weight = if mask.count_ones() == 1 { 3 } else { 1 };
            for (i, votes) in vote.votes.iter_mut().enumerate() {
                *votes += weight * (mask >> i & 1);
            }
            continue;
        }
        // é è ê à ç ù î ô share their first byte
        if word.bytes().any(|b| b == 0xc3) && word.contains(['é', 'è', 'ê', 'à', 'ç', 'ù', 'î', 'ô']) {
            vote.votes[1] += 1;
        }
        let (mut dutch, mut english) = (false, word.starts_with("th"));
        for pair in word.as_bytes().windows(2) {
            match pair {
                b"ij" | b"aa" | b"uu" | b"oe" => dutch = true,
                b"gh" => english = true,
                b"sc" => dutch |= word.contains("sch"),
                _ => {}
            }
        }
        vote.votes[2] += u32::from(dutch);
        vote.votes[0] += u32::from(english || word.ends_with("ing") || word.ends_with("ly"));
    }
    vote
}
