//! Folding: one form for the many ways to write a word.
//!
//! Case, ё/е, ligatures, kinds of apostrophe, soft hyphens, zero-width characters, combining marks (NFC), styled and
//! full-width letters (NFKC) and look-alike letters of another script inside a word come out the same.

use unicode_normalization::UnicodeNormalization;

/// What folding met on its way; kept because a reader may want to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Invisible characters inside the word (zero-width, soft hyphen, bidirectional marks).
    pub hidden: bool,
    /// Letters of another script that look like the word's own.
    pub look_alike: bool,
    /// Mathematical, full-width or enclosed letters.
    pub styled: bool,
}

/// Characters that show nothing inside a word: zero-width and direction marks, soft hyphens, fillers, variation selectors,
/// language tags.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that change the direction of what follows.
pub fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// Combining marks that may follow a letter.
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{34e}' | '\u{350}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters and digits in a dress: mathematical alphabets, full width, enclosed, raised and lowered, Roman numerals.
pub fn is_styled(c: char) -> bool {
    matches!(c, '\u{1d400}'..='\u{1d7ff}' | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{249c}'..='\u{24e9}'
        | '\u{1f110}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}' | '\u{2102}' | '\u{210a}'..='\u{2115}'
        | '\u{2119}'..='\u{211d}' | '\u{2124}' | '\u{2128}' | '\u{212c}'..='\u{2138}' | '\u{2160}'..='\u{217f}' | '\u{2b0}'..='\u{2b8}'
        | '\u{2e0}'..='\u{2e3}' | '\u{1d2c}'..='\u{1d6a}' | '\u{2090}'..='\u{209c}' | '\u{207f}' | '\u{2071}')
}

/// The digit that a full-width or mathematical digit stands for.
pub fn styled_digit(c: char) -> Option<char> {
    let value = match c {
        '\u{ff10}'..='\u{ff19}' => c as u32 - 0xff10,
        '\u{1d7ce}'..='\u{1d7ff}' => (c as u32 - 0x1d7ce) % 10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// The ASCII sign that a full-width one stands for; other characters as they are.
pub fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21).unwrap_or(c),
        c => c,
    }
}

/// The plain letters behind a styled one; mostly one, `IV` behind a Roman numeral.
pub fn unstyle(c: char, out: &mut String) {
    let enclosed = |first: char, base: char| char::from_u32(c as u32 - first as u32 + base as u32).unwrap_or(c);
    out.push(match c {
        '\u{249c}'..='\u{24b5}' => enclosed('\u{249c}', 'a'),
        '\u{24b6}'..='\u{24cf}' => enclosed('\u{24b6}', 'A'),
        '\u{24d0}'..='\u{24e9}' => enclosed('\u{24d0}', 'a'),
        '\u{1f110}'..='\u{1f129}' => enclosed('\u{1f110}', 'A'),
        '\u{1f130}'..='\u{1f149}' => enclosed('\u{1f130}', 'A'),
        '\u{1f150}'..='\u{1f169}' => enclosed('\u{1f150}', 'A'),
        '\u{1f170}'..='\u{1f189}' => enclosed('\u{1f170}', 'A'),
        _ => return out.extend(std::iter::once(c).nfkc()),
    });
}

/// Latin letters of phonetic alphabets that are written for plain ones.
fn phonetic(c: char) -> char {
    match c {
        'ɑ' | 'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɡ' | 'ɢ' => 'g',
        'ʜ' => 'h',
        'ı' | 'ɪ' | 'ɩ' => 'i',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' | 'ӏ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' | 'ʋ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        c => c,
    }
}

/// The Cyrillic letter that a Latin or Greek one imitates (Unicode confusables, letters only).
fn cyrillic_twin(c: char) -> Option<char> {
    Some(match c {
        'a' | 'A' | 'α' | 'Α' => 'а',
        'b' | 'B' | 'Β' => 'в',
        'c' | 'C' | 'ϲ' | 'Ϲ' => 'с',
        'e' | 'E' | 'ε' | 'Ε' => 'е',
        'h' | 'H' | 'Η' => 'н',
        'k' | 'K' | 'κ' | 'Κ' => 'к',
        'm' | 'M' | 'Μ' => 'м',
        'o' | 'O' | 'ο' | 'Ο' | 'σ' => 'о',
        'p' | 'P' | 'ρ' | 'Ρ' => 'р',
        't' | 'T' | 'τ' | 'Τ' => 'т',
        'x' | 'X' | 'χ' | 'Χ' => 'х',
        'y' | 'Y' | 'Υ' | 'γ' => 'у',
        'i' | 'I' | 'ι' | 'Ι' => 'і',
        _ => return None,
    })
}

/// The Latin letter, in lower case, that a Cyrillic or Greek one imitates. Case matters: `Ν` is an N, `ν` a v.
fn latin_twin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'α' | 'Α' => 'a',
        'в' | 'В' | 'β' | 'Β' => 'b',
        'с' | 'С' | 'ϲ' | 'Ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'Е' | 'ε' | 'Ε' | 'є' => 'e',
        'ԍ' | 'Ԍ' => 'g',
        'н' | 'Н' | 'һ' | 'Һ' | 'Η' => 'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ї' | 'Ї' => 'i',
        'ј' | 'Ј' | 'ϳ' | 'Ϳ' => 'j',
        'к' | 'К' | 'κ' | 'Κ' => 'k',
        'ӏ' | 'Ӏ' => 'l',
        'м' | 'М' | 'Μ' => 'm',
        'η' | 'Ν' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'σ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ԛ' | 'Ԛ' => 'q',
        'ѕ' | 'Ѕ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'Ԝ' | 'ω' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'γ' | 'Υ' | 'ү' | 'Ү' => 'y',
        'Ζ' => 'z',
        _ => return None,
    })
}

/// Letters that resemble Latin ones only from afar: they count where every other letter of the word is accounted for.
fn distant_latin_twin(c: char) -> Option<char> {
    Some(match c {
        'п' | 'И' | 'и' => 'n',
        'г' | 'я' | 'Я' | 'Г' => 'r',
        'ц' => 'u',
        'ь' | 'ъ' => 'b',
        'ш' => 'w',
        _ => return None,
    })
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}')
}

/// The folded form of a word in the script of the text around it, if every letter that is not of that script has a twin
/// there.
pub fn in_script(word: &str, cyrillic: bool) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut borrowed = false;
    for c in word.chars().filter(|c| !is_hidden(*c) && !is_combining(*c)) {
        let foreign = if cyrillic { c.is_ascii_alphabetic() || is_greek(c) } else { is_cyrillic(c) || is_greek(c) };
        borrowed |= foreign;
        match foreign {
            true => out.push(if cyrillic { cyrillic_twin(c) } else { latin_twin(c) }?),
            false => lower(c, &mut out),
        }
    }
    borrowed.then_some(out)
}

/// Appends the folded form of `word` to `out`.
pub fn fold_word(word: &str, out: &mut String) -> Folded {
    if is_folded(word.as_bytes()) {
        out.push_str(word);
        return Folded::default();
    }
    if word.is_ascii() && !word.bytes().any(|b| b.is_ascii_control()) {
        let at = out.len();
        out.push_str(word);
        out[at..].make_ascii_lowercase();
        return Folded::default();
    }
    let mut latin = 0u32;
    let mut cyrillic = 0u32;
    let mut other = false;
    let at = out.len();
    for c in word.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => latin += 1,
            'а'..='я' => cyrillic += 1,
            'А'..='Я' => {
                cyrillic += 1;
                out.push(char::from_u32(c as u32 + 32).unwrap_or(c));
                continue;
            }
            'ё' | 'Ё' => {
                cyrillic += 1;
                out.push('е');
                continue;
            }
            'æ' | 'Æ' => {
                latin += 1;
                out.push_str("ae");
                continue;
            }
            'à'..='ö' | 'ø'..='ÿ' | 'À'..='Ö' | 'Ø'..='Þ' => latin += 1,
            '0'..='9' | '\'' => {}
            '’' | 'ʼ' | '‘' | '`' | '´' => {
                out.push('\'');
                continue;
            }
            _ => {
                other = true;
                break;
            }
        }
        match c {
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            'À'..='Þ' => out.push(char::from_u32(c as u32 + 32).unwrap_or(c)),
            _ => out.push(c),
        }
    }
    if other || (latin > 0 && cyrillic > 0) {
        out.truncate(at);
        return fold_slowly(word, out);
    }
    Folded::default()
}

/// Whether a word is all small Latin letters of ASCII, or all small Cyrillic ones without ё: most words are.
fn is_folded(mut word: &[u8]) -> bool {
    if word.iter().all(u8::is_ascii_lowercase) {
        return true;
    }
    while let [0xd0, 0xb0..=0xbf, rest @ ..] | [0xd1, 0x80..=0x8f, rest @ ..] = word {
        word = rest;
    }
    word.is_empty()
}

/// The path for words with marks, hidden, styled or rare characters, or of two scripts.
fn fold_slowly(word: &str, out: &mut String) -> Folded {
    let mut folded = Folded::default();
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        if is_hidden(c) || c.is_control() {
            folded.hidden = true;
        } else if is_styled(c) {
            folded.styled = true;
            unstyle(c, &mut plain);
        } else {
            plain.push(phonetic(narrow(c)));
        }
    }
    let plain = spelled(&plain);
    let latin = |c: char| c.is_ascii_alphabetic() || matches!(c, 'À'..='ÿ');
    let scripts = plain.chars().fold((false, false, false), |(l, c, g), letter| {
        (l | latin(letter), c | is_cyrillic(letter), g | is_greek(letter))
    });
    if matches!(scripts, (true, true, _) | (true, _, true) | (_, true, true)) {
        folded.look_alike = unmix(&plain, out);
    } else {
        plain.chars().for_each(|c| lower(c, out));
    }
    folded
}

/// The word with composed letters and without the marks that no spelling of the four languages asks for.
fn spelled(word: &str) -> String {
    let mut base = ' ';
    word.nfd()
        .filter(|c| {
            if !is_combining(*c) {
                base = *c;
                return true;
            }
            match base {
                'и' | 'И' => *c == '\u{306}',
                'е' | 'Е' | 'і' | 'І' => *c == '\u{308}',
                'a'..='z' | 'A'..='Z' => {
                    matches!(c, '\u{300}'..='\u{303}' | '\u{308}' | '\u{30a}')
                        || *c == '\u{327}' && matches!(base, 'c' | 'C')
                }
                _ => false,
            }
        })
        .nfc()
        .filter(|c| !is_combining(*c))
        .collect()
}

/// Appends a letter in lower case, ligatures taken apart.
fn lower(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        match c {
            'ё' => out.push('е'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ĳ' => out.push_str("ij"),
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            '’' | 'ʼ' | '‘' | '`' | '´' => out.push('\''),
            c if is_combining(c) => {}
            c => out.push(c),
        }
    }
}

/// Writes a word of mixed scripts in the script most of its letters can only belong to. Says whether it changed one.
fn unmix(word: &str, out: &mut String) -> bool {
    let count = |is: &dyn Fn(char) -> bool| word.chars().filter(|c| is(*c)).count();
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, 'À'..='ÿ');
    let only_cyrillic = count(&|c| is_cyrillic(c) && latin_twin(c).is_none());
    let only_latin = count(&|c| is_latin(c) && cyrillic_twin(c).is_none());
    let (cyrillic, latin) = (count(&is_cyrillic), count(&is_latin));
    let distant = only_cyrillic > 0
        && only_latin > 0
        && latin > cyrillic
        && word.chars().all(|c| !is_cyrillic(c) || latin_twin(c).or(distant_latin_twin(c)).is_some());
    if only_cyrillic > 0 && only_latin > 0 && !distant {
        // a compound such as "SMMщик": nobody imitates anything
        word.chars().for_each(|c| lower(c, out));
        return false;
    }
    let to_cyrillic = !distant && (only_cyrillic > 0 || (only_latin == 0 && cyrillic >= latin));
    for c in word.chars() {
        let twin = match (to_cyrillic, is_cyrillic(c), is_latin(c)) {
            (true, false, _) => cyrillic_twin(c),
            (false, _, false) => latin_twin(c).or(distant_latin_twin(c).filter(|_| distant)),
            _ => None,
        };
        match twin {
            Some(twin) => out.push(twin),
            None => lower(c, out),
        }
    }
    true
}

/// The folded form of one word, alone.
pub fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_word(word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_many() {
        for (written, form) in [
            ("Growth", "growth"),
            ("Élan", "élan"),
            ("E\u{301}lan", "élan"),
            ("Ещё", "еще"),
            ("е\u{308}лка", "елка"),
            ("cœur", "coeur"),
            ("syn\u{ad}ergy", "synergy"),
            ("syn\u{200b}ergy", "synergy"),
            ("𝐠𝐫𝐨𝐰𝐭𝐡", "growth"),
            ("ｇｒｏｗｔｈ", "growth"),
            ("ⓖⓡⓞⓦⓣⓗ", "growth"),
            ("аctivity", "activity"),
            ("рocт", "рост"),
            ("ΝΕW", "new"),
            ("ΗΟPE", "hope"),
            ("сompaпies", "companies"),
            ("SMMщик", "smmщик"),
            ("Ⅳ", "iv"),
            ("ɢʀᴏᴡᴛʜ", "growth"),
            ("ᵍʳᵒʷᵗʰ", "growth"),
            ("g\u{336}r\u{336}o\u{336}w\u{336}", "grow"),
            ("ģrow\u{323}th", "growth"),
            ("r\u{e0041}\u{fe0f}o\u{2060}w", "row"),
            ("рабо\u{301}тай", "работай"),
            ("ѓород", "город"),
            ("stratégie", "stratégie"),
            ("garçon", "garçon"),
            ("s\u{336}e\u{301}\u{336}", "sé"),
            ("Æra", "aera"),
            ("ПРОЕКТ", "проект"),
            ("l’", "l'"),
        ] {
            assert_eq!(folded(written), form, "{written}");
        }
    }
}
