//! `checkstyle`: Checkstyle XML.

use super::escape::xml;
use super::{Checked, Failed, Format, Summary, View};
use crate::finding::Severity;
use crate::span::ColumnUnit;
use std::io::{self, Write};

/// Checkstyle XML.
pub struct Checkstyle;

impl Format for Checkstyle {
    fn head(&self, _view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n")
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let _ = writeln!(out, "  <file name=\"{}\">", xml(checked.path));
        for line in checked.lines_for(view, self, ColumnUnit::CodePoint) {
            let severity = match line.judged.finding.severity {
                Severity::Note => "info",
                other => other.name(),
            };
            let _ = writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}; {}\" source=\"draftlint.{}\"/>",
                line.start.line,
                line.start.column,
                xml(&line.message),
                xml(line.advice),
                xml(line.rule.full_id()),
            );
        }
        out.extend_from_slice(b"  </file>\n");
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let _ = writeln!(
            out,
            "  <file name=\"{}\">\n    <error line=\"{}\" severity=\"error\" message=\"not checked: {}\" source=\"draftlint.not-checked\"/>\n  </file>",
            xml(failed.path),
            failed.line.unwrap_or(1),
            xml(failed.message)
        );
    }

    fn tail(&self, _view: &View<'_>, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"</checkstyle>\n")
    }
}
