//! `github`: workflow commands that become annotations.

use super::{Checked, Failed, Format, Summary, View, escape, words};
use crate::finding::Severity;
use crate::span::ColumnUnit;
use std::io::{self, Write};

/// Workflow commands.
pub struct Github;

fn data(text: &str) -> String {
    escape::visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Format for Github {
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        for line in checked.lines_for(view, self, ColumnUnit::CodePoint) {
            let command = match line.judged.finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let _ = write!(
                out,
                "::{command} file={},line={},endLine={}",
                property(checked.path),
                line.start.line,
                line.end.line
            );
            // columns mean nothing to GitHub when a finding runs over several lines
            if line.start.line == line.end.line {
                let _ = write!(out, ",col={},endColumn={}", line.start.column, line.end.column);
            }
            let _ = writeln!(
                out,
                ",title={}::{}%0A{}",
                property(line.rule.full_id()),
                data(&line.message),
                data(line.advice)
            );
        }
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let _ = writeln!(out, "::error file={},title=draftlint::{}", property(failed.path), data(failed.message));
    }

    fn tail(&self, view: &View<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if view.quiet { Ok(()) } else { writeln!(out, "{}", words::counts_line(view.run_language(), summary)) }
    }

    fn shows_everything(&self) -> bool {
        false
    }
}
