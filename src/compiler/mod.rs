//! From rule files to one flat pack.
//!
//! Used at build time for the rules that ship and at run time for a user's folder. Names nothing of the crate but
//! `text`, its neighbour here and in the build script.

mod diagnostic;
mod language;
pub mod layout;
mod notation;
mod program;
pub mod reach;
mod reader;
mod rule_file;
pub mod trie;
pub mod weights;

pub use diagnostic::{CompileError, CompileErrors, nearest};
pub use rule_file::{OTHERS, RULE_WORDS};

use layout::{Blob, LANGUAGES};
use std::collections::BTreeMap;

/// One file of a rule folder.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path inside the folder, with `/`: `vague/stock-phrase.toml`, `lexicons/fr/praise-word.txt`.
    pub path: String,
    /// How errors name it.
    pub shown: String,
    /// Its text.
    pub text: String,
}

/// What the folders hold, sorted by role.
#[derive(Default)]
pub(crate) struct Sources<'a> {
    pub rules: Vec<&'a SourceFile>,
    /// (language, name) → file; the language may be `any`.
    pub lexicons: BTreeMap<(String, String), &'a SourceFile>,
    pub evidence: BTreeMap<(String, String), &'a SourceFile>,
    pub endings: BTreeMap<String, &'a SourceFile>,
    pub languages: BTreeMap<String, &'a SourceFile>,
    pub weights: BTreeMap<String, &'a SourceFile>,
    pub thesaurus: BTreeMap<String, &'a SourceFile>,
}

/// Compiles a whole set of files. Later files of the same path replace earlier ones.
pub fn compile(files: &[SourceFile]) -> Result<Vec<u32>, CompileErrors> {
    let mut errors = CompileErrors::default();
    let mut by_path: BTreeMap<&str, &SourceFile> = BTreeMap::new();
    for file in files {
        by_path.insert(&file.path, file);
    }
    let mut sources = Sources::default();
    for (path, file) in by_path {
        let parts: Vec<&str> = path.split('/').collect();
        let stem = |name: &str, ending: &str| name.strip_suffix(ending).map(str::to_owned);
        match parts.as_slice() {
            ["lexicons", language, name] if name.ends_with(".txt") => {
                sources.lexicons.insert(((*language).to_owned(), stem(name, ".txt").unwrap_or_default()), file);
            }
            ["evidence", language, name] if name.ends_with(".txt") => {
                sources.evidence.insert(((*language).to_owned(), stem(name, ".txt").unwrap_or_default()), file);
            }
            ["endings", name] if name.ends_with(".toml") => {
                sources.endings.insert(stem(name, ".toml").unwrap_or_default(), file);
            }
            ["language", name] if name.ends_with(".toml") => {
                sources.languages.insert(stem(name, ".toml").unwrap_or_default(), file);
            }
            ["weights", name] if name.ends_with(".txt") => {
                sources.weights.insert(stem(name, ".txt").unwrap_or_default(), file);
            }
            ["thesaurus", name] if name.ends_with(".txt") => {
                sources.thesaurus.insert(stem(name, ".txt").unwrap_or_default(), file);
            }
            [_family, name] if name.ends_with(".toml") => sources.rules.push(file),
            _ => {}
        }
    }
    let mut strings = layout::Strings::default();
    let rules = rule_file::read_all(&sources.rules, &mut errors);
    let mut blob = Blob::default();
    let mut votes = BTreeMap::new();
    for (index, name) in LANGUAGES.iter().enumerate() {
        let data = language::read(&sources, name, &mut errors);
        if index < 4 {
            for word in &data.stop_words {
                *votes.entry(word.clone()).or_insert(0u32) |= 1 << index;
            }
        }
        language::compile(index, name, &data, &sources, &rules, &mut strings, &mut blob, &mut errors);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let vote_words: Vec<(Vec<u16>, u32)> =
        votes.into_iter().map(|(word, mask)| (trie::key(&word, false), mask)).collect();
    let (base, check) = trie::build(vote_words);
    blob.set(layout::VOTE_BASE, base);
    blob.set(layout::VOTE_CHECK, check);
    rule_file::write(&rules, &mut strings, &mut blob);
    blob.set(layout::HASH, layout::content_hash(files));
    blob.set(layout::STRINGS, strings.into_words());
    Ok(blob.into_words())
}
