//! `json` and `jsonl`: the records that scripts read. Their form is a contract; see `report.schema.json`.

use super::{Checked, Failed, Format, Line, SCHEMA_VERSION, Summary, View};
use crate::finding::{Ask, Finding};
use crate::report::Missing;
use crate::span::ColumnUnit;
use serde::Serialize;
use std::io::{self, Write};

/// One document.
pub struct Json;
/// A document a line.
pub struct JsonLines;

#[derive(Serialize)]
struct Record<'a> {
    schema_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    language: &'a str,
    as_of: String,
    words: usize,
    specificity: Option<f64>,
    #[serde(skip_serializing_if = "<[Missing]>::is_empty")]
    missing: &'a [Missing],
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel<'a>>,
    findings: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Channel<'a> {
    name: &'a str,
    count: usize,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    family: &'a str,
    category: &'a str,
    severity: &'a str,
    confidence: &'a str,
    scope: &'a str,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'a str,
    advice: &'a str,
    ask: Vec<Ask>,
    labels: Vec<LabelOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixOut<'a>>,
    url: String,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<SuppressionOut<'a>>,
}

#[derive(Serialize)]
struct LabelOut<'a> {
    start: usize,
    end: usize,
    role: &'a str,
}

#[derive(Serialize)]
struct FixOut<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    applicability: &'a str,
}

#[derive(Serialize)]
struct SuppressionOut<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'a str>,
}

/// The fix of a finding, where it may be shown: a redacted report holds no words at all.
pub(super) fn shown_fix<'a>(view: &View<'_>, finding: &'a Finding) -> Option<&'a crate::finding::Fix> {
    finding.fix.as_ref().filter(|_| !view.redact)
}

fn entry<'a>(view: &View<'_>, checked: &Checked<'_>, line: &'a Line<'a>) -> Entry<'a> {
    let finding = &line.judged.finding;
    Entry {
        rule: line.rule.full_id(),
        family: line.rule.family().name(),
        category: line.rule.category().name(),
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        scope: finding.scope.name(),
        start: finding.span.start,
        end: finding.span.end,
        line: line.start.line,
        column: line.start.column,
        end_line: line.end.line,
        end_column: line.end.column,
        message: &line.message,
        advice: line.advice,
        ask: line.rule.ask(),
        labels: finding
            .labels
            .iter()
            .map(|l| LabelOut { start: l.span.start, end: l.span.end, role: &l.role })
            .collect(),
        fix: shown_fix(view, finding).map(|f| FixOut {
            start: f.span.start,
            end: f.span.end,
            text: &f.text,
            applicability: f.applicability.name(),
        }),
        url: line.rule.url(),
        fingerprint: line.judged.fingerprint.to_string(),
        text: (view.include_text && !view.redact).then(|| checked.words(finding.span)),
        suppression: line.judged.suppression.as_ref().map(|s| SuppressionOut {
            kind: if s.external { "baseline" } else { "in-source" },
            reason: s.reason.as_deref().filter(|_| !view.redact),
            approved_by: s.approved_by.as_deref(),
            until: s.until.as_deref(),
        }),
    }
}

fn record(format: &dyn Format, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
    let report = &checked.assessed.report;
    let unit = ColumnUnit::CodePoint;
    let lines: Vec<Line<'_>> = checked.lines_for(view, format, unit).collect();
    let suppressed: Vec<Line<'_>> = checked.suppressed(view, unit).collect();
    let record = Record {
        schema_version: SCHEMA_VERSION,
        id: checked.id,
        path: checked.id.is_none().then_some(checked.path),
        language: report.language.name(),
        as_of: report.as_of.to_string(),
        words: report.words,
        specificity: report.specificity.map(|s| (s * 1_000.0).round() / 1_000.0),
        missing: &report.missing,
        encoding: checked.id.is_none().then_some(checked.draft.encoding),
        channel: report.channel_count.as_ref().map(|(name, count, limit)| Channel {
            name,
            count: *count,
            limit: *limit,
        }),
        findings: lines.iter().map(|l| entry(view, checked, l)).collect(),
        suppressed: suppressed.iter().map(|l| entry(view, checked, l)).collect(),
    };
    // writing into memory does not fail
    let _ = serde_json::to_writer(&mut *out, &record);
}

fn failed(failed: &Failed<'_>, out: &mut Vec<u8>) {
    let mut value = serde_json::json!({ "schema_version": SCHEMA_VERSION });
    match failed.line {
        Some(line) => {
            value["id"] = failed.id.cloned().unwrap_or(serde_json::Value::Null);
            value["line"] = line.into();
        }
        None => value["path"] = failed.path.into(),
    }
    value["error"] = serde_json::json!({ "code": failed.code, "message": failed.message });
    let _ = serde_json::to_writer(&mut *out, &value);
}

impl Format for JsonLines {
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        record(self, view, checked, out);
        out.push(b'\n');
    }

    fn failed(&self, _view: &View<'_>, error: &Failed<'_>, out: &mut Vec<u8>) {
        failed(error, out);
        out.push(b'\n');
    }
}

impl Format for Json {
    fn head(&self, view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        let tool =
            serde_json::json!({ "name": "draftlint", "version": env!("CARGO_PKG_VERSION"), "rules": view.pack.hash() });
        write!(out, "{{\"schema_version\":{SCHEMA_VERSION},\"tool\":{tool},\"files\":[")
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        out.push(b'\n');
        record(self, view, checked, out);
    }

    fn failed(&self, _view: &View<'_>, error: &Failed<'_>, out: &mut Vec<u8>) {
        out.push(b'\n');
        failed(error, out);
    }

    fn tail(&self, _view: &View<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let [notes, warnings, errors] = summary.counts.by_severity;
        let value = serde_json::json!({
            "drafts": summary.drafts, "held": summary.held, "failed": summary.failed,
            "errors": errors, "warnings": warnings, "notes": notes, "low_confidence": summary.counts.unsure,
            "suppressed": summary.counts.allowed, "in_baseline": summary.counts.known,
        });
        writeln!(out, "\n],\"summary\":{value}}}")
    }
}
