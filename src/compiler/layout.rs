//! The pack: one array of 32-bit words, cut into sections, read in place.

use std::collections::HashMap;

/// First word of a pack.
pub const MAGIC: u32 = 0x4c_46_52_44; // "DRFL"
/// Changes whenever the layout does.
pub const VERSION: u32 = 12;

/// Languages in the order of their sections; the last one runs the language-neutral rules.
pub const LANGUAGES: [&str; 5] = ["en", "fr", "nl", "ru", "unknown"];

/// Facts that the engine computes, in the order of their symbols (see `rules/WRITING.md`).
pub const FACTS: [&str; 21] = [
    "number",
    "measure",
    "percent",
    "money",
    "date",
    "year",
    "future-year",
    "time",
    "name",
    "placeholder-name",
    "acronym",
    "capitals",
    "link",
    "email",
    "mention",
    "hashtag",
    "emoji",
    "quoted",
    "question",
    "exclamation",
    "past-year",
];
/// Lexicons that a profile fills at run time; their symbols follow the facts.
pub const PROFILE: [&str; 7] =
    ["own-company", "own-product", "competitor", "client", "cleared-client", "off-topic", "public-fact"];

/// Company statuses that raise a severity, by bit.
pub const STATUSES: [&str; 6] = ["listed", "bank", "broker-dealer", "investment", "health", "offering"];
/// Jurisdictions, by bit.
pub const JURISDICTIONS: [&str; 6] = ["eu", "fr", "nl", "uk", "us", "ru"];
pub const FAMILIES: [&str; 5] = ["vague", "disclosure", "tone", "voice", "purpose"];
pub const CATEGORIES: [&str; 8] =
    ["vague", "overclaim", "forward-looking", "confidential", "personal-data", "combative", "voice", "purpose"];
pub const SEVERITIES: [&str; 3] = ["note", "warning", "error"];
pub const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];
pub const ASKS: [&str; 6] = ["legal", "investor-relations", "data-protection", "hr", "security", "communications"];
pub const KINDS: [&str; 11] = [
    "post",
    "reply",
    "reshare",
    "crisis",
    "announcement",
    "statement",
    "decision",
    "question",
    "promo",
    "notice",
    "article",
];

pub const STRINGS: usize = 0;
pub const RULES: usize = 1;
pub const VOTE_BASE: usize = 2;
pub const VOTE_CHECK: usize = 3;
pub const HASH: usize = 4;
const FIRST_LANGUAGE: usize = 8;
/// Sections of a language.
pub const LANGUAGE_SECTIONS: usize = 20;
const SECTIONS: usize = FIRST_LANGUAGE + LANGUAGE_SECTIONS * LANGUAGES.len();

/// Sections of each language.
#[derive(Clone, Copy, Debug)]
pub enum Section {
    TrieBase,
    TrieCheck,
    /// For each list: how many symbols (see [`ONLY_SENSES`]); how many of them wake something; the symbols, those that wake
    /// first.
    SymbolLists,
    AnchorIndex,
    Anchors,
    /// Where in the programs each pattern's head stands: its target (see [`TARGET_ENTRY`]), required symbols, groups of which
    /// one is required, and symbols that a match may begin with, each list after its length; its program follows.
    Patterns,
    Program,
    Frames,
    Entries,
    Conditions,
    Scoped,
    Names,
    Density,
    Document,
    Counts,
    /// See [`super::weights`].
    Weights,
    /// Symbols that have weights, each with the number of its row.
    SymbolWeights,
    Classified,
    /// Where in the wholes those of each symbol begin.
    WholeIndex,
    /// Lists that take in a symbol as it stands: what is marked with it is marked with them too.
    Wholes,
}

/// Where a language's section stands in the table.
pub fn section(language: usize, section: Section) -> usize {
    FIRST_LANGUAGE + language * LANGUAGE_SECTIONS + section as usize
}

/// No symbol, no bit.
pub const NONE: u32 = u32::MAX;

/// A language has fewer symbols than this.
pub const MAX_SYMBOLS: usize = 0xffff;

/// In the length of a symbol list: nothing but the thesaurus knows its words.
pub const ONLY_SENSES: u32 = 1 << 31;
/// In a pattern's target: the number of an entry, not a symbol to be marked.
pub const TARGET_ENTRY: u32 = 1 << 31;
/// Words of an entry record: rule, severity, confidence, quotes, unless list, raise list.
pub const ENTRY_WORDS: usize = 6;
/// In a pattern's head, behind the required symbols and the groups of which one is required: how many symbols a match may begin
/// with (0: any), with this bit when it begins at a sentence's start.
pub const BEGINS_SENTENCE: u32 = 1 << 31;
/// The rest is the count.
pub const COUNT_OF_FIRST: u32 = BEGINS_SENTENCE - 1;
/// An anchor is two words: a pattern with its stage in the high bits, or a frame (see [`FRAME_BIT`]); and its guard, a
/// required symbol that only single words carry, or [`NONE`].
pub const ANCHORED_STAGE: u32 = 24;
/// The pattern in an anchor's first word.
pub const ANCHORED_PATTERN: u32 = (1 << ANCHORED_STAGE) - 1;
/// Anchors with this bit name a frame by its offset.
pub const FRAME_BIT: u32 = 1 << 31;
/// Words of a density record.
pub const DENSITY_WORDS: usize = 12;
/// Words of a record of a rule that a classifier decides: rule, severity, confidence, quotes, unless list, raise list, model,
/// above which score it fires, and below which score other rules of its family are doubted (bits of 32-bit floats).
pub const CLASSIFIED_WORDS: usize = 9;
/// At most so many patterns a language may be asked for in neighbours, paragraphs, posts and whole-document rules.
pub const MAX_SCOPED: usize = 384;

/// Operations of a pattern's program: the code stands in the top eight bits, the argument below.
pub mod op {
    pub const MATCH: u32 = 0;
    pub const SYMBOL: u32 = 1;
    pub const ANY: u32 = 2;
    pub const GAP: u32 = 3;
    pub const SPLIT: u32 = 4;
    pub const JUMP: u32 = 5;
    pub const START: u32 = 6;
    pub const END: u32 = 7;
    pub const MARK: u32 = 8;
    pub const SHAPE: u32 = 9;
    /// A symbol that only single words carry.
    pub const WORD: u32 = 10;
    pub const fn code(op: u32, argument: u32) -> u32 {
        op << 24 | argument
    }
}

/// Marks between two words, as bits.
pub mod mark {
    pub const COMMA: u32 = 1;
    pub const COLON: u32 = 2;
    pub const SEMICOLON: u32 = 4;
    pub const DASH: u32 = 8;
    pub const QUESTION: u32 = 16;
    pub const EXCLAMATION: u32 = 32;
    pub const PERIOD: u32 = 64;
    pub const OPEN: u32 = 128;
    pub const CLOSE: u32 = 256;
    pub const QUOTE: u32 = 512;
    pub const ELLIPSIS: u32 = 1024;
    pub const BREAK: u32 = 2048;
    pub const OTHER: u32 = 4096;

    /// The bit of a mark.
    pub fn bit(c: char) -> u32 {
        match c {
            ',' => COMMA,
            ':' => COLON,
            ';' => SEMICOLON,
            '—' | '–' | '―' | '-' => DASH,
            '?' | '¿' => QUESTION,
            '!' | '¡' => EXCLAMATION,
            '.' => PERIOD,
            '(' | '[' | '{' => OPEN,
            ')' | ']' | '}' => CLOSE,
            '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‹' | '›' | '\'' | '`' => {
                QUOTE
            }
            '…' => ELLIPSIS,
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => BREAK,
            _ => OTHER,
        }
    }
}

/// A pack being written.
#[derive(Default)]
pub struct Blob {
    sections: HashMap<usize, Vec<u32>>,
}

impl Blob {
    pub fn set(&mut self, section: usize, words: Vec<u32>) {
        self.sections.insert(section, words);
    }

    pub fn into_words(mut self) -> Vec<u32> {
        let mut out = vec![MAGIC, VERSION];
        out.resize(2 + 2 * SECTIONS, 0);
        for section in 0..SECTIONS {
            let words = self.sections.remove(&section).unwrap_or_default();
            out[2 + 2 * section] = out.len() as u32;
            out[3 + 2 * section] = words.len() as u32;
            out.extend(words);
        }
        out
    }
}

/// The words of a section of a finished pack; empty for a pack of another version.
pub fn read(words: &[u32], section: usize) -> &[u32] {
    let at = words.get(2 + 2 * section).copied().unwrap_or(0) as usize;
    let len = words.get(3 + 2 * section).copied().unwrap_or(0) as usize;
    words.get(at..at + len).unwrap_or(&[])
}

/// The strings of a pack, each written once.
#[derive(Default)]
pub struct Strings {
    bytes: Vec<u8>,
    known: HashMap<String, (u32, u32)>,
}

impl Strings {
    pub fn add(&mut self, text: &str) -> [u32; 2] {
        if let Some((at, len)) = self.known.get(text) {
            return [*at, *len];
        }
        let place = (self.bytes.len() as u32, text.len() as u32);
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.to_owned(), place);
        [place.0, place.1]
    }

    pub fn into_words(mut self) -> Vec<u32> {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.bytes.chunks_exact(4).map(|b| u32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect()
    }
}

/// 64 bits over all files (FNV-1a), to tell one rule pack from another; no cryptographic promise.
pub fn content_hash(files: &[super::SourceFile]) -> Vec<u32> {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for file in files {
        for byte in file.path.bytes().chain([0]).chain(file.text.bytes()).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    vec![hash as u32, (hash >> 32) as u32]
}
