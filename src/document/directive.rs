//! Suppressions that a draft carries: `<!-- draftlint: allow RULE[, RULE] [approved-by ROLE] [until DATE] -- reason -->`.
//!
//! `allow` covers the next block, `allow line` the line, `allow file` the draft; front matter says the same words under
//! `allow:`. Which rules exist, who may approve and when a date has passed is the policy's to judge.

use crate::date::Date;
use crate::span::Span;
use std::ops::Range;

/// What a directive covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectiveKind {
    /// The block after it, or the block it stands in.
    NextBlock,
    /// The line it stands on; alone on its line, the next one.
    Line,
    /// The whole draft.
    File,
}

/// One suppression, as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What it covers.
    pub kind: DirectiveKind,
    /// Rules, categories or families, in lower case.
    pub rules: Vec<String>,
    /// The role that approved it.
    pub approved_by: Option<String>,
    /// The day it ends, as written.
    pub until: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The comment, or the entry of the front matter.
    pub span: Span,
    /// What it covers, in bytes of the text.
    pub covers: Span,
    /// What is wrong with it; no message quotes it. A directive with problems may still name rules.
    pub problems: Vec<&'static str>,
}

/// The problem of a comment without an end.
pub(super) const NEVER_CLOSED: &str = "this comment is never closed with `-->`; what follows is read as text";

impl Directive {
    fn empty(span: Span) -> Self {
        Self {
            kind: DirectiveKind::NextBlock,
            rules: Vec::new(),
            approved_by: None,
            until: None,
            reason: None,
            span,
            covers: Span::new(span.end, span.end),
            problems: Vec::new(),
        }
    }
}

/// The directive in the comment `<!-- … -->` at `range`; `None` when the comment is another's.
pub(super) fn in_comment(source: &str, range: Range<usize>) -> Option<Directive> {
    let comment = &source[range.clone()];
    let inner = comment.strip_prefix("<!--")?;
    let inner = inner.strip_suffix("-->").unwrap_or(inner);
    let rest = after_name(inner)?;
    let mut directive = Directive::empty(Span::new(range.start, range.end));
    match rest.trim_start().strip_prefix(':') {
        Some(words) => read(words, true, &mut directive),
        None => directive.problems.push("write `draftlint:` with a colon, then `allow` and a rule"),
    }
    Some(directive)
}

/// A comment that begins at `start` and has no end. A directive ends with its line or where a tag may begin or end;
/// of another's comment only its mark is left out, so that nothing is hidden.
pub(super) fn never_closed(source: &str, start: usize, limit: usize) -> Directive {
    let mut end = start + 4;
    if is_directive(source, start) {
        end = memchr::memchr3(b'\n', b'<', b'>', &source.as_bytes()[end..limit]).map_or(limit, |i| end + i);
        end = match source.as_bytes().get(end) {
            Some(b'>') if end < limit => end + 1,
            _ => start + source[start..end].trim_end().len(),
        };
    }
    let mut directive = Directive::empty(Span::new(start, end));
    directive.problems.push(NEVER_CLOSED);
    directive
}

/// An entry of `allow:` in the front matter; it covers the draft.
pub(super) fn in_front_matter(entry: &str, span: Span) -> Directive {
    let mut directive = Directive::empty(span);
    directive.kind = DirectiveKind::File;
    read(entry, false, &mut directive);
    if directive.kind != DirectiveKind::File {
        directive.kind = DirectiveKind::File;
        directive.problems.push("front matter covers the whole draft; `line` has no meaning here");
    }
    directive
}

/// What follows the word `draftlint` at the head of a comment.
fn after_name(inner: &str) -> Option<&str> {
    const NAME: &str = "draftlint";
    let words = inner.trim_start();
    let head = words.get(..NAME.len())?;
    let rest = &words[NAME.len()..];
    (head.eq_ignore_ascii_case(NAME) && !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '/')))
        .then_some(rest)
}

/// Whether the comment that begins at `start` is a directive, closed or not.
pub(super) fn is_directive(source: &str, start: usize) -> bool {
    source[start..].strip_prefix("<!--").and_then(after_name).is_some()
}

/// The directives among the words of plain text: nothing else looks like them, so other comments stay words.
pub(super) fn in_text(source: &str, range: Range<usize>) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut at = range.start;
    let bytes = source.as_bytes();
    let mut closed = true;
    while let Some(i) = memchr::memmem::find(&bytes[at..range.end], b"<!--") {
        let start = at + i;
        at = start + 4;
        if !is_directive(source, start) {
            continue;
        }
        let end = if closed { memchr::memmem::find(&bytes[at..range.end], b"-->") } else { None };
        match end {
            Some(i) => {
                let end = at + i + 3;
                found.extend(in_comment(source, start..end));
                at = end;
            }
            None => {
                closed = false;
                let directive = never_closed(source, start, range.end);
                at = directive.span.end.max(at);
                found.push(directive);
            }
        }
    }
    found
}

/// What stands before a reason; word processors turn two hyphens into a dash.
fn is_dash(word: &str) -> bool {
    matches!(word, "--" | "—" | "–")
}

/// Reads `[allow] [line|file] RULES [approved-by ROLE] [until DATE] [-- reason]`.
fn read(words: &str, needs_allow: bool, directive: &mut Directive) {
    let mut rest = words.trim();
    let (head, after) = word(rest);
    if head == "allow" {
        rest = after;
    } else if needs_allow {
        directive.problems.push("only `allow` is known after `draftlint:`");
        return;
    }
    let (head, after) = word(rest);
    match head {
        "line" => (directive.kind, rest) = (DirectiveKind::Line, after),
        "file" => (directive.kind, rest) = (DirectiveKind::File, after),
        _ => {}
    }
    let mut comma = true;
    let mut rules_end = false;
    loop {
        let (head, after) = word(rest);
        match head {
            "" => break,
            dash if is_dash(dash) || dash.starts_with("--") => {
                let reason = rest.trim_start().trim_start_matches(['-', '—', '–']).trim();
                if !reason.is_empty() {
                    directive.reason = Some(reason.split_whitespace().collect::<Vec<_>>().join(" "));
                }
                break;
            }
            "approved-by" | "until" => {
                rules_end = true;
                let (value, end) = word(after);
                // A dash instead of a value: the reason begins there.
                let (value, after) = if is_dash(value) { ("", after) } else { (value, end) };
                let value = value.trim_end_matches([',', '.']);
                if head == "until" {
                    if Date::parse(value).is_none() {
                        directive.problems.push("after `until` write a day as YYYY-MM-DD");
                    }
                    directive.until = (!value.is_empty()).then(|| value.to_owned());
                } else {
                    if value.is_empty() {
                        directive.problems.push("after `approved-by` write a role, such as legal");
                    }
                    directive.approved_by = (!value.is_empty()).then(|| value.to_lowercase());
                }
                rest = after;
            }
            _ if rules_end || !comma => {
                directive.problems.push("separate rules by commas and give the reason after `--`");
                // The reason still counts, so that the report can show it.
                if let Some((_, reason)) = rest.split_once(" -- ") {
                    directive.reason = Some(reason.trim().to_owned()).filter(|r| !r.is_empty());
                }
                break;
            }
            list => {
                comma = list.ends_with(',') || after.trim_start().starts_with(',');
                rest = after.trim_start().trim_start_matches(',');
                for rule in list.split(',').filter(|rule| !rule.is_empty()) {
                    if rule_name(rule) {
                        directive.rules.push(rule.to_ascii_lowercase());
                    } else {
                        directive.problems.push("a rule's name is written in letters, digits, `-` and `/`");
                    }
                }
            }
        }
    }
    if directive.rules.is_empty() && directive.problems.is_empty() {
        directive.problems.push("name the rule that is allowed");
    }
}

/// The first word and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(end)
}

fn rule_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/'))
        && name.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(comment: &str) -> Directive {
        in_comment(comment, 0..comment.len()).unwrap()
    }

    #[test]
    fn every_part() {
        let d = parse(
            "<!-- draftlint: allow disclosure/forward-looking-figure, Vague-Claim approved-by Legal until 2027-01-31 -- cleared,\n see mail -->",
        );
        assert_eq!(d.kind, DirectiveKind::NextBlock);
        assert_eq!(d.rules, ["disclosure/forward-looking-figure", "vague-claim"]);
        assert_eq!((d.approved_by.as_deref(), d.until.as_deref()), (Some("legal"), Some("2027-01-31")));
        assert_eq!(d.reason.as_deref(), Some("cleared, see mail"));
        assert_eq!(d.problems, [""; 0]);
    }

    #[test]
    fn kinds_and_lenient_spelling() {
        let d = parse("<!--DraftLint:allow line a-b,c-d ,e-f-->");
        assert_eq!((d.kind, d.rules.len(), d.problems.len()), (DirectiveKind::Line, 3, 0));
        let d = parse("<!-- draftlint: allow file a-b — said so -->");
        assert_eq!((d.kind, d.reason.as_deref()), (DirectiveKind::File, Some("said so")));
        let d = parse("<!-- draftlint: allow a-b until 2027-01-31 approved-by legal --why -->");
        assert_eq!((d.reason.as_deref(), d.approved_by.as_deref()), (Some("why"), Some("legal")));
        for other in ["<!-- draft -->", "<!-- draftlinter: x -->", "<!-- see draftlint.toml -->", "<!---->"] {
            assert_eq!(in_comment(other, 0..other.len()), None, "{other}");
        }
    }

    #[test]
    fn problems_are_said() {
        for (comment, rules) in [
            ("<!-- draftlint allow a-b -->", 0),
            ("<!-- draftlint: disable a-b -->", 0),
            ("<!-- draftlint: -->", 0),
            ("<!-- draftlint: allow -->", 0),
            ("<!-- draftlint: allow -- because -->", 0),
            ("<!-- draftlint: allow a-b c-d -- because -->", 1),
            ("<!-- draftlint: allow a-b because legal said so -->", 1),
            ("<!-- draftlint: allow a-b until tomorrow -- because -->", 1),
            ("<!-- draftlint: allow a-b until -- because -->", 1),
            ("<!-- draftlint: allow a-b approved-by -- because -->", 1),
            ("<!-- draftlint: allow a_b -->", 0),
        ] {
            let d = parse(comment);
            assert_eq!((d.problems.len(), d.rules.len()), (1, rules), "{comment}: {:?}", d.problems);
            assert_eq!(d.reason.is_some(), comment.contains(" -- "), "{comment}");
        }
    }

    #[test]
    fn front_matter_speaks_the_same_words() {
        let d = in_front_matter("a-b until 2027-01-31 -- said so", Span::new(3, 9));
        assert_eq!((d.kind, d.reason.as_deref(), d.problems.len()), (DirectiveKind::File, Some("said so"), 0));
        assert_eq!(in_front_matter("allow file a-b", Span::new(0, 1)).rules, ["a-b"]);
        assert_eq!(in_front_matter("line a-b", Span::new(0, 1)).problems.len(), 1);
    }

    #[test]
    fn in_plain_text() {
        let text = "a <!-- b --> <!-- draftlint: allow x -- y --> c <!-- draftlint: allow z\nd <!-- draftlint: allow z";
        let found = in_text(text, 0..text.len());
        assert_eq!(found.len(), 3);
        assert_eq!(&text[found[1].span.start..found[1].span.end], "<!-- draftlint: allow z");
        assert_eq!(found[2].problems, [NEVER_CLOSED]);
    }
}
