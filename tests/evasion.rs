//! Disguises: every kind × family × language gives the findings of the plain text, on the same words.
//!
//! The posts stand in `tests/evasion/posts.toml`; the kinds are here. `SHOW=1 cargo test --test evasion -- --nocapture`
//! prints the table.

use draftlint::compiler::layout::FAMILIES;
use draftlint::draft::{Draft, Format};
use draftlint::finding::{Language, Scope};
use draftlint::linter::{Linter, Options};
use draftlint::pack::Pack;
use draftlint::rule_tests::DAY;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

#[derive(Deserialize)]
struct Table {
    post: Vec<Post>,
}

#[derive(Deserialize)]
struct Post {
    family: String,
    language: String,
    text: String,
    #[serde(default)]
    insults: Vec<String>,
}

/// A text written otherwise: for each character of the plain text what stands there now.
struct Disguised {
    text: String,
    /// For each byte of `text`, the plain character (first byte, one past the last) that it stands for.
    plain: Vec<(usize, usize)>,
}

impl Disguised {
    /// Writes each character through `write(character, its place in its word, the word)`.
    fn of(plain: &str, write: &dyn Fn(char, usize, &str) -> String) -> Self {
        let mut out = Self { text: String::new(), plain: Vec::new() };
        let is_letter = |c: char| c.is_alphabetic();
        for (at, c) in plain.char_indices() {
            let from =
                plain[..at].rfind(|c| !is_letter(c)).map_or(0, |i| i + plain[i..].chars().next().unwrap().len_utf8());
            let to = plain[at..].find(|c| !is_letter(c)).map_or(plain.len(), |i| at + i);
            let word = if is_letter(c) { &plain[from..to] } else { "" };
            let place = if is_letter(c) { plain[from..at].chars().count() } else { 0 };
            out.text.push_str(&write(c, place, word));
            out.plain.resize(out.text.len(), (at, at + c.len_utf8()));
        }
        out
    }

    /// The stretch of the plain text that a stretch of this one stands for.
    fn back(&self, start: usize, end: usize) -> (usize, usize) {
        (self.plain[start].0, self.plain[end - 1].1)
    }
}

type Write = fn(char, usize, &str, bool) -> String;

/// A way to write a post otherwise.
struct Kind {
    name: &'static str,
    format: Format,
    /// Whether it hides characters that nobody sees, and so is a finding of its own.
    hides: bool,
    /// (character, place in its word, its word, whether the post is Russian) to what is written.
    write: Write,
}

const fn kind(name: &'static str, format: Format, hides: bool, write: Write) -> Kind {
    Kind { name, format, hides, write }
}

/// Puts `hidden` behind every letter but the last of a word.
fn between(c: char, place: usize, word: &str, hidden: &str) -> String {
    let inside = !word.is_empty() && place + 1 < word.chars().count();
    format!("{c}{}", if inside { hidden } else { "" })
}

/// The first letter of each word that `twin` knows is replaced; all of them with `every`.
fn twins(c: char, place: usize, word: &str, every: bool, twin: fn(char) -> Option<char>) -> String {
    let first = word.chars().position(|c| twin(c).is_some());
    match twin(c) {
        Some(twin) if every || first == Some(place) && !word.is_empty() => twin.to_string(),
        _ => c.to_string(),
    }
}

fn to_cyrillic(c: char) -> Option<char> {
    let i = "aceopxyijsABCEHIKMOPTXJS".chars().position(|l| l == c)?;
    "асеорхуіјѕАВСЕНІКМОРТХЈЅ".chars().nth(i)
}

fn to_latin(c: char) -> Option<char> {
    let i = "асеорхуАВСЕНКМОРТХ".chars().position(|l| l == c)?;
    "aceopxyABCEHKMOPTX".chars().nth(i)
}

fn to_greek(c: char) -> Option<char> {
    let i = "aoivpABEZHIKMNOPTYXаорАВЕНКМОРТХ".chars().position(|l| l == c)?;
    "αοινρΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορΑΒΕΗΚΜΟΡΤΧ".chars().nth(i)
}

/// Letters and digits with an offset into a styled alphabet; Cyrillic has none, so a styled Latin twin stands in.
fn styled(c: char, place: usize, word: &str, capital: u32, small: u32, digit: Option<u32>) -> String {
    let put = |base: u32, from: char, c: char| char::from_u32(base + c as u32 - from as u32).unwrap().to_string();
    if let Some(twin) = to_latin(c) {
        let first = word.chars().position(|c| to_latin(c).is_some());
        return if first == Some(place) { styled(twin, 0, "", capital, small, digit) } else { c.to_string() };
    }
    c.to_string()
        .nfd()
        .map(|c| match (c, digit) {
            ('a'..='z', _) => put(small, 'a', c),
            ('A'..='Z', _) => put(capital, 'A', c),
            ('0'..='9', Some(digit)) => put(digit, '0', c),
            (c, _) => c.to_string(),
        })
        .collect()
}

fn full_width(c: char, place: usize, word: &str) -> String {
    match c {
        // an elision or contraction is cut at any apostrophe, a domain at its points
        '!'..='~' if !c.is_ascii_alphanumeric() => char::from_u32(c as u32 - 0x21 + 0xff01).unwrap().to_string(),
        c => styled(c, place, word, 0xff21, 0xff41, Some(0xff10)),
    }
}

const KINDS: &[Kind] = &[
    kind("zero-width spaces", Format::Text, true, |c, p, w, _| between(c, p, w, "\u{200b}")),
    kind("word joiners", Format::Text, true, |c, p, w, _| between(c, p, w, "\u{2060}\u{2063}")),
    kind("soft hyphens", Format::Text, false, |c, p, w, _| between(c, p, w, "\u{ad}")),
    kind("variation selectors and tags", Format::Text, true, |c, p, w, _| {
        between(c, p, w, "\u{fe0f}\u{e0041}\u{e0101}")
    }),
    kind("fillers", Format::Text, true, |c, p, w, _| between(c, p, w, "\u{3164}\u{115f}\u{2800}")),
    kind("control characters", Format::Text, true, |c, p, w, _| between(c, p, w, "\u{8}\u{7f}\u{9d}")),
    kind("direction marks", Format::Text, true, |c, p, w, _| between(c, p, w, "\u{200f}\u{200e}")),
    kind("isolates and embeddings", Format::Text, true, |c, p, w, _| {
        let last = p + 1 == w.chars().count();
        let (open, close) = (if p == 0 { "\u{2068}\u{202a}" } else { "" }, if last { "\u{202c}\u{2069}" } else { "" });
        if w.is_empty() { c.to_string() } else { format!("{open}{c}{close}") }
    }),
    kind("one look-alike a word", Format::Text, false, |c, p, w, russian| {
        twins(c, p, w, false, if russian { to_latin } else { to_cyrillic })
    }),
    kind("look-alikes everywhere", Format::Text, false, |c, p, w, russian| {
        if w.is_empty() { c.to_string() } else { twins(c, p, w, true, if russian { to_latin } else { to_cyrillic }) }
    }),
    kind("Greek look-alikes", Format::Text, false, |c, p, w, _| twins(c, p, w, true, to_greek)),
    kind("full width", Format::Text, false, |c, p, w, _| full_width(c, p, w)),
    kind("mathematical bold", Format::Text, false, |c, p, w, _| styled(c, p, w, 0x1d400, 0x1d41a, Some(0x1d7ce))),
    kind("mathematical sans", Format::Text, false, |c, p, w, _| styled(c, p, w, 0x1d5a0, 0x1d5ba, Some(0x1d7e2))),
    kind("circled", Format::Text, false, |c, p, w, _| styled(c, p, w, 0x24b6, 0x24d0, None)),
    kind("squared", Format::Text, false, |c, p, w, _| styled(c, p, w, 0x1f130, 0x24d0, None)),
    kind(
        "struck through",
        Format::Text,
        false,
        |c, _, w, _| if w.is_empty() { c.into() } else { format!("{c}\u{336}") },
    ),
    kind(
        "dots below",
        Format::Text,
        false,
        |c, _, w, _| if w.is_empty() { c.into() } else { format!("{c}\u{323}\u{489}") },
    ),
    kind("composed marks", Format::Text, false, |c, _, w, russian| match c {
        'а' | 'е' | 'о' | 'и' if russian && !w.is_empty() => format!("{c}\u{301}"),
        'g' | 'n' | 's' | 'r' | 't' if !w.is_empty() => format!("{c}\u{30c}").nfc().collect(),
        c => c.to_string(),
    }),
    kind("numbers of characters (HTML)", Format::Html, false, |c, p, w, _| match p % 2 {
        1 if !w.is_empty() => format!("&#{};", c as u32),
        _ => c.to_string(),
    }),
    kind("numbers of characters (Markdown)", Format::Markdown, false, |c, p, w, _| match p % 2 {
        1 if !w.is_empty() => format!("&#x{:x};", c as u32),
        _ => c.to_string(),
    }),
    kind("soft hyphens by name (HTML)", Format::Html, false, |c, p, w, _| between(c, p, w, "&shy;")),
    kind("zero width by number (HTML)", Format::Html, true, |c, p, w, _| between(c, p, w, "&#8203;")),
    kind("zero width by number (Markdown)", Format::Markdown, true, |c, p, w, _| between(c, p, w, "&#x200B;")),
    kind("tags within words (HTML)", Format::Html, false, |c, p, w, _| between(c, p, w, "<b></b><wbr>")),
    kind("comments within words (HTML)", Format::Html, false, |c, p, w, _| between(c, p, w, "<!-- x -->")),
    kind("comments within words (Markdown)", Format::Markdown, false, |c, p, w, _| between(c, p, w, "<!-- x -->")),
    kind("emphasis within words (Markdown)", Format::Markdown, false, |c, p, w, _| {
        if p == 1 && w.chars().count() > 2 { format!("**{c}**") } else { c.to_string() }
    }),
    kind("backslashes (Markdown)", Format::Markdown, false, |c, _, _, _| {
        if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() }
    }),
];

fn linter() -> Linter<'static> {
    Linter::new(Pack::embedded(), Options { as_of: DAY, ..Options::default() })
}

/// Rule and place of each finding; a whole-document finding has no place. Findings about the disguise itself are left
/// out, and counted.
fn findings(text: &str, format: Format) -> (BTreeSet<(String, Option<(usize, usize)>)>, Vec<String>) {
    let report = linter().lint(&Draft::from_text("draft", text.to_owned(), format));
    let mut about = Vec::new();
    let mut all = BTreeSet::new();
    for f in &report.findings {
        let rule = Pack::embedded().rule(f.rule);
        if DISGUISE.contains(&rule.slug()) {
            about.push(rule.slug().to_owned());
        } else {
            let place = (f.scope == Scope::Span).then_some((f.span.start, f.span.end));
            all.insert((rule.full_id().to_owned(), place));
        }
    }
    (all, about)
}

/// Rules about how a text is written, not what it says.
const DISGUISE: &[&str] = &["hidden-characters", "styled-letters", "broken-tag"];

fn posts() -> Vec<Post> {
    let table = include_str!("evasion/posts.toml");
    toml::from_str::<Table>(table).unwrap().post
}

/// Compares, and says what is missing or new.
fn compare(plain: &str, disguised: &Disguised, format: Format, hides: bool) -> Result<(), String> {
    let (expected, _) = findings(plain, Format::Text);
    let (found, about) = findings(&disguised.text, format);
    let found: BTreeSet<_> =
        found.into_iter().map(|(rule, place)| (rule, place.map(|(start, end)| disguised.back(start, end)))).collect();
    let shown = |of: &BTreeSet<(String, Option<(usize, usize)>)>, without: &BTreeSet<_>| {
        of.difference(without)
            .map(|(rule, place)| format!("{rule} `{}`", place.map_or("", |(a, b)| &plain[a..b])))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if found != expected {
        return Err(format!("missing: {}; new: {}", shown(&expected, &found), shown(&found, &expected)));
    }
    if hides && !about.iter().any(|a| a == "hidden-characters") {
        return Err("hidden characters without a finding of their own".to_owned());
    }
    Ok(())
}

#[test]
fn every_family_has_a_post_in_every_language() {
    let there: BTreeSet<(String, String)> = posts().into_iter().map(|p| (p.family, p.language)).collect();
    let wanted = FAMILIES.iter().flat_map(|f| Language::KNOWN.map(|l| ((*f).to_owned(), l.name().to_owned())));
    assert_eq!(there, wanted.collect());
}

#[test]
fn posts_have_findings_of_their_family() {
    for post in posts() {
        let (found, about) = findings(&post.text, Format::Text);
        assert!(found.iter().any(|(rule, _)| rule.starts_with(&post.family)), "{}: {found:?}", post.text);
        assert_eq!(about, Vec::<String>::new(), "{}", post.text);
        let report = linter().lint(&Draft::from_text("draft", post.text.clone(), Format::Text));
        assert_eq!(report.language.name(), post.language, "{}", post.text);
    }
}

#[test]
fn every_kind_in_every_family_and_language_is_caught() {
    let mut faults = Vec::new();
    let mut table: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in KINDS {
        for post in posts() {
            let russian = post.language == Language::Ru.name();
            let disguised = Disguised::of(&post.text, &|c, place, word| (kind.write)(c, place, word, russian));
            let place = format!("{} × {} × {}", kind.name, post.family, post.language);
            match compare(&post.text, &disguised, kind.format, kind.hides) {
                Ok(()) => table.entry(kind.name).or_default().push(format!("{} {}", post.family, post.language)),
                Err(fault) => faults.push(format!("{place}: {fault}\n    {}", disguised.text)),
            }
        }
    }
    if std::env::var_os("SHOW").is_some() {
        for (kind, caught) in &table {
            println!("{kind}: {} of {}", caught.len(), posts().len());
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Letters as digits and signs, and one by one.
#[test]
fn insults_with_digits_and_letter_by_letter_are_caught() {
    let leet = |c: char| match c {
        'i' => '1',
        'o' | 'о' => '0',
        'e' | 'é' | 'з' => '3',
        'a' | 'а' => '@',
        's' => '$',
        't' => '7',
        'b' => '8',
        c => c,
    };
    let mut faults = Vec::new();
    let mut count = 0;
    for post in posts().iter().filter(|p| p.family == "tone") {
        for insult in &post.insults {
            let at = post.text.find(insult.as_str()).expect("the insult stands in its post");
            let inside = |o: usize| at <= o && o < at + insult.len();
            let spaced =
                |gap: &'static str| move |c: char, last: bool| if last { c.to_string() } else { format!("{c}{gap}") };
            let mut ways: Vec<(&str, Box<dyn Fn(char, usize, bool) -> String>)> = vec![
                ("digits and signs", Box::new(move |c, _, _| leet(c).to_string())),
                ("capitals and digits", Box::new(move |c, _, _| leet(c).to_uppercase().to_string())),
            ];
            for gap in [" ", ".", "-", "_", " - ", "*"] {
                let write = spaced(gap);
                ways.push((gap, Box::new(move |c, _, last| write(c, last))));
            }
            for (way, write) in ways {
                let mut offset = 0;
                let mut disguised = Disguised { text: String::new(), plain: Vec::new() };
                for c in post.text.chars() {
                    let end = offset + c.len_utf8();
                    let written = match inside(offset) {
                        true => write(c, offset - at, end == at + insult.len()),
                        false => c.to_string(),
                    };
                    disguised.text.push_str(&written);
                    disguised.plain.resize(disguised.text.len(), (offset, end));
                    offset = end;
                }
                let changed = disguised.text != post.text;
                count += usize::from(changed);
                if let Err(fault) = compare(&post.text, &disguised, Format::Text, false) {
                    faults.push(format!("{way} × {}: {fault}\n    {}", post.language, disguised.text));
                }
            }
        }
    }
    assert!(count > 40, "{count}");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// A sentence that stands backwards behind an override is read as readers see it; a finding covers all of it.
#[test]
fn right_to_left_overrides_are_turned_round() {
    for post in posts() {
        let backwards: String = post.text.chars().rev().collect();
        for (text, format) in [
            (format!("\u{202e}{backwards}"), Format::Text),
            (format!("\u{202e}{backwards}\u{202c} \n\n"), Format::Markdown),
            (format!("<p>&#x202e;{backwards}&#x202c;</p>"), Format::Html),
        ] {
            let rules = |found: &BTreeSet<(String, Option<(usize, usize)>)>| {
                found.iter().map(|(rule, _)| rule.clone()).collect::<BTreeSet<_>>()
            };
            let (expected, _) = findings(&post.text, Format::Text);
            let (found, about) = findings(&text, format);
            assert_eq!(rules(&found), rules(&expected), "{text}");
            let from = text.find(&backwards).unwrap();
            for (rule, place) in &found {
                if let Some((start, end)) = place {
                    assert_eq!(&text[*start..*end], &text[from..from + backwards.len()], "{rule}");
                }
            }
            assert!(about.iter().any(|a| a == "hidden-characters"), "{text}");
        }
    }
}
