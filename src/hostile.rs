//! What any bytes may do to each reader: nothing but an answer. The entries of the fuzz targets (`fuzz/`), which the
//! ordinary tests (`tests/fuzz.rs`) use too.

use crate::compiler::SourceFile;
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

/// Compiles files to a pack and reads a text with it; says whether they could be compiled.
fn compile<P: AsRef<str>>(files: &[(P, &str)]) -> bool {
    let files: Vec<SourceFile> = files
        .iter()
        .map(|(path, text)| SourceFile {
            shown: path.as_ref().to_owned(),
            path: path.as_ref().to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    let pack = match Pack::from_files(&files) {
        Ok(pack) => pack,
        Err(errors) => {
            drop(errors.to_string());
            return false;
        }
    };
    let linter = Linter::new(&pack, Options::default());
    for text in READ {
        for finding in linter.lint(&Draft::from_text("a", (*text).to_owned(), Format::Text)).findings {
            assert!(text.get(finding.span.start..finding.span.end).is_some(), "a span within the text");
        }
    }
    true
}

/// Posts for patterns to match, made of what the seeds are made of.
const READ: &[&str] = &[
    "We expect our list to stem a 12% rise, a b c; \"we will\" not d, e or f.\n\nA a a a b? Stems!",
    "Мы ожидаем, что выручка вырастет на 12 %: a b c.",
];

/// A pattern in an otherwise sound rule, in all languages, and as the entry of a list; says whether it is one.
pub fn patterns(bytes: &[u8]) -> bool {
    let pattern = String::from_utf8_lossy(bytes).replace(['\0', '\n', '\r'], " ");
    let mut rule = RULE_HEAD.to_owned() + &languages("");
    let quoted = serde_json::Value::from(pattern.as_str());
    rule.push_str(&format!(
        "[any]\npatterns = [{quoted}, {{ match = \"a\", unless = [{{ what = {quoted}, within = \"clause\" }}] }}]\n\
         frames = [{{ slots = {{ one = {quoted}, two = \"@words\" }} }}]\n"
    ));
    compile(&[
        ("vague/a.toml", &rule),
        ("lexicons/any/list.txt", "list\nstem*\na b\n"),
        ("lexicons/any/words.txt", &pattern),
        ("endings/en.toml", ENDINGS),
        ("endings/fr.toml", ENDINGS),
        ("endings/nl.toml", ENDINGS),
        ("endings/ru.toml", ENDINGS),
    ])
}

const ENDINGS: &str = "e = [\"\", \"s\", \"а\"]\n";

/// What a rule says of itself before its languages.
const RULE_HEAD: &str = "id = \"a\"\ncategory = \"vague\"\ntitle = \"a\"\nwhy = \"a\"\nseverity = \"note\"\nconfidence = \"low\"\nstatus = \"stable\"\n";

/// A rule file; says whether it is one.
pub fn rule_files(bytes: &[u8]) -> bool {
    compile(&[
        ("vague/a.toml", &String::from_utf8_lossy(bytes)),
        ("lexicons/any/list.txt", "list\nstem*\na b\n"),
        ("endings/en.toml", ENDINGS),
    ])
}

/// The weights of a classifier, which a rule believes whatever its score; says whether they are sound.
pub fn weights(bytes: &[u8]) -> bool {
    let scores = |score: f32| LANGUAGES.map(|language| format!("{language} = {score:.1}")).join(", ");
    let classifier =
        format!("classifier = {{ model = \"a\", above = {{ {} }}, below = {{ {} }} }}\n", scores(-99.0), scores(99.0));
    let rule = format!("{RULE_HEAD}{classifier}{}", languages(""));
    let weights = String::from_utf8_lossy(bytes);
    let files = LANGUAGES.map(|l| (format!("weights/{l}.txt"), format!("thesaurus/{l}.txt")));
    let of_language = |(of, thesaurus)| [(of, weights.as_ref()), (thesaurus, "a: revenue* list\n")];
    let mut files: Vec<(String, &str)> = files.into_iter().flat_map(of_language).collect();
    files.push(("vague/a.toml".to_owned(), &rule));
    compile(&files)
}

/// A thesaurus of which a rule's pattern names a sense; says whether it is sound.
pub fn thesaurus(bytes: &[u8]) -> bool {
    let thesaurus = String::from_utf8_lossy(bytes);
    let rule = RULE_HEAD.to_owned() + &languages(SENSE);
    let mut files = LANGUAGES.map(|language| (format!("thesaurus/{language}.txt"), thesaurus.as_ref())).to_vec();
    files.push(("vague/a.toml".to_owned(), &rule));
    compile(&files)
}

/// A pattern with a sense, and the examples that a pattern needs.
const SENSE: &str = "patterns = [\"we …3 @sense-a\"]\nbad = [\"[[a]]\", \"[[a]]\"]\ngood = [\"b\", \"c\"]\n";

const LANGUAGES: [&str; 4] = ["en", "fr", "nl", "ru"];

/// The tables of a rule's languages, each with `more` at its end.
fn languages(more: &str) -> String {
    LANGUAGES.map(|language| format!("[{language}]\nmessage = \"a\"\nadvice = \"a\"\n{more}")).concat()
}

/// `draftlint.toml`.
pub fn configuration(bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!("draftlint-fuzz-{}.toml", std::process::id()));
    if std::fs::write(&path, bytes).is_ok() {
        match Chain::of(&path) {
            Ok(chain) => drop(chain.settings(Some(&path), &crate::config::Layer::default(), Pack::embedded())),
            Err(errors) => drop(errors.to_string()),
        }
        drop(std::fs::remove_file(&path));
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
