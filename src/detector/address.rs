//! Postal addresses of persons. An address alone is no finding: shops, offices and stations have one too. It becomes
//! one beside a word that ties it to a person ("your modem at …", "thuisadres", "domiciliée", a name with initials).

use super::Detection;
use super::account::word_end;
use super::scan::{LeadKind, Scan, value, word_byte};
use crate::finding::Confidence;
use std::ops::Range;

/// Street types that stand before the name (French, Russian).
const BEFORE: &[&str] = &[
    "rue",
    "avenue",
    "av",
    "boulevard",
    "bd",
    "chemin",
    "impasse",
    "allée",
    "quai",
    "route",
    "passage",
    "ruelle",
    "sentier",
    "chaussée",
    "venelle",
    "ул",
    "улица",
    "улице",
    "улицы",
    "улицу",
    "проспект",
    "проспекте",
    "просп",
    "пр-т",
    "переулок",
    "переулке",
    "пер",
    "бульвар",
    "бульваре",
    "шоссе",
    "набережная",
    "набережной",
    "проезд",
    "проезде",
    "мкр",
    "микрорайон",
    "микрорайоне",
];

/// Street types that stand after the name (English).
const AFTER: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "court",
    "close",
    "drive",
    "way",
    "crescent",
    "place",
    "terrace",
    "gardens",
    "grove",
    "boulevard",
    "square",
    "row",
    "mews",
    "parade",
    "walk",
    "hill",
];

/// Endings of Dutch street names.
const ENDINGS: &[&str] = &[
    "straat",
    "laan",
    "weg",
    "plein",
    "dreef",
    "gracht",
    "kade",
    "singel",
    "steeg",
    "hof",
    "pad",
    "dijk",
    "plantsoen",
    "lei",
    "vest",
    "baan",
    "kaai",
    "wal",
    "markt",
    "park",
    "wijk",
    "akker",
    "veld",
];

/// Words that may stand inside a street's name.
const PARTICLES: &[&str] = &[
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "d",
    "et",
    "à",
    "van",
    "den",
    "der",
    "het",
    "дом",
    "д",
    "корпус",
    "корп",
    "к",
    "имени",
    "им",
];

/// Words that tie an address to somebody's home.
pub(super) const HOME: &[&str] = &[
    "lives at",
    "lives on",
    "lives in",
    "living at",
    "living on",
    "home address",
    "resides at",
    "residing at",
    "resident at",
    "domicilié",
    "domiciliée",
    "domiciliés",
    "demeurant",
    "habite",
    "habitant",
    "réside",
    "résidant",
    "chez lui",
    "chez elle",
    "adresse personnelle",
    "woont in de",
    "woont op de",
    "woont aan de",
    "woont in het",
    "woont op het",
    "woont aan het",
    "woont op",
    "woont in",
    "wonende",
    "woonachtig",
    "thuisadres",
    "privéadres",
    "живет",
    "живут",
    "проживает",
    "проживающ*",
    "прописан*",
    "прописка",
    "домашний адрес",
    "зарегистрирован* по адресу",
];

/// Persons spoken to or of.
const PERSON: &[&str] = &[
    "your", "his", "her", "their", "him", "votre", "vos", "son", "sa", "ses", "leur", "uw", "jouw", "je", "zijn",
    "haar", "hun", "ваш*", "его", "ее", "их", "вас", "вам",
];

/// Places that are meant to be found, and words that invite there.
const PLACE: &[&str] = &[
    "office*",
    "shop*",
    "store*",
    "workshop*",
    "branch*",
    "factory",
    "hotel*",
    "restaurant*",
    "station*",
    "venue",
    "museum",
    "showroom*",
    "headquarters",
    "hq",
    "warehouse*",
    "visit*",
    "come",
    "join",
    "bring",
    "meet",
    "see you",
    "open*",
    "find us",
    "our",
    "welcome",
    "bureau*",
    "magasin*",
    "atelier*",
    "agence*",
    "usine*",
    "hôtel*",
    "gare*",
    "musée*",
    "siège",
    "salle",
    "venez",
    "apportez",
    "rendez-vous",
    "rejoignez",
    "retrouvez",
    "notre",
    "nos",
    "ouvre*",
    "ouvert*",
    "accueille*",
    "boutique*",
    "entrepôt*",
    "guichet*",
    "kantoor*",
    "winkel*",
    "werkplaats*",
    "filiaal",
    "fabriek*",
    "kom",
    "komt",
    "breng*",
    "bezoek*",
    "welkom",
    "onze",
    "ons",
    "museum*",
    "zaal",
    "loods",
    "opent",
    "balie",
    "офис*",
    "магазин*",
    "мастерск*",
    "склад*",
    "завод*",
    "гостиниц*",
    "музе*",
    "приходите",
    "приносите",
    "приезжайте",
    "заходите",
    "ждем",
    "наш*",
    "открыва*",
    "откры*",
    "филиал*",
    "отделени*",
    "банкомат*",
    "пункт*",
];

fn is(scan: &Scan<'_>, word: &Range<usize>, list: &[&str]) -> bool {
    scan.cue_at(word.start, list).is_some()
}

/// Whether a word begins with a capital in the text as written.
fn capital(scan: &Scan<'_>, word: &Range<usize>) -> bool {
    scan.text.get(word.start..).and_then(|t| t.chars().next()).is_some_and(char::is_uppercase)
}

fn particle(scan: &Scan<'_>, word: &Range<usize>) -> bool {
    std::str::from_utf8(&scan.folded[word.clone()]).is_ok_and(|w| PARTICLES.contains(&w))
}

/// Dutch: a capitalised word with a street's ending.
fn dutch(scan: &Scan<'_>, word: &Range<usize>) -> bool {
    capital(scan, word)
        && ENDINGS.iter().any(|e| word.len() >= e.len() + 3 && scan.folded[word.clone()].ends_with(e.as_bytes()))
}

/// The next word of the same clause: nothing but spaces, an apostrophe, a hyphen, or a full stop after it.
fn next_word(scan: &Scan<'_>, mut at: usize) -> Option<Range<usize>> {
    let from = at;
    while at < scan.folded.len() && matches!(scan.folded[at], b' ' | b'\'' | b'-' | b'.' | b',') && at - from < 6 {
        at += 1;
    }
    let start = at;
    while at < scan.folded.len() && word_byte(scan.folded[at]) {
        at += 1;
    }
    (at > start).then_some(start..at)
}

/// From a street type on: particles, then at least one capitalised word; the end of the last.
fn name_after(scan: &Scan<'_>, from: usize) -> Option<usize> {
    let (mut at, mut end) = (from, None);
    for _ in 0..6 {
        let Some(word) = next_word(scan, at) else { break };
        if scan.folded[at..word.start].contains(&b',') || (end.is_some() && scan.folded[at..word.start].contains(&b'.'))
        {
            break;
        }
        if capital(scan, &word) {
            end = Some(word.end);
        } else if !particle(scan, &word) {
            break;
        }
        at = word.end;
    }
    end
}

/// The stretch of an address around a house number, if it is one.
fn around(scan: &Scan<'_>, number: &Range<usize>) -> Option<Range<usize>> {
    let end = word_end(scan, number.end);
    if end - number.end > 2 {
        return None;
    }
    let before = scan.words_before(number.start, 7);
    // Molendreef 88
    if let Some(street) =
        before.first().filter(|w| scan.folded[w.end..number.start].iter().all(|b| *b == b' ') && dutch(scan, w))
    {
        return Some(street.start..end);
    }
    // rue de l'Église 5, ул. Мира, д. 5
    let mut named = false;
    for word in &before {
        if is(scan, word, BEFORE) {
            return named.then_some(word.start..end);
        }
        if capital(scan, word) {
            named = true;
        } else if !particle(scan, word) {
            break;
        }
    }
    // 12 rue des Ormeaux, 12 bis, avenue Foch
    let mut word = next_word(scan, end)?;
    if matches!(&scan.folded[word.clone()], b"bis" | b"ter" | b"b" | b"a") {
        word = next_word(scan, word.end)?;
    }
    if is(scan, &word, BEFORE) {
        return name_after(scan, word.end).map(|e| number.start..e);
    }
    // 22 Banksia Court
    let mut words = 0;
    while capital(scan, &word) && words < 4 {
        // "Your Top 10 Best Way": a title, not a street.
        let titled = before
            .first()
            .is_some_and(|w| capital(scan, w) && scan.folded[w.end..number.start].iter().all(|b| *b == b' '));
        if words > 0 && !titled && is(scan, &word, AFTER) {
            return Some(number.start..word.end);
        }
        words += 1;
        let next = next_word(scan, word.end)?;
        if scan.folded[word.end..next.start].contains(&b',') {
            return None;
        }
        word = next;
    }
    None
}

/// A name with initials or a title directly before: "A. Verhulst, Molendreef 88".
fn resident_before(scan: &Scan<'_>, at: usize) -> bool {
    let words = scan.words_before(at, 4);
    let comma = words.first().is_some_and(|w| scan.folded[w.end..at].starts_with(b","));
    comma
        && words.first().is_some_and(|w| capital(scan, w))
        && words[1..].iter().take(2).any(|w| {
            let initial =
                scan.text.get(w.clone()).is_some_and(|t| t.chars().count() == 1 && t.chars().all(char::is_uppercase))
                    && scan.at(w.end) == b'.';
            initial
                || is(
                    scan,
                    w,
                    &[
                        "mr",
                        "mrs",
                        "ms",
                        "mme",
                        "m",
                        "mlle",
                        "monsieur",
                        "madame",
                        "dhr",
                        "mevr",
                        "mevrouw",
                        "meneer",
                        "heer",
                        "господин",
                        "госпожа",
                        "г-н",
                        "г-жа",
                    ],
                )
        })
}

/// A name with initials directly after: "квартира 47, Семёнова Л. П.".
fn resident_after(scan: &Scan<'_>, at: usize) -> bool {
    let Some(name) = next_word(scan, at).filter(|w| capital(scan, w) && w.len() > 3) else { return false };
    let Some(initial) = next_word(scan, name.end) else { return false };
    scan.text.get(initial.clone()).is_some_and(|t| t.chars().count() == 1 && t.chars().all(char::is_uppercase))
        && scan.at(initial.end) == b'.'
}

/// Addresses of persons.
pub(super) fn postal(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    // After a word for home, a street is enough.
    for lead in scan.leads(LeadKind::Home) {
        let mut at = lead.end;
        for _ in 0..4 {
            let Some(word) =
                next_word(scan, at).or_else(|| (scan.at(at) == b':').then(|| next_word(scan, at + 1)).flatten())
            else {
                break;
            };
            let stretch = if is(scan, &word, BEFORE) {
                name_after(scan, word.end).map(|e| word.start..e)
            } else if dutch(scan, &word) {
                Some(word.clone())
            } else if scan.folded[word.start].is_ascii_digit() {
                around(scan, &word).or_else(|| cyrillic_house(scan, &word, lead.end))
            } else {
                None
            };
            if let Some(mut stretch) = stretch {
                // The house number belongs to it.
                if let Some(number) =
                    next_word(scan, stretch.end).filter(|w| scan.folded[w.start].is_ascii_digit() && w.len() <= 5)
                {
                    stretch.end = number.end;
                }
                found.push(Detection::new(lead.start..stretch.end, Confidence::High));
                break;
            }
            at = word.end;
        }
    }
    for run in &scan.runs {
        let number = scan.groups_of(run)[0].clone();
        if run.plus || run.glued_before || number.len() > 4 || scan.folded[number.start] == b'0' {
            continue;
        }
        let stretch = around(scan, &number);
        let Some(stretch) = stretch else {
            // A flat, beside the name of who lives there.
            let flat = scan.cue_before(
                number.start,
                0,
                &["квартира", "квартиры", "кв", "кв.", "flat", "apartment", "apt", "appartement", "app", "appt", "bus"],
            );
            if let Some(flat) = flat.filter(|_| resident_after(scan, number.end)) {
                found.push(Detection::new(flat.start..number.end, Confidence::Medium));
            }
            continue;
        };
        let before = scan.words_before(stretch.start, 8);
        let place = before.iter().any(|w| is(scan, w, PLACE)) || scan.cue_after(stretch.end, 5, PLACE).is_some();
        let person = before.iter().any(|w| is(scan, w, PERSON));
        if (person && !place) || resident_before(scan, stretch.start) || resident_after(scan, stretch.end) {
            found.push(Detection::new(stretch, Confidence::Medium));
        }
    }
}

/// "живёт на Сатпаева, 30": a capitalised name and a number, after a word for home.
fn cyrillic_house(scan: &Scan<'_>, number: &Range<usize>, from: usize) -> Option<Range<usize>> {
    let before = scan.words_before(number.start, 1);
    let street = before.first()?;
    let house =
        value(&scan.folded[number.clone()].iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect::<Vec<_>>());
    (street.start >= from && capital(scan, street) && scan.folded[street.start] >= 0x80 && (1..1000).contains(&house))
        .then_some(street.start..number.end)
}
