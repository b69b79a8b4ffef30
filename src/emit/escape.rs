//! What a draft's words may do to a terminal or a log: nothing. Control, bidirectional and invisible characters are
//! shown as `\u{…}`; personal data and secrets are masked.

use crate::finding::{Ask, Category, Family};
use crate::pack::Rule;
use crate::span::Span;
use std::borrow::Cow;

/// Whether a character is shown as its number: controls, bidirectional marks, invisible characters, noncharacters.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a hidden character between these two only joins an emoji sequence, and so is meant to be seen.
fn joins(previous: Option<char>, next: Option<char>) -> bool {
    let pictured = |c: Option<char>| {
        c.is_some_and(|c| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}'))
    };
    pictured(previous) && pictured(next)
}

/// The text on one line, with nothing in it that a terminal would obey or a reader not see.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut previous = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\t' | '\r' => out.push(' '),
            '\u{200d}' if joins(previous, chars.peek().copied()) => out.push(c),
            c if is_hidden(c) => {
                use std::fmt::Write;
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
        previous = Some(c);
    }
    Cow::Owned(out)
}

/// Whether what a rule finds is never shown: personal data, secrets, registered terms.
pub fn is_masked(rule: Rule<'_>) -> bool {
    let secret =
        rule.family() == Family::Disclosure && rule.ask().contains(&Ask::Security) && rule.detector().is_some();
    rule.category() == Category::PersonalData
        || secret
        || matches!(rule.slug(), "registered-term" | "embargoed-term" | "release-due")
}

/// The mark that stands for a character that is not shown.
pub const MASK: char = '•';

/// A stretch of the text with every masked span in it replaced, a mark for each character.
pub fn masked<'t>(text: &'t str, span: Span, masks: &[Span]) -> Cow<'t, str> {
    let words = &text[span.start..span.end];
    if !masks.iter().any(|m| m.overlaps(&span)) {
        return Cow::Borrowed(words);
    }
    let hide = |i: usize| masks.iter().any(|m| m.start <= span.start + i && span.start + i < m.end);
    Cow::Owned(words.char_indices().map(|(i, c)| if hide(i) && !matches!(c, '\n' | '\r') { MASK } else { c }).collect())
}

/// JSON as it is sent: what a terminal obeys or a reader does not see stands as `\\u` and four digits, as it may in any
/// string; outside strings JSON holds nothing of the kind. Looks at the bytes from `from` on.
pub fn json(bytes: &mut Vec<u8>, from: usize) {
    if bytes[from..].iter().all(|b| *b < 0x7f) {
        return;
    }
    let Ok(text) = std::str::from_utf8(&bytes[from..]) else { return };
    let obeyed = |c: char| is_hidden(c) && c != '\n';
    if !text.contains(obeyed) {
        return;
    }
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len() + 32);
    for c in text.chars() {
        if obeyed(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    bytes.truncate(from);
    bytes.extend_from_slice(out.as_bytes());
}

/// Whether words of a rule may be shown as they are.
pub fn is_printable(text: &str) -> bool {
    !text.contains(|c| is_hidden(c) && !matches!(c, '\n' | '\t' | '\u{ad}' | '\u{200d}'))
}

/// Text inside XML: markup escaped, characters XML does not allow shown as numbers.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_obeys() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("x\u{202e}y\u{200b}z"), "x\\u{202e}y\\u{200b}z");
        assert_eq!(visible("line\r\nline\tend"), "line line end");
        assert_eq!(visible("👩\u{200d}💻 Счёт 1\u{a0}200"), "👩\u{200d}💻 Счёт 1\u{a0}200");
    }

    #[test]
    fn json_says_the_same_in_sight() {
        let value = serde_json::json!({ "ключ": "a\u{1b}\u{9b}\u{202e}\u{e0041}\u{7f} é" });
        let mut bytes = b"kept ".to_vec();
        serde_json::to_writer(&mut bytes, &value).unwrap();
        json(&mut bytes, 5);
        let text = std::str::from_utf8(&bytes[5..]).unwrap();
        assert_eq!(text, "{\"ключ\":\"a\\u001b\\u009b\\u202e\\udb40\\udc41\\u007f é\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(text).unwrap(), value);
    }

    #[test]
    fn masks_keep_the_count_of_characters() {
        let text = "an Пётр: p@x.io now";
        let span = Span::new(text.find("p@").unwrap(), text.find(" now").unwrap());
        assert_eq!(masked(text, Span::new(0, text.len()), &[span]), "an Пётр: •••••• now");
        assert_eq!(masked(text, Span::new(0, 2), &[span]), "an");
    }
}
