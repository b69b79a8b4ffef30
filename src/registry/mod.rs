//! The registry of a house's own secrets: projects, deals, customers, people and sites that no post may name.
//!
//! The file holds keyed hashes (HMAC-SHA-256, cut to 128 bits) of the terms, never the terms; the key lies elsewhere.
//!
//! **What this protects against**: whoever sees the file, a leaked repository, a CI log or a report of draftlint learns no
//! term from it, and cannot test a guess without the key.
//!
//! **What it does not**: whoever has the key *and* the file can test guesses, millions a second, and names are few: a
//! company name, a code name from a list of birds, a director's name fall at once. Labels, kinds, the number of terms, the
//! words a term has, and dates stand in clear. A draft that names a secret holds it in clear, wherever drafts are kept. A
//! paraphrase, a translation, a picture or a typing error is not recognised. The key is therefore kept like a password,
//! given to those who run the check, and replaced (with every term registered anew) when it may be known.
//!
//! Terms and drafts are compared word by word on folded tokens: case, spaces and line wraps, hyphens, invisible and
//! look-alike letters do not matter, nor do inflectional endings (see [`stem`]). `Blue Bird`, `bluebird`, `#BlueBird` and
//! `blue-bird` are one.

pub mod key;
pub mod moment;
mod stem;
mod store;

pub use key::{Key, KeyPlace};
pub use moment::{Clock, Moment, Standing};
pub use store::{Addition, FILE_NAME, KINDS, Period, TermRecord, add_period, add_terms, read};

use crate::finding::Severity;
use crate::text::tokenize::{TokenKind, Tokens, flag, tokenize};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::HashMap;

/// Words that a term has at the most.
pub const MAX_WORDS: usize = 8;
/// Up to so many words every combination of stems is compared; longer terms are compared by the shortest stems alone.
const ALL_STEMS: usize = 3;
/// Combinations of one term or stretch that are looked at.
const MAX_COMBINATIONS: usize = 256;
/// Letters that two words written as one, or one written as two, have at the least.
const LEAST_JOINED: usize = 6;

/// Why the registry cannot be used. Each message is one line and holds no term.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The file could not be read or written.
    #[error("{0}: {1}")]
    Io(String, String),
    /// It is no registry, or damaged.
    #[error("{0}: {1}")]
    Damaged(String, String),
    /// Written by a later version.
    #[error("{0}: a registry of version {1}; this draftlint reads version {version}; update draftlint", version = store::VERSION)]
    Newer(String, i64),
    /// The key is missing, is none, or lies in the wrong place.
    #[error("{0}")]
    Key(String),
    /// Made with another key.
    #[error("{0}: the key does not belong to this registry")]
    OtherKey(String),
    /// What is to be added cannot be.
    #[error("{0}")]
    Refused(String),
}

type Hash = u128;

/// Hashes with the registry's key.
#[derive(Clone)]
pub struct Hasher(Hmac<Sha256>);

impl Hasher {
    /// With this key.
    pub fn new(key: &Key) -> Self {
        Self(Hmac::new_from_slice(key.bytes()).expect("HMAC takes keys of any length"))
    }

    fn hash(&self, domain: u8, text: &[u8]) -> Hash {
        let mut mac = self.0.clone();
        mac.update(&[domain]);
        mac.update(text);
        let bytes = mac.finalize().into_bytes();
        Hash::from_be_bytes(bytes[..16].try_into().expect("HMAC-SHA-256 has 32 bytes"))
    }

    /// The name of the key: says whether a registry belongs to it, and nothing else of it.
    fn name(&self) -> String {
        format!("{:032x}", self.hash(b'k', b"draftlint registry"))[..16].to_owned()
    }
}

/// A registered term, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What people call it in lists; says nothing of the term.
    pub label: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Until when it is secret; always, where none is given.
    pub until: Option<Moment>,
    /// Another severity than the rule's.
    pub level: Option<Severity>,
}

/// The registry, ready to look for its terms.
pub struct Registry {
    hasher: Hasher,
    terms: Vec<Term>,
    hashes: HashMap<Hash, u32>,
    /// How many words terms have, longest first; a term of several words may be written as one.
    lengths: Vec<usize>,
    periods: Vec<Period>,
    /// Of the file's bytes, for receipts.
    digest: String,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry")
            .field("terms", &self.terms.len())
            .field("periods", &self.periods.len())
            .finish_non_exhaustive()
    }
}

/// A word of a draft, as the registry compares it.
#[derive(Clone, Copy, Debug)]
pub struct DraftWord<'a> {
    /// Its folded form.
    pub folded: &'a str,
    /// What it is.
    pub kind: TokenKind,
    /// Whether a hyphen joins it to the word before.
    pub hyphen: bool,
}

/// Where a term stands in a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// First word.
    pub first: usize,
    /// One past the last word.
    pub last: usize,
    /// The term, by its place in [`Registry::terms`].
    pub term: u32,
}

impl Registry {
    /// Reads the registry at `path` with the key from `place`.
    pub fn open(path: &std::path::Path, place: &KeyPlace) -> Result<Self, RegistryError> {
        let file = read(path)?;
        let key = place.find(path)?;
        file.open(&Hasher::new(&key))
    }

    /// A registry of terms in clear, for the examples of the rules that need one.
    pub fn of_examples(terms: &[(&str, Option<&str>)]) -> Self {
        let hasher = Hasher::new(&Key::parse(&"5a".repeat(32)).expect("64 digits"));
        let mut registry = Self {
            hasher,
            terms: Vec::new(),
            hashes: HashMap::new(),
            lengths: Vec::new(),
            periods: Vec::new(),
            digest: String::new(),
        };
        for (term, until) in terms {
            let words = Words::of(term);
            let number = registry.terms.len() as u32;
            registry.hashes.extend(words.hashes(&registry.hasher).into_iter().map(|h| (h, number)));
            registry.terms.push(Term {
                label: String::new(),
                kind: "project".to_owned(),
                until: until.and_then(Moment::parse),
                level: None,
            });
            registry.lengths.extend([1, words.0.len()]);
        }
        registry.settle_lengths();
        registry
    }

    fn settle_lengths(&mut self) {
        self.lengths.sort_unstable_by(|a, b| b.cmp(a));
        self.lengths.dedup();
    }

    /// Its terms.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Days in which the company says nothing about its business.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// A digest of the file.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Terms in a run of words; the longest wins where several begin at one word.
    pub fn find(&self, words: &[DraftWord<'_>]) -> Vec<Hit> {
        let mut hits = Vec::new();
        if self.hashes.is_empty() {
            return hits;
        }
        let (mut stems, mut text) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < words.len() {
            let hit = self.at(words, at, &mut stems, &mut text);
            at = hit.map_or(at + 1, |h| h.last);
            hits.extend(hit);
        }
        hits
    }

    fn at<'w>(
        &self,
        words: &[DraftWord<'w>],
        at: usize,
        stems: &mut Vec<Vec<&'w str>>,
        text: &mut Vec<u8>,
    ) -> Option<Hit> {
        let rest = &words[at..];
        if matches!(rest[0].kind, TokenKind::Hashtag | TokenKind::Mention | TokenKind::Email | TokenKind::Url) {
            let term = match rest[0].kind {
                TokenKind::Hashtag | TokenKind::Mention => self.joined(&rest[0].folded.replace(['#', '@', '_'], "")),
                _ => self.within(rest[0].folded),
            };
            return term.map(|term| Hit { first: at, last: at + 1, term });
        }
        // words that terms of this length would span end at a link or tag
        let plain = rest
            .iter()
            .take(MAX_WORDS)
            .take_while(|w| matches!(w.kind, TokenKind::Word | TokenKind::Number | TokenKind::Symbol))
            .count();
        for length in self.lengths.iter().copied().filter(|l| *l <= plain) {
            stems.resize_with(length, Vec::new);
            for (word, list) in rest.iter().zip(stems.iter_mut()) {
                stem::candidates(word.folded, list);
            }
            let mut found = None;
            combine(&stems[..length], text, &mut |text| {
                found = found.or_else(|| self.hashes.get(&self.hasher.hash(b't', text)).copied());
                found.is_some()
            });
            if let Some(term) = found {
                return Some(Hit { first: at, last: at + length, term });
            }
        }
        // one word of the registry, written with a hyphen; two words apart are seldom meant as one (`red wood`)
        let letters = |w: &DraftWord<'_>| w.kind == TokenKind::Word && w.folded.chars().all(char::is_alphabetic);
        if let [a, b, ..] = rest {
            if b.hyphen && letters(a) && letters(b) {
                let whole = format!("{}{}", a.folded, b.folded);
                if whole.chars().count() >= LEAST_JOINED {
                    return self.joined(&whole).map(|term| Hit { first: at, last: at + 2, term });
                }
            }
        }
        None
    }

    /// A word that stands for a whole term.
    fn joined(&self, word: &str) -> Option<u32> {
        let mut stems = Vec::new();
        stem::candidates(word, &mut stems);
        stems.iter().find_map(|s| self.hashes.get(&self.hasher.hash(b't', s.as_bytes()))).copied()
    }

    /// A term in an address: `https://example.com/project-blue-bird`.
    pub fn within(&self, address: &str) -> Option<u32> {
        let spaced: String = address.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let mut tokens = Tokens::default();
        tokenize(&spaced, &mut tokens);
        let words: Vec<DraftWord<'_>> = tokens
            .list
            .iter()
            .filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number))
            .map(|t| DraftWord { folded: tokens.folded(t), kind: t.kind, hyphen: false })
            .collect();
        self.find(&words).first().map(|h| h.term)
    }

    /// Terms in a text, with the bytes they take: for `draftlint secrets test`.
    pub fn find_in(&self, text: &str) -> Vec<(std::ops::Range<usize>, u32)> {
        let mut tokens = Tokens::default();
        tokenize(text, &mut tokens);
        let mut found = Vec::new();
        // no term goes beyond a sentence
        for sentence in tokens.list.split(|t| matches!(t.mark, '.' | '!' | '?' | '…' | ';')) {
            let list: Vec<_> = sentence.iter().filter(|t| t.kind != TokenKind::Mark).collect();
            let words: Vec<DraftWord<'_>> = list
                .iter()
                .map(|t| DraftWord { folded: tokens.folded(t), kind: t.kind, hyphen: t.has(flag::HYPHEN_BEFORE) })
                .collect();
            found.extend(
                self.find(&words)
                    .into_iter()
                    .map(|h| (list[h.first].start as usize..list[h.last - 1].end as usize, h.term)),
            );
        }
        found
    }
}

/// Calls `each` with every combination of one stem a word, separated; stops when it says so.
fn combine(stems: &[Vec<&str>], text: &mut Vec<u8>, each: &mut dyn FnMut(&[u8]) -> bool) {
    let short = stems.len() > ALL_STEMS;
    let mut index = [0usize; MAX_WORDS];
    for _ in 0..MAX_COMBINATIONS {
        text.clear();
        for (list, i) in stems.iter().zip(index) {
            let stem = if short { list.last() } else { list.get(i) };
            text.extend_from_slice(stem.map_or(&[], |s| s.as_bytes()));
            text.push(0x1f);
        }
        text.pop();
        if each(text) || short {
            return;
        }
        let Some(next) = (0..stems.len()).find(|i| index[*i] + 1 < stems[*i].len()) else { return };
        index[..next].fill(0);
        index[next] += 1;
    }
}

/// The folded words of a term to be registered.
pub(crate) struct Words(Vec<String>);

impl Words {
    pub(crate) fn of(term: &str) -> Self {
        let mut tokens = Tokens::default();
        tokenize(term, &mut tokens);
        Self(
            tokens
                .list
                .iter()
                .filter(|t| t.kind != TokenKind::Mark)
                .map(|t| tokens.folded(t).replace(['#', '@'], ""))
                .filter(|w| !w.is_empty())
                .collect(),
        )
    }

    /// Every hash that a form of the term may have.
    fn hashes(&self, hasher: &Hasher) -> Vec<Hash> {
        let extra: Vec<Vec<String>> = self.0.iter().map(|w| stem::without_fleeting_vowel(w)).collect();
        let mut stems: Vec<Vec<&str>> = Vec::new();
        for (word, extra) in self.0.iter().zip(&extra) {
            let mut list = Vec::new();
            stem::candidates(word, &mut list);
            if self.0.len() <= ALL_STEMS {
                list.extend(extra.iter().map(String::as_str));
            }
            stems.push(list);
        }
        let mut hashes = Vec::new();
        let mut take = |text: &[u8]| {
            hashes.push(hasher.hash(b't', text));
            false
        };
        combine(&stems, &mut Vec::new(), &mut take);
        // the term written as one word
        let whole = self.0.concat();
        if self.0.len() > 1 && whole.chars().count() >= LEAST_JOINED {
            let mut list = Vec::new();
            stem::candidates(&whole, &mut list);
            combine(&[list], &mut Vec::new(), &mut take);
        }
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }
}

#[cfg(test)]
mod tests;
