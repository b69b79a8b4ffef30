//! Labelled JSON lines: what the specificity score and the classifiers are fitted from.
//!
//! A line holds `text` (or `plain`, which goes first) and its label, which whoever fits something reads; it may hold `lang`
//! and `weight`.

use crate::draft::{Draft, Format};
use std::path::PathBuf;

/// A file of labelled lines and how much each line counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// JSON lines.
    pub file: PathBuf,
    /// Of each line.
    pub weight: f64,
}

/// A labelled line.
#[derive(Debug)]
pub struct Line {
    /// Its text, in its language.
    pub draft: Draft,
    /// How much it counts: its own weight times that of its file.
    pub weight: f64,
    /// All that it holds.
    pub value: serde_json::Value,
}

/// Why labelled lines cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelledError {
    /// The file cannot be read.
    #[error("{}: {}", file.display(), crate::file::why(error))]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A line is not what it should be.
    #[error("{}:{line}: {what}", file.display())]
    Line {
        /// Which file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it; never words of the line.
        what: String,
    },
    /// A weight that is no positive number.
    #[error("`{0}`: a weight is a positive number")]
    Weight(String),
}

impl Source {
    /// `FILE` or `FILE:WEIGHT`.
    pub fn parse(text: &str) -> Result<Self, LabelledError> {
        let whole = Self { file: PathBuf::from(text), weight: 1.0 };
        let Some((file, weight)) = text.rsplit_once(':') else { return Ok(whole) };
        match weight.parse::<f64>() {
            Ok(number) if number.is_finite() && number > 0.0 => Ok(Self { file: PathBuf::from(file), weight: number }),
            Ok(_) => Err(LabelledError::Weight(weight.to_owned())),
            // a colon of the file's own
            Err(_) => Ok(whole),
        }
    }

    /// Its name without folders and its weight, as the head of a weights' file says where they come from.
    pub fn shown(&self) -> String {
        let name = self.file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        format!("{name}:{}", self.weight)
    }
}

/// Reads all lines; `each` says what is wrong with a line's label.
pub fn read(sources: &[Source], each: &mut dyn FnMut(Line) -> Result<(), String>) -> Result<(), LabelledError> {
    for source in sources {
        let text = std::fs::read_to_string(&source.file)
            .map_err(|error| LabelledError::Unreadable { file: source.file.clone(), error })?;
        for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            parse(line, source.weight).and_then(&mut *each).map_err(|what| LabelledError::Line {
                file: source.file.clone(),
                line: i + 1,
                what,
            })?;
        }
    }
    Ok(())
}

fn parse(line: &str, of_file: f64) -> Result<Line, String> {
    let value: serde_json::Value =
        serde_json::from_str(line).map_err(|e| format!("no JSON (column {})", e.column()))?;
    let text = value["plain"].as_str().or(value["text"].as_str()).ok_or("no `text`")?;
    let own = match &value["weight"] {
        serde_json::Value::Null => 1.0,
        weight => weight.as_f64().filter(|w| *w > 0.0).ok_or("`weight` is a positive number")?,
    };
    let mut draft = Draft::from_text("", text.to_owned(), Format::Text);
    draft.front_matter.lang = value["lang"].as_str().map(str::to_owned);
    Ok(Line { draft, weight: own * of_file, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_their_weights() {
        assert_eq!(Source::parse("a.jsonl:2.5").unwrap(), Source { file: "a.jsonl".into(), weight: 2.5 });
        assert_eq!(Source::parse("a.jsonl").unwrap().weight, 1.0);
        assert_eq!(Source::parse("c:a.jsonl").unwrap().file, PathBuf::from("c:a.jsonl"));
        assert!(matches!(Source::parse("a.jsonl:0"), Err(LabelledError::Weight(_))));
        assert!(matches!(Source::parse("a.jsonl:NaN"), Err(LabelledError::Weight(_))));
    }
}
