//! Errors of rule files: what was found, what is allowed, the nearest match, the place.

use std::fmt;

/// One error in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The file as the user knows it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in code points, from 1.
    pub column: usize,
    /// What was found and what is allowed.
    pub message: String,
    /// The nearest allowed name, where one is near.
    pub help: Option<String>,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// A file that is none of its kind would have an error a line: from here on they are not listed.
const MAX_ERRORS_A_FILE: usize = 100;

/// All errors of one compilation, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompileErrors(pub Vec<CompileError>);

impl CompileErrors {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(
        &mut self,
        file: &super::SourceFile,
        offset: usize,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        let of_file = self.0.iter().filter(|error| error.file == file.shown).count();
        if of_file > MAX_ERRORS_A_FILE {
            return;
        }
        let (message, help) = match of_file {
            MAX_ERRORS_A_FILE => (format!("more than {MAX_ERRORS_A_FILE} errors; the rest is not listed"), None),
            _ => (message.into(), help),
        };
        let offset = offset.min(file.text.len());
        let before = file.text.get(..offset).unwrap_or(&file.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let error = CompileError { file: file.shown.clone(), line, column, message, help };
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }
}

impl fmt::Display for CompileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileErrors {}

/// The allowed name nearest to `found`, when it is near enough to be meant (a third of its letters, at least one).
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (found.chars().count() / 3).max(1);
    allowed
        .into_iter()
        .map(|name| (distance(found, name), name))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map(|(_, name)| name)
}

/// Edits (insert, delete, replace, swap of neighbours) between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for j in 0..=b.len() {
        rows[0][j] = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            rows[i][j] = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[a.len()][b.len()]
}

pub(crate) fn did_you_mean<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>, sigil: &str) -> Option<String> {
    nearest(found, allowed).map(|name| format!("did you mean `{sigil}{name}`?"))
}
