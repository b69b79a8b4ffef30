//! Many weak signs that together say what no pattern could: linear classifiers over the words and lists of a sentence.
//!
//! A model's score of a sentence is its intercept plus the weights of the sentence's features, divided by a power of the
//! number of features that are text (all but lists and facts; see [`LENGTH_POWER`]). The weights stand in `rules/weights/`,
//! one feature a line, and are fitted by `draftlint fit --classifier` (see [`fit`]); the rules that a model decides say from
//! which score on they believe it.

pub mod features;
pub mod fit;

use crate::compiler::weights::{HEAD_WORDS, MAX_MODELS, SLOT_WORDS, WEIGHT_WORDS};
use crate::document::sentence::{BlockWords, Sentence};
use crate::matcher::Asked;

/// How much a long sentence dilutes its signs: between a sum (0) and a mean (1). Measured against 0.5 and 0.7 on sentences of
/// writers whom no weight knew: where as many sentences of blogs were called wrongly, it called fewest harmless neighbours.
pub const LENGTH_POWER: f64 = 0.3;

/// Sentences of fewer words are not judged: what is said there, no sum of signs can tell.
pub const MIN_WORDS: usize = 4;

/// The scores of a sentence by each model of its language, in the order of the weights' columns; `None` for a language
/// without weights and for a sentence that is too short.
pub fn scores(asked: &Asked<'_, '_>, block: &BlockWords, sentence: &Sentence) -> Option<[f32; MAX_MODELS]> {
    let (head, table) = asked.lexis.weights.split_at_checked(HEAD_WORDS)?;
    if asked.words.len() < MIN_WORDS {
        return None;
    }
    let mask = (1usize << head[0]) - 1;
    let weights_of = |key: u32| {
        let mut slot = key as usize & mask;
        loop {
            match table.get(SLOT_WORDS * slot..) {
                Some([found, weights @ ..]) if *found == key => return weights.first_chunk(),
                Some([0, ..]) | None => return None,
                _ => slot = (slot + 1) & mask,
            }
        }
    };
    let mut sums = [0i32; MAX_MODELS];
    let mut add = |[low, high]: &[u32; WEIGHT_WORDS]| {
        let bytes: [u8; MAX_MODELS] = (u64::from(*high) << 32 | u64::from(*low)).to_le_bytes();
        for (sum, byte) in sums.iter_mut().zip(bytes) {
            *sum += i32::from(byte as i8);
        }
    };
    let mut count = 0u32;
    features::each(block, sentence, |feature| {
        count += 1;
        if let Some(weights) = weights_of(feature.key) {
            add(weights);
        }
    });
    let (by_symbol, _) = asked.lexis.symbol_weights.as_chunks::<SLOT_WORDS>();
    for [symbol, weights @ ..] in by_symbol {
        if asked.sees(*symbol) {
            add(weights);
        }
    }
    let length = length(f64::from(count)) as f32;
    let number = |at: usize| f32::from_bits(head[at]);
    Some(std::array::from_fn(|model| number(1 + 2 * model) + sums[model] as f32 * number(2 + 2 * model) / length))
}

/// What the sum of weights is divided by, for so many features that are text.
pub fn length(texts: f64) -> f64 {
    texts.max(1.0).powf(LENGTH_POWER)
}
