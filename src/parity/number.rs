//! What figures are worth, with each language's separators, magnitudes and units.

use crate::finding::Language;

/// A decimal number as its digits and the power of ten behind them, without zeros at either end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: String,
    exponent: i32,
}

impl Decimal {
    fn new(whole: &str, fraction: &str, magnitude: i32) -> Self {
        let digits = format!("{whole}{fraction}");
        let trimmed = digits.trim_start_matches('0').trim_end_matches('0');
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let exponent = if trimmed.is_empty() { 0 } else { magnitude - fraction.len() as i32 + zeros as i32 };
        Self { digits: trimmed.to_owned(), exponent }
    }

    /// A whole number.
    pub fn whole(n: u64) -> Self {
        Self::new(&n.to_string(), "", 0)
    }

    /// The same, multiplied by a power of ten.
    pub fn times(mut self, magnitude: i32) -> Self {
        if !self.digits.is_empty() {
            self.exponent += magnitude;
        }
        self
    }

    /// Its value, where it is a whole number that fits.
    pub fn as_whole(&self) -> Option<u64> {
        match self.digits.as_str() {
            "" => Some(0),
            digits if (0..18).contains(&self.exponent) => {
                digits.parse::<u64>().ok()?.checked_mul(10u64.checked_pow(self.exponent as u32)?)
            }
            _ => None,
        }
    }
}

/// Reads digits with separators as the language writes them; `None` when they are no number (a version, an address).
pub fn parse(text: &str, language: Language) -> Option<Decimal> {
    let (mut points, mut commas, mut others) = (0, 0, 0);
    for c in text.chars() {
        match c {
            '0'..='9' => {}
            '.' => points += 1,
            ',' => commas += 1,
            '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => others += 1,
            _ => return None,
        }
    }
    let decimal = match (points, commas) {
        (0, 0) => None,
        // both: the later one is the decimal mark
        (_, 1) if points > 0 && text.rfind(',') > text.rfind('.') => Some(','),
        (1, _) if commas > 0 && text.rfind('.') > text.rfind(',') => Some('.'),
        (1, 0) | (0, 1) => {
            let mark = if points == 1 { '.' } else { ',' };
            let (whole, fraction) = text.split_once(mark)?;
            // one mark before three digits: the language decides
            let grouped =
                fraction.len() == 3 && others == 0 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            let groups = match language {
                Language::En | Language::Unknown => mark == ',',
                Language::Fr | Language::Nl | Language::Ru => mark == '.',
            };
            (!(grouped && groups)).then_some(mark)
        }
        // several of one kind can only group
        (_, 0) | (0, _) => None,
        _ => return None,
    };
    let (whole, fraction) = decimal.and_then(|d| text.rsplit_once(d)).unwrap_or((text, ""));
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    if groups.len() > 1 && (groups[0].len() > 3 || groups[1..].iter().any(|g| g.len() != 3))
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    Some(Decimal::new(&groups.concat(), fraction, 0))
}

/// The power of ten that a word after a figure stands for. `glued`: no space between; `money`: a currency is next to it.
pub fn magnitude(word: &str, language: Language, glued: bool, money: bool) -> Option<i32> {
    let starts = |stems: &[&str]| stems.iter().any(|s| word.starts_with(s));
    Some(match word {
        "k" if glued || money => 3,
        "m" if money => 6,
        "b" if money => 9,
        "thousand" | "mille" | "milliers" | "millier" | "duizend" | "тыс" => 3,
        "mn" | "mln" | "mio" | "млн" => 6,
        "bn" | "md" | "mds" | "mld" | "mrd" | "млрд" => 9,
        "tn" | "трлн" => 12,
        "billion" | "billions" if language == Language::Fr => 12,
        _ if starts(&["тысяч"]) => 3,
        _ if starts(&["million", "miljoen", "миллион"]) => 6,
        _ if starts(&["billion", "milliard", "miljard", "миллиард"]) => 9,
        _ if starts(&["trillion", "biljoen", "триллион"]) => 12,
        _ => return None,
    })
}

/// What a figure counts in; only units that every language has a word or sign for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Of a hundred.
    Percent,
    /// Money.
    Euro,
    /// Money.
    Dollar,
    /// Money.
    Pound,
    /// Money.
    Rouble,
}

/// The unit that a word or sign names.
pub fn unit(word: &str) -> Option<Unit> {
    let starts = |stems: &[&str]| stems.iter().any(|s| word.starts_with(s));
    Some(match word {
        "%" | "percent" | "procent" | "pct" => Unit::Percent,
        "€" | "eur" | "euro" | "euros" | "евро" => Unit::Euro,
        "$" | "usd" => Unit::Dollar,
        "£" | "gbp" => Unit::Pound,
        "₽" | "rub" | "руб" => Unit::Rouble,
        _ if starts(&["процент"]) => Unit::Percent,
        _ if starts(&["dollar", "доллар"]) => Unit::Dollar,
        _ if starts(&["roubl", "rubl", "roebel", "рубл"]) => Unit::Rouble,
        _ => return None,
    })
}

/// Small numbers in words.
pub fn in_words(word: &str) -> Option<u64> {
    const WORDS: &[(u64, &[&str])] = &[
        (1, &["one", "un", "une", "een", "één", "один", "одна", "одно", "одного", "одной", "одну", "одном", "одним"]),
        (2, &["two", "deux", "twee", "два", "две", "двух", "двум", "двумя", "both", "beide", "оба", "обе", "обоих"]),
        (3, &["three", "trois", "drie", "три", "трех", "трем", "тремя", "трое"]),
        (4, &["four", "quatre", "vier", "четыре", "четырех", "четырем", "четырьмя", "четверо"]),
        (5, &["five", "cinq", "vijf", "пять", "пяти", "пятью", "пятеро"]),
        (6, &["six", "zes", "шесть", "шести", "шестью"]),
        (7, &["seven", "sept", "zeven", "семь", "семи", "семью"]),
        (8, &["eight", "huit", "acht", "восемь", "восьми", "восемью"]),
        (9, &["nine", "neuf", "negen", "девять", "девяти", "девятью"]),
        (10, &["ten", "dix", "tien", "десять", "десяти", "десятью"]),
        (11, &["eleven", "onze", "elf", "одиннадцать", "одиннадцати"]),
        (12, &["twelve", "douze", "twaalf", "двенадцать", "двенадцати", "dozen", "douzaine", "dozijn", "дюжина"]),
        (13, &["thirteen", "treize", "dertien", "тринадцать", "тринадцати"]),
        (14, &["fourteen", "quatorze", "veertien", "четырнадцать", "четырнадцати"]),
        (15, &["fifteen", "quinze", "vijftien", "пятнадцать", "пятнадцати"]),
        (16, &["sixteen", "seize", "zestien", "шестнадцать", "шестнадцати"]),
        (20, &["twenty", "vingt", "twintig", "двадцать", "двадцати"]),
        (30, &["thirty", "trente", "dertig", "тридцать", "тридцати"]),
        (40, &["forty", "quarante", "veertig", "сорок", "сорока"]),
        (50, &["fifty", "cinquante", "vijftig", "пятьдесят", "пятидесяти"]),
        (60, &["sixty", "soixante", "zestig", "шестьдесят", "шестидесяти"]),
        (80, &["eighty", "tachtig", "восемьдесят", "восьмидесяти"]),
        (90, &["ninety", "negentig", "девяносто"]),
        (100, &["hundred", "cent", "honderd", "сто", "ста"]),
        (1000, &["thousand", "mille", "duizend", "тысяча", "тысячи", "тысячу"]),
        (1_000_000, &["million", "miljoen", "миллион", "миллиона"]),
    ];
    WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(n, _)| *n)
}

/// The month that a folded word names.
pub fn month(word: &str, language: Language) -> Option<u8> {
    const EN: [&[&str]; 12] = [
        &["january", "jan"],
        &["february", "feb"],
        &["march", "mar"],
        &["april", "apr"],
        &["may"],
        &["june", "jun"],
        &["july", "jul"],
        &["august", "aug"],
        &["september", "sept", "sep"],
        &["october", "oct"],
        &["november", "nov"],
        &["december", "dec"],
    ];
    const FR: [&[&str]; 12] = [
        &["janvier", "janv"],
        &["février", "fevrier", "févr", "fév"],
        &["mars"],
        &["avril", "avr"],
        &["mai"],
        &["juin"],
        &["juillet", "juil"],
        &["août", "aout"],
        &["septembre", "sept"],
        &["octobre", "oct"],
        &["novembre", "nov"],
        &["décembre", "decembre", "déc"],
    ];
    const NL: [&[&str]; 12] = [
        &["januari", "jan"],
        &["februari", "feb"],
        &["maart", "mrt"],
        &["april", "apr"],
        &["mei"],
        &["juni", "jun"],
        &["juli", "jul"],
        &["augustus", "aug"],
        &["september", "sept", "sep"],
        &["oktober", "okt"],
        &["november", "nov"],
        &["december", "dec"],
    ];
    const RU: [&[&str]; 12] = [
        &["январ", "янв"],
        &["феврал", "фев"],
        &["март", "мар"],
        &["апрел", "апр"],
        &["мая", "май", "мае", "маю", "маем"],
        &["июн"],
        &["июл"],
        &["август", "авг"],
        &["сентябр", "сен"],
        &["октябр", "окт"],
        &["ноябр", "ноя"],
        &["декабр", "дек"],
    ];
    let exact = |table: &[&[&str]; 12]| table.iter().position(|names| names.contains(&word));
    let found = match language {
        Language::En | Language::Unknown => exact(&EN),
        Language::Fr => exact(&FR),
        Language::Nl => exact(&NL),
        Language::Ru => RU.iter().position(|names| {
            let ending = word.strip_prefix(names[0]).map(|e| e.chars().count());
            names.contains(&word)
                || (names[0].chars().count() >= 3 && names[0] != "мая" && ending.is_some_and(|e| e <= 2))
        }),
    };
    found.map(|i| i as u8 + 1)
}
