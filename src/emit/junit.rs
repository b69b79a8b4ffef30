//! `junit`: a suite a draft, a case a finding. What does not fail the run is a skipped case, so that nothing is lost.

use super::escape::xml;
use super::{Checked, Failed, Format, Summary, View};
use crate::finding::Confidence;
use crate::policy::FailOn;
use crate::span::ColumnUnit;
use std::io::{self, Write};

/// JUnit XML.
pub struct Junit;

impl Format for Junit {
    fn head(&self, _view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"draftlint\">\n")
    }

    fn draft(&self, view: &View<'_>, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let path = xml(checked.path);
        let mut cases = String::new();
        let (mut tests, mut failures, mut skipped) = (0, 0, 0);
        for line in checked.lines_for(view, self, ColumnUnit::CodePoint) {
            let finding = &line.judged.finding;
            let counts = finding.confidence >= Confidence::Medium
                && matches!(checked.fail_on, FailOn::Severity(least) if finding.severity >= least);
            tests += 1;
            let message =
                format!("line {}, column {}: {}; {}", line.start.line, line.start.column, line.message, line.advice);
            let name = format!("{} {}:{}", line.rule.full_id(), line.start.line, line.start.column);
            let outcome = if counts {
                failures += 1;
                format!("<failure type=\"{}\" message=\"{}\"/>", finding.severity, xml(&message))
            } else {
                skipped += 1;
                format!("<skipped message=\"{}: {}\"/>", finding.severity, xml(&message))
            };
            cases.push_str(&format!(
                "    <testcase classname=\"{path}\" name=\"{}\">{outcome}</testcase>\n",
                xml(&name)
            ));
        }
        if tests == 0 {
            tests = 1;
            cases.push_str(&format!("    <testcase classname=\"{path}\" name=\"draftlint\"/>\n"));
        }
        let _ = write!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">\n{cases}  </testsuite>\n"
        );
    }

    fn failed(&self, _view: &View<'_>, failed: &Failed<'_>, out: &mut Vec<u8>) {
        let path = xml(failed.path);
        let _ = write!(
            out,
            "  <testsuite name=\"{path}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    <testcase classname=\"{path}\" name=\"draftlint\">\
             <error type=\"{}\" message=\"{}\"/></testcase>\n  </testsuite>\n",
            failed.code,
            xml(failed.message)
        );
    }

    fn tail(&self, _view: &View<'_>, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"</testsuites>\n")
    }
}
