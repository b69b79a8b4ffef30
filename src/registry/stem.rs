//! Light stems: the forms that a word of a term may have been inflected from.
//!
//! A term and a draft name the same word when they share a stem. Which ending belongs to a name is not known (`Енисея` is
//! `Енисе` + `я` or `Енис` + `ея`), so each word has several candidate stems, and one in common is enough. A Latin word does
//! not tell its language: the endings of English, French and Dutch nouns are cut alike.

/// Endings of Russian nouns and adjectives, and of surnames and places in -ов, -ин, -ск.
const RUSSIAN: &[&str] = &[
    "а", "я", "о", "е", "у", "ю", "ы", "и", "й", "ь", "ам", "ям", "ах", "ях", "ов", "ев", "ей", "ой", "ом", "ем", "ою",
    "ею", "ью", "ами", "ями", "ия", "ии", "ию", "ий", "ие", "ием", "ией", "иям", "иях", "иями", "ья", "ье", "ьи",
    "ьев", "ьям", "ьями", "ьях", "ем", "ья", "ея", "ый", "ая", "яя", "ое", "ее", "ые", "ого", "его", "ому", "ему",
    "ым", "им", "ую", "юю", "ых", "их", "ыми", "ими",
];
/// Endings of nouns and adjectives in English, French and Dutch.
const LATIN: &[&str] = &["s", "es", "e", "en", "n", "x", "nes", "ne", "se", "le", "les"];

/// Letters that a Russian stem keeps at the least.
const LEAST_RUSSIAN: usize = 3;
/// Letters that a Latin stem keeps at the least: its words are shorter and its endings say less.
const LEAST_LATIN: usize = 4;

fn is_cyrillic(word: &str) -> bool {
    word.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}'))
}

/// Fills `out` with the candidate stems of a folded word, the word itself first, the shortest last.
pub fn candidates<'w>(word: &'w str, out: &mut Vec<&'w str>) {
    out.clear();
    out.push(word);
    if !word.chars().all(char::is_alphabetic) {
        return;
    }
    let (endings, least) = if is_cyrillic(word) { (RUSSIAN, LEAST_RUSSIAN) } else { (LATIN, LEAST_LATIN) };
    let letters = word.chars().count();
    for ending in endings {
        if let Some(stem) = word.strip_suffix(ending) {
            let long_enough = letters >= least + ending.chars().count() || (*ending == "s" && letters > 3);
            if long_enough && !out.contains(&stem) {
                out.push(stem);
            }
        }
    }
    out[1..].sort_by_key(|s| std::cmp::Reverse(s.len()));
}

/// The stem without its fleeting vowel (`ветер`, `ветра`; `орёл`, `орла`; `палец`, `пальца`): forms that only the full
/// word can give, so that they are looked for when a term is registered and not in every draft.
pub fn without_fleeting_vowel(word: &str) -> Vec<String> {
    if !is_cyrillic(word) {
        return Vec::new();
    }
    let letters: Vec<char> = word.chars().collect();
    let Some(n) = letters.len().checked_sub(2).filter(|n| *n >= 1) else { return Vec::new() };
    let vowel = |c: char| "аеиоуыэюя".contains(c);
    if !matches!(letters[n], 'о' | 'е') || vowel(letters[n + 1]) || matches!(letters[n + 1], 'й' | 'ь') {
        return Vec::new();
    }
    let join = |middle: &str| letters[..n].iter().collect::<String>() + middle + &letters[n + 1].to_string();
    let mut forms = Vec::new();
    if vowel(letters[n - 1]) {
        forms.push(join("й")); // заем, займа
    } else {
        forms.push(join(""));
        forms.push(join("ь")); // лев, льва
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(a: &str, b: &str) -> bool {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        candidates(a, &mut x);
        candidates(b, &mut y);
        let fleeting = without_fleeting_vowel(a);
        x.iter().any(|s| y.contains(s)) || fleeting.iter().any(|s| y.contains(&s.as_str()))
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            "аврора авроры авроре аврору авророй авророю",
            "енисей енисея енисею енисеем енисее",
            "сокол сокола соколу соколом соколе соколы соколов соколами",
            "северный северного северному северным северном северная северной северную северное северные северных северными",
            "ветер ветра ветру ветром ветре",
            "орел орла орлу орлом",
            "лев льва льву львом",
            "палец пальца пальцем",
            "иволга иволги иволгу иволгой иволге",
            "россия россии россию россией",
            "синий синего синему синим синяя синюю",
            "петров петрова петрову петровым петрове",
            "море моря морю морем морей",
            "казань казани казанью",
            "тополь тополя тополем",
            "предприятие предприятия предприятием предприятий",
            "заем займа займу",
            "falcon falcons",
            "phare phares",
            "wilgenroos wilgenroosen",
            "oiseau oiseaux",
            "alisier alisiers",
            "boot booten",
            "bode boden",
            "grand grande grandes",
            "glass glasses",
            "élan élans",
            "bon bons",
        ] {
            let all: Vec<&str> = forms.split(' ').collect();
            for form in &all[1..] {
                assert!(share(all[0], form), "{} {form}", all[0]);
            }
        }
    }

    #[test]
    fn other_words_do_not() {
        for (a, b) in [
            ("сокол", "сокольники"),
            ("марс", "марсель"),
            ("кедр", "кедровка"),
            ("мир", "мироздание"),
            ("falcon", "falconry"),
            ("lane", "lan"),
            ("stone", "stony"),
            ("phare", "pharmacie"),
            ("7", "77"),
            ("q3", "q4"),
            ("аврора", "автор"),
            ("роза", "розыск"),
            ("atlas", "atlantic"),
            ("mars", "march"),
        ] {
            assert!(!share(a, b), "{a} {b}");
        }
    }
}
