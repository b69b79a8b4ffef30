//! How specific a draft is: a transparent linear score over language-neutral features.

use crate::compiler::layout::NONE;
use crate::document::sentence::BlockWords;
use crate::evidence::fact;
use crate::finding::Language;
use crate::matcher::Asked;
use crate::pack::Pack;
use crate::report::Missing;
use crate::text::tokenize::TokenKind;

/// The lists of one language that the score needs, as symbols.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    common_word: u32,
    stop_word: u32,
    source: u32,
    period: u32,
    first_hand: u32,
}

impl Symbols {
    /// Looks the lists up in a pack.
    pub fn new(pack: &Pack, language: Language) -> Self {
        let get = |name: &str| pack.symbol(language, name).unwrap_or(NONE);
        Self { common_word: get("#common-word"), stop_word: get("#stop-word"), source: get("#source"), period: get("#period"), first_hand: get("#first-hand") }
    }
}

/// Features of the sentences seen so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    words: u32,
    measures: u32,
    numbers: u32,
    names: u32,
    dates: u32,
    sources: u32,
    first_hand: u32,
    rare: u32,
}

/// Scores below so many words say nothing.
pub const MIN_WORDS: usize = 8;

impl Tally {
    /// Adds a sentence. Quoted words and links are left out.
    pub fn sentence(&mut self, asked: &Asked<'_, '_>, block: &BlockWords, symbols: &Symbols) {
        for (i, word) in asked.words.iter().enumerate() {
            if word.quoted {
                continue;
            }
            if matches!(word.kind, TokenKind::Word | TokenKind::Number) {
                self.words += 1;
                let known = asked.is(i, symbols.common_word) || asked.is(i, symbols.stop_word);
                self.rare += u32::from(!known && block.folded(word).chars().count() > 3);
            }
            for mark in asked.marks.at(i) {
                match mark.symbol {
                    fact::MEASURE => self.measures += 1,
                    fact::NUMBER => self.numbers += 1,
                    fact::NAME | fact::PLACEHOLDER_NAME | fact::ACRONYM | fact::MENTION => self.names += 1,
                    fact::DATE | fact::YEAR | fact::TIME => self.dates += 1,
                    s if s == symbols.period => self.dates += 1,
                    s if s == symbols.source => self.sources += 1,
                    s if s == symbols.first_hand => self.first_hand += 1,
                    _ => {}
                }
            }
        }
        self.sources += u32::from(asked.sees(symbols.source) && self.sources == 0);
        self.first_hand += u32::from(asked.sees(symbols.first_hand) && self.first_hand == 0);
    }

    /// The score, and what is missing.
    pub fn score(&self, language: Language, words: usize, kind: Option<&str>) -> (Option<f64>, Vec<Missing>) {
        if words < MIN_WORDS || language == Language::Unknown || kind == Some("reply") {
            return (None, Vec::new());
        }
        let per = |n: u32| f64::from(n) / f64::from(self.words.max(1));
        let x = -1.2 + 14.0 * per(self.measures) + 4.0 * per(self.numbers) + 8.0 * per(self.names) + 8.0 * per(self.dates) + 3.0 * per(self.rare) + 0.2 * f64::from(self.sources.min(2)) + 0.012 * f64::from(self.words.min(60));
        let score = 1.0 / (1.0 + (-x).exp());
        let mut missing = Vec::new();
        for (count, what) in [(self.measures, Missing::Figure), (self.names, Missing::Name), (self.dates, Missing::Period), (self.sources, Missing::Source), (self.first_hand, Missing::FirstHand)] {
            if count == 0 {
                missing.push(what);
            }
        }
        (Some((score * 1000.0).round() / 1000.0), missing)
    }
}
