//! Reads a TOML file value by value; every complaint names file, line, column, what is allowed and what is near.

use crate::compiler::nearest;
use crate::date::Date;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// What is wrong with a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    /// The file as the user knows it.
    pub file: String,
    /// Line and column in code points, both from 1; none when the file could not be read at all.
    pub place: Option<(usize, usize)>,
    /// What was found, what is allowed, what is near.
    pub message: String,
}

/// Everything that is wrong with the files of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileErrors(pub Vec<ProfileError>);

impl fmt::Display for ProfileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            match error.place {
                Some((line, column)) => write!(f, "{}:{line}:{column}: {}", error.file, error.message)?,
                None => write!(f, "{}: {}", error.file, error.message)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for ProfileErrors {}

pub(super) struct Reader<'t> {
    pub text: &'t str,
    pub shown: String,
    pub errors: Vec<ProfileError>,
}

impl Reader<'_> {
    pub fn error(&mut self, offset: usize, message: impl Into<String>) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        self.errors.push(ProfileError {
            file: self.shown.clone(),
            place: Some((line, column)),
            message: message.into(),
        });
    }

    /// A key that is not among the allowed ones.
    pub fn unknown(&mut self, offset: usize, written: &str, place: &str, allowed: &[&str]) {
        let hint = match nearest(written, allowed.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("allowed: {}", allowed.join(", ")),
        };
        self.error(offset, format!("`{written}` is no setting {place}; {hint}"));
    }

    fn wrong(&mut self, value: &Value<'_>, key: &str, wanted: &str) {
        let found = value.get_ref().type_str();
        self.error(value.span().start, format!("`{key}` must be {wanted}, found {found}"));
    }

    pub fn table<'v, 'a>(&mut self, value: &'v Value<'a>, key: &str, wanted: &str) -> Option<&'v DeTable<'a>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, key, wanted);
        }
        table
    }

    pub fn array<'v, 'a>(&mut self, value: &'v Value<'a>, key: &str, wanted: &str) -> Vec<&'v Value<'a>> {
        match value.get_ref().as_array() {
            Some(list) => list.iter().collect(),
            None => {
                self.wrong(value, key, wanted);
                Vec::new()
            }
        }
    }

    pub fn string(&mut self, value: &Value<'_>, key: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.wrong(value, key, "a string with words in it");
        }
        text
    }

    pub fn boolean(&mut self, value: &Value<'_>, key: &str) -> Option<bool> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(value, key, "true or false");
        }
        found
    }

    pub fn count(&mut self, value: &Value<'_>, key: &str) -> Option<usize> {
        let found = value.get_ref().as_integer().and_then(|i| usize::from_str_radix(i.as_str(), i.radix()).ok());
        if found.is_none() {
            self.wrong(value, key, "a whole number from 0");
        }
        found
    }

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

    pub fn one_of(&mut self, value: &Value<'_>, key: &str, allowed: &[&str]) -> Option<String> {
        let text = self.string(value, key)?;
        if allowed.contains(&text.as_str()) {
            return Some(text);
        }
        let hint = nearest(&text, allowed.iter().copied()).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
        self.error(value.span().start, format!("`{key}` cannot be `{text}`; allowed: {}{hint}", allowed.join(", ")));
        None
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
