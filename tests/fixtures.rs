//! Whole posts with the findings expected of them: `fixtures/LANG/NAME.md` beside `NAME.expected`.
//!
//! One line a finding at warning or error with confidence medium or high:
//! `severity family/rule line:column-end_line:end_column`, by place and then by rule; clean posts have an empty file.
//! `BLESS=1 cargo test --test fixtures` writes the files anew: read the difference before you commit it.

use draftlint::draft::Draft;
use draftlint::finding::{Confidence, Severity};
use draftlint::linter::{Linter, Options};
use draftlint::pack::Pack;
use draftlint::rule_tests::DAY;
use draftlint::span::{ColumnUnit, LineIndex};
use std::fs;
use std::path::{Path, PathBuf};

fn posts(language: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(language);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md" || e == "txt"))
        .collect();
    paths.sort();
    paths
}

fn findings(linter: &Linter<'_>, path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let draft = Draft::from_bytes(&name, &fs::read(path).unwrap(), None).unwrap();
    let index = LineIndex::new(&draft.text);
    let mut lines = Vec::new();
    for finding in linter.lint(&draft).findings {
        if finding.severity == Severity::Note || finding.confidence == Confidence::Low {
            continue;
        }
        let start = index.position(&draft.text, finding.span.start, ColumnUnit::CodePoint);
        let end = index.position(&draft.text, finding.span.end, ColumnUnit::CodePoint);
        let rule = linter.pack().rule(finding.rule).full_id();
        lines.push((start, end, rule, finding.severity));
    }
    lines.sort();
    lines
        .iter()
        .map(|(start, end, rule, severity)| {
            format!("{severity} {rule} {}:{}-{}:{}\n", start.line, start.column, end.line, end.column)
        })
        .collect()
}

fn check(language: &str) {
    let options = Options { as_of: DAY, ..Options::default() };
    let linter = Linter::new(Pack::embedded(), options);
    let bless = std::env::var_os("BLESS").is_some_and(|v| v == "1");
    let mut wrong = String::new();
    let mut clean = 0;
    let posts = posts(language);
    for path in &posts {
        let found = findings(&linter, path);
        let beside = path.with_extension("expected");
        if bless {
            fs::write(&beside, &found).unwrap();
        }
        let expected = fs::read_to_string(&beside)
            .unwrap_or_else(|e| panic!("{}: {e}; run with BLESS=1 to write it", beside.display()))
            .replace("\r\n", "\n");
        if expected != found {
            wrong += &format!("{}\nexpected:\n{expected}found:\n{found}\n", path.display());
        }
        clean += usize::from(expected.is_empty());
        let named_clean = path.file_name().unwrap().to_string_lossy().starts_with("clean-");
        if named_clean && !found.is_empty() {
            wrong += &format!("{} is a clean post, found:\n{found}\n", path.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(posts.len() >= 6, "{language}: {} posts", posts.len());
    assert!(clean * 2 >= posts.len(), "{language}: {clean} clean of {}", posts.len());
}

#[test]
fn english() {
    check("en");
}

#[test]
fn french() {
    check("fr");
}

#[test]
fn dutch() {
    check("nl");
}

#[test]
fn russian() {
    check("ru");
}
