//! Code actions, and the edits they make: fix, allow with a reason, explain, add to the profile.

use super::document::{Checked, Document, is_whole};
use super::protocol::{AskActions, Client, Ranges, command};
use super::workspace::Workspace;
use super::{uri, words};
use crate::document::block::{BlockKind, blocks};
use crate::draft::Format;
use crate::finding::{Applicability, Category, Family, Finding};
use crate::pack::Rule;
use crate::span::{LineIndex, Span};
use serde_json::{Value, json};
use std::path::Path;
use toml::de::{DeTable, DeValue};

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll.draftlint";
/// Longer stretches are no terms.
const MAX_TERM: usize = 60;

/// A change of text, in bytes of the document.
struct Edit {
    span: Span,
    text: String,
}

/// What is said in a suppression; what is empty is left for its writer to fill in, and until then it allows nothing.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Allowance {
    pub uri: String,
    pub rule: String,
    /// The line of the finding, from 0.
    pub line: u32,
    pub reason: String,
    pub approved_by: String,
    pub until: String,
}

/// The actions for a range of a document.
pub fn list(document: &Document, client: &Client, workspace: &Workspace, asked: &AskActions) -> Vec<Value> {
    let Some(checked) = document.checked.as_ref().filter(|_| client.action_literals) else { return Vec::new() };
    let wants = |kind: &str| {
        asked.context.only.as_ref().is_none_or(|only| {
            only.iter().any(|o| {
                kind == o || kind.strip_prefix(o.as_str()).is_some_and(|rest| rest.starts_with('.')) || o.is_empty()
            })
        })
    };
    let language = checked.language;
    let mut actions = Vec::new();
    if wants(QUICK_FIX) {
        let (start, end) = (
            document.buffer.offset(asked.range.start, client.unit),
            document.buffer.offset(asked.range.end, client.unit),
        );
        let touched = checked.shown.iter().filter(|s| s.span.start <= end && start <= s.span.end);
        let found: Vec<_> = touched.filter_map(|s| checked.finding(s).map(|(f, r)| (s, f, r))).collect();
        for (shown, finding, rule) in &found {
            if let Some(fix) = &finding.fix {
                let edit = Edit { span: shifted(fix.span, checked), text: fix.text.clone() };
                actions.push(json!({
                    "title": words::fix(language, *rule), "kind": QUICK_FIX, "isPreferred": true,
                    "diagnostics": [shown.diagnostic], "edit": workspace_edit(document, client, &[edit]),
                }));
            }
        }
        for (shown, finding, rule) in &found {
            // what is said of a suppression is mended there
            if rule.slug().ends_with("-suppression") {
                continue;
            }
            let allowance = Allowance {
                uri: document.uri.clone(),
                rule: rule.slug().to_owned(),
                line: shown.range.start.line,
                ..Allowance::default()
            };
            let mut action =
                json!({ "title": words::allow(language, *rule), "kind": QUICK_FIX, "diagnostics": [shown.diagnostic] });
            if client.asks_for_reasons {
                let is_strict = rule.family() == Family::Disclosure;
                let argument = json!({ "uri": allowance.uri, "rule": allowance.rule, "line": allowance.line, "strict": is_strict, "roles": checked.prepared.settings.roles() });
                action["command"] = json!({ "title": words::allow(language, *rule), "command": command::ASK_REASON, "arguments": [argument] });
            } else {
                let edit = allow(document, checked, finding, *rule, &allowance);
                action["edit"] = workspace_edit(document, client, &[edit]);
            }
            actions.push(action);
        }
        for (shown, finding, rule) in &found {
            if let Some(edit) = add_to_profile(document, checked, client, workspace, finding, *rule) {
                actions.push(json!({ "title": words::add_to_profile(language), "kind": QUICK_FIX, "diagnostics": [shown.diagnostic], "edit": edit }));
            }
        }
        let mut explained = Vec::new();
        for (shown, _, rule) in &found {
            if explained.contains(&rule.index()) {
                continue;
            }
            explained.push(rule.index());
            let title = words::explain(language, *rule);
            let run =
                json!({ "title": title, "command": command::EXPLAIN, "arguments": [rule.full_id(), language.name()] });
            actions
                .push(json!({ "title": title, "kind": QUICK_FIX, "diagnostics": [shown.diagnostic], "command": run }));
        }
    }
    if wants(FIX_ALL) {
        let edits = safe_fixes(checked);
        if !edits.is_empty() {
            actions.push(json!({ "title": words::fix_all(language), "kind": FIX_ALL, "edit": workspace_edit(document, client, &edits) }));
        }
    }
    actions
}

/// The edit that a suppression is, and what it is called by; none where the finding is gone.
pub fn allowance_edit(document: &Document, client: &Client, allowance: &Allowance) -> Option<Value> {
    let checked = document.checked.as_ref()?;
    let shown = checked.shown.iter().find(|s| {
        s.range.start.line == allowance.line
            && checked.finding(s).is_some_and(|(_, r)| r.slug() == allowance.rule || r.full_id() == allowance.rule)
    })?;
    let (finding, rule) = checked.finding(shown)?;
    Some(workspace_edit(document, client, &[allow(document, checked, finding, rule, allowance)]))
}

fn shifted(span: Span, checked: &Checked) -> Span {
    Span::new(span.start + checked.shift, span.end + checked.shift)
}

/// Every fix that may be applied unread; of fixes that overlap, the first.
fn safe_fixes(checked: &Checked) -> Vec<Edit> {
    let fixes = checked.shown.iter().filter_map(|s| checked.finding(s)?.0.fix.as_ref());
    let mut fixes: Vec<_> = fixes.filter(|f| f.applicability == Applicability::Safe).collect();
    fixes.sort_by_key(|f| (f.span.start, f.span.end));
    let mut edits: Vec<Edit> = Vec::new();
    for fix in fixes {
        let span = shifted(fix.span, checked);
        if edits.last().is_none_or(|e| e.span.end <= span.start && e.span != span) {
            edits.push(Edit { span, text: fix.text.clone() });
        }
    }
    edits
}

fn workspace_edit(document: &Document, client: &Client, edits: &[Edit]) -> Value {
    let mut ranges = Ranges::new(document.buffer.text(), document.buffer.lines(), client.unit);
    let edits: Vec<Value> = edits.iter().map(|e| json!({ "range": ranges.of(e.span), "newText": e.text })).collect();
    if client.versioned_edits {
        json!({ "documentChanges": [{ "textDocument": { "uri": document.uri, "version": document.version }, "edits": edits }] })
    } else {
        json!({ "changes": { &document.uri: edits } })
    }
}

/// The rest of a suppression after its kind: rule, role, day, reason.
fn entry(rule: Rule<'_>, allowance: &Allowance) -> String {
    // a reason is one line and ends no comment
    let clean =
        |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace("--", "–").replace(['<', '>'], "");
    let (role, day) = (clean(&allowance.approved_by), clean(&allowance.until));
    let is_strict = rule.family() == Family::Disclosure;
    let mut entry = rule.slug().to_owned();
    if is_strict || !role.is_empty() {
        entry.push_str(&format!(" approved-by {}", if role.is_empty() { "ROLE" } else { &role }));
    }
    if is_strict || !day.is_empty() {
        entry.push_str(&format!(" until {}", if day.is_empty() { "YYYY-MM-DD" } else { &day }));
    }
    entry.push_str(&format!(" -- {}", clean(&allowance.reason)));
    entry.trim_end().to_owned()
}

/// The suppression of a finding, where the draft's format wants it.
fn allow(document: &Document, checked: &Checked, finding: &Finding, rule: Rule<'_>, allowance: &Allowance) -> Edit {
    let draft = &checked.draft;
    let text = draft.text.as_str();
    let entry = entry(rule, allowance);
    let comment = |kind: &str| format!("<!-- draftlint: allow {kind}{entry} -->");
    let end = if document.buffer.text().contains("\r\n") { "\r\n" } else { "\n" };
    let insert = |at: usize, words: String| Edit { span: shifted(Span::new(at, at), checked), text: words };
    let lines = LineIndex::new(text);
    if draft.format == Format::Text {
        return match draft.front_matter.span {
            None => insert(0, format!("---{end}allow: {}{end}---{end}", quoted(&entry))),
            Some(_) if text.starts_with("---") => {
                insert(after_first_line(text), format!("allow: {}{end}", quoted(&entry)))
            }
            Some(_) if draft.front_matter.allow.is_empty() => {
                insert(after_first_line(text), format!("allow = [{}]{end}", toml_string(&entry)))
            }
            // a second `allow` is none in TOML: a comment says it, and `draftlint clean` leaves it out
            Some(_) => insert(draft.body.start, format!("{}{end}", comment("file "))),
        };
    }
    if is_whole(finding) {
        let body = &text[draft.body.start..];
        let at = if body.trim_start().starts_with("<!") && draft.format == Format::Html {
            draft.body.start + after_first_line(body)
        } else {
            draft.body.start
        };
        return insert(at, format!("{}{end}", comment("file ")));
    }
    let (blocks, _) = blocks(draft);
    let block = blocks.iter().find(|b| {
        b.span.start <= finding.span.start
            && finding.span.start <= b.span.end
            && !matches!(b.kind, BlockKind::Code | BlockKind::Caption)
    });
    let line = lines.line_span(text, lines.line_of(finding.span.start));
    match block {
        Some(block) if draft.format == Format::Html => insert(block.span.start, comment("")),
        Some(block) if block.kind == BlockKind::TableCell => insert(finding.span.end, format!(" {}", comment("line "))),
        Some(block) => {
            let first = lines.line_span(text, lines.line_of(block.span.start)).start;
            let before = &text[first..block.span.start];
            let indent = &before[..before.len() - before.trim_start().len()];
            // markup other than that of a heading: in a list or quotation a line of its own would end it
            if matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading)
                && before.trim_matches([' ', '\t', '#', '*', '_', '[', '!', '`', '~']).is_empty()
                && indent.len() < 4
            {
                insert(first, format!("{indent}{}{end}", comment("")))
            } else {
                insert(line.end, format!(" {}", comment("line ")))
            }
        }
        None => insert(line.end, format!(" {}", comment("line "))),
    }
}

fn after_first_line(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |i| i + 1)
}

/// A value of YAML front matter; between quotation marks where it would read as something else.
fn quoted(value: &str) -> String {
    if value.contains([':', '#', '"', '\'', '[', ']', '{', '}', ',']) {
        format!("\"{}\"", value.replace(['"', '\\'], "'"))
    } else {
        value.to_owned()
    }
}

fn toml_string(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

/// The edit of `voice.toml` that declares the words of a finding as allowed, where that can be said of them.
fn add_to_profile(
    document: &Document,
    checked: &Checked,
    client: &Client,
    workspace: &Workspace,
    finding: &Finding,
    rule: Rule<'_>,
) -> Option<Value> {
    let term = checked.draft.text.get(finding.span.start..finding.span.end)?.trim();
    if is_whole(finding)
        || term.is_empty()
        || term.len() > MAX_TERM
        || term.contains('\n')
        || rule.slug().ends_with("-suppression")
    {
        return None;
    }
    let key = match (rule.category(), rule.family()) {
        // contact data that are published anyway; secrets never are
        (Category::PersonalData, _) if matches!(rule.slug(), "email-address" | "phone-number" | "postal-address") => {
            "public_facts"
        }
        (_, Family::Voice | Family::Vague) if rule.check().is_none() && term.split_whitespace().count() <= 4 => "allow",
        _ => return None,
    };
    let path = workspace.profile(&checked.prepared, document.path.as_deref())?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound && client.creates_files && client.versioned_edits =>
        {
            None
        }
        Err(_) => return None,
    };
    let (span, added) = add_to_list(text.as_deref().unwrap_or(""), "terms", key, term)?;
    Some(file_edit(&path, text.as_deref(), client, span, &added))
}

fn file_edit(path: &Path, text: Option<&str>, client: &Client, span: Span, added: &str) -> Value {
    let uri = uri::of(path);
    let old = text.unwrap_or("");
    let edits = json!([{ "range": Ranges::new(old, &LineIndex::new(old), client.unit).of(span), "newText": added }]);
    if !client.versioned_edits {
        return json!({ "changes": { uri: edits } });
    }
    let change = json!({ "textDocument": { "uri": uri, "version": null }, "edits": edits });
    match text {
        Some(_) => json!({ "documentChanges": [change] }),
        None => {
            json!({ "documentChanges": [{ "kind": "create", "uri": uri, "options": { "ignoreIfExists": true } }, change] })
        }
    }
}

/// Where and how a string is added to a list in a table of a TOML file; comments and order stay. None when it is there
/// already, or the file is not what it should be.
fn add_to_list(text: &str, table: &str, key: &str, value: &str) -> Option<(Span, String)> {
    let root = DeTable::parse(text).ok()?;
    let value_text = toml_string(value);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let found = root.get_ref().iter().find(|(k, _)| k.get_ref() == table);
    let Some((header, inner)) = found else {
        let gap = match text {
            "" => "",
            t if t.ends_with('\n') => end,
            _ => &format!("{end}{end}"),
        };
        return Some((Span::new(text.len(), text.len()), format!("{gap}[{table}]{end}{key} = [{value_text}]{end}")));
    };
    let DeValue::Table(inner) = inner.get_ref() else { return None };
    let Some((_, list)) = inner.iter().find(|(k, _)| k.get_ref() == key) else {
        let line = text[..header.span().start].rfind('\n').map_or(0, |i| i + 1);
        if !text[line..].trim_start().starts_with('[') {
            return None;
        }
        let (at, before, after) = match text[line..].find('\n') {
            Some(i) => (line + i + 1, "", end),
            None => (text.len(), end, ""),
        };
        return Some((Span::new(at, at), format!("{before}{key} = [{value_text}]{after}")));
    };
    let DeValue::Array(items) = list.get_ref() else { return None };
    if items.iter().any(|i| i.get_ref().as_str() == Some(value)) {
        return None;
    }
    match items.iter().last() {
        Some(last) => Some((Span::new(last.span().end, last.span().end), format!(", {value_text}"))),
        None => Some((Span::new(list.span().start + 1, list.span().start + 1), value_text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Option<String> {
        let (span, new) = add_to_list(text, "terms", "allow", "пила \"x\"")?;
        Some(format!("{}{new}{}", &text[..span.start], &text[span.end..]))
    }

    #[test]
    fn lists_grow_in_place() {
        for (text, expected) in [
            ("", "[terms]\nallow = ['пила \"x\"']\n"),
            ("schema = 1", "schema = 1\n\n[terms]\nallow = ['пила \"x\"']\n"),
            ("[terms] # mine\nban = []\n", "[terms] # mine\nallow = ['пила \"x\"']\nban = []\n"),
            ("[terms]\nallow = [ ] # none\n", "[terms]\nallow = ['пила \"x\"' ] # none\n"),
            (
                "[terms]\r\nallow = [\r\n  \"a\", # first\r\n]\r\n",
                "[terms]\r\nallow = [\r\n  \"a\", 'пила \"x\"', # first\r\n]\r\n",
            ),
        ] {
            let new = added(text).unwrap();
            assert_eq!(new, expected);
            assert!(DeTable::parse(&new).is_ok(), "{new}");
            assert_eq!(added(&new), None);
        }
        assert_eq!(added("[terms\n"), None);
        assert_eq!(added("terms = 1\n"), None);
    }
}
