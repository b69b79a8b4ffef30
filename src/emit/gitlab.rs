//! `gitlab`: a code quality report.

use super::{Checked, Failed, Format, Summary, View};
use crate::finding::Severity;
use crate::span::ColumnUnit;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Code quality.
pub struct Gitlab;

/// GitLab wants a fingerprint to be unique in its report; the same sentence may stand in two drafts.
fn unique(path: &str, fingerprint: &str) -> String {
    let hash = Sha256::new().chain_update(path).chain_update([0]).chain_update(fingerprint).finalize();
    hash[..16].iter().map(|b| format!("{b:02x}")).collect()
}

impl Format for Gitlab {
    fn head(&self, _view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        for (i, line) in checked.lines_for(view, self, ColumnUnit::CodePoint).enumerate() {
            let severity = match line.judged.finding.severity {
                Severity::Note => "info",
                Severity::Warning => "minor",
                Severity::Error => "major",
            };
            let value = json!({
                // GitLab hides the name of the check, so the description begins with it
                "description": format!("{}: {}; {}", line.rule.full_id(), line.message, line.advice),
                "check_name": line.rule.full_id(),
                "fingerprint": unique(checked.path, &line.judged.fingerprint.to_string()),
                "severity": severity,
                "location": { "path": checked.path, "lines": { "begin": line.start.line, "end": line.end.line } },
            });
            let _ = write!(out, "{}\n{value}", if i > 0 { "," } else { "" });
        }
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let value = json!({
            "description": format!("not checked: {}", failed.message),
            "check_name": "draftlint/not-checked",
            "fingerprint": unique(failed.path, failed.code),
            "severity": "blocker",
            "location": { "path": failed.path, "lines": { "begin": failed.line.unwrap_or(1) } },
        });
        let _ = write!(out, "\n{value}");
    }

    fn tail(&self, _view: &View<'_>, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}
