//! Counting what a draft holds, sentence by sentence.

use super::{Weights, features_of};
use crate::compiler::layout::{NONE, mark};
use crate::document::sentence::{BlockWords, Word};
use crate::evidence::fact;
use crate::finding::Language;
use crate::matcher::Asked;
use crate::pack::Pack;
use crate::report::Missing;
use crate::text::tokenize::{TokenKind, flag};

/// Scores of shorter drafts are not shown and never a reason to warn.
pub const MIN_WORDS: usize = 8;
/// A longer draft is judged by its average stretch of so many words.
pub const WINDOW: usize = 40;
/// Words between quotation marks that are a term or a title, not somebody's speech.
const TERM_WORDS: usize = 3;
/// A draft that quotes more than it says, and says less than this, has no specificity of its own.
const OWN_WORDS: f64 = 5.0;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Count {
    Word,
    Letter,
    StopWord,
    /// Content words that are new in their stretch of [`WINDOW`] words.
    DistinctWord,
    /// Content words in no list of common words, names included.
    UncommonWord,
    /// The same in small letters.
    RareWord,
    /// Things one can see, touch or eat.
    Concrete,
    EmptyNoun,
    Number,
    Measure,
    /// Money and percentages.
    Money,
    Unit,
    Date,
    Time,
    Period,
    Name,
    Acronym,
    /// Capitals inside sentences, whether a name is recognised or not.
    Capital,
    UncommonCapital,
    Shouted,
    Mention,
    Hashtag,
    I,
    We,
    You,
    They,
    Past,
    Future,
    Negation,
    Hedge,
    Cause,
    Comparison,
    Source,
    FirstHand,
    /// Interjections, laughter, lengthened words.
    Interjection,
    Emoji,
    Comma,
    Question,
    /// Words of quoted speech; only told, never scored.
    Quoted,
    /// Whatever a reader could check: measures, dates, times, periods, names.
    Anchor,
}

/// How many things are counted.
pub const COUNTS: usize = 40;

/// Their names, in order.
pub(super) const COUNTED: [&str; COUNTS] = [
    "word",
    "letter",
    "stop-word",
    "distinct-word",
    "uncommon-word",
    "rare-word",
    "concrete",
    "empty-noun",
    "number",
    "measure",
    "money",
    "unit",
    "date",
    "time",
    "period",
    "name",
    "acronym",
    "capital",
    "uncommon-capital",
    "shouted",
    "mention",
    "hashtag",
    "i",
    "we",
    "you",
    "they",
    "past",
    "future",
    "negation",
    "hedge",
    "cause",
    "comparison",
    "source",
    "first-hand",
    "interjection",
    "emoji",
    "comma",
    "question",
    "quoted",
    "anchor",
];

/// Counts that a list of the pack decides, and the list.
const LISTED: [(Count, &str); 17] = [
    (Count::Concrete, "#concrete"),
    (Count::EmptyNoun, "#empty-noun"),
    (Count::Unit, "#unit"),
    (Count::Period, "#period"),
    (Count::I, "#i"),
    (Count::We, "#we"),
    (Count::You, "#you"),
    (Count::They, "#they"),
    (Count::Past, "#past"),
    (Count::Future, "#future"),
    (Count::Negation, "#negation"),
    (Count::Hedge, "#hedge"),
    (Count::Cause, "#cause"),
    (Count::Comparison, "#comparison"),
    (Count::Source, "#source"),
    (Count::FirstHand, "#first-hand"),
    (Count::Interjection, "#interjection"),
];

/// The lists of one language that the score needs, as symbols.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    language: Language,
    common_word: u32,
    stop_word: u32,
    interjection: u32,
    lists: [(Count, u32); LISTED.len()],
}

impl Symbols {
    /// Looks the lists up in a pack.
    pub fn new(pack: &Pack, language: Language) -> Self {
        let get = |name: &str| pack.symbol(language, name).unwrap_or(NONE);
        Self {
            language,
            common_word: get("#common-word"),
            stop_word: get("#stop-word"),
            interjection: get("#interjection"),
            lists: std::array::from_fn(|i| (LISTED[i].0, get(LISTED[i].1))),
        }
    }
}

/// Whose word it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Own,
    /// The author's, between quotation marks: a word like others, and no fact.
    Term,
    Quoted,
}

/// What the sentences seen so far hold, by language.
#[derive(Clone, Debug)]
pub struct Tally {
    counts: [[u32; COUNTS]; 5],
    /// Content words of the stretch at hand, as hashes.
    stretch: Vec<u64>,
    stretch_words: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self { counts: [[0; COUNTS]; 5], stretch: Vec::new(), stretch_words: 0 }
    }
}

impl Tally {
    /// Adds a sentence. Quoted speech, links and placeholders (`<URL>`) are left out.
    pub fn sentence(&mut self, asked: &Asked<'_, '_>, block: &BlockWords, symbols: &Symbols) {
        let words = asked.words;
        let letters = words.iter().filter(|w| w.kind == TokenKind::Word).count();
        let capitalised = words.iter().filter(|w| w.kind == TokenKind::Word && w.has(flag::CAPITALISED)).count();
        // a headline in title case says nothing about names
        let title_case = letters >= 4 && capitalised * 10 >= letters * 7;
        // the author's own words, a bit each; those from the 64th on are asked one by one
        let mut own = 0u64;
        let mut until = 0;
        let mut voice = Voice::Own;
        for i in 0..words.len() {
            let word = &words[i];
            if i >= until {
                (voice, until) = voice_from(words, i);
            }
            if is_placeholder(words, block, i) {
                continue;
            }
            if voice == Voice::Quoted {
                self.add(symbols, Count::Quoted, u32::from(matches!(word.kind, TokenKind::Word | TokenKind::Number)));
                continue;
            }
            self.word(asked, block, symbols, i, voice, title_case);
            if voice == Voice::Own && i < 63 {
                own |= 1 << i;
            } else if voice == Voice::Own {
                for (count, symbol) in symbols.lists {
                    self.add(symbols, count, u32::from(asked.longest(i, symbol) > 0));
                }
            }
        }
        for (count, symbol) in symbols.lists {
            self.add(symbols, count, (asked.positions(symbol) & own).count_ones());
        }
    }

    fn add(&mut self, symbols: &Symbols, count: Count, n: u32) {
        let at = &mut self.counts[symbols.language as usize][count as usize];
        *at = at.saturating_add(n);
    }

    fn word(
        &mut self,
        asked: &Asked<'_, '_>,
        block: &BlockWords,
        symbols: &Symbols,
        i: usize,
        voice: Voice,
        title_case: bool,
    ) {
        let word = &asked.words[i];
        let folded = block.folded(word);
        let own = voice == Voice::Own;
        match word.kind {
            TokenKind::Word | TokenKind::Number => {
                let letters = folded.chars().count();
                let stop = asked.is(i, symbols.stop_word);
                let is_word = word.kind == TokenKind::Word;
                self.add(symbols, Count::Word, 1);
                self.add(symbols, Count::Letter, letters as u32);
                self.add(symbols, Count::StopWord, u32::from(stop));
                self.distinct(symbols, folded, stop);
                if own && is_word {
                    let common = stop || asked.is(i, symbols.common_word);
                    let listed =
                        asked.positions(symbols.interjection) != 0 && asked.longest(i, symbols.interjection) > 0;
                    let interjection = listed || is_lengthened(folded) || is_laughter(folded);
                    self.add(symbols, Count::Interjection, u32::from(interjection && !listed));
                    let uncommon = !common && letters > 2 && !interjection;
                    self.add(symbols, Count::UncommonWord, u32::from(uncommon));
                    self.add(symbols, Count::RareWord, u32::from(uncommon && !word.has(flag::CAPITALISED)));
                    self.add(symbols, Count::Shouted, u32::from(word.has(flag::CAPITALS) && letters > 2));
                    if word.has(flag::CAPITALISED) && letters > 1 && !title_case && !opens(word, i) {
                        self.add(symbols, Count::Capital, 1);
                        self.add(symbols, Count::UncommonCapital, u32::from(!common));
                    }
                }
            }
            TokenKind::Emoji => self.add(symbols, Count::Emoji, 1),
            TokenKind::Mention => self.add(symbols, Count::Mention, 1),
            TokenKind::Hashtag => self.add(symbols, Count::Hashtag, 1),
            _ => {}
        }
        if !own {
            return;
        }
        self.add(symbols, Count::Comma, u32::from(word.marks & mark::COMMA != 0));
        self.add(symbols, Count::Question, u32::from(word.marks & mark::QUESTION != 0));
        for m in asked.marks.at(i) {
            let count = match m.symbol {
                fact::NUMBER => Count::Number,
                fact::MEASURE => Count::Measure,
                fact::MONEY | fact::PERCENT => Count::Money,
                fact::DATE | fact::YEAR => Count::Date,
                fact::TIME => Count::Time,
                fact::NAME | fact::PLACEHOLDER_NAME => Count::Name,
                fact::ACRONYM => Count::Acronym,
                fact::QUESTION => Count::Question,
                _ => continue,
            };
            self.add(symbols, count, 1);
        }
    }

    /// Counts a content word that its stretch has not held yet.
    fn distinct(&mut self, symbols: &Symbols, folded: &str, stop: bool) {
        if self.stretch_words == WINDOW {
            self.stretch_words = 0;
            self.stretch.clear();
        }
        self.stretch_words += 1;
        // FNV-1a: two words of a stretch with one hash would cost a hundredth of a point
        let hash =
            folded.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        if !stop && !self.stretch.contains(&hash) {
            self.stretch.push(hash);
            self.add(symbols, Count::DistinctWord, 1);
        }
    }

    fn total(&self, count: Count) -> u32 {
        self.counts.iter().map(|c| c[count as usize]).sum()
    }

    /// Whether a score would say something: there are words of the author's own, in a known language or too few to tell.
    fn is_scorable(&self) -> bool {
        let (own, quoted) = (f64::from(self.total(Count::Word)), f64::from(self.total(Count::Quoted)));
        let unknown = self.counts[Language::Unknown as usize][Count::Word as usize];
        own > 0.0
            && !(quoted > own && own < OWN_WORDS)
            && ((unknown as usize) < MIN_WORDS || f64::from(unknown) * 2.0 <= own)
    }

    /// The features, in the order of [`super::feature_names`]; none where a score would say nothing.
    pub fn features(&self) -> Vec<f64> {
        self.features_by(Weights::shipped())
    }

    fn features_by(&self, weights: &Weights) -> Vec<f64> {
        if !self.is_scorable() {
            return Vec::new();
        }
        let mut all = [0.0; COUNTS];
        for (language, counts) in self.counts.iter().enumerate() {
            let words = f64::from(counts[Count::Word as usize]);
            for (i, total) in all.iter_mut().enumerate() {
                let guess =
                    weights.typical.iter().find(|(count, _)| *count == i && language == Language::Unknown as usize);
                *total += guess.map_or(f64::from(counts[i]) * weights.scale[language][i], |(_, share)| share * words);
            }
        }
        let anchors = [Count::Measure, Count::Date, Count::Time, Count::Period, Count::Name, Count::Acronym];
        all[Count::Anchor as usize] = anchors.iter().map(|c| all[*c as usize]).sum();
        features_of(&all)
    }

    /// The score, and what is missing. No score where it would say nothing.
    pub fn score(&self, weights: &Weights, language: Language) -> (Option<f64>, Vec<Missing>) {
        let features = self.features_by(weights);
        if features.is_empty() {
            return (None, Vec::new());
        }
        let score = (weights.score(&features) * 1000.0).round() / 1000.0;
        if language == Language::Unknown {
            return (Some(score), Vec::new());
        }
        let any = |counts: &[Count]| counts.iter().any(|c| self.total(*c) > 0);
        let held = [
            (any(&[Count::Measure]), Missing::Figure),
            (any(&[Count::Name, Count::Acronym, Count::Mention, Count::Hashtag]), Missing::Name),
            (any(&[Count::Date, Count::Time, Count::Period]), Missing::Period),
            (any(&[Count::Source]), Missing::Source),
            (any(&[Count::FirstHand]), Missing::FirstHand),
        ];
        (Some(score), held.into_iter().filter(|(held, _)| !held).map(|(_, what)| what).collect())
    }
}

/// Whose words begin at `i`, and where they end.
fn voice_from(words: &[Word], i: usize) -> (Voice, usize) {
    if !words[i].quoted {
        return (Voice::Own, words[i..].iter().position(|w| w.quoted).map_or(words.len(), |n| i + n));
    }
    let end =
        (i + 1..words.len()).find(|j| !words[*j].quoted || words[*j].marks & mark::QUOTE != 0).unwrap_or(words.len());
    let spoken = words[i..end].iter().filter(|w| matches!(w.kind, TokenKind::Word | TokenKind::Number)).count();
    let opened_here = words[i].marks & mark::QUOTE != 0;
    let whole = i == 0 && end == words.len();
    (if spoken <= TERM_WORDS && opened_here && !whole { Voice::Term } else { Voice::Quoted }, end)
}

/// A word between angle brackets stands for a link or a name that is not there.
fn is_placeholder(words: &[Word], block: &BlockWords, i: usize) -> bool {
    let is = |i: Option<usize>, sign: &str| {
        i.and_then(|i| words.get(i)).is_some_and(|w| w.kind == TokenKind::Symbol && block.folded(w) == sign)
    };
    is(i.checked_sub(1), "<") && is(Some(i + 1), ">")
}

/// Whether a capital is owed to the place, not to the word.
fn opens(word: &Word, i: usize) -> bool {
    i == 0
        || word.marks
            & (mark::COLON
                | mark::SEMICOLON
                | mark::DASH
                | mark::QUESTION
                | mark::EXCLAMATION
                | mark::PERIOD
                | mark::OPEN
                | mark::QUOTE
                | mark::ELLIPSIS
                | mark::BREAK)
            != 0
}

/// `soooo`: three times the same letter.
fn is_lengthened(word: &str) -> bool {
    // in bytes the third of a letter is like the first, whether a letter takes one or two
    let bytes = word.as_bytes();
    if !bytes.windows(3).any(|b| b[0] == b[2]) {
        return false;
    }
    let mut run = 0;
    let mut last = '\0';
    word.chars().any(|c| {
        run = if c == last && c.is_alphabetic() { run + 1 } else { 0 };
        last = c;
        run == 2
    })
}

/// `hahaha`, `ахаха`: an h and one other letter by turns.
fn is_laughter(word: &str) -> bool {
    if word.len() < 4 || !word.bytes().take(4).any(|b| matches!(b, b'h' | b'x' | 0x85)) {
        return false;
    }
    let mut letters = word.chars();
    let (Some(first), Some(second)) = (letters.next(), letters.next()) else { return false };
    let h = |c| matches!(c, 'h' | 'х' | 'x');
    first != second
        && (h(first) || h(second))
        && word.chars().count() >= 4
        && word.chars().zip([first, second].into_iter().cycle()).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_counts_agree() {
        assert_eq!(COUNTED[Count::Anchor as usize], "anchor");
        assert_eq!(COUNTED[Count::FirstHand as usize], "first-hand");
        assert_eq!(COUNTED[Count::UncommonCapital as usize], "uncommon-capital");
        assert_eq!(Count::Anchor as usize + 1, COUNTS);
    }

    #[test]
    fn lengthened_words_and_laughter() {
        for word in ["sooo", "whaaat", "нууу"] {
            assert!(is_lengthened(word), "{word}");
        }
        for word in ["zoo", "книга", "2000", "committee"] {
            assert!(!is_lengthened(word), "{word}");
        }
        for word in ["haha", "hahahah", "hehehe", "ахаха", "хихи"] {
            assert!(is_laughter(word), "{word}");
        }
        for word in ["mama", "hall", "ха", "shah", "papa"] {
            assert!(!is_laughter(word), "{word}");
        }
    }
}
