//! A baseline: fingerprints of findings that are known, so that only new ones fail.

use super::fingerprint::Fingerprint;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

/// The version of the file format.
const VERSION: u64 = 1;

/// Why a baseline could not be used; each message is one line.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file could not be read or written.
    #[error("{0}: {why}", why = crate::file::why(.1))]
    Io(String, std::io::Error),
    /// It is no baseline.
    #[error("{0}: not a baseline ({1}); write a new one with `draftlint baseline`")]
    Malformed(String, String),
    /// Written by a later version of draftlint.
    #[error(
        "{0}: baseline of version {1}, this draftlint reads up to {VERSION}; update draftlint or write a new baseline"
    )]
    Newer(String, u64),
}

/// What stands in the file for one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    rule: String,
    /// As the file names it.
    path: String,
    /// Where that is.
    place: PathBuf,
    /// The draft is no longer there: it was renamed, or never was a file.
    orphan: bool,
}

/// Known findings and which of them were met in this run.
#[derive(Debug, Default)]
pub struct Baseline {
    path: PathBuf,
    known: BTreeMap<Fingerprint, Vec<Known>>,
    met: Mutex<BTreeSet<(Fingerprint, usize)>>,
}

/// A path as the system sees it from here, without asking the system.
fn place(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => _ = clean.pop(),
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

/// `path` as seen from `folder`, both as `place` gives them; forward slashes, so that all systems read the same file.
fn seen_from(folder: &Path, path: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (folder.components().collect(), path.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".into(), from.len() - shared);
    up.chain(to[shared..].iter().map(|c| c.as_os_str().to_string_lossy())).collect::<Vec<_>>().join("/")
}

/// The folder that the paths in a baseline are seen from.
fn folder(baseline: &Path) -> PathBuf {
    place(baseline).parent().map_or_else(PathBuf::new, Path::to_owned)
}

impl Baseline {
    /// Reads a baseline file.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let shown = path.display().to_string();
        let text = crate::file::text(path).map_err(|e| BaselineError::Io(shown.clone(), e))?;
        let malformed = |why: &str| BaselineError::Malformed(shown.clone(), why.to_owned());
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| malformed(&format!("line {}", e.line())))?;
        let version = value
            .get("schema_version")
            .and_then(serde_json::Value::as_u64)
            .ok_or_else(|| malformed("no schema_version"))?;
        if version > VERSION {
            return Err(BaselineError::Newer(shown, version));
        }
        let list = value.get("findings").and_then(|f| f.as_array()).ok_or_else(|| malformed("no findings"))?;
        let folder = folder(path);
        let mut known: BTreeMap<Fingerprint, Vec<Known>> = BTreeMap::new();
        for entry in list {
            let field = |name: &str| entry.get(name).and_then(|v| v.as_str()).unwrap_or("");
            let fingerprint =
                Fingerprint::parse(field("fingerprint")).ok_or_else(|| malformed("a fingerprint that is none"))?;
            let place = place(&folder.join(field("path")));
            let orphan = !place.is_file();
            let of = Known { rule: field("rule").to_owned(), path: field("path").to_owned(), place, orphan };
            known.entry(fingerprint).or_default().push(of);
        }
        Ok(Self { path: path.to_owned(), known, met: Mutex::default() })
    }

    /// Whether the finding is known in this draft. The same words in another draft are new, unless the draft they were
    /// known in is gone, as after a rename, or this one has no place. Which thread asks first does not matter.
    pub fn meets(&self, fingerprint: Fingerprint, draft: &str) -> bool {
        let Some(known) = self.known.get(&fingerprint) else { return false };
        let here = (!draft.is_empty()).then(|| place(Path::new(draft)));
        let own = known.iter().position(|k| here.as_ref().is_none_or(|h| *h == k.place));
        let Some(number) = own.or_else(|| known.iter().position(|k| k.orphan)) else { return false };
        self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert((fingerprint, number));
        true
    }

    /// Forgets what was met: a server judges the same draft again and again.
    pub fn forget(&self) {
        self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Entries of the drafts `checked` that no finding met: they were mended, or their rule changed. Rule and path of each.
    pub fn gone(&self, checked: &[String]) -> Vec<(&str, &str)> {
        let checked: BTreeSet<PathBuf> = checked.iter().map(|name| place(Path::new(name))).collect();
        let met = self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut gone: Vec<(&str, &str)> = Vec::new();
        for (fingerprint, known) in &self.known {
            for (number, of) in known.iter().enumerate() {
                if checked.contains(&of.place) && !met.contains(&(*fingerprint, number)) {
                    gone.push((&of.rule, &of.path));
                }
            }
        }
        gone.sort_by_key(|(rule, path)| (*path, *rule));
        gone
    }

    /// Where it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes a baseline of these findings (fingerprint, rule, path of the draft); sorted, so that two runs write the same bytes.
pub fn write(path: &Path, findings: &[(Fingerprint, String, String)]) -> Result<usize, BaselineError> {
    let folder = folder(path);
    let entries: BTreeSet<(String, &str, Fingerprint)> = findings
        .iter()
        .map(|(fingerprint, rule, draft)| (seen_from(&folder, &place(Path::new(draft))), rule.as_str(), *fingerprint))
        .collect();
    let list: Vec<serde_json::Value> = entries
        .iter()
        .map(|(draft, rule, fingerprint)| {
            serde_json::json!({ "path": draft, "rule": rule, "fingerprint": fingerprint.to_string() })
        })
        .collect();
    let value = serde_json::json!({ "schema_version": VERSION, "tool": "draftlint", "findings": list });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    crate::file::replace(path, &text).map_err(|e| BaselineError::Io(path.display().to_string(), e))?;
    Ok(findings.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_baseline() {
        let seen = |folder: &str, path: &str| seen_from(Path::new(folder), Path::new(path));
        assert_eq!(seen("/a/b", "/a/b/c/d.md"), "c/d.md");
        assert_eq!(seen("/a/b", "/a/x.md"), "../x.md");
        assert_eq!(place(Path::new("/a/./b/../c.md")), Path::new("/a/c.md"));
    }
}
