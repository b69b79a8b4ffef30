//! Words in disguise: digits and signs for letters (`1d10t`), letters one by one (`i d i o t`, `i.d.i.o.t`), a whole word
//! in look-alikes of another script, accents where the language has none.
//!
//! Only a form that the language's rules know is taken for the word meant, so that `B2B`, `A. B. C.` and `log4j` stay what
//! they are. Look-alikes within a word, marks and styled letters are folded before, without a vocabulary.

use crate::finding::Language;
use crate::pack::Lexis;
use crate::text::fold;
use crate::text::tokenize::{Token, TokenKind, Tokens, flag};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// The longest word that is looked for behind digits and signs, in characters.
const MAX_SPELLED: usize = 24;
/// The longest run of single letters that is looked at, in letters.
const MAX_RUN: usize = 64;
/// How many readings of one spelling are tried.
const MAX_READINGS: usize = 64;

/// Tokens that are one word in disguise.
struct Found {
    tokens: Range<usize>,
    word: String,
    flags: u16,
}

/// Puts the word meant in place of its disguise. Offsets still cover the disguise.
pub fn uncover(tokens: &mut Tokens, text: &str, lexis: &Lexis<'_>, language: Language) {
    let mut found = Vec::new();
    let reader = Reader { tokens, text, lexis, language };
    let mut at = 0;
    while at < tokens.list.len() {
        let (end, here) = reader.look(at);
        found.extend(here);
        at = end.max(at + 1);
    }
    if !found.is_empty() {
        replace(tokens, found);
    }
}

fn replace(tokens: &mut Tokens, found: Vec<Found>) {
    let mut list = Vec::with_capacity(tokens.list.len());
    let mut at = 0;
    for Found { tokens: range, word, flags } in found {
        list.extend_from_slice(&tokens.list[at..range.start]);
        let (first, last) = (tokens.list[range.start], tokens.list[range.end - 1]);
        let fold = tokens.folded.len() as u32;
        tokens.folded.push_str(&word);
        list.push(Token {
            end: last.end,
            fold,
            fold_len: word.len() as u16,
            flags: first.flags & !flag::SINGLE & !flag::CAMEL | flags,
            kind: TokenKind::Word,
            mark: '\0',
            ..first
        });
        at = range.end;
    }
    list.extend_from_slice(&tokens.list[at..]);
    tokens.list = list;
}

struct Reader<'r> {
    tokens: &'r Tokens,
    text: &'r str,
    lexis: &'r Lexis<'r>,
    language: Language,
}

impl Reader<'_> {
    /// Looks at the token at `at`; gives where to go on, and what was found.
    fn look(&self, at: usize) -> (usize, Vec<Found>) {
        let token = &self.tokens.list[at];
        let (end, odd) = self.chain(at);
        if odd && token.kind != TokenKind::Mention {
            if let Some(found) = self.spelled(at..end) {
                return (end, vec![found]);
            }
        }
        if token.kind == TokenKind::Word {
            if token.has(flag::SINGLE) && !token.has(flag::HYPHEN_BEFORE) {
                let run = self.run(at);
                if run.len() >= 4 {
                    let end = run.last().map_or(at, |i| i + 1);
                    return (end, self.one_by_one(&run));
                }
            }
            if let Some((word, flags)) = self.foreign(token) {
                return (at + 1, vec![Found { tokens: at..at + 1, word, flags }]);
            }
        }
        (at + 1, Vec::new())
    }

    /// Whether rules of the language know the word, or a stem of four letters and more with a short ending.
    fn knows_well(&self, word: &str) -> bool {
        let ending = || {
            // no word holds a NUL: what is found nevertheless is a stem
            let ends = word.char_indices().map(|(i, _)| i).chain([word.len()]).skip(4);
            let stem = ends.clone().find(|end| self.lexis.knows(&format!("{}\0", &word[..*end]), true));
            stem.is_some_and(|end| word[end..].chars().count() <= 3)
        };
        self.lexis.knows(word, false) || self.lexis.knows(word, true) && ending()
    }

    fn raw(&self, token: &Token) -> &str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// Where a stretch of words, short numbers and signs without any space ends, and whether a word may hide in it.
    fn chain(&self, at: usize) -> (usize, bool) {
        let list = &self.tokens.list;
        let mut end = at;
        let mut odd = false;
        while let Some(token) = list.get(end) {
            let glued = end == at
                || token.start == list[end - 1].end
                    && !token.has(flag::SPACE_BEFORE)
                    && !token.has(flag::HYPHEN_BEFORE);
            let (fits, is_odd) = match token.kind {
                TokenKind::Word => (true, token.has(flag::CAMEL)),
                TokenKind::Number => (token.fold_len <= 2, true),
                TokenKind::Symbol => (is_sign(self.raw(token)), true),
                TokenKind::Mark => (matches!(token.mark, '!' | '('), true),
                TokenKind::Mention => (end > at, true),
                _ => (false, false),
            };
            if !glued || !fits || end - at >= MAX_SPELLED {
                break;
            }
            odd |= is_odd;
            end += 1;
        }
        // a mark behind the last letter ends a sentence
        while end > at + 1 && list[end - 1].kind == TokenKind::Mark {
            end -= 1;
        }
        let alone = end == at + 1 && (list[at].kind != TokenKind::Word || !list[at].has(flag::CAMEL));
        (end, odd && end > at && !alone)
    }

    /// The word behind digits and signs.
    fn spelled(&self, range: Range<usize>) -> Option<Found> {
        let mut signs = String::new();
        for token in &self.tokens.list[range.clone()] {
            match token.kind {
                TokenKind::Word | TokenKind::Number => signs.push_str(self.tokens.folded(token)),
                _ => signs.push_str(&self.raw(token).to_lowercase()),
            }
        }
        let count = signs.chars().count();
        let letters = signs.chars().filter(|c| c.is_alphabetic()).count();
        if !(4..=MAX_SPELLED).contains(&count) || letters == 0 || letters == count {
            return None;
        }
        let mut readings = vec![String::new()];
        for c in signs.chars() {
            let options = self.readings(c);
            if options.is_empty() {
                if !c.is_alphabetic() {
                    return None;
                }
                readings.iter_mut().for_each(|r| r.push(c));
                continue;
            }
            if readings.len() * options.chars().count() > MAX_READINGS {
                return None;
            }
            readings = readings.iter().flat_map(|r| options.chars().map(move |o| format!("{r}{o}"))).collect();
        }
        let word =
            readings.iter().find(|r| self.lexis.knows(r, false)).or(readings.iter().find(|r| self.knows_well(r)))?;
        Some(Found { tokens: range, word: word.clone(), flags: flag::SPELLED })
    }

    /// The letters that a digit or sign is written for.
    fn readings(&self, c: char) -> &'static str {
        let cyrillic = self.language == Language::Ru;
        if self.language == Language::Fr {
            match c {
                '3' => return "eéèê",
                '0' => return "oô",
                '(' => return "cç",
                _ => {}
            }
        }
        match (c, cyrillic) {
            ('0', false) => "o",
            ('1' | '!' | '|', false) => "il",
            ('3', false) => "e",
            ('4' | '@', false) => "a",
            ('5' | '$', false) => "s",
            ('7' | '+', false) => "t",
            ('8', false) => "b",
            ('9', false) => "g",
            ('(', false) => "c",
            ('*', false) => "aeiouy",
            ('0', true) => "о",
            ('3', true) => "зе",
            ('4', true) => "ча",
            ('@', true) => "а",
            ('6', true) => "б",
            ('8', true) => "в",
            ('1' | '!' | '|', true) => "ил",
            ('$', true) => "с",
            ('7' | '+', true) => "т",
            ('(', true) => "с",
            ('*', true) => "аеиоуыэюя",
            _ => "",
        }
    }

    /// Single letters (and digits for letters) one after the other, always the same gap between them.
    fn run(&self, at: usize) -> Vec<usize> {
        let list = &self.tokens.list;
        let mut run = vec![at];
        let mut gap: Option<&str> = None;
        while run.len() < MAX_RUN {
            let last = &list[run[run.len() - 1]];
            let mut next = run[run.len() - 1] + 1;
            let single = |t: &Token| match t.kind {
                TokenKind::Word => t.has(flag::SINGLE),
                TokenKind::Number => t.fold_len == 1,
                _ => false,
            };
            while list.get(next).is_some_and(|t| matches!(t.kind, TokenKind::Mark | TokenKind::Symbol) && !single(t)) {
                next += 1;
                if next - run[run.len() - 1] > 4 {
                    return run;
                }
            }
            let Some(token) = list.get(next).filter(|t| single(t)) else { break };
            let between = &self.text[last.end as usize..token.start as usize];
            let is_gap = !between.is_empty()
                && between.len() <= 6
                && between
                    .chars()
                    .all(|c| matches!(c, ' ' | '\u{a0}' | '.' | '-' | '_' | '*' | '·' | '|' | '/' | ',' | '+'));
            if !is_gap || gap.is_some_and(|g| g != between) {
                break;
            }
            gap = Some(between);
            run.push(next);
        }
        run
    }

    /// The words that letters one by one spell: all of them together, else the longest known ones.
    fn one_by_one(&self, run: &[usize]) -> Vec<Found> {
        let mut letters = String::new();
        let mut ends = vec![0];
        for i in run {
            let c = self.tokens.folded(&self.tokens.list[*i]).chars().next().unwrap_or(' ');
            letters.push(if c.is_alphabetic() { c } else { self.readings(c).chars().next().unwrap_or(c) });
            ends.push(letters.len());
        }
        let found = |from: usize, to: usize| Found {
            tokens: run[from]..run[to - 1] + 1,
            word: letters[ends[from]..ends[to]].to_owned(),
            flags: flag::SPELLED,
        };
        let count = run.len();
        if count <= MAX_SPELLED && self.knows_well(&letters) {
            return vec![found(0, count)];
        }
        let mut all = Vec::new();
        let mut from = 0;
        while from + 4 <= count {
            let mut longest = (from + 4..=count.min(from + MAX_SPELLED)).rev();
            match longest.find(|to| self.lexis.knows(&letters[ends[from]..ends[*to]], false)) {
                Some(to) => {
                    all.push(found(from, to));
                    from = to;
                }
                None => from += 1,
            }
        }
        all
    }

    /// A word in look-alikes of another script, or with accents that the language does not write.
    fn foreign(&self, token: &Token) -> Option<(String, u16)> {
        let word = self.tokens.folded(token);
        let cyrillic = self.language == Language::Ru;
        if word.is_ascii() != cyrillic || token.fold_len > 48 {
            return None;
        }
        if self.lexis.knows(word, true) {
            return None;
        }
        if let Some(twin) = fold::in_script(self.raw(token), cyrillic).filter(|t| self.lexis.knows(t, false)) {
            // a single letter of the wrong keyboard is a slip, not a disguise
            let flags = if token.has(flag::SINGLE) { 0 } else { flag::LOOK_ALIKE };
            return Some((twin, flags));
        }
        if matches!(self.language, Language::En | Language::Nl) {
            let plain: String = word.nfd().filter(|c| !fold::is_combining(*c)).collect();
            return (plain != word && self.lexis.knows(&plain, true)).then_some((plain, 0));
        }
        None
    }
}

fn is_sign(text: &str) -> bool {
    matches!(fold::narrow(text.chars().next().unwrap_or(' ')), '@' | '$' | '*' | '|' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Pack;
    use crate::text::tokenize::tokenize;

    fn words(text: &str, language: Language) -> String {
        let mut tokens = Tokens::default();
        tokenize(text, &mut tokens);
        uncover(&mut tokens, text, &Pack::embedded().lexis(language), language);
        let shown =
            |t: &Token| if t.kind == TokenKind::Mark { t.mark.to_string() } else { tokens.folded(t).to_owned() };
        tokens.list.iter().map(shown).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn known_words_come_out() {
        for (language, text, expected) in [
            (Language::En, "you 1d10t", "you|idiot"),
            (Language::En, "an id!ot!", "an|idiot|!"),
            (Language::En, "an !d1ot.", "an|idiot|."),
            (Language::En, "i d i o t, i.d.i.o.t or i-d-i-o-t", "idiot|,|idiot|or|idiot"),
            (Language::En, "an id*ot", "an|idiot"),
            (Language::En, "іdіоt аnd оссаѕіоn", "idiot|and|occasion"),
            (Language::En, "an 1d107", "an|idiot"),
            (Language::Nl, "een 1d100", "een|1|d100"),
            (Language::En, "bу thе tор", "by|the|top"),
            (Language::Fr, "un 1mbéc1le", "un|imbécile"),
            (Language::Ru, "ты дур4к, и д и о т", "ты|дурак|,|идиот"),
            (Language::Ru, "дyp@к", "дурак"),
        ] {
            assert_eq!(words(text, language), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_disguise_stays() {
        for text in [
            "B2B and H1 and log4j",
            "A. B. C. D. and a, b, c, d",
            "covid19 at 10x in Q3",
            "R&D (h) + 3 points!",
            "1st or 2nd",
        ] {
            let mut tokens = Tokens::default();
            tokenize(text, &mut tokens);
            let before = tokens.list.len();
            uncover(&mut tokens, text, &Pack::embedded().lexis(Language::En), Language::En);
            assert!(tokens.list.iter().all(|t| !t.has(flag::SPELLED)) && tokens.list.len() == before, "{text}");
        }
    }
}
