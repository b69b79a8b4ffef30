//! A profile's names and terms, looked up in the words of a sentence: as marks for the rules' lexicons, and for the checks
//! of the house voice.

use super::profile::{Banned, Profile};
use crate::compiler::layout::{FACTS, PROFILE, mark};
use crate::document::sentence::{BlockWords, Sentence, Word};
use crate::evidence::marks::Marks;
use crate::text::tokenize::{TokenKind, Tokens, flag, tokenize};
use std::collections::HashMap;

/// The symbol of a profile lexicon (see [`PROFILE`]).
pub fn symbol(name: &str) -> u32 {
    let at = PROFILE.iter().position(|p| *p == name).unwrap_or(PROFILE.len());
    (FACTS.len() + at) as u32
}

/// How a word of a term may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As written.
    Exact,
    /// Anyhow (`stem*`).
    Any,
    /// As written, or with a case ending when it is Cyrillic: names are declined.
    Declined,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct TermWord {
    folded: String,
    ending: Ending,
}

/// A term: words in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    words: Vec<TermWord>,
}

/// Case endings of Russian nouns and of adjectives used as names.
const CASES: &[&str] = &[
    "", "а", "у", "ом", "е", "ы", "и", "ой", "ою", "ей", "ею", "ем", "ам", "ами", "ах", "ям", "ями", "ях", "ов", "ев",
    "я", "ю", "ь", "ью", "й", "ого", "его", "ому", "ему", "ым", "им", "ых", "их", "ую", "ая", "ое", "ый", "ий", "ие",
    "ия", "ию", "ии",
];

/// Reads a term; `plain` is the ending of words without `*`.
pub fn parse(text: &str, plain: Ending) -> Result<Term, String> {
    let mut words = Vec::new();
    let mut tokens = Tokens::default();
    for piece in text.split_whitespace() {
        let stem = piece.strip_suffix('*');
        let bare = stem.unwrap_or(piece);
        if bare.contains('*') {
            return Err(format!("`{piece}`: `*` stands only at the end of a word"));
        }
        tokenize(bare, &mut tokens);
        let cut: Vec<_> = tokens.list.iter().filter(|t| t.kind != TokenKind::Mark).copied().collect();
        if cut.is_empty() {
            return Err(format!("`{piece}` is no word; write words, `stem*` for any ending"));
        }
        for (i, token) in cut.iter().enumerate() {
            let folded = tokens.folded(token).to_owned();
            let last = i + 1 == cut.len();
            if stem.is_some() && last && folded.chars().count() < 2 {
                return Err(format!("`{piece}`: a stem needs two letters"));
            }
            words.push(TermWord { folded, ending: if stem.is_some() && last { Ending::Any } else { plain } });
        }
    }
    if words.is_empty() { Err("a term needs a word".to_owned()) } else { Ok(Term { words }) }
}

impl TermWord {
    fn matches(&self, folded: &str) -> bool {
        match self.ending {
            Ending::Exact => folded == self.folded,
            Ending::Any => folded.starts_with(&self.folded),
            Ending::Declined => folded == self.folded || is_case_of(&self.folded, folded),
        }
    }
}

/// Whether `found` is a case of the Cyrillic name `name`.
fn is_case_of(name: &str, found: &str) -> bool {
    let cyrillic = |c: char| matches!(c, '\u{430}'..='\u{44f}');
    if name.chars().count() < 4 || !name.chars().next_back().is_some_and(cyrillic) {
        return false;
    }
    let stem = name.trim_end_matches(['а', 'я', 'о', 'е', 'ь', 'й', 'ы', 'и']);
    stem.chars().count() >= 3 && found.strip_prefix(stem).is_some_and(|rest| CASES.contains(&rest))
}

/// Terms and what they stand for, by their first letter.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    by_letter: HashMap<char, Vec<(Term, u32)>>,
}

/// A term found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the term stands for.
    pub value: u32,
    /// Its first word, counted from the sentence's first.
    pub start: usize,
    /// One past its last word.
    pub end: usize,
}

impl Terms {
    /// Adds a term; one that cannot be read was reported with the profile.
    pub fn add(&mut self, text: &str, plain: Ending, value: u32) {
        if let Ok(term) = parse(text, plain) {
            if let Some(first) = term.words[0].folded.chars().next() {
                self.by_letter.entry(first).or_default().push((term, value));
            }
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_letter.is_empty()
    }

    /// Every term of a sentence's words.
    pub fn find(&self, block: &BlockWords, words: &[Word], found: &mut Vec<Found>) {
        if self.by_letter.is_empty() {
            return;
        }
        for start in 0..words.len() {
            let folded = block.folded(&words[start]);
            let Some(terms) = folded.chars().next().and_then(|c| self.by_letter.get(&c)) else { continue };
            for (term, value) in terms {
                let end = start + term.words.len();
                let fits = end <= words.len()
                    && term.words.iter().zip(&words[start..end]).all(|(t, w)| t.matches(block.folded(w)))
                    // no mark but a line break or a quotation mark stands inside a term
                    && words[start + 1..end].iter().all(|w| w.marks & !(mark::BREAK | mark::QUOTE) == 0);
                if fits {
                    found.push(Found { value: *value, start, end });
                }
            }
        }
    }
}

/// A profile made ready for sentences of every language.
#[derive(Default)]
pub struct House {
    /// What was declared.
    pub profile: Profile,
    /// Terms of the rules' lexicons, by symbol.
    marks: Terms,
    /// Banned terms by language; the value is their place in the profile.
    pub banned: [Terms; 5],
    /// The contexts in which a banned term is right, by its place.
    pub banned_unless: Vec<Terms>,
    /// Terms with a preferred one.
    pub preferred: [Terms; 5],
    /// The contexts in which they are right.
    pub preferred_unless: Vec<Terms>,
    /// Known wrong forms of names; the value is the name's place.
    pub wrong_names: Terms,
    /// Names by their letters and digits alone.
    pub names: HashMap<String, u32>,
    /// Most words that a name is written in.
    pub name_words: usize,
    /// Terms that are never reported.
    pub allowed: Terms,
    is_declared: bool,
}

fn by_language(list: &[Banned]) -> ([Terms; 5], Vec<Terms>) {
    let mut terms: [Terms; 5] = Default::default();
    let mut unless = Vec::new();
    for (i, term) in list.iter().enumerate() {
        for (l, terms) in terms.iter_mut().enumerate() {
            if term.lang.is_none_or(|lang| lang as usize == l) {
                terms.add(&term.pattern, Ending::Exact, i as u32);
            }
        }
        let mut contexts = Terms::default();
        for context in &term.unless {
            contexts.add(context, Ending::Exact, 0);
        }
        unless.push(contexts);
    }
    (terms, unless)
}

/// A name without its spaces, hyphens and case.
pub fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || *c == '&')
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}

impl House {
    /// A profile made ready.
    pub fn new(profile: &Profile) -> Self {
        let mut marks = Terms::default();
        let lists = [
            ("own-company", &profile.company),
            ("own-product", &profile.products),
            ("competitor", &profile.competitors),
            ("client", &profile.clients),
            // a client that may be named is a client too
            ("client", &profile.clients_cleared),
            ("cleared-client", &profile.clients_cleared),
            ("off-topic", &profile.off_topics),
            ("public-fact", &profile.public_facts),
        ];
        for (name, list) in lists {
            for term in list {
                marks.add(term, Ending::Declined, symbol(name));
            }
        }
        let (banned, banned_unless) = by_language(&profile.banned);
        let (preferred, preferred_unless) = by_language(&profile.preferred);
        let mut wrong_names = Terms::default();
        let mut names = HashMap::new();
        let mut name_words = 0;
        for (i, name) in profile.names.iter().enumerate() {
            for wrong in &name.wrong {
                wrong_names.add(wrong, Ending::Declined, i as u32);
            }
            let letters = bare(&name.canonical);
            // a name of two letters is any word's beginning
            if letters.chars().count() > 2 {
                name_words = name_words.max(parse(&name.canonical, Ending::Exact).map_or(1, |t| t.words.len()));
                names.insert(letters, i as u32);
            }
        }
        let mut allowed = Terms::default();
        for term in &profile.allow {
            allowed.add(term, Ending::Declined, 0);
        }
        Self {
            profile: profile.clone(),
            marks,
            banned,
            banned_unless,
            preferred,
            preferred_unless,
            wrong_names,
            names,
            name_words,
            allowed,
            is_declared: true,
        }
    }

    /// Whether there is a profile.
    pub fn is_declared(&self) -> bool {
        self.is_declared
    }

    /// Marks the profile's terms in a sentence.
    pub fn mark(&self, block: &BlockWords, sentence: &Sentence, marks: &mut Marks) {
        if self.marks.is_empty() {
            return;
        }
        let mut found = Vec::new();
        self.marks.find(block, &block.words[sentence.first..sentence.last], &mut found);
        for term in found {
            marks.push(term.value, term.start, term.end - term.start);
        }
    }
}

/// The houses of a company's people, and the company's own.
#[derive(Default)]
pub struct Houses {
    own: House,
    people: Vec<(String, House)>,
}

impl Houses {
    /// Of a profile and the people in it; empty without one.
    pub fn new(profile: Option<&Profile>) -> Self {
        let Some(profile) = profile else { return Self::default() };
        let people =
            profile.people.iter().map(|(name, profile)| (super::profile::key(name), House::new(profile))).collect();
        Self { own: House::new(profile), people }
    }

    /// The house of an author.
    pub fn of(&self, author: Option<&str>) -> &House {
        let Some(author) = author.filter(|_| !self.people.is_empty()).map(super::profile::key) else {
            return &self.own;
        };
        self.people.iter().find(|(name, _)| *name == author).map_or(&self.own, |(_, house)| house)
    }
}

/// Whether every letter of the words is a capital.
pub fn is_capitals(words: &[Word]) -> bool {
    words.iter().all(|w| w.has(flag::CAPITALS) || w.kind != TokenKind::Word)
}
