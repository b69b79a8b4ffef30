//! TOML with places: every key and value knows where it stands, unknown keys are errors with the nearest match.

use super::SourceFile;
use super::diagnostic::{CompileErrors, did_you_mean};
use toml::de::{DeTable, DeValue};

/// A value and the byte where it starts.
#[derive(Clone, Debug)]
pub struct Value {
    pub at: usize,
    pub data: Data,
}

#[derive(Clone, Debug)]
pub enum Data {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    List(Vec<Value>),
    Table(Table),
    Other,
}

/// A table with its keys in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub at: usize,
    pub entries: Vec<(String, usize, Value)>,
}

/// Parses a file; syntax errors are reported and give `None`.
pub fn parse(file: &SourceFile, errors: &mut CompileErrors) -> Option<Table> {
    match DeTable::parse(&file.text) {
        Ok(table) => Some(convert_table(0, table.into_inner())),
        Err(error) => {
            let at = error.span().map_or(0, |s| s.start);
            errors.push(file, at, error.message().replace('\n', "; "), None);
            None
        }
    }
}

fn convert_table(at: usize, table: DeTable<'_>) -> Table {
    let mut entries: Vec<(String, usize, Value)> = table
        .into_iter()
        .map(|(key, value)| {
            let key_at = key.span().start;
            (key.into_inner().into_owned(), key_at, convert(value.span().start, value.into_inner()))
        })
        .collect();
    entries.sort_by_key(|(_, at, _)| *at);
    Table { at, entries }
}

fn convert(at: usize, value: DeValue<'_>) -> Value {
    let data = match value {
        DeValue::String(text) => Data::Text(text.into_owned()),
        DeValue::Integer(number) => number.to_string().parse().map_or(Data::Other, Data::Integer),
        DeValue::Float(number) => number.to_string().parse().map_or(Data::Other, Data::Float),
        DeValue::Boolean(value) => Data::Boolean(value),
        DeValue::Datetime(_) => Data::Other,
        DeValue::Array(values) => {
            Data::List(values.into_iter().map(|v| convert(v.span().start, v.into_inner())).collect())
        }
        DeValue::Table(table) => Data::Table(convert_table(at, table)),
    };
    Value { at, data }
}

impl Data {
    fn kind(&self) -> &'static str {
        match self {
            Data::Text(_) => "a string",
            Data::Integer(_) => "an integer",
            Data::Float(_) => "a number",
            Data::Boolean(_) => "true or false",
            Data::List(_) => "a list",
            Data::Table(_) => "a table",
            Data::Other => "a date or time",
        }
    }
}

/// A table being read: asks for known keys and reports the rest.
pub struct Fields<'a, 'e> {
    pub file: &'a SourceFile,
    pub table: &'a Table,
    pub errors: &'e mut CompileErrors,
}

impl<'a> Fields<'a, '_> {
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.table.entries.iter().find(|(k, _, _)| k == key).map(|(_, _, v)| v)
    }

    /// Reports keys that are not allowed here.
    pub fn only(&mut self, allowed: &[&str]) {
        for (key, at, _) in &self.table.entries {
            if !allowed.contains(&key.as_str()) {
                let message = format!("unknown key `{key}`; allowed here: {}", allowed.join(", "));
                self.errors.push(self.file, *at, message, did_you_mean(key, allowed.iter().copied(), ""));
            }
        }
    }

    fn wrong(&mut self, value: &Value, key: &str, wanted: &str) {
        let message = format!("`{key}` is {}, not {}", wanted, value.data.kind());
        self.errors.push(self.file, value.at, message, None);
    }

    pub fn text(&mut self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        match &value.data {
            Data::Text(text) => Some(text.clone()),
            _ => {
                self.wrong(value, key, "a string");
                None
            }
        }
    }

    pub fn required_text(&mut self, key: &str) -> String {
        if self.get(key).is_none() {
            self.errors.push(self.file, self.table.at, format!("the key `{key}` is missing"), None);
            return String::new();
        }
        self.text(key).unwrap_or_default()
    }

    pub fn one_of(&mut self, key: &str, allowed: &[&str], default: u32) -> u32 {
        let Some(value) = self.get(key) else { return default };
        let Some(text) = self.text(key) else { return default };
        allowed.iter().position(|name| *name == text).map_or_else(
            || {
                let message = format!("`{key}` is `{text}`; allowed: {}", allowed.join(", "));
                self.errors.push(self.file, value.at, message, did_you_mean(&text, allowed.iter().copied(), ""));
                default
            },
            |i| i as u32,
        )
    }

    pub fn boolean(&mut self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        match value.data {
            Data::Boolean(b) => Some(b),
            _ => {
                self.wrong(value, key, "true or false");
                None
            }
        }
    }

    pub fn number(&mut self, key: &str) -> Option<f64> {
        let value = self.get(key)?;
        match value.data {
            Data::Integer(n) => Some(n as f64),
            Data::Float(n) if n.is_finite() => Some(n),
            _ => {
                self.wrong(value, key, "a number");
                None
            }
        }
    }

    pub fn count(&mut self, key: &str) -> Option<u32> {
        let value = self.get(key)?;
        match value.data {
            Data::Integer(n) if (0..=1_000_000).contains(&n) => Some(n as u32),
            _ => {
                self.wrong(value, key, "a whole number from 0 to 1,000,000");
                None
            }
        }
    }

    pub fn list(&mut self, key: &str) -> Vec<&'a Value> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match &value.data {
            Data::List(values) => values.iter().collect(),
            _ => {
                self.wrong(value, key, "a list");
                Vec::new()
            }
        }
    }

    pub fn texts(&mut self, key: &str) -> Vec<(String, usize)> {
        let mut out = Vec::new();
        for value in self.list(key) {
            match &value.data {
                Data::Text(text) => out.push((text.clone(), value.at)),
                _ => self.wrong(value, key, "a list of strings"),
            }
        }
        out
    }

    /// A list of names as a bit mask.
    pub fn mask(&mut self, key: &str, allowed: &[&str]) -> u32 {
        let mut mask = 0;
        for (text, at) in self.texts(key) {
            match allowed.iter().position(|name| *name == text) {
                Some(i) => mask |= 1 << i,
                None => {
                    let message = format!("`{key}` holds `{text}`; allowed: {}", allowed.join(", "));
                    self.errors.push(self.file, at, message, did_you_mean(&text, allowed.iter().copied(), ""));
                }
            }
        }
        mask
    }

    pub fn table(&mut self, key: &str) -> Option<&'a Table> {
        let value = self.get(key)?;
        match &value.data {
            Data::Table(table) => Some(table),
            _ => {
                self.wrong(value, key, "a table");
                None
            }
        }
    }
}
