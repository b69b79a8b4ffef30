//! What a classifier sees of a sentence: its words, the stems of long words, pairs of words, the lists and facts that
//! it holds, and the marks around them.
//!
//! A feature is a short text, the same in the weights' files, in hashes and here:
//! `competitors`, `compe-` (a stem of five letters), `our competitors` (a pair), `^ we` (at the start), `@foe` (a list),
//! `#number` (a fact), `?` (a mark).

use crate::compiler::layout::mark;
use crate::document::sentence::{BlockWords, Sentence, Word};
use crate::matcher::Asked;
use crate::text::tokenize::TokenKind;
use std::collections::BTreeMap;

/// Letters of a stem; shorter words have none.
const STEM_LETTERS: usize = 5;
/// How a sentence's edge stands in a pair.
const START: &str = "^";
const END: &str = "$";
/// How any number stands in a pair.
const NUMBER: &str = "0";
/// Marks that are features by themselves.
const MARKS: [(u32, &str); 6] = [
    (mark::QUESTION, "?"),
    (mark::EXCLAMATION, "!"),
    (mark::ELLIPSIS, "…"),
    (mark::COLON, ":"),
    (mark::DASH, "—"),
    (mark::QUOTE, "\""),
];

/// A feature: its text in parts, or the list or fact of a symbol.
#[derive(Clone, Copy, Debug)]
pub enum Feature<'s> {
    /// The parts stand one behind the other.
    Text([&'s str; 3]),
    /// See [`crate::pack::Pack::symbol`].
    Symbol(u32),
}

/// Hands on every feature of a sentence, as often as it occurs; a symbol that `is_known` once.
pub fn each<'s>(
    asked: &Asked<'_, '_>,
    block: &'s BlockWords,
    sentence: &Sentence,
    is_known: impl Fn(u32) -> bool,
    mut emit: impl FnMut(Feature<'s>),
) {
    let words = &block.words[sentence.first..sentence.last];
    let mut before = START;
    for word in words {
        let text = form(block, word);
        if text.is_empty() {
            continue;
        }
        emit(Feature::Text([text, "", ""]));
        if let Some((end, _)) = text.char_indices().nth(STEM_LETTERS) {
            emit(Feature::Text([&text[..end], "-", ""]));
        }
        emit(Feature::Text([before, " ", text]));
        before = text;
    }
    emit(Feature::Text([before, " ", END]));
    let marks = words.iter().fold(sentence.end_marks, |all, word| all | word.marks);
    for (bit, text) in MARKS {
        if marks & bit != 0 {
            emit(Feature::Text([text, "", ""]));
        }
    }
    asked.each_symbol(is_known, |symbol| emit(Feature::Symbol(symbol)));
}

/// How a word stands in features; empty for what is none.
fn form<'s>(block: &'s BlockWords, word: &Word) -> &'s str {
    match word.kind {
        TokenKind::Word => block.folded(word),
        TokenKind::Number => NUMBER,
        _ => "",
    }
}

/// The features of a sentence by name.
pub fn named(
    asked: &Asked<'_, '_>,
    block: &BlockWords,
    sentence: &Sentence,
    names: &BTreeMap<u32, &str>,
) -> Vec<String> {
    let mut out = Vec::new();
    each(
        asked,
        block,
        sentence,
        |symbol| names.contains_key(&symbol),
        |feature| {
            out.push(match feature {
                Feature::Text(parts) => parts.concat(),
                Feature::Symbol(symbol) => (*names.get(&symbol).unwrap_or(&"")).to_owned(),
            });
        },
    );
    out
}
