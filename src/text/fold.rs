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

/// Characters that show nothing inside a word.
pub fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}' | '\u{180e}' | '\u{34f}')
}

/// Characters that change the direction of what follows.
pub fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// Combining marks that may follow a letter.
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters in a dress: mathematical alphabets, full width, enclosed.
pub fn is_styled(c: char) -> bool {
    matches!(c, '\u{1d400}'..='\u{1d7ff}' | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{249c}'..='\u{24e9}'
        | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}' | '\u{2102}' | '\u{210a}'..='\u{2115}' | '\u{2119}'..='\u{211d}' | '\u{2124}' | '\u{2128}' | '\u{212c}'..='\u{2138}')
}

/// The plain letter behind a styled one, where Unicode's compatibility form does not give it.
fn unstyle(c: char) -> char {
    let enclosed = |first: char, base: char| char::from_u32(c as u32 - first as u32 + base as u32);
    match c {
        '\u{249c}'..='\u{24b5}' => enclosed('\u{249c}', 'a'),
        '\u{24b6}'..='\u{24cf}' => enclosed('\u{24b6}', 'a'),
        '\u{24d0}'..='\u{24e9}' => enclosed('\u{24d0}', 'a'),
        '\u{1f130}'..='\u{1f149}' => enclosed('\u{1f130}', 'a'),
        '\u{1f150}'..='\u{1f169}' => enclosed('\u{1f150}', 'a'),
        '\u{1f170}'..='\u{1f189}' => enclosed('\u{1f170}', 'a'),
        _ => std::iter::once(c).nfkc().next(),
    }
    .unwrap_or(c)
}

/// The Cyrillic letter that a Latin (or Greek) one imitates, both lower case (Unicode confusables, letters only).
fn cyrillic_twin(c: char) -> Option<char> {
    Some(match c {
        'a' | 'α' => 'а',
        'b' => 'в',
        'c' | 'ϲ' => 'с',
        'e' | 'ε' => 'е',
        'h' => 'н',
        'k' | 'κ' => 'к',
        'm' => 'м',
        'o' | 'ο' => 'о',
        'p' | 'ρ' => 'р',
        't' | 'τ' => 'т',
        'x' | 'χ' => 'х',
        'y' | 'υ' => 'у',
        'i' | 'ι' => 'і',
        _ => return None,
    })
}

/// The Latin letter that a Cyrillic or Greek one imitates, both lower case.
fn latin_twin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'е' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'у' | 'υ' => 'y',
        'х' | 'χ' => 'x',
        'ԁ' => 'd',
        'ԛ' => 'q',
        'ԝ' => 'w',
        'ν' => 'v',
        _ => return None,
    })
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}')
}

/// Appends the folded form of `word` to `out`.
pub fn fold_word(word: &str, out: &mut String) -> Folded {
    if word.is_ascii() {
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
            'æ' => out.push_str("ae"),
            _ => out.push(c),
        }
    }
    if other {
        out.truncate(at);
        return fold_slowly(word, out);
    }
    if latin > 0 && cyrillic > 0 {
        let mixed = out.split_off(at);
        return Folded { look_alike: unmix(&mixed, out), ..Folded::default() };
    }
    Folded::default()
}

/// The path for words with marks, hidden, styled or rare characters.
fn fold_slowly(word: &str, out: &mut String) -> Folded {
    let mut folded = Folded::default();
    let plain: String = word
        .chars()
        .filter(|c| {
            let hidden = is_hidden(*c);
            folded.hidden |= hidden;
            !hidden && !matches!(c, '\u{fe00}'..='\u{fe0f}')
        })
        .map(|c| {
            if is_styled(c) {
                folded.styled = true;
                unstyle(c)
            } else {
                c
            }
        })
        .collect();
    let mut lower = String::with_capacity(plain.len());
    for c in plain.nfc() {
        for c in c.to_lowercase() {
            match c {
                'ё' => lower.push('е'),
                'œ' => lower.push_str("oe"),
                'æ' => lower.push_str("ae"),
                'ĳ' => lower.push_str("ij"),
                'ﬁ' => lower.push_str("fi"),
                'ﬂ' => lower.push_str("fl"),
                '’' | 'ʼ' | '‘' | '`' | '´' => lower.push('\''),
                c if is_combining(c) => {}
                c => lower.push(c),
            }
        }
    }
    let scripts = lower.chars().fold((false, false), |(cyrillic, other), c| {
        (cyrillic | is_cyrillic(c), other | c.is_ascii_lowercase() | is_greek(c))
    });
    if scripts == (true, true) || (lower.chars().any(is_greek) && lower.chars().any(|c| c.is_ascii_lowercase())) {
        folded.look_alike = unmix(&lower, out);
    } else {
        out.push_str(&lower);
    }
    folded
}

/// Writes a word of mixed scripts in the script most of its letters can only belong to. Says whether it changed one.
fn unmix(word: &str, out: &mut String) -> bool {
    let only_cyrillic = word.chars().filter(|c| is_cyrillic(*c) && latin_twin(*c).is_none()).count();
    let only_latin = word.chars().filter(|c| c.is_ascii_lowercase() && cyrillic_twin(*c).is_none()).count();
    let cyrillic = word.chars().filter(|c| is_cyrillic(*c)).count();
    let latin = word.chars().filter(|c| c.is_ascii_lowercase()).count();
    if only_cyrillic > 0 && only_latin > 0 {
        out.push_str(word); // a compound such as "IT-отдел": nobody imitates anything
        return false;
    }
    let to_cyrillic = only_cyrillic > 0 || (only_latin == 0 && cyrillic >= latin);
    for c in word.chars() {
        let twin = if to_cyrillic { cyrillic_twin(c) } else { latin_twin(c) };
        out.push(twin.unwrap_or(c));
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
            ("ПРОЕКТ", "проект"),
            ("l’", "l'"),
        ] {
            assert_eq!(folded(written), form, "{written}");
        }
    }
}
