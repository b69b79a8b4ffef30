//! A text as detectors read it: plain spaces, composed letters, digits and signs of plain width, nothing invisible; and
//! the way back to its own offsets.

use super::fold;
use unicode_normalization::UnicodeNormalization;

/// The plain text of another one.
pub struct PlainText {
    /// With plain spaces, letters and digits.
    pub text: String,
    changes: Vec<Change>,
}

/// Where the plain text goes on behind something that has another length in the source.
struct Change {
    at: usize,
    /// How many bytes longer the source is up to here.
    longer: isize,
    /// Nothing was left of it: a stretch that ends here does not hold it.
    dropped: bool,
}

impl PlainText {
    /// `None` for texts that are plain already.
    pub fn of(text: &str) -> Option<Self> {
        let is_wide = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' | '\u{3000}');
        let is_dressed = |c: char| fold::is_styled(c) || fold::narrow(c) != c;
        let is_hidden =
            |c: char| fold::is_hidden(c) || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}');
        let is_special = |c| is_wide(c) || fold::is_combining(c) || is_hidden(c) || is_dressed(c);
        if !may_be_special(text) || !text.contains(is_special) {
            return None;
        }
        let mut plain = Self { text: String::with_capacity(text.len()), changes: Vec::new() };
        let mut longer = 0isize;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let marks: usize =
                rest[c.len_utf8()..].chars().take_while(|c| fold::is_combining(*c)).map(char::len_utf8).sum();
            let (cluster, after) = rest.split_at(c.len_utf8() + marks);
            let before = plain.text.len();
            // one character for each: a stretch of the plain text ends where characters of the source end
            if is_hidden(c) {
                // nothing is left of it
            } else if is_wide(c) {
                plain.text.push(' ');
            } else if fold::narrow(c) != c {
                plain.text.push(fold::narrow(c));
            } else if fold::is_styled(c) {
                let mut letters = String::new();
                fold::unstyle(c, &mut letters);
                plain.text.push(letters.chars().next().unwrap_or(c));
            } else {
                plain.text.push(cluster.nfc().next().unwrap_or(c));
            }
            let difference = cluster.len() as isize - (plain.text.len() - before) as isize;
            if difference != 0 {
                longer += difference;
                plain.changes.push(Change { at: plain.text.len(), longer, dropped: plain.text.len() == before });
            }
            rest = after;
        }
        Some(plain)
    }

    /// Where a stretch that begins at `at` begins in the source.
    pub fn source_start(&self, at: usize) -> usize {
        let before = self.changes.partition_point(|c| c.at <= at);
        self.source(at, before)
    }

    /// Where a stretch that ends before `at` ends in the source.
    pub fn source_end(&self, at: usize) -> usize {
        let before = self.changes.partition_point(|c| c.at < at || c.at == at && !c.dropped);
        self.source(at, before)
    }

    fn source(&self, at: usize, before: usize) -> usize {
        at.saturating_add_signed(before.checked_sub(1).map_or(0, |i| self.changes[i].longer))
    }
}

/// Whether a text holds any byte that ordinary prose of the four languages does without: no means surely plain.
fn may_be_special(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let (is_ordinary, width) = match first {
            b'\t' | b'\n' | b'\r' | 0x0c | b' '..=b'~' => (true, 1),
            // Latin letters with accents; Cyrillic up to its combining marks
            0xc3 | 0xd0 | 0xd1 => (true, 2),
            // signs of Latin-1 from the inverted exclamation mark on, but the soft hyphen
            0xc2 => (matches!(rest.first(), Some(0xa1..=0xac | 0xae..=0xbf)), 2),
            // dashes, quotation marks, bullet, ellipsis; the euro sign
            0xe2 => (matches!(rest, [0x80, 0x92..=0x9f | 0xa0..=0xa2 | 0xa6, ..] | [0x82, 0xac, ..]), 3),
            _ => (false, 1),
        };
        if !is_ordinary {
            return true;
        }
        bytes = bytes.get(width..).unwrap_or(&[]);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_prose_is_surely_plain() {
        let special = |c: char| {
            matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' | '\u{3000}')
                || fold::is_combining(c)
                || fold::is_styled(c)
                || fold::narrow(c) != c
                || fold::is_hidden(c)
                || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')
        };
        for c in ('\0'..=char::MAX).filter(|c| special(*c)) {
            assert!(may_be_special(&format!("a{c}b")), "{c:?}");
        }
        for text in ["Élan, «ça» — 1 €… l’avenir", "Ёлка, съёмка №", "naïef – “ja” • ok"]
        {
            assert!(!may_be_special(&text.replace('№', "")), "{text}");
        }
    }

    #[test]
    fn offsets_lead_back() {
        let text = "an jan\u{200b}@exa\u{ad}mple.org\u{200b}, ０６ １２";
        let plain = PlainText::of(text).unwrap();
        assert_eq!(plain.text, "an jan@example.org, 06 12");
        let (from, to) = (3, plain.text.find(',').unwrap());
        let source = &text[plain.source_start(from)..plain.source_end(to)];
        assert_eq!(source, "jan\u{200b}@exa\u{ad}mple.org");
        assert!(PlainText::of("Élan, 1 200 €").is_none());
        let text = "e\u{301}té\u{a0}!";
        let plain = PlainText::of(text).unwrap();
        assert_eq!((plain.text.as_str(), plain.source_end(2)), ("été !", 3));
    }
}
