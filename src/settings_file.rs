//! Reads a settings file value by value; every complaint names file, line, column, what is allowed and what is near.

use crate::compiler::nearest;
use crate::date::Date;
use crate::file;
use crate::span::LineIndex;
use std::cell::Cell;
use std::path::Path;
use std::{fmt, io};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
pub type Value<'a> = Spanned<DeValue<'a>>;

/// A place in a settings file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user knows it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in code points, from 1.
    pub column: usize,
}

/// Settings and profiles are written by people: longer files are refused.
pub const MAX_BYTES: u64 = 1 << 20;
/// Whoever reads so many mistakes has understood; the rest of them costs time and is not looked for.
pub const MAX_ERRORS: usize = 100;

/// The text of a settings file.
pub fn read(path: &Path) -> io::Result<String> {
    file::text_up_to(path, MAX_BYTES)
}

impl Place {
    /// The place of byte `offset` of a file's text.
    pub fn of(file: &str, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { file: file.to_owned(), line, column }
    }
}

/// What is wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// Where; without a place, the message names the file.
    pub place: Option<Place>,
    /// What was found, what is allowed, what is near.
    pub message: String,
}

impl SettingsError {
    /// What is said instead of the errors that are too many.
    pub fn more(shown: &str) -> Self {
        Self { place: None, message: format!("{shown}: more than {MAX_ERRORS} mistakes; the others are not shown") }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SettingsError {}

/// All errors of the files that were read together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsErrors(pub Vec<SettingsError>);

impl SettingsErrors {
    /// One error.
    pub fn one(place: Option<Place>, message: impl Into<String>) -> Self {
        Self(vec![SettingsError { place, message: message.into() }])
    }
}

impl fmt::Display for SettingsErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsErrors {}

/// Reads values and gathers what is wrong with them.
pub struct Reader<'t> {
    /// The file's text.
    pub text: &'t str,
    /// The file as the user knows it.
    pub shown: String,
    /// What was wrong so far; at most [`MAX_ERRORS`] and a word that there are more.
    pub errors: Vec<SettingsError>,
    lines: LineIndex,
    /// The byte that was last asked for, with its place: the next one is mostly near, and often on the same long line.
    last: Cell<(usize, usize, usize)>,
}

impl<'t> Reader<'t> {
    /// Nothing is read yet.
    pub fn new(text: &'t str, shown: String) -> Self {
        Self { text, shown, errors: Vec::new(), lines: LineIndex::new(text), last: Cell::new((0, 1, 1)) }
    }
}

impl Reader<'_> {
    /// The place of a byte.
    pub fn place(&self, offset: usize) -> Place {
        let line = self.lines.line_of(offset);
        let (known, on, column) = self.last.get();
        let (from, column) = match on == line && known <= offset {
            true => (known, column),
            false => (self.lines.line_span(self.text, line).start, 1),
        };
        let column = column + self.text.get(from..offset).map_or(0, |t| t.chars().count());
        self.last.set((offset, line, column));
        Place { file: self.shown.clone(), line, column }
    }

    /// Whether there are too many mistakes for more to be said.
    pub fn is_full(&self) -> bool {
        self.errors.len() > MAX_ERRORS
    }

    /// Takes note of an error at a byte.
    pub fn error(&mut self, offset: usize, message: impl Into<String>) {
        match self.errors.len() {
            0..MAX_ERRORS => {
                let place = Some(self.place(offset));
                self.errors.push(SettingsError { place, message: message.into() });
            }
            MAX_ERRORS => self.errors.push(SettingsError::more(&self.shown)),
            _ => {}
        }
    }

    /// A key that is not among the allowed ones.
    pub fn unknown(&mut self, offset: usize, written: &str, place: &str, allowed: &[&str]) {
        if self.is_full() {
            return;
        }
        let hint = match nearest(written, allowed.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("allowed: {}", allowed.join(", ")),
        };
        self.error(offset, format!("`{written}` is no setting {place}; {hint}"));
    }

    /// A value of another kind than is wanted.
    pub fn wrong(&mut self, value: &Value<'_>, key: &str, wanted: &str) {
        let found = value.get_ref().type_str();
        self.error(value.span().start, format!("`{key}` must be {wanted}, found {found}"));
    }

    /// A table.
    pub fn table<'v, 'a>(&mut self, value: &'v Value<'a>, key: &str, wanted: &str) -> Option<&'v DeTable<'a>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, key, wanted);
        }
        table
    }

    /// The values of a list.
    pub fn array<'v, 'a>(&mut self, value: &'v Value<'a>, key: &str, wanted: &str) -> Vec<&'v Value<'a>> {
        match value.get_ref().as_array() {
            Some(list) => list.iter().collect(),
            None => {
                self.wrong(value, key, wanted);
                Vec::new()
            }
        }
    }

    /// A string with words in it, without white space round it.
    pub fn string(&mut self, value: &Value<'_>, key: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.wrong(value, key, "a string with words in it");
        }
        text
    }

    /// True or false.
    pub fn boolean(&mut self, value: &Value<'_>, key: &str) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(value, key, "true or false");
        }
        found
    }

    /// A whole number from 0.
    pub fn count(&mut self, value: &Value<'_>, key: &str) -> Option<usize> {
        let found = value.get_ref().as_integer().and_then(|i| usize::from_str_radix(i.as_str(), i.radix()).ok());
        if found.is_none() {
            self.wrong(value, key, "a whole number from 0");
        }
        found
    }

    /// A number from 0.
    pub fn number(&mut self, value: &Value<'_>, key: &str) -> Option<f64> {
        let found = match value.get_ref() {
            DeValue::Float(f) => f.as_str().parse::<f64>().ok(),
            DeValue::Integer(i) => i.as_str().parse::<f64>().ok(),
            _ => None,
        };
        let found = found.filter(|n| n.is_finite() && *n >= 0.0);
        if found.is_none() {
            self.wrong(value, key, "a number from 0");
        }
        found
    }

    /// A day, as a string or as TOML writes days.
    pub fn date(&mut self, value: &Value<'_>, key: &str) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(day) => day.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong(value, key, "a day such as 2026-11-30");
                return None;
            }
        };
        let day = Date::parse(&text);
        if day.is_none() {
            self.error(value.span().start, format!("`{key}` is no day of the calendar; write it as 2026-11-30"));
        }
        day
    }

    /// One of a few words.
    pub fn one_of(&mut self, value: &Value<'_>, key: &str, allowed: &[&str]) -> Option<String> {
        let text = self.string(value, key)?;
        if allowed.contains(&text.as_str()) {
            return Some(text);
        }
        let hint = nearest(&text, allowed.iter().copied()).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
        self.error(value.span().start, format!("`{key}` cannot be `{text}`; allowed: {}{hint}", allowed.join(", ")));
        None
    }

    /// Some of a few words.
    pub fn list_of(&mut self, value: &Value<'_>, key: &str, allowed: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        for (text, at) in self.strings(value, key) {
            if allowed.contains(&text.as_str()) {
                out.push(text);
            } else {
                let hint =
                    nearest(&text, allowed.iter().copied()).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                self.error(at, format!("`{key}` cannot hold `{text}`; allowed: {}{hint}", allowed.join(", ")));
            }
        }
        out
    }

    /// Strings of a list, or the one string that stands instead of it, with their places.
    pub fn strings(&mut self, value: &Value<'_>, key: &str) -> Vec<(String, usize)> {
        if let Some(text) = value.get_ref().as_str() {
            return vec![(text.trim().to_owned(), value.span().start)];
        }
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(value, key, "a list of strings");
            return Vec::new();
        };
        let mut out = Vec::new();
        for entry in list.iter() {
            match entry.get_ref().as_str().map(str::trim) {
                Some("") => self.error(entry.span().start, format!("`{key}` holds an empty string")),
                Some(text) => out.push((text.to_owned(), entry.span().start)),
                None => self.wrong(entry, key, "a list of strings"),
            }
        }
        out
    }
}
