//! The weights of a language's classifiers: `weights/LANGUAGE.txt`, one feature a line.
//!
//! The classifiers of a language share one network, of which `classifier` makes their scores. The first line that is no comment
//! names the models, behind `feature`; `(intercept)` has a number for each model; every `(unit)` line is a hidden unit: what a
//! level is worth to it, its bias, and its weight in each model. Cells are parted by tabs. Then come the features: behind each a
//! letter for every unit, in their order, says how the feature bears on it: `A` to `G` for the levels 1 to 7, `a` to `g` for -1
//! to -7, `.` for 0.

use super::SourceFile;
use super::diagnostic::CompileErrors;
use std::collections::BTreeMap;

/// What names the models.
pub const MODELS: &str = "feature";
/// What every sentence has in each model.
pub const INTERCEPT: &str = "(intercept)";
/// A hidden unit.
pub const UNIT: &str = "(unit)";
/// Models a language may have.
pub const MAX_MODELS: usize = 8;
/// Hidden units a language may have.
pub const MAX_UNITS: usize = 128;
/// The highest level of a feature; the lowest is its negative.
pub const MAX_LEVEL: i32 = 7;
/// Levels that share a word, four bits each.
pub const LEVELS_A_WORD: usize = 8;
/// Words of a row that are added at once: rows are filled up with idle units to a multiple.
pub const WORDS_AT_ONCE: usize = 4;
/// What a unit takes in the pack: step, bias, and its weight in each model.
pub const UNIT_WORDS: usize = 2 + MAX_MODELS;
/// What comes first: slots of the index as a power of two, words of a row, and the intercept of each model. Then come the
/// units, as many as the levels of a row; then the index; then the rows.
pub const HEAD_WORDS: usize = 2 + MAX_MODELS;
/// A slot of the index is a feature's key and the number of its row; a key of 0 marks a free one.
pub const SLOT_WORDS: usize = 2;

/// A hidden unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// What a level is worth.
    pub step: f32,
    /// What it starts from.
    pub bias: f32,
    /// Its weight in each model.
    pub out: [f32; MAX_MODELS],
}

/// What a language's file holds.
#[derive(Default)]
pub struct WeightsFile {
    /// In the order of the columns.
    pub models: Vec<String>,
    intercepts: [f32; MAX_MODELS],
    units: Vec<Unit>,
    rows: BTreeMap<String, Vec<i8>>,
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

/// A level as a letter.
pub fn letter(level: i32) -> char {
    let nth = |first: u8| char::from(first + (level.unsigned_abs() as u8).clamp(1, MAX_LEVEL as u8) - 1);
    match level {
        0 => '.',
        1.. => nth(b'A'),
        _ => nth(b'a'),
    }
}

/// The level that a letter stands for.
fn level(letter: u8) -> Option<i8> {
    match letter {
        b'.' => Some(0),
        b'A'..=b'G' => Some((letter - b'A') as i8 + 1),
        b'a'..=b'g' => Some(-((letter - b'a') as i8) - 1),
        _ => None,
    }
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
        if let Err(what) = out.add(line) {
            errors.push(file, start, what, None);
            if out.models.is_empty() {
                return out;
            }
        }
    }
    out
}

impl WeightsFile {
    fn add(&mut self, line: &str) -> Result<(), String> {
        let (feature, cells) = line.split_once('\t').unwrap_or((line, ""));
        if self.models.is_empty() {
            let names: Vec<&str> = cells.split('\t').filter(|name| !name.is_empty()).collect();
            if feature != MODELS || names.is_empty() || names.len() > MAX_MODELS {
                return Err(format!(
                    "the first line is `{MODELS}` and the names of one to {MAX_MODELS} models, parted by tabs"
                ));
            }
            self.models = names.into_iter().map(str::to_owned).collect();
            return Ok(());
        }
        match feature {
            INTERCEPT => {
                let of = numbers(cells, self.models.len())?;
                self.intercepts[..of.len()].copy_from_slice(&of);
            }
            UNIT => {
                if self.units.len() == MAX_UNITS {
                    return Err(format!("more than {MAX_UNITS} units"));
                }
                if !self.rows.is_empty() {
                    return Err("units stand before the features".to_owned());
                }
                let of = numbers(cells, 2 + self.models.len())?;
                let mut unit = Unit { step: of[0], bias: of[1], out: [0.0; MAX_MODELS] };
                unit.out[..self.models.len()].copy_from_slice(&of[2..]);
                self.units.push(unit);
            }
            _ => {
                let levels: Option<Vec<i8>> = cells.bytes().map(level).collect();
                let levels = levels.ok_or_else(|| {
                    format!("`{feature}` has levels that are none: `A` to `G` for 1 to 7, `a` to `g` for -1 to -7, `.` for 0")
                })?;
                if levels.len() != self.units.len() {
                    return Err(format!("{} levels instead of one for each unit: {}", levels.len(), self.units.len()));
                }
                if self.rows.insert(feature.to_owned(), levels).is_some() {
                    return Err(format!("the feature `{feature}` has a line already"));
                }
            }
        }
        Ok(())
    }

    /// The section of the pack: head, units, index, rows.
    pub fn table(&self) -> Vec<u32> {
        if self.models.is_empty() {
            return Vec::new();
        }
        let row_words = self.units.len().div_ceil(LEVELS_A_WORD * WORDS_AT_ONCE) * WORDS_AT_ONCE;
        // half full at most: most pairs of words that are asked for are not there, and a search for one ends at a free slot
        let bits = (2 * self.rows.len() + 1).next_power_of_two().trailing_zeros();
        let mut words = vec![bits, row_words as u32];
        words.extend(self.intercepts.map(f32::to_bits));
        let idle = Unit { step: 0.0, bias: 0.0, out: [0.0; MAX_MODELS] };
        for unit in self.units.iter().chain(std::iter::repeat(&idle)).take(LEVELS_A_WORD * row_words) {
            words.extend([unit.step.to_bits(), unit.bias.to_bits()]);
            words.extend(unit.out.map(f32::to_bits));
        }
        let index = words.len();
        words.resize(index + (SLOT_WORDS << bits), 0);
        for (number, feature) in self.rows.keys().enumerate() {
            let key = key_of(feature);
            let mut slot = key as usize & ((1 << bits) - 1);
            while words[index + SLOT_WORDS * slot] != 0 {
                slot = (slot + 1) & ((1 << bits) - 1);
            }
            words[index + SLOT_WORDS * slot] = key;
            words[index + SLOT_WORDS * slot + 1] = number as u32;
        }
        for levels in self.rows.values() {
            // the levels of eight units a word, four bits each, from the lowest on; idle units are at level 0
            let level = |unit: usize| (i32::from(levels.get(unit).copied().unwrap_or(0)) + MAX_LEVEL) as u32;
            words.extend((0..row_words).map(|word| {
                (0..LEVELS_A_WORD).fold(0, |bits, at| bits | level(LEVELS_A_WORD * word + at) << (4 * at))
            }));
        }
        words
    }

    /// The features, in the order of their rows.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }
}

/// So many finite numbers, parted by tabs.
fn numbers(cells: &str, wanted: usize) -> Result<Vec<f32>, String> {
    let number = |cell: &str| {
        let number = cell.parse::<f32>().ok().filter(|n| n.is_finite());
        number.ok_or_else(|| format!("`{cell}` is no number"))
    };
    let found = cells.split('\t').map(number).collect::<Result<Vec<f32>, _>>()?;
    if found.len() == wanted { Ok(found) } else { Err(format!("{} numbers instead of {wanted}", found.len())) }
}
