//! Telephone numbers: a national or international shape that nothing else has, or a looser one after a cue word.

use super::Detection;
use super::account::amount;
use super::scan::{Run, Scan, dummy, value, word_byte};
use crate::finding::Confidence;

/// Words that say a telephone number follows, at once or after fillers.
const CUES: &[&str] = &[
    "phone*",
    "telephone*",
    "tel",
    "tel.",
    "mobile",
    "cell",
    "cellphone",
    "cellular",
    "fax",
    "whatsapp",
    "viber",
    "signal",
    "hotline",
    "helpline",
    "helpdesk",
    "desk",
    "landline",
    "call",
    "calls",
    "calling",
    "ring",
    "dial",
    "text",
    "texting",
    "sms",
    "answering",
    "messages to",
    "message to",
    "reached",
    "reach",
    "registered",
    "tél*",
    "téléphon*",
    "telephon*",
    "portable",
    "fixe",
    "appelez*",
    "appeler",
    "appelle*",
    "joindre",
    "joignable",
    "standard",
    "contactez*",
    "contacter",
    "telefoon*",
    "mobiel",
    "gsm*",
    "bel",
    "bellen",
    "belt",
    "bereikbaar",
    "bereik",
    "app",
    "appen",
    "06-nummer",
    "тел",
    "тел.",
    "телефон*",
    "моб",
    "мобильн*",
    "звони*",
    "позвони*",
    "звоните",
    "набер*",
    "набир*",
    "факс",
    "ватсап",
    "вотсап",
    "вацап",
    "сот",
    "сотов*",
    "с номера",
    "на номер",
    "номер телефона",
];

/// Words that may stand between the cue and the number.
const FILLERS: &[&str] = &[
    "at",
    "on",
    "to",
    "is",
    "my",
    "our",
    "your",
    "his",
    "her",
    "their",
    "the",
    "me",
    "us",
    "him",
    "them",
    "no",
    "nr",
    "number",
    "direct",
    "line",
    "office",
    "home",
    "work",
    "mobile",
    "cell",
    "phone",
    "or",
    "via",
    "for",
    "it",
    "now",
    "free",
    "and",
    "him",
    "fax",
    "tel",
    "private",
    "directly",
    "personal",
    "registered",
    "numbers",
    "au",
    "aux",
    "le",
    "la",
    "sur",
    "du",
    "de",
    "moi",
    "nous",
    "est",
    "numéro",
    "numero",
    "n°",
    "son",
    "sa",
    "mon",
    "ma",
    "notre",
    "votre",
    "ou",
    "direct",
    "perso",
    "portable",
    "fixe",
    "lui",
    "op",
    "het",
    "nummer",
    "naar",
    "is",
    "mij",
    "me",
    "ons",
    "hem",
    "haar",
    "mijn",
    "zijn",
    "uw",
    "ons",
    "privé",
    "prive",
    "gerust",
    "of",
    "dan",
    "even",
    "rechtstreeks",
    "по",
    "на",
    "номер",
    "номеру",
    "номера",
    "телефону",
    "телефон",
    "телефона",
    "ему",
    "ей",
    "мне",
    "нам",
    "им",
    "его",
    "ее",
    "мой",
    "наш",
    "ваш",
    "прямо",
    "лично",
    "или",
    "мобильный",
    "с",
    "личный",
    "whatsapp",
    "viber",
    "sms",
    "№",
];

/// Words after a number that say what it is: `781 1704 office`.
const AFTER: &[&str] = &[
    "office",
    "fax",
    "mobile",
    "tel",
    "phone",
    "cell",
    "desk",
    "home",
    "work",
    "portable",
    "mobiel",
    "gsm",
    "факс",
    "моб",
    "мобильный",
];

/// Words that say the number is something else.
const OTHER: &[&str] = &[
    "order",
    "orders",
    "invoice",
    "ref",
    "reference",
    "ticket",
    "case",
    "isbn",
    "issn",
    "id",
    "policy",
    "contract",
    "account",
    "iban",
    "ssn",
    "serial",
    "part",
    "patent",
    "version",
    "v",
    "rfc",
    "iso",
    "article",
    "doi",
    "siren",
    "siret",
    "tva",
    "vat",
    "kbo",
    "bce",
    "kvk",
    "btw",
    "rpps",
    "commande",
    "facture",
    "dossier",
    "contrat",
    "compte",
    "police",
    "bestelling*",
    "factuur*",
    "polis*",
    "klantnummer",
    "bsn",
    "rekening*",
    "order*",
    "заказ*",
    "счет*",
    "договор*",
    "инн",
    "огрн",
    "кпп",
    "бик",
    "снилс",
    "паспорт*",
    "артикул",
    "гост",
    "card",
    "carte",
    "kaart",
    "карт*",
    "license",
    "licence",
    "passport",
    "zip",
    "postcode",
    "бин",
    "иин",
    "tracking",
    "sku",
    "gtin",
    "ean",
    "imei",
    "lot",
    "batch",
    "port",
    "exit",
    "population",
    "n° de commande",
];

/// The company speaks of its own line.
const OWN: &[&str] = &[
    "call us",
    "ring us",
    "text us",
    "phone us",
    "reach us",
    "contact us",
    "our hotline",
    "our helpline",
    "our office",
    "our switchboard",
    "our team",
    "switchboard",
    "hotline",
    "helpline",
    "helpdesk",
    "customer service",
    "customer care",
    "customer support",
    "press office",
    "press contact",
    "media contact",
    "media enquiries",
    "reception",
    "bookings",
    "booking",
    "reservations",
    "reservation",
    "to book",
    "to order",
    "front desk",
    "call me",
    "text me",
    "my number",
    "reach me",
    "emergency",
    "appelez-nous",
    "appelez nous",
    "contactez-nous",
    "joignez-nous",
    "nous joindre",
    "notre standard",
    "standard",
    "accueil",
    "service client",
    "service clients",
    "numéro vert",
    "contact presse",
    "service presse",
    "réservations",
    "réservation",
    "réserver",
    "commander",
    "appelez-moi",
    "me joindre",
    "mon numéro",
    "urgence",
    "urgences",
    "astreinte",
    "secrétariat",
    "bel ons",
    "bel met ons",
    "belt u ons",
    "bel mij",
    "bel me",
    "ons nummer",
    "klantenservice",
    "receptie",
    "perscontact",
    "persvoorlichting",
    "persdienst",
    "balie",
    "meldpunt",
    "noodnummer",
    "storingsnummer",
    "storingsdienst",
    "secretariaat",
    "mijn nummer",
    "reserveren",
    "reservering*",
    "bestellen",
    "звоните нам",
    "позвоните нам",
    "горячая линия",
    "горячей линии",
    "горячую линию",
    "колл-центр*",
    "контакт-центр*",
    "справочн*",
    "приемн*",
    "пресс-служб*",
    "служба поддержки",
    "службы поддержки",
    "службу поддержки",
    "диспетчер*",
    "ресепшен*",
    "звоните мне",
    "мой номер",
    "регистратур*",
    "бронировани*",
    "заброниров*",
    "заказать",
    "записаться",
];

/// Somebody else's line, or a private one: this weighs, whatever else is said.
const PRIVATE: &[&str] = &[
    "his",
    "her",
    "him",
    "private",
    "personal",
    "home",
    "privé",
    "prive",
    "perso",
    "personnel",
    "personnelle",
    "domicile",
    "son",
    "sa",
    "zijn",
    "haar",
    "hem",
    "thuis",
    "thuisnummer",
    "личн*",
    "домашн*",
    "его",
    "ее",
    "ему",
    "ей",
    "зовут",
    "named",
    "named*",
    "appelle",
    "heet",
];

/// A number for enquiries; weighs as the company's own when the line is a fixed one.
const ENQUIRIES: &[&str] = &[
    "contact",
    "info",
    "information",
    "enquiries",
    "inquiries",
    "details",
    "renseignements",
    "inscription*",
    "informations",
    "inlichtingen",
    "inschrijven",
    "reserveren",
    "reserveringen",
    "справки",
    "справок",
    "запись",
    "записаться",
    "подробности",
    "контакты",
];

/// Whether it is a fixed line, as far as the number says.
fn fixed(run: &Run, digits: &[u8]) -> bool {
    let (country, national) = match (run.plus, digits) {
        (true, [3, 3, rest @ ..]) => (33, rest),
        (true, [3, 1, rest @ ..]) => (31, rest),
        (true, [3, 2, rest @ ..]) => (32, rest),
        (true, [4, 4, rest @ ..]) => (44, rest),
        (true, [7, rest @ ..]) => (7, rest),
        (false, [8 | 7, rest @ ..]) if digits.len() == 11 => (7, rest),
        (false, [0, rest @ ..]) => (0, rest),
        _ => return false,
    };
    let national = if national.first() == Some(&0) { &national[1..] } else { national };
    match (country, national.first()) {
        (7, Some(first)) => matches!(first, 3 | 4 | 8),
        (44, Some(first)) => *first != 7,
        (33, Some(first)) => !matches!(first, 6 | 7),
        (31, Some(first)) => *first != 6,
        (32, Some(first)) => *first != 4,
        // Any country that dials 0: 04 is a mobile in Belgium, 06 and 07 nearly everywhere.
        (_, Some(first)) => !matches!(first, 4 | 6 | 7 | 8 | 9),
        _ => false,
    }
}

enum Line {
    Ordinary(Confidence),
    /// Free, shared-cost or premium: a company's, never a person's.
    Company,
}

fn uniform(separators: &[u8]) -> bool {
    separators.windows(2).all(|w| w[0] == w[1])
}

/// What the shape alone says; `None` when it needs a cue.
fn shape(run: &Run, digits: &[u8], lengths: &[usize], separators: &[u8]) -> Option<Line> {
    use Confidence::{High, Medium};
    let n = digits.len();
    let figure = !separators.is_empty()
        && separators.iter().all(|s| *s == b' ' || *s == b'.')
        && lengths[1..].iter().all(|l| *l == 3)
        && lengths[0] <= 3;
    if run.plus {
        // A growth of "+12 500 000" is no telephone number; "+34 612 345 678" is one.
        if !(8..=15).contains(&n) || digits[0] == 0 || (figure && n < 11) || (separators.is_empty() && n < 10) {
            return None;
        }
        let national = match value(&digits[..2]) {
            33 | 31 | 32 | 44 | 49 | 39 | 34 | 41 => 2,
            10..=19 | 70..=79 => 1,
            _ => 0,
        };
        let rest = &digits[national..];
        let rest = if rest[0] == 0 { &rest[1..] } else { rest };
        let company = match value(&digits[..2]) {
            33 => rest[0] == 8,
            31 | 32 => matches!(&rest[..2], [8 | 9, 0]),
            44 => rest[0] == 8,
            10..=19 => toll_free(rest),
            70..=79 => rest.starts_with(&[8, 0]),
            _ => false,
        };
        return Some(if company {
            Line::Company
        } else {
            Line::Ordinary(if n >= 10 || !separators.is_empty() { High } else { Medium })
        });
    }
    // The international prefix written out.
    if digits.starts_with(&[0, 0])
        && (11..=16).contains(&n)
        && digits[2] != 0
        && lengths.len() > 2
        && matches!(lengths[0], 2..=5)
        && lengths[1..].iter().all(|l| *l >= 2)
        && uniform(separators)
    {
        return Some(Line::Ordinary(Medium));
    }
    if digits[0] == 0 && digits[1] != 0 {
        return trunk(run, digits, lengths, separators);
    }
    // North America.
    let (area, nanp_lengths) = match (n, digits[0]) {
        (10, 2..=9) => (digits, lengths),
        (11, 1) if lengths[0] == 1 => (&digits[1..], &lengths[1..]),
        _ => (&digits[..0], &lengths[..0]),
    };
    if nanp_lengths == [3, 3, 4] && area[0] >= 2 && area[3] >= 2 && area[1..3] != [1, 1] {
        let spaced = separators.iter().all(|s| *s == b' ');
        if toll_free(area) {
            return Some(Line::Company);
        }
        if run.parens || (n == 11 && !spaced) {
            return Some(Line::Ordinary(High));
        }
        if !spaced && matches!(separators.last(), Some(b'-' | b'.')) {
            return Some(Line::Ordinary(Medium));
        }
    }
    // Russia and Kazakhstan: the trunk prefix 8.
    if n == 11 && matches!(digits[0], 7 | 8) {
        let grouped = matches!(
            lengths,
            [1, 3, 3, 2, 2]
                | [1, 3, 3, 4]
                | [1, 3, 2, 2, 3]
                | [1, 4, 2, 2, 2]
                | [1, 5, 1, 2, 2]
                | [1, 4, 3, 3]
                | [1, 5, 5]
                | [1, 4, 6]
                | [1, 3, 7]
        );
        let marked = run.parens || separators.contains(&b'-');
        if digits[0] == 8 && digits[1..4] == [8, 0, 0] && (grouped || lengths == [1, 3, 2, 3, 2] || lengths == [11]) {
            return Some(Line::Company);
        }
        if grouped
            && matches!(digits[1], 3 | 4 | 7 | 8 | 9)
            && (marked || lengths.ends_with(&[2, 2]))
            && (digits[0] == 8 || marked)
        {
            return Some(Line::Ordinary(High));
        }
        if lengths == [11] && digits[0] == 8 && digits[1] == 9 {
            return Some(Line::Ordinary(Medium));
        }
    }
    None
}

/// 800 and its kin in North America.
fn toll_free(area: &[u8]) -> bool {
    area[0] == 8 && (area[1] == area[2] && matches!(area[1], 0 | 3..=8)) || area[..3] == [9, 0, 0]
}

/// National numbers of the countries that dial a 0 first.
fn trunk(run: &Run, digits: &[u8], lengths: &[usize], separators: &[u8]) -> Option<Line> {
    use Confidence::{High, Medium};
    let n = digits.len();
    let company = matches!(&digits[..4.min(n)], [0, 8, 0, 0] | [0, 9, 0, 0..=9] | [0, 8, 0, 5 | 8])
        && matches!(lengths[0], 4 | 1)
        || (lengths == [2, 2, 2, 2, 2] && digits[1] == 8)
        || (lengths[0] == 4
            && digits[1] == 8
            && (digits[2] == 1 || digits[2] == 2 || digits[2] == 9)
            && lengths.len() > 1);
    if company && (8..=11).contains(&n) {
        return Some(Line::Company);
    }
    if !(9..=11).contains(&n) {
        return None;
    }
    // A day and a year side by side are no number: 01-02-2024 10.
    let year = |g: &[u8]| g.len() == 4 && (1900..=2100).contains(&value(g));
    let mut at = 0;
    for (i, length) in lengths.iter().enumerate() {
        if year(&digits[at..at + length]) && (lengths.starts_with(&[2, 2, 4]) || i == 1) {
            return None;
        }
        at += length;
    }
    let all_after_first_alike = separators.len() < 2 || uniform(&separators[1..]);
    if !all_after_first_alike {
        return None;
    }
    match lengths {
        [2, 2, 2, 2, 2] => Some(Line::Ordinary(High)),
        [10] => Some(Line::Ordinary(Medium)),
        [11] if digits[1] == 7 => Some(Line::Ordinary(Medium)),
        [2, 8] if digits[1] == 6 => Some(Line::Ordinary(High)),
        [3, 7] | [4, 6] => Some(Line::Ordinary(if separators[0] == b'-' || run.parens { High } else { Medium })),
        [5, 6] | [5, 3, 3] | [3, 4, 4] | [4, 3, 4] | [3, 8] if n == 11 => Some(Line::Ordinary(Medium)),
        [3, 3, 4] | [4, 3, 3] | [4, 2, 2, 2] | [3, 3, 2, 2] | [2, 4, 4] | [2, 3, 2, 3] | [2, 2, 3, 3] if n == 10 => {
            Some(Line::Ordinary(Medium))
        }
        [2, 3, 2, 2] | [3, 2, 2, 2] if n == 9 => Some(Line::Ordinary(Medium)),
        [4, 3, 2, 2] | [4, 7] if n == 11 && (run.parens || separators[0] == b'-' || lengths.len() == 4) => {
            Some(Line::Ordinary(Medium))
        }
        _ => None,
    }
}

/// Whether digits that stand after a cue may be a telephone number.
fn loose(run: &Run, digits: &[u8], lengths: &[usize], separators: &[u8]) -> bool {
    let n = digits.len();
    if !(7..=13).contains(&n) || (lengths.contains(&1) && lengths[0] != 1) {
        return false;
    }
    let whole = lengths.len() == 1;
    let date = n == 8
        && (matches!(lengths, [2, 2, 4] | [4, 2, 2])
            || (whole
                && (1900..=2100).contains(&value(&digits[..4]))
                && value(&digits[4..6]) <= 12
                && value(&digits[6..]) <= 31));
    let years = lengths == [4, 4]
        && (1900..=2100).contains(&value(&digits[..4]))
        && (1900..=2100).contains(&value(&digits[4..]));
    !date
        && !years
        && (whole || lengths.iter().all(|l| *l <= 7))
        && !separators.contains(&b'/')
        && !(lengths.len() == 4 && separators.iter().all(|s| *s == b'.') && n < 10)
        && !run.span.is_empty()
}

/// Telephone numbers.
pub(super) fn number(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for run in &scan.runs {
        if !(7..=16).contains(&run.digits) || !scan.stands_alone(run) {
            continue;
        }
        let (digits, lengths, separators) = (scan.digits_of(run), scan.lengths(run), scan.separators(run));
        // Four dotted numbers are an address of a machine.
        if separators == [b'.', b'.', b'.'] && lengths.iter().all(|l| *l <= 3) && !digits.starts_with(&[0]) {
            continue;
        }
        let start = run.span.start;
        if matches!(scan.before(start), b'#') || amount(scan, run) {
            continue;
        }
        let token = scan.token_start(start);
        let token = &scan.folded[token..start];
        if token.windows(3).any(|w| w == b"://" || w == b"www") {
            continue;
        }
        let cue = cue(scan, run);
        let line = match shape(run, &digits, &lengths, &separators) {
            Some(line) => line,
            None if cue && loose(run, &digits, &lengths, &separators) => {
                Line::Ordinary(if digits.len() >= 9 { Confidence::High } else { Confidence::Medium })
            }
            None => continue,
        };
        if !cue && scan.cue_before(start, 2, OTHER).is_some() {
            continue;
        }
        let end = run.span.end;
        found.push(match line {
            Line::Company => Detection::note(start..end, Confidence::Low),
            Line::Ordinary(_) if dummy(&digits) => Detection::new(start..end, Confidence::Low),
            Line::Ordinary(sure) => {
                let private = scan.words_before(start, 6).iter().any(|w| scan.cue_at(w.start, PRIVATE).is_some());
                if !private
                    && (scan.cue_before(start, 7, OWN).is_some()
                        || fixed(run, &digits) && scan.cue_before(start, 7, ENQUIRIES).is_some())
                {
                    Detection::note(start..end, sure)
                } else {
                    Detection::new(start..end, sure)
                }
            }
        });
    }
}

/// Whether a cue word announces the number: directly, or over fillers alone; or one follows it.
fn cue(scan: &Scan<'_>, run: &Run) -> bool {
    // A number that another number leads on from: "Phone: 01 … / 06 …" counts for both, "call 12 shops 4500000" not.
    for word in scan.words_before(run.span.start, 6) {
        if scan.cue_at(word.start, CUES).is_some() {
            return true;
        }
        let text = &scan.folded[word.clone()];
        if !FILLERS.iter().any(|f| f.as_bytes() == text) {
            break;
        }
    }
    let mut after = run.span.end;
    while matches!(scan.at(after), b' ' | b'-' | b'(') && after < scan.folded.len() {
        after += 1;
    }
    after < scan.folded.len() && word_byte(scan.at(after)) && scan.cue_at(after, AFTER).is_some()
}
