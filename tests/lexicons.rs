//! The neutral-prose check: an entry of a tone lexicon, alone among the sentences of a clean post, is no attack.
//!
//! A lexicon that a tone rule names is there for a frame or a pattern that asks for a target as well; an entry of it that
//! fires by itself is either hostile with no target, and then judged so and listed in `tests/lexicons/LANG.txt`, or a false
//! alarm. What a classifier says of it is not asked: it adds up all words of a sentence and reads no lexicon as a pattern
//! does; `tests/classifier.rs` is for that. `BLESS=1 cargo test --test lexicons` takes out of the lists what does not fire
//! alone any more; nothing adds to them but a judgement. Lexicons that are a pattern by themselves (`"@insult-strong"`) are
//! meant to fire alone and are left out.

use draftlint::draft::{Draft, Format};
use draftlint::finding::{Category, Confidence, Language, Severity};
use draftlint::linter::{Buffers, Linter};
use draftlint::options::Options;
use draftlint::pack::Pack;
use draftlint::rule_tests::DAY;
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// More wordings of one line are not tried.
const WORDINGS: usize = 60;

fn root(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    paths.sort();
    paths
}

/// Calls `each` with the patterns and evidence of a rule's language table, never with its examples and messages.
fn texts(value: &toml::Value, each: &mut impl FnMut(&str)) {
    match value {
        toml::Value::String(text) => each(text),
        toml::Value::Array(values) => values.iter().for_each(|value| texts(value, each)),
        toml::Value::Table(table) => table
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "bad" | "good" | "message" | "advice"))
            .for_each(|(_, value)| texts(value, each)),
        _ => {}
    }
}

/// Lexicons that tone rules name in a language, and those of them that are a pattern by themselves.
fn lexicons(language: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let name = Regex::new("@([a-z-]+)").unwrap();
    let bare = Regex::new("^@([a-z-]+)$").unwrap();
    let (mut named, mut alone) = (BTreeSet::new(), BTreeSet::new());
    for path in files(&root("rules/tone"), "toml") {
        let rule: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        let Some(table) = rule.get(language) else { continue };
        texts(table, &mut |text| named.extend(name.captures_iter(text).map(|c| c[1].to_owned())));
        let patterns = table.get("patterns").and_then(toml::Value::as_array);
        for pattern in patterns.into_iter().flatten() {
            let text = pattern.as_str().or_else(|| pattern.get("match").and_then(toml::Value::as_str));
            alone.extend(text.and_then(|text| bare.captures(text.trim())).map(|c| c[1].to_owned()));
        }
    }
    (named, alone)
}

/// The wordings of a line of plain words, groups and options; none for a line that says more (see `rules/WRITING.md`).
fn wordings(line: &str) -> Vec<String> {
    if line.contains(['@', '#', '…', '^', '$', '*', '~', '_', '\\', '+', '{', '}']) {
        return Vec::new();
    }
    let (found, _) = sequence(line, 0);
    found.into_iter().filter(|words| !words.is_empty()).map(|words| words.join(" ")).collect()
}

fn sequence(line: &str, mut at: usize) -> (Vec<Vec<&str>>, usize) {
    let bytes = line.as_bytes();
    let (mut done, mut open) = (Vec::new(), vec![Vec::new()]);
    while at < bytes.len() && bytes[at] != b')' {
        let inner = match bytes[at] {
            b' ' => {
                at += 1;
                continue;
            }
            b'|' => {
                done.append(&mut open);
                open.push(Vec::new());
                at += 1;
                continue;
            }
            b'(' => {
                let (mut inner, end) = sequence(line, at + 1);
                at = end + 1;
                if bytes.get(at) == Some(&b'?') {
                    inner.push(Vec::new());
                    at += 1;
                }
                inner
            }
            _ => {
                let end = line[at..].find([' ', '(', ')', '|']).map_or(line.len(), |i| at + i);
                let word = &line[at..end];
                at = end;
                match word.strip_suffix('?').filter(|word| !word.is_empty()) {
                    Some(word) => vec![vec![word], Vec::new()],
                    None => vec![vec![word]],
                }
            }
        };
        let joined = open.iter().flat_map(|before| inner.iter().map(|after| [&before[..], &after[..]].concat()));
        open = joined.take(WORDINGS).collect();
    }
    done.append(&mut open);
    (done, at)
}

/// Two paragraphs of each clean post.
fn clean_posts(language: &str) -> Vec<(String, String)> {
    let mut posts = Vec::new();
    for path in files(&root("fixtures").join(language), "md") {
        if !fs::read_to_string(path.with_extension("expected")).unwrap().is_empty() {
            continue;
        }
        let draft = Draft::from_bytes("post.md", &fs::read(&path).unwrap(), None).unwrap();
        let body = &draft.text[draft.body.start..draft.body.end];
        let is_prose =
            |text: &&str| text.split_whitespace().count() > 12 && !text.starts_with(['#', '>', '-', '*', '|']);
        let mut paragraphs = body.split("\n\n").map(str::trim).filter(is_prose).map(str::to_owned);
        if let Some(first) = paragraphs.next() {
            posts.push((first, paragraphs.next().unwrap_or_default()));
        }
    }
    posts
}

const HEADER: &str = "# Hostile by themselves, with no target: judged one by one (see tests/lexicons.rs).";

fn list_path(language: &str) -> PathBuf {
    root("tests/lexicons").join(language).with_extension("txt")
}

fn judged(language: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(list_path(language)).unwrap();
    text.lines().filter(|line| !line.starts_with("# ")).map(str::to_owned).collect()
}

fn capitalised(entry: &str) -> String {
    let mut letters = entry.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn check(language: Language) {
    let code = language.name();
    let (named, alone) = lexicons(code);
    let posts = clean_posts(code);
    assert!(posts.len() >= 3, "{} clean posts", posts.len());
    let mut entries = BTreeSet::new();
    for name in named.difference(&alone) {
        let path = root("rules/lexicons").join(code).join(name).with_extension("txt");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        assert!(text.starts_with("# "), "{} begins with a comment that says what it is for", path.display());
        entries.extend(text.lines().map(str::trim).filter(|line| !line.starts_with('#')).flat_map(wordings));
    }
    assert!(entries.len() > 500, "{} entries", entries.len());
    let linter = Linter::new(Pack::embedded(), Options { as_of: DAY, ..Options::default() });
    let mut buffers = Buffers::default();
    let mut fired = BTreeSet::new();
    for entry in &entries {
        // any of them, but always the same
        let (before, after) = &posts[entry.bytes().map(usize::from).sum::<usize>() % posts.len()];
        let text = format!("{before} {}. {after}", capitalised(entry));
        let report = linter.lint_with(&Draft::from_text("post.txt", text, Format::Text), &mut buffers);
        let attack = report.findings.iter().any(|finding| {
            let rule = linter.pack().rule(finding.rule);
            rule.category() == Category::Combative
                && !rule.is_classified()
                && finding.severity > Severity::Note
                && finding.confidence > Confidence::Low
        });
        if attack {
            fired.insert(entry.clone());
        }
    }
    let judged = judged(code);
    let list = |entries: Vec<&String>| entries.into_iter().take(40).map(|e| format!("\n  {e}")).collect::<String>();
    let alarms: Vec<&String> = fired.difference(&judged).collect();
    // not to be blessed: whoever adds an entry judges it
    assert!(alarms.is_empty(), "{} entries fire alone on a clean post:{}", alarms.len(), list(alarms));
    let stale: Vec<&String> = judged.difference(&fired).collect();
    if std::env::var_os("BLESS").is_some_and(|v| v == "1") {
        let mut text = format!("{HEADER}\n");
        judged.intersection(&fired).for_each(|entry| text.push_str(&format!("{entry}\n")));
        fs::write(list_path(code), text).unwrap();
        return;
    }
    assert!(stale.is_empty(), "{} judged entries do not fire alone any more:{}", stale.len(), list(stale));
}

#[test]
fn english() {
    check(Language::En);
}

#[test]
fn french() {
    check(Language::Fr);
}

#[test]
fn dutch() {
    check(Language::Nl);
}

#[test]
fn russian() {
    check(Language::Ru);
}

#[test]
fn groups_and_options_are_written_out() {
    assert_eq!(wordings("slow (clap|hand clap)"), ["slow clap", "slow hand clap"]);
    assert_eq!(wordings("a (very)? cheap shot"), ["a very cheap shot", "a cheap shot"]);
    assert_eq!(wordings("vend (du vent|des salades)?"), ["vend du vent", "vend des salades", "vend"]);
    assert!(wordings("what …8 calls").is_empty());
}
