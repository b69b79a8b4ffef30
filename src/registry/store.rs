//! The registry's file: TOML, so that it can be read, diffed, and shortened by hand; terms are only ever appended.

use super::moment::FORM;
use super::{Hash, Hasher, Key, MAX_WORDS, Moment, Registry, RegistryError, Term, Words};
use crate::date::Date;
use crate::finding::Severity;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

/// The version of the file format.
pub const VERSION: i64 = 1;
/// The file's name where the settings name none: beside draftlint.toml.
pub const FILE_NAME: &str = "draftlint.secrets.toml";
/// What a term may name.
pub const KINDS: [&str; 5] = ["project", "deal", "customer", "person", "site"];

/// Letters and digits that a term has at the least: shorter ones are in every text.
const LEAST_LETTERS: usize = 3;
/// Bytes of a registry at the most.
const MAX_BYTES: u64 = 64 << 20;

const HEAD: &str = "# The house's own secrets, as keyed hashes. `draftlint secrets add` appends terms; to remove one, delete its table.
# The key lies elsewhere. Whoever has this file and the key can test guesses: keep them apart.
";

/// A registry file, read but not opened.
#[derive(Debug)]
pub struct File {
    shown: String,
    key: Option<String>,
    /// Terms in the order of the file.
    pub terms: Vec<TermRecord>,
    /// Restricted periods in the order of the file.
    pub periods: Vec<Period>,
    digest: String,
}

/// What stands in the file for one term.
#[derive(Debug)]
pub struct TermRecord {
    /// What the lists show.
    pub term: Term,
    /// `until` as it is written.
    pub until_text: Option<String>,
    words: usize,
    hashes: Vec<Hash>,
    seal: Hash,
}

/// Days in which the company says nothing about its business, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// What people call it in lists.
    pub label: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[allow(dead_code, reason = "read before the rest, so that a later version is told from a damaged file")]
    version: i64,
    key: Option<String>,
    #[serde(default)]
    term: Vec<RawTerm>,
    #[serde(default)]
    period: Vec<RawPeriod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    label: String,
    kind: String,
    words: usize,
    until: Option<toml::Value>,
    level: Option<String>,
    hashes: Vec<String>,
    seal: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPeriod {
    label: String,
    from: toml::Value,
    to: toml::Value,
}

fn written(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn parse_hash(text: &str) -> Option<Hash> {
    (text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| Hash::from_str_radix(text, 16).ok())
        .flatten()
}

/// Reads a registry; the key is not needed for what its lists show.
pub fn read(path: &Path) -> Result<File, RegistryError> {
    let shown = path.display().to_string();
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => {
            let what = "there is no registry here; `draftlint secrets add` makes one".to_owned();
            RegistryError::Io(shown.clone(), what)
        }
        _ => RegistryError::Io(shown.clone(), crate::file::why(&e)),
    };
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > MAX_BYTES {
        return Err(RegistryError::Damaged(shown, "too long for a registry".to_owned()));
    }
    let bytes = crate::file::bytes(path).map_err(failed)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| RegistryError::Damaged(shown.clone(), "the registry is damaged: it is no UTF-8".to_owned()))?;
    parse(&text, shown)
}

fn parse(text: &str, shown: String) -> Result<File, RegistryError> {
    let damaged = |message: String| RegistryError::Damaged(shown.clone(), message);
    let at = |error: toml::de::Error| {
        let line = error.span().map_or(1, |s| text.get(..s.start).map_or(1, |t| t.matches('\n').count() + 1));
        damaged(format!(
            "the registry is damaged: line {line}: {}",
            error.message().lines().next().unwrap_or("it cannot be read")
        ))
    };
    let table: toml::Table = toml::from_str(text).map_err(at)?;
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(version) if version > VERSION => return Err(RegistryError::Newer(shown, version)),
        Some(VERSION) => {}
        _ => return Err(damaged("the registry is damaged: it has no `version`".to_owned())),
    }
    let raw: RawFile = toml::from_str(text).map_err(at)?;
    let mut file = File {
        shown: shown.clone(),
        key: raw.key,
        terms: Vec::new(),
        periods: Vec::new(),
        digest: hex(&Sha256::digest(text.as_bytes())),
    };
    for (i, raw) in raw.term.into_iter().enumerate() {
        let name = format!("term {} (`{}`)", i + 1, raw.label);
        let wrong = |what: &str| damaged(format!("{name}: {what}"));
        if !KINDS.contains(&raw.kind.as_str()) {
            return Err(wrong(&format!("`kind` is none; allowed: {}", KINDS.join(", "))));
        }
        let until_text = raw.until.as_ref().map(written);
        let until = match &until_text {
            Some(text) => {
                Some(Moment::parse(text).ok_or_else(|| wrong(&format!("`until` is no moment; write it as {FORM}")))?)
            }
            None => None,
        };
        let level = match raw.level.as_deref() {
            Some(level) => Some(
                Severity::from_name(level).ok_or_else(|| wrong("`level` is none; allowed: note, warning, error"))?,
            ),
            None => None,
        };
        let hashes: Option<Vec<Hash>> = raw.hashes.iter().map(|h| parse_hash(h)).collect();
        let (Some(hashes), Some(seal)) = (hashes.filter(|h| !h.is_empty()), parse_hash(&raw.seal)) else {
            return Err(wrong("the registry is damaged: a hash is none; register the term anew"));
        };
        if !(1..=MAX_WORDS).contains(&raw.words) {
            return Err(wrong("the registry is damaged: `words` is none; register the term anew"));
        }
        file.terms.push(TermRecord {
            term: Term { label: raw.label, kind: raw.kind, until, level },
            until_text,
            words: raw.words,
            hashes,
            seal,
        });
    }
    if file.key.is_none() && !file.terms.is_empty() {
        return Err(damaged("the registry is damaged: it has terms, but does not name their key".to_owned()));
    }
    for raw in raw.period {
        let name = format!("period `{}`", raw.label);
        let day = |value: &toml::Value, key: &str| {
            Date::parse(&written(value))
                .ok_or_else(|| damaged(format!("{name}: `{key}` is no day of the calendar; write it as 2026-11-30")))
        };
        let period = Period { from: day(&raw.from, "from")?, to: day(&raw.to, "to")?, label: raw.label };
        fits(&period, &file.periods).map_err(damaged)?;
        file.periods.push(period);
    }
    Ok(file)
}

fn fits(period: &Period, others: &[Period]) -> Result<(), String> {
    if period.to < period.from {
        return Err(format!("period `{}`: it ends before it begins", period.label));
    }
    match others.iter().find(|o| o.from <= period.to && period.from <= o.to) {
        Some(other) => {
            Err(format!("period `{}` overlaps period `{}`; join them, or change their days", period.label, other.label))
        }
        None => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Seals what a broken hash would silently turn off.
fn seal(hasher: &Hasher, kind: &str, words: usize, hashes: &[Hash]) -> Hash {
    let mut text = format!("{kind}\n{words}");
    for hash in hashes {
        let _ = write!(text, "\n{hash:032x}");
    }
    hasher.hash(b's', text.as_bytes())
}

impl File {
    /// Makes the registry ready with its key.
    pub fn open(self, hasher: &Hasher) -> Result<Registry, RegistryError> {
        if self.key.as_ref().is_some_and(|k| *k != hasher.name()) {
            return Err(RegistryError::OtherKey(self.shown));
        }
        let mut hashes = HashMap::new();
        let (mut terms, mut lengths) = (Vec::new(), Vec::new());
        for (number, record) in self.terms.into_iter().enumerate() {
            if seal(hasher, &record.term.kind, record.words, &record.hashes) != record.seal {
                let what = format!(
                    "term {} (`{}`): the registry is damaged: its hashes do not fit their seal; register the term anew",
                    number + 1,
                    record.term.label
                );
                return Err(RegistryError::Damaged(self.shown, what));
            }
            for hash in record.hashes {
                hashes.entry(hash).or_insert(number as u32);
            }
            lengths.extend([1, record.words]);
            terms.push(record.term);
        }
        let mut registry =
            Registry { hasher: hasher.clone(), terms, hashes, lengths, periods: self.periods, digest: self.digest };
        registry.settle_lengths();
        Ok(registry)
    }
}

/// Terms to be registered, and what is said of them.
#[derive(Clone, Debug, Default)]
pub struct Addition {
    /// What lists show; made from kind and number where it is missing.
    pub label: Option<String>,
    /// One of [`KINDS`].
    pub kind: String,
    /// As written.
    pub until: Option<String>,
    /// Another severity than the rule's.
    pub level: Option<Severity>,
}

/// What became of terms that were to be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Their label.
    pub label: String,
    /// How many are new.
    pub new: usize,
    /// How many were there already.
    pub known: usize,
    /// Lines (from 1) of terms that are short or plain: they will be met by chance, and are guessed first.
    pub weak: Vec<usize>,
}

/// Registers the terms of `lines`, one a line; nothing is written when one cannot be.
pub fn add_terms(path: &Path, key: &Key, addition: &Addition, lines: &str) -> Result<Added, RegistryError> {
    let refused = |message: String| RegistryError::Refused(message);
    let hasher = Hasher::new(key);
    let (mut text, file) = existing(path)?;
    if let Some(until) = &addition.until {
        Moment::parse(until).ok_or_else(|| refused(format!("--until is no moment; write it as {FORM}")))?;
    }
    let count = file.as_ref().map_or(0, |f| f.terms.len());
    let names_key = file.as_ref().is_some_and(|f| f.key.is_some());
    let registry = file.map(|f| f.open(&hasher)).transpose()?;
    let label = addition.label.clone().unwrap_or_else(|| format!("{}-{}", addition.kind, count + 1));
    let label = label.trim().to_owned();
    if label.is_empty() || label.chars().any(char::is_control) {
        return Err(refused("a label is one line of text".to_owned()));
    }
    let mut added = Added { label: label.clone(), ..Added::default() };
    let mut met: Vec<Hash> = Vec::new();
    for (number, line) in lines
        .lines()
        .enumerate()
        .map(|(i, l)| (i + 1, l.trim().trim_start_matches('\u{feff}')))
        .filter(|(_, l)| !l.is_empty())
    {
        let words = Words::of(line);
        let letters: usize = words.0.iter().flat_map(|w| w.chars()).filter(|c| c.is_alphanumeric()).count();
        if letters < LEAST_LETTERS {
            return Err(refused(format!(
                "line {number}: the term is too short: it would be found in every text; at least {LEAST_LETTERS} letters"
            )));
        }
        if words.0.len() > MAX_WORDS {
            return Err(refused(format!(
                "line {number}: the term has more than {MAX_WORDS} words; register the name in it"
            )));
        }
        let hashes = words.hashes(&hasher);
        if tells(&label, &words) {
            return Err(refused(format!("line {number}: the label gives the term away: lists show labels in clear")));
        }
        let known = |h: &Hash| met.contains(h) || registry.as_ref().is_some_and(|r| r.hashes.contains_key(h));
        // the words in full are what makes two terms one
        if hashes.iter().all(known) {
            added.known += 1;
            continue;
        }
        if words.0.len() == 1 && (letters < 5 || words.0[0].bytes().all(|b| b.is_ascii_digit())) {
            added.weak.push(number);
        }
        let seal = seal(&hasher, &addition.kind, words.0.len(), &hashes);
        let _ = write!(
            text,
            "\n[[term]]\nlabel = {}\nkind = \"{}\"\nwords = {}\n",
            quoted(&label),
            addition.kind,
            words.0.len()
        );
        if let Some(until) = &addition.until {
            let _ = writeln!(text, "until = {}", quoted(until.trim()));
        }
        if let Some(level) = addition.level {
            let _ = writeln!(text, "level = \"{level}\"");
        }
        let list: Vec<String> = hashes.iter().map(|h| format!("  \"{h:032x}\",\n")).collect();
        let _ = writeln!(text, "hashes = [\n{}]\nseal = \"{seal:032x}\"", list.concat());
        met.extend(hashes);
        added.new += 1;
    }
    if added.new + added.known == 0 {
        return Err(refused("no term on standard input; write one a line".to_owned()));
    }
    if added.new > 0 {
        if !names_key {
            // the line stands before the first table
            let at = text.find("\n\n[").map_or(text.len(), |i| i + 1);
            text.insert_str(at, &format!("key = \"{}\"\n", hasher.name()));
        }
        write(path, &text)?;
    }
    Ok(added)
}

/// Registers a restricted period.
pub fn add_period(path: &Path, label: &str, from: Date, to: Date) -> Result<(), RegistryError> {
    let (mut text, file) = existing(path)?;
    let period = Period { label: label.trim().to_owned(), from, to };
    fits(&period, file.as_ref().map_or(&[], |f| &f.periods)).map_err(RegistryError::Refused)?;
    let _ = write!(text, "\n[[period]]\nlabel = {}\nfrom = \"{from}\"\nto = \"{to}\"\n", quoted(&period.label));
    write(path, &text)
}

/// The file's text, or the head of a new one.
fn existing(path: &Path) -> Result<(String, Option<File>), RegistryError> {
    if !path.exists() {
        return Ok((format!("{HEAD}version = {VERSION}\n"), None));
    }
    let file = read(path)?;
    let mut text = std::fs::read_to_string(path)
        .map_err(|e| RegistryError::Io(path.display().to_string(), crate::file::why(&e)))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok((text, Some(file)))
}

fn write(path: &Path, text: &str) -> Result<(), RegistryError> {
    let failed = |e: std::io::Error| RegistryError::Io(path.display().to_string(), crate::file::why(&e));
    // what is about to be written must be readable
    parse(text, path.display().to_string())?;
    crate::file::replace(path, text).map_err(failed)
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Whether the label holds every word of the term.
fn tells(label: &str, words: &Words) -> bool {
    let label = Words::of(label);
    words.0.iter().all(|w| label.0.contains(w)) || label.0.concat().contains(&words.0.concat())
}
