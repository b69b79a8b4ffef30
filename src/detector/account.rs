//! Bank accounts and payment cards.

use super::Detection;
use super::scan::{Run, Scan, dummy, luhn, value, word_byte};
use crate::finding::Confidence;

/// Length of an IBAN by country (ISO 13616 registry).
const IBAN_LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"ad", 24),
    (b"ae", 23),
    (b"al", 28),
    (b"at", 20),
    (b"az", 28),
    (b"ba", 20),
    (b"be", 16),
    (b"bg", 22),
    (b"bh", 22),
    (b"bi", 27),
    (b"br", 29),
    (b"by", 28),
    (b"ch", 21),
    (b"cr", 22),
    (b"cy", 28),
    (b"cz", 24),
    (b"de", 22),
    (b"dj", 27),
    (b"dk", 18),
    (b"do", 28),
    (b"ee", 20),
    (b"eg", 29),
    (b"es", 24),
    (b"fi", 18),
    (b"fk", 18),
    (b"fo", 18),
    (b"fr", 27),
    (b"gb", 22),
    (b"ge", 22),
    (b"gi", 23),
    (b"gl", 18),
    (b"gr", 27),
    (b"gt", 28),
    (b"hn", 28),
    (b"hr", 21),
    (b"hu", 28),
    (b"ie", 22),
    (b"il", 23),
    (b"iq", 23),
    (b"is", 26),
    (b"it", 27),
    (b"jo", 30),
    (b"kw", 30),
    (b"kz", 20),
    (b"lb", 28),
    (b"lc", 32),
    (b"li", 21),
    (b"lt", 20),
    (b"lu", 20),
    (b"lv", 21),
    (b"ly", 25),
    (b"mc", 27),
    (b"md", 24),
    (b"me", 22),
    (b"mk", 19),
    (b"mn", 20),
    (b"mr", 27),
    (b"mt", 31),
    (b"mu", 30),
    (b"ni", 28),
    (b"nl", 18),
    (b"no", 15),
    (b"om", 23),
    (b"pk", 24),
    (b"pl", 28),
    (b"ps", 29),
    (b"pt", 25),
    (b"qa", 29),
    (b"ro", 24),
    (b"rs", 22),
    (b"ru", 33),
    (b"sa", 24),
    (b"sc", 31),
    (b"sd", 18),
    (b"se", 24),
    (b"si", 19),
    (b"sk", 24),
    (b"sm", 27),
    (b"so", 23),
    (b"st", 25),
    (b"sv", 28),
    (b"tl", 23),
    (b"tn", 24),
    (b"tr", 26),
    (b"ua", 29),
    (b"va", 22),
    (b"vg", 24),
    (b"xk", 20),
    (b"ye", 30),
];

/// Words that say an account number follows.
const ACCOUNT_WORDS: &[&str] = &[
    "iban*",
    "account",
    "acct",
    "a/c",
    "bank",
    "compte",
    "rib",
    "virement",
    "rekening*",
    "bankrekening*",
    "rek",
    "rekeningnr",
    "bankgegevens",
    "счет",
    "счета",
    "счету",
    "счете",
    "р/с",
    "расчетный",
    "реквизиты",
    "реквизитам",
];

/// The remainder by 97 of an IBAN in folded letters and digits, country first.
fn mod97(iban: &[u8]) -> u32 {
    let digit = |rest: u32, b: u8| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'a') + 10) % 97,
    };
    iban[4..].iter().chain(&iban[..4]).fold(0, |rest, b| digit(rest, *b))
}

/// Whether folded text begins as an IBAN does: a country and two digits.
pub(super) fn country(folded: &[u8]) -> bool {
    folded.len() > 4
        && IBAN_LENGTHS.iter().any(|(c, _)| folded.starts_with(&c[..]))
        && folded[2..4].iter().all(u8::is_ascii_digit)
}

/// Whether the letters and digits are an IBAN: length of the country and check digits.
#[cfg(test)]
pub(super) fn valid_iban(iban: &str) -> bool {
    let folded: Vec<u8> = iban.bytes().filter(|b| !matches!(b, b' ' | b'-')).map(|b| b.to_ascii_lowercase()).collect();
    folded.len() > 4
        && folded.iter().all(u8::is_ascii_alphanumeric)
        && folded[2..4].iter().all(u8::is_ascii_digit)
        && IBAN_LENGTHS.iter().any(|(c, n)| folded.starts_with(&c[..]) && folded.len() == *n)
        && mod97(&folded) == 1
}

/// International bank account numbers, in any grouping.
pub(super) fn iban(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    let folded = &scan.folded;
    let mut reached = 0;
    // Two letters, then the first digits of a run: IBANs begin only there.
    for run in &scan.runs {
        let check = scan.groups_of(run)[0].start;
        let mut letters = check;
        if letters > 0 && matches!(folded[letters - 1], b' ' | b'-') && letters > reached {
            letters -= 1;
        }
        if letters < 2 || letters - 2 < reached || !folded[letters - 2..letters].iter().all(u8::is_ascii_lowercase) {
            continue;
        }
        let start = letters - 2;
        if word_byte(scan.before(start)) {
            continue;
        }
        let Some(length) = IBAN_LENGTHS.iter().find(|(c, _)| folded[start..].starts_with(&c[..])).map(|(_, n)| *n)
        else {
            continue;
        };
        // The rest: letters and digits with single separators, no more of them than the longest IBAN has.
        let mut chars: Vec<u8> = Vec::with_capacity(36);
        let mut ends: Vec<usize> = Vec::with_capacity(36);
        let mut i = start;
        while i < folded.len() && chars.len() < 36 {
            if folded[i].is_ascii_alphanumeric() {
                chars.push(folded[i]);
                ends.push(i + 1);
                i += 1;
            } else if matches!(folded[i], b' ' | b'-' | b'\n' | b'.') {
                let mut j = i;
                while j - i < 4 && matches!(scan.at(j), b' ' | b'-' | b'\n' | b'.') && j < folded.len() {
                    j += 1;
                }
                if !scan.at(j).is_ascii_alphanumeric() {
                    break;
                }
                i = j;
            } else {
                break;
            }
        }
        let fits = |n: usize| {
            chars.len() >= n && !word_byte(scan.at(ends[n - 1])) && chars[2..4].iter().all(u8::is_ascii_digit)
        };
        let digits = |n: usize| chars[2..n].iter().filter(|b| b.is_ascii_digit()).count();
        if fits(length) && digits(length) >= 9 && mod97(&chars[..length]) == 1 {
            found.push(Detection::new(start..ends[length - 1], Confidence::High));
            reached = ends[length - 1];
            continue;
        }
        // Shaped like one, after a word that announces one: mistyped or made up, still meant as an account.
        let Some(cue) = scan.cue_before(start, 5, ACCOUNT_WORDS) else { continue };
        let named = folded[cue].starts_with(b"iban");
        let n = if fits(length) {
            length
        } else if named {
            // The longest stretch of groups that still holds mostly digits.
            let mut n = chars.len();
            while n > 12 && (!fits(n) || digits(n) * 2 < n || chars[n - 1].is_ascii_lowercase()) {
                n -= 1;
            }
            n
        } else {
            continue;
        };
        if n >= 12 && fits(n) && digits(n) >= 9.min(n / 2) {
            let sure = if n == length { Confidence::Medium } else { Confidence::Low };
            found.push(Detection::new(start..ends[n - 1], sure));
            reached = ends[n - 1];
        }
    }
}

/// Words that name an account number outright.
pub(super) const NUMBER_WORDS: &[&str] = &[
    "account number",
    "account no",
    "account nr",
    "acct no",
    "acct number",
    "acct",
    "account #",
    "bank account",
    "routing number",
    "sort code",
    "numéro de compte",
    "numero de compte",
    "n° de compte",
    "no de compte",
    "compte bancaire",
    "compte n°",
    "compte no",
    "rib",
    "code banque",
    "rekeningnummer",
    "rekeningnr",
    "bankrekening",
    "bankrekeningnummer",
    "rekening",
    "rek.nr",
    "номер счета",
    "номера счета",
    "р/с",
    "р/счет",
    "расчетный счет",
    "расчетного счета",
    "лицевой счет",
    "лицевого счета",
    "номер лицевого счета",
];

/// Words that may stand between the cue and the number.
pub(super) const FILLERS: &[&str] = &[
    "№",
    "is",
    "was",
    "no",
    "nr",
    "number",
    "n",
    "n°",
    "num",
    "numéro",
    "numero",
    "est",
    "de",
    "du",
    "le",
    "la",
    "au",
    "nummer",
    "met",
    "het",
    "van",
    "номер",
    "ном",
    "это",
    "такой",
    "her",
    "his",
    "my",
    "your",
    "their",
    "with",
    "of",
    "the",
    "and",
    "sort",
    "code",
    "ending",
    "for",
    "uw",
    "zijn",
    "haar",
    "mijn",
    "votre",
    "son",
    "mon",
    "ваш",
    "мой",
    "op",
    "от",
    "за",
    "у",
    "по",
    "о",
];

/// Whether every word from `from` to `to` is a filler.
pub(super) fn only_fillers(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    scan.folded[from..to].split(|b| !word_byte(*b)).all(|w| {
        w.is_empty() || std::str::from_utf8(w).is_ok_and(|w| FILLERS.contains(&w)) || (w.len() == 2 && w[0] >= 0x80)
    })
}

/// Account numbers in a national form, after a word that names one.
pub(super) fn other(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for run in &scan.runs {
        if run.digits < 6 || run.digits > 24 || scan.folded[run.span.start] == b'+' {
            continue;
        }
        let Some(cue) = scan.cue_before(run.span.start, 3, NUMBER_WORDS) else { continue };
        if !only_fillers(scan, cue.end, word_start(scan, run.span.start)) || amount(scan, run) {
            continue;
        }
        let start = word_start(scan, run.span.start);
        // An IBAN is the business of its own detector.
        if country(&scan.folded[start..]) {
            continue;
        }
        let digits = scan.digits_of(run);
        let sure = if dummy(&digits) { Confidence::Low } else { Confidence::Medium };
        found.push(Detection::new(start..word_end(scan, run.span.end), sure));
    }
}

/// The start of the word a run of digits is part of (`RX3901825`).
pub(super) fn word_start(scan: &Scan<'_>, mut at: usize) -> usize {
    let from = at;
    while at > 0 && (scan.folded[at - 1].is_ascii_alphanumeric() || scan.folded[at - 1] == b'_') && from - at < 16 {
        at -= 1;
    }
    at
}

/// The end of the word a run of digits is part of.
pub(super) fn word_end(scan: &Scan<'_>, mut at: usize) -> usize {
    let from = at;
    while at < scan.folded.len() && scan.folded[at].is_ascii_alphanumeric() && at - from < 16 {
        at += 1;
    }
    at
}

/// Whether a run is an amount: a currency or a unit stands beside it, or a decimal part follows.
pub(super) fn amount(scan: &Scan<'_>, run: &Run) -> bool {
    let rest = &scan.folded[run.span.end..];
    let rest = &rest[rest.iter().take(3).take_while(|b| **b == b' ').count()..];
    let starts = |w: &str| rest.starts_with(w.as_bytes());
    let before = &scan.text[..run.span.start];
    let before = before.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    [
        "€",
        "%",
        "$",
        "£",
        "₽",
        "¥",
        "₦",
        "₸",
        "₹",
        "eur",
        "usd",
        "gbp",
        "chf",
        "руб",
        "тенге",
        "тыс",
        "млн",
        "млрд",
        "долл",
        "евро",
        "million",
        "milliard",
        "miljoen",
        "miljard",
        "billion",
        "bn",
        "dollar",
        "pound",
        "franc",
        "kg",
        "km",
        "people",
        "users",
        "utilis",
        "gebruik",
        "пользоват",
        "человек",
    ]
    .iter()
    .any(|w| starts(w))
        || before.ends_with(['€', '$', '£', '₽', '¥', '₦', '₸', '₹'])
        || (scan.at(run.span.end) == b',' && scan.at(run.span.end + 1).is_ascii_digit())
}

/// Words that say a payment card is meant.
const CARD_WORDS: &[&str] = &[
    "card",
    "cards",
    "cc",
    "visa",
    "mastercard",
    "maestro",
    "amex",
    "american express",
    "diners",
    "carte",
    "cb",
    "kaart",
    "bankkaart",
    "betaalkaart",
    "kredietkaart",
    "creditcard",
    "creditkaart",
    "kaartnummer",
    "карта",
    "карты",
    "карту",
    "карте",
    "картой",
    "мир",
    "виза",
];

/// The scheme of a card number by its first digits; `None` for no scheme that issues cards of that length.
fn scheme(digits: &[u8]) -> Option<&'static str> {
    let (n, six) = (digits.len(), value(&digits[..6.min(digits.len())]));
    let (two, three, four) = (six / 10_000, six / 1_000, six / 100);
    match n {
        13 | 16 | 19 if two / 10 == 4 => Some("visa"),
        16 if (51..=55).contains(&two) || (222_100..=272_099).contains(&six) => Some("mastercard"),
        15 if two == 34 || two == 37 => Some("amex"),
        14..=19 if (300..=305).contains(&three) || three == 309 || two == 36 || two == 38 || two == 39 => {
            Some("diners")
        }
        16..=19 if four == 6011 || two == 65 || (644..=649).contains(&three) || (622_126..=622_925).contains(&six) => {
            Some("discover")
        }
        16..=19 if (3528..=3589).contains(&four) => Some("jcb"),
        16..=19 if (2200..=2204).contains(&four) => Some("mir"),
        16..=19 if two == 62 => Some("unionpay"),
        _ => None,
    }
}

/// Groupings in which cards are printed and typed.
fn card_shape(lengths: &[usize]) -> bool {
    matches!(
        lengths,
        [12..=19]
            | [4, 4, 4, 4]
            | [4, 6, 5]
            | [4, 6, 4]
            | [4, 4, 4, 4, 1..=3]
            | [4, 4, 4, 1]
            | [4, 4, 4]
            | [4, 4, 5]
            | [4, 5, 6]
            | [4, 4, 4, 2 | 3]
    )
}

/// Numbers that payment providers publish for tests.
const TEST_CARDS: &[&str] = &[
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "5555555555554444",
    "5105105105105100",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "4000000000000002",
    "2200000000000004",
];

/// Card numbers: scheme, length and Luhn; any Luhn number of 12 to 19 digits beside a word for a card.
pub(super) fn card(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for run in &scan.runs {
        if !(12..=19).contains(&run.digits) || run.plus || !scan.stands_alone(run) || !card_shape(&scan.lengths(run)) {
            continue;
        }
        let separators = scan.separators(run);
        if separators.iter().any(|s| !matches!(s, b' ' | b'-') || *s != separators[0]) {
            continue;
        }
        let digits = scan.digits_of(run);
        let as_text: String = digits.iter().map(|d| (b'0' + d) as char).collect();
        let (known, check) = (scheme(&digits).is_some(), luhn(&digits));
        let cue = || {
            scan.cue_before(run.span.start, 5, CARD_WORDS).is_some()
                || scan.cue_before(run.span.start, 8, &["credit", "debit", "card*", "carte", "карт*"]).is_some()
                || scan.cue_after(run.span.end, 1, CARD_WORDS).is_some()
        };
        let sure = if TEST_CARDS.contains(&as_text.as_str()) || dummy(&digits) {
            if !known && !cue() {
                continue;
            }
            Confidence::Low
        } else if check && known {
            // Unbroken and without a word for a card it may be any reference that happens to pass.
            if separators.is_empty() && !cue() { Confidence::Medium } else { Confidence::High }
        } else if check && cue() {
            Confidence::Medium
        } else if !check && known && separators.len() > 1 && cue() {
            // Mistyped or made up, yet grouped as a card and called one.
            Confidence::Medium
        } else {
            continue;
        };
        found.push(Detection::new(run.span.clone(), sure));
    }
}
