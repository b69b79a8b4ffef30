//! How specific a draft is: a transparent linear score over language-neutral features.
//!
//! Every feature is a count or a share that can be shown to the author; the weights stand in `weights.tsv` and come from
//! `draftlint fit` (see [`fit`]). Quoted words and links are left out: they are somebody else's specificity.

pub mod fit;

use crate::compiler::layout::NONE;
use crate::document::sentence::BlockWords;
use crate::evidence::fact;
use crate::finding::Language;
use crate::matcher::Asked;
use crate::pack::Pack;
use crate::report::Missing;
use crate::text::tokenize::{TokenKind, flag};
use lazy_static::lazy_static;

/// Scores of shorter drafts are not shown and never a reason to warn.
pub const MIN_WORDS: usize = 8;

/// Counts behind the features, in the order of [`Tally::counts`].
const COUNTED: [&str; 33] = [
    "word",
    "long-word",
    "rare-word",
    "stop-word",
    "number",
    "measure",
    "money-or-percent",
    "date",
    "time",
    "name",
    "acronym",
    "mention-or-hashtag",
    "comma",
    "exclamation",
    "question",
    "emoji",
    "i",
    "we",
    "you",
    "they",
    "negation",
    "hedge",
    "past",
    "future",
    "source",
    "period",
    "cause",
    "comparison",
    "first-hand",
    "basic-word",
    "plain-word",
    "digits",
    "letter",
];
const WORD: usize = 0;
const LETTER: usize = 32;

/// The features of a draft, by name: logarithms of counts, shares of words, and a few means.
pub fn feature_names() -> Vec<String> {
    let mut names: Vec<String> = COUNTED[..LETTER].iter().map(|n| format!("log-{n}")).collect();
    names.extend(COUNTED[1..LETTER].iter().map(|n| format!("share-{n}")));
    names.extend(["letters-per-word", "words-per-sentence", "anchors", "log-anchors"].map(str::to_owned));
    names
}

lazy_static! {
    static ref SHIPPED: Weights =
        Weights::parse(include_str!("weights.tsv")).unwrap_or_else(|_| Weights { intercept: 0.5, weights: Vec::new() });
}

/// The linear model: an intercept and a weight for each feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The score of a draft without any feature.
    pub intercept: f64,
    /// In the order of [`feature_names`].
    pub weights: Vec<f64>,
}

/// Why a weights file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// A feature that does not exist.
    #[error("line {line}: unknown feature `{name}`{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownFeature {
        /// From 1.
        line: usize,
        /// As written.
        name: String,
        /// The nearest feature.
        near: Option<String>,
    },
    /// No number, or one that is not finite.
    #[error("line {line}: `{value}` is no finite number")]
    Number {
        /// From 1.
        line: usize,
        /// As written.
        value: String,
    },
    /// A line that is not `feature<TAB>weight`.
    #[error("line {0}: expected a feature, a tab and its weight")]
    Shape(usize),
}

impl Weights {
    /// Reads `feature<TAB>weight` lines; `intercept` is a feature, `#` begins a comment, absent features weigh nothing.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let names = feature_names();
        let mut out = Self { intercept: 0.0, weights: vec![0.0; names.len()] };
        for (i, line) in text.lines().enumerate() {
            let line_number = i + 1;
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, value) = line.split_once('\t').ok_or(WeightsError::Shape(line_number))?;
            let number: f64 = value
                .trim()
                .parse()
                .ok()
                .filter(|n: &f64| n.is_finite())
                .ok_or_else(|| WeightsError::Number { line: line_number, value: value.trim().to_owned() })?;
            if name == "intercept" {
                out.intercept = number;
            } else if let Some(at) = names.iter().position(|n| n == name) {
                out.weights[at] = number;
            } else {
                let near = crate::compiler::nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
                return Err(WeightsError::UnknownFeature { line: line_number, name: name.to_owned(), near });
            }
        }
        Ok(out)
    }

    /// The weights that ship.
    pub fn shipped() -> &'static Weights {
        &SHIPPED
    }

    /// The score of features, 0 to 1.
    pub fn score(&self, features: &[f64]) -> f64 {
        let sum: f64 = self.intercept + self.weights.iter().zip(features).map(|(w, f)| w * f).sum::<f64>();
        sum.clamp(0.0, 1.0)
    }
}

/// The lists of one language that the score needs, as symbols.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    common_word: u32,
    stop_word: u32,
    basic_word: u32,
    plain_word: u32,
    lists: [(usize, u32); 13],
}

impl Symbols {
    /// Looks the lists up in a pack.
    pub fn new(pack: &Pack, language: Language) -> Self {
        let get = |name: &str| pack.symbol(language, name).unwrap_or(NONE);
        let names = [
            "i",
            "we",
            "you",
            "they",
            "negation",
            "hedge",
            "past",
            "future",
            "source",
            "period",
            "cause",
            "comparison",
            "first-hand",
        ];
        Self {
            common_word: get("#common-word"),
            stop_word: get("#stop-word"),
            basic_word: get("#basic-word"),
            plain_word: get("#plain-word"),
            lists: std::array::from_fn(|i| (16 + i, get(&format!("#{}", names[i])))),
        }
    }
}

/// Features of the sentences seen so far.
#[derive(Clone, Debug)]
pub struct Tally {
    /// See [`COUNTED`].
    counts: [u32; COUNTED.len()],
    sentences: u32,
}

impl Default for Tally {
    fn default() -> Self {
        Self { counts: [0; COUNTED.len()], sentences: 0 }
    }
}

impl Tally {
    /// Adds a sentence. Quoted words and links are left out.
    pub fn sentence(&mut self, asked: &Asked<'_, '_>, block: &BlockWords, symbols: &Symbols) {
        use crate::compiler::layout::mark;
        let count = |n: usize| n as u32;
        self.sentences += 1;
        for (i, word) in asked.words.iter().enumerate() {
            if word.quoted {
                continue;
            }
            self.counts[12] += u32::from(word.marks & mark::COMMA != 0);
            match word.kind {
                TokenKind::Word | TokenKind::Number => {
                    self.counts[WORD] += 1;
                    let letters = block.folded(word).chars().count();
                    self.counts[LETTER] += count(letters);
                    let stop = asked.is(i, symbols.stop_word);
                    self.counts[1] += u32::from(letters > 7);
                    self.counts[2] += u32::from(
                        word.kind == TokenKind::Word
                            && !stop
                            && letters > 2
                            && !word.has(flag::CAPITALISED)
                            && !asked.is(i, symbols.common_word),
                    );
                    self.counts[3] += u32::from(stop);
                    self.counts[29] += u32::from(!stop && asked.is(i, symbols.basic_word));
                    self.counts[30] += u32::from(!stop && asked.is(i, symbols.plain_word));
                    self.counts[31] += u32::from(word.kind == TokenKind::Number);
                }
                TokenKind::Emoji => self.counts[15] += 1,
                TokenKind::Mention | TokenKind::Hashtag => self.counts[11] += 1,
                _ => {}
            }
            for m in asked.marks.at(i) {
                let at = match m.symbol {
                    fact::NUMBER => 4,
                    fact::MEASURE => 5,
                    fact::MONEY | fact::PERCENT => 6,
                    fact::DATE | fact::YEAR => 7,
                    fact::TIME => 8,
                    fact::NAME | fact::PLACEHOLDER_NAME => 9,
                    fact::ACRONYM => 10,
                    fact::EXCLAMATION => 13,
                    fact::QUESTION => 14,
                    _ => continue,
                };
                self.counts[at] += 1;
            }
            for (at, symbol) in symbols.lists {
                if asked.sees(symbol) {
                    self.counts[at] += u32::from(asked.longest(i, symbol) > 0);
                }
            }
        }
    }

    /// The features, in the order of [`feature_names`].
    pub fn features(&self) -> Vec<f64> {
        let words = f64::from(self.counts[WORD].max(1));
        let log = |n: u32| f64::from(n).ln_1p();
        let mut out: Vec<f64> = self.counts[..LETTER].iter().map(|n| log(*n)).collect();
        // beyond some 60 words length says nothing of specificity
        out[WORD] = log(self.counts[WORD].min(60));
        out.extend(self.counts[1..LETTER].iter().map(|n| (f64::from(*n) / words).min(1.0)));
        let anchors =
            self.counts[5] + self.counts[7] + self.counts[8] + self.counts[9] + self.counts[10] + self.counts[25];
        out.push(f64::from(self.counts[LETTER]) / words);
        out.push(log((words / f64::from(self.sentences.max(1))) as u32));
        out.push((f64::from(anchors) / words).min(1.0));
        out.push(log(anchors));
        out
    }

    /// The score, and what is missing. No score without words or language.
    pub fn score(&self, weights: &Weights, language: Language) -> (Option<f64>, Vec<Missing>) {
        if self.counts[WORD] == 0 || language == Language::Unknown {
            return (None, Vec::new());
        }
        let score = weights.score(&self.features());
        let names = self.counts[9] + self.counts[10] + self.counts[11];
        let held = [
            (self.counts[5], Missing::Figure),
            (names, Missing::Name),
            (self.counts[7] + self.counts[8] + self.counts[25], Missing::Period),
            (self.counts[24], Missing::Source),
            (self.counts[28], Missing::FirstHand),
        ];
        let missing = held.into_iter().filter(|(count, _)| *count == 0).map(|(_, what)| what).collect();
        (Some((score * 1000.0).round() / 1000.0), missing)
    }
}
