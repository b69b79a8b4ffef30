//! Word documents: the text one sees, a paragraph a line, and what else the file carries.
//!
//! Tracked insertions are text. Tracked deletions, comments and hidden text are not, but whoever gets the file can
//! read them; they are counted, never copied.

use super::{DraftError, Leak, LeakKind, MAX_DRAFT_BYTES, Paragraph, ParagraphKind};
use crate::span::Span;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::{Cursor, Read};

/// Parts in the archive; a real document has some dozens.
const MAX_PARTS: usize = 10_000;
/// Open elements; Word itself stays far below.
const MAX_DEPTH: usize = 512;
/// A line break inside a paragraph, so that line numbers stay paragraph numbers.
const LINE_BREAK: char = '\u{2028}';

#[derive(Default)]
pub(super) struct Word {
    pub text: String,
    pub paragraphs: Vec<Paragraph>,
    pub leaks: Vec<Leak>,
}

fn refuse(why: impl Into<String>) -> DraftError {
    DraftError::Docx(why.into())
}

pub(super) fn read(bytes: &[u8]) -> Result<Word, DraftError> {
    let mut parts = Parts::open(bytes)?;
    let main = parts
        .relationships("_rels/.rels")?
        .into_values()
        .find(|r| r.kind.ends_with("/officeDocument"))
        .map_or_else(|| "word/document.xml".to_owned(), |r| r.target.trim_start_matches('/').to_owned());
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let links = parts.relationships(&beside(&format!("_rels/{file}.rels")))?;
    let styles = match parts.read(&beside("styles.xml"))? {
        Some(xml) => style_kinds(&xml)?,
        None => HashMap::new(),
    };
    let xml = parts.read(&main)?.ok_or_else(|| refuse("it has no word/document.xml"))?;
    let mut body = Body { styles, links, ..Body::default() };
    body.read(&xml, &main)?;
    drop(xml);
    if !body.comments.is_empty()
        && let Some(xml) = parts.read(&beside("comments.xml"))?
    {
        let lengths = comment_lengths(&xml)?;
        for (id, at) in std::mem::take(&mut body.comments) {
            let chars = lengths.get(&id).copied().unwrap_or_default();
            body.word.leaks.push(Leak { kind: LeakKind::Comment, at, chars });
        }
    }
    for notes in ["footnotes.xml", "endnotes.xml"] {
        let name = beside(notes);
        if let Some(xml) = parts.read(&name)? {
            body.notes = true;
            body.links = parts.relationships(&beside(&format!("_rels/{notes}.rels")))?;
            body.read(&xml, &name)?;
        }
    }
    body.word.leaks.sort_by_key(|leak| (leak.at, leak.kind));
    Ok(body.word)
}

struct Relationship {
    kind: String,
    target: String,
}

/// The archive, and how much more of it may be unpacked.
struct Parts<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Parts<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, DraftError> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| refuse("it is no whole zip archive"))?;
        if archive.len() > MAX_PARTS {
            return Err(refuse(format!("it has more than {MAX_PARTS} parts")));
        }
        Ok(Self { archive, left: MAX_DRAFT_BYTES as u64 })
    }

    /// A part as text. The size a zip header states is not believed: the limit counts what comes out.
    fn read(&mut self, name: &str) -> Result<Option<String>, DraftError> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(refuse("a part is encrypted, damaged or packed in an unknown way")),
        };
        let mut bytes = Vec::new();
        let read = part.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| refuse("a part is damaged"))?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or(DraftError::TooLarge { size: MAX_DRAFT_BYTES + 1, limit: MAX_DRAFT_BYTES })?;
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        let text = String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            refuse(format!("byte 0x{:02X} at offset {at} of a part is not UTF-8", e.as_bytes()[at]))
        })?;
        Ok(Some(text))
    }

    fn relationships(&mut self, name: &str) -> Result<HashMap<String, Relationship>, DraftError> {
        let mut found = HashMap::new();
        if let Some(xml) = self.read(name)? {
            walk(&xml, "the relationships", |step| {
                if let Step::Open(e) = step
                    && e.local_name().as_ref() == b"Relationship"
                    && let (Some(id), Some(target)) = (attribute(e, b"Id"), attribute(e, b"Target"))
                {
                    found.insert(id, Relationship { kind: attribute(e, b"Type").unwrap_or_default(), target });
                }
                Ok(())
            })?;
        }
        Ok(found)
    }
}

enum Step<'e> {
    Open(&'e BytesStart<'e>),
    Close,
    Text(&'e str),
}

/// Walks the elements of a part; empty elements open and close. Depth is capped; entities are decoded.
fn walk(xml: &str, part: &str, mut act: impl FnMut(Step<'_>) -> Result<(), DraftError>) -> Result<(), DraftError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0usize;
    loop {
        let event = reader
            .read_event()
            .map_err(|_| refuse(format!("{part} is no well-formed XML near byte {}", reader.buffer_position())))?;
        match event {
            Event::Start(e) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(refuse(format!("{part} nests more than {MAX_DEPTH} elements")));
                }
                act(Step::Open(&e))?;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                act(Step::Close)?;
            }
            Event::Text(text) => act(Step::Text(&String::from_utf8_lossy(&text)))?,
            Event::CData(text) => act(Step::Text(&String::from_utf8_lossy(&text)))?,
            Event::GeneralRef(name) => {
                let decoded = match name.resolve_char_ref() {
                    Ok(Some(c)) => c,
                    _ => match &*name {
                        b"amp" => '&',
                        b"lt" => '<',
                        b"gt" => '>',
                        b"quot" => '"',
                        b"apos" => '\'',
                        _ => char::REPLACEMENT_CHARACTER,
                    },
                };
                act(Step::Text(decoded.encode_utf8(&mut [0; 4])))?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute by its local name, decoded.
fn attribute(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    let raw = std::str::from_utf8(&found.value).ok()?;
    Some(quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |value| value.into_owned()))
}

/// Word's on/off attributes: absent means on.
fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(attribute(element, b"val").as_deref(), Some("0" | "false" | "off"))
}

/// Which styles mean what. Identifiers are localised ("Titre1", "Kop1", "1"), names of built-in styles are not.
fn style_kinds(xml: &str) -> Result<HashMap<String, ParagraphKind>, DraftError> {
    let mut kinds = HashMap::new();
    let mut id = None;
    walk(xml, "the styles", |step| {
        if let Step::Open(e) = step {
            match e.local_name().as_ref() {
                b"style" => id = attribute(e, b"styleId"),
                b"name" => {
                    let name = attribute(e, b"val").unwrap_or_default().to_ascii_lowercase();
                    let kind = if name.starts_with("heading") || matches!(name.as_str(), "title" | "subtitle") {
                        Some(ParagraphKind::Heading)
                    } else if name.starts_with("list") {
                        Some(ParagraphKind::Item)
                    } else if matches!(name.as_str(), "quote" | "intense quote" | "block text") {
                        Some(ParagraphKind::Quote)
                    } else if name == "caption" {
                        Some(ParagraphKind::Caption)
                    } else {
                        None
                    };
                    if let (Some(id), Some(kind)) = (id.take(), kind) {
                        kinds.insert(id, kind);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(kinds)
}

/// How many characters each comment has, by its identifier.
fn comment_lengths(xml: &str) -> Result<HashMap<String, usize>, DraftError> {
    let mut lengths = HashMap::new();
    let mut current: Option<String> = None;
    let mut in_text = false;
    walk(xml, "the comments", |step| {
        match step {
            Step::Open(e) => match e.local_name().as_ref() {
                b"comment" => current = attribute(e, b"id"),
                b"t" => in_text = true,
                _ => {}
            },
            Step::Close => in_text = false,
            Step::Text(text) => {
                if let (true, Some(id)) = (in_text, &current) {
                    *lengths.entry(id.clone()).or_insert(0) += text.chars().count();
                }
            }
        }
        Ok(())
    })?;
    Ok(lengths)
}

/// What an open element changes until it closes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Other,
    /// Read nothing below (old properties, the older form of a drawing).
    Skip,
    Paragraph,
    Run,
    RunProperties,
    Text,
    DeletedText,
    Deletion,
    Cell,
    Hyperlink,
}

#[derive(Default)]
struct Open {
    text: String,
    kind: Option<ParagraphKind>,
    links: Vec<(usize, usize, String)>,
    link: Option<(usize, String)>,
    leaks: Vec<(LeakKind, usize, usize)>,
    comments: Vec<(String, usize)>,
}

#[derive(Default)]
struct Body {
    styles: HashMap<String, ParagraphKind>,
    links: HashMap<String, Relationship>,
    /// Reading notes: empty paragraphs (separators) are left out, nothing of the body's numbering depends on them.
    notes: bool,
    comments: Vec<(String, usize)>,
    word: Word,
}

impl Body {
    fn read(&mut self, xml: &str, part: &str) -> Result<(), DraftError> {
        let mut scopes: Vec<Scope> = Vec::new();
        // Text boxes put paragraphs into paragraphs.
        let mut open: Vec<Open> = Vec::new();
        let (mut skip, mut deleted, mut cells, mut hidden) = (0usize, 0usize, 0usize, false);
        let mut prefix: Option<Vec<u8>> = None;
        walk(xml, part, |step| {
            match step {
                Step::Open(e) => {
                    let name = e.name();
                    let own = name.prefix().map(|p| p.as_ref().to_vec()).unwrap_or_default();
                    // The root's prefix is that of the word-processing namespace, whatever it is called.
                    let word = *prefix.get_or_insert_with(|| own.clone()) == own;
                    let local = name.local_name();
                    let local = local.as_ref();
                    let scope = match local {
                        _ if skip > 0 => Scope::Other,
                        b"Fallback" => Scope::Skip,
                        _ if !word => Scope::Other,
                        b"p" => Scope::Paragraph,
                        b"r" => Scope::Run,
                        b"rPr" if scopes.last() == Some(&Scope::Run) => Scope::RunProperties,
                        b"t" => Scope::Text,
                        b"delText" => Scope::DeletedText,
                        b"del" | b"moveFrom" => Scope::Deletion,
                        b"tc" => Scope::Cell,
                        b"hyperlink" => Scope::Hyperlink,
                        _ if local.ends_with(b"Change") => Scope::Skip,
                        _ => Scope::Other,
                    };
                    match scope {
                        Scope::Skip => skip += 1,
                        Scope::Paragraph => {
                            let kind = (cells > 0).then_some(ParagraphKind::TableCell);
                            open.push(Open { kind, ..Open::default() });
                        }
                        Scope::Run => hidden = false,
                        Scope::Deletion => deleted += 1,
                        Scope::Cell => cells += 1,
                        Scope::Hyperlink => {
                            if let Some(p) = open.last_mut() {
                                let target = attribute(e, b"id").and_then(|id| self.links.get(&id));
                                p.link = Some((p.text.len(), target.map_or_else(String::new, |r| r.target.clone())));
                            }
                        }
                        _ => {}
                    }
                    if scope == Scope::Other
                        && word
                        && skip == 0
                        && let Some(p) = open.last_mut()
                    {
                        let in_run = scopes.last() == Some(&Scope::Run) && deleted == 0 && !hidden;
                        match local {
                            b"tab" if in_run => p.text.push('\t'),
                            b"br" | b"cr" if in_run => p.text.push(LINE_BREAK),
                            b"noBreakHyphen" if in_run => p.text.push('\u{2011}'),
                            b"softHyphen" if in_run => p.text.push('\u{AD}'),
                            b"sym" if in_run => p.text.push(' '),
                            b"vanish" if scopes.last() == Some(&Scope::RunProperties) => hidden = is_on(e),
                            b"commentReference" => {
                                p.comments.extend(attribute(e, b"id").map(|id| (id, p.text.len())));
                            }
                            b"pStyle" if p.kind != Some(ParagraphKind::TableCell) => {
                                let style = attribute(e, b"val").unwrap_or_default();
                                if let Some(kind) = self.styles.get(&style) {
                                    p.kind = Some(*kind);
                                }
                            }
                            b"numPr" => p.kind = p.kind.or(Some(ParagraphKind::Item)),
                            _ => {}
                        }
                    }
                    scopes.push(scope);
                }
                Step::Close => match scopes.pop() {
                    Some(Scope::Skip) => skip -= 1,
                    Some(Scope::Paragraph) => {
                        if let Some(p) = open.pop() {
                            self.close(p)?;
                        }
                    }
                    Some(Scope::Run) => hidden = false,
                    Some(Scope::Deletion) => deleted -= 1,
                    Some(Scope::Cell) => cells -= 1,
                    Some(Scope::Hyperlink) => {
                        if let Some(p) = open.last_mut()
                            && let Some((start, target)) = p.link.take()
                            && start < p.text.len()
                        {
                            p.links.push((start, p.text.len(), target));
                        }
                    }
                    _ => {}
                },
                Step::Text(text) => {
                    let deleted_text = match scopes.last() {
                        Some(Scope::Text) => deleted > 0,
                        Some(Scope::DeletedText) => true,
                        _ => return Ok(()),
                    };
                    if skip > 0 {
                        return Ok(());
                    }
                    let Some(p) = open.last_mut() else { return Ok(()) };
                    if deleted_text || hidden {
                        let kind = if deleted_text { LeakKind::Deletion } else { LeakKind::Hidden };
                        let (at, chars) = (p.text.len(), text.chars().count());
                        match p.leaks.last_mut() {
                            Some((k, a, n)) if *k == kind && *a == at => *n += chars,
                            _ => p.leaks.push((kind, at, chars)),
                        }
                    } else {
                        p.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
                    }
                }
            }
            Ok(())
        })
    }

    fn close(&mut self, p: Open) -> Result<(), DraftError> {
        if self.notes && p.text.trim().is_empty() {
            return Ok(());
        }
        let word = &mut self.word;
        let start = word.text.len();
        word.text.push_str(&p.text);
        let span = Span::new(start, word.text.len());
        word.text.push('\n');
        if word.text.len() > MAX_DRAFT_BYTES {
            return Err(DraftError::TooLarge { size: word.text.len(), limit: MAX_DRAFT_BYTES });
        }
        let links =
            p.links.into_iter().map(|(from, to, target)| (Span::new(start + from, start + to), target)).collect();
        word.paragraphs.push(Paragraph { span, kind: p.kind.unwrap_or(ParagraphKind::Body), links });
        word.leaks.extend(p.leaks.into_iter().map(|(kind, at, chars)| Leak { kind, at: start + at, chars }));
        self.comments.extend(p.comments.into_iter().map(|(id, at)| (id, start + at)));
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::{Draft, Format};
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

    pub(crate) fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    pub(crate) fn document(body: &str) -> Vec<u8> {
        let styles = format!(
            "<w:styles {W}><w:style w:styleId=\"1\"><w:name w:val=\"heading 1\"/></w:style>\
             <w:style w:styleId=\"Citaat\"><w:name w:val=\"Quote\"/></w:style></w:styles>"
        );
        let comments = format!(
            "<w:comments {W}><w:comment w:id=\"7\"><w:p><w:r><w:t>secret</w:t></w:r></w:p></w:comment></w:comments>"
        );
        let links = "<Relationships><Relationship Id=\"rId9\" Type=\"x/hyperlink\" Target=\"https://example.com/?a=1&amp;b\"/></Relationships>";
        pack(&[
            (
                "word/document.xml",
                &format!("<?xml version=\"1.0\"?><w:document {W}><w:body>{body}</w:body></w:document>"),
            ),
            ("word/styles.xml", &styles),
            ("word/comments.xml", &comments),
            ("word/_rels/document.xml.rels", links),
        ])
    }

    fn read(body: &str) -> Draft {
        Draft::from_bytes("a.docx", &document(body), None).unwrap()
    }

    #[test]
    fn paragraphs_are_lines() {
        let d = read(
            "<w:p><w:pPr><w:pStyle w:val=\"1\"/></w:pPr><w:r><w:t>Title &amp; more</w:t></w:r></w:p><w:p/>\
             <w:p><w:r><w:t xml:space=\"preserve\">One </w:t></w:r><w:ins><w:r><w:t>two</w:t></w:r></w:ins>\
             <w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:br/><w:t>three</w:t><w:tab/></w:r>\
             <w:r><w:rPr><w:vanish/></w:rPr><w:t>hid</w:t></w:r><w:r><w:commentReference w:id=\"7\"/></w:r></w:p>\
             <w:p><w:pPr><w:numPr/></w:pPr><w:hyperlink r:id=\"rId9\"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>\
             <w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
             <w:p><w:pPr><w:pStyle w:val=\"Citaat\"/></w:pPr><w:r><w:instrText>HYPERLINK</w:instrText><w:t>q</w:t></w:r></w:p>",
        );
        assert_eq!(d.text, "Title & more\n\nOne two\u{2028}three\t\nlink\ncell\nq\n");
        assert_eq!(d.format, Format::Docx);
        let kinds: Vec<_> = d.paragraphs.iter().map(|p| p.kind).collect();
        use ParagraphKind::*;
        assert_eq!(kinds, [Heading, Body, Body, Item, TableCell, Quote]);
        let link = &d.paragraphs[3].links[0];
        assert_eq!((&d.text[link.0.start..link.0.end], link.1.as_str()), ("link", "https://example.com/?a=1&b"));
        let leaks: Vec<_> = d.leaks.iter().map(|l| (l.kind, &d.text[..l.at], l.chars)).collect();
        assert_eq!(leaks[0], (LeakKind::Deletion, "Title & more\n\nOne two", 4));
        assert_eq!(leaks[1], (LeakKind::Comment, "Title & more\n\nOne two\u{2028}three\t", 6));
        assert_eq!(leaks[2], (LeakKind::Hidden, "Title & more\n\nOne two\u{2028}three\t", 3));
    }

    #[test]
    fn text_boxes_once_and_old_properties_never() {
        let d = read(
            "<w:p><w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>seen</w:t>\
             <mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
             <mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>\
             </w:r></w:p>",
        );
        assert_eq!(d.text, "box\nseen\n");
        assert_eq!(d.leaks, []);
    }

    #[test]
    fn front_matter_and_its_paragraphs() {
        let p = |t: &str| format!("<w:p><w:r><w:t>{t}</w:t></w:r></w:p>");
        let d = read(&["---", "lang: nl", "---", "Hallo"].map(p).concat());
        assert_eq!((d.front_matter.lang.as_deref(), d.paragraphs.len()), (Some("nl"), 1));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(200) })]

        /// Whatever the elements: a document that is read has its paragraphs on its lines.
        #[test]
        fn any_markup_is_read_or_refused(parts in proptest::collection::vec(proptest::sample::select(vec![
            "<w:p>", "</w:p>", "<w:p/>", "<w:r>", "</w:r>", "<w:t>é ", "</w:t>", "<w:t>a&amp;&#10;&x;</w:t>", "<w:del>", "</w:del>",
            "<w:delText>b</w:delText>", "<w:rPr><w:vanish/></w:rPr>", "<w:hyperlink r:id=\"rId9\">", "</w:hyperlink>", "<w:tc>", "</w:tc>",
            "<w:br/>", "<w:commentReference w:id=\"7\"/>", "<mc:Fallback>", "</mc:Fallback>", "<w:pPr><w:numPr/></w:pPr>",
        ]), 0..30)) {
            if let Ok(d) = Draft::from_bytes("a.docx", &document(&parts.concat()), None) {
                proptest::prop_assert_eq!(d.text.lines().count(), d.paragraphs.len());
                for (line, p) in d.text.lines().zip(&d.paragraphs) {
                    proptest::prop_assert_eq!(line, &d.text[p.span.start..p.span.end]);
                    proptest::prop_assert!(p.links.iter().all(|(s, _)| p.span.contains(s) && d.text.get(s.start..s.end).is_some()));
                }
                proptest::prop_assert!(d.leaks.iter().all(|l| d.text.is_char_boundary(l.at)));
            }
        }
    }

    #[test]
    fn broken_and_hostile_files_are_refused() {
        let err = |bytes: &[u8]| Draft::from_bytes("a.docx", bytes, None).unwrap_err().to_string();
        assert!(err(b"PK\x03\x04 and no more").contains("no whole zip archive"));
        assert!(err(&pack(&[("a", "b")])).contains("no word/document.xml"));
        assert!(err(&document("<w:p></w:q>")).contains("no well-formed XML"));
        assert!(err(&document(&"<w:x>".repeat(2_000))).contains("nests more than"));
        let bomb = document(&" ".repeat(MAX_DRAFT_BYTES));
        assert!(bomb.len() < 1 << 20);
        assert!(err(&bomb).contains("at most"));
        let whole = document("<w:p><w:r><w:t>x</w:t></w:r></w:p>");
        for cut in 0..whole.len() {
            let _ = Draft::from_bytes("a.docx", &whole[..cut], None);
        }
    }
}
