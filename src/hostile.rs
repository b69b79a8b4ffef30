//! What any bytes may do to each reader: nothing but an answer. The entries of the fuzz targets (`fuzz/`), which the
//! ordinary tests (`tests/fuzz.rs`) use too.

use crate::compiler::{self, SourceFile};
use crate::config::Chain;
use crate::document::block;
use crate::draft::{Draft, Format};
use crate::emit::escape;
use crate::jsonl::{self, Lines};
use crate::linter::{Linter, Options};
use crate::pack::Pack;
use lazy_static::lazy_static;

lazy_static! {
    static ref LINTER: Linter<'static> = Linter::new(Pack::embedded(), Options::default());
}

fn judge(draft: &Draft) {
    let report = LINTER.lint(draft);
    for finding in &report.findings {
        let span = finding.span;
        assert!(draft.text.get(span.start..span.end).is_some(), "a span within the text, between characters");
    }
    let clean = block::clean(draft);
    assert!(clean.len() <= draft.text.len());
    assert!(!escape::visible(&clean).contains('\u{1b}'));
}

/// A file of any format; the first byte chooses.
pub fn document(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let name = ["a.md", "a.txt", "a.docx", "a"][usize::from(first % 4)];
    if let Ok(mut draft) = Draft::from_bytes(name, rest, None) {
        draft.limits.paragraph_bytes = if first & 128 == 0 { 1 } else { 1 << 20 };
        judge(&draft);
    }
}

/// HTML.
pub fn html(bytes: &[u8]) {
    judge(&Draft::from_text("a.html", String::from_utf8_lossy(bytes).into_owned(), Format::Html));
}

fn compile(files: &[(&str, String)]) {
    let files: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| SourceFile { shown: (*path).to_owned(), path: (*path).to_owned(), text: text.clone() })
        .collect();
    let _ = compiler::compile(&files);
}

/// A pattern in an otherwise sound rule.
pub fn patterns(bytes: &[u8]) {
    let pattern = String::from_utf8_lossy(bytes).replace('\0', " ");
    let rule = format!(
        "id = \"a\"\ncategory = \"vague\"\ntitle = \"a\"\nwhy = \"a\"\nseverity = \"note\"\nconfidence = \"low\"\nstatus = \"stable\"\n\
         [en]\nmessage = \"a\"\nadvice = \"a\"\npatterns = [{}]\n",
        serde_json::Value::from(pattern.as_str())
    );
    compile(&[("vague/a.toml", rule), ("lexicons/en/list.txt", pattern)]);
}

/// A rule file.
pub fn rule_files(bytes: &[u8]) {
    compile(&[("vague/a.toml", String::from_utf8_lossy(bytes).into_owned())]);
}

/// `draftlint.toml`.
pub fn configuration(bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!("draftlint-fuzz-{}.toml", std::process::id()));
    if std::fs::write(&path, bytes).is_ok() {
        match Chain::of(&path) {
            Ok(chain) => drop(chain.settings(Some(&path), &crate::config::Layer::default(), Pack::embedded())),
            Err(errors) => drop(errors.to_string()),
        }
    }
}

/// JSON lines.
pub fn json_lines(bytes: &[u8]) {
    let mut lines = Lines::new(bytes);
    while let Ok(batch) = lines.batch(16) {
        if batch.is_empty() {
            break;
        }
        for line in batch {
            if let Some(Ok(record)) = line.bytes.map(|bytes| jsonl::record(&bytes)) {
                judge(&record.draft);
            }
        }
    }
}

/// What an editor sends.
pub fn lsp_framing(bytes: &[u8]) {
    crate::lsp::read_all(bytes);
}
