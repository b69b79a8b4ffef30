//! Names for findings that survive moved lines, other spacing and redaction.

use crate::finding::Finding;
use crate::span::Span;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A finding's name: the first 64 bits of a SHA-256; written as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Fingerprint {
    /// Reads the 16 digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

/// Gives out fingerprints for the findings of one draft, in their order.
pub struct Fingerprints<'a> {
    text: &'a str,
    salt: &'a str,
    seen: HashMap<u64, u32>,
    /// The sentence that was normalised last, and its words.
    last: (Span, String),
}

impl<'a> Fingerprints<'a> {
    /// For the findings of `text`, in a project with this salt (empty: none).
    pub fn new(text: &'a str, salt: &'a str) -> Self {
        Self { text, salt, seen: HashMap::new(), last: (Span::new(0, 0), String::new()) }
    }

    /// The fingerprint of the next finding: rule, words of its sentence, ordinal among equals, salt.
    pub fn next(&mut self, rule: &str, finding: &Finding) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(self.salt.as_bytes());
        hash.update([0]);
        hash.update(rule.as_bytes());
        hash.update([0]);
        if self.last.0 != finding.sentence {
            let sentence = self.text.get(finding.sentence.start..finding.sentence.end).unwrap_or("");
            self.last = (finding.sentence, normalised_words(sentence));
        }
        hash.update(self.last.1.as_bytes());
        let bits = |hash: Sha256| u64::from_be_bytes(hash.finalize()[..8].try_into().unwrap_or_default());
        let base = bits(hash.clone());
        let ordinal = self.seen.entry(base).or_insert(0);
        *ordinal += 1;
        hash.update([0]);
        hash.update(ordinal.to_be_bytes());
        Fingerprint(bits(hash))
    }
}

/// The words of a sentence, in lower case and one space apart, so that wraps, NBSP, marks and NFC/NFD do not matter.
fn normalised_words(sentence: &str) -> String {
    let mut words = String::with_capacity(sentence.len());
    if is_nfkc_quick(sentence.chars()) == IsNormalized::Yes {
        join_words(sentence.chars().flat_map(char::to_lowercase), &mut words);
    } else {
        join_words(sentence.nfkc().flat_map(char::to_lowercase), &mut words);
    }
    words
}

fn join_words(letters: impl Iterator<Item = char>, words: &mut String) {
    let mut gap = false;
    for c in letters {
        if c.is_alphanumeric() {
            if gap && !words.is_empty() {
                words.push(' ');
            }
            gap = false;
            words.push(if c == 'ё' { 'е' } else { c });
        } else if !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') {
            gap = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_sentence() {
        assert_eq!(
            normalised_words("  L’avenir,\r\nc'est «\u{a0}nous\u{a0}» !"),
            normalised_words("l'avenir c’est nous")
        );
        assert_eq!(normalised_words("e\u{301}té"), "été");
        assert_eq!(normalised_words("Счёт\u{ad}чик"), "счетчик");
    }
}
