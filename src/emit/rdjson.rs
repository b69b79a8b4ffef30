//! `rdjson`: Reviewdog diagnostics. Columns are UTF-8 bytes, from 1; an end is one past the last.

use super::{Checked, Columns, Failed, Format, Summary, View, json};
use crate::finding::Severity;
use crate::span::{ColumnUnit, Position};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Reviewdog diagnostics.
pub struct Rdjson;

fn range(start: Position, end: Position) -> Value {
    json!({ "start": { "line": start.line, "column": start.column }, "end": { "line": end.line, "column": end.column } })
}

impl Format for Rdjson {
    fn head(&self, _view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        let source = json!({ "name": "draftlint", "url": "https://github.com/draftlint/draftlint" });
        write!(out, "{{\"source\":{source},\"diagnostics\":[")
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let mut columns = Columns::new(&checked.draft.text, checked.lines, ColumnUnit::Utf8);
        for (i, line) in checked.lines_for(view, self, ColumnUnit::Utf8).enumerate() {
            let severity = match line.judged.finding.severity {
                Severity::Note => "INFO",
                Severity::Warning => "WARNING",
                Severity::Error => "ERROR",
            };
            let mut value = json!({
                "message": format!("{}: {}", line.message, line.advice),
                "location": { "path": checked.path, "range": range(line.start, line.end) },
                "severity": severity,
                "code": { "value": line.rule.full_id(), "url": line.rule.url() },
            });
            if let Some(fix) = json::shown_fix(view, &line.judged.finding) {
                let range = range(columns.position(fix.span.start), columns.position(fix.span.end));
                value["suggestions"] = json!([{ "range": range, "text": fix.text }]);
            }
            let _ = write!(out, "{}\n{value}", if i > 0 { "," } else { "" });
        }
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let value = json!({ "message": format!("not checked: {}", failed.message), "location": { "path": failed.path }, "severity": "ERROR" });
        let _ = write!(out, "\n{value}");
    }

    fn tail(&self, _view: &View<'_>, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]}\n")
    }
}
