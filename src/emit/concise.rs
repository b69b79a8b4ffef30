//! `concise`: one line a finding, as compilers write them.

use super::{Checked, Format, Summary, View, escape, words};
use crate::span::ColumnUnit;
use std::io::{self, Write};

/// One line a finding.
pub struct Concise;

impl Format for Concise {
    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let path = escape::visible(checked.path);
        for line in checked.lines_for(view, self, ColumnUnit::CodePoint) {
            let severity = line.judged.finding.severity;
            let style = words::severity_style(severity);
            let dim = words::DIM;
            let _ = writeln!(
                out,
                "{path}:{}:{}: {style}{severity}{style:#}: {}; {} {dim}[{}]{dim:#}",
                line.start.line,
                line.start.column,
                line.message,
                line.advice,
                line.rule.full_id(),
            );
        }
    }

    fn tail(&self, view: &View<'_>, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if view.quiet { Ok(()) } else { writeln!(out, "{}", words::counts_line(view.run_language(), summary)) }
    }

    fn shows_everything(&self) -> bool {
        false
    }
}
