//! The part of the Language Server Protocol (3.17) that is spoken here.

use crate::emit::Columns;
use crate::span::{ColumnUnit, LineIndex, Position as Counted, Span};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Error codes of JSON-RPC and of the protocol.
pub mod code {
    pub const PARSE_ERROR: i64 = -32_700;
    pub const INVALID_REQUEST: i64 = -32_600;
    pub const METHOD_NOT_FOUND: i64 = -32_601;
    pub const INVALID_PARAMS: i64 = -32_602;
    pub const INTERNAL_ERROR: i64 = -32_603;
    pub const NOT_INITIALIZED: i64 = -32_002;
    pub const REQUEST_CANCELLED: i64 = -32_800;
    pub const CONTENT_MODIFIED: i64 = -32_801;
    pub const REQUEST_FAILED: i64 = -32_803;
}

/// An answer that is an error. The words say nothing of the draft.
pub struct Refusal {
    pub code: i64,
    pub message: String,
}

impl Refusal {
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// A place in a document: line and character, from 0, in the unit agreed upon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub character: u32,
}

/// A half-open stretch of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

impl From<Counted> for Position {
    fn from(counted: Counted) -> Self {
        let from_zero = |n: usize| u32::try_from(n - 1).unwrap_or(u32::MAX);
        Self { line: from_zero(counted.line), character: from_zero(counted.column) }
    }
}

impl From<Position> for Counted {
    fn from(position: Position) -> Self {
        Self { line: position.line as usize + 1, column: position.character as usize + 1 }
    }
}

/// Ranges of a text's spans, cheapest in order.
pub struct Ranges<'a>(Columns<'a>);

impl<'a> Ranges<'a> {
    pub fn new(text: &'a str, lines: &'a LineIndex, unit: ColumnUnit) -> Self {
        Self(Columns::new(text, lines, unit))
    }

    pub fn of(&mut self, span: Span) -> Range {
        let start = self.0.position(span.start).into();
        Range { start, end: self.0.position(span.end).into() }
    }
}

#[derive(Deserialize)]
pub struct TextDocument {
    pub uri: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenedDocument {
    pub uri: String,
    pub language_id: String,
    pub version: i64,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidOpen {
    pub text_document: OpenedDocument,
}

#[derive(Deserialize)]
pub struct ChangedDocument {
    pub uri: String,
    pub version: Option<i64>,
}

/// An edit of a buffer; without a range, the whole text.
#[derive(Deserialize)]
pub struct Change {
    pub range: Option<Range>,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DidChange {
    pub text_document: ChangedDocument,
    pub content_changes: Vec<Change>,
}

/// Parameters that name a document and nothing else that is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfDocument {
    pub text_document: TextDocument,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtPosition {
    pub text_document: TextDocument,
    pub position: Position,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pull {
    pub text_document: TextDocument,
    pub previous_result_id: Option<String>,
}

#[derive(Deserialize)]
pub struct ActionContext {
    pub only: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskActions {
    pub text_document: TextDocument,
    pub range: Range,
    pub context: ActionContext,
}

#[derive(Deserialize)]
pub struct Execute {
    pub command: String,
    #[serde(default)]
    pub arguments: Vec<Value>,
}

#[derive(Deserialize)]
pub struct Folder {
    pub uri: String,
}

#[derive(Deserialize)]
pub struct FolderEvent {
    #[serde(default)]
    pub added: Vec<Folder>,
    #[serde(default)]
    pub removed: Vec<Folder>,
}

#[derive(Deserialize)]
pub struct FoldersChanged {
    pub event: FolderEvent,
}

/// Reads parameters; what is missing or of another type is named by its place alone.
pub fn params<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Refusal> {
    // serde's words quote the value found, which may be the draft
    serde_json::from_value(value)
        .map_err(|_| Refusal::new(code::INVALID_PARAMS, "the parameters do not fit this method"))
}

/// What the client can do, as far as it matters here.
#[derive(Clone, Debug)]
pub struct Client {
    /// The unit of characters in positions.
    pub unit: ColumnUnit,
    /// The client asked in the way of clangd, before the protocol knew encodings.
    pub old_encoding: bool,
    /// Edits may carry the version they are made for, and create files.
    pub versioned_edits: bool,
    pub creates_files: bool,
    /// Actions may be more than commands.
    pub action_literals: bool,
    /// Diagnostics are pulled, not pushed.
    pub pulls: bool,
    pub refreshes_diagnostics: bool,
    pub refreshes_lenses: bool,
    pub related: bool,
    pub tags: bool,
    pub described_codes: bool,
    pub data: bool,
    pub versions: bool,
    /// Hovers may be Markdown.
    pub markdown: bool,
    /// Files can be watched by registration.
    pub watches: bool,
    /// Settings can be asked for.
    pub configuration: bool,
    pub applies_edits: bool,
    /// It asks the person for a reason itself (initialisation option `asksForReasons`).
    pub asks_for_reasons: bool,
    /// It shows a rule's page itself (initialisation option `showsPages`).
    pub shows_pages: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub fn new(initialize: &Value) -> Self {
        let can = |path: &str| initialize.pointer(&format!("/capabilities/{path}"));
        let yes = |path: &str| can(path).and_then(Value::as_bool).unwrap_or(false);
        let has = |path: &str| can(path).is_some_and(|v| !v.is_null());
        let option = |name: &str| {
            initialize.pointer(&format!("/initializationOptions/{name}")).and_then(Value::as_bool).unwrap_or(false)
        };
        let unit_in = |path: &str| can(path)?.as_array()?.iter().find_map(|v| unit(v.as_str()?));
        let (named, old) = (unit_in("general/positionEncodings"), unit_in("offsetEncoding"));
        let resources = can("workspace/workspaceEdit/resourceOperations").and_then(Value::as_array);
        let formats = can("textDocument/hover/contentFormat").and_then(Value::as_array);
        Self {
            unit: named.or(old).unwrap_or(ColumnUnit::Utf16),
            old_encoding: named.is_none() && old.is_some(),
            versioned_edits: yes("workspace/workspaceEdit/documentChanges"),
            creates_files: resources.is_some_and(|r| r.iter().any(|o| o == "create")),
            action_literals: has("textDocument/codeAction/codeActionLiteralSupport"),
            pulls: has("textDocument/diagnostic"),
            refreshes_diagnostics: yes("workspace/diagnostics/refreshSupport"),
            refreshes_lenses: yes("workspace/codeLens/refreshSupport"),
            related: yes("textDocument/publishDiagnostics/relatedInformation"),
            tags: has("textDocument/publishDiagnostics/tagSupport"),
            described_codes: yes("textDocument/publishDiagnostics/codeDescriptionSupport"),
            data: yes("textDocument/publishDiagnostics/dataSupport"),
            versions: yes("textDocument/publishDiagnostics/versionSupport"),
            markdown: formats.is_some_and(|f| f.iter().any(|f| f == "markdown")),
            watches: yes("workspace/didChangeWatchedFiles/dynamicRegistration"),
            configuration: yes("workspace/configuration"),
            applies_edits: yes("workspace/applyEdit"),
            asks_for_reasons: option("asksForReasons"),
            shows_pages: option("showsPages"),
        }
    }
}

/// The unit of that name.
fn unit(name: &str) -> Option<ColumnUnit> {
    match name {
        "utf-8" => Some(ColumnUnit::Utf8),
        "utf-16" => Some(ColumnUnit::Utf16),
        "utf-32" => Some(ColumnUnit::CodePoint),
        _ => None,
    }
}

/// The name of a unit.
pub fn unit_name(unit: ColumnUnit) -> &'static str {
    match unit {
        ColumnUnit::Utf8 => "utf-8",
        ColumnUnit::Utf16 => "utf-16",
        ColumnUnit::CodePoint => "utf-32",
    }
}

/// The commands of this server.
pub mod command {
    /// Shows a rule's page: `[rule, language]`.
    pub const EXPLAIN: &str = "draftlint.explain";
    /// Writes a suppression: `[{ uri, rule, line, reason?, approvedBy?, until? }]`.
    pub const ALLOW: &str = "draftlint.allow";
    /// Says what holds of a draft: `[uri]`.
    pub const SUMMARY: &str = "draftlint.summary";
    /// Asks the person for a reason, then sends [`ALLOW`]; the client's own, see `asksForReasons`.
    pub const ASK_REASON: &str = "draftlint.allowWithReason";
    pub const ALL: &[&str] = &[EXPLAIN, ALLOW, SUMMARY];
}

/// The answer to `initialize`.
pub fn greeting(client: &Client) -> Value {
    let mut capabilities = json!({
        "positionEncoding": unit_name(client.unit),
        "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
        "hoverProvider": true,
        "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll.draftlint"] },
        "codeLensProvider": { "resolveProvider": false },
        "executeCommandProvider": { "commands": command::ALL },
        "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
    });
    if client.pulls {
        capabilities["diagnosticProvider"] =
            json!({ "identifier": "draftlint", "interFileDependencies": false, "workspaceDiagnostics": false });
    }
    let mut greeting = json!({ "capabilities": capabilities, "serverInfo": { "name": "draftlint", "version": env!("CARGO_PKG_VERSION") } });
    if client.old_encoding {
        greeting["offsetEncoding"] = unit_name(client.unit).into();
    }
    greeting
}
