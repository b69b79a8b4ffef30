//! Markdown: CommonMark with tables, strikethrough, footnotes and task lists.

use super::block::{Block, BlockKind, Cut, MAX_NESTING};
use super::flat::Flat;
use super::{directive, html, plain};
use crate::span::Span;
use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::ops::Range;

const TOO_DEEP: &str = "quotations or lists are nested too deep; the draft is read as plain text";

/// Cuts the Markdown at `range` of `source`.
pub(super) fn cut<'a>(source: &'a str, range: Range<usize>, out: &mut Cut<'a>) {
    let body = &source[range.clone()];
    if let Some(line) = too_deep(body) {
        let at = range.start + line;
        out.notes.push((TOO_DEEP, Span::new(at, at)));
        return plain::cut(source, range, out);
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut cutter = Cutter {
        source,
        flat: Flat::new(source),
        alt: None,
        code: None,
        html: None,
        links: Vec::new(),
        beside: Vec::new(),
        quotes: 0,
        items: 0,
        heading: false,
        cell: false,
        out,
    };
    for (event, at) in Parser::new_ext(body, options).into_offset_iter() {
        cutter.event(event, range.start + at.start..range.start + at.end);
    }
    cutter.flush();
    cutter.unclosed_directive(range);
}

/// The first line that opens more containers than anybody writes.
fn too_deep(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
        // Only a line with that many marks can be too deep; most are shorter or begin with a letter.
        if end - at > MAX_NESTING && containers(&bytes[at..end]) > MAX_NESTING {
            return Some(at);
        }
        at = end + 1;
    }
    None
}

/// How many containers the markers at the head of a line may open.
fn containers(line: &[u8]) -> usize {
    let (mut count, mut i) = (0, 0);
    let mut indent = 0;
    let gap = |i: usize| matches!(line.get(i), Some(b' ' | b'\t' | b'\r') | None);
    while let Some(byte) = line.get(i) {
        match byte {
            b' ' | b'\t' => indent += 1,
            b'>' => count += 1,
            b'-' | b'*' | b'+' if gap(i + 1) => count += 1,
            b'0'..=b'9' => {
                let digits = line[i..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
                if !matches!(line.get(i + digits), Some(b'.' | b')')) || !gap(i + digits + 1) {
                    break;
                }
                count += 1;
                i += digits;
            }
            _ => break,
        }
        i += 1;
    }
    // Indentation carries on the items of the lines before: two columns a level at least.
    count.max(indent / 2)
}

struct Cutter<'a, 'c> {
    source: &'a str,
    flat: Flat<'a>,
    /// The alternative text in the making, and how many pictures stand in each other.
    alt: Option<(Flat<'a>, usize)>,
    /// A code block in the making.
    code: Option<Flat<'a>>,
    /// An HTML block: its stretch of source.
    html: Option<Range<usize>>,
    /// Open links: where their words begin in the flat text, and where they lead.
    links: Vec<(usize, Cow<'a, str>)>,
    /// Captions and code within the block in the making.
    beside: Vec<Block<'a>>,
    quotes: usize,
    items: usize,
    heading: bool,
    cell: bool,
    out: &'c mut Cut<'a>,
}

impl<'a> Cutter<'a, '_> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Text(text) => self.text(text, range),
            Event::SoftBreak => self.line_end(range),
            Event::HardBreak => {
                // A backslash may stand before the line's end.
                let skip = usize::from(self.source[range.clone()].starts_with('\\'));
                self.line_end(range.start + skip..range.end);
            }
            Event::Code(code) => {
                self.target().decoded(range.clone(), " ");
                let mut flat = Flat::new(self.source);
                match self.within(&code, &range) {
                    Some(verbatim) => flat.verbatim(verbatim),
                    None => flat.decoded(range, &code),
                }
                self.beside.extend(flat.finish(BlockKind::Code));
            }
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Html(_) => {
                let html = self.html.get_or_insert_with(|| range.clone());
                html.end = range.end;
            }
            Event::InlineHtml(_) => self.inline_html(range),
            Event::Rule => self.flush(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text, range),
        }
    }

    /// Where words go now.
    fn target(&mut self) -> &mut Flat<'a> {
        match (&mut self.alt, &mut self.code) {
            (Some((alt, _)), _) => alt,
            (None, Some(code)) => code,
            (None, None) => &mut self.flat,
        }
    }

    /// The stretch of source that `text` borrows, if it does.
    fn within(&self, text: &CowStr<'a>, range: &Range<usize>) -> Option<Range<usize>> {
        let CowStr::Borrowed(text) = text else { return None };
        let start = (text.as_ptr() as usize).checked_sub(self.source.as_ptr() as usize)?;
        let end = start + text.len();
        (range.start <= start && end <= range.end).then_some(start..end)
    }

    fn text(&mut self, text: CowStr<'a>, range: Range<usize>) {
        match self.within(&text, &range) {
            Some(verbatim) => self.target().verbatim(verbatim),
            None if text.len() == range.len() && *text == self.source[range.clone()] => self.target().verbatim(range),
            None => self.target().decoded(range, &text),
        }
    }

    fn line_end(&mut self, range: Range<usize>) {
        if self.source[range.clone()].bytes().all(|b| b.is_ascii_whitespace()) {
            self.target().verbatim(range);
        } else {
            self.target().decoded(range, "\n");
        }
    }

    fn kind(&self) -> BlockKind {
        if self.quotes > 0 {
            BlockKind::Quote
        } else if self.heading {
            BlockKind::Heading
        } else if self.cell {
            BlockKind::TableCell
        } else if self.items > 0 {
            BlockKind::Item
        } else {
            BlockKind::Paragraph
        }
    }

    fn flush(&mut self) {
        self.links.clear();
        self.out.blocks.extend(self.flat.finish(self.kind()));
        self.out.blocks.append(&mut self.beside);
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Link { dest_url, title, link_type, .. } => {
                if self.alt.is_none() {
                    let bare = matches!(link_type, LinkType::Autolink | LinkType::Email);
                    let from = self.flat.len();
                    // A bare address is its own words, like an address in plain text.
                    self.links.push(if bare { (usize::MAX, Cow::Borrowed("")) } else { (from, cow(dest_url)) });
                }
                self.title(title, range);
            }
            Tag::Image { title, .. } => {
                match &mut self.alt {
                    Some((_, depth)) => *depth += 1,
                    None => {
                        self.flat.decoded(range.clone(), " ");
                        self.alt = Some((Flat::new(self.source), 1));
                    }
                }
                self.title(title, range);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::Item => {
                self.flush();
                self.items += 1;
            }
            Tag::Heading { .. } => {
                self.flush();
                self.heading = true;
            }
            Tag::TableCell => {
                self.flush();
                self.cell = true;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(Flat::new(self.source));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = None;
            }
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Link => {
                if self.alt.is_none()
                    && let Some((from, target)) = self.links.pop()
                {
                    self.flat.link(from, target);
                }
            }
            TagEnd::Image => {
                if let Some((mut alt, depth)) = self.alt.take() {
                    if depth > 1 {
                        self.alt = Some((alt, depth - 1));
                    } else {
                        self.beside.extend(alt.finish(BlockKind::Caption));
                    }
                }
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes -= 1;
            }
            TagEnd::Item => {
                self.flush();
                self.items -= 1;
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.heading = false;
            }
            TagEnd::TableCell => {
                self.flush();
                self.cell = false;
            }
            TagEnd::CodeBlock => {
                if let Some(mut code) = self.code.take() {
                    self.out.blocks.extend(code.finish(BlockKind::Code));
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(range) = self.html.take() {
                    let around = html::Around::Markdown { quote: self.quotes > 0 };
                    html::cut(self.source, range, around, self.out);
                }
            }
            _ => self.flush(),
        }
    }

    /// The title of a link or picture, shown beside it.
    fn title(&mut self, title: CowStr<'a>, range: Range<usize>) {
        if title.is_empty() {
            return;
        }
        let mut flat = Flat::new(self.source);
        match self.within(&title, &range) {
            Some(verbatim) => flat.verbatim(verbatim),
            None => flat.decoded(range, &title),
        }
        self.beside.extend(flat.finish(BlockKind::Caption));
    }

    fn inline_html(&mut self, range: Range<usize>) {
        if self.source[range.clone()].starts_with("<!--") {
            self.out.directives.extend(directive::in_comment(self.source, range));
            return;
        }
        let tag = html::inline_tag(self.source, range.clone());
        if tag.gap {
            self.target().verbatim(range);
        } else if let Some(drawn) = tag.drawn {
            self.target().decoded(range, drawn);
        }
        self.beside.extend(tag.captions);
    }

    /// A directive within a line that has no end is text to Markdown; its writer should know.
    fn unclosed_directive(&mut self, range: Range<usize>) {
        let bytes = self.source.as_bytes();
        let from = memchr::memmem::rfind(&bytes[range.clone()], b"-->").map_or(range.start, |i| range.start + i);
        let mut found: Vec<_> = memchr::memmem::find_iter(&bytes[from..range.end], b"<!--")
            .map(|i| from + i)
            .filter(|at| directive::is_directive(self.source, *at))
            .take(8) // one would do: a draft in that state is being written
            .map(|at| directive::never_closed(self.source, at, range.end))
            .collect();
        found.retain(|d| {
            let known = self.out.directives.iter().any(|other| other.span.overlaps(&d.span));
            let code = self.out.blocks.iter().any(|b| b.kind == BlockKind::Code && b.span.overlaps(&d.span));
            !known && !code
        });
        self.out.directives.append(&mut found);
    }
}

fn cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}
