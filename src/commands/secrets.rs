//! `draftlint secrets add|list|test`.

use super::Answer;
use crate::date::Date;
use crate::registry::{self, Addition, Clock, Key, KeyPlace, Registry, RegistryError, Standing};
use std::fmt::Write as _;
use std::path::Path;

/// Registers the terms of `lines`; with `new_key`, makes the key of a new registry first.
pub fn add(
    path: &Path,
    place: &KeyPlace,
    new_key: bool,
    addition: &Addition,
    lines: &str,
) -> Result<Answer, RegistryError> {
    let mut notes = Vec::new();
    let key: Key = if new_key {
        // terms made with an older key could not be found with a new one
        if path.exists() && !registry::read(path)?.terms.is_empty() {
            return Err(RegistryError::Refused(format!(
                "{}: it has terms of another key; --new-key is for a new registry",
                path.display()
            )));
        }
        let (key, file) = place.create(path)?;
        notes.push(format!("a new key lies in {}; keep it like a password, and out of the repository", file.display()));
        key
    } else {
        place.find(path)?
    };
    let added = registry::add_terms(path, &key, addition, lines)?;
    let mut out =
        format!("{} registered as `{}` ({}) in {}", count(added.new), added.label, addition.kind, path.display());
    if added.known > 0 {
        let _ = write!(out, "; {} registered already", count(added.known));
    }
    for line in &added.weak {
        notes.push(format!(
            "line {line}: a short term: it may be met by chance, and is guessed first by whoever has the key"
        ));
    }
    Ok(Answer { out: out + "\n", notes, found: false })
}

/// Registers a restricted period.
pub fn add_period(path: &Path, label: &str, from: Date, to: Date) -> Result<Answer, RegistryError> {
    registry::add_period(path, label, from, to)?;
    Ok(Answer {
        out: format!("restricted period `{}` from {from} to {to} in {}\n", label.trim(), path.display()),
        ..Answer::default()
    })
}

fn count(n: usize) -> String {
    if n == 1 { "1 term".to_owned() } else { format!("{n} terms") }
}

/// Labels, kinds, dates; never a term: it is not in the file.
pub fn list(path: &Path, today: Date) -> Result<Answer, RegistryError> {
    let file = registry::read(path)?;
    let clock = Clock::new(None, today);
    let mut rows: Vec<(String, String, String, usize)> = Vec::new();
    for record in &file.terms {
        let mut about = match (clock.standing(record.term.until.as_ref()), &record.until_text) {
            (Standing::Due, Some(until)) => format!("until {until}: due"),
            (_, Some(until)) => format!("until {until}"),
            _ => String::new(),
        };
        if let Some(level) = record.term.level {
            let _ = write!(about, "{}{level}", if about.is_empty() { "" } else { ", " });
        }
        let row = (record.term.label.clone(), record.term.kind.clone(), about);
        match rows.iter_mut().find(|(l, k, a, _)| *l == row.0 && *k == row.1 && *a == row.2) {
            Some((.., n)) => *n += 1,
            None => rows.push((row.0, row.1, row.2, 1)),
        }
    }
    let width = rows
        .iter()
        .map(|r| r.0.chars().count())
        .chain(file.periods.iter().map(|p| p.label.chars().count()))
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for (label, kind, about, n) in rows {
        let line = format!("{label:width$}  {kind:8}  {:8}  {about}", count(n));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    for period in &file.periods {
        let _ = writeln!(out, "{:width$}  restricted period from {} to {}", period.label, period.from, period.to);
    }
    if out.is_empty() {
        out = "nothing is registered\n".to_owned();
    }
    Ok(Answer { out, ..Answer::default() })
}

/// Says by line and label which terms stand in `text`, for whoever keeps the registry.
pub fn test(path: &Path, place: &KeyPlace, text: &str, today: Date) -> Result<Answer, RegistryError> {
    let registry = Registry::open(path, place)?;
    let clock = Clock::new(None, today);
    let mut out = String::new();
    let hits = registry.find_in(text);
    for (range, term) in &hits {
        let term = &registry.terms()[*term as usize];
        let line = text[..range.start].matches('\n').count() + 1;
        let standing = match clock.standing(term.until.as_ref()) {
            Standing::Secret => "secret",
            Standing::Embargoed => "under embargo",
            Standing::Due => "due",
        };
        let _ = writeln!(out, "line {line}: {} ({}, {standing})", term.label, term.kind);
    }
    if hits.is_empty() {
        out = "no registered term\n".to_owned();
    }
    Ok(Answer { out, notes: Vec::new(), found: !hits.is_empty() })
}
