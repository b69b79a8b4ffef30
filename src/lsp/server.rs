//! The server: what was asked, what is open, what is answered when.

use super::actions::{self, Allowance};
use super::document::Document;
use super::protocol::{
    self, AskActions, AtPosition, Client, DidChange, DidOpen, Execute, FoldersChanged, OfDocument, Pull, Refusal, code,
    command, params,
};
use super::wire::{Incoming, Writer};
use super::workspace::{EditorSettings, Workspace};
use super::{uri, words};
use crate::finding::Language;
use crate::linter::Buffers;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

/// Exit status after `shutdown`, and without.
const ORDERLY: u8 = 0;
const ABRUPT: u8 = 1;

/// Kinds of messages to a person.
const ERROR: u8 = 1;
const WARNING: u8 = 2;
const INFO: u8 = 3;

/// The request whose answer holds the editor's settings.
const ASKED_SETTINGS: &str = "draftlint/settings";

#[derive(PartialEq)]
enum Phase {
    New,
    Running,
    ShutDown,
}

/// A request about a document; answered when everything that came with it is known.
struct Waiting {
    id: Value,
    method: String,
    params: Value,
    /// The version of the document when it was asked.
    version: Option<i64>,
}

/// A language server that writes to `W`.
pub struct Server<W: Write> {
    out: Writer<W>,
    phase: Phase,
    client: Client,
    workspace: Option<Workspace>,
    documents: BTreeMap<String, Document>,
    buffers: Buffers,
    waiting: Vec<Waiting>,
    cancelled: HashSet<String>,
    /// Complaints that were made and still hold.
    told: HashSet<String>,
    /// Patterns that the client watches.
    watched: HashSet<String>,
    round: u64,
    asked: u64,
}

impl<W: Write> Server<W> {
    pub fn new(out: Writer<W>) -> Self {
        Self {
            out,
            phase: Phase::New,
            client: Client::new(&Value::Null),
            workspace: None,
            documents: BTreeMap::new(),
            buffers: Buffers::default(),
            waiting: Vec::new(),
            cancelled: HashSet::new(),
            told: HashSet::new(),
            watched: HashSet::new(),
            round: 0,
            asked: 0,
        }
    }

    /// Serves until the client ends it; the answer is the exit status.
    pub fn serve(mut self, incoming: &Receiver<Incoming>) -> u8 {
        loop {
            let first = match self.due() {
                None => Some(incoming.recv().unwrap_or(Incoming::End)),
                Some(due) => match incoming.recv_timeout(due.saturating_duration_since(Instant::now())) {
                    Ok(message) => Some(message),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => Some(Incoming::End),
                },
            };
            let batch: Vec<Incoming> = first.into_iter().chain(incoming.try_iter()).collect();
            self.note_cancelled(&batch);
            for message in batch {
                if let Some(status) = self.take(message) {
                    return status;
                }
            }
            for waiting in std::mem::take(&mut self.waiting) {
                self.answer_waiting(waiting);
            }
            self.cancelled.clear();
            self.lint_due();
            if self.out.closed {
                return ABRUPT;
            }
        }
    }

    /// When the next document is to be linted unasked.
    fn due(&self) -> Option<Instant> {
        let pushes = self.phase == Phase::Running && !self.client.pulls;
        self.documents.values().filter(|_| pushes).filter_map(Document::due).min()
    }

    fn note_cancelled(&mut self, batch: &[Incoming]) {
        for message in batch {
            if let Incoming::Message(value) = message {
                if value["method"] == "$/cancelRequest" {
                    self.cancelled.insert(value["params"]["id"].to_string());
                }
            }
        }
    }

    fn take(&mut self, incoming: Incoming) -> Option<u8> {
        match incoming {
            Incoming::Message(value) => return self.message(value),
            Incoming::Malformed => {
                self.refuse(Value::Null, &Refusal::new(code::PARSE_ERROR, "a message that is no JSON"))
            }
            Incoming::TooLong => {
                self.refuse(Value::Null, &Refusal::new(code::INVALID_REQUEST, "a message that is too long"))
            }
            Incoming::Garbage => self.log(WARNING, "bytes that belong to no message were skipped"),
            Incoming::End => return Some(if self.phase == Phase::ShutDown { ORDERLY } else { ABRUPT }),
        }
        None
    }

    fn message(&mut self, value: Value) -> Option<u8> {
        let Value::Object(mut message) = value else {
            self.refuse(Value::Null, &Refusal::new(code::INVALID_REQUEST, "a message that is no object"));
            return None;
        };
        let (id, method, params) =
            (message.remove("id"), message.remove("method"), message.remove("params").unwrap_or_default());
        match (method, id) {
            (Some(Value::String(method)), Some(id @ (Value::String(_) | Value::Number(_)))) => {
                self.request(id, method, params)
            }
            (Some(Value::String(method)), None) => return self.notification(&method, params),
            (None, Some(id)) => self.response(&id, message.remove("result").unwrap_or_default()),
            (_, id) => self.refuse(
                id.unwrap_or_default(),
                &Refusal::new(code::INVALID_REQUEST, "a message that is neither request nor notification"),
            ),
        }
        None
    }

    fn request(&mut self, id: Value, method: String, params: Value) {
        if self.cancelled.contains(&id.to_string()) {
            return self.refuse(id, &Refusal::new(code::REQUEST_CANCELLED, "cancelled"));
        }
        match (&self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(id, &params),
            (Phase::New, _) => self.refuse(id, &Refusal::new(code::NOT_INITIALIZED, "`initialize` comes first")),
            (Phase::ShutDown, _) => self.refuse(id, &Refusal::new(code::INVALID_REQUEST, "the server is shut down")),
            (Phase::Running, "initialize") => {
                self.refuse(id, &Refusal::new(code::INVALID_REQUEST, "`initialize` comes once"))
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.answer(id, Value::Null);
            }
            (
                Phase::Running,
                "textDocument/diagnostic"
                | "textDocument/hover"
                | "textDocument/codeAction"
                | "textDocument/codeLens"
                | "workspace/executeCommand",
            ) => {
                let of = params["textDocument"]["uri"].as_str().and_then(|u| self.documents.get(u));
                let version = of.map(|d| d.version);
                self.waiting.push(Waiting { id, method, params, version });
            }
            (Phase::Running, _) => {
                self.refuse(id, &Refusal::new(code::METHOD_NOT_FOUND, "this method is not known here"))
            }
        }
    }

    fn notification(&mut self, method: &str, params: Value) -> Option<u8> {
        if method == "exit" {
            return Some(if self.phase == Phase::ShutDown { ORDERLY } else { ABRUPT });
        }
        if self.phase != Phase::Running {
            return None;
        }
        let done = catch_unwind(AssertUnwindSafe(|| self.notified(method, params)));
        match done {
            Ok(Ok(())) => {}
            Ok(Err(refusal)) => self.log(WARNING, &format!("{}: {}", known(method), refusal.message)),
            Err(_) => self.bug(),
        }
        None
    }

    fn notified(&mut self, method: &str, value: Value) -> Result<(), Refusal> {
        match method {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => {
                let DidOpen { text_document: opened } = params(value)?;
                let document = Document::new(
                    opened.uri.clone(),
                    uri::path(&opened.uri),
                    &opened.language_id,
                    opened.version,
                    opened.text,
                );
                self.documents.insert(opened.uri, document);
                self.reload_unwatched();
            }
            "textDocument/didChange" => {
                let DidChange { text_document: changed, content_changes } = params(value)?;
                let unit = self.client.unit;
                let Some(document) = self.documents.get_mut(&changed.uri) else {
                    return Err(Refusal::new(code::INVALID_PARAMS, "the document is not open"));
                };
                for change in content_changes {
                    document.buffer.apply(change, unit);
                }
                document.version = changed.version.unwrap_or(document.version);
                document.touch();
            }
            "textDocument/didClose" => {
                let OfDocument { text_document: closed } = params(value)?;
                if self.documents.remove(&closed.uri).is_some() && !self.client.pulls {
                    self.notify("textDocument/publishDiagnostics", json!({ "uri": closed.uri, "diagnostics": [] }));
                }
            }
            "textDocument/didSave" => {
                let OfDocument { text_document: saved } = params(value)?;
                let is_settings =
                    uri::path(&saved.uri).is_some_and(|p| self.workspace.as_ref().is_some_and(|w| w.is_settings(&p)));
                if is_settings {
                    self.reload();
                } else {
                    self.reload_unwatched();
                }
            }
            "workspace/didChangeWatchedFiles" => self.reload(),
            "workspace/didChangeConfiguration" => {
                let settings = &value["settings"];
                match settings.get("draftlint").filter(|v| v.is_object()) {
                    Some(own) => self.editor_settings(own),
                    // clients that are asked send nothing of use here
                    None if self.client.configuration => self.ask_settings(),
                    None => {}
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                let FoldersChanged { event } = params(value)?;
                let gone: Vec<PathBuf> = event.removed.iter().filter_map(|f| uri::path(&f.uri)).collect();
                if let Some(workspace) = &mut self.workspace {
                    workspace.roots.retain(|r| !gone.contains(r));
                    workspace.roots.extend(event.added.iter().filter_map(|f| uri::path(&f.uri)));
                }
                self.reload();
            }
            _ => {}
        }
        Ok(())
    }

    fn response(&mut self, id: &Value, result: Value) {
        if *id == ASKED_SETTINGS {
            if let Some(own) = result.get(0).filter(|v| v.is_object()) {
                self.editor_settings(own);
            }
        }
    }

    fn initialize(&mut self, id: Value, value: &Value) {
        self.client = Client::new(value);
        let folders = value["workspaceFolders"]
            .as_array()
            .map(|f| f.iter().filter_map(|f| uri::path(f["uri"].as_str()?)).collect::<Vec<_>>());
        let root =
            || value["rootUri"].as_str().and_then(uri::path).or_else(|| value["rootPath"].as_str().map(PathBuf::from));
        let roots = folders.filter(|f| !f.is_empty()).unwrap_or_else(|| root().into_iter().collect());
        let (editor, mut problems) = EditorSettings::new(&value["initializationOptions"]);
        let (workspace, found) = Workspace::new(roots, editor);
        problems.extend(found);
        self.workspace = Some(workspace);
        self.phase = Phase::Running;
        self.answer(id, protocol::greeting(&self.client));
        self.tell(problems);
    }

    fn initialized(&mut self) {
        self.watch();
        if self.client.configuration {
            self.ask_settings();
        }
    }

    /// Asks the client to watch the files that settings come from; once more when other ones are named.
    fn watch(&mut self) {
        if !self.client.watches {
            return;
        }
        let mut patterns = self.workspace.as_ref().map(Workspace::watched).unwrap_or_default();
        patterns.retain(|p| self.watched.insert(p.clone()));
        if patterns.is_empty() {
            return;
        }
        let watchers: Vec<Value> = patterns.iter().map(|p| json!({ "globPattern": p })).collect();
        let id = format!("draftlint/settings/{}", self.watched.len());
        let registration = json!({ "id": id, "method": "workspace/didChangeWatchedFiles", "registerOptions": { "watchers": watchers } });
        self.ask("client/registerCapability", json!({ "registrations": [registration] }));
    }

    fn ask_settings(&mut self) {
        let message = json!({ "jsonrpc": "2.0", "id": ASKED_SETTINGS, "method": "workspace/configuration", "params": { "items": [{ "section": "draftlint" }] } });
        self.out.send(&message);
    }

    fn editor_settings(&mut self, value: &Value) {
        let (editor, mut problems) = EditorSettings::new(value);
        if let Some(workspace) = &mut self.workspace {
            problems.extend(workspace.set_editor(editor));
        }
        self.reloaded(problems);
    }

    /// Reads the settings anew where the client does not say when they change.
    fn reload_unwatched(&mut self) {
        if !self.client.watches {
            self.reload();
        }
    }

    fn reload(&mut self) {
        let problems = self.workspace.as_mut().map(Workspace::reload).unwrap_or_default();
        self.reloaded(problems);
    }

    fn reloaded(&mut self, problems: Vec<String>) {
        self.told.clear();
        self.tell(problems);
        for document in self.documents.values_mut() {
            document.touch();
        }
        if self.client.pulls && self.client.refreshes_diagnostics {
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
        if self.client.refreshes_lenses {
            self.ask("workspace/codeLens/refresh", Value::Null);
        }
    }

    /// Says what is wrong with settings, once.
    fn tell(&mut self, problems: Vec<String>) {
        for problem in problems {
            if self.told.insert(problem.clone()) {
                self.log(ERROR, &problem);
                self.notify("window/showMessage", json!({ "type": ERROR, "message": format!("draftlint: {problem}") }));
            }
        }
    }

    fn lint_due(&mut self) {
        if self.client.pulls {
            return;
        }
        let now = Instant::now();
        let due: Vec<String> =
            self.documents.values().filter(|d| d.due().is_some_and(|at| at <= now)).map(|d| d.uri.clone()).collect();
        for uri in due {
            if catch_unwind(AssertUnwindSafe(|| self.lint(&uri))).is_err() {
                self.bug();
            }
        }
    }

    /// Lints a document that changed since; tells a client that does not ask.
    fn lint(&mut self, uri: &str) {
        let Some(workspace) = &mut self.workspace else { return };
        let Some(document) = self.documents.get_mut(uri).filter(|d| d.is_stale()) else { return };
        self.round += 1;
        let mut problems = Vec::new();
        if document.format.is_none() || document.path.as_deref().is_some_and(|p| workspace.excludes(p)) {
            document.exclude(self.round);
        } else {
            // a settings file that cannot be read leaves in force what held before
            let prepared = workspace.settings(document.path.as_deref()).map_err(|e| problems.push(e)).ok();
            let prepared = prepared
                .or_else(|| document.checked.as_ref().map(|c| c.prepared.clone()))
                .or_else(|| workspace.fallback());
            match prepared {
                Some(prepared) => {
                    document.check(self.round, prepared, workspace.flags(), &self.client, &mut self.buffers)
                }
                None => document.exclude(self.round),
            }
        }
        let message = (!self.client.pulls).then(|| {
            let mut message = json!({ "uri": document.uri, "diagnostics": document.published() });
            if self.client.versions {
                message["version"] = document.version.into();
            }
            message
        });
        self.watch();
        self.tell(problems);
        if let Some(message) = message {
            self.notify("textDocument/publishDiagnostics", message);
        }
    }

    fn answer_waiting(&mut self, waiting: Waiting) {
        let Waiting { id, method, params, version } = waiting;
        if self.cancelled.contains(&id.to_string()) {
            return self.refuse(id, &Refusal::new(code::REQUEST_CANCELLED, "cancelled"));
        }
        let now = params["textDocument"]["uri"].as_str().and_then(|u| self.documents.get(u)).map(|d| d.version);
        // positions of an older version point elsewhere by now
        if version != now && method != "textDocument/diagnostic" {
            return self.refuse(id, &Refusal::new(code::CONTENT_MODIFIED, "the document changed meanwhile"));
        }
        let done = catch_unwind(AssertUnwindSafe(|| match method.as_str() {
            "textDocument/diagnostic" => self.pulled(params),
            "textDocument/hover" => self.hover(params),
            "textDocument/codeAction" => self.code_actions(params),
            "textDocument/codeLens" => self.code_lenses(params),
            _ => self.execute(params),
        }));
        match done {
            Ok(Ok(result)) => self.answer(id, result),
            Ok(Err(refusal)) => self.refuse(id, &refusal),
            Err(_) => {
                self.refuse(id, &Refusal::new(code::INTERNAL_ERROR, "this is a bug in draftlint"));
                self.bug();
            }
        }
    }

    fn pulled(&mut self, value: Value) -> Result<Value, Refusal> {
        let Pull { text_document, previous_result_id } = params(value)?;
        self.lint(&text_document.uri);
        let Some(document) = self.documents.get(&text_document.uri) else {
            return Ok(json!({ "kind": "full", "items": [] }));
        };
        let result = document.round.to_string();
        if previous_result_id.as_ref() == Some(&result) {
            return Ok(json!({ "kind": "unchanged", "resultId": result }));
        }
        Ok(json!({ "kind": "full", "resultId": result, "items": document.published() }))
    }

    fn hover(&mut self, value: Value) -> Result<Value, Refusal> {
        let AtPosition { text_document, position } = params(value)?;
        self.lint(&text_document.uri);
        let Some(document) = self.documents.get(&text_document.uri) else { return Ok(Value::Null) };
        let Some(checked) = &document.checked else { return Ok(Value::Null) };
        let at = document.buffer.offset(position, self.client.unit);
        let mut found: Vec<_> = checked
            .shown
            .iter()
            .filter(|s| s.span.start <= at && at <= s.span.end)
            .filter_map(|s| checked.finding(s).map(|(f, r)| (s, f, r)))
            .collect();
        // the narrowest first; what is said of the draft as a whole last
        found.sort_by_key(|(s, f, _)| (super::document::is_whole(f), s.span.len(), std::cmp::Reverse(f.severity)));
        let Some((first, ..)) = found.first() else { return Ok(Value::Null) };
        let range = first.range;
        let pages: Vec<String> =
            found.iter().take(3).map(|(_, finding, rule)| words::hover(checked.language, finding, *rule)).collect();
        let contents = if self.client.markdown {
            json!({ "kind": "markdown", "value": pages.join("\n\n---\n\n") })
        } else {
            json!({ "kind": "plaintext", "value": pages.iter().map(|p| words::plain(p)).collect::<Vec<_>>().join("\n\n") })
        };
        Ok(json!({ "contents": contents, "range": range }))
    }

    fn code_actions(&mut self, value: Value) -> Result<Value, Refusal> {
        let asked: AskActions = params(value)?;
        self.lint(&asked.text_document.uri);
        let (Some(document), Some(workspace)) = (self.documents.get(&asked.text_document.uri), &self.workspace) else {
            return Ok(json!([]));
        };
        Ok(actions::list(document, &self.client, workspace, &asked).into())
    }

    fn code_lenses(&mut self, value: Value) -> Result<Value, Refusal> {
        let OfDocument { text_document } = params(value)?;
        if self.workspace.as_ref().is_some_and(|w| w.editor().hides_lens) {
            return Ok(json!([]));
        }
        self.lint(&text_document.uri);
        let Some(checked) = self.documents.get(&text_document.uri).and_then(|d| d.checked.as_ref()) else {
            return Ok(json!([]));
        };
        let run = json!({ "title": checked.summary(), "command": command::SUMMARY, "arguments": [text_document.uri] });
        Ok(json!([{ "range": protocol::Range::default(), "command": run }]))
    }

    fn execute(&mut self, value: Value) -> Result<Value, Refusal> {
        let Execute { command, mut arguments } = params(value)?;
        let first = if arguments.is_empty() { Value::Null } else { arguments.remove(0) };
        let wrong = || Refusal::new(code::INVALID_PARAMS, "the arguments do not fit this command");
        match command.as_str() {
            command::EXPLAIN => {
                let pack = self.workspace.as_ref().map(Workspace::pack).ok_or_else(wrong)?;
                let rule = first
                    .as_str()
                    .and_then(|name| pack.find_rule(name))
                    .ok_or_else(|| Refusal::new(code::INVALID_PARAMS, "no rule is called that"))?;
                let language =
                    arguments.first().and_then(Value::as_str).and_then(Language::from_name).unwrap_or(Language::En);
                let page = words::page(language, pack.rule(rule));
                if !self.client.shows_pages {
                    self.notify("window/showMessage", json!({ "type": INFO, "message": words::plain(&page) }));
                }
                Ok(page.into())
            }
            command::ALLOW => {
                let allowance: Allowance = serde_json::from_value(first).map_err(|_| wrong())?;
                if !self.client.applies_edits {
                    return Err(Refusal::new(code::REQUEST_FAILED, "the editor applies no edits"));
                }
                self.lint(&allowance.uri);
                let document = self
                    .documents
                    .get(&allowance.uri)
                    .ok_or_else(|| Refusal::new(code::INVALID_PARAMS, "the document is not open"))?;
                let edit = actions::allowance_edit(document, &self.client, &allowance)
                    .ok_or_else(|| Refusal::new(code::REQUEST_FAILED, "there is no such finding any more"))?;
                self.ask("workspace/applyEdit", json!({ "label": "draftlint", "edit": edit }));
                Ok(Value::Null)
            }
            command::SUMMARY => {
                let uri = first.as_str().ok_or_else(wrong)?;
                self.lint(uri);
                let summary = self
                    .documents
                    .get(uri)
                    .and_then(|d| d.checked.as_ref())
                    .map(super::document::Checked::summary)
                    .ok_or_else(wrong)?;
                self.notify("window/showMessage", json!({ "type": INFO, "message": summary }));
                Ok(summary.into())
            }
            _ => Err(Refusal::new(code::INVALID_PARAMS, "this command is not known here")),
        }
    }

    fn answer(&mut self, id: Value, result: Value) {
        self.out.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    fn refuse(&mut self, id: Value, refusal: &Refusal) {
        self.out.send(
            &json!({ "jsonrpc": "2.0", "id": id, "error": { "code": refusal.code, "message": refusal.message } }),
        );
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.out.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.asked, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.out.send(&message);
    }

    /// A line for whoever looks for a cause; it holds nothing of a draft.
    fn log(&mut self, kind: u8, message: &str) {
        if self.phase == Phase::Running {
            self.notify("window/logMessage", json!({ "type": kind, "message": format!("draftlint: {message}") }));
        } else {
            let _ = writeln!(std::io::stderr(), "draftlint: {message}");
        }
    }

    fn bug(&mut self) {
        self.buffers = Buffers::default();
        self.log(
            ERROR,
            &format!(
                "this is a bug in draftlint {}; the request was not answered in full, the server goes on",
                env!("CARGO_PKG_VERSION")
            ),
        );
    }
}

/// A method's name as it may be logged: one that is known here.
fn known(method: &str) -> &str {
    if method.starts_with("textDocument/did") || method.starts_with("workspace/did") {
        method
    } else {
        "a notification"
    }
}
