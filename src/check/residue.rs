//! Draft residue: fields of a template left open, notes to oneself, dummy text.

use std::ops::Range;

/// Words that say "not written yet", as they stand in drafts.
const NOTES: &[&str] = &["TODO", "TBD", "TBC", "TBA", "FIXME", "TKTK", "XXX", "XXXX", "lorem ipsum"];

/// Byte ranges of residue in `text`.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let held = traces(text.as_bytes());
    if held & BRACKET != 0 {
        brackets(text, &mut out);
    }
    let dummy = held & DUMMY != 0;
    let notes = if held & CAPITALS != 0 { NOTES } else { &NOTES[NOTES.len() - 1..] };
    for note in notes.iter().filter(|note| dummy || !note.starts_with('l')) {
        let mut from = 0;
        // dummy text is written in any case
        let find = |from: usize| match note.starts_with('l') {
            true => text.as_bytes()[from..].windows(note.len()).position(|w| w.eq_ignore_ascii_case(note.as_bytes())),
            false => text[from..].find(note),
        };
        while let Some(at) = find(from) {
            let (start, end) = (from + at, from + at + note.len());
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            if edge(text[..start].chars().next_back()) && edge(text[end..].chars().next()) {
                out.push(start..end);
            }
            from = end;
        }
    }
    if held & PLACEHOLDER != 0 {
        figures(text, &mut out);
    }
    out.sort_by_key(|r| (r.start, r.end));
    out.dedup_by(|b, a| b.start < a.end);
    out
}

/// A bracket or a percent sign.
const BRACKET: u8 = 1;
/// Three capitals in a row.
const CAPITALS: u8 = 2;
/// What may stand for a digit that is not known yet: a capital X, or the same mark twice.
const PLACEHOLDER: u8 = 4;

/// Part of "lorem ipsum".
const DUMMY: u8 = 8;

/// What residue needs, in one pass: most sentences hold none of it.
fn traces(bytes: &[u8]) -> u8 {
    let (mut held, mut capitals, mut last, mut before) = (0, 0u32, 0u8, 0u8);
    for &b in bytes {
        capitals = if b.is_ascii_uppercase() { capitals + 1 } else { 0 };
        match b {
            b'[' | b'{' | b'<' | b'%' => held |= BRACKET,
            b'X' => held |= PLACEHOLDER,
            b'u' | b'U' if matches!((before, last), (b'p', b's') | (b'P', b'S')) => held |= DUMMY,
            b'x' | b'_' | b'?' if last == b || before == b && matches!(last, b',' | b'.') => held |= PLACEHOLDER,
            _ => {}
        }
        if capitals >= 3 {
            held |= CAPITALS;
        }
        (before, last) = (last, b);
    }
    held
}

/// `[insert figure]`, `<name>`, `{{field}}`, `{name}`, `${x}`, `%NAME%`.
fn brackets(text: &str, out: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(found) = text[at..].find(['[', '{', '<', '%']) {
        let start = at + found;
        let open = text.as_bytes()[start];
        at = start + 1;
        let close = match open {
            b'[' => ']',
            b'{' => '}',
            b'<' => '>',
            _ => '%',
        };
        let Some(len) = text[at..].find(close).filter(|n| *n > 0 && *n <= 120) else { continue };
        let inside = &text[at..at + len];
        let end = at + len + 1;
        let letters = inside.chars().filter(|c| c.is_alphabetic()).count();
        let is_residue = match open {
            // a field in square brackets: words, not a footnote, an elision, a checkbox or a remark of an editor
            b'[' => {
                let lower = inside.trim().to_lowercase();
                let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
                let asks = words.iter().any(|w| FIELD_WORDS.contains(w));
                let template = inside.contains(['+', '/', '|', '_']) && letters > 3;
                // an acronym after its name is no field: only the names of fields count in capitals
                let capitals = inside.contains(' ') && letters >= 3 && inside.chars().all(|c| !c.is_lowercase());
                letters >= 2
                    && !inside.contains('[')
                    && !text[end..].starts_with(['(', '['])
                    && (asks || template || capitals)
                    && !CONFIDENTIALITY.iter().any(|w| lower.contains(w))
            }
            b'{' => {
                let lower = inside.trim_matches(['{', '}', ' ']).to_lowercase();
                let shaped = inside.starts_with('{')
                    || inside.contains('_')
                    || FIELD_WORDS.contains(&lower.as_str())
                    || (start > 0 && text.as_bytes()[start - 1] == b'$');
                letters >= 2
                    && shaped
                    && inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '{' | '_' | '-' | '.' | ' ' | '}'))
                    && !inside.contains(". ")
            }
            b'<' => {
                let lower = inside.to_lowercase();
                letters >= 3 && inside.contains(' ') && lower.split_whitespace().any(|w| FIELD_WORDS.contains(&w))
            }
            _ => letters >= 3 && inside.chars().all(|c| c.is_uppercase() || c == '_'),
        };
        if is_residue {
            out.push(start..end);
            at = end;
        }
    }
}

/// Words of a field to fill in, in four languages.
const FIELD_WORDS: &[&str] = &[
    "insert",
    "figure",
    "name",
    "your",
    "add",
    "link",
    "placeholder",
    "fill",
    "amount",
    "percentage",
    "todo",
    "tbd",
    "tbc",
    "specify",
    "company",
    "number",
    "quote",
    "source",
    "insérer",
    "inserer",
    "ajouter",
    "compléter",
    "completer",
    "chiffre",
    "nom",
    "prénom",
    "montant",
    "lien",
    "à",
    "préciser",
    "préciser",
    "entreprise",
    "citation",
    "invullen",
    "invoegen",
    "naam",
    "bedrag",
    "cijfer",
    "getal",
    "specifiek",
    "specifieke",
    "aanvullen",
    "bedrijf",
    "bedrijfsnaam",
    "functie",
    "вставить",
    "вставьте",
    "указать",
    "укажите",
    "имя",
    "цифра",
    "цифру",
    "сумма",
    "сумму",
    "ссылка",
    "ссылку",
    "название",
    "дата",
    "дату",
    "datum",
    "date",
    "добавить",
    "уточнить",
    "заполнить",
    "компания",
    "context",
    "klant",
    "client",
    "klantnaam",
];

/// Bracketed notes that are something else: a confidentiality mark belongs to another rule.
const CONFIDENTIALITY: &[&str] = &[
    "confiden",
    "vertrouwelijk",
    "intern",
    "embargo",
    "конфиденц",
    "служебн",
    "draft",
    "concept",
    "niet verspreiden",
    "ne pas diffuser",
];

/// `XX %`, `X,X million`, `€ XX`, `__ %`, `??? %`.
fn figures(text: &str, out: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let placeholder = |b: u8| matches!(b, b'X' | b'x' | b'_' | b'?');
        if !placeholder(bytes[at])
            || (at > 0
                && (bytes[at - 1].is_ascii_alphanumeric()
                    || bytes[at - 1] >= 128
                        && !text[..at].ends_with(char::is_whitespace)
                        && !text[..at].ends_with(['€', '£', '₽'])))
        {
            at += 1;
            continue;
        }
        let first = bytes[at];
        let mut end = at;
        let mut count = 0;
        while end < bytes.len()
            && (bytes[end] == first || (matches!(bytes[end], b',' | b'.') && bytes.get(end + 1) == Some(&first)))
        {
            count += usize::from(bytes[end] == first);
            end += 1;
        }
        let after = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let before = text[..at].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
        let unit = after.starts_with('%')
            || after.starts_with('€')
            || after.starts_with("percent")
            || after.starts_with("procent")
            || after.starts_with("процент")
            || after.starts_with("million")
            || after.starts_with("miljoen")
            || after.starts_with("млн")
            || after.starts_with("M€");
        let money = before.ends_with(['€', '$', '£', '₽']);
        let dotted = text[at..end].contains([',', '.']);
        let enough = match first {
            b'X' => count >= 2 || unit || money,
            b'x' => count >= 2,
            _ => count >= 2,
        };
        if enough && (unit || money) && !(first == b'x' && count < 2) || (first == b'X' && dotted && count >= 2 && unit)
        {
            let stop =
                if unit { text.len() - after.len() + after.chars().next().map_or(0, char::len_utf8) } else { end };
            out.push(at..stop);
        }
        at = end.max(at + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Kelvin sign is longer than the k that it is in lower case.
    #[test]
    fn dummy_text_is_found_where_it_stands() {
        let text = "\u{212a}é Lorem IPSUM, İ lorem ipsum";
        let found: Vec<&str> = find(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["Lorem IPSUM", "lorem ipsum"]);
    }

    #[test]
    fn residue_is_told_from_brackets() {
        for text in [
            "We grew [insert figure] this year",
            "Dit scheelt [Specifiek getal + context] uur",
            "Bonjour [PRÉNOM],",
            "Dear {{first_name}},",
            "Hi {name}!",
            "TODO: ask Anna",
            "up XX % in May",
            "рост XX %",
            "Lorem ipsum dolor",
            "hausse de X,X million",
            "€ XX",
        ] {
            assert_eq!(find(text).len(), 1, "{text}");
        }
        for text in [
            "He said [sic] no",
            "as shown [1] and [2]",
            "a [link](https://example.org)",
            "[…]",
            "100 % XXL shirts",
            "the [European] market",
            "f(x) < 3 and y > 2",
            "size x 2",
            "{python} and {cron}",
            "General Regulation [GDPR]",
            "[laughs]",
        ] {
            assert!(find(text).is_empty(), "{text}: {:?}", find(text));
        }
    }
}
