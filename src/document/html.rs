//! HTML, whole pages and fragments, by a scanner of its own: tokenizers on crates.io hand out text with its entities
//! decoded and lines normalised, and then nobody knows where a word stood.
//!
//! One pass, no backtracking: whatever is missing (the end of a tag, of a comment, of a script) is looked for once.

use super::block::{Block, BlockKind, Cut, MAX_NESTING};
use super::directive;
use super::flat::Flat;
use super::plain;
use crate::span::Span;
use std::borrow::Cow;
use std::ops::Range;

/// What the HTML stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// A document of its own.
    Page,
    /// Part of Markdown; `quote` within a block quotation.
    Markdown { quote: bool },
}

const CLOSED_NEVER: &str = "a tag is never closed with `>`; what follows is read without attributes";
const SCRIPT_NEVER: &str = "an element whose content is no text is never closed; what follows is not read";

/// Cuts the HTML at `range` of `source`.
pub(super) fn cut<'a>(source: &'a str, range: Range<usize>, around: Around, out: &mut Cut<'a>) {
    let mut scanner = Scanner {
        source,
        end: range.end,
        around,
        flat: Flat::new(source),
        code: None,
        link: None,
        beside: Vec::new(),
        open: Vec::new(),
        template: 0,
        vectors: 0,
        broken: false,
        unclosed: false,
        out,
    };
    scanner.run(range.start);
}

/// Elements that decide what a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Quote,
    Pre,
    Item,
    Cell,
    Heading,
    Caption,
}

struct Scanner<'a, 'c> {
    source: &'a str,
    end: usize,
    around: Around,
    flat: Flat<'a>,
    /// Inline code in the making, and where its tag begins.
    code: Option<(Flat<'a>, usize)>,
    /// The link in the making: where its words begin in the flat text, and where it leads.
    link: Option<(usize, Cow<'a, str>)>,
    /// Captions and code within the block in the making.
    beside: Vec<Block<'a>>,
    open: Vec<Element>,
    template: usize,
    /// Within drawings and formulas, whose elements are many and not ours to know.
    vectors: usize,
    /// A tag without end was met: from now on a tag ends at the next `>`.
    broken: bool,
    /// A comment without end was met: no other can have one.
    unclosed: bool,
    out: &'c mut Cut<'a>,
}

/// An attribute: its name and its value in the source.
type Attribute = (Range<usize>, Range<usize>);

struct Tag {
    name: Range<usize>,
    attributes: Vec<Attribute>,
    closing: bool,
    after: usize,
}

impl<'a> Scanner<'a, '_> {
    fn run(&mut self, start: usize) {
        let bytes = self.source.as_bytes();
        let mut at = start;
        while at < self.end {
            let next = memchr::memchr2(b'<', b'&', &bytes[at..self.end]).map_or(self.end, |i| at + i);
            self.text(at..next);
            if next == self.end {
                break;
            }
            at = if bytes[next] == b'&' { self.entity(next) } else { self.markup(next) };
        }
        self.flush();
        if self.template > 0 {
            self.out.notes.push((SCRIPT_NEVER, Span::new(start, self.end)));
        }
    }

    /// Where text goes now.
    fn target(&mut self) -> &mut Flat<'a> {
        match &mut self.code {
            Some((code, _)) => code,
            None => &mut self.flat,
        }
    }

    fn text(&mut self, range: Range<usize>) {
        if self.template > 0 || range.is_empty() {
            return;
        }
        if self.target().is_empty() && self.source[range.clone()].trim_start().is_empty() {
            return;
        }
        self.target().verbatim(range);
    }

    /// A character reference at `at`; returns what follows it.
    fn entity(&mut self, at: usize) -> usize {
        let (after, decoded) = reference(self.source, at, self.end);
        match decoded {
            Some(decoded) if self.template == 0 => self.target().decoded(at..after, &decoded),
            Some(_) => {}
            None => self.text(at..after),
        }
        after
    }

    /// What begins with `<` at `at`; returns what follows it.
    fn markup(&mut self, at: usize) -> usize {
        let bytes = self.source.as_bytes();
        let rest = &bytes[at..self.end];
        match rest {
            [b'<', b'!', b'-', b'-', ..] => self.comment(at),
            [b'<', b'!' | b'?', ..] => self.bogus(at),
            [b'<', b'/', c, ..] if c.is_ascii_alphabetic() => self.tag(at),
            [b'<', b'/', ..] => self.bogus(at),
            [b'<', c, ..] if c.is_ascii_alphabetic() => self.tag(at),
            _ => {
                self.text(at..at + 1);
                at + 1
            }
        }
    }

    /// A declaration or what browsers take for a comment: up to the next `>`.
    fn bogus(&mut self, at: usize) -> usize {
        match memchr::memchr(b'>', &self.source.as_bytes()[at..self.end]) {
            Some(i) => at + i + 1,
            None => {
                // None of what follows is a tag either.
                self.text(at..self.end);
                self.end
            }
        }
    }

    fn comment(&mut self, at: usize) -> usize {
        let bytes = self.source.as_bytes();
        let end = if self.unclosed { None } else { memchr::memmem::find(&bytes[at + 2..self.end], b"-->") };
        match end {
            Some(i) => {
                let after = at + 2 + i + 3;
                if self.template == 0 {
                    self.out.directives.extend(directive::in_comment(self.source, at..after));
                }
                after
            }
            None => {
                let mut after = at + 4;
                if !self.unclosed || directive::is_directive(self.source, at) {
                    let directive = directive::never_closed(self.source, at, self.end);
                    after = directive.span.end.max(after);
                    self.out.directives.push(directive);
                }
                self.unclosed = true;
                if self.around != Around::Page {
                    // Markdown follows, not HTML.
                    self.flush();
                    plain::cut(self.source, after..self.end, self.out);
                    return self.end;
                }
                after
            }
        }
    }

    fn tag(&mut self, at: usize) -> usize {
        let tag = if self.broken { None } else { parse_tag(self.source, at, self.end) };
        let tag = match tag {
            Some(tag) => tag,
            None => {
                if !self.broken {
                    self.broken = true;
                    self.out.notes.push((CLOSED_NEVER, Span::new(at, at + 1)));
                }
                let Some(i) = memchr::memchr(b'>', &self.source.as_bytes()[at..self.end]) else {
                    // None of what follows is a tag.
                    self.text(at..self.end);
                    return self.end;
                };
                let closing = self.source.as_bytes()[at + 1] == b'/';
                let start = at + 1 + usize::from(closing);
                let length =
                    self.source.as_bytes()[start..at + i].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                Tag { name: start..start + length, attributes: Vec::new(), closing, after: at + i + 1 }
            }
        };
        if self.vectors == 0 && is_gap(self.source, &tag) {
            self.text(at..tag.after);
            return tag.after;
        }
        self.apply(at, &tag);
        if tag.closing {
            return tag.after;
        }
        let name = self.source[tag.name.clone()].to_ascii_lowercase();
        match name.as_str() {
            "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext" => {
                match raw_end(self.source, tag.after, self.end, &name) {
                    Some(end) => end,
                    None => {
                        self.out.notes.push((SCRIPT_NEVER, Span::new(at, tag.after)));
                        self.end
                    }
                }
            }
            "title" | "textarea" => {
                // Text without tags.
                let end = raw_end(self.source, tag.after, self.end, &name).unwrap_or(self.end);
                let (whole, mut at) = (std::mem::replace(&mut self.end, end), tag.after);
                while at < end {
                    let next = memchr::memchr(b'&', &self.source.as_bytes()[at..end]).map_or(end, |i| at + i);
                    self.text(at..next);
                    at = if next < end { self.entity(next) } else { end };
                }
                self.end = whole;
                end
            }
            _ => tag.after,
        }
    }

    fn apply(&mut self, at: usize, tag: &Tag) {
        let name = &self.source[tag.name.clone()];
        // The longest names that matter have ten letters.
        let mut lower = [0u8; 10];
        let name: &[u8] = match lower.get_mut(..name.len()) {
            Some(lower) => {
                lower.copy_from_slice(name.as_bytes());
                lower.make_ascii_lowercase();
                lower
            }
            None => b"",
        };
        if name == b"template" {
            self.flush();
            self.template = if tag.closing { self.template.saturating_sub(1) } else { self.template + 1 };
            return;
        }
        if self.template > 0 {
            return;
        }
        let whole = at..tag.after;
        match name {
            b"code" | b"samp" | b"tt" if self.innermost() != BlockKind::Code => {
                if tag.closing {
                    self.close_code(tag.after);
                } else if self.code.is_none() {
                    self.code = Some((Flat::new(self.source), at));
                }
            }
            b"svg" | b"math" if tag.closing => self.vectors = self.vectors.saturating_sub(1),
            b"svg" | b"math" => self.vectors += 1,
            b"br" => self.target().decoded(whole.clone(), "\n"),
            b"q" => {
                // A browser draws these; with them the words are quoted speech like any other.
                let mark = if tag.closing { "”" } else { "“" };
                self.target().decoded(whole.clone(), mark);
            }
            b"img" if !self.flat.is_empty() => self.target().decoded(whole.clone(), " "),
            b"a" if tag.closing => self.close_link(),
            b"a" => {
                self.close_link();
                let target = self.attribute(tag, "href").map(|value| decode(self.source, value));
                self.link = target.map(|target| (self.flat.len(), target));
            }
            _ if is_block(name) => self.block_tag(name, tag),
            _ => {}
        }
        if !tag.closing {
            self.attributes(name, tag);
        }
    }

    fn block_tag(&mut self, name: &[u8], tag: &Tag) {
        self.flush();
        if !tag.closing && self.open.last() == Some(&Element::Heading) {
            // A heading holds no blocks; its end was forgotten.
            self.open.pop();
        }
        let element = match name {
            b"blockquote" => Element::Quote,
            b"pre" | b"listing" => Element::Pre,
            b"li" | b"dt" | b"dd" | b"option" => Element::Item,
            b"td" | b"th" => Element::Cell,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"title" => Element::Heading,
            b"figcaption" | b"caption" | b"legend" => Element::Caption,
            // The end of what holds items or cells ends the last of them, closed or not.
            b"ul" | b"ol" | b"dl" | b"select" if tag.closing => return self.leave(Element::Item),
            b"tr" | b"table" | b"tbody" | b"thead" | b"tfoot" => return self.leave(Element::Cell),
            _ => return,
        };
        if tag.closing {
            self.leave(element);
            return;
        }
        if !matches!(element, Element::Quote | Element::Pre) && self.open.last() == Some(&element) {
            self.open.pop();
        }
        if self.open.len() < MAX_NESTING {
            self.open.push(element);
        }
    }

    /// Closes the innermost open element of that kind and whatever was left open in it.
    fn leave(&mut self, element: Element) {
        if let Some(i) = self.open.iter().rposition(|e| *e == element) {
            let quote = self.open[i..].contains(&Element::Quote);
            // An item's end within a quotation does not end the quotation.
            if element == Element::Quote || !quote {
                self.open.truncate(i);
            }
        }
    }

    /// The kind of a block here.
    fn innermost(&self) -> BlockKind {
        let has = |element| self.open.contains(&element);
        if has(Element::Pre) {
            return BlockKind::Code;
        }
        if has(Element::Quote) || self.around == (Around::Markdown { quote: true }) {
            return BlockKind::Quote;
        }
        match self.open.last() {
            Some(Element::Item) => BlockKind::Item,
            Some(Element::Cell) => BlockKind::TableCell,
            Some(Element::Heading) => BlockKind::Heading,
            Some(Element::Caption) => BlockKind::Caption,
            _ => BlockKind::Paragraph,
        }
    }

    fn close_code(&mut self, after: usize) {
        let Some((mut code, start)) = self.code.take() else { return };
        if let Some(block) = code.finish(BlockKind::Code) {
            self.flat.decoded(start..after.max(block.span.end), " ");
            self.beside.push(block);
        }
    }

    fn close_link(&mut self) {
        if let Some((from, target)) = self.link.take() {
            self.flat.link(from, target);
        }
    }

    fn flush(&mut self) {
        self.close_code(0);
        self.close_link();
        let kind = self.innermost();
        self.out.blocks.extend(self.flat.finish(kind));
        self.out.blocks.append(&mut self.beside);
    }

    fn attribute(&self, tag: &Tag, name: &str) -> Option<Range<usize>> {
        let found = tag.attributes.iter().find(|(n, _)| self.source[n.clone()].eq_ignore_ascii_case(name))?;
        Some(found.1.clone())
    }

    /// Words in attributes that somebody reads.
    fn attributes(&mut self, name: &[u8], tag: &Tag) {
        if tag.attributes.is_empty() {
            return;
        }
        for attribute in ["alt", "title", "aria-label"] {
            if let Some(value) = self.attribute(tag, attribute) {
                self.beside.extend(caption(self.source, value));
            }
        }
        if name == b"meta" {
            // What a shared link shows.
            let what = self.attribute(tag, "property").or_else(|| self.attribute(tag, "name"));
            let what = what.map(|w| self.source[w].to_ascii_lowercase()).unwrap_or_default();
            let shown = ["description", "og:title", "og:description", "twitter:title", "twitter:description"];
            if shown.contains(&what.as_str())
                && let Some(value) = self.attribute(tag, "content")
            {
                self.beside.extend(caption(self.source, value));
            }
        }
    }
}

/// A caption out of an attribute's value.
fn caption<'a>(source: &'a str, value: Range<usize>) -> Option<Block<'a>> {
    let mut flat = Flat::new(source);
    with_references(source, value, &mut flat);
    flat.finish(BlockKind::Caption)
}

/// Text with character references into `flat`.
fn with_references(source: &str, range: Range<usize>, flat: &mut Flat<'_>) {
    let mut at = range.start;
    while at < range.end {
        let next = memchr::memchr(b'&', &source.as_bytes()[at..range.end]).map_or(range.end, |i| at + i);
        flat.verbatim(at..next);
        if next == range.end {
            break;
        }
        let (after, decoded) = reference(source, next, range.end);
        match decoded {
            Some(decoded) => flat.decoded(next..after, &decoded),
            None => flat.verbatim(next..after),
        }
        at = after;
    }
}

fn decode(source: &str, range: Range<usize>) -> Cow<'_, str> {
    let mut flat = Flat::new(source);
    with_references(source, range, &mut flat);
    flat.finish(BlockKind::Caption).map_or(Cow::Borrowed(""), |block| block.text)
}

/// What a tag inside a line of Markdown says.
pub(super) struct InlineTag<'a> {
    /// What it draws.
    pub drawn: Option<&'static str>,
    /// No tag at all but words.
    pub gap: bool,
    /// Words in its attributes.
    pub captions: Vec<Block<'a>>,
}

/// Reads the tag at `range`.
pub(super) fn inline_tag(source: &str, range: Range<usize>) -> InlineTag<'_> {
    let mut inline = InlineTag { drawn: None, gap: false, captions: Vec::new() };
    let Some(tag) = parse_tag(source, range.start, range.end) else { return inline };
    inline.gap = is_gap(source, &tag);
    inline.drawn = match source[tag.name.clone()].to_ascii_lowercase().as_str() {
        "br" => Some("\n"),
        "q" => Some(if tag.closing { "”" } else { "“" }),
        "img" => Some(" "),
        _ => None,
    };
    let shown = tag.attributes.into_iter().filter(|(name, _)| {
        ["alt", "title", "aria-label"].iter().any(|shown| source[name.clone()].eq_ignore_ascii_case(shown))
    });
    inline.captions.extend(shown.filter_map(|(_, value)| caption(source, value)));
    inline
}

fn is_block(name: &[u8]) -> bool {
    const BLOCKS: &[&[u8]] = &[
        b"address",
        b"article",
        b"aside",
        b"blockquote",
        b"body",
        b"button",
        b"caption",
        b"center",
        b"dd",
        b"details",
        b"dialog",
        b"dir",
        b"div",
        b"dl",
        b"dt",
        b"fieldset",
        b"figcaption",
        b"figure",
        b"footer",
        b"form",
        b"h1",
        b"h2",
        b"h3",
        b"h4",
        b"h5",
        b"h6",
        b"head",
        b"header",
        b"hgroup",
        b"hr",
        b"html",
        b"iframe",
        b"legend",
        b"li",
        b"listing",
        b"main",
        b"menu",
        b"nav",
        b"noscript",
        b"ol",
        b"optgroup",
        b"option",
        b"p",
        b"pre",
        b"section",
        b"select",
        b"summary",
        b"table",
        b"tbody",
        b"td",
        b"textarea",
        b"tfoot",
        b"th",
        b"thead",
        b"title",
        b"tr",
        b"ul",
    ];
    BLOCKS.binary_search(&name).is_ok()
}

/// Reads the tag that begins at `at`; `None` when it has no end.
fn parse_tag(source: &str, at: usize, end: usize) -> Option<Tag> {
    let bytes = &source.as_bytes()[..end];
    let closing = bytes.get(at + 1) == Some(&b'/');
    let start = at + 1 + usize::from(closing);
    let mut i = start;
    while !matches!(bytes.get(i)?, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>') {
        i += 1;
    }
    let mut tag = Tag { name: start..i, attributes: Vec::new(), closing, after: 0 };
    loop {
        match bytes.get(i)? {
            b'>' => {
                tag.after = i + 1;
                return Some(tag);
            }
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' => i += 1,
            _ => {
                let name = i;
                i += 1;
                while !matches!(bytes.get(i)?, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>' | b'=') {
                    i += 1;
                }
                let name = name..i;
                while bytes.get(i)?.is_ascii_whitespace() {
                    i += 1;
                }
                if bytes[i] != b'=' {
                    tag.attributes.push((name, i..i));
                    continue;
                }
                i += 1;
                while bytes.get(i)?.is_ascii_whitespace() {
                    i += 1;
                }
                let value = match bytes[i] {
                    quote @ (b'"' | b'\'') => {
                        let length = memchr::memchr(quote, &bytes[i + 1..])?;
                        let value = i + 1..i + 1 + length;
                        i = value.end + 1;
                        value
                    }
                    _ => {
                        let value = i;
                        while !matches!(bytes.get(i)?, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'>') {
                            i += 1;
                        }
                        value..i
                    }
                };
                tag.attributes.push((name, value));
            }
        }
    }
}

/// Where the end tag of a raw element begins.
fn raw_end(source: &str, from: usize, end: usize, name: &str) -> Option<usize> {
    let bytes = &source.as_bytes()[..end];
    memchr::memmem::find_iter(&bytes[from..], b"</").map(|i| from + i).find(|at| {
        let rest = &bytes[at + 2..];
        rest.len() > name.len()
            && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && matches!(rest[name.len()], b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>')
    })
}

/// Names that browsers understand without a semicolon and people write so.
const BARE_NAMES: &[&str] = &["amp", "lt", "gt", "quot", "nbsp", "copy", "reg", "shy"];

/// The character reference at `at` and what it stands for; `None` where it is only an ampersand.
fn reference(source: &str, at: usize, end: usize) -> (usize, Option<Cow<'_, str>>) {
    let bytes = &source.as_bytes()[at..end];
    let closed = |length: usize| if bytes.get(length) == Some(&b';') { length + 1 } else { length };
    if bytes.get(1) == Some(&b'#') {
        let hexadecimal = matches!(bytes.get(2), Some(b'x' | b'X'));
        let start = if hexadecimal { 3 } else { 2 };
        let radix = if hexadecimal { 16 } else { 10 };
        let digits = bytes[start.min(bytes.len())..].iter().take_while(|b| char::from(**b).is_digit(radix)).count();
        if digits == 0 {
            return (at + 1, None);
        }
        let code = u32::from_str_radix(&source[at + start..at + start + digits], radix).unwrap_or(u32::MAX);
        let decoded = match code {
            // As browsers do: these code points mean Windows-1252.
            0x80..=0x9F => WINDOWS_1252[code as usize - 0x80],
            0 => char::REPLACEMENT_CHARACTER,
            _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        return (at + closed(start + digits), Some(decoded.to_string().into()));
    }
    let length = 1 + bytes[1..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric()).count();
    let name = &source[at + 1..at + length];
    if bytes.get(length) == Some(&b';') {
        let whole = &source[at..at + length + 1];
        let decoded = html_escape::decode_html_entities(whole);
        return if decoded == whole { (at + length, None) } else { (at + length + 1, Some(decoded)) };
    }
    if BARE_NAMES.contains(&name) {
        let decoded = html_escape::decode_html_entities(&format!("&{name};")).into_owned();
        return (at + length, Some(decoded.into()));
    }
    (at + length, None)
}

/// Whether a tag is none that HTML knows: `<insert name>` is a gap somebody meant to fill, and stays words. Names with a
/// hyphen or colon are custom elements; attributes say that somebody means a tag.
fn is_gap(source: &str, tag: &Tag) -> bool {
    const ELEMENTS: &str = " a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button \
        canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed \
        fieldset figcaption figure font footer form frame frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe \
        img input ins kbd label legend li line link listing main map mark marquee math menu meta meter nav nobr noembed \
        noframes noscript object ol optgroup option output p param path picture plaintext portal pre progress q rb rect rp \
        rt rtc ruby s samp script search section select slot small source span strike strong style sub summary sup svg \
        table tbody td template text textarea tfoot th thead time title tr track tspan tt u ul use var video wbr xmp ";
    let name = &source[tag.name.clone()];
    let spelled = name.bytes().all(|b| b.is_ascii_alphanumeric());
    let plain = tag.attributes.iter().all(|(_, value)| value.is_empty());
    spelled && plain && !tag.closing && !ELEMENTS.contains(&format!(" {} ", name.to_ascii_lowercase()))
}

const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
