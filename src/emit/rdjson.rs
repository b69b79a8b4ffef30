//! `rdjson` and `rdjsonl`: Reviewdog diagnostics, one document or one a line. Columns are UTF-8 bytes, from 1; an end is
//! one past the last.

use super::{Checked, Columns, Failed, Format, Line, Summary, View, json};
use crate::finding::Severity;
use crate::span::{ColumnUnit, Position};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Reviewdog diagnostics.
pub struct Rdjson;

/// The same, a diagnostic a line.
pub struct RdjsonLines;

fn source() -> Value {
    json!({ "name": "draftlint", "url": "https://github.com/draftlint/draftlint" })
}

fn range(start: Position, end: Position) -> Value {
    json!({ "start": { "line": start.line, "column": start.column }, "end": { "line": end.line, "column": end.column } })
}

/// The diagnostics of one draft.
fn diagnostics(view: &View<'_>, checked: &Checked<'_>, format: &dyn Format) -> Vec<Value> {
    let mut columns = Columns::new(&checked.draft.text, checked.lines, ColumnUnit::Utf8);
    let diagnostic = |line: Line<'_>| {
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
        value
    };
    checked.lines_for(view, format, ColumnUnit::Utf8).map(diagnostic).collect()
}

fn not_checked(failed: &Failed<'_>) -> Value {
    json!({ "message": format!("not checked: {}", failed.message), "location": { "path": failed.path }, "severity": "ERROR" })
}

impl Format for Rdjson {
    fn head(&self, _view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"source\":{},\"diagnostics\":[", source())
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        for (i, value) in diagnostics(view, checked, self).iter().enumerate() {
            let _ = write!(out, "{}\n{value}", if i > 0 { "," } else { "" });
        }
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let _ = write!(out, "\n{}", not_checked(failed));
    }

    fn tail(&self, _view: &View<'_>, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"\n]}\n")
    }
}

impl Format for RdjsonLines {
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        for mut value in diagnostics(view, checked, self) {
            value["source"] = source();
            let _ = writeln!(out, "{value}");
        }
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let mut value = not_checked(failed);
        value["source"] = source();
        let _ = writeln!(out, "{value}");
    }
}
