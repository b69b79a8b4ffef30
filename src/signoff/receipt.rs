//! Receipts: written, read, and held against a draft.

use crate::config::Settings;
use crate::date::Date;
use crate::document::block;
use crate::draft::Draft;
use crate::finding::{Confidence, Severity};
use crate::pack::Pack;
use crate::policy::Assessed;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The version of the format.
const VERSION: u64 = 1;
/// What tells a receipt from other JSON.
const TYPE: &str = "draftlint-sign-off";

/// What a draft was judged by.
pub struct Basis<'a> {
    /// The rules.
    pub pack: &'a Pack,
    /// The draft.
    pub draft: &'a Draft,
    /// The settings.
    pub settings: &'a Settings,
    /// The digest of the registry of secrets, where there is one.
    pub registry: Option<&'a str>,
}

/// A receipt, as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt(Value);

/// Why a receipt cannot be used; each message is one line.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The file could not be read.
    #[error("{0}: {why}", why = crate::file::why(.1))]
    Io(String, std::io::Error),
    /// It is none.
    #[error("{0}: not a receipt ({1})")]
    Malformed(String, &'static str),
    /// Written by a later version.
    #[error("{0}: a receipt of version {1}; this draftlint reads up to {VERSION}; update draftlint")]
    Newer(String, u64),
}

/// What may have changed since a receipt was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The text to post.
    Text,
    /// The rules.
    Rules,
    /// The settings, the voice profile, the baseline or the registry.
    Settings,
    /// The program, and with it perhaps what it finds.
    Tool,
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

impl Basis<'_> {
    fn text(&self) -> String {
        sha256(block::clean(self.draft))
    }

    /// The settings that decide what is found; files are told by their content, so that another checkout gives the same.
    fn settings(&self) -> String {
        let mut value = serde_json::to_value(self.settings.shown()).unwrap_or_default();
        let layer = &self.settings.layer;
        if let Some(shown) = value.as_object_mut() {
            for key in ["files", "earlier_posts", "registry", "message_lang", "redact", "as_of"] {
                shown.remove(key);
            }
            let content = |path: &Option<std::path::PathBuf>| {
                path.as_ref().map(|p| std::fs::read(p).map_or_else(|_| "unreadable".to_owned(), sha256))
            };
            shown.insert("profile".to_owned(), content(&layer.profile).into());
            shown.insert("baseline".to_owned(), content(&layer.baseline).into());
            shown.insert("registry".to_owned(), self.registry.map(str::to_owned).into());
            let periods: Vec<String> =
                layer.restricted.iter().flatten().map(|(from, to)| format!("{from}/{to}")).collect();
            shown.insert("restricted_periods".to_owned(), periods.into());
            // what stands in the draft itself decides too, and is no part of the text to post
            let front = &self.draft.front_matter;
            shown.insert("draft".to_owned(), json!({ "lang": front.lang, "channel": front.channel, "kind": front.kind, "date": front.date, "author": front.author }));
            let mut keys: Vec<_> = std::mem::take(shown).into_iter().collect();
            keys.sort_by(|a, b| a.0.cmp(&b.0));
            shown.extend(keys);
        }
        sha256(value.to_string())
    }

    /// Writes a receipt for `role`.
    pub fn receipt(&self, assessed: &Assessed, role: &str, day: Date, will_be_signed: bool) -> Receipt {
        // open: everything that `check` counts
        let open: Vec<_> = assessed.findings.iter().filter(|j| j.finding.confidence >= Confidence::Medium).collect();
        let mut by_rule: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
        let mut by_role: BTreeMap<&str, usize> = BTreeMap::new();
        for judged in &open {
            let rule = self.pack.rule(judged.finding.rule);
            *by_rule.entry((rule.full_id(), judged.finding.severity)).or_default() += 1;
            if judged.finding.severity >= Severity::Warning {
                for ask in rule.ask() {
                    *by_role.entry(ask.name()).or_default() += 1;
                }
            }
        }
        let mut allowed: BTreeMap<(&str, Option<&str>, bool), usize> = BTreeMap::new();
        for judged in &assessed.suppressed {
            let suppression = judged.suppression.as_ref();
            let key = (
                self.pack.rule(judged.finding.rule).full_id(),
                suppression.and_then(|s| s.approved_by.as_deref()),
                suppression.is_some_and(|s| s.external),
            );
            *allowed.entry(key).or_default() += 1;
        }
        let count = |severity| open.iter().filter(|j| j.finding.severity == severity).count();
        let hold = count(Severity::Error) + count(Severity::Warning) > 0;
        let ask = |rule: &str| {
            self.pack
                .find_rule(rule)
                .map(|r| self.pack.rule(r).ask().iter().map(|a| a.name()).collect::<Vec<_>>())
                .unwrap_or_default()
        };
        let findings: Vec<Value> =
            by_rule.iter().map(|((rule, severity), n)| json!({ "rule": rule, "severity": severity.name(), "count": n, "ask": ask(rule) })).collect();
        let set_aside: Vec<Value> = allowed
            .iter()
            .map(|((rule, role, known), n)| json!({ "rule": rule, "count": n, "approved_by": role, "by": if *known { "baseline" } else { "suppression" } }))
            .collect();
        Receipt(json!({
            "schema_version": VERSION,
            "type": TYPE,
            "tool": { "name": "draftlint", "version": env!("CARGO_PKG_VERSION") },
            "role": role,
            "signed_on": day.to_string(),
            "as_of": assessed.report.as_of.to_string(),
            "text": { "sha256": self.text(), "language": assessed.report.language.name(), "words": assessed.report.words },
            "rules": { "hash": self.pack.hash(), "count": self.pack.rule_count() },
            "settings": { "sha256": self.settings() },
            "verdict": if hold { "hold" } else { "ready" },
            "open": {
                "errors": count(Severity::Error),
                "warnings": count(Severity::Warning),
                "notes": count(Severity::Note),
                "by_rule": findings,
                "by_role": by_role.into_iter().map(|(role, n)| (role.to_owned(), n.into())).collect::<Map<String, Value>>(),
            },
            "set_aside": set_aside,
            "signature": will_be_signed.then_some("ssh"),
        }))
    }

    /// What changed since the receipt was written.
    pub fn changes(&self, receipt: &Receipt) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut hold = |change, pointer: &str, now: &str| {
            if receipt.0.pointer(pointer).and_then(Value::as_str) != Some(now) {
                changes.push(change);
            }
        };
        hold(Change::Text, "/text/sha256", &self.text());
        hold(Change::Rules, "/rules/hash", &self.pack.hash());
        hold(Change::Settings, "/settings/sha256", &self.settings());
        hold(Change::Tool, "/tool/version", env!("CARGO_PKG_VERSION"));
        changes
    }
}

impl Receipt {
    /// Reads a receipt and the bytes it was read from: a signature is over the bytes.
    pub fn read(path: &Path) -> Result<(Self, Vec<u8>), ReceiptError> {
        let shown = path.display().to_string();
        let bytes = crate::file::bytes(path).map_err(|e| ReceiptError::Io(shown.clone(), e))?;
        let malformed = |why| ReceiptError::Malformed(shown.clone(), why);
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| malformed("no JSON"))?;
        if value.get("type").and_then(Value::as_str) != Some(TYPE) {
            return Err(malformed("its `type` is another"));
        }
        match value.get("schema_version").and_then(Value::as_u64) {
            Some(version) if version > VERSION => return Err(ReceiptError::Newer(shown, version)),
            Some(_) => {}
            None => return Err(malformed("no `schema_version`")),
        }
        for field in ["/role", "/signed_on", "/text/sha256", "/rules/hash", "/settings/sha256", "/verdict"] {
            if value.pointer(field).and_then(Value::as_str).is_none() {
                return Err(malformed("a field is missing"));
            }
        }
        Ok((Self(value), bytes))
    }

    /// As it is written.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.0).unwrap_or_default();
        text.push('\n');
        text
    }

    fn field(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or("")
    }

    /// Who signed, by role.
    pub fn role(&self) -> &str {
        self.field("/role")
    }

    /// The day.
    pub fn signed_on(&self) -> &str {
        self.field("/signed_on")
    }

    /// `hold` or `ready`.
    pub fn verdict(&self) -> &str {
        self.field("/verdict")
    }

    /// Open errors and warnings.
    pub fn open(&self) -> (u64, u64) {
        let count = |pointer| self.0.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
        (count("/open/errors"), count("/open/warnings"))
    }

    /// Whether a signature was made: one that is missing was taken away.
    pub fn is_signed(&self) -> bool {
        self.field("/signature") == "ssh"
    }
}
