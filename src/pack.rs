//! The compiled rules, read in place: nothing is parsed when a program starts.

use crate::compiler::layout::{self, LANGUAGES, Section};
use crate::compiler::{self, CompileErrors, SourceFile, nearest};
use crate::finding::{Ask, Category, Confidence, Family, Language, Severity};
use flate2::read::DeflateDecoder;
use lazy_static::lazy_static;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Bytes that start at a multiple of four, as an array of words must.
#[repr(C, align(4))]
struct Aligned<T: ?Sized>(T);

static EMBEDDED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/pack.bin")));
/// Paths and texts of the shipped files, all but the weights.
static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.json"));
/// Those of the weights, deflated.
static WEIGHTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/weights.json.deflate"));

/// The files that ship; weights only when they are asked for: they are most of it.
fn shipped_files(with_weights: bool) -> Vec<SourceFile> {
    let mut archive: Vec<(String, String)> = serde_json::from_slice(ARCHIVE).unwrap_or_default();
    if with_weights {
        let weights: Vec<_> = serde_json::from_reader(BufReader::new(DeflateDecoder::new(WEIGHTS))).unwrap_or_default();
        archive.extend(weights);
    }
    archive.into_iter().map(|(path, text)| SourceFile { shown: format!("rules/{path}"), path, text }).collect()
}

lazy_static! {
    static ref PACK: Pack = Pack::from_words(Cow::Borrowed(bytemuck::cast_slice(&EMBEDDED.0)))
        .unwrap_or_else(|_| Pack::from_words(Cow::Owned(Vec::new())).unwrap_or_else(|_| unreachable!()));
}

/// Why a rule folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The rules have errors; all of them are listed, one a line.
    #[error("{0}")]
    Compile(#[from] CompileErrors),
    /// The folder or one of its files could not be read.
    #[error("{path}: {}", crate::file::why(source))]
    Read {
        /// The path as given.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds no rule.
    #[error("{0}: no rule file (expected <family>/<rule>.toml)")]
    Empty(String),
    /// The words are no pack of this version.
    #[error("the compiled rules are of another version")]
    Version,
}

/// A compiled set of rules.
pub struct Pack {
    words: Cow<'static, [u32]>,
    languages: [LanguagePack; 5],
}

/// Where the sections of one language lie.
#[derive(Clone, Copy, Debug, Default)]
struct LanguagePack {
    sections: [(u32, u32); layout::LANGUAGE_SECTIONS],
}

/// One language's part of a pack.
#[derive(Clone, Copy)]
pub struct Lexis<'p> {
    pub(crate) trie_base: &'p [u32],
    pub(crate) trie_check: &'p [u32],
    pub(crate) symbol_lists: &'p [u32],
    pub(crate) anchor_index: &'p [u32],
    pub(crate) anchors: &'p [u32],
    pub(crate) whole_index: &'p [u32],
    pub(crate) wholes: &'p [u32],
    pub(crate) patterns: &'p [u32],
    pub(crate) program: &'p [u32],
    pub(crate) frames: &'p [u32],
    pub(crate) entries: &'p [u32],
    pub(crate) conditions: &'p [u32],
    pub(crate) scoped: &'p [u32],
    pub(crate) density: &'p [u32],
    pub(crate) document: &'p [u32],
    pub(crate) weights: &'p [u32],
    pub(crate) symbol_weights: &'p [u32],
    pub(crate) classified: &'p [u32],
    pub(crate) symbol_count: usize,
    pub(crate) stage_count: usize,
}

impl<'p> Lexis<'p> {
    /// The symbols of the list at `at`, and how many of them, from the first on, wake something.
    #[inline]
    pub(crate) fn symbols(&self, at: u32) -> (&'p [u32], usize) {
        let list = self.symbol_lists.get(at as usize..).unwrap_or(&[]);
        let [head, waking, rest @ ..] = list else { return (&[], 0) };
        (&rest[..(head & !layout::ONLY_SENSES) as usize], *waking as usize)
    }

    /// The lists that take in a symbol as it stands.
    #[inline]
    pub(crate) fn wholes_of(&self, symbol: u32) -> &'p [u32] {
        let at = symbol as usize;
        &self.wholes[self.whole_index[at] as usize..self.whole_index[at + 1] as usize]
    }

    /// Whether rules of the language know a folded word, the whole of it or (when asked) a stem; what the thesaurus alone knows
    /// does not count.
    pub(crate) fn knows(&self, word: &str, stems: bool) -> bool {
        let list = walk(self.trie_base, self.trie_check, word, stems);
        list.and_then(|at| self.symbol_lists.get(at as usize)).is_some_and(|head| head & layout::ONLY_SENSES == 0)
    }

    /// Whether the list at `at` holds `symbol`.
    #[inline]
    pub(crate) fn holds(&self, at: u32, symbol: u32) -> bool {
        let (symbols, waking) = if at == layout::NONE { return false } else { self.symbols(at) };
        let (first, rest) = symbols.split_at(waking);
        first.binary_search(&symbol).is_ok() || rest.binary_search(&symbol).is_ok()
    }
}

impl Pack {
    /// The rules that ship with the program.
    pub fn embedded() -> &'static Pack {
        &PACK
    }

    fn from_words(words: Cow<'static, [u32]>) -> Result<Pack, PackError> {
        let known = words.first() == Some(&layout::MAGIC) && words.get(1) == Some(&layout::VERSION);
        if !known && !words.is_empty() {
            return Err(PackError::Version);
        }
        let mut languages = [LanguagePack::default(); 5];
        for (l, language) in languages.iter_mut().enumerate() {
            for (s, place) in language.sections.iter_mut().enumerate() {
                let section = layout::section(l, Section::TrieBase) + s;
                *place = (
                    words.get(2 + 2 * section).copied().unwrap_or(0),
                    words.get(3 + 2 * section).copied().unwrap_or(0),
                );
            }
        }
        Ok(Pack { words, languages })
    }

    /// Compiles rule folders. With `with_embedded` they are added to the rules that ship; without, only the word lists,
    /// endings and language data that ship are kept.
    pub fn from_folders(folders: &[PathBuf], with_embedded: bool) -> Result<Pack, PackError> {
        let mut own = Vec::new();
        for folder in folders {
            let before = own.len();
            read_folder(folder, "", 0, &mut own)?;
            if own[before..].iter().all(|f| !f.path.ends_with(".toml")) {
                return Err(PackError::Empty(folder.display().to_string()));
            }
        }
        let shipped = || -> Vec<SourceFile> {
            let kept = |file: &SourceFile| {
                with_embedded
                    || ["language/", "endings/", "evidence/", "lexicons/", "thesaurus/", "weights/"]
                        .iter()
                        .any(|folder| file.path.starts_with(folder))
            };
            let with_weights = with_embedded || compiler::reach::reads_weights(&own);
            shipped_files(with_weights).into_iter().filter(kept).collect()
        };
        if !with_embedded {
            let few = [compiler::reach::reached(shipped(), &own), own.clone()].concat();
            if let Ok(words) = compiler::compile(&few) {
                return Pack::from_words(Cow::Owned(words));
            }
            // an error names the nearest of all lists
        }
        let files = [shipped(), own.clone()].concat();
        let words = match compiler::compile(&files) {
            Ok(words) => words,
            Err(errors) if std::env::var_os("DRAFTLINT_SKIP_FAULTY").is_some() => skip_faulty(files, errors)?,
            Err(errors) => return Err(errors.into()),
        };
        Pack::from_words(Cow::Owned(words))
    }

    /// Compiles files that stand in no folder, and nothing beside them.
    pub fn from_files(files: &[SourceFile]) -> Result<Pack, PackError> {
        Pack::from_words(Cow::Owned(compiler::compile(files)?))
    }

    fn section(&self, index: usize) -> &[u32] {
        layout::read(&self.words, index)
    }

    fn string(&self, at: u32, len: u32) -> &str {
        let bytes: &[u8] = bytemuck::cast_slice(self.section(layout::STRINGS));
        bytes.get(at as usize..(at + len) as usize).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    /// How many rules there are.
    pub fn rule_count(&self) -> usize {
        self.section(layout::RULES).len() / compiler::RULE_WORDS
    }

    /// A rule by its index.
    pub fn rule(&self, index: u32) -> Rule<'_> {
        debug_assert!((index as usize) < self.rule_count());
        Rule { pack: self, index }
    }

    /// All rules, by family and slug.
    pub fn rules(&self) -> impl Iterator<Item = Rule<'_>> {
        (0..self.rule_count() as u32).map(|i| self.rule(i))
    }

    /// The rule of that name, `slug` or `family/slug`.
    pub fn find_rule(&self, name: &str) -> Option<u32> {
        self.rules().find(|r| r.slug() == name || r.full_id() == name).map(|r| r.index)
    }

    /// The rule whose name is nearest to one that does not exist.
    pub fn nearest_rule(&self, name: &str) -> Option<&str> {
        let slug = name.rsplit('/').next().unwrap_or(name);
        nearest(slug, self.rules().map(Rule::slug).collect::<Vec<_>>())
    }

    /// 16 hexadecimal digits that change with any rule.
    pub fn hash(&self) -> String {
        let words = self.section(layout::HASH);
        format!("{:08x}{:08x}", words.get(1).copied().unwrap_or(0), words.first().copied().unwrap_or(0))
    }

    /// A language's part.
    pub fn lexis(&self, language: Language) -> Lexis<'_> {
        let places = &self.languages[language as usize].sections;
        let get = |section: Section| {
            let (at, len) = places[section as usize];
            self.words.get(at as usize..(at + len) as usize).unwrap_or(&[])
        };
        let counts = get(Section::Counts);
        Lexis {
            trie_base: get(Section::TrieBase),
            trie_check: get(Section::TrieCheck),
            symbol_lists: get(Section::SymbolLists),
            anchor_index: get(Section::AnchorIndex),
            whole_index: get(Section::WholeIndex),
            wholes: get(Section::Wholes),
            anchors: get(Section::Anchors),
            patterns: get(Section::Patterns),
            program: get(Section::Program),
            frames: get(Section::Frames),
            entries: get(Section::Entries),
            conditions: get(Section::Conditions),
            scoped: get(Section::Scoped),
            density: get(Section::Density),
            document: get(Section::Document),
            weights: get(Section::Weights),
            symbol_weights: get(Section::SymbolWeights),
            classified: get(Section::Classified),
            symbol_count: counts.first().copied().unwrap_or(0) as usize,
            stage_count: counts.get(1).copied().unwrap_or(1) as usize,
        }
    }

    /// The symbol of a lexicon (`@name`) or fact (`#name`) in a language.
    pub fn symbol(&self, language: Language, name: &str) -> Option<u32> {
        let names = self.section(layout::section(language as usize, Section::Names));
        let record = |i: usize| self.string(names[3 * i], names[3 * i + 1]);
        let (mut low, mut high) = (0, names.len() / 3);
        while low < high {
            let middle = (low + high) / 2;
            match record(middle).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(names[3 * middle + 2]),
            }
        }
        None
    }

    /// The lexicons and facts of a language by symbol.
    pub fn symbol_names(&self, language: Language) -> BTreeMap<u32, &str> {
        let names = self.section(layout::section(language as usize, Section::Names));
        names.chunks_exact(3).map(|record| (record[2], self.string(record[0], record[1]))).collect()
    }

    /// The name of a frame's slot.
    pub(crate) fn role(&self, at: u32, len: u32) -> &str {
        self.string(at, len)
    }

    /// Which of the four languages a folded word is a common function word of, as a bit mask in the order of [`LANGUAGES`].
    pub fn stop_word_languages(&self, folded: &str) -> u32 {
        walk(self.section(layout::VOTE_BASE), self.section(layout::VOTE_CHECK), folded, false).unwrap_or(0)
    }
}

/// Walks a trie; gives the value of the whole word, or (when asked) that of its longest stem.
pub(crate) fn walk(base: &[u32], check: &[u32], word: &str, stems: bool) -> Option<u32> {
    use compiler::trie::{BYTE, END, HAS_STEM, STEM};
    let mut node = 0u32;
    let mut stem = None;
    for byte in word.bytes() {
        let here = *base.get(node as usize)?;
        if stems && here & HAS_STEM != 0 {
            stem = base.get(((here & !HAS_STEM) + u32::from(STEM)) as usize).copied().or(stem);
        }
        let next = (here & !HAS_STEM) + u32::from(byte) + u32::from(BYTE);
        if check.get(next as usize) != Some(&node) {
            return stem;
        }
        node = next;
    }
    let here = *base.get(node as usize)?;
    let end = (here & !HAS_STEM) + u32::from(END);
    if check.get(end as usize) == Some(&node) {
        return base.get(end as usize).copied();
    }
    if stems && here & HAS_STEM != 0 {
        return base.get(((here & !HAS_STEM) + u32::from(STEM)) as usize).copied();
    }
    stem
}

/// Leaves out faulty files and lines: for authors, while several write in one folder. Errors still go to standard error.
fn skip_faulty(mut files: Vec<SourceFile>, mut errors: CompileErrors) -> Result<Vec<u32>, PackError> {
    for _ in 0..20 {
        for error in &errors.0 {
            eprintln!("left out: {error}");
            if let Some(file) = files.iter_mut().find(|f| f.shown == error.file) {
                if file.path.ends_with(".txt") {
                    file.text = file
                        .text
                        .lines()
                        .enumerate()
                        .map(|(i, line)| if i + 1 == error.line { "#" } else { line })
                        .collect::<Vec<_>>()
                        .join("\n");
                } else {
                    let shown = file.shown.clone();
                    files.retain(|f| f.shown != shown);
                }
            }
        }
        match compiler::compile(&files) {
            Ok(words) => return Ok(words),
            Err(more) => errors = more,
        }
    }
    Err(errors.into())
}

fn read_folder(folder: &Path, inside: &str, depth: usize, files: &mut Vec<SourceFile>) -> Result<(), PackError> {
    let failed = |source: std::io::Error| PackError::Read { path: folder.display().to_string(), source };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    for path in entries {
        let Some(name) = path.file_name().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
        let inside = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if path.is_dir() {
            if depth < 3 && !name.starts_with('.') {
                read_folder(&path, &inside, depth + 1, files)?;
            }
        } else if name.ends_with(".toml") || name.ends_with(".txt") {
            let text = crate::file::text(&path)
                .map_err(|source| PackError::Read { path: path.display().to_string(), source })?;
            files.push(SourceFile { path: inside, shown: path.display().to_string(), text });
        }
    }
    Ok(())
}

/// One rule, as it stands in a pack.
#[derive(Clone, Copy)]
pub struct Rule<'p> {
    pack: &'p Pack,
    index: u32,
}

impl<'p> Rule<'p> {
    fn words(self) -> &'p [u32] {
        let at = self.index as usize * compiler::RULE_WORDS;
        &self.pack.section(layout::RULES)[at..at + compiler::RULE_WORDS]
    }

    fn text(self, word: usize) -> &'p str {
        let words = self.words();
        self.pack.string(words[word], words[word + 1])
    }

    fn in_language(self, language: Language, part: usize) -> &'p str {
        let language = if language == Language::Unknown { 0 } else { language as usize };
        self.text(14 + language * 6 + part * 2)
    }

    /// Its place in the pack.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Its name without the family, unique: `forward-looking-figure`.
    pub fn slug(self) -> &'p str {
        self.text(0)
    }

    /// Its full name: `disclosure/forward-looking-figure`.
    pub fn full_id(self) -> &'p str {
        self.text(2)
    }

    /// Its family.
    pub fn family(self) -> Family {
        Family::ALL[self.words()[4] as usize]
    }

    /// The question it belongs to.
    pub fn category(self) -> Category {
        Category::ALL[self.words()[5] as usize]
    }

    /// The severity it starts from.
    pub fn severity(self) -> Severity {
        Severity::ALL[self.words()[6] as usize]
    }

    /// The confidence it starts from.
    pub fn confidence(self) -> Confidence {
        Confidence::ALL[self.words()[7] as usize]
    }

    /// `preview`, `stable` or `deprecated`.
    pub fn status(self) -> &'p str {
        self.text(8)
    }

    /// Whom its findings are for.
    pub fn ask(self) -> Vec<Ask> {
        let mask = self.words()[10];
        Ask::ALL.iter().copied().filter(|ask| mask & 1 << *ask as u32 != 0).collect()
    }

    /// Whether it runs for drafts of this kind (`reply`, `crisis` …; none counts as `post`).
    pub fn runs_for(self, kind: Option<&str>) -> bool {
        let words = self.words();
        let bit = kind_bit(kind);
        (words[11] == 0 || words[11] & bit != 0) && words[12] & bit == 0
    }

    /// Whether only its first finding in a draft is reported.
    pub fn once(self) -> bool {
        self.words()[13] & 1 != 0
    }

    /// Whether it is about a text's first sentence: what it finds behind that is only a note.
    pub fn opening(self) -> bool {
        self.words()[13] & 2 != 0
    }

    /// What it looks for, in a few words.
    pub fn title(self, language: Language) -> &'p str {
        self.in_language(language, 0)
    }

    /// What was found.
    pub fn message(self, language: Language) -> &'p str {
        self.in_language(language, 1)
    }

    /// What to do.
    pub fn advice(self, language: Language) -> &'p str {
        self.in_language(language, 2)
    }

    /// The check written in Rust that it runs, with its parameters as JSON.
    pub fn check(self) -> Option<(&'p str, &'p str)> {
        let name = self.text(40);
        (!name.is_empty()).then(|| (name, self.text(42)))
    }

    /// Whether a classifier decides it.
    pub fn is_classified(self) -> bool {
        self.words()[46] != 0
    }

    /// The slugs of the rules that its classifier may doubt, each with what is added for it to the score below which it does
    /// (`others` for what else is of its category); empty: all of its category.
    pub fn doubts(self) -> impl Iterator<Item = (&'p str, f32)> {
        self.text(47)
            .split(',')
            .filter_map(|doubt| doubt.split_once('='))
            .filter_map(|(slug, more)| Some((slug, more.parse().ok()?)))
    }

    /// The detector of structured data that it runs.
    pub fn detector(self) -> Option<&'p str> {
        let name = self.text(44);
        (!name.is_empty()).then_some(name)
    }

    /// The page of the rule in `rules/README.md`.
    pub fn url(self) -> String {
        format!("https://github.com/draftlint/draftlint/blob/main/rules/README.md#{}", self.slug())
    }

    /// Everything `explain` shows; parsed when asked for.
    pub fn page(self) -> RulePage {
        serde_json::from_str(self.text(38)).unwrap_or_default()
    }
}

/// The bit of a draft's kind in a rule's masks.
pub(crate) fn kind_bit(kind: Option<&str>) -> u32 {
    let kind = kind.unwrap_or("post");
    layout::KINDS.iter().position(|k| *k == kind).map_or(1, |i| 1 << i)
}

/// What a rule's page shows.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RulePage {
    /// Slug.
    pub id: String,
    /// Family.
    pub family: String,
    /// Category.
    pub category: String,
    /// English title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// `preview`, `stable` or `deprecated`.
    pub status: String,
    /// Severity it starts from.
    pub severity: String,
    /// Confidence it starts from.
    pub confidence: String,
    /// Ids of the behaviours it covers.
    pub behaviours: Vec<String>,
    /// Sources, as written in the rule.
    pub sources: Vec<serde_json::Value>,
    /// By language: title, message, advice, examples.
    pub languages: std::collections::BTreeMap<String, PageLanguage>,
}

/// A language's part of a page.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct PageLanguage {
    /// What it looks for.
    pub title: String,
    /// What was found.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// Drafts that the rule must catch, the stretch between `[[` and `]]`.
    pub bad: Vec<Example>,
    /// Drafts that every rule must leave alone.
    pub good: Vec<Example>,
}

/// An example: a text alone, or with what it needs.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Example {
    /// Just the text.
    Text(String),
    /// The text and its circumstances.
    Full {
        /// The text.
        text: String,
        /// Why it stands here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<String>,
        /// The draft's kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        /// The draft's date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<String>,
        /// The draft's language, where the text is too short to tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<String>,
        /// Company statuses to judge it by.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        status: Vec<String>,
        /// Rules that may fire on it all the same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<String>,
    },
}

impl Example {
    /// The text, marks included.
    pub fn text(&self) -> &str {
        match self {
            Example::Text(text) | Example::Full { text, .. } => text,
        }
    }
}

/// Languages by the order of a pack's sections.
pub fn language_at(index: usize) -> Language {
    LANGUAGES.get(index).and_then(|name| Language::from_name(name)).unwrap_or(Language::Unknown)
}
