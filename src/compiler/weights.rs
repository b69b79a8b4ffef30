//! The weights of classifiers: `weights/LANGUAGE.txt`, one feature a line.
//!
//! The first line that is no comment names the models, behind `feature`; every other line holds a feature and a number for
//! each model, all parted by tabs. `(intercept)` is the feature that every sentence has.

use super::SourceFile;
use super::diagnostic::CompileErrors;
use std::collections::BTreeMap;

/// The feature of every sentence.
pub const INTERCEPT: &str = "(intercept)";
/// Models a language may have: their weights, a byte each, share the words of a slot.
pub const MAX_MODELS: usize = 8;
/// Words that hold the weights of a feature.
pub const WEIGHT_WORDS: usize = MAX_MODELS / 4;
/// Words of the section before the table: how many slots as a power of two, then intercept and step of each model.
pub const HEAD_WORDS: usize = 1 + 2 * MAX_MODELS;
/// A slot is a feature's key and its weights; a key of 0 marks a free one.
pub const SLOT_WORDS: usize = 1 + WEIGHT_WORDS;

/// What a language's file holds.
#[derive(Default)]
pub struct WeightsFile {
    /// In the order of the columns.
    pub models: Vec<String>,
    intercepts: [f32; MAX_MODELS],
    rows: BTreeMap<String, [f32; MAX_MODELS]>,
}

/// The hash of no text; [`extend`] makes it that of a word, a stem or a mark (FNV-1a, 64 bits).
pub const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a text with more behind it.
#[inline]
pub fn extend(hash: u64, more: &str) -> u64 {
    more.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The hash of two words, one behind the other, from theirs: a word is read once.
#[inline]
pub fn pair(before: u64, after: u64) -> u64 {
    (before.rotate_left(23) ^ after).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The key of a feature in the table, from its hash; never 0.
#[inline]
pub fn key(hash: u64) -> u32 {
    ((hash >> 32) as u32 ^ hash as u32).max(1)
}

/// The key of a feature as it is written in a file of weights.
pub fn key_of(feature: &str) -> u32 {
    key(match feature.split_once(' ') {
        Some((before, after)) => pair(extend(EMPTY, before), extend(EMPTY, after)),
        None => extend(EMPTY, feature),
    })
}

/// Reads a file of weights; what is wrong with a line is reported.
pub fn read(file: &SourceFile, errors: &mut CompileErrors) -> WeightsFile {
    let mut out = WeightsFile::default();
    let mut at = 0;
    for line in file.text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        let mut cells = line.split('\t');
        let feature = cells.next().unwrap_or_default();
        if out.models.is_empty() {
            out.models = cells.map(str::to_owned).collect();
            if feature != "feature" || out.models.is_empty() || out.models.len() > MAX_MODELS {
                let what =
                    format!("the first line is `feature` and the names of one to {MAX_MODELS} models, parted by tabs");
                errors.push(file, start, what, None);
                return WeightsFile::default();
            }
            continue;
        }
        let mut weights = [0.0; MAX_MODELS];
        let mut count = 0;
        for cell in cells {
            match cell.parse::<f32>() {
                Ok(weight) if weight.is_finite() && count < out.models.len() => weights[count] = weight,
                _ => errors.push(file, start, format!("`{cell}` is no weight of a model (a number)"), None),
            }
            count += 1;
        }
        if count != out.models.len() {
            errors.push(file, start, format!("{count} weights; there are {} models", out.models.len()), None);
        } else if feature == INTERCEPT {
            out.intercepts = weights;
        } else if out.rows.insert(feature.to_owned(), weights).is_some() {
            errors.push(file, start, format!("the feature `{feature}` has a line already"), None);
        }
    }
    out
}

impl WeightsFile {
    /// The section of the pack: head and table.
    pub fn table(&self) -> Vec<u32> {
        if self.models.is_empty() {
            return Vec::new();
        }
        let bits = (2 * self.rows.len()).next_power_of_two().trailing_zeros();
        let mut words = vec![0; HEAD_WORDS + (SLOT_WORDS << bits)];
        words[0] = bits;
        let steps = self.steps();
        for (model, step) in steps.iter().enumerate() {
            words[1 + 2 * model] = self.intercepts[model].to_bits();
            words[2 + 2 * model] = step.to_bits();
        }
        for feature in self.rows.keys() {
            let key = key_of(feature);
            let mut slot = key as usize & ((1 << bits) - 1);
            while words[HEAD_WORDS + SLOT_WORDS * slot] != 0 {
                slot = (slot + 1) & ((1 << bits) - 1);
            }
            let at = HEAD_WORDS + SLOT_WORDS * slot;
            words[at] = key;
            words[at + 1..at + SLOT_WORDS].copy_from_slice(&self.packed(feature, &steps));
        }
        words
    }

    /// The weights of a feature as bytes, four a word; 0 for a feature without any.
    pub fn packed(&self, feature: &str, steps: &[f32; MAX_MODELS]) -> [u32; WEIGHT_WORDS] {
        let Some(weights) = self.rows.get(feature) else { return [0; WEIGHT_WORDS] };
        let byte = |model: usize| (weights[model] / steps[model]).round().clamp(-127.0, 127.0) as i8 as u8;
        std::array::from_fn(|word| u32::from_le_bytes(std::array::from_fn(|at| byte(4 * word + at))))
    }

    /// What one step of a byte is worth in each model.
    pub fn steps(&self) -> [f32; MAX_MODELS] {
        std::array::from_fn(|model| {
            let largest = self.rows.values().map(|weights| weights[model].abs()).fold(0.0, f32::max);
            if largest > 0.0 { largest / 127.0 } else { 1.0 }
        })
    }
}
