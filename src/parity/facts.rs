//! What a version states, in order, with the values that other languages can be held against.

use super::number::{self, Decimal, Unit};
use super::{Version, names};
use crate::date::Date;
use crate::document::block::{Block, BlockKind, blocks};
use crate::document::sentence::{BlockWords, CuttingSymbols, Word, cut};
use crate::draft::Draft;
use crate::evidence::{self, Context, EvidenceSymbols, fact, marks::Marks};
use crate::finding::Language;
use crate::pack::Pack;
use crate::span::{LineIndex, Span};
use crate::text::tokenize::{TokenKind, flag, tokenize};
use std::collections::HashSet;

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A figure.
    Number,
    /// A day or month.
    Date,
    /// A clock time.
    Time,
    /// A name.
    Name,
    /// An address on the web, of mail, of an account.
    Link,
    /// A cautionary text.
    Disclaimer,
}

impl Kind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Time => "time",
            Self::Name => "name",
            Self::Link => "link",
            Self::Disclaimer => "disclaimer",
        }
    }
}

/// What a fact is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A figure and its unit.
    Number(Decimal, Option<Unit>),
    /// Readings of a day: year, month, day. `3/4/2026` has two.
    Date(Vec<(Option<i32>, u8, Option<u8>)>),
    /// Minutes after midnight.
    Time(u32),
    /// Folded words.
    Name(Vec<String>),
    /// Without what differs between language versions.
    Link(String),
    /// There is one.
    Disclaimer,
}

/// One fact of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub kind: Kind,
    /// What it is worth.
    pub value: Value,
    /// Its line, from 1.
    pub line: usize,
    /// As written.
    pub words: String,
}

impl Value {
    /// Whether both say the same.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a, x), Self::Number(b, y)) => a == b && (x == y || x.is_none() || y.is_none()),
            (Self::Date(a), Self::Date(b)) => a.iter().any(|a| b.iter().any(|b| same_day(a, b))),
            // ten o'clock may be written without its minutes
            (Self::Time(t), Self::Number(n, None)) | (Self::Number(n, None), Self::Time(t)) => {
                t % 60 == 0 && n.as_whole() == Some(u64::from(t / 60))
            }
            (Self::Name(a), Self::Name(b)) => {
                let mut words = names::Words::default();
                b.iter().for_each(|w| words.push(w));
                words.hold(a)
            }
            (a, b) => a == b,
        }
    }
}

fn same_day(a: &(Option<i32>, u8, Option<u8>), b: &(Option<i32>, u8, Option<u8>)) -> bool {
    fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
        a.is_none() || b.is_none() || a == b
    }
    a.1 == b.1 && same(a.0, b.0) && a.2.is_some() == b.2.is_some() && same(a.2, b.2)
}

/// Reads a draft in its language. `disclaimers`: where the linter found cautionary text.
pub fn collect(pack: &Pack, draft: &Draft, language: Language, disclaimers: &[Span]) -> Version {
    let lines = LineIndex::new(&draft.text);
    let cutting = CuttingSymbols::new(pack, language);
    let context = Context {
        lexis: pack.lexis(language),
        symbols: EvidenceSymbols::new(pack, language),
        language,
        as_of: Date { year: 2000, month: 1, day: 1 },
    };
    let mut reader = Reader {
        language,
        facts: Vec::new(),
        soft: Vec::new(),
        words: names::Words::default(),
        seen: HashSet::new(),
        text: &draft.text,
    };
    let (mut words, mut marks) = (BlockWords::default(), Marks::default());
    for block in blocks(draft).0.iter().filter(|b| b.kind != BlockKind::Code) {
        tokenize(&block.text, &mut words.tokens);
        cut(
            &mut words,
            &block.text,
            &context.lexis,
            &cutting,
            block.kind == BlockKind::Quote,
            block.kind == BlockKind::Heading,
        );
        for sentence in words.sentences.clone() {
            let list = &words.words[sentence.first..sentence.last];
            marks.reset(list.len());
            evidence::collect(&context, &words, &sentence, &mut marks);
            let names: Vec<(usize, usize)> = marks
                .all()
                .iter()
                .filter(|m| m.symbol == fact::NAME)
                .map(|m| (m.start as usize, m.len as usize))
                .collect();
            reader.sentence(&Stretch { block, words: &words, list }, &names);
        }
        for link in &block.links {
            let span = block.source_span(link.flat.start as usize..link.flat.end as usize);
            reader.link(&link.target, span, link.target.to_string());
        }
    }
    if let Some(span) = disclaimers.first() {
        reader.push(Kind::Disclaimer, Value::Disclaimer, *span, String::new());
    }
    let Reader { mut facts, soft, words, .. } = reader;
    facts.sort_by_key(|(at, _)| *at);
    let facts = facts.into_iter().map(|(at, fact)| Fact { line: lines.line_of(at), ..fact }).collect();
    Version { facts, soft, words }
}

struct Stretch<'s> {
    block: &'s Block<'s>,
    words: &'s BlockWords,
    list: &'s [Word],
}

impl Stretch<'_> {
    fn folded(&self, i: usize) -> &str {
        self.list.get(i).map_or("", |w| self.words.folded(w))
    }

    fn is(&self, i: usize, kind: TokenKind) -> bool {
        self.list.get(i).is_some_and(|w| w.kind == kind)
    }

    fn glued(&self, i: usize) -> bool {
        self.list.get(i).is_some_and(|w| !w.has(flag::SPACE_BEFORE) && !w.has(flag::HYPHEN_BEFORE) && w.marks == 0)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        self.block.source_span(self.list[from].start as usize..self.list[to - 1].end as usize)
    }

    /// The unit that the word after a figure names; a sign that stands before the next figure is that figure's.
    fn unit_after(&self, i: usize) -> Option<Unit> {
        let word = self.list.get(i).filter(|w| w.marks == 0)?;
        let sign = !self.folded(i).contains(char::is_alphabetic);
        let of_the_next =
            sign && word.has(flag::SPACE_BEFORE) && self.is(i + 1, TokenKind::Number) && self.glued(i + 1);
        number::unit(self.folded(i)).filter(|_| !of_the_next)
    }

    /// A whole number of at most so many digits.
    fn small(&self, i: usize, digits: usize) -> Option<u32> {
        let text = self.folded(i);
        (self.is(i, TokenKind::Number) && text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    }
}

struct Reader<'t> {
    language: Language,
    facts: Vec<(usize, Fact)>,
    soft: Vec<Value>,
    words: names::Words,
    seen: HashSet<String>,
    text: &'t str,
}

impl Reader<'_> {
    fn push(&mut self, kind: Kind, value: Value, span: Span, words: String) {
        // the first place stands for all
        if self.seen.insert(format!("{value:?}")) {
            self.facts.push((span.start, Fact { kind, value, line: 0, words }));
        }
    }

    fn add(&mut self, kind: Kind, value: Value, span: Span) {
        let words = self.text[span.start..span.end].split_whitespace().collect::<Vec<_>>().join(" ");
        self.push(kind, value, span, words);
    }

    fn link(&mut self, target: &str, span: Span, words: String) {
        if !target.is_empty() && !target.starts_with('#') {
            self.push(Kind::Link, Value::Link(address(target)), span, words);
        }
    }

    fn sentence(&mut self, s: &Stretch<'_>, names: &[(usize, usize)]) {
        let mut taken = vec![false; s.list.len()];
        let mut i = 0;
        while i < s.list.len() {
            let to = match s.list[i].kind {
                TokenKind::Number => self.figure(s, i),
                TokenKind::Word => self.word(s, i),
                TokenKind::Url | TokenKind::Email | TokenKind::Mention => {
                    let span = s.span(i, i + 1);
                    let written = self.text[span.start..span.end].to_owned();
                    self.link(&written.clone(), span, written);
                    i + 1
                }
                _ => i,
            };
            let to = to.max(i);
            taken[i..to].fill(true);
            i = to.max(i + 1);
        }
        for (from, len) in names {
            let range = *from..(*from + *len).min(s.list.len());
            // an acronym is translated, a word of two letters says nothing
            let telling: Vec<String> = range
                .clone()
                .filter(|i| {
                    !taken[*i]
                        && s.is(*i, TokenKind::Word)
                        && s.list[*i].has(flag::CAPITALISED)
                        && !s.list[*i].has(flag::CAPITALS)
                        && s.folded(*i).chars().count() > 2
                        && number::in_words(s.folded(*i)).is_none()
                })
                .map(|i| s.folded(i).to_owned())
                .collect();
            // one capital at the head of a sentence is no sign of a name
            if !telling.is_empty() && range != (0..1) {
                self.add(Kind::Name, Value::Name(telling), s.span(range.start, range.end));
            }
        }
    }

    fn word(&mut self, s: &Stretch<'_>, i: usize) -> usize {
        let folded = s.folded(i);
        self.words.push(folded);
        if let Some(month) = number::month(folded, self.language) {
            // March 12(th), (2026) or March 2026
            if let Some(day) = s.small(i + 1, 2).filter(|d| self.language == Language::En && (1..=31).contains(d)) {
                let mut end = i + 2 + usize::from(is_ordinal(s.folded(i + 2)) && s.glued(i + 2));
                let year = self.year(s, end);
                end += usize::from(year.is_some());
                self.add(Kind::Date, Value::Date(vec![(year, month, Some(day as u8))]), s.span(i, end));
                return end;
            }
            if let Some(year) = self.year(s, i + 1) {
                self.add(Kind::Date, Value::Date(vec![(Some(year), month, None)]), s.span(i, i + 2));
                return i + 2;
            }
        }
        if let Some(n) = number::in_words(folded) {
            self.soft.push(Value::Number(Decimal::whole(n), None));
        }
        i
    }

    fn year(&self, s: &Stretch<'_>, i: usize) -> Option<i32> {
        s.small(i, 4).filter(|y| (1900..=2100).contains(y)).map(|y| y as i32)
    }

    /// Reads what begins with a figure; gives the word after it.
    fn figure(&mut self, s: &Stretch<'_>, i: usize) -> usize {
        let text = s.folded(i);
        if let Some(readings) = numeric_date(text, self.language) {
            self.add(Kind::Date, Value::Date(readings), s.span(i, i + 1));
            return i + 1;
        }
        // 12 March 2026, 12th of March, 1er mars
        if let Some(day) = s.small(i, 2).filter(|d| (1..=31).contains(d)) {
            let mut at = i + 1;
            while matches!(s.folded(at), "st" | "nd" | "rd" | "th" | "er" | "e" | "ste" | "de" | "of" | "го")
                && at < i + 3
            {
                at += 1;
            }
            if let Some(month) = number::month(s.folded(at), self.language).filter(|_| s.is(at, TokenKind::Word)) {
                let year = self.year(s, at + 1);
                let end = at + 1 + usize::from(year.is_some());
                self.add(Kind::Date, Value::Date(vec![(year, month, Some(day as u8))]), s.span(i, end));
                return end;
            }
        }
        if let Some((minutes, end)) = self.time(s, i) {
            self.add(Kind::Time, Value::Time(minutes), s.span(i, end));
            return end;
        }
        let before = i.checked_sub(1).and_then(|b| number::unit(s.folded(b))).filter(|u| *u != Unit::Percent);
        let money = before.is_some() || (1..=2).any(|n| s.unit_after(i + n).is_some_and(|u| u != Unit::Percent));
        let mut end = i + 1;
        let mut magnitude = 0;
        while let Some(m) =
            s.list.get(end).and_then(|_| number::magnitude(s.folded(end), self.language, s.glued(end), money))
        {
            magnitude += m;
            end += 1;
            if end > i + 2 {
                break;
            }
        }
        // « d'euros », "of dollars"
        let joined = usize::from(matches!(s.folded(end), "d'" | "de" | "of") && magnitude > 0);
        let after = match (s.folded(end + joined), s.folded(end + joined + 1)) {
            ("pour" | "per", "cent") => Some((Unit::Percent, 2)),
            _ => s.unit_after(end + joined).map(|u| (u, 1)),
        };
        let unit = before.or(after.map(|(u, _)| u));
        if let Some((_, width)) = after.filter(|_| before.is_none()) {
            end += joined + width;
        }
        let end = end.min(s.list.len());
        let span = s.span(i, end);
        // `2m` is two millions or two metres
        let unclear = magnitude == 0 && s.folded(i + 1) == "m" && s.glued(i + 1);
        // both ends of a range
        for part in text.split(['-', '–', '\u{2011}', '/']) {
            if let Some(value) = number::parse(part, self.language) {
                if unclear {
                    self.soft.push(Value::Number(value.clone(), unit));
                    self.soft.push(Value::Number(value.times(6), unit));
                    continue;
                }
                self.add(Kind::Number, Value::Number(value.times(magnitude), unit), span);
            }
        }
        end
    }

    fn time(&self, s: &Stretch<'_>, i: usize) -> Option<(u32, usize)> {
        let text = s.folded(i);
        let clock = |text: &str, mark: char| {
            let (h, m) = text.split_once(mark)?;
            let (hour, minute) = (h.parse::<u32>().ok()?, m.parse::<u32>().ok().filter(|_| m.len() == 2)?);
            (hour < 24 && minute < 60).then_some(hour * 60 + minute)
        };
        let hour = || s.small(i, 2).filter(|h| *h < 24);
        let next = s.folded(i + 1);
        if self.language == Language::Fr {
            if let Some(minute) = next
                .strip_prefix('h')
                .filter(|m| s.is(i + 1, TokenKind::Word) && m.bytes().all(|b| b.is_ascii_digit()) && m.len() != 1)
            {
                let hour = hour()?;
                if let Some(apart) =
                    s.small(i + 2, 2).filter(|m| minute.is_empty() && *m < 60 && s.folded(i + 2).len() == 2)
                {
                    return Some((hour * 60 + apart, i + 3));
                }
                return Some((hour * 60 + minute.parse::<u32>().unwrap_or(0), i + 2));
            }
        }
        if self.language == Language::Nl && next == "uur" && text.contains('.') {
            return clock(text, '.').map(|t| (t, i + 2));
        }
        let half = |i: usize| match (s.folded(i), s.folded(i + 1)) {
            ("am", _) => Some((false, 1)),
            ("pm", _) => Some((true, 1)),
            ("a", "m") if s.list.get(i + 1).is_some_and(|w| !w.has(flag::SPACE_BEFORE)) => Some((false, 2)),
            ("p", "m") if s.list.get(i + 1).is_some_and(|w| !w.has(flag::SPACE_BEFORE)) => Some((true, 2)),
            _ => None,
        };
        if let Some((afternoon, width)) =
            half(i + 1).filter(|_| matches!(self.language, Language::En | Language::Unknown))
        {
            let minutes = clock(text, ':').or_else(|| hour().map(|h| h * 60)).filter(|m| *m < 13 * 60)?;
            return Some((minutes % 720 + if afternoon { 720 } else { 0 }, i + 1 + width));
        }
        clock(text, ':').map(|t| (t, i + 1))
    }
}

fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th")
}

/// The readings of a day written in figures.
fn numeric_date(text: &str, language: Language) -> Option<Vec<(Option<i32>, u8, Option<u8>)>> {
    let mark = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/' | '.' | '\u{2011}'))?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [a, b, c] = parts[..] else { return None };
    if !parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number = |s: &str| s.parse::<i32>().unwrap_or(0);
    let day = |year: i32, month: i32, day: i32| {
        let date = Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        Some((Some(date.year), date.month, Some(date.day)))
    };
    let readings: Vec<_> = if a.len() == 4 {
        day(number(a), number(b), number(c)).into_iter().collect()
    } else if (c.len() == 4 || c.len() == 2 && mark != '-') && a.len() <= 2 && b.len() <= 2 {
        let year = if c.len() == 4 { number(c) } else { 2000 + number(c) };
        let american =
            matches!(language, Language::En | Language::Unknown).then(|| day(year, number(a), number(b))).flatten();
        day(year, number(b), number(a)).into_iter().chain(american).collect()
    } else {
        Vec::new()
    };
    (!readings.is_empty()).then_some(readings)
}

/// An address without what may differ between language versions: scheme, `www.`, a language in the path or the host.
fn address(target: &str) -> String {
    let lower = target.trim().to_lowercase();
    let rest = ["https://", "http://", "mailto:"].iter().find_map(|p| lower.strip_prefix(p)).unwrap_or(&lower);
    let is_language = |part: &str| {
        let code = part.split(['-', '_']).next().unwrap_or("");
        matches!(code, "en" | "fr" | "nl" | "ru" | "be" | "uk" | "us") && part.len() <= 5
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parts: Vec<String> = Vec::new();
    for (i, part) in path.trim_end_matches('/').split('/').enumerate() {
        if i == 0 {
            let labels: Vec<&str> = part.split('.').filter(|l| *l != "www").collect();
            let skip = usize::from(labels.len() > 2 && is_language(labels[0]));
            parts.push(labels[skip..].join("."));
        } else if !is_language(part) {
            parts.push(part.to_owned());
        }
    }
    let query: Vec<&str> = query
        .split('&')
        .filter(|q| !q.is_empty() && !q.starts_with("lang=") && !q.starts_with("hl=") && !q.starts_with("locale="))
        .collect();
    if query.is_empty() { parts.join("/") } else { format!("{}?{}", parts.join("/"), query.join("&")) }
}
