//! Settings for documents: found beside them like those of `check`, with what the editor asks for on top.

use crate::config::{Chain, Layer};
use crate::date::Date;
use crate::finding::{Confidence, Language, Severity};
use crate::pack::Pack;
use crate::project::{Prepared, Store};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files that settings come from, for the client to watch. Rule folders are named by the settings and watched with them.
pub const WATCHED: &[&str] = &[
    "**/draftlint.toml",
    "**/voice.toml",
    "**/voice.learned.toml",
    "**/draftlint.baseline.json",
    "**/draftlint.secrets.toml",
];

/// What an editor's own settings may say, in the section `draftlint`.
#[derive(Clone, Debug, Default)]
pub struct EditorSettings {
    layer: Layer,
    /// The one settings file to use.
    configuration: Option<PathBuf>,
    /// No line of summary over drafts.
    pub hides_lens: bool,
}

impl EditorSettings {
    /// Reads them; says which values are not known.
    pub fn new(value: &Value) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let mut text = |key: &str, allowed: &[&str]| {
            let text = value.get(key)?.as_str().filter(|t| !t.is_empty() && *t != "auto")?;
            if !allowed.is_empty() && !allowed.contains(&text) {
                problems.push(format!("the editor's setting `draftlint.{key}` is none of {}", allowed.join(", ")));
                return None;
            }
            Some(text.to_owned())
        };
        let layer = Layer {
            message_lang: text("messageLanguage", &["en", "fr", "nl", "ru"]).and_then(|t| Language::from_name(&t)),
            min_severity: text("minSeverity", &["note", "warning", "error"]).and_then(|t| Severity::from_name(&t)),
            min_confidence: text("minConfidence", &["low", "medium", "high"]).and_then(|t| Confidence::from_name(&t)),
            ..Layer::default()
        };
        let configuration = text("configuration", &[]).map(PathBuf::from);
        let hides_lens = value.get("codeLens").and_then(Value::as_bool) == Some(false);
        (Self { layer, configuration, hides_lens }, problems)
    }
}

/// The folders that are open, and the settings in them.
pub struct Workspace {
    pub roots: Vec<PathBuf>,
    editor: EditorSettings,
    store: Store,
    /// Rule folders that the pack was made of besides those that ship.
    folders: Vec<PathBuf>,
    /// The day the settings were read: a server outlives it.
    day: Date,
}

impl Workspace {
    /// Reads the settings of the first folder; says what is wrong with them.
    pub fn new(roots: Vec<PathBuf>, editor: EditorSettings) -> (Self, Vec<String>) {
        let store = Store::new(Pack::embedded(), editor.layer.clone(), None, true);
        let mut workspace = Self { roots, editor, store, folders: Vec::new(), day: Date::today() };
        let problems = workspace.reload();
        (workspace, problems)
    }

    /// The editor's own settings.
    pub fn editor(&self) -> &EditorSettings {
        &self.editor
    }

    /// Takes over new settings of the editor.
    pub fn set_editor(&mut self, editor: EditorSettings) -> Vec<String> {
        self.editor = editor;
        self.reload()
    }

    /// The strongest layer.
    pub fn flags(&self) -> &Layer {
        &self.store.flags
    }

    /// The rules.
    pub fn pack(&self) -> &'static Pack {
        self.store.pack
    }

    /// Forgets every file that was read.
    pub fn reload(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        self.day = Date::today();
        let root = self.roots.first().cloned().unwrap_or_else(|| PathBuf::from("."));
        let fixed = self.editor.configuration.as_ref().and_then(|path| match Chain::of(&root.join(path)) {
            Ok(chain) => Some(chain),
            Err(errors) => {
                problems.push(errors.to_string());
                None
            }
        });
        let chain = fixed.clone().or_else(|| Chain::find(&root).ok());
        let settings = chain.and_then(|c| c.settings(None, &Layer::default(), Pack::embedded()).ok());
        let folders = settings.and_then(|s| s.layer.rules).unwrap_or_default();
        let mut pack = self.store.pack;
        if !folders.is_empty() {
            match Pack::from_folders(&folders, true) {
                // packs live as long as the process; a pack that did not change is not made anew
                Ok(new) if new.hash() != pack.hash() => pack = Box::leak(Box::new(new)),
                Ok(_) => {}
                Err(errors) => problems.push(errors.to_string()),
            }
        } else if !self.folders.is_empty() {
            pack = Pack::embedded();
        }
        self.folders = folders;
        self.store = Store::new(pack, self.editor.layer.clone(), fixed, true);
        problems
    }

    /// The settings of a document; without a path, those of the first folder.
    pub fn settings(&mut self, path: Option<&Path>) -> Result<Arc<Prepared>, String> {
        if self.day != Date::today() {
            self.reload();
        }
        let here = PathBuf::from(".");
        let folder =
            path.and_then(Path::parent).or(self.roots.first().map(PathBuf::as_path)).unwrap_or(&here).to_owned();
        self.store.of_draft_in(&folder, path)
    }

    /// Settings as if there were no file.
    pub fn fallback(&self) -> Option<Arc<Prepared>> {
        Store::new(self.store.pack, self.editor.layer.clone(), Some(Chain::default()), false).of(None).ok()
    }

    /// Whether the settings exclude a document.
    pub fn excludes(&mut self, path: &Path) -> bool {
        self.store.excludes(path)
    }

    /// Whether a file is one of those that settings come from.
    pub fn is_settings(&self, path: &Path) -> bool {
        let name = path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
        WATCHED.iter().any(|w| w.trim_start_matches("**/") == name)
            || self.folders.iter().any(|f| path.starts_with(f))
            || self.store.all.iter().any(|p| p.files().contains(&path))
    }

    /// Patterns for the client to watch: files by their names, rule folders, and what the settings that were read name
    /// besides.
    pub fn watched(&self) -> Vec<String> {
        let folders = self.folders.iter().map(|f| format!("{}/**/*.{{toml,txt}}", f.display()));
        let is_known = |path: &&Path| path.file_name().is_some_and(|n| WATCHED.iter().any(|w| w[3..] == *n));
        let named = self.store.all.iter().flat_map(|p| p.files().into_iter().filter(|f| !is_known(f)));
        let named = named.filter_map(|f| std::path::absolute(f).ok()).map(|f| f.display().to_string());
        WATCHED.iter().map(|w| (*w).to_owned()).chain(folders).chain(named).collect()
    }

    /// Where the voice profile of a draft is, or would be.
    pub fn profile(&self, prepared: &Prepared, path: Option<&Path>) -> Option<PathBuf> {
        let settings = &prepared.settings;
        let beside = || settings.sources.last().and_then(|p| p.parent()).map(Path::to_owned);
        let folder = || beside().or_else(|| self.roots.iter().find(|r| path.is_none_or(|p| p.starts_with(r))).cloned());
        settings
            .layer
            .profile
            .clone()
            .or_else(|| folder().map(|f| f.join("voice.toml")))
            .and_then(|p| std::path::absolute(p).ok())
    }
}
