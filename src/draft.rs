//! The only reader of drafts: encodings, size limit, formats, front matter.
//!
//! Everything after this layer sees valid UTF-8 without a byte-order mark; every offset of a report points into
//! [`Draft::text`]. What cannot be read faithfully is refused with the byte that stands in the way: a linter that
//! guesses an encoding reports on words nobody wrote.

mod docx;
mod front_matter;

pub use front_matter::{FrontMatter, KINDS};

use crate::date::Date;
use crate::span::Span;

/// The largest draft that is read unless the settings say otherwise, in bytes, compressed or not.
pub const MAX_DRAFT_BYTES: usize = 64 << 20;
/// The most that settings may ask for: offsets fit `u32` with room to spare.
pub const MOST_DRAFT_BYTES: usize = 1 << 30;

/// How much of a draft is read; `[limits]` in draftlint.toml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest draft, in bytes.
    pub draft_bytes: usize,
    /// The longest line of JSON lines, in bytes.
    pub record_bytes: usize,
    /// A longer paragraph is read in stretches, in bytes: memory follows this and not the longest line.
    pub paragraph_bytes: usize,
}

impl Limits {
    /// The keys of `[limits]`, each with the least and the most it may be.
    pub const KEYS: [(&str, usize, usize); 3] = [
        ("draft_bytes", 1, MOST_DRAFT_BYTES),
        ("record_bytes", 1, MOST_DRAFT_BYTES),
        ("paragraph_bytes", 4 << 10, 16 << 20),
    ];

    /// As `--show-settings` prints them.
    pub fn shown(&self) -> serde_json::Value {
        let Self { draft_bytes, record_bytes, paragraph_bytes } = *self;
        serde_json::json!({ "draft_bytes": draft_bytes, "record_bytes": record_bytes, "paragraph_bytes": paragraph_bytes })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { draft_bytes: MAX_DRAFT_BYTES, record_bytes: MAX_DRAFT_BYTES, paragraph_bytes: 256 << 10 }
    }
}

/// How a draft is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Words as they will be posted.
    Text,
    /// CommonMark with tables, strikethrough and footnotes.
    Markdown,
    /// HTML, whole or a fragment.
    Html,
    /// Office Open XML (Word); the text is extracted, a paragraph a line.
    Docx,
}

impl Format {
    /// The format a file's name promises; `None` for names that promise none.
    pub fn from_name(name: &str) -> Option<Self> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let extension = base.rsplit_once('.')?.1.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" | "mdown" | "mkd" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "docx" | "docm" => Some(Self::Docx),
            _ => None,
        }
    }
}

/// What a paragraph of a Word document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParagraphKind {
    /// Running text.
    Body,
    /// A heading or title, by its style.
    Heading,
    /// Part of a list, by its numbering or style.
    Item,
    /// A quotation, by its style.
    Quote,
    /// Part of a table.
    TableCell,
    /// A caption, by its style.
    Caption,
}

/// A paragraph of a Word document; the n-th is line n of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Where, in the text, without the line's end.
    pub span: Span,
    /// What it is.
    pub kind: ParagraphKind,
    /// Linked words and where they lead.
    pub links: Vec<(Span, String)>,
}

/// What a file carries besides the text one sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakKind {
    /// A tracked deletion: whoever gets the file can read it.
    Deletion,
    /// A reviewer's comment.
    Comment,
    /// Text formatted as hidden.
    Hidden,
}

/// Words that a reader of the page does not see and a holder of the file does; never the words themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What they are.
    pub kind: LeakKind,
    /// The byte of the text beside which they stand.
    pub at: usize,
    /// How many characters.
    pub chars: usize,
}

/// A draft as read: untouched text, and what was said about it in its front matter.
#[derive(Clone, Debug)]
pub struct Draft {
    /// File name, or whatever names the draft in messages.
    pub name: String,
    /// The text without byte-order mark; for Word documents the extracted text.
    pub text: String,
    /// How it is written.
    pub format: Format,
    /// The encoding it was read from: `utf-8`, `utf-16le` or `utf-16be`.
    pub encoding: &'static str,
    /// What the draft says of itself.
    pub front_matter: FrontMatter,
    /// The text after the front matter.
    pub body: Span,
    /// Word documents: their paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Word documents: deletions, comments and hidden text.
    pub leaks: Vec<Leak>,
    /// The day of this draft alone, said from outside (a record's `date`): it goes before a day said for the whole run.
    pub dated: Option<Date>,
    /// How much of it is read.
    pub limits: Limits,
}

/// Why a draft is not read. No message holds a word of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Larger than [`Limits::draft_bytes`].
    #[error(
        "the draft has {size} bytes or more; at most {limit} are read (`draft_bytes` of `[limits]` in draftlint.toml)"
    )]
    TooLarge {
        /// Its size, as far as it was read.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// A byte that UTF-8 does not allow there.
    #[error("byte 0x{byte:02X} at offset {offset} (line {line}) is not UTF-8; save the draft as UTF-8")]
    NotUtf8 {
        /// The byte.
        byte: u8,
        /// Its offset in the file.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// A NUL byte: UTF-16 without a byte-order mark, or no text at all.
    #[error(
        "byte 0x00 at offset {offset}: no plain text, or UTF-16 without a byte-order mark; save the draft as UTF-8"
    )]
    Nul {
        /// Its offset in the file.
        offset: usize,
    },
    /// Half a character.
    #[error("byte 0x{byte:02X} at offset {offset} begins half a UTF-16 character; save the draft as UTF-8")]
    NotUtf16 {
        /// The first byte of the code unit.
        byte: u8,
        /// Its offset in the file.
        offset: usize,
    },
    /// A kind of file that is none of the formats.
    #[error("byte 0x{byte:02X} at offset 0 begins {what}, which is not read; save it as .docx or paste its text")]
    Unsupported {
        /// The first byte.
        byte: u8,
        /// What it looks like.
        what: &'static str,
    },
    /// A Word document that cannot be read.
    #[error("the Word document cannot be read: {0}")]
    Docx(String),
}

impl Draft {
    /// Reads a draft from a file's bytes. `format` decides when given, else the name, else the first bytes; plain text
    /// when none says otherwise.
    pub fn from_bytes(name: &str, bytes: &[u8], format: Option<Format>) -> Result<Self, DraftError> {
        Self::from_bytes_within(name, bytes, format, Limits::default())
    }

    /// The same with other limits.
    pub fn from_bytes_within(
        name: &str,
        bytes: &[u8],
        format: Option<Format>,
        limits: Limits,
    ) -> Result<Self, DraftError> {
        if bytes.len() > limits.draft_bytes {
            return Err(DraftError::TooLarge { size: bytes.len(), limit: limits.draft_bytes });
        }
        let mut draft = Self::read(name, bytes, format)?;
        draft.limits = limits;
        Ok(draft)
    }

    fn read(name: &str, bytes: &[u8], format: Option<Format>) -> Result<Self, DraftError> {
        let format = format.or_else(|| Format::from_name(name));
        let zipped = bytes.starts_with(b"PK\x03\x04");
        if format == Some(Format::Docx) || (format.is_none() && zipped) {
            if !zipped {
                refuse_other_files(bytes)?;
            }
            let word = docx::read(bytes)?;
            let mut draft = Self::from_text(name, word.text, Format::Docx);
            let body = draft.body.start;
            draft.paragraphs = word.paragraphs.into_iter().filter(|p| p.span.start >= body).collect();
            draft.leaks = word.leaks;
            return Ok(draft);
        }
        if zipped {
            return Err(DraftError::Unsupported { byte: bytes[0], what: "a zip archive" });
        }
        refuse_other_files(bytes)?;
        let (text, encoding) = decode(bytes)?;
        let format = format.unwrap_or_else(|| sniff(&text));
        let mut draft = Self::from_text(name, text, format);
        draft.encoding = encoding;
        Ok(draft)
    }

    /// A draft from text that is already at hand (an editor's buffer, a field of JSON). A byte-order mark is left out.
    pub fn from_text(name: &str, mut text: String, format: Format) -> Self {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let (front_matter, body) = front_matter::read(&text);
        Self {
            name: name.to_owned(),
            body: Span::new(body, text.len()),
            text,
            format,
            encoding: "utf-8",
            front_matter,
            paragraphs: Vec::new(),
            leaks: Vec::new(),
            dated: None,
            limits: Limits::default(),
        }
    }
}

/// Files people hand in by mistake get an answer they can act on.
fn refuse_other_files(bytes: &[u8]) -> Result<(), DraftError> {
    const OTHERS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF file"),
        (b"{\\rtf", "an RTF file"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office file (.doc)"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"GIF8", "a picture"),
        (b"\xFF\xFE\x00\x00", "UTF-32 text"),
        (b"\x00\x00\xFE\xFF", "UTF-32 text"),
    ];
    match OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, what)) => Err(DraftError::Unsupported { byte: bytes[0], what }),
        None => Ok(()),
    }
}

/// The text of UTF-8 (with or without byte-order mark) or of UTF-16 with one.
fn decode(bytes: &[u8]) -> Result<(String, &'static str), DraftError> {
    let (bytes, skipped) = match bytes {
        [0xFF, 0xFE, rest @ ..] => return Ok((utf16(rest, u16::from_le_bytes)?, "utf-16le")),
        [0xFE, 0xFF, rest @ ..] => return Ok((utf16(rest, u16::from_be_bytes)?, "utf-16be")),
        [0xEF, 0xBB, 0xBF, rest @ ..] => (rest, 3),
        _ => (bytes, 0),
    };
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(DraftError::Nul { offset: at + skipped });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), "utf-8")),
        Err(error) => {
            let at = error.valid_up_to();
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count();
            Err(DraftError::NotUtf8 { byte: bytes[at], offset: at + skipped, line })
        }
    }
}

/// The text of UTF-16 code units; offsets in errors count the byte-order mark.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DraftError> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len());
    let mut read = 0;
    let broken = |read: usize| DraftError::NotUtf16 { byte: bytes[read], offset: read + 2 };
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok('\0') => return Err(DraftError::Nul { offset: read + 2 }),
            Ok(c) => {
                text.push(c);
                read += c.len_utf16() * 2;
            }
            Err(_) => return Err(broken(read)),
        }
    }
    if bytes.len() % 2 == 1 {
        return Err(broken(bytes.len() - 1));
    }
    Ok(text)
}

/// Text from a pipe has no name: a whole HTML page says so itself, everything else is read as words.
fn sniff(text: &str) -> Format {
    let start = text.trim_start();
    let begins = |prefix: &str| start.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if begins("<!doctype html") || begins("<html") { Format::Html } else { Format::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Draft, DraftError> {
        Draft::from_bytes("post.txt", bytes, None)
    }

    #[test]
    fn encodings_by_their_mark() {
        let text = "Été 😀 Я\r\n";
        let le: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let be: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for (bytes, encoding) in
            [(text.as_bytes().to_vec(), "utf-8"), (marked, "utf-8"), (le, "utf-16le"), (be, "utf-16be")]
        {
            let draft = read(&bytes).unwrap();
            assert_eq!((draft.text.as_str(), draft.encoding), (text, encoding));
            assert_eq!(draft.body, Span::new(0, text.len()));
        }
        assert_eq!(Draft::from_text("", "\u{feff}a".into(), Format::Text).text, "a");
    }

    #[test]
    fn other_encodings_name_the_byte() {
        assert_eq!(read(b"un\n\xE9t\xE9").err(), Some(DraftError::NotUtf8 { byte: 0xE9, offset: 3, line: 2 }));
        assert_eq!(read(b"\xEF\xBB\xBFa\xFF").err(), Some(DraftError::NotUtf8 { byte: 0xFF, offset: 4, line: 1 }));
        assert_eq!(read(b"H\0i\0").err(), Some(DraftError::Nul { offset: 1 }));
        assert_eq!(read(b"\xFF\xFEa\0\x00\xD8b\0").err(), Some(DraftError::NotUtf16 { byte: 0, offset: 4 }));
        assert_eq!(read(b"\xFF\xFEa\0b").err(), Some(DraftError::NotUtf16 { byte: b'b', offset: 4 }));
        assert!(matches!(
            read(b"\xFF\xFE\0\0a\0\0\0").err(),
            Some(DraftError::Unsupported { what: "UTF-32 text", .. })
        ));
        assert!(matches!(read(b"%PDF-1.7").err(), Some(DraftError::Unsupported { what: "a PDF file", .. })));
        assert!(matches!(read(b"PK\x03\x04").err(), Some(DraftError::Unsupported { what: "a zip archive", .. })));
        let message = read(b"un\n\xE9t\xE9").unwrap_err().to_string();
        assert_eq!(message, "byte 0xE9 at offset 3 (line 2) is not UTF-8; save the draft as UTF-8");
    }

    #[test]
    fn size_has_a_limit() {
        let bytes = vec![b'a'; MAX_DRAFT_BYTES + 1];
        assert!(matches!(read(&bytes).err(), Some(DraftError::TooLarge { .. })));
    }

    #[test]
    fn formats_by_argument_name_or_content() {
        let format = |name: &str, text: &str| Draft::from_bytes(name, text.as_bytes(), None).unwrap().format;
        assert_eq!(format("a/b.MD", "x"), Format::Markdown);
        assert_eq!(format("b.htm", "x"), Format::Html);
        assert_eq!(format("notes.d/post", "x"), Format::Text);
        assert_eq!(format("-", " <!DOCTYPE html><p>x"), Format::Html);
        assert_eq!(format("-", "# x"), Format::Text);
        let forced = Draft::from_bytes("b.htm", b"x", Some(Format::Text)).unwrap();
        assert_eq!(forced.format, Format::Text);
    }
}
