//! What a classifier sees of a sentence: its words, the stems of long words, pairs of words, the lists and facts that
//! it holds, and the marks around them.
//!
//! A feature is a short text, the same in the weights' files, in hashes and here:
//! `competitors`, `compe-` (a stem of five letters), `our competitors` (a pair), `^ we` (at the start), `@foe` (a list),
//! `#number` (a fact), `?` (a mark).

use crate::compiler::layout::mark;
use crate::compiler::weights::{EMPTY, extend, key, key_of, pair};
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

/// A feature that is text.
#[derive(Clone, Copy, Debug)]
pub struct TextFeature<'s> {
    /// Its key in the table of weights.
    pub key: u32,
    /// Its text: the parts stand one behind the other.
    pub parts: [&'s str; 3],
}

/// Hands on every feature of a sentence that is text, as often as it occurs.
pub fn each<'s>(block: &'s BlockWords, sentence: &Sentence, mut emit: impl FnMut(TextFeature<'s>)) {
    let words = &block.words[sentence.first..sentence.last];
    let (mut before, mut before_hash) = (START, extend(EMPTY, START));
    for word in words {
        let text = form(block, word);
        if text.is_empty() {
            continue;
        }
        let mut hash = EMPTY;
        if let Some((end, _)) = text.char_indices().nth(STEM_LETTERS) {
            let (stem, rest) = text.split_at(end);
            hash = extend(hash, stem);
            emit(TextFeature { key: key(extend(hash, "-")), parts: [stem, "-", ""] });
            hash = extend(hash, rest);
        } else {
            hash = extend(hash, text);
        }
        emit(TextFeature { key: key(hash), parts: [text, "", ""] });
        emit(TextFeature { key: key(pair(before_hash, hash)), parts: [before, " ", text] });
        (before, before_hash) = (text, hash);
    }
    emit(TextFeature { key: key(pair(before_hash, extend(EMPTY, END))), parts: [before, " ", END] });
    let marks = words.iter().fold(sentence.end_marks, |all, word| all | word.marks);
    for (bit, text) in MARKS {
        if marks & bit != 0 {
            emit(TextFeature { key: key(extend(EMPTY, text)), parts: [text, "", ""] });
        }
    }
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
    each(block, sentence, |feature| {
        let text = feature.parts.concat();
        debug_assert_eq!(feature.key, key_of(&text), "{text}");
        out.push(text);
    });
    out.extend(names.iter().filter(|(symbol, _)| asked.sees(**symbol)).map(|(_, name)| (*name).to_owned()));
    out
}
