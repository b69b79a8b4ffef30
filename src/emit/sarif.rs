//! `sarif`: SARIF 2.1.0, for code hosts and audit.

use super::{Checked, Columns, Failed, Format, Line, Summary, View, json};
use crate::finding::{Confidence, Severity};
use crate::report::Suppression;
use crate::span::{ColumnUnit, Span};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write};

/// SARIF 2.1.0.
pub struct Sarif;

fn level(severity: Severity) -> &'static str {
    severity.name()
}

/// How far up a list of findings this one belongs, 0 to 100.
fn rank(severity: Severity, confidence: Confidence) -> f64 {
    let (severity, confidence) = (severity as u8, confidence as u8);
    f64::from(severity * 30 + confidence * 15 + 10)
}

/// A path as a URI reference.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b'@'
            | b'+'
            | b'='
            | b'!'
            | b'('
            | b')'
            | b',' => out.push(byte as char),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

fn rules(view: &View<'_>) -> Vec<Value> {
    let language = view.run_language();
    view.pack
        .rules()
        .map(|rule| {
            let advice = rule.advice(language);
            let page = rule.page();
            json!({
                "id": rule.full_id(),
                "name": rule.slug(),
                "shortDescription": { "text": rule.title(language) },
                "fullDescription": { "text": page.why.trim() },
                "helpUri": rule.url(),
                "help": {
                    "text": format!("{}\n\n{}", advice, page.why.trim()),
                    "markdown": format!("**{}**\n\n{}", advice, page.why.trim()),
                },
                "defaultConfiguration": { "level": level(rule.severity()) },
                "properties": {
                    "category": rule.category().name(),
                    "confidence": rule.confidence().name(),
                    "ask": rule.ask().iter().map(|a| a.name()).collect::<Vec<_>>(),
                    // a family and its category may share a name; tags are a set
                    "tags": std::collections::BTreeSet::from([rule.family().name(), rule.category().name()]),
                },
            })
        })
        .collect()
}

fn region(line: &Line<'_>, checked: &Checked<'_>, view: &View<'_>) -> Value {
    let span = line.judged.finding.span;
    let mut region = json!({
        "startLine": line.start.line, "startColumn": line.start.column, "endLine": line.end.line, "endColumn": line.end.column,
        "byteOffset": span.start, "byteLength": span.len(),
    });
    if view.include_text && !view.redact {
        region["snippet"] = json!({ "text": checked.words(span) });
    }
    region
}

fn place(checked: &Checked<'_>, columns: &mut Columns<'_>, span: Span) -> Value {
    let (start, end) = (columns.position(span.start), columns.position(span.end));
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(checked.path) },
            "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column },
        }
    })
}

fn suppression(suppression: &Suppression, view: &View<'_>) -> Value {
    let mut why: Vec<String> = suppression.reason.iter().filter(|_| !view.redact).cloned().collect();
    why.extend(suppression.approved_by.iter().map(|role| format!("approved by {role}")));
    why.extend(suppression.until.iter().map(|day| format!("until {day}")));
    let mut value = json!({ "kind": "inSource", "status": "accepted" });
    if !why.is_empty() {
        value["justification"] = why.join("; ").into();
    }
    value
}

fn result(line: &Line<'_>, checked: &Checked<'_>, view: &View<'_>) -> Value {
    let finding = &line.judged.finding;
    let mut value = json!({
        "ruleId": line.rule.full_id(),
        "ruleIndex": finding.rule,
        "level": level(finding.severity),
        "rank": rank(finding.severity, finding.confidence),
        "message": { "text": format!("{}: {}", line.message, line.advice) },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(checked.path) }, "region": region(line, checked, view) } }],
        "partialFingerprints": { "draftlintContext/v1": line.judged.fingerprint.to_string() },
        "properties": { "confidence": finding.confidence.name(), "scope": finding.scope.name(), "language": finding.language.name() },
    });
    let mut columns = Columns::new(&checked.draft.text, checked.lines, ColumnUnit::CodePoint);
    if !finding.labels.is_empty() {
        let related = finding.labels.iter().enumerate().map(|(i, label)| {
            let mut place = place(checked, &mut columns, label.span);
            place["id"] = (i + 1).into();
            place["message"] = json!({ "text": label.role });
            place
        });
        value["relatedLocations"] = related.collect();
    }
    if let Some(fix) = json::shown_fix(view, finding) {
        let mut region = place(checked, &mut columns, fix.span)["physicalLocation"]["region"].take();
        if let Some(region) = region.as_object_mut() {
            region.retain(|_, v| !v.is_null());
        }
        value["fixes"] = json!([{
            "description": { "text": line.advice },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri(checked.path) },
                "replacements": [{ "deletedRegion": region, "insertedContent": { "text": fix.text } }],
            }],
        }]);
    }
    match &line.judged.suppression {
        Some(known) if known.external => value["baselineState"] = "unchanged".into(),
        other => {
            if checked.has_baseline {
                value["baselineState"] = "new".into();
            }
            if let Some(given) = other {
                value["suppressions"] = json!([suppression(given, view)]);
            }
        }
    }
    value
}

impl Format for Sarif {
    fn head(&self, view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        let driver = json!({
            "name": "draftlint",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": "https://github.com/draftlint/draftlint",
            "rules": rules(view),
        });
        write!(
            out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\
             \"columnKind\":\"unicodeCodePoints\",\"redactionTokens\":[\"{}\"],\"tool\":{{\"driver\":{driver}}},\"results\":[",
            super::escape::MASK
        )
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let unit = ColumnUnit::CodePoint;
        for (i, line) in checked.lines_for(view, self, unit).chain(checked.suppressed(view, unit)).enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.push(b'\n');
            let _ = serde_json::to_writer(&mut *out, &result(&line, checked, view));
        }
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        // a result without a rule of its own: whoever reads the log alone sees that the draft was not checked
        let text = match failed.line {
            Some(line) => format!("line {line} was not checked: {}", failed.message),
            None => format!("not checked: {}", failed.message),
        };
        let value = json!({
            "ruleId": "draftlint/not-checked", "kind": "fail", "level": "error", "message": { "text": text },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(failed.path) }, "region": { "startLine": failed.line.unwrap_or(1) } } }],
        });
        let _ = write!(out, "\n{value}");
    }

    fn tail(&self, _view: &View<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let done = summary.failed == 0;
        writeln!(out, "\n],\"invocations\":[{{\"executionSuccessful\":{done}}}]}}]}}")
    }
}
