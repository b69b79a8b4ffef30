//! Many weak signs that together say what no pattern could: a small network over the words and lists of a sentence.
//!
//! Every feature of a sentence bears on some dozens of hidden units, each in its measure. A unit adds up what bears on it,
//! divided by a power of the number of features that are text (all but lists and facts; see [`LENGTH_POWER`]), and counts only
//! when the sum is positive; a model's score is its intercept plus the units by their weight in it. All models of a language
//! share the units, so that what tells one kind of harm from prose helps with the next. The weights stand in `rules/weights/`,
//! one feature a line, and are fitted by `draftlint fit --classifier` (see [`fit`]); the rules that a model decides say from
//! which score on they believe it.

pub mod features;
pub mod fit;
mod network;

use crate::compiler::weights::{
    HEAD_WORDS, LEVELS_A_WORD, MAX_LEVEL, MAX_MODELS, MAX_UNITS, SLOT_WORDS, UNIT_WORDS, WORDS_AT_ONCE,
};
use crate::document::sentence::{BlockWords, Sentence};
use crate::matcher::Asked;

/// How much a long sentence dilutes its signs: between a sum (0) and a mean (1). Measured against 0.3 on 16,800 pairs of writers
/// whom no weight knew: where one harmless line in 250 and six sentences of blogs in 10,000 were called wrongly, it found 39 %
/// of the harmful sentences, and 0.3 found 38 %.
pub const LENGTH_POWER: f64 = 0.5;

/// Sentences of fewer words are not judged: what is said there, no sum of signs can tell.
pub const MIN_WORDS: usize = 4;

/// The weights of a language as they lie in the pack (see [`crate::compiler::weights`]).
struct Weights<'p> {
    intercepts: &'p [u32],
    units: &'p [u32],
    index: &'p [u32],
    rows: &'p [u32],
    row_words: usize,
}

impl<'p> Weights<'p> {
    /// `None` for a language without weights.
    fn of(section: &'p [u32]) -> Option<Self> {
        let (head, rest) = section.split_at_checked(HEAD_WORDS)?;
        let [bits, row_words, intercepts @ ..] = head else { return None };
        let row_words = *row_words as usize;
        let (units, rest) = rest.split_at_checked(UNIT_WORDS * LEVELS_A_WORD * row_words)?;
        let (index, rows) = rest.split_at_checked(SLOT_WORDS << bits)?;
        Some(Self { intercepts, units, index, rows, row_words })
    }

    /// The number of the row that belongs to the key of a feature.
    fn row_of(&self, key: u32) -> Option<u32> {
        let (slots, _) = self.index.as_chunks::<SLOT_WORDS>();
        let mask = slots.len() - 1;
        let mut at = key as usize & mask;
        loop {
            match slots.get(at) {
                Some([found, row]) if *found == key => return Some(*row),
                Some([0, _]) | None => return None,
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The score of each model.
    fn scores(&self, sums: &mut Sums, length: f32) -> [f32; MAX_MODELS] {
        sums.settle();
        let lowest = sums.rows as f32 * MAX_LEVEL as f32;
        let mut scores = std::array::from_fn(|model| self.intercepts.get(model).map_or(0.0, |i| f32::from_bits(*i)));
        for ([step, bias, out @ ..], sum) in self.units.as_chunks::<UNIT_WORDS>().0.iter().zip(sums.levels) {
            let borne = f32::from_bits(*bias) + f32::from_bits(*step) * (sum as f32 - lowest) / length;
            if borne > 0.0 {
                for (score, weight) in scores.iter_mut().zip(out) {
                    *score += borne * f32::from_bits(*weight);
                }
            }
        }
        scores
    }
}

/// What bears on each unit: sums of levels, each counted from the lowest.
struct Sums {
    levels: [u32; MAX_UNITS],
    rows: u32,
    /// Rows that are not yet in `levels`, a byte for each unit: first the units with even numbers, then the others.
    fresh: [[u32; MAX_UNITS / LEVELS_A_WORD]; 2],
    fresh_rows: u32,
}

/// Every other level of a word, in a byte each.
const EVEN_LEVELS: u32 = 0x0f0f_0f0f;
/// A byte holds the sum of so many levels, each of four bits.
const FRESH_ROWS: u32 = 17;

impl Sums {
    fn new() -> Self {
        Self { levels: [0; MAX_UNITS], rows: 0, fresh: [[0; MAX_UNITS / LEVELS_A_WORD]; 2], fresh_rows: 0 }
    }

    fn add(&mut self, weights: &Weights<'_>, row: u32) {
        let start = row as usize * weights.row_words;
        let Some(words) = weights.rows.get(start..start + weights.row_words) else { return };
        if self.fresh_rows == FRESH_ROWS {
            self.settle();
        }
        let (words, _) = words.as_chunks::<WORDS_AT_ONCE>();
        let [even, odd] = &mut self.fresh;
        let (even, odd) = (even.as_chunks_mut::<WORDS_AT_ONCE>().0, odd.as_chunks_mut::<WORDS_AT_ONCE>().0);
        for ((words, even), odd) in words.iter().zip(even).zip(odd) {
            for at in 0..WORDS_AT_ONCE {
                even[at] += words[at] & EVEN_LEVELS;
                odd[at] += words[at] >> 4 & EVEN_LEVELS;
            }
        }
        self.rows += 1;
        self.fresh_rows += 1;
    }

    /// Takes the fresh rows into `levels`.
    fn settle(&mut self) {
        let [even, odd] = &mut self.fresh;
        let (levels, _) = self.levels.as_chunks_mut::<LEVELS_A_WORD>();
        for (levels, (even, odd)) in levels.iter_mut().zip(even.iter_mut().zip(odd)) {
            let (pairs, _) = levels.as_chunks_mut::<2>();
            for ([first, second], (even, odd)) in
                pairs.iter_mut().zip(even.to_le_bytes().into_iter().zip(odd.to_le_bytes()))
            {
                *first += u32::from(even);
                *second += u32::from(odd);
            }
            (*even, *odd) = (0, 0);
        }
        self.fresh_rows = 0;
    }
}

/// The scores of a sentence by each model of its language, in the order of the weights' columns; `None` for a language
/// without weights and for a sentence that is too short.
pub fn scores(asked: &Asked<'_, '_>, block: &BlockWords, sentence: &Sentence) -> Option<[f32; MAX_MODELS]> {
    if asked.words.len() < MIN_WORDS {
        return None;
    }
    let weights = Weights::of(asked.lexis.weights)?;
    // one after the other, each a short loop: the table is large, and its places are fetched side by side
    let mut keys = Vec::with_capacity(4 * asked.words.len());
    features::each(block, sentence, |feature| keys.push(feature.key));
    let count = keys.len() as u32;
    let mut rows: Vec<u32> = keys.into_iter().filter_map(|key| weights.row_of(key)).collect();
    let lists = asked.lexis.symbol_weights.as_chunks().0;
    rows.extend(lists.iter().filter(|[symbol, _]| asked.sees(*symbol)).map(|[_, row]| *row));
    let mut sums = Sums::new();
    rows.iter().for_each(|row| sums.add(&weights, *row));
    Some(weights.scores(&mut sums, length(f64::from(count)) as f32))
}

/// What a sum of levels is divided by, for so many features that are text.
pub fn length(texts: f64) -> f64 {
    texts.max(1.0).powf(LENGTH_POWER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::weights::{self, key_of};
    use crate::compiler::{CompileErrors, SourceFile};

    /// More rows than a byte can sum up, over more units than a word holds.
    #[test]
    fn levels_add_up_whatever_the_number_of_rows() {
        let units = "(unit)\t1\t0\t1\n".repeat(10);
        let text = format!("feature\ta\n{units}high\tGGGGGGGGGG\nmixed\tAbC.efG.ag\n");
        let file = SourceFile { path: "weights/en.txt".into(), shown: "weights/en.txt".into(), text };
        let mut errors = CompileErrors::default();
        let table = weights::read(&file, &mut errors).table();
        assert!(errors.0.is_empty(), "{errors}");
        let weights = Weights::of(&table).expect("weights");
        let row = |feature: &str| weights.row_of(key_of(feature)).expect("a row");
        assert_eq!(weights.row_of(key_of("unknown")), None);
        let mut sums = Sums::new();
        (0..40).for_each(|_| sums.add(&weights, row("high")));
        (0..25).for_each(|_| sums.add(&weights, row("mixed")));
        sums.settle();
        let lowest = i64::from(sums.rows) * i64::from(MAX_LEVEL);
        let found: Vec<i64> = sums.levels[..12].iter().map(|sum| i64::from(*sum) - lowest).collect();
        let mixed = [1, -2, 3, 0, -5, -6, 7, 0, -1, -7].map(|level| 40 * 7 + 25 * level);
        assert_eq!(found, [&mixed[..], &[0, 0]].concat());
        // a model with ten such units of weight one
        let score = mixed.iter().filter(|sum| **sum > 0).sum::<i64>() as f32;
        assert!((weights.scores(&mut sums, 1.0)[0] - score).abs() < 1e-2);
    }
}
