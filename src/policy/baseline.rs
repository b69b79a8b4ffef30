//! A baseline: fingerprints of findings that are known, so that only new ones fail.

use super::fingerprint::Fingerprint;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The version of the file format.
const VERSION: u64 = 1;

/// Why a baseline could not be used; each message is one line.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file could not be read or written.
    #[error("{0}: {1}")]
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
    path: String,
    count: usize,
}

/// Known findings and which of them were met in this run.
#[derive(Debug, Default)]
pub struct Baseline {
    path: PathBuf,
    known: BTreeMap<Fingerprint, Known>,
    met: Mutex<BTreeMap<Fingerprint, usize>>,
}

impl Baseline {
    /// Reads a baseline file.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| BaselineError::Io(shown.clone(), e))?;
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
        let mut known = BTreeMap::new();
        for entry in list {
            let field = |name: &str| entry.get(name).and_then(|v| v.as_str()).unwrap_or("");
            let fingerprint =
                Fingerprint::parse(field("fingerprint")).ok_or_else(|| malformed("a fingerprint that is none"))?;
            let slot = known.entry(fingerprint).or_insert(Known {
                rule: field("rule").to_owned(),
                path: field("path").to_owned(),
                count: 0,
            });
            slot.count += entry.get("count").and_then(serde_json::Value::as_u64).unwrap_or(1) as usize;
        }
        Ok(Self { path: path.to_owned(), known, met: Mutex::default() })
    }

    /// Whether the finding is known; each entry answers for as many findings as it counts.
    pub fn meets(&self, fingerprint: Fingerprint) -> bool {
        let Some(known) = self.known.get(&fingerprint) else { return false };
        let mut met = self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let count = met.entry(fingerprint).or_insert(0);
        *count += 1;
        *count <= known.count
    }

    /// Forgets what was met: a server judges the same draft again and again.
    pub fn forget(&self) {
        self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Entries of these drafts that no finding met: they were mended, or their rule changed.
    pub fn gone(&self, seen: impl Fn(&str) -> bool) -> Vec<(Fingerprint, String, String)> {
        let met = self.met.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let missing = |f: &Fingerprint, k: &Known| met.get(f).copied().unwrap_or(0) < k.count && seen(&k.path);
        self.known.iter().filter(|(f, k)| missing(f, k)).map(|(f, k)| (*f, k.rule.clone(), k.path.clone())).collect()
    }

    /// Where it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Writes a baseline of these findings (fingerprint, rule, path of the draft); sorted, so that two runs write the same bytes.
pub fn write(path: &Path, findings: &[(Fingerprint, String, String)]) -> Result<usize, BaselineError> {
    let mut entries: BTreeMap<(&str, &str, Fingerprint), usize> = BTreeMap::new();
    for (fingerprint, rule, draft) in findings {
        *entries.entry((draft, rule, *fingerprint)).or_insert(0) += 1;
    }
    let list: Vec<serde_json::Value> = entries
        .iter()
        .map(|((draft, rule, fingerprint), count)| {
            let mut entry = serde_json::json!({ "path": draft, "rule": rule, "fingerprint": fingerprint.to_string() });
            if *count > 1 {
                entry["count"] = (*count).into();
            }
            entry
        })
        .collect();
    let value = serde_json::json!({ "schema_version": VERSION, "tool": "draftlint", "findings": list });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    std::fs::write(path, text).map_err(|e| BaselineError::Io(path.display().to_string(), e))?;
    Ok(findings.len())
}
