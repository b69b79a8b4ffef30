//! Numbers by which states know people, and their documents.

use super::Detection;
use super::account::{FILLERS, word_end, word_start};
#[cfg(test)]
use super::scan::luhn;
use super::scan::{LeadKind, Run, Scan, dummy, value, word_byte};
use crate::finding::Confidence;
use std::ops::Range;

/// Whether a cue announces the number: within so many words, fillers or not.
fn announced(scan: &Scan<'_>, at: usize, words: usize, cues: &[&str]) -> bool {
    scan.cue_before(at, words, cues).is_some()
}

/// United States social security number: three groups, none of them zero, no area that was never issued.
pub(super) fn us_social_security(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    const CUES: &[&str] =
        &["ssn", "ssns", "social security", "social-security", "soc sec", "sécurité sociale américain*", "itin"];
    for run in &scan.runs {
        if run.digits != 9 || run.plus || run.parens || !scan.stands_alone(run) {
            continue;
        }
        let (digits, lengths, separators) = (scan.digits_of(run), scan.lengths(run), scan.separators(run));
        let hyphens = lengths == [3, 2, 4] && separators == [b'-', b'-'];
        if !hyphens && lengths != [3, 2, 4] && lengths != [9] {
            continue;
        }
        let (area, group, serial) = (value(&digits[..3]), value(&digits[3..5]), value(&digits[5..]));
        let issued = area != 0 && area != 666 && area < 900 && group != 0 && serial != 0;
        // Printed on a wallet's specimen card, or a plain count: nobody's.
        let specimen = matches!((area, group, serial), (78, 5, 1120) | (219, 9, 9999)) || dummy(&digits);
        let cue = announced(scan, run.span.start, 4, CUES);
        let sure = match (hyphens, issued, cue) {
            _ if specimen && (hyphens || cue) => Confidence::Low,
            (true, true, _) | (false, true, true) => Confidence::High,
            (_, false, true) => Confidence::Medium,
            _ => continue,
        };
        found.push(Detection::new(run.span.clone(), sure));
    }
}

/// French NIR: thirteen characters and a key, the complement to 97 (Corsica's 2A and 2B count as 19 and 18).
pub(super) fn valid_nir(nir: &str) -> bool {
    let c: Vec<u8> = nir.bytes().filter(|b| !matches!(b, b' ' | b'-' | b'.')).collect();
    if c.len() != 15 || !matches!(c[0], b'1'..=b'4' | b'7' | b'8') {
        return false;
    }
    let mut n = 0u64;
    for (i, b) in c[..13].iter().enumerate() {
        n = match (i, b) {
            (_, b'0'..=b'9') => n * 10 + u64::from(b - b'0'),
            (6, b'A' | b'a') if c[5] == b'2' => n * 10 - 1, // 2A → 19
            (6, b'B' | b'b') if c[5] == b'2' => n * 10 - 2, // 2B → 18
            _ => return false,
        };
    }
    let month = value(&[c[3].wrapping_sub(b'0'), c[4].wrapping_sub(b'0')]);
    let key = c[13..].iter().all(u8::is_ascii_digit).then(|| value(&[c[13] - b'0', c[14] - b'0']));
    matches!(month, 1..=12 | 20..=42 | 50..=99) && key == Some(97 - n % 97)
}

/// Dutch BSN: nine digits (or eight), weights 9 to 2 and -1, divisible by 11.
pub(super) fn valid_bsn(digits: &[u8]) -> bool {
    let padded: Vec<i32> = std::iter::repeat_n(0, 9usize.saturating_sub(digits.len()))
        .chain(digits.iter().map(|d| i32::from(*d)))
        .collect();
    padded.len() == 9
        && digits.len() >= 8
        && padded.iter().any(|d| *d != 0)
        && padded.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(d, w)| d * w).sum::<i32>() % 11 == 0
}

/// Belgian national number: the complement to 97 of nine digits; those born from 2000 on have a 2 before them.
pub(super) fn valid_belgian(digits: &[u8]) -> bool {
    if digits.len() != 11 {
        return false;
    }
    let (base, key, month, day) =
        (value(&digits[..9]), value(&digits[9..]), value(&digits[2..4]), value(&digits[4..6]));
    // Unknown dates are written with zeros; 20 or 40 is added to the month of numbers for non-residents.
    matches!(month, 0..=12 | 21..=32 | 41..=52)
        && day <= 31
        && value(&digits[6..9]) != 0
        && (key == 97 - base % 97 || key == 97 - (2_000_000_000 + base) % 97)
}

/// Russian taxpayer number: ten digits for a company, twelve for a person.
pub(super) fn valid_inn(digits: &[u8]) -> bool {
    let check = |weights: &[u32]| digits.iter().zip(weights).map(|(d, w)| u32::from(*d) * w).sum::<u32>() % 11 % 10;
    match digits.len() {
        10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) == u32::from(digits[9]),
        12 => {
            check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == u32::from(digits[10])
                && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == u32::from(digits[11])
        }
        _ => false,
    }
}

/// Russian pension insurance number: weights 9 to 1, modulo 101, 100 as 0.
pub(super) fn valid_snils(digits: &[u8]) -> bool {
    digits.len() == 11
        && digits[..9].iter().any(|d| *d != 0)
        && digits.iter().zip((1..=9).rev()).map(|(d, w)| u64::from(*d) * w).sum::<u64>() % 101 % 100
            == value(&digits[9..])
}

/// Kazakh individual number: date of birth, century digit, two rounds of weights modulo 11.
pub(super) fn valid_iin(digits: &[u8]) -> bool {
    if digits.len() != 12 || !(1..=12).contains(&value(&digits[2..4])) || !(1..=31).contains(&value(&digits[4..6])) {
        return false;
    }
    let sum = |from: u32| {
        digits[..11].iter().enumerate().map(|(i, d)| u32::from(*d) * ((i as u32 + from) % 11 + 1)).sum::<u32>() % 11
    };
    let key = if sum(0) == 10 { sum(2) } else { sum(0) };
    key == u32::from(digits[11])
}

/// French company number: nine digits with Luhn. It is public, so no detector looks for it.
#[cfg(test)]
pub(super) fn valid_siren(digits: &[u8]) -> bool {
    digits.len() == 9 && luhn(digits)
}

/// How sure a number is that a cue announces: the check digits decide, a plain count is nobody's.
fn with_cue(valid: bool, digits: &[u8]) -> Confidence {
    if dummy(digits) {
        Confidence::Low
    } else if valid {
        Confidence::High
    } else {
        Confidence::Medium
    }
}

/// National numbers of persons: French, Dutch, Belgian, Russian, Kazakh, British.
pub(super) fn national(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    const NIR: &[&str] =
        &["nir", "sécurité sociale", "securite sociale", "sécu", "secu", "nss", "n° ss", "numéro de ss"];
    const BSN: &[&str] = &[
        "bsn",
        "bsn-nummer",
        "burgerservicenummer",
        "burgerservicenummers",
        "sofinummer",
        "sofi-nummer",
        "citizen service number",
    ];
    const BELGIAN: &[&str] = &[
        "rijksregister*",
        "registre national",
        "insz*",
        "niss",
        "nrn",
        "national register",
        "identificatienummer",
        "nn",
    ];
    const INN: &[&str] = &["инн", "inn"];
    const SNILS: &[&str] = &["снилс", "snils"];
    const IIN: &[&str] = &["иин", "жсн", "iin"];
    let mut reached = 0;
    for run in &scan.runs {
        if run.span.start < reached || run.plus {
            continue;
        }
        if let Some(span) = nir_at(scan, run, NIR) {
            reached = span.0.end;
            found.push(Detection::new(span.0, span.1));
            continue;
        }
        if !(8..=12).contains(&run.digits) || !scan.stands_alone(run) {
            continue;
        }
        let (digits, lengths, separators) = (scan.digits_of(run), scan.lengths(run), scan.separators(run));
        let cue = |cues| announced(scan, run.span.start, 4, cues);
        let sure = match digits.len() {
            8 | 9 if cue(BSN) => Some(with_cue(valid_bsn(&digits), &digits)),
            // The mark pattern is nobody else's: 85.07.30-033.28.
            11 if lengths == [2, 2, 2, 3, 2]
                && (separators == [b'.', b'.', b'-', b'.'] || separators == [b' '; 4] && valid_belgian(&digits)) =>
            {
                Some(if valid_belgian(&digits) { Confidence::High } else { Confidence::Medium })
            }
            11 if cue(BELGIAN) => Some(with_cue(valid_belgian(&digits), &digits)),
            11 if lengths == [3, 3, 3, 2] && separators[..2] == [b'-', b'-'] && valid_snils(&digits) => {
                Some(Confidence::High)
            }
            11 if cue(SNILS) => Some(with_cue(valid_snils(&digits), &digits)),
            12 if cue(IIN) => Some(with_cue(valid_iin(&digits), &digits)),
            // Ten digits are a company's, and public.
            12 if cue(INN) => Some(with_cue(valid_inn(&digits), &digits)),
            _ => None,
        };
        if let Some(sure) = sure {
            reached = run.span.end;
            found.push(Detection::new(run.span.clone(), sure));
        }
    }
    for run in &scan.runs {
        if let Some(span) = british(scan, run) {
            found.push(span);
        }
    }
}

/// A French NIR that begins with this run; Corsica's letter cuts the number into two runs.
fn nir_at(scan: &Scan<'_>, run: &Run, cues: &[&str]) -> Option<(Range<usize>, Confidence)> {
    let start = run.span.start;
    if run.glued_before || run.digits > 15 || run.digits < 6 || !matches!(scan.folded[start], b'1'..=b'4' | b'7' | b'8')
    {
        return None;
    }
    let (mut text, mut ends, mut i) = (Vec::with_capacity(16), Vec::with_capacity(16), start);
    let mut gaps = 0;
    while i < scan.folded.len() && text.len() < 16 {
        let b = scan.folded[i];
        if b.is_ascii_digit() || (matches!(b, b'a' | b'b') && text.len() == 6 && text[5] == b'2') {
            text.push(b);
            ends.push(i + 1);
            gaps = 0;
        } else if matches!(b, b' ' | b'-' | b'.') && gaps < 4 {
            gaps += 1;
        } else {
            break;
        }
        i += 1;
    }
    let cue = || announced(scan, start, 4, cues);
    let as_text = |n: usize| String::from_utf8_lossy(&text[..n]).into_owned();
    let closed = |n: usize| {
        text.len() == n
            && !word_byte(scan.at(ends[n - 1]))
            && !(scan.at(ends[n - 1]) == b',' && scan.at(ends[n - 1] + 1).is_ascii_digit())
    };
    if text.len() == 15 && closed(15) {
        let lengths = scan.lengths(run);
        // Unbroken, or in the groups in which it is printed: 1 85 05 78 006 084 36.
        let grouped = matches!(
            lengths[..],
            [15] | [13, 2]
                | [1, 2, 2, 2, 3, 3, 2]
                | [1, 2, 2, 2, 3, 3]
                | [1, 2, 2, 1]
                | [6]
                | [1, 2, 2, 2, 6, 2]
                | [1, 2, 2, 2, 3, 5]
        );
        if valid_nir(&as_text(15)) && ((grouped && matches!(text[0], b'1' | b'2')) || cue()) {
            return Some((start..ends[14], Confidence::High));
        }
        if cue() {
            return Some((start..ends[14], Confidence::Medium));
        }
    }
    if text.len() == 13 && closed(13) && cue() {
        return Some((start..ends[12], Confidence::Medium));
    }
    None
}

/// British national insurance number: two letters, six digits, a letter from A to D.
fn british(scan: &Scan<'_>, run: &Run) -> Option<Detection> {
    if run.digits != 6 || run.plus {
        return None;
    }
    let groups = scan.groups_of(run);
    if !(groups.len() == 1 || groups.len() == 3 && groups.iter().all(|g| g.len() == 2)) {
        return None;
    }
    let raw = scan.text.as_bytes();
    let mut i = groups[0].start;
    if i > 0 && raw[i - 1] == b' ' {
        i -= 1;
    }
    let letters = i.checked_sub(2)?;
    let mut end = run.span.end;
    if raw.get(end) == Some(&b' ') {
        end += 1;
    }
    let prefix = &raw[letters..i];
    let valid = prefix.iter().all(|b| b.is_ascii_uppercase() && !matches!(b, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V'))
        && prefix[1] != b'O'
        && !matches!(prefix, b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ")
        && matches!(raw.get(end), Some(b'A'..=b'D'))
        && !word_byte(scan.at(end + 1))
        && !word_byte(scan.before(letters));
    let cue = || announced(scan, letters, 4, &["ni", "nino", "national insurance"]);
    (valid && (groups.len() == 3 || cue()))
        .then(|| Detection::new(letters..end + 1, if cue() { Confidence::High } else { Confidence::Medium }))
}

/// Passports, identity cards and driving licences, after a word for one.
pub(super) fn document(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    const CUES: &[&str] = &[
        "passport",
        "passports",
        "identity card",
        "id card",
        "id-card",
        "driver's license*",
        "drivers license*",
        "driver license*",
        "driving licence*",
        "driver's licence*",
        "visa number",
        "passeport",
        "carte d'identité",
        "carte d'identite",
        "cni",
        "pièce d'identité",
        "permis de conduire",
        "titre de séjour",
        "paspoort",
        "paspoortnummer",
        "identiteitskaart",
        "identiteitsbewijs",
        "id-kaart",
        "rijbewijs",
        "rijbewijsnummer",
        "verblijfsvergunning",
        "паспорт",
        "паспорта",
        "паспорту",
        "паспорте",
        "паспортом",
        "загранпаспорт*",
        "удостоверени*",
        "водительск*",
        "серия",
        "вид на жительство",
    ];
    const MORE: &[&str] = &[
        "s",
        "driver",
        "drivers",
        "driving",
        "d",
        "identité",
        "conduire",
        "серия",
        "серии",
        "номер",
        "number",
        "card",
        "license",
        "licence",
        "details",
        "scan",
        "скан",
        "копия",
        "данные",
        "en",
        "и",
        "is",
    ];
    let mut reached = 0;
    for run in &scan.runs {
        if run.span.start < reached || run.digits > 12 || run.plus || run.parens {
            continue;
        }
        let start = word_start(scan, run.span.start);
        let mut end = word_end(scan, run.span.end);
        // Letters among the digits, as the Dutch write them.
        let word = &scan.text.as_bytes()[start..end];
        let mingled = run.digits < 5
            && (8..=10).contains(&word.len())
            && word.iter().filter(|b| b.is_ascii_digit()).count() >= 4
            && word.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if run.digits < 5 && !mingled {
            continue;
        }
        let (digits, lengths) = (scan.digits_of(run), scan.lengths(run));
        // The Russian series and number, which «№» may part: 4508 № 123456.
        let series = matches!(lengths[..], [4, 6] | [2, 2, 6] | [10]);
        let parted = lengths.as_slice() == [4] || lengths.as_slice() == [2, 2];
        if parted {
            continue;
        }
        let word_letters = run.span.start - start + (end - run.span.end);
        if !mingled && (word_letters == 0 && run.digits < 6 || word_letters > 6)
            || matches!(lengths[..], [2, 2, 4] | [4, 2, 2] | [1, 2, 4] | [2, 1, 4])
            || super::account::amount(scan, run)
        {
            continue;
        }
        // The cue directly, over fillers, over the series, and over a word or two ("passport of Mr Smith") where the
        // number looks like that of a document.
        let mut from = start;
        let mut strangers = if series || mingled || (word_letters > 0 && run.digits >= 6) { 2 } else { 0 };
        let mut cue = false;
        for word in scan.words_before(start, 8) {
            if scan.cue_at(word.start, CUES).is_some() {
                cue = true;
                break;
            }
            let text = std::str::from_utf8(&scan.folded[word.clone()]).unwrap_or("");
            if text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
                from = word.start;
            } else if !FILLERS.contains(&text) && !MORE.contains(&text) {
                if strangers == 0 {
                    break;
                }
                strangers -= 1;
            }
        }
        // "0010 000123, issued by": the series and who issued it, without the word.
        let issued = series && scan.cue_after(run.span.end, 1, &["выдан", "выдано", "выданный"]).is_some();
        if !cue && !issued {
            continue;
        }
        if scan.digits_of(run).len() == 6 && from < start && start - from < 16 {
            // The series stands apart.
        } else {
            from = start;
        }
        end = end.max(run.span.end);
        reached = end;
        found.push(Detection::new(from..end, if dummy(&digits) { Confidence::Low } else { Confidence::Medium }));
    }
}

/// Words for a number plate.
pub(super) const PLATE: &[&str] = &[
    "license plate",
    "licence plate",
    "number plate",
    "plate number",
    "plates",
    "plate",
    "registration",
    "reg",
    "plaque",
    "plaque d'immatriculation",
    "immatriculation",
    "immatriculé",
    "immatriculée",
    "immatriculée",
    "kenteken",
    "kentekenplaat",
    "nummerplaat",
    "госномер",
    "госномера",
    "госномером",
    "гос. номер",
    "гос номер",
    "номерной знак",
    "номером",
    "номера",
    "регистрационный знак",
];

/// Number plates, after a word for one.
pub(super) fn vehicle(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    const WEAK: &[&str] = &["plate", "plates", "registration", "reg", "plaque", "номером", "номера"];
    for lead in scan.leads(LeadKind::Plate) {
        let (i, mut at) = (lead.start, lead.end);
        let weak = scan.cue_at(i, WEAK) == Some(at);
        // Fillers, then up to four groups of capitals and digits.
        for _ in 0..3 {
            let mut next = at;
            while matches!(scan.at(next), b' ' | b':' | b'.' | b'"') && next < scan.folded.len() {
                next += 1;
            }
            match scan.cue_at(
                next,
                &[
                    "is",
                    "was",
                    "no",
                    "nr",
                    "n°",
                    "number",
                    "est",
                    "de",
                    "numéro",
                    "met",
                    "nummer",
                    "№",
                    "au",
                    "номер",
                    "авто",
                    "машины",
                    "van",
                    "the",
                ],
            ) {
                Some(end) => at = end,
                None => {
                    at = next;
                    break;
                }
            }
        }
        let (start, mut end, mut digits, mut letters, mut groups) = (at, at, 0, 0, 0);
        let mut chars = scan.text[floor(scan.text, at)..].char_indices().peekable();
        let base = floor(scan.text, at);
        let mut fits = true;
        while let Some((offset, c)) = chars.next() {
            if c.is_ascii_digit() {
                digits += 1;
            } else if c.is_uppercase() && (c.is_ascii() || ('А'..='Я').contains(&c))
                || (!weak && c.is_alphabetic() && digits + letters > 0)
            {
                letters += 1;
            } else if matches!(c, ' ' | '-' | '\u{a0}' | '·' | '\u{2011}')
                && groups < 4
                && chars.peek().is_some_and(|(_, n)| n.is_ascii_digit() || n.is_uppercase())
            {
                groups += 1;
                continue;
            } else {
                fits = !c.is_alphanumeric();
                break;
            }
            end = base + offset + c.len_utf8();
            if digits + letters > 10 {
                fits = false;
                break;
            }
        }
        if fits && digits >= 2 && (1..=5).contains(&letters) && (5..=9).contains(&(digits + letters)) {
            found.push(Detection::new(start..end, if weak { Confidence::Low } else { Confidence::Medium }));
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
