//! What a draft says of itself between `---` lines (a subset of YAML) or `+++` lines (TOML).
//!
//! The YAML subset is what people write in front matter: `key: value`, quoted strings, lists in both styles, block
//! scalars. It is read without recursion, so depth costs nothing; nested mappings of other tools are kept as text.

use crate::date::Date;
use crate::span::Span;
use std::collections::BTreeMap;
use std::ops::Range;

/// Front matter longer than this is not looked for: what follows is body text.
const MAX_FRONT_MATTER_BYTES: usize = 64 << 10;

/// The kinds of post a draft can be.
pub const KINDS: &[&str] =
    &["post", "reply", "reshare", "crisis", "announcement", "statement", "decision", "question", "promo", "notice"];

/// What a draft says of itself. Unknown kinds and impossible dates are kept as written and listed in `problems`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Where it will be posted.
    pub channel: Option<String>,
    /// Its language, as a tag.
    pub lang: Option<String>,
    /// The day it is dated.
    pub date: Option<String>,
    /// What kind of post it is; see [`KINDS`].
    pub kind: Option<String>,
    /// Who speaks.
    pub author: Option<String>,
    /// The account it is posted from.
    pub account: Option<String>,
    /// For whom it is meant.
    pub audience: Option<String>,
    /// What it is to achieve.
    pub goal: Option<String>,
    /// How one will know.
    pub measure: Option<String>,
    /// The post it answers.
    pub in_reply_to: Option<String>,
    /// Suppressions, as written, in the words of a directive.
    pub allow: Vec<(String, Span)>,
    /// Everything else.
    pub other: BTreeMap<String, String>,
    /// The whole of it, with its fences.
    pub span: Option<Span>,
    /// What is wrong with it; no message quotes a value.
    pub problems: Vec<(String, Span)>,
}

impl FrontMatter {
    /// Files a value under its key; a list becomes one value, except for `allow`.
    fn set(&mut self, key: &str, key_span: Span, values: Vec<(String, Span)>) {
        let known = key.to_ascii_lowercase().replace('-', "_");
        if known == "allow" {
            for (value, span) in values {
                if value.trim().is_empty() {
                    self.problems.push(("`allow` names no rule".to_owned(), span));
                } else {
                    self.allow.push((value, span));
                }
            }
            return;
        }
        let span = match (values.first(), values.last()) {
            (Some(first), Some(last)) => Span::new(first.1.start, last.1.end.max(first.1.start)),
            _ => key_span,
        };
        let value = values.into_iter().map(|(value, _)| value).collect::<Vec<_>>().join(", ");
        let slot = match known.as_str() {
            "channel" => &mut self.channel,
            "lang" => &mut self.lang,
            "date" => &mut self.date,
            "kind" => &mut self.kind,
            "author" => &mut self.author,
            "account" => &mut self.account,
            "audience" => &mut self.audience,
            "goal" => &mut self.goal,
            "measure" => &mut self.measure,
            "in_reply_to" => &mut self.in_reply_to,
            _ => {
                if self.other.insert(key.to_owned(), value).is_some() {
                    self.problems.push(("this key stands here twice; the last one counts".to_owned(), key_span));
                }
                return;
            }
        };
        if slot.is_some() {
            self.problems.push((format!("`{known}` stands here twice; the last one counts"), key_span));
        }
        let value = value.trim();
        if value.is_empty() || matches!(value, "~" | "null") {
            *slot = None;
            return;
        }
        *slot = Some(value.to_owned());
        match known.as_str() {
            "date" if Date::parse(value).is_none() => {
                self.problems.push(("`date` is no day of the calendar; write YYYY-MM-DD".to_owned(), span));
            }
            "kind" if !KINDS.contains(&value) => {
                self.problems.push((format!("`kind` is none of {}", KINDS.join(", ")), span));
            }
            "lang" if !language_tag(value) => {
                self.problems.push(("`lang` is no language tag; write en, fr, nl or ru".to_owned(), span));
            }
            _ => {}
        }
    }
}

/// `en`, `fr-CA`, `ru_RU`: the shape alone, since other languages get the language-neutral rules.
fn language_tag(value: &str) -> bool {
    let mut parts = value.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Reads the front matter at the head of `text`; returns it and where the body begins.
pub(super) fn read(text: &str) -> (FrontMatter, usize) {
    let mut matter = FrontMatter::default();
    let toml = match text.get(..3) {
        Some("---") => false,
        Some("+++") => true,
        _ => return (matter, 0),
    };
    let first = line_end(text, 0);
    if !text[3..first].trim().is_empty() {
        return (matter, 0);
    }
    let inner_start = next_line(text, first);
    let mut at = inner_start;
    let mut inner_end = None;
    let mut plausible = None;
    while at < text.len() && at <= MAX_FRONT_MATTER_BYTES {
        let end = line_end(text, at);
        let line = text[at..end].trim_end();
        if (toml && line == "+++") || (!toml && matches!(line, "---" | "...")) {
            inner_end = Some((at, next_line(text, end)));
            break;
        }
        let words = line.trim_start();
        if plausible.is_none() && !words.is_empty() && !words.starts_with('#') {
            // Prose between two rules is prose, not front matter: the first line decides.
            plausible = Some(if toml { toml_line(words) } else { yaml_key(line).is_some() });
            if plausible == Some(false) {
                return (matter, 0);
            }
        }
        at = next_line(text, end);
    }
    let Some((inner_end, body)) = inner_end else {
        if plausible == Some(true) {
            let message = "front matter begins here and is never closed (within 64 KiB); it is read as text";
            matter.problems.push((message.to_owned(), Span::new(0, first)));
        }
        return (matter, 0);
    };
    matter.span = Some(Span::new(0, body));
    if toml {
        read_toml(text, inner_start..inner_end, &mut matter);
    } else {
        read_yaml(text, inner_start..inner_end, &mut matter);
    }
    matter.problems.sort_by_key(|(_, span)| span.start);
    (matter, body)
}

/// The end of the line that begins at `at`, before its LF, CR or CR LF.
fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |i| at + i)
}

fn next_line(text: &str, end: usize) -> usize {
    match &text.as_bytes()[end..] {
        [b'\r', b'\n', ..] => end + 2,
        [_, ..] => end + 1,
        [] => end,
    }
}

/// The length of the key at the head of a line `key: value`.
fn yaml_key(line: &str) -> Option<usize> {
    let colon = line.find(':')?;
    let key = &line[..colon];
    let rest = &line[colon + 1..];
    let name = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        && key.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    (name && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(colon)
}

fn toml_line(line: &str) -> bool {
    line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| !key.trim().contains(char::is_whitespace))
}

/// A key whose value may go on in the lines below.
struct Open {
    key: Range<usize>,
    values: Vec<(String, Span)>,
    /// `|` keeps line ends, `>` makes them spaces.
    block: Option<char>,
    list: bool,
}

fn read_yaml(text: &str, inner: Range<usize>, matter: &mut FrontMatter) {
    let mut open: Option<Open> = None;
    let mut at = inner.start;
    while at < inner.end {
        let end = line_end(text, at);
        let line = &text[at..end];
        let start = at;
        at = next_line(text, end);
        let words = line.trim();
        if words.is_empty() {
            continue;
        }
        let words_at = start + (line.len() - line.trim_start().len());
        let in_block = open.as_ref().is_some_and(|o| o.block.is_some()) && words_at > start;
        if words.starts_with('#') && !in_block {
            continue;
        }
        if let Some(colon) = yaml_key(line) {
            if let Some(o) = open.take() {
                close(text, o, matter);
            }
            let mut entry = Open { key: start..start + colon, values: Vec::new(), block: None, list: false };
            let value = start + colon + 1..end;
            let raw = text[value.clone()].trim();
            if raw.starts_with('[') {
                let (values, after) = flow_list(text, value.start..inner.end, matter);
                entry.values = values;
                entry.list = true;
                if after > at {
                    at = next_line(text, line_end(text, after));
                }
            } else if matches!(raw.trim_end_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']), "|" | ">")
            {
                entry.block = raw.chars().next();
            } else if let Some(scalar) = scalar(text, value, matter) {
                entry.values.push(scalar);
            }
            open = Some(entry);
            continue;
        }
        let belongs = words_at > start || words == "-" || words.starts_with("- ");
        let Some(entry) = open.as_mut().filter(|_| belongs) else {
            let message = "this line is neither `key: value` nor part of one";
            matter.problems.push((message.to_owned(), Span::new(words_at, words_at + words.len())));
            continue;
        };
        let span = Span::new(words_at, words_at + words.len());
        if let Some(style) = entry.block {
            match entry.values.first_mut() {
                Some((value, whole)) => {
                    value.push(if style == '|' { '\n' } else { ' ' });
                    value.push_str(words);
                    whole.end = span.end;
                }
                None => entry.values.push((words.to_owned(), span)),
            }
        } else if (words == "-" || words.starts_with("- ")) && (entry.list || entry.values.is_empty()) {
            entry.list = true;
            match scalar(text, words_at + 1..end, matter) {
                Some(value) => entry.values.push(value),
                None => entry.values.push((String::new(), span)),
            }
        } else if let Some((value, whole)) = entry.values.last_mut() {
            // A plain scalar that goes on, or a nested mapping: kept as text.
            value.push(' ');
            value.push_str(words);
            whole.end = span.end;
        } else {
            entry.values.push((words.to_owned(), span));
        }
    }
    if let Some(o) = open {
        close(text, o, matter);
    }
}

fn close(text: &str, open: Open, matter: &mut FrontMatter) {
    let span = Span::new(open.key.start, open.key.end);
    matter.set(&text[open.key], span, open.values);
}

/// One value on one line: plain, 'single' or "double" quoted. `None` when nothing stands there.
fn scalar(text: &str, range: Range<usize>, matter: &mut FrontMatter) -> Option<(String, Span)> {
    let raw = &text[range.clone()];
    let start = range.start + (raw.len() - raw.trim_start().len());
    let raw = raw.trim();
    match raw.chars().next()? {
        '#' => None,
        quote @ ('"' | '\'') => {
            let (value, length) = match quoted(raw, quote) {
                Some(read) => read,
                None => {
                    let message = "this quotation mark is never closed";
                    matter.problems.push((message.to_owned(), Span::new(start, start + raw.len())));
                    (raw[1..].to_owned(), raw.len())
                }
            };
            let rest = raw[length..].trim_start();
            if !rest.is_empty() && !rest.starts_with('#') {
                let message = "words stand after the closing quotation mark; they are not read";
                matter.problems.push((message.to_owned(), Span::new(start + length, start + raw.len())));
            }
            Some((value, Span::new(start, start + length)))
        }
        _ => {
            let raw = raw.find(" #").map_or(raw, |i| raw[..i].trim_end());
            Some((raw.to_owned(), Span::new(start, start + raw.len())))
        }
    }
}

/// The value of a quoted scalar at the head of `raw`, and its length with both marks.
fn quoted(raw: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = raw.char_indices().skip(1).peekable();
    while let Some((i, c)) = chars.next() {
        match c {
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                chars.next();
                value.push('\'');
            }
            _ if c == quote => return Some((value, i + 1)),
            '\\' if quote == '"' => match chars.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'u' => {
                    let mut code = 0;
                    for _ in 0..4 {
                        code = code * 16 + chars.next()?.1.to_digit(16)?;
                    }
                    value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                other => value.push(other),
            },
            _ => value.push(c),
        }
    }
    None
}

/// The values of `[a, "b", 'c']`, which may run over lines, and where it ends.
fn flow_list(text: &str, range: Range<usize>, matter: &mut FrontMatter) -> (Vec<(String, Span)>, usize) {
    let mut values = Vec::new();
    let mut at = range.start + text[range.clone()].find('[').map_or(0, |i| i + 1);
    loop {
        let rest = &text[at..range.end];
        at += rest.len() - rest.trim_start().len();
        let rest = &text[at..range.end];
        match rest.chars().next() {
            None => {
                let message = "this list is never closed";
                matter
                    .problems
                    .push((message.to_owned(), Span::new(range.start, range.end.min(line_end(text, range.start)))));
                return (values, range.end);
            }
            Some(']') => return (values, at + 1),
            Some(',') => at += 1,
            Some(quote @ ('"' | '\'')) if quoted(rest, quote).is_some() => {
                let (value, length) = quoted(rest, quote).unwrap_or_default();
                values.push((value, Span::new(at, at + length)));
                at += length;
            }
            Some(_) => {
                let length = rest.find([',', ']']).unwrap_or(rest.len());
                let value = rest[..length].trim_end();
                values.push((value.to_owned(), Span::new(at, at + value.len())));
                at += length;
            }
        }
    }
}

fn read_toml(text: &str, inner: Range<usize>, matter: &mut FrontMatter) {
    let offset = inner.start;
    let whole = Span::new(inner.start, inner.end);
    let Ok(table) = toml::de::DeTable::parse(&text[inner]) else {
        matter.problems.push(("this front matter is no valid TOML; it is not read".to_owned(), whole));
        return;
    };
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let shift = |range: Range<usize>| Span::new(offset + range.start, offset + range.end);
    for (key, value) in entries {
        let values = match value.get_ref() {
            toml::de::DeValue::Array(items) => {
                items.iter().map(|v| (toml_text(v.get_ref()), shift(v.span()))).collect()
            }
            other => vec![(toml_text(other), shift(value.span()))],
        };
        matter.set(key.get_ref(), shift(key.span()), values);
    }
}

fn toml_text(value: &toml::de::DeValue<'_>) -> String {
    use toml::de::DeValue;
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        // Tables of other tools: that they are there, not what they say.
        DeValue::Array(_) | DeValue::Table(_) => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, spans: &[(String, Span)]) -> Vec<String> {
        spans.iter().map(|(_, s)| text[s.start..s.end].to_owned()).collect()
    }

    #[test]
    fn yaml_subset() {
        let text = "---\r\n# who\r\nchannel: linkedin  # the usual\nlang: 'fr'\ndate: 2026-11-22\nauthor: \"Zoë \\u00e9\"\n\
                    In-Reply-To: https://example.com/#a\naudience: [clients, \"press, all\"]\nallow:\n  - \"a-b until 2027-01-01 -- said: ok\"\n  - c-d\n\
                    layout:\n  deep:\n    deeper: 1\ngoal: >-\n  two\n  lines\n---\nBody";
        let (m, body) = read(text);
        assert_eq!(&text[body..], "Body");
        assert_eq!(m.channel.as_deref(), Some("linkedin"));
        assert_eq!(m.lang.as_deref(), Some("fr"));
        assert_eq!(m.date.as_deref(), Some("2026-11-22"));
        assert_eq!(m.author.as_deref(), Some("Zoë é"));
        assert_eq!(m.in_reply_to.as_deref(), Some("https://example.com/#a"));
        assert_eq!(m.audience.as_deref(), Some("clients, press, all"));
        assert_eq!(m.goal.as_deref(), Some("two lines"));
        assert_eq!(
            m.allow.iter().map(|a| a.0.as_str()).collect::<Vec<_>>(),
            ["a-b until 2027-01-01 -- said: ok", "c-d"]
        );
        assert_eq!(words(text, &m.allow), ["\"a-b until 2027-01-01 -- said: ok\"", "c-d"]);
        assert_eq!(m.other["layout"], "deep: deeper: 1");
        assert_eq!(m.problems, []);
        assert_eq!(m.span, Some(Span::new(0, body)));
    }

    #[test]
    fn toml_between_plus_signs() {
        let text =
            "+++\ndate = 2026-11-22\nkind = \"reply\"\nallow = [\"a-b -- fine\", 'c-d']\n[extra]\nx = 1\n+++\nBody";
        let (m, body) = read(text);
        assert_eq!(&text[body..], "Body");
        assert_eq!((m.date.as_deref(), m.kind.as_deref()), (Some("2026-11-22"), Some("reply")));
        assert_eq!(words(text, &m.allow), ["\"a-b -- fine\"", "'c-d'"]);
        assert_eq!(m.other.keys().collect::<Vec<_>>(), ["extra"]);
        let (m, body) = read("+++\nx = \n+++\nBody");
        assert_eq!((m.problems.len(), body), (1, 13));
    }

    #[test]
    fn what_is_no_front_matter_stays_text() {
        for text in [
            "",
            "--",
            "---",
            "---\nSome words.\n---\nMore.",
            "--- x\na: b\n---\n",
            "\n---\na: b\n---\n",
            "----\na: b\n---\n",
            "---\nWe grew: a lot.\n---\n",
            "+++\nWords and more\n+++\n",
        ] {
            let (m, body) = read(text);
            assert_eq!((body, m.span, m.problems.len()), (0, None, 0), "{text}");
        }
        let (m, body) = read("---\nkind: post\nand so on");
        assert_eq!((body, m.problems.len()), (0, 1));
        let huge = format!("---\nkind: post\n{}---\nBody", "x: y\n".repeat(MAX_FRONT_MATTER_BYTES));
        assert_eq!(read(&huge).1, 0);
    }

    #[test]
    fn problems_are_named_and_values_kept() {
        let text = "---\ndate: 31 Nov\nkind: manifesto\nlang: english\nkind: post\nwhat is this\nauthor: \"open\nallow: [a\n---\n";
        let (m, _) = read(text);
        assert_eq!(m.date.as_deref(), Some("31 Nov"));
        assert_eq!(m.kind.as_deref(), Some("post"));
        let found = words(text, &m.problems);
        assert_eq!(found, ["31 Nov", "manifesto", "english", "kind", "what is this", "\"open", " [a"]);
        for (message, _) in &m.problems {
            assert!(!["manifesto", "31 Nov", "what is"].iter().any(|w| message.contains(w)), "{message}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let mut text = "---\na:\n".to_owned();
        for depth in 1..300 {
            text.push_str(&format!("{}b:\n", " ".repeat(depth)));
        }
        text.push_str("---\n");
        assert_eq!(read(&text).1, text.len());
        let text = format!("+++\na = {}\n+++\n", "[".repeat(10_000));
        assert_eq!(read(&text).0.problems.len(), 1);
        let text = format!("---\na: {}\n---\n", "[".repeat(10_000));
        assert_eq!(read(&text).0.problems.len(), 1);
    }
}
