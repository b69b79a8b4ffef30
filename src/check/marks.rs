//! Signs that break: hashtags cut by a space or a sign, words with hidden or borrowed letters.

use crate::text::fold;
use std::ops::Range;

/// Hashtags between `from` and `to` that a space (`# tag`) or a sign (`#R&D`, `#l'avenir`) ends too early. A `#` at the
/// start of a line is a heading, `# 5` a number.
pub(super) fn broken_tags(text: &str, from: usize, to: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let stretch = &text[from.min(to)..to];
    if !stretch.contains('#') {
        return found;
    }
    for (at, _) in stretch.match_indices('#') {
        let at = from + at;
        let mut before = text[..at].chars().rev().take_while(|c| *c != '\n').peekable();
        if before.peek().is_some_and(|c| !c.is_whitespace()) {
            continue;
        }
        let tail = &text[at + 1..];
        if let Some(word) = tail.strip_prefix([' ', '\u{a0}']) {
            // C # and F # are languages; "# one" is a place in a ranking
            let mut word_before = before.skip_while(|c| c.is_whitespace()).take_while(|c| !c.is_whitespace());
            let letters = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
            let is_word = word.starts_with(char::is_alphabetic) && letters > 0;
            let ranked = matches!(word[..letters].to_lowercase().as_str(), "one" | "un" | "een" | "один");
            if word_before.nth(1).is_some() && is_word && !ranked {
                let gap = tail.len() - word.len();
                found.push(at..at + 1 + gap + letters);
            }
            continue;
        }
        let name = tail.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tail.len());
        let mut rest = tail[name..].chars();
        let sign = rest.next();
        let goes_on = rest.next().is_some_and(char::is_alphabetic);
        let short = tail[..name].chars().count();
        let cut = match sign {
            Some('&') => (1..=3).contains(&short),
            // the name's genitive comes behind a longer name: #Apple's
            Some('\'' | '\u{2019}') => (1..=2).contains(&short),
            _ => false,
        };
        if cut && goes_on && tail.starts_with(char::is_alphabetic) {
            let sign = sign.map_or(0, char::len_utf8);
            let word = tail[name + sign..].find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len() - name - sign);
            found.push(at..at + 1 + name + sign + word);
        }
    }
    found
}

/// The word without hidden characters and with the letters of its own script, `folded` telling which; none where the two
/// do not lie side by side.
pub(super) fn plain(raw: &str, folded: &str) -> Option<String> {
    let seen: Vec<char> = raw.chars().filter(|c| !fold::is_hidden(*c)).collect();
    let own: Vec<char> = folded.chars().collect();
    if seen.len() != own.len() {
        return None;
    }
    let borrowed = |a: char, b: char| a.is_alphabetic() && b.is_alphabetic() && a.is_ascii() != b.is_ascii();
    let mut out = String::with_capacity(raw.len());
    for (seen, own) in seen.into_iter().zip(own) {
        match (borrowed(seen, own), seen.is_uppercase()) {
            (false, _) => out.push(seen),
            (true, false) => out.push(own),
            (true, true) => out.extend(own.to_uppercase()),
        }
    }
    (out != raw).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> Vec<&str> {
        broken_tags(text, 0, text.len()).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn tags_that_break() {
        assert_eq!(broken("Our app is here. # best app"), ["# best"]);
        assert_eq!(broken("Le futur. #R&D #l’avenir #Gand"), ["#R&D", "#l’avenir"]);
        assert_eq!(broken("Мы открылись # верфь"), ["# верфь"]);
        for fine in [
            "# A heading",
            "Text\n# A heading",
            "Item # 5 and C # code",
            "We are # one here",
            "#Apple's day, #MeToo-debat, #covid, a#b",
            "Tags: #one #two",
            "Ends with #",
        ] {
            assert_eq!(broken(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn words_made_plain() {
        assert_eq!(plain("Прo\u{200b}eкт", "проект").as_deref(), Some("Проект"));
        assert_eq!(plain("Cбор", "сбор").as_deref(), Some("Сбор"));
        assert_eq!(plain("gro\u{200b}wth", "growth").as_deref(), Some("growth"));
        assert_eq!(plain("growth", "growth"), None);
        assert_eq!(plain("cœ\u{200b}ur", "coeur"), None);
    }
}
