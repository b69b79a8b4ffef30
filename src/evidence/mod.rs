//! Evidence: what a sentence holds that a reader could check.
//!
//! The facts computed here need more than a list: what a number measures, whether a capital makes a name, whether a year
//! lies ahead. Facts that lists decide (`rules/evidence/`) are marked by the pattern engine like any lexicon.

pub mod marks;

use crate::compiler::layout::{FACTS, NONE, mark};
use crate::date::Date;
use crate::document::sentence::{BlockWords, Sentence, Word};
use crate::finding::Language;
use crate::pack::{Lexis, Pack};
use crate::text::tokenize::{TokenKind, flag};
use marks::Marks;

/// Symbols of the computed facts: their place in [`FACTS`], the same in every language.
pub mod fact {
    /// Digits or a number word.
    pub const NUMBER: u32 = 0;
    /// A number that measures something.
    pub const MEASURE: u32 = 1;
    /// A percentage.
    pub const PERCENT: u32 = 2;
    /// An amount of money.
    pub const MONEY: u32 = 3;
    /// A calendar date.
    pub const DATE: u32 = 4;
    /// A year.
    pub const YEAR: u32 = 5;
    /// A year or date after the draft's.
    pub const FUTURE_YEAR: u32 = 6;
    /// A clock time.
    pub const TIME: u32 = 7;
    /// A proper name.
    pub const NAME: u32 = 8;
    /// X, Y, Z.
    pub const PLACEHOLDER_NAME: u32 = 9;
    /// An acronym.
    pub const ACRONYM: u32 = 10;
    /// A word shouted in capitals.
    pub const CAPITALS: u32 = 11;
    /// A link.
    pub const LINK: u32 = 12;
    /// An e-mail address.
    pub const EMAIL: u32 = 13;
    /// `@name`.
    pub const MENTION: u32 = 14;
    /// `#word`.
    pub const HASHTAG: u32 = 15;
    /// An emoji.
    pub const EMOJI: u32 = 16;
    /// A quoted stretch.
    pub const QUOTED: u32 = 17;
    /// The last word of a question.
    pub const QUESTION: u32 = 18;
    /// The last word of an exclamation.
    pub const EXCLAMATION: u32 = 19;
    /// A year before the draft's.
    pub const PAST_YEAR: u32 = 20;
}

const _: () = assert!(FACTS.len() == 21);

/// The lists of one language that evidence needs, as symbols.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceSymbols {
    number_word: u32,
    unit: u32,
    month: u32,
    weekday: u32,
    stop_word: u32,
    common_word: u32,
    empty_noun: u32,
    title: u32,
    no_name: u32,
}

impl EvidenceSymbols {
    /// Looks the lists up in a pack.
    pub fn new(pack: &Pack, language: Language) -> Self {
        let get = |name: &str| pack.symbol(language, name).unwrap_or(NONE);
        Self {
            number_word: get("#number-word"),
            unit: get("#unit"),
            month: get("#month"),
            weekday: get("#weekday"),
            stop_word: get("#stop-word"),
            common_word: get("#common-word"),
            empty_noun: get("#empty-noun"),
            title: get("#title"),
            no_name: get("#no-name"),
        }
    }
}

/// What evidence is judged by, beside the words themselves.
#[derive(Clone, Copy)]
pub struct Context<'p> {
    /// The language's part of the pack.
    pub lexis: Lexis<'p>,
    /// The language's lists.
    pub symbols: EvidenceSymbols,
    /// The language.
    pub language: Language,
    /// The draft's day.
    pub as_of: Date,
}

/// Marks the computed facts of a sentence.
pub fn collect(context: &Context<'_>, block: &BlockWords, sentence: &Sentence, marks: &mut Marks) {
    let words = &block.words[sentence.first..sentence.last];
    let view = View { context, block, words };
    let capitalised = words.iter().filter(|w| w.kind == TokenKind::Word && w.has(flag::CAPITALISED)).count();
    let letters = words.iter().filter(|w| w.kind == TokenKind::Word).count();
    // a headline in title case says nothing about names
    let title_case = letters >= 4 && capitalised * 10 >= letters * 7;
    let shouted = words.iter().filter(|w| w.has(flag::CAPITALS)).count();
    let all_capitals = letters >= 4 && shouted * 10 >= letters * 6;
    let mut i = 0;
    while i < words.len() {
        let word = &words[i];
        match word.kind {
            TokenKind::Number => view.number(i, marks),
            TokenKind::Word => {
                if view.is(i, view.context.symbols.number_word) {
                    view.number_word(i, marks);
                }
                if word.has(flag::CAPITALISED) {
                    view.capital(i, title_case, all_capitals, marks);
                }
            }
            TokenKind::Url => {
                marks.push(fact::LINK, i, 1);
            }
            TokenKind::Email => {
                marks.push(fact::EMAIL, i, 1);
            }
            TokenKind::Mention => {
                marks.push(fact::MENTION, i, 1);
            }
            TokenKind::Hashtag => {
                marks.push(fact::HASHTAG, i, 1);
            }
            TokenKind::Emoji => {
                marks.push(fact::EMOJI, i, 1);
            }
            TokenKind::Symbol | TokenKind::Mark => {}
        }
        if word.quoted && (i == 0 || !words[i - 1].quoted) {
            let len = words[i..].iter().take_while(|w| w.quoted).count();
            marks.push(fact::QUOTED, i, len);
        }
        i += 1;
    }
    if let Some(last) = words.len().checked_sub(1) {
        if sentence.end_marks & mark::QUESTION != 0 {
            marks.push(fact::QUESTION, last, 1);
        }
        if sentence.end_marks & mark::EXCLAMATION != 0 {
            marks.push(fact::EXCLAMATION, last, 1);
        }
    }
}

struct View<'v> {
    context: &'v Context<'v>,
    block: &'v BlockWords,
    words: &'v [Word],
}

impl View<'_> {
    fn folded(&self, i: usize) -> &str {
        self.words.get(i).map_or("", |w| self.block.folded(w))
    }

    fn is(&self, i: usize, symbol: u32) -> bool {
        self.words.get(i).is_some_and(|w| self.context.lexis.holds(w.symbols, symbol))
    }

    fn word(&self, i: usize) -> Option<&Word> {
        self.words.get(i)
    }

    fn number(&self, i: usize, marks: &mut Marks) {
        let text = self.folded(i);
        let next = self.folded(i + 1);
        let glued = self
            .word(i + 1)
            .is_some_and(|w| !w.has(flag::SPACE_BEFORE) && !w.has(flag::HYPHEN_BEFORE) && w.kind == TokenKind::Word);
        match shape(text) {
            Shape::Time => {
                marks.push(fact::TIME, i, 1);
                return;
            }
            Shape::Date(year) => {
                marks.push(fact::DATE, i, 1);
                self.mark_year(year, i, marks);
                return;
            }
            Shape::Year(year) => {
                let counted = self.is(i + 1, self.context.symbols.unit) && !self.is_year_word(i + 1);
                if !counted && !is_percent(next) && !is_currency(next) && !self.currency_before(i) {
                    marks.push(fact::YEAR, i, 1);
                    self.mark_year(Some(year), i, marks);
                    if i > 0 && self.is_month(i - 1) {
                        marks.push(fact::DATE, i - 1, 2);
                    }
                    return;
                }
            }
            Shape::Plain => {}
        }
        // an hour: "14h", "9am", "14 uur", "9 o'clock"
        if matches!(next, "am" | "pm" | "h" | "uur" | "o'clock" | "heures" | "часов" | "часа")
            && text.len() <= 2
            && (glued || next == "uur")
            && next != "heures"
        {
            marks.push(fact::TIME, i, 2);
            return;
        }
        // a day of a month: "12 mars", "March 12", "12th of March"
        let ordinal = glued
            && matches!(
                next,
                "st" | "nd"
                    | "rd"
                    | "th"
                    | "e"
                    | "er"
                    | "ère"
                    | "ème"
                    | "eme"
                    | "de"
                    | "ste"
                    | "й"
                    | "го"
                    | "я"
                    | "ое"
                    | "му"
                    | "м"
                    | "х"
            );
        let after = if ordinal { i + 2 } else { i + 1 };
        let month_after = if self.is_month(after) {
            Some(after)
        } else if matches!(self.folded(after), "of" | "de") && self.is_month(after + 1) {
            Some(after + 1)
        } else {
            None
        };
        if let Some(month) = month_after.filter(|_| text.len() <= 2) {
            let end = if matches!(shape(self.folded(month + 1)), Shape::Year(_)) { month + 2 } else { month + 1 };
            marks.push(fact::DATE, i, end - i);
            return;
        }
        if i > 0 && text.len() <= 2 && self.is_month(i - 1) {
            marks.push(fact::DATE, i - 1, 2);
            return;
        }
        if ordinal {
            return;
        }
        // a numbered item
        if i == 0 && self.word(1).is_some_and(|w| w.marks & (mark::PERIOD | mark::CLOSE) != 0) && text.len() <= 2 {
            return;
        }
        marks.push(fact::NUMBER, i, 1);
        self.measure(i, i + 1, text.contains(['.', ',']) && !text.contains('/'), marks);
    }

    fn number_word(&self, i: usize, marks: &mut Marks) {
        marks.push(fact::NUMBER, i, 1);
        let mut end = i + 1;
        while self.is(end, self.context.symbols.number_word) && end < i + 5 {
            end += 1;
        }
        self.measure(i, end, false, marks);
    }

    /// Whether the number in `start..end` measures something; marks the stretch with its unit.
    fn measure(&self, start: usize, end: usize, decimal: bool, marks: &mut Marks) {
        let mut at = end;
        if is_scale(self.folded(at)) {
            at += 1;
            if matches!(self.folded(at), "de" | "d'" | "of") {
                at += 1;
            }
        }
        let scaled = at > end;
        if is_percent(self.folded(at)) || matches!((self.folded(at), self.folded(at + 1)), ("per" | "pour", "cent")) {
            let width = if is_percent(self.folded(at)) { 1 } else { 2 };
            marks.push(fact::PERCENT, start, at + width - start);
            marks.push(fact::MEASURE, start, at + width - start);
            return;
        }
        if is_currency(self.folded(at)) {
            marks.push(fact::MONEY, start, at + 1 - start);
            marks.push(fact::MEASURE, start, at + 1 - start);
            return;
        }
        if self.currency_before(start) {
            marks.push(fact::MONEY, start - 1, at - start + 1);
            marks.push(fact::MEASURE, start - 1, at - start + 1);
            return;
        }
        if scaled || decimal {
            marks.push(fact::MEASURE, start, at - start);
        }
        // a unit, or a noun that is counted, right behind or after one adjective
        let same_clause =
            |i: usize| self.word(i).is_some_and(|w| !w.boundary && w.marks & (mark::COMMA | mark::COLON) == 0);
        for unit in at..=at + 1 {
            if !(at..=unit).all(same_clause) {
                break;
            }
            if self.is(unit, self.context.symbols.unit) && !self.is(unit, self.context.symbols.empty_noun) {
                marks.push(fact::MEASURE, start, unit + 1 - start);
                return;
            }
        }
        // "one thing", "une chose": the word for one is nearly an article
        if end == start + 1
            && matches!(
                self.folded(start),
                "one"
                    | "un"
                    | "une"
                    | "één"
                    | "een"
                    | "один"
                    | "одна"
                    | "одно"
                    | "одну"
                    | "одного"
                    | "одной"
                    | "одним"
            )
        {
            return;
        }
        if same_clause(at) && self.is_counted(at) {
            marks.push(fact::MEASURE, start, at + 1 - start);
            return;
        }
        // "from 9 to 4", "de 80 à 35": the other number measures as this one does
        if start > 0
            && matches!(self.folded(start - 1), "to" | "à" | "naar" | "до" | "from" | "van" | "с")
            && self.words[start].kind == TokenKind::Number
        {
            marks.push(fact::MEASURE, start, end - start);
        }
    }

    /// A noun that can be counted: a plain word that is no function word and no empty noun ("things", "lessons").
    fn is_counted(&self, i: usize) -> bool {
        let Some(word) = self.word(i) else { return false };
        word.kind == TokenKind::Word
            && !word.has(flag::CAPITALISED)
            && word.fold_len > 2
            && !self.is(i, self.context.symbols.stop_word)
            && !self.is(i, self.context.symbols.empty_noun)
            && !self.is(i, self.context.symbols.number_word)
            && !self.is(i, self.context.symbols.month)
    }

    /// A month's name; English "March" and "May" are months by their capital.
    fn is_month(&self, i: usize) -> bool {
        let capital = |word: &Word| word.has(flag::CAPITALISED) && matches!(self.folded(i), "march" | "may");
        self.is(i, self.context.symbols.month)
            || self.context.language == Language::En && self.word(i).is_some_and(capital)
    }

    fn is_year_word(&self, i: usize) -> bool {
        matches!(self.folded(i), "г" | "год" | "года" | "году" | "годом" | "year" | "année" | "jaar")
    }

    fn currency_before(&self, i: usize) -> bool {
        i > 0 && is_currency(self.folded(i - 1)) && self.words[i - 1].kind == TokenKind::Symbol
    }

    fn mark_year(&self, year: Option<i32>, i: usize, marks: &mut Marks) {
        match year {
            Some(year) if year > self.context.as_of.year => {
                marks.push(fact::FUTURE_YEAR, i, 1);
            }
            Some(year) if year < self.context.as_of.year => {
                marks.push(fact::PAST_YEAR, i, 1);
            }
            _ => {}
        }
    }

    fn capital(&self, i: usize, title_case: bool, all_capitals: bool, marks: &mut Marks) {
        let word = &self.words[i];
        let symbols = &self.context.symbols;
        let letters = self.folded(i).chars().count();
        if word.has(flag::SINGLE) {
            let is_placeholder = |i: usize| {
                self.word(i).is_some_and(|w| w.has(flag::SINGLE) && w.has(flag::CAPITALISED))
                    && matches!(self.folded(i), "x" | "y" | "z" | "n" | "a" | "b" | "c" | "х" | "у" | "а" | "б")
            };
            if is_placeholder(i) && (i + 1..i + 4).any(is_placeholder)
                || is_placeholder(i) && (1..4).any(|d| i >= d && is_placeholder(i - d))
            {
                marks.push(fact::PLACEHOLDER_NAME, i, 1);
            }
            return;
        }
        let function_word = self.is(i, symbols.stop_word);
        let common = function_word || self.is(i, symbols.common_word);
        if word.has(flag::CAPITALS) {
            if common && letters > 1 && !(letters == 2 && !function_word) || letters > 6 || all_capitals {
                marks.push(fact::CAPITALS, i, 1);
            } else {
                marks.push(fact::ACRONYM, i, 1);
            }
            return;
        }
        if title_case
            || function_word
            || self.is(i, symbols.month)
            || self.is(i, symbols.weekday)
            || self.is(i, symbols.no_name)
        {
            return;
        }
        let opens = i == 0
            || word.marks
                & (mark::COLON
                    | mark::QUOTE
                    | mark::BREAK
                    | mark::DASH
                    | mark::PERIOD
                    | mark::QUESTION
                    | mark::EXCLAMATION
                    | mark::ELLIPSIS
                    | mark::OPEN)
                != 0;
        let named_next = self.word(i + 1).is_some_and(|w| {
            w.kind == TokenKind::Word && w.has(flag::CAPITALISED) && w.marks == 0 && !w.has(flag::CAPITALS)
        }) && !self.is(i + 1, symbols.stop_word);
        let titled = i > 0 && self.is(i - 1, symbols.title);
        if !opens || titled || (named_next && !common) || word.has(flag::CAMEL) {
            marks.push(fact::NAME, i, 1);
        }
    }
}

enum Shape {
    Plain,
    Time,
    Date(Option<i32>),
    Year(i32),
}

/// What a number's digits and separators look like.
fn shape(text: &str) -> Shape {
    let bytes = text.as_bytes();
    if bytes.len() == 4 && bytes.iter().all(u8::is_ascii_digit) {
        let year: i32 = text.parse().unwrap_or(0);
        return if (1900..=2100).contains(&year) { Shape::Year(year) } else { Shape::Plain };
    }
    if bytes.contains(&b':') {
        let mut parts = text.split(':');
        let hour = parts.next().is_some_and(|p| p.len() <= 2);
        return if hour && parts.all(|p| p.len() == 2) { Shape::Time } else { Shape::Plain };
    }
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    if parts.len() == 3 && parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())) {
        let lengths = [parts[0].len(), parts[1].len(), parts[2].len()];
        if lengths[0] == 4 && lengths[1] == 2 && lengths[2] == 2 {
            return Shape::Date(parts[0].parse().ok());
        }
        if lengths[0] <= 2 && lengths[1] <= 2 && (lengths[2] == 4 || lengths[2] == 2) {
            return Shape::Date(if lengths[2] == 4 { parts[2].parse().ok() } else { None });
        }
    }
    // "2025-26", "2024/25"
    if parts.len() == 2 && parts[0].len() == 4 && parts[1].len() == 2 && !text.contains('.') {
        if let Ok(year @ 1900..=2100) = parts[0].parse::<i32>() {
            return Shape::Year(year);
        }
    }
    Shape::Plain
}

fn is_percent(text: &str) -> bool {
    matches!(text, "%" | "‰" | "pct" | "pp" | "bps")
        || text.starts_with("procent")
        || text.starts_with("percent")
        || text.starts_with("процент")
        || text == "проц"
}

fn is_currency(text: &str) -> bool {
    matches!(text, "€" | "$" | "£" | "¥" | "₽" | "₦" | "₹" | "₴" | "₩" | "₺" | "¢")
        || matches!(
            text,
            "euro"
                | "euros"
                | "eur"
                | "dollar"
                | "dollars"
                | "usd"
                | "gbp"
                | "chf"
                | "franc"
                | "francs"
                | "frank"
                | "cfa"
                | "fcfa"
                | "pound"
                | "pounds"
                | "pond"
                | "rub"
                | "cad"
                | "roubles"
                | "rubles"
        )
        || text.starts_with("евро")
        || text.starts_with("доллар")
        || text.starts_with("рубл")
        || matches!(text, "руб" | "тенге" | "фунтов" | "р")
}

fn is_scale(text: &str) -> bool {
    matches!(
        text,
        "k" | "m"
            | "bn"
            | "mn"
            | "b"
            | "million"
            | "millions"
            | "billion"
            | "billions"
            | "thousand"
            | "trillion"
            | "mio"
            | "mln"
            | "mrd"
            | "md"
            | "milliard"
            | "milliards"
            | "mille"
            | "miljoen"
            | "miljard"
            | "duizend"
            | "тыс"
            | "млн"
            | "млрд"
            | "трлн"
    ) || text.starts_with("миллион")
        || text.starts_with("миллиард")
        || text.starts_with("тысяч")
}
