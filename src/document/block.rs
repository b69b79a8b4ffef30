//! Cuts a draft into blocks: flat text without markup, and where each byte of it stands in the untouched source.
//!
//! A block whose text is one stretch of the source borrows it and has no pieces, so plain paragraphs cost nothing.
//! Invisible and bidirectional characters stay; folding them is the tokeniser's work.

use super::directive::{self, Directive, DirectiveKind};
use super::sentence::Word;
use super::{direction, html, long, markdown, plain};
use crate::draft::{Draft, Format};
use crate::span::{LineIndex, Span};
use std::borrow::Cow;
use std::ops::Range;

/// Quotes, lists and other containers inside each other. Deeper drafts are read as plain text: no person writes them,
/// and parsers spend quadratic time on them.
pub const MAX_NESTING: usize = 64;

/// What a block is to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading or title.
    Heading,
    /// Part of a list.
    Item,
    /// Another's words: a block quotation, whatever stands in it.
    Quote,
    /// Code, in a block of its own or within a line.
    Code,
    /// A cell of a table.
    TableCell,
    /// Words beside the text: alternative texts and titles of pictures and links, captions.
    Caption,
}

/// A stretch of flat text and the stretch of source it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// In bytes of the block's text.
    pub flat: Range<u32>,
    /// In bytes of the draft's text.
    pub source: Range<u32>,
    /// The same bytes in both; otherwise a decoded entity, or a space for something left out.
    pub verbatim: bool,
}

/// Linked words and where they lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// In bytes of the block's text.
    pub flat: Range<u32>,
    /// The address; empty when the document does not say.
    pub target: Cow<'a, str>,
}

/// A block of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// What it is.
    pub kind: BlockKind,
    /// From the first to the last byte that belongs to its text.
    pub span: Span,
    /// Its text without markup; never empty, no white space at either end.
    pub text: Cow<'a, str>,
    /// Tile the text, in order of the source; none: one verbatim stretch at `span.start`.
    pub pieces: Vec<Piece>,
    /// Links with words of their own; bare addresses stay text.
    pub links: Vec<Link<'a>>,
}

impl Block<'_> {
    /// Where a stretch that begins at byte `flat` of the text begins in the source.
    pub fn source_start(&self, flat: usize) -> usize {
        if self.pieces.is_empty() {
            return self.span.start + flat;
        }
        let i = self.pieces.partition_point(|p| p.flat.end as usize <= flat);
        match self.pieces.get(i) {
            Some(p) if p.verbatim => p.source.start as usize + (flat - p.flat.start as usize),
            Some(p) => p.source.start as usize,
            None => self.span.end,
        }
    }

    /// Where a stretch that ends before byte `flat` of the text ends in the source.
    pub fn source_end(&self, flat: usize) -> usize {
        if self.pieces.is_empty() {
            return self.span.start + flat;
        }
        let i = self.pieces.partition_point(|p| (p.flat.end as usize) < flat);
        match self.pieces.get(i) {
            Some(_) if flat == 0 => self.span.start,
            Some(p) if p.verbatim => p.source.start as usize + (flat - p.flat.start as usize),
            Some(p) => p.source.end as usize,
            None => self.span.end,
        }
    }

    /// The source of some words of the block, from the first to the last; at least one.
    pub fn words_span(&self, words: &[Word]) -> Span {
        Span::new(self.source_start(words[0].start as usize), self.source_end(words[words.len() - 1].end as usize))
    }

    /// The source of `flat`, a stretch of the text.
    pub fn source_span(&self, flat: Range<usize>) -> Span {
        let start = self.source_start(flat.start);
        Span::new(start, self.source_end(flat.end).max(start))
    }
}

/// A draft cut into blocks.
#[derive(Clone, Debug, Default)]
pub struct Cut<'a> {
    /// In order of the source. A caption or inline code stands within the span of the block around it, after it.
    pub blocks: Vec<Block<'a>>,
    /// Suppressions, those of the front matter first.
    pub directives: Vec<Directive>,
    /// What could not be read as it is written, and why; no message quotes the draft.
    pub notes: Vec<(&'static str, Span)>,
}

/// The blocks and directives of a draft.
pub fn blocks(draft: &Draft) -> (Vec<Block<'_>>, Vec<Directive>) {
    let cut = cut(draft);
    (cut.blocks, cut.directives)
}

/// The blocks and directives of a draft, and what could not be read as it is written.
pub fn cut(draft: &Draft) -> Cut<'_> {
    let source = draft.text.as_str();
    let body = draft.body.start..draft.body.end;
    let mut out = Cut::default();
    match draft.format {
        Format::Text => plain::cut(source, body, &mut out),
        Format::Markdown => markdown::cut(source, body, &mut out),
        Format::Html => html::cut(source, body, html::Around::Page, &mut out),
        Format::Docx if draft.paragraphs.is_empty() => plain::cut(source, body, &mut out),
        Format::Docx => plain::cut_paragraphs(source, body, &draft.paragraphs, &mut out),
    }
    out.blocks.iter_mut().for_each(direction::straighten);
    long::cut(&mut out.blocks, draft.limits.paragraph_bytes);
    if !out.blocks.is_sorted_by_key(|b| b.span.start) {
        out.blocks.sort_by_key(|b| b.span.start);
    }
    out.directives.sort_by_key(|d| d.span.start);
    if !out.directives.is_empty() {
        let lines = LineIndex::new(source);
        let groups = groups(&out.blocks);
        for directive in &mut out.directives {
            directive.covers = covers(directive, &out.blocks, &groups, source, &lines, draft.format);
        }
    }
    let whole = Span::new(0, source.len());
    let declared = draft.front_matter.allow.iter().map(|(entry, span)| {
        let mut directive = directive::in_front_matter(entry, *span);
        directive.covers = whole;
        directive
    });
    out.directives.splice(0..0, declared);
    out
}

/// Where the list, quotation or table ends that goes on after each block.
fn groups(blocks: &[Block<'_>]) -> Vec<usize> {
    let mut ends: Vec<usize> = blocks.iter().map(|b| b.span.end).collect();
    for i in (1..blocks.len()).rev() {
        if blocks[i].kind == blocks[i - 1].kind {
            ends[i - 1] = ends[i - 1].max(ends[i]);
        }
    }
    ends
}

/// What a directive covers; see [`DirectiveKind`].
fn covers(
    directive: &Directive,
    blocks: &[Block<'_>],
    groups: &[usize],
    source: &str,
    lines: &LineIndex,
    format: Format,
) -> Span {
    let span = directive.span;
    let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
    let (head, tail) = (lines.line_span(source, first).start, lines.line_span(source, last).end);
    match directive.kind {
        DirectiveKind::File => Span::new(0, source.len()),
        DirectiveKind::Line => {
            let alone = blank(&source[head..span.start]) && blank(&source[span.end..tail.max(span.end)]);
            if alone && last < lines.line_count() {
                lines.line_span(source, last + 1)
            } else {
                Span::new(head, tail.max(span.end))
            }
        }
        DirectiveKind::NextBlock => {
            let next = blocks.partition_point(|b| b.span.start < span.end);
            // In a block, or after one on its line: that block. Captions and code stand after the block around them.
            let around = blocks[..next].iter().rev().take(8).find(|b| {
                b.span.contains(&span)
                    || (head < b.span.end && b.span.end <= span.start && blank(&source[b.span.end..span.start]))
            });
            let Some(block) = around.or(blocks.get(next)) else { return Span::new(span.end, span.end) };
            let mut end = block.span.end;
            // A list, quotation or table after the directive is one block to its writer.
            let group = matches!(block.kind, BlockKind::Item | BlockKind::Quote | BlockKind::TableCell);
            let begins = next == 0 || blocks[next - 1].kind != block.kind;
            if around.is_none() && group && begins && lines.line_of(block.span.start) > last {
                end = groups[next];
            }
            if format != Format::Html {
                // Pictures and addresses at the end of the block are left out of its text, not of the writer's mind.
                end = end.max(lines.line_span(source, lines.line_of(end)).end);
            }
            Span::new(block.span.start, end)
        }
    }
}

fn blank(text: &str) -> bool {
    text.trim_start().is_empty()
}

/// Exactly the text to post: no front matter, no directives.
pub fn clean(draft: &Draft) -> String {
    let source = draft.text.as_str();
    let cut = cut(draft);
    let lines = LineIndex::new(source);
    // The first byte of the line after, the length of the text when there is none.
    let after_line = |line: usize| match line < lines.line_count() {
        true => lines.line_span(source, line + 1).start,
        false => source.len(),
    };
    let mut text = String::with_capacity(draft.body.len());
    let mut at = draft.body.start;
    for directive in &cut.directives {
        let span = directive.span;
        if span.start < at {
            continue; // of the front matter
        }
        let (first, last) = (lines.line_of(span.start), lines.line_of(span.end));
        let head = lines.line_span(source, first).start.max(at);
        let after = &source[span.end..lines.line_span(source, last).end.max(span.end)];
        if blank(&source[head..span.start]) && blank(after) {
            // Alone on its lines: the lines go, and one of two blank lines around them.
            text.push_str(&source[at..head]);
            at = after_line(last);
            let gap = text.is_empty() || text.ends_with("\n\n") || text.ends_with("\n\r\n");
            if gap && at < source.len() && blank(&source[at..after_line(last + 1)]) {
                at = after_line(last + 1);
            }
        } else {
            let kept = &source[at..span.start];
            let gap = kept.ends_with([' ', '\t']) && (blank(after) || after.starts_with([' ', '\t']));
            text.push_str(if gap { kept.trim_end_matches([' ', '\t']) } else { kept });
            at = span.end;
        }
    }
    text.push_str(&source[at..]);
    if draft.front_matter.span.is_some() {
        let blank = text.len() - text.trim_start_matches(['\n', '\r']).len();
        text.drain(..blank);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draft(format: Format, text: &str) -> Draft {
        Draft::from_text("draft", text.to_owned(), format)
    }

    /// Kind and text of each block, with the source of the text where it differs.
    fn shape(format: Format, text: &str) -> Vec<(BlockKind, String)> {
        let draft = draft(format, text);
        let cut = cut(&draft);
        check(&draft, &cut);
        cut.blocks.into_iter().map(|b| (b.kind, b.text.into_owned())).collect()
    }

    /// What holds of every cut.
    fn check(draft: &Draft, cut: &Cut<'_>) {
        let source = draft.text.as_str();
        let mut last = 0;
        for block in &cut.blocks {
            let span = block.span;
            assert!(last <= span.start && draft.body.contains(&span), "blocks in order, in the body");
            last = span.start;
            assert!(!block.text.trim().is_empty() && block.text.trim() == block.text, "text without blank ends");
            assert!(!span.is_empty() && source.is_char_boundary(span.start) && source.is_char_boundary(span.end));
            assert_eq!((block.source_start(0), block.source_end(block.text.len())), (span.start, span.end));
            for link in &block.links {
                assert!(
                    link.flat.start < link.flat.end
                        && block.text.get(link.flat.start as usize..link.flat.end as usize).is_some()
                );
            }
            if block.pieces.is_empty() {
                assert!(matches!(block.text, Cow::Borrowed(_)));
                assert_eq!(&source[span.start..span.end], block.text);
                continue;
            }
            let (mut flat, mut from) = (0, span.start as u32);
            for piece in &block.pieces {
                assert_eq!(piece.flat.start, flat, "pieces tile the text");
                assert!(from <= piece.source.start && piece.source.start <= piece.source.end, "in order of the source");
                let text = &block.text[piece.flat.start as usize..piece.flat.end as usize];
                let there = &source[piece.source.start as usize..piece.source.end as usize];
                assert!(!text.is_empty() && (!piece.verbatim || text == there), "verbatim");
                (flat, from) = (piece.flat.end, piece.source.end);
            }
            assert_eq!((flat as usize, from as usize), (block.text.len(), span.end));
            let mut boundary = 0;
            for (i, c) in block.text.char_indices() {
                let span = block.source_span(i..i + c.len_utf8());
                assert!(boundary <= span.start.max(boundary) && span.start <= span.end, "offsets in order");
                assert!(source.is_char_boundary(span.start) && source.is_char_boundary(span.end));
                boundary = span.start;
            }
        }
        for directive in &cut.directives {
            for span in [directive.span, directive.covers] {
                assert!(source.get(span.start..span.end).is_some());
            }
        }
    }

    use BlockKind::*;

    #[track_caller]
    fn expect(format: Format, text: &str, expected: &[(BlockKind, &str)]) {
        let found = shape(format, text);
        let found: Vec<_> = found.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn plain_text() {
        expect(
            Format::Text,
            "One\ntwo.\n \n\n- a\n- b\n  goes on\n3. c\n• d\nEnd.\n> said\n> so\nMe.\n---\nLast",
            &[
                (Paragraph, "One\ntwo."),
                (Item, "a"),
                (Item, "b\n  goes on"),
                (Item, "c"),
                (Item, "d"),
                (Paragraph, "End."),
                (Quote, "said\nso"),
                (Paragraph, "Me."),
                (Paragraph, "Last"),
            ],
        );
        expect(Format::Text, "a\r\nb\r\n\r\nc\r\n", &[(Paragraph, "a\r\nb"), (Paragraph, "c")]);
        expect(Format::Text, "a\u{2029}\u{2029}b\u{85}\u{85}c\r\rd", &["a", "b", "c", "d"].map(|t| (Paragraph, t)));
        expect(Format::Text, "a\u{2028}- b", &[(Paragraph, "a"), (Item, "b")]);
        expect(Format::Text, "---\nlang: fr\n---\n\nTexte", &[(Paragraph, "Texte")]);
        expect(Format::Text, " \n\t\n", &[]);
    }

    #[test]
    fn dashes_that_are_no_bullets() {
        expect(Format::Text, "Москва\n— столица.", &[(Paragraph, "Москва\n— столица.")]);
        expect(Format::Text, "План:\n— раз;\n— два", &[(Paragraph, "План:"), (Item, "раз;"), (Item, "два")]);
        expect(Format::Text, "План\n– раз\n– два", &[(Paragraph, "План"), (Item, "раз"), (Item, "два")]);
        expect(
            Format::Text,
            "-5 % and\n2026. Then\n>50 % more\n+ 3",
            &[(Paragraph, "-5 % and\n2026. Then\n>50 % more\n+ 3")],
        );
        expect(Format::Text, "✅ done\n✅ more", &[(Item, "✅ done"), (Item, "✅ more")]);
        expect(Format::Text, "- wrapped by\nhand", &[(Item, "wrapped by\nhand")]);
    }

    #[test]
    fn plain_text_with_directives() {
        expect(
            Format::Text,
            "A <!-- draftlint: allow x -- y --> b.\n<!-- draftlint: allow x -->\nC <!-- other --> d",
            &[(Paragraph, "A  b."), (Paragraph, "C <!-- other --> d")],
        );
        expect(Format::Text, "<!-- draftlint: allow\n\n x -->- a", &[(Item, "a")]);
        expect(Format::Text, "a\n<!-- draftlint: allow x\nb", &[(Paragraph, "a"), (Paragraph, "b")]);
    }

    #[test]
    fn markdown_blocks() {
        expect(
            Format::Markdown,
            "# Title #\n\nOne *two*\nthree [four](https://x.y \"tip\") `code` five.\n\n- a\n\n  b\n- c\n\n> q\n> r\n> > s\n\n\
             ```\nlet x;\n```\n\n| h | i |\n|---|---|\n| j | k |\n\n![alt *text*](p.png)\n\n<!-- note -->\n\n***\n[x]: y",
            &[
                (Heading, "Title"),
                (Paragraph, "One two\nthree four   five."),
                (Caption, "tip"),
                (Code, "code"),
                (Item, "a"),
                (Item, "b"),
                (Item, "c"),
                (Quote, "q\nr"),
                (Quote, "s"),
                (Code, "let x;"),
                (TableCell, "h"),
                (TableCell, "i"),
                (TableCell, "j"),
                (TableCell, "k"),
                (Caption, "alt text"),
            ],
        );
        expect(Format::Markdown, "a\\\nb  \nc &amp; d\\* &#x41;", &[(Paragraph, "a\nb  \nc & d* A")]);
        expect(
            Format::Markdown,
            "Title\n===\n\n1. a\n   b\n- [ ] c",
            &[(Heading, "Title"), (Item, "a\n   b"), (Item, "c")],
        );
        expect(
            Format::Markdown,
            "a <b>b</b><br>c <img alt=\"d &eacute;\"> e<q>f</q>",
            &[(Paragraph, "a b\nc   e“f”"), (Caption, "d é")],
        );
        expect(
            Format::Markdown,
            "<div>\na\n</div>\n\n<!-- x --> b\n\n<p>c",
            &[(Paragraph, "a"), (Paragraph, "b"), (Paragraph, "c")],
        );
        expect(
            Format::Markdown,
            "see <https://x.y/z> and a[^1].\n\n[^1]: note",
            &[(Paragraph, "see https://x.y/z and a."), (Paragraph, "note")],
        );
        expect(Format::Markdown, "$5 and $6 ~~no~~ \"x\" -- y", &[(Paragraph, "$5 and $6 no \"x\" -- y")]);
    }

    #[test]
    fn plain_paragraphs_are_borrowed() {
        for format in [Format::Text, Format::Markdown] {
            let draft = draft(format, "One line\nand more\r\nof it.\n\n   - item\n     wrapped\n\n<!-- x -->\n\nÉté");
            let (blocks, _) = blocks(&draft);
            for block in blocks.iter().filter(|b| !b.text.contains('<')) {
                assert!(matches!(block.text, Cow::Borrowed(_)) && block.pieces.is_empty(), "{block:?}");
            }
        }
    }

    #[test]
    fn gaps_somebody_meant_to_fill_are_words() {
        for format in [Format::Markdown, Format::Html] {
            let text = "Thanks to <insert name> and <NAME>, <b>all</b> of <my-team>us</my-team> [CITY].";
            expect(format, text, &[(Paragraph, "Thanks to <insert name> and <NAME>, all of us [CITY].")]);
        }
        expect(Format::Html, "<svg><lineargradient><stop></svg>a", &[(Paragraph, "a")]);
    }

    #[test]
    fn links_keep_their_targets() {
        let draft = draft(Format::Markdown, "See [the *report*](https://x.y/?a=1&amp;b) or <https://z>.");
        let (blocks, _) = blocks(&draft);
        let link = &blocks[0].links[0];
        assert_eq!(&blocks[0].text[link.flat.start as usize..link.flat.end as usize], "the report");
        assert_eq!((link.target.as_ref(), blocks[0].links.len()), ("https://x.y/?a=1&b", 1));
    }

    #[test]
    fn html_blocks() {
        expect(
            Format::Html,
            "<!DOCTYPE html><html><head><title>T &amp; t</title><meta name=description content='D'><style>p{}</style>\
             <script>var a='<p>no</p>';</script></head><body><h1>H<p>One <b>two</b><br>three&nbsp;<code>x</code></p>\
             <ul><li>a<li>b</ul>c<blockquote><p>q</p><ul><li>r</ul></blockquote><p>He said <q>no</q>\
             <img src=x alt='al&eacute;'> end<template><p>t</p></template><pre>code\n more</pre>\
             <table><tr><td>1<td>2</table>tail <a href='u?a&amp;b' title=\"ti\">li nk</a> &copy &unknown; &#8217;&#151; a < b",
            &[
                (Heading, "T & t"),
                (Caption, "D"),
                (Heading, "H"),
                (Paragraph, "One two\nthree"),
                (Code, "x"),
                (Item, "a"),
                (Item, "b"),
                (Paragraph, "c"),
                (Quote, "q"),
                (Quote, "r"),
                (Paragraph, "He said “no”  end"),
                (Caption, "alé"),
                (Code, "code\n more"),
                (TableCell, "1"),
                (TableCell, "2"),
                (Paragraph, "tail li nk © &unknown; ’— a < b"),
                (Caption, "ti"),
            ],
        );
        let draft = draft(Format::Html, "x <a href='u?a&amp;b'>li</a>");
        assert_eq!(blocks(&draft).0[0].links, [Link { flat: 2..4, target: "u?a&b".into() }]);
    }

    #[test]
    fn broken_html_loses_no_words() {
        let text = |t: &str| shape(Format::Html, t).into_iter().map(|b| b.1).collect::<Vec<_>>().join("|");
        assert_eq!(text("a <p b=\"c d <p>e"), "a|e");
        assert_eq!(text("a <b"), "a <b");
        assert_eq!(text("a <!-- b\nc <p>d <!-- e"), "a  b\nc|d  e");
        assert_eq!(text("a <! b"), "a <! b");
        assert_eq!(text("a </> b & c &; &#; &#x;"), "a  b & c &; &#; &#x;");
        assert_eq!(text("<blockquote><li>a</blockquote>b</li>c"), "a|b|c");
        let draft = draft(Format::Html, "a <script>b");
        assert_eq!(cut(&draft).notes.len(), 1);
    }

    #[test]
    fn offsets_lead_back() {
        let text = "Tom &amp; **Яна** say&nbsp;\\*hi\\*";
        let draft = draft(Format::Markdown, text);
        let (blocks, _) = blocks(&draft);
        let block = &blocks[0];
        assert_eq!(block.text, "Tom & Яна say\u{a0}*hi*");
        let find = |word: &str| {
            let at = block.text.find(word).unwrap();
            let span = block.source_span(at..at + word.len());
            &text[span.start..span.end]
        };
        assert_eq!(find("&"), "&amp;");
        assert_eq!(find("Tom & "), "Tom &amp; ");
        assert_eq!(find("Яна"), "Яна");
        assert_eq!(find("say\u{a0}*hi*"), "say&nbsp;\\*hi\\*".trim_end());
    }

    #[test]
    fn directives_and_what_they_cover() {
        let covered = |format, text: &str| {
            let draft = draft(format, text);
            let cut = cut(&draft);
            check(&draft, &cut);
            let parts = cut.directives.iter().map(|d| draft.text[d.covers.start..d.covers.end].to_owned());
            parts.collect::<Vec<_>>()
        };
        let next = "<!-- draftlint: allow x -- y -->";
        let line = "<!-- draftlint: allow line x -- y -->";
        for format in [Format::Text, Format::Markdown] {
            assert_eq!(covered(format, &format!("a\n\n{next}\n\nb\nc\n\nd")), ["b\nc"]);
            assert_eq!(covered(format, &format!("a\n\n{next}\n\n- b\n- c\n\nd")), ["b\n- c"]);
            assert_eq!(covered(format, &format!("a {next}\n\nb")), [format!("a {next}")]);
            assert_eq!(covered(format, &format!("a {line}\nb")), [format!("a {line}")]);
            assert_eq!(covered(format, &format!("{line}\nb\nc")), ["b"]);
            assert_eq!(covered(format, &format!("a\n\n{next}")), [""]);
        }
        let text = "---\nallow: x -- y\n---\na";
        assert_eq!(covered(Format::Text, text), [text]);
        assert_eq!(covered(Format::Html, &format!("<p>a</p>{next}<p>b</p>c")), ["b"]);
        assert_eq!(covered(Format::Markdown, "```\n<!-- draftlint: allow x -->\n```\n"), [""; 0]);
    }

    #[test]
    fn unclosed_comments_are_said_and_hide_nothing() {
        for (format, text) in [
            (Format::Markdown, "a\n\n<!-- draftlint: allow x\nb\n\nc"),
            (Format::Markdown, "a\n\n<!-- b\n\nc"),
            (Format::Html, "<p>a</p>\n<!-- \n<p>b</p><p>c</p>"),
            (Format::Html, "<p>a</p><!-- draftlint: allow x -- y -><p>b</p><p>c</p>"),
            (Format::Text, "a\n\n<!-- draftlint: allow x\nb\n\nc"),
        ] {
            expect(format, text, &["a", "b", "c"].map(|t| (Paragraph, t)));
            let draft = draft(format, text);
            let (_, directives) = blocks(&draft);
            assert_eq!(directives.len(), 1);
            assert_eq!((directives[0].problems.len(), directives[0].rules.len()), (1, 0));
        }
        let draft = draft(Format::Markdown, "a <!-- draftlint: allow x");
        assert_eq!(blocks(&draft).1.len(), 1);
    }

    #[test]
    fn clean_is_what_is_posted() {
        let cleaned = |format, text: &str| clean(&draft(format, text));
        let d = "<!-- draftlint: allow x -- y -->";
        for format in [Format::Text, Format::Markdown] {
            assert_eq!(
                cleaned(format, &format!("---\nlang: fr\n---\n\n{d}\n\nA {d}\nb.\n\n{d}\n\nc {d} d\n{d}")),
                "A\nb.\n\nc d\n"
            );
            assert_eq!(cleaned(format, &format!("{d}\r\nA\r\n\r\n{d}\r\n\r\nb\r\n")), "A\r\n\r\nb\r\n");
            assert_eq!(cleaned(format, "A\n\nb <!-- mine -->\n"), "A\n\nb <!-- mine -->\n");
        }
        assert_eq!(cleaned(Format::Html, &format!("<p>a{d}</p>\n{d}\n<p>b</p>")), "<p>a</p>\n<p>b</p>");
    }

    #[test]
    fn deep_and_wide_input_is_bounded() {
        let started = std::time::Instant::now();
        let n = 100_000;
        for unit in [
            "> ",
            ">",
            "- ",
            "1. ",
            "[",
            "![",
            "]",
            "[a](",
            "<",
            "</",
            "<!",
            "<?",
            "<a ",
            "<a b=\"",
            "`a``",
            "*a ",
            "_a_",
            "**a",
            "~~a",
            "&",
            "&#",
            "&amp",
            "|",
            "a|",
            "\\",
            "<!--",
            "<!-->",
            "<!-- draftlint: allow x -->",
            "<!-- draftlint",
            "[^a]: ",
            "[a]: b\n",
            "<div>\n",
            "<code>",
            "<q>",
            "<li>",
            "<blockquote>",
            "</li>",
            "<title>",
            "<script>",
            "<template>",
            "<textarea>",
            "\n",
            "\r",
            " ",
            "\t",
            "\u{2028}",
            "- a\n",
            "> a\n",
            "```\n",
            "~~~ a\n",
            "<![CDATA[",
            "a\n<!-- draftlint: allow x -->\n- b\n",
            "—\n",
            "a\n— b ",
            "((",
            "[a](b \"",
            "a*b_",
            "$",
            "*_",
            "x<b>\n",
            "<br",
            "<p>a",
            "a  \n",
            "a\\\n",
            "| a |\n|-|\n",
        ] {
            let text = unit.repeat(n);
            for format in [Format::Text, Format::Markdown, Format::Html] {
                let draft = draft(format, &text);
                let before = std::time::Instant::now();
                let _ = cut(&draft);
                let _ = clean(&draft);
                let took = before.elapsed();
                assert!(took.as_secs() < 20, "{format:?} {unit:?}: {took:?}");
                if std::env::var_os("DRAFTLINT_TIMES").is_some() && took.as_millis() > 100 {
                    println!("{format:?} {unit:?}: {took:?}");
                }
            }
        }
        let deep: String = (0..3_000).map(|i| format!("{}- a\n", " ".repeat(2 * i))).collect();
        let draft = draft(Format::Markdown, &deep);
        assert_eq!(cut(&draft).notes.len(), 1);
        assert!(started.elapsed().as_secs() < 120);
    }

    fn fragment() -> impl Strategy<Value = String> {
        let parts = [
            "word ",
            "Été ",
            "слово ",
            "😀",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            " ",
            "  \n",
            "\\\n",
            "> ",
            "- ",
            "1. ",
            "• ",
            "– ",
            "# ",
            "===\n",
            "---\n",
            "+++\n",
            "kind: post\n",
            "```\n",
            "`",
            "``",
            "*",
            "**",
            "_",
            "~~",
            "[",
            "](u \"t&amp;\")",
            "]",
            "![",
            "](u)",
            "[^1]",
            "[^1]: ",
            "&amp;",
            "&eacute;",
            "&#8217;",
            "&#x0;",
            "&",
            "\\",
            "|",
            "|-|\n",
            "<p>",
            "</p>",
            "<b>",
            "<code>",
            "</code>",
            "<q>",
            "<br>",
            "<a href='x&lt;'>",
            "</a>",
            "<img alt='é&quot;' title=b>",
            "<script>",
            "</script>",
            "<li>",
            "<blockquote>",
            "</blockquote>",
            "<pre>",
            "<td>",
            "<!--",
            "-->",
            "<!-- draftlint: allow x -- y -->",
            "<!-- draftlint:",
            "\u{2028}",
            "\u{2029}",
            "\u{85}",
            "\u{a0}",
            "\u{200b}",
            "\u{202e}",
            "\u{ad}",
            "\0",
            "\t",
            "    ",
            "https://x.y ",
            "<https://x.y>",
            "[a]: b\n",
            "<",
            ">",
            "\"",
            "'",
            "<div>\n",
            "</div>\n",
            "<name>",
            "<svg>",
            "</svg>",
            "- [ ] ",
            "> [!NOTE]\n",
        ];
        let part = prop_oneof![5 => prop::sample::select(parts.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
        prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
    }

    /// An override that ends inside a code span, whose text is no copy of its source.
    #[test]
    fn an_override_ends_inside_a_piece() {
        for text in ["`\r\n\u{202e}|-|\n\u{2029}a`", "`a\n\u{202e}bc\u{202c}d\ne`", "\u{202e}&amp;bc\u{202c}&amp;"] {
            for format in [Format::Text, Format::Markdown, Format::Html, Format::Docx] {
                let draft = draft(format, text);
                check(&draft, &cut(&draft));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

        #[test]
        fn every_cut_holds_together(text in fragment()) {
            for format in [Format::Text, Format::Markdown, Format::Html, Format::Docx] {
                let draft = draft(format, &text);
                let whole = cut(&draft);
                check(&draft, &whole);
                let posted = clean(&draft);
                prop_assert!(posted.len() <= draft.body.len());
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), pick in 0usize..6) {
            let name = ["a.txt", "a.md", "a.html", "a.docx", "a", "a.bin"][pick];
            if let Ok(draft) = Draft::from_bytes(name, &bytes, None) {
                check(&draft, &cut(&draft));
            }
        }

        #[test]
        fn line_ends_make_no_difference(text in fragment()) {
            let text = text.replace('\r', "");
            let crlf = text.replace('\n', "\r\n");
            for format in [Format::Text, Format::Html] {
                let plain = |t: &str| {
                    let found = shape(format, t);
                    found.into_iter().map(|(k, t)| (k, t.replace('\r', ""))).collect::<Vec<_>>()
                };
                prop_assert_eq!(plain(&text), plain(&crlf));
            }
        }
    }
}
