//! What can be counted of a post's manner: lengths, pronouns, marks, signs. No word of the post is kept.

use super::emoji::is_emoji;
use crate::compiler::layout::{NONE, mark};
use crate::document::block::Block;
use crate::document::sentence::{BlockWords, Sentence};
use crate::evidence::fact;
use crate::finding::Language;
use crate::matcher::Asked;
use crate::pack::Pack;
use crate::text::tokenize::{TokenKind, flag};
use lazy_static::lazy_static;
use unicode_segmentation::UnicodeSegmentation;

/// One feature: its name in files, the least spread that counts, and its name for people.
pub struct Feature {
    /// In `voice.learned.toml`.
    pub name: &'static str,
    /// The least spread: smaller differences say nothing.
    pub floor: f64,
    /// English, French, Dutch, Russian.
    pub label: [&'static str; 4],
}

macro_rules! features {
    ($($name:literal $floor:literal $en:literal $fr:literal $nl:literal $ru:literal)+) => {
        /// Every feature, in the order of a vector.
        pub const FEATURES: &[Feature] = &[$(Feature { name: $name, floor: $floor, label: [$en, $fr, $nl, $ru] }),+];
    };
}

features! {
    "words" 2.0 "words" "mots" "woorden" "слов"
    "lines" 1.0 "lines" "lignes" "regels" "строк"
    "sentence-mean" 1.0 "words per sentence" "mots par phrase" "woorden per zin" "слов во фразе"
    "sentence-longest" 2.0 "longest sentence, words" "phrase la plus longue, mots" "langste zin, woorden" "самая длинная фраза, слов"
    "sentence-spread" 1.0 "spread of sentence lengths" "écart entre longueurs de phrases" "spreiding van zinslengten" "разброс длины фраз"
    "word-length" 0.1 "letters per word" "lettres par mot" "letters per woord" "букв в слове"
    "long-words" 1.0 "long words in 100" "mots longs sur 100" "lange woorden op 100" "длинных слов на 100"
    "first-singular" 2.0 "I, me, my in 100 words" "je, me, mon sur 100 mots" "ik, me, mijn op 100 woorden" "я, меня, мой на 100 слов"
    "first-plural" 2.0 "we, our in 100 words" "nous, notre sur 100 mots" "wij, ons op 100 woorden" "мы, наш на 100 слов"
    "second-person" 2.0 "you, your in 100 words" "vous, tu sur 100 mots" "u, je op 100 woorden" "вы, ты на 100 слов"
    "questions" 1.0 "question marks" "points d'interrogation" "vraagtekens" "вопросительных знаков"
    "exclamations" 1.0 "exclamation marks" "points d'exclamation" "uitroeptekens" "восклицательных знаков"
    "emoji" 1.0 "emoji" "emojis" "emoji's" "эмодзи"
    "hashtags" 1.0 "hashtags" "mots-dièse" "hashtags" "хештегов"
    "mentions" 1.0 "mentions" "mentions" "vermeldingen" "упоминаний"
    "links" 1.0 "links" "liens" "links" "ссылок"
    "capitals" 1.0 "words in capitals" "mots en capitales" "woorden in hoofdletters" "слов заглавными"
    "numbers" 1.0 "numbers in 100 words" "nombres sur 100 mots" "getallen op 100 woorden" "чисел на 100 слов"
    "names" 1.0 "names in 100 words" "noms propres sur 100 mots" "namen op 100 woorden" "имён на 100 слов"
    "commas" 1.0 "commas in 100 words" "virgules sur 100 mots" "komma's op 100 woorden" "запятых на 100 слов"
    "dashes" 0.5 "dashes in 100 words" "tirets sur 100 mots" "gedachtestreepjes op 100 woorden" "тире на 100 слов"
    "colons" 0.5 "colons and semicolons in 100 words" "deux-points et points-virgules sur 100 mots" "dubbele punten en puntkomma's op 100 woorden" "двоеточий и точек с запятой на 100 слов"
    "brackets" 0.5 "brackets in 100 words" "parenthèses sur 100 mots" "haakjes op 100 woorden" "скобок на 100 слов"
    "quotes" 0.5 "quotation marks in 100 words" "guillemets sur 100 mots" "aanhalingstekens op 100 woorden" "кавычек на 100 слов"
    "dots" 0.5 "ellipses" "points de suspension" "beletseltekens" "многоточий"
    "contractions" 1.0 "contractions in 100 words" "contractions sur 100 mots" "samentrekkingen op 100 woorden" "стяжений на 100 слов"
    "negations" 1.0 "negations in 100 words" "négations sur 100 mots" "ontkenningen op 100 woorden" "отрицаний на 100 слов"
    "hedges" 0.5 "hedges in 100 words" "réserves sur 100 mots" "voorbehouden op 100 woorden" "оговорок на 100 слов"
    "past" 1.0 "past forms in 100 words" "formes du passé sur 100 mots" "verleden tijden op 100 woorden" "форм прошедшего на 100 слов"
    "function-words" 2.0 "function words in 100" "mots-outils sur 100" "functiewoorden op 100" "служебных слов на 100"
    "stock-words" 0.5 "stock words in 100" "mots convenus sur 100" "clichéwoorden op 100" "штампов на 100 слов"
    "polite" 0.5 "polite address in 100 words" "vouvoiement sur 100 mots" "u-vormen op 100 woorden" "обращений на «вы» на 100 слов"
    "familiar" 0.5 "familiar address in 100 words" "tutoiement sur 100 mots" "je-vormen op 100 woorden" "обращений на «ты» на 100 слов"
    "small-start" 5.0 "sentences that begin small, in 100" "phrases sans capitale, sur 100" "zinnen zonder hoofdletter, op 100" "фраз со строчной, на 100"
    "no-stop" 20.0 "posts without a full stop at the end, in 100" "textes sans point final, sur 100" "berichten zonder punt aan het eind, op 100" "постов без точки в конце, на 100"
}

/// How many features there are.
pub const COUNT: usize = FEATURES.len();
/// A post's features.
pub type Vector = [f64; COUNT];

const WORDS: usize = 0;
/// Places of the two forms of address in a vector.
pub const POLITE: usize = 31;
/// See [`POLITE`].
pub const FAMILIAR: usize = 32;

/// The lists of one language that features ask for, as symbols.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    i: u32,
    we: u32,
    you: u32,
    negation: u32,
    hedge: u32,
    past: u32,
    stop_word: u32,
    stock: [u32; 4],
    polite: u32,
    familiar: u32,
}

impl Symbols {
    /// Looks the lists up in a pack.
    pub fn new(pack: &Pack, language: Language) -> Self {
        let get = |name: &str| pack.symbol(language, name).unwrap_or(NONE);
        Self {
            i: get("#i"),
            we: get("#we"),
            you: get("#you"),
            negation: get("#negation"),
            hedge: get("#hedge"),
            past: get("#past"),
            stop_word: get("#stop-word"),
            stock: [get("@stock-word"), get("@stock-phrase"), get("@hype"), get("@opener")],
            polite: get("@formal-you"),
            familiar: get("@informal-you"),
        }
    }
}

/// Counts a post's features sentence by sentence.
#[derive(Default)]
pub struct Counter {
    sums: Vec<f64>,
    lengths: Vec<f64>,
    small_starts: f64,
    letters: f64,
    plain_words: f64,
    last_block: Option<usize>,
    open_end: bool,
}

/// Places in a vector, in the order of [`FEATURES`].
fn at(name: &str) -> usize {
    FEATURES.iter().position(|f| f.name == name).unwrap_or(WORDS)
}

lazy_static! {
    static ref AT: Places = Places {
        lines: at("lines"),
        mean: at("sentence-mean"),
        longest: at("sentence-longest"),
        spread: at("sentence-spread"),
        word_length: at("word-length"),
        long_words: at("long-words"),
        i: at("first-singular"),
        we: at("first-plural"),
        you: at("second-person"),
        questions: at("questions"),
        exclamations: at("exclamations"),
        emoji: at("emoji"),
        hashtags: at("hashtags"),
        mentions: at("mentions"),
        links: at("links"),
        capitals: at("capitals"),
        numbers: at("numbers"),
        names: at("names"),
        commas: at("commas"),
        dashes: at("dashes"),
        colons: at("colons"),
        brackets: at("brackets"),
        quotes: at("quotes"),
        dots: at("dots"),
        contractions: at("contractions"),
        negations: at("negations"),
        hedges: at("hedges"),
        past: at("past"),
        function_words: at("function-words"),
        stock: at("stock-words"),
        small_start: at("small-start"),
        no_stop: at("no-stop"),
    };
}

struct Places {
    lines: usize,
    mean: usize,
    longest: usize,
    spread: usize,
    word_length: usize,
    long_words: usize,
    i: usize,
    we: usize,
    you: usize,
    questions: usize,
    exclamations: usize,
    emoji: usize,
    hashtags: usize,
    mentions: usize,
    links: usize,
    capitals: usize,
    numbers: usize,
    names: usize,
    commas: usize,
    dashes: usize,
    colons: usize,
    brackets: usize,
    quotes: usize,
    dots: usize,
    contractions: usize,
    negations: usize,
    hedges: usize,
    past: usize,
    function_words: usize,
    stock: usize,
    small_start: usize,
    no_stop: usize,
}

impl Counter {
    /// Adds a sentence.
    pub fn sentence(
        &mut self,
        asked: &Asked<'_, '_>,
        words: &BlockWords,
        sentence: &Sentence,
        block: &Block<'_>,
        symbols: &Symbols,
    ) {
        if self.sums.is_empty() {
            self.sums.resize(COUNT, 0.0);
        }
        let places: &Places = &AT;
        if asked.words.iter().all(|w| w.quoted) {
            return;
        }
        if self.last_block.replace(block.span.start) != Some(block.span.start) {
            self.sums[places.lines] += 1.0;
        }
        let text = &block.text[sentence.start as usize..sentence.end as usize];
        self.characters(text);
        let mut length = 0.0;
        for (i, word) in asked.words.iter().enumerate() {
            if i > 0
                && word.marks & (mark::PERIOD | mark::QUESTION | mark::EXCLAMATION | mark::ELLIPSIS | mark::BREAK) != 0
                && length > 0.0
            {
                self.lengths.push(length);
                length = 0.0;
            }
            let sums = &mut self.sums;
            match word.kind {
                TokenKind::Hashtag => sums[places.hashtags] += 1.0,
                TokenKind::Mention => sums[places.mentions] += 1.0,
                TokenKind::Url => sums[places.links] += 1.0,
                TokenKind::Number => {
                    sums[places.numbers] += 1.0;
                    sums[WORDS] += 1.0;
                    length += 1.0;
                }
                TokenKind::Word => {
                    sums[WORDS] += 1.0;
                    length += 1.0;
                    let folded = words.folded(word);
                    let letters = folded.chars().count();
                    self.letters += letters as f64;
                    self.plain_words += 1.0;
                    sums[places.long_words] += f64::from(u8::from(letters >= 9));
                    sums[places.contractions] +=
                        f64::from(u8::from(folded.starts_with(['\'', '’']) || folded == "n't"));
                    for (place, symbol) in [
                        (places.i, symbols.i),
                        (places.we, symbols.we),
                        (places.you, symbols.you),
                        (places.negations, symbols.negation),
                        (places.hedges, symbols.hedge),
                        (places.past, symbols.past),
                        (places.function_words, symbols.stop_word),
                        (POLITE, symbols.polite),
                        (FAMILIAR, symbols.familiar),
                    ] {
                        sums[place] += f64::from(u8::from(symbol != NONE && asked.longest(i, symbol) > 0));
                    }
                    let stock = symbols.stock.iter().any(|s| *s != NONE && asked.longest(i, *s) > 0);
                    sums[places.stock] += f64::from(u8::from(stock));
                    for found in asked.marks.at(i) {
                        match found.symbol {
                            fact::CAPITALS => sums[places.capitals] += 1.0,
                            fact::NAME => sums[places.names] += 1.0,
                            _ => {}
                        }
                    }
                }
                TokenKind::Symbol | TokenKind::Mark | TokenKind::Email | TokenKind::Emoji => {}
            }
        }
        if length > 0.0 {
            self.lengths.push(length);
        }
        if let Some(first) = asked.words.first().filter(|w| w.kind == TokenKind::Word) {
            self.small_starts += f64::from(u8::from(!first.has(flag::CAPITALISED) && !first.has(flag::CAMEL)));
        }
        let last = asked.words.last().map(|w| w.kind);
        self.open_end =
            asked.end_marks & !mark::BREAK == 0 && matches!(last, Some(TokenKind::Word | TokenKind::Number));
    }

    fn characters(&mut self, text: &str) {
        let places: &Places = &AT;
        let sums = &mut self.sums;
        let mut before = '\n';
        let mut dots = 0;
        for c in text.chars() {
            let place = match c {
                ',' => Some(places.commas),
                '—' | '–' => Some(places.dashes),
                '-' if before == ' ' => Some(places.dashes),
                ':' | ';' => Some(places.colons),
                '(' => Some(places.brackets),
                '«' | '„' | '“' | '"' => Some(places.quotes),
                '?' => Some(places.questions),
                '!' => Some(places.exclamations),
                '\n' => Some(places.lines),
                '…' => Some(places.dots),
                _ => None,
            };
            dots = if c == '.' { dots + 1 } else { 0 };
            if dots == 3 {
                sums[places.dots] += 1.0;
            }
            if let Some(place) = place {
                sums[place] += 1.0;
            }
            before = c;
        }
        if !text.is_ascii() {
            sums[places.emoji] += text.graphemes(true).filter(|g| is_emoji(g)).count() as f64;
        }
    }

    /// The post's features; `None` for a post without words.
    pub fn finish(self) -> Option<Vector> {
        let places: &Places = &AT;
        let words = self.sums.first().copied().unwrap_or(0.0);
        if words < 1.0 {
            return None;
        }
        let mut vector = [0.0; COUNT];
        vector.copy_from_slice(&self.sums);
        for place in [
            places.i,
            places.we,
            places.you,
            places.numbers,
            places.names,
            places.commas,
            places.dashes,
            places.colons,
            places.brackets,
            places.quotes,
            places.contractions,
            places.negations,
            places.hedges,
            places.past,
            places.function_words,
            places.stock,
            POLITE,
            FAMILIAR,
            places.long_words,
        ] {
            vector[place] *= 100.0 / words;
        }
        let n = self.lengths.len().max(1) as f64;
        let mean = self.lengths.iter().sum::<f64>() / n;
        vector[places.mean] = mean;
        vector[places.longest] = self.lengths.iter().copied().fold(0.0, f64::max);
        vector[places.spread] = (self.lengths.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / n).sqrt();
        vector[places.word_length] = self.letters / self.plain_words.max(1.0);
        vector[places.small_start] = 100.0 * self.small_starts / n;
        vector[places.no_stop] = if self.open_end { 100.0 } else { 0.0 };
        // files hold two decimals
        for value in &mut vector {
            *value = (*value * 100.0).round() / 100.0;
        }
        Some(vector)
    }
}

/// How a feature is spread over many writers of one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Background {
    /// Where its bins end; a value on a cut belongs to the bin above.
    pub cuts: Vec<f64>,
    /// The share of posts in each bin.
    pub shares: Vec<f64>,
}

impl Background {
    /// The bin of a value.
    pub fn bin(&self, value: f64) -> usize {
        self.cuts.partition_point(|cut| *cut <= value)
    }
}

/// How many bins a feature is cut into, at most.
const BINS: usize = 6;

/// The backgrounds of the four languages, in the order of [`FEATURES`]; empty for a language without one.
pub struct Backgrounds {
    languages: [Vec<Background>; 5],
    /// Changes with the numbers.
    pub version: String,
}

lazy_static! {
    static ref SHIPPED: Backgrounds = Backgrounds::parse(include_str!("background.tsv"));
}

impl Backgrounds {
    /// Those that ship; `draftlint learn --fit-background` wrote them.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Of a language; empty where there is none.
    pub fn of(&self, language: Language) -> &[Background] {
        &self.languages[language as usize]
    }

    /// Reads the lines `language feature cuts shares`.
    pub fn parse(text: &str) -> Self {
        let numbers = |field: &str| field.split(',').filter_map(|n| n.parse().ok()).collect::<Vec<f64>>();
        let mut languages: [Vec<Background>; 5] = Default::default();
        for line in text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [language, feature, cuts, shares] = fields.as_slice() else { continue };
            let Some(language) = Language::from_name(language) else { continue };
            let list = &mut languages[language as usize];
            // a line out of order belongs to another version of the program
            if FEATURES.get(list.len()).is_some_and(|f| f.name == *feature) {
                list.push(Background { cuts: numbers(cuts), shares: numbers(shares) });
            }
        }
        for list in &mut languages {
            if list.len() != COUNT || list.iter().any(|b| b.shares.len() != b.cuts.len() + 1) {
                list.clear();
            }
        }
        let hash =
            text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self { languages, version: format!("{hash:016x}") }
    }

    /// Cuts every feature so that the bins hold about equally many posts.
    pub fn fit(language: Language, posts: &[Vector]) -> String {
        let mut out = String::new();
        for (i, feature) in FEATURES.iter().enumerate() {
            let mut values: Vec<f64> = posts.iter().map(|p| p[i]).collect();
            values.sort_by(f64::total_cmp);
            let mut cuts: Vec<f64> = Vec::new();
            for bin in 1..BINS {
                let cut = values[bin * values.len() / BINS];
                if cut > values[0] && cuts.last().is_none_or(|last| cut > *last) {
                    cuts.push(cut);
                }
            }
            // a feature that most posts lack: none, some
            if cuts.is_empty() {
                cuts.extend(values.iter().copied().find(|v| *v > values[0]));
            }
            let background = Background { cuts, shares: Vec::new() };
            let mut counts = vec![0.5; background.cuts.len() + 1];
            for value in &values {
                counts[background.bin(*value)] += 1.0;
            }
            let total: f64 = counts.iter().sum();
            let join = |numbers: &mut dyn Iterator<Item = String>| numbers.collect::<Vec<_>>().join(",");
            let cuts = join(&mut background.cuts.iter().map(|c| format!("{c}")));
            let shares = join(&mut counts.iter().map(|c| format!("{:.4}", c / total)));
            out.push_str(&format!("{language}\t{}\t{cuts}\t{shares}\n", feature.name));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_have_their_places() {
        assert_eq!(
            (FEATURES[POLITE].name, FEATURES[FAMILIAR].name, FEATURES[WORDS].name),
            ("polite", "familiar", "words")
        );
        let mut names: Vec<&str> = FEATURES.iter().map(|f| f.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COUNT);
    }

    #[test]
    fn a_background_is_read_as_it_was_written() {
        let posts: Vec<Vector> = (0..60).map(|i| [f64::from(i); COUNT]).collect();
        let text = Backgrounds::fit(Language::Fr, &posts);
        let read = Backgrounds::parse(&text);
        let words = &read.of(Language::Fr)[0];
        assert_eq!(words.cuts, [10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!((words.bin(0.0), words.bin(10.0), words.bin(59.0)), (0, 1, 5));
        assert!((words.shares.iter().sum::<f64>() - 1.0).abs() < 0.001);
        assert!(read.of(Language::En).is_empty());
    }

    #[test]
    fn every_language_ships_a_background() {
        for language in Language::KNOWN {
            assert_eq!(Backgrounds::shipped().of(language).len(), COUNT, "{language}");
        }
    }
}
