//! `draftlint.toml`: the policy of a project. Found upwards from a draft, extended by other files, changed by path.
//!
//! A key that is unknown or a value of another type is an error that names file, line, column and what is near: a
//! setting that silently does nothing is worse than none.

use crate::compiler::nearest;
use crate::date::Date;
use crate::draft::Limits;
use crate::finding::{Ask, Confidence, Language, Severity};
use crate::pack::Pack;
use crate::policy::FailOn;
use crate::policy::select::{Level, Selection, Selector};
use crate::registry::{self, KeyPlace, Registry};
use crate::settings_file::{self, MAX_ERRORS, Place, SettingsError, SettingsErrors, Value};
use crate::voice::channel;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Serialize;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// The name of a project's file.
pub const FILE_NAME: &str = "draftlint.toml";

/// Channels whose rules are known.
pub const CHANNELS: &[&str] = &[
    "x",
    "linkedin",
    "bluesky",
    "mastodon",
    "threads",
    "instagram",
    "facebook",
    "telegram",
    "vk",
    "article",
    "blog",
    "newsletter",
    "internal",
];

/// The channels as a flag takes them: their other names too.
pub fn channel_parser() -> clap::builder::PossibleValuesParser {
    let names = CHANNELS.iter().map(|name| {
        let also = channel::find(name).map_or(&[][..], |c| c.other_names());
        clap::builder::PossibleValue::new(*name).aliases(also.iter().map(String::as_str))
    });
    clap::builder::PossibleValuesParser::new(names)
}

/// The JSON Schema of `draftlint.toml`, for editors.
pub const SCHEMA: &str = include_str!("config/draftlint.schema.json");

/// A name with the place it was read at, so that a name without a rule can be pointed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where; none for names from the command line.
    pub place: Option<Place>,
}

/// What one file, one override or the command line says; `None` where it says nothing.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// What runs.
    pub select: Option<Vec<Named>>,
    /// What does not.
    pub ignore: Option<Vec<Named>>,
    /// Levels of rules; `None` is off.
    pub levels: Vec<(Named, Option<Severity>)>,
    /// The severity from which a run fails.
    pub fail_on: Option<FailOn>,
    /// Warnings that are put up with.
    pub max_warnings: Option<usize>,
    /// Findings below are not shown.
    pub min_severity: Option<Severity>,
    /// Findings less sure are not shown.
    pub min_confidence: Option<Confidence>,
    /// What the company is.
    pub status: Option<Vec<String>>,
    /// Whose law.
    pub jurisdictions: Option<Vec<String>>,
    /// The drafts' language.
    pub lang: Option<Language>,
    /// The messages' language.
    pub message_lang: Option<Language>,
    /// The channel.
    pub channel: Option<String>,
    /// The kind of post.
    pub kind: Option<String>,
    /// Who speaks.
    pub author: Option<String>,
    /// The day drafts are judged against.
    pub as_of: Option<Date>,
    /// The baseline.
    pub baseline: Option<PathBuf>,
    /// The salt of fingerprints.
    pub fingerprint_salt: Option<String>,
    /// Roles that may approve.
    pub roles: Option<Vec<String>>,
    /// Communications first.
    pub crisis: Option<bool>,
    /// A folder of posts that went out.
    pub earlier_posts: Option<PathBuf>,
    /// The voice profile.
    pub profile: Option<PathBuf>,
    /// Rule folders.
    pub rules: Option<Vec<PathBuf>>,
    /// Whether words are left out of what is printed.
    pub redact: Option<bool>,
    /// A file of weights for the specificity score, in place of those that ship.
    pub specificity_weights: Option<PathBuf>,
    /// The registry of the house's own secrets.
    pub registry: Option<PathBuf>,
    /// The file that holds its key.
    pub registry_key: Option<PathBuf>,
    /// Restricted periods, both days included.
    pub restricted: Option<Vec<(Date, Date)>>,
    /// How much of a draft is read.
    pub limits: Option<Limits>,
}

/// One settings file, read.
#[derive(Clone, Debug)]
struct File {
    path: PathBuf,
    folder: PathBuf,
    layer: Layer,
    overrides: Vec<(GlobSet, Layer)>,
    exclude: GlobSet,
    extends: Vec<(PathBuf, Place)>,
}

/// Files that hold together: user-level, extended, nearest; the later beats the earlier.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    files: Vec<File>,
    /// The nearest registry of secrets, looked for as the files are.
    registry: Option<PathBuf>,
}

/// What holds for one draft.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What runs.
    pub selection: Selection,
    /// Levels of rules.
    pub levels: Vec<Level>,
    /// The severity from which a run fails.
    pub fail_on: FailOn,
    /// Everything that needs no resolving.
    pub layer: Layer,
    /// Files it came from, the strongest last.
    pub sources: Vec<PathBuf>,
}

impl Settings {
    /// Roles that may approve: those of the project, else those that findings are routed to.
    pub fn roles(&self) -> Vec<String> {
        self.layer.roles.clone().unwrap_or_else(|| Ask::ALL.iter().map(|a| a.name().to_owned()).collect())
    }

    /// As `--show-settings` prints them.
    pub fn shown(&self) -> impl Serialize + use<> {
        let l = &self.layer;
        let names =
            |list: &Option<Vec<Named>>| list.as_ref().map(|l| l.iter().map(|n| n.name.clone()).collect::<Vec<_>>());
        serde_json::json!({
            "files": self.sources.iter().map(|p| p.display().to_string()).collect::<Vec<_>>(),
            "select": names(&l.select).unwrap_or_else(|| vec!["all".to_owned()]),
            "ignore": names(&l.ignore).unwrap_or_default(),
            "levels": l.levels.iter().map(|(n, s)| (n.name.clone(), s.map_or("off", Severity::name).into())).collect::<serde_json::Map<_, _>>(),
            "fail_on": match self.fail_on { FailOn::Severity(s) => s.name(), FailOn::Never => "never" },
            "max_warnings": l.max_warnings,
            "min_severity": l.min_severity.map(Severity::name),
            "min_confidence": l.min_confidence.map(Confidence::name),
            "status": l.status.clone().unwrap_or_default(),
            "jurisdictions": l.jurisdictions.clone().unwrap_or_default(),
            "lang": l.lang.map(Language::name),
            "message_lang": l.message_lang.map(Language::name),
            "channel": l.channel,
            "kind": l.kind,
            "author": l.author,
            "as_of": l.as_of.map(|d| d.to_string()),
            "baseline": l.baseline.as_ref().map(|p| p.display().to_string()),
            "fingerprint_salt": l.fingerprint_salt.as_ref().map(|_| "set"),
            "roles": self.roles(),
            "crisis": l.crisis.unwrap_or(false),
            "earlier_posts": l.earlier_posts.as_ref().map(|p| p.display().to_string()),
            "profile": l.profile.as_ref().map(|p| p.display().to_string()),
            "redact": l.redact,
            "specificity_weights": l.specificity_weights.as_ref().map(|p| p.display().to_string()),
            "registry": l.registry.as_ref().map(|p| p.display().to_string()),
            "restricted_periods": l.restricted.as_ref().map_or(0, Vec::len),
            "limits": l.limits.unwrap_or_default().shown(),
        })
    }
}

impl Layer {
    /// Takes over what the stronger layer says. Lists replace; levels add up.
    fn overlay(&mut self, stronger: &Layer) {
        macro_rules! take { ($($field:ident)+) => { $(if stronger.$field.is_some() { self.$field = stronger.$field.clone(); })+ } }
        take!(select ignore fail_on max_warnings min_severity min_confidence status jurisdictions lang message_lang channel kind
              author as_of baseline fingerprint_salt roles crisis earlier_posts profile rules redact specificity_weights registry registry_key restricted limits);
        for (name, level) in &stronger.levels {
            self.levels.retain(|(n, _)| n.name != name.name);
            self.levels.push((name.clone(), *level));
        }
    }
}

impl Chain {
    /// The files that hold for drafts in `folder`: the user's own, then the nearest upwards with what it extends.
    pub fn find(folder: &Path) -> Result<Self, SettingsErrors> {
        let start = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let nearest = start.ancestors().map(|f| f.join(FILE_NAME)).find(|f| f.is_file());
        let mut files = Vec::new();
        if let Some(user) = user_file().filter(|u| u.is_file() && nearest.as_ref() != Some(u)) {
            read_with_extends(&user, &mut files, &mut Vec::new())?;
        }
        if let Some(nearest) = nearest {
            read_with_extends(&nearest, &mut files, &mut Vec::new())?;
        }
        let registry = start.ancestors().map(|f| f.join(registry::FILE_NAME)).find(|f| f.is_file());
        Ok(Self { files, registry })
    }

    /// One file named on the command line, and what it extends; nothing else.
    pub fn of(path: &Path) -> Result<Self, SettingsErrors> {
        let mut files = Vec::new();
        read_with_extends(path, &mut files, &mut Vec::new())?;
        let registry = files.last().map(|f| f.folder.join(registry::FILE_NAME)).filter(|f| f.is_file());
        Ok(Self { files, registry })
    }

    /// The nearest file.
    pub fn nearest(&self) -> Option<&Path> {
        self.files.last().map(|f| f.path.as_path())
    }

    /// Whether a file excludes the draft at `path`.
    pub fn excludes(&self, path: &Path) -> bool {
        self.files.iter().any(|f| matches(&f.exclude, &f.folder, path))
    }

    /// Where the registry of secrets lies: where the settings say, else the nearest upwards from the draft, or beside the
    /// file named on the command line.
    pub fn registry_path(&self, layer: &Layer) -> Option<PathBuf> {
        layer.registry.clone().or_else(|| self.registry.clone())
    }

    /// Whether both stand for the same settings.
    pub fn is_same(&self, other: &Self) -> bool {
        self.nearest() == other.nearest() && self.registry == other.registry
    }

    /// The registry of secrets. One that cannot be opened is an error: a skipped registry would pass for a clean draft.
    pub fn registry(&self, layer: &Layer) -> Result<Option<Registry>, String> {
        let Some(path) = self.registry_path(layer) else { return Ok(None) };
        let place = KeyPlace { flag: None, setting: layer.registry_key.clone() };
        Registry::open(&path, &place).map(Some).map_err(|e| e.to_string())
    }

    /// Which overrides match; equal answers mean equal settings.
    pub fn variant(&self, path: Option<&Path>) -> Vec<bool> {
        let hit = |file: &File, globs: &GlobSet| path.is_some_and(|p| matches(globs, &file.folder, p));
        self.files.iter().flat_map(|f| f.overrides.iter().map(move |(globs, _)| hit(f, globs))).collect()
    }

    /// What holds for a draft: files, matching overrides, then the command line.
    pub fn settings(&self, path: Option<&Path>, flags: &Layer, pack: &Pack) -> Result<Settings, SettingsErrors> {
        let mut layer = Layer::default();
        for file in &self.files {
            layer.overlay(&file.layer);
            for (globs, over) in &file.overrides {
                if path.is_some_and(|p| matches(globs, &file.folder, p)) {
                    layer.overlay(over);
                }
            }
        }
        // `--ignore` beside a project's own selection adds to what it ignores; `--select` replaces the selection
        let kept = if flags.select.is_none() { layer.ignore.clone().unwrap_or_default() } else { Vec::new() };
        layer.overlay(flags);
        if flags.select.is_some() && flags.ignore.is_none() {
            layer.ignore = None;
        } else if let Some(ignore) = flags.ignore.as_ref() {
            layer.ignore = Some(kept.into_iter().chain(ignore.iter().cloned()).collect());
        }
        let mut errors = SettingsErrors::default();
        let mut parse = |named: &Named| {
            if errors.0.len() > MAX_ERRORS {
                return None;
            }
            match Selector::parse(&named.name, pack) {
                Ok(selector) => Some(selector),
                Err(message) => {
                    let error = match errors.0.len() {
                        MAX_ERRORS => SettingsError::more(named.place.as_ref().map_or("settings", |p| &p.file)),
                        _ => SettingsError { place: named.place.clone(), message },
                    };
                    if !errors.0.contains(&error) {
                        errors.0.push(error);
                    }
                    None
                }
            }
        };
        let select = layer.select.as_ref().map(|list| list.iter().filter_map(&mut parse).collect());
        let ignore = layer.ignore.iter().flatten().filter_map(&mut parse).collect();
        let levels = layer
            .levels
            .iter()
            .filter_map(|(n, severity)| parse(n).map(|of| Level { of, severity: *severity }))
            .collect();
        if !errors.0.is_empty() {
            return Err(errors);
        }
        let fail_on = layer.fail_on.unwrap_or(FailOn::Severity(Severity::Warning));
        let sources = self.files.iter().map(|f| f.path.clone()).collect();
        Ok(Settings { selection: Selection { select, ignore }, levels, fail_on, layer, sources })
    }
}

/// Writes settings into a file, before everything that stands there; makes the file when there is none.
pub fn add(path: &Path, settings: &[(&str, String)]) -> std::io::Result<()> {
    let old = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let mut text: String =
        settings.iter().map(|(key, value)| format!("{key} = {}\n", toml::Value::from(value.as_str()))).collect();
    text.push_str(&old);
    crate::file::replace(path, &text)
}

/// The user-level file, for a paste from anywhere.
fn user_file() -> Option<PathBuf> {
    let home = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let folder =
        home("XDG_CONFIG_HOME").or_else(|| home("HOME").map(|h| h.join(".config"))).or_else(|| home("APPDATA"))?;
    Some(folder.join("draftlint").join(FILE_NAME))
}

/// Whether `path` matches globs that are relative to `folder`.
fn matches(globs: &GlobSet, folder: &Path, path: &Path) -> bool {
    if globs.is_empty() {
        return false;
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let clean: PathBuf = path.components().filter(|c| !matches!(c, std::path::Component::CurDir)).collect();
    clean.strip_prefix(folder).is_ok_and(|relative| globs.is_match(relative))
}

/// Reads a file after the files it extends; `open` holds those whose reading has begun.
fn read_with_extends(path: &Path, files: &mut Vec<File>, open: &mut Vec<PathBuf>) -> Result<(), SettingsErrors> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    open.push(real);
    let file = read(path)?;
    for (base, place) in &file.extends {
        let same = base.canonicalize().unwrap_or_else(|_| base.clone());
        if let Some(at) = open.iter().position(|o| *o == same) {
            let circle: Vec<String> = open[at..].iter().chain([&same]).map(|p| file_name(p)).collect();
            let message = format!("`extends` goes in a circle: {}", circle.join(" -> "));
            return Err(SettingsErrors::one(Some(place.clone()), message));
        }
        if !base.is_file() {
            let message = format!("`extends` names {}, which is no file", base.display());
            return Err(SettingsErrors::one(Some(place.clone()), message));
        }
        read_with_extends(base, files, open)?;
    }
    open.pop();
    files.push(file);
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

fn read(path: &Path) -> Result<File, SettingsErrors> {
    let shown = path.display().to_string();
    let text = settings_file::read(path)
        .map_err(|e| SettingsErrors::one(None, format!("{shown}: {}", crate::file::why(&e))))?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute
        .parent()
        .unwrap_or(Path::new("/"))
        .components()
        .filter(|c| !matches!(c, std::path::Component::CurDir))
        .collect();
    let file = settings_file::Reader::new(&text, shorten(path));
    let mut reader = Reader { file, folder };
    let file = reader.whole(path);
    match file {
        Some(file) if reader.file.errors.is_empty() => Ok(file),
        _ => Err(SettingsErrors(reader.file.errors)),
    }
}

/// The path relative to where the user stands, when it lies there.
fn shorten(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

/// Every key of a file; an override may use the first [`OVERRIDE_KEYS`].
pub const KEYS: &[&str] = &[
    "select",
    "ignore",
    "levels",
    "fail_on",
    "max_warnings",
    "min_severity",
    "min_confidence",
    "status",
    "jurisdictions",
    "lang",
    "message_lang",
    "channel",
    "kind",
    "author",
    "crisis",
    "profile",
    "roles",
    "redact",
    "as_of",
    "extends",
    "overrides",
    "exclude",
    "baseline",
    "fingerprint_salt",
    "earlier_posts",
    "restricted_periods",
    "rules",
    "registry",
    "registry_key",
    "specificity_weights",
    "limits",
];
/// How many of them an override may use.
const OVERRIDE_KEYS: usize = 19;

struct Reader<'t> {
    file: settings_file::Reader<'t>,
    folder: PathBuf,
}

impl Reader<'_> {
    fn whole(&mut self, path: &Path) -> Option<File> {
        let text = self.file.text;
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let message = error.message().lines().collect::<Vec<_>>().join("; ");
                self.file.error(error.span().map_or(0, |s| s.start), message);
                return None;
            }
        };
        let mut file = File {
            path: path.to_owned(),
            folder: self.folder.clone(),
            layer: Layer::default(),
            overrides: Vec::new(),
            exclude: GlobSet::empty(),
            extends: Vec::new(),
        };
        for (key, value) in table.get_ref() {
            let (at, found) = (key.span().start, key.get_ref().replace('-', "_"));
            match found.as_str() {
                "extends" => {
                    for (name, start) in self.file.strings(value, "extends") {
                        let place = self.file.place(start);
                        file.extends.push((self.folder.join(name), place));
                    }
                }
                "exclude" => file.exclude = self.globs(value, "exclude"),
                "overrides" => self.overrides(value, &mut file.overrides),
                _ => self.key(&mut file.layer, &found, at, value, KEYS, key.get_ref()),
            }
        }
        Some(file)
    }

    fn overrides(&mut self, value: &Value<'_>, out: &mut Vec<(GlobSet, Layer)>) {
        let Some(list) = value.get_ref().as_array() else {
            return self.file.error(value.span().start, "`overrides` must be a list of tables: write [[overrides]]");
        };
        for entry in list.iter() {
            let Some(table) = entry.get_ref().as_table() else {
                self.file.error(entry.span().start, "each of `overrides` must be a table: write [[overrides]]");
                continue;
            };
            let (mut layer, mut globs) = (Layer::default(), None);
            for (key, value) in table {
                let found = key.get_ref().replace('-', "_");
                match found.as_str() {
                    "paths" => globs = Some(self.globs(value, "paths")),
                    _ => self.key(&mut layer, &found, key.span().start, value, &KEYS[..OVERRIDE_KEYS], key.get_ref()),
                }
            }
            match globs {
                Some(globs) => out.push((globs, layer)),
                None => self.file.error(entry.span().start, "an override needs `paths`, a list of globs"),
            }
        }
    }

    fn key(&mut self, layer: &mut Layer, key: &str, at: usize, value: &Value<'_>, allowed: &[&str], written: &str) {
        if self.file.is_full() {
            return;
        }
        if !allowed.contains(&key) {
            let near = nearest(key, allowed.iter().copied().chain(["paths"]));
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("allowed: {}", allowed.join(", ")),
            };
            let what = if KEYS.contains(&key) { "does not belong into an override" } else { "is no setting" };
            return self.file.error(at, format!("`{written}` {what}; {hint}"));
        }
        match key {
            "select" => layer.select = Some(self.names(value, key)),
            "ignore" => layer.ignore = Some(self.names(value, key)),
            "levels" => self.levels(layer, value),
            "fail_on" => {
                layer.fail_on = self
                    .file
                    .one_of(value, key, &["note", "warning", "error", "never"])
                    .map(|v| Severity::from_name(&v).map_or(FailOn::Never, FailOn::Severity));
            }
            "max_warnings" => layer.max_warnings = self.file.count(value, key),
            "min_severity" => {
                layer.min_severity =
                    self.file.one_of(value, key, &["note", "warning", "error"]).and_then(|v| Severity::from_name(&v))
            }
            "min_confidence" => {
                layer.min_confidence =
                    self.file.one_of(value, key, &["low", "medium", "high"]).and_then(|v| Confidence::from_name(&v))
            }
            "status" => layer.status = Some(self.file.list_of(value, key, &crate::compiler::layout::STATUSES)),
            "jurisdictions" => {
                layer.jurisdictions = Some(self.file.list_of(value, key, &crate::compiler::layout::JURISDICTIONS))
            }
            "lang" | "message_lang" => {
                let language =
                    self.file.one_of(value, key, &["en", "fr", "nl", "ru"]).and_then(|v| Language::from_name(&v));
                if key == "lang" { layer.lang = language } else { layer.message_lang = language }
            }
            "channel" => {
                let known = value.get_ref().as_str().and_then(channel::find).map(|c| c.name.clone());
                layer.channel = known.or_else(|| self.file.one_of(value, key, CHANNELS));
            }
            "kind" => layer.kind = self.file.one_of(value, key, &crate::compiler::layout::KINDS),
            "author" => layer.author = self.file.string(value, key),
            "as_of" => layer.as_of = self.file.date(value, key),
            "baseline" => layer.baseline = self.file.string(value, key).map(|p| self.folder.join(p)),
            "fingerprint_salt" => layer.fingerprint_salt = self.file.string(value, key),
            "roles" => layer.roles = Some(self.file.strings(value, key).into_iter().map(|(s, _)| s).collect()),
            "crisis" => layer.crisis = self.file.boolean(value, key),
            "redact" => layer.redact = self.file.boolean(value, key),
            "earlier_posts" => layer.earlier_posts = self.file.string(value, key).map(|p| self.folder.join(p)),
            "profile" => layer.profile = self.file.string(value, key).map(|p| self.folder.join(p)),
            "specificity_weights" => {
                layer.specificity_weights = self.file.string(value, key).map(|p| self.folder.join(p))
            }
            "registry" => layer.registry = self.file.string(value, key).map(|p| self.folder.join(p)),
            // `~/…` stays as it is: the key is looked for at home
            "registry_key" => {
                layer.registry_key = self
                    .file
                    .string(value, key)
                    .map(|p| if p.starts_with("~/") { PathBuf::from(p) } else { self.folder.join(p) })
            }
            "rules" => {
                layer.rules =
                    Some(self.file.strings(value, key).into_iter().map(|(p, _)| self.folder.join(p)).collect())
            }
            "restricted_periods" => layer.restricted = Some(self.periods(value)),
            "limits" => layer.limits = self.limits(value),
            _ => {}
        }
    }

    fn names(&mut self, value: &Value<'_>, key: &str) -> Vec<Named> {
        self.file
            .strings(value, key)
            .into_iter()
            .map(|(name, at)| Named { name, place: Some(self.file.place(at)) })
            .collect()
    }

    fn levels(&mut self, layer: &mut Layer, value: &Value<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            return self.file.wrong(value, "levels", "a table of rule = level");
        };
        for (key, value) in table {
            let level = self.file.one_of(value, key.get_ref(), &["off", "note", "warning", "error"]);
            let named = Named { name: key.get_ref().to_string(), place: Some(self.file.place(key.span().start)) };
            if let Some(level) = level {
                layer.levels.push((named, Severity::from_name(&level)));
            }
        }
    }

    fn limits(&mut self, value: &Value<'_>) -> Option<Limits> {
        let Some(table) = value.get_ref().as_table() else {
            self.file.wrong(value, "limits", "a table of numbers of bytes");
            return None;
        };
        let mut limits = Limits::default();
        for (key, value) in table {
            let name = key.get_ref().replace('-', "_");
            let names = Limits::KEYS.map(|(name, ..)| name);
            let Some((_, least, most)) = Limits::KEYS.into_iter().find(|(known, ..)| *known == name) else {
                let hint = nearest(&name, names).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
                let message = format!("`{}` is no limit; allowed: {}{hint}", key.get_ref(), names.join(", "));
                self.file.error(key.span().start, message);
                continue;
            };
            let Some(bytes) = self.file.count(value, &name) else { continue };
            if !(least..=most).contains(&bytes) {
                self.file.error(value.span().start, format!("`{name}` must be between {least} and {most} bytes"));
                continue;
            }
            match name.as_str() {
                "draft_bytes" => limits.draft_bytes = bytes,
                "record_bytes" => limits.record_bytes = bytes,
                _ => limits.paragraph_bytes = bytes,
            }
        }
        Some(limits)
    }

    fn periods(&mut self, value: &Value<'_>) -> Vec<(Date, Date)> {
        let Some(list) = value.get_ref().as_array() else {
            self.file.wrong(value, "restricted_periods", "a list of { from, to }");
            return Vec::new();
        };
        let mut out: Vec<(Date, Date)> = Vec::new();
        for entry in list.iter() {
            let Some(table) = entry.get_ref().as_table() else {
                self.file.wrong(entry, "restricted_periods", "a list of { from, to }");
                continue;
            };
            let (mut from, mut to) = (None, None);
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "from" => from = self.file.date(value, "from"),
                    "to" => to = self.file.date(value, "to"),
                    "note" => {}
                    other => {
                        let message =
                            format!("`{other}` does not belong into a restricted period; allowed: from, to, note");
                        self.file.error(key.span().start, message);
                    }
                }
            }
            match (from, to) {
                (Some(from), Some(to)) if from <= to => {
                    if out.iter().any(|(f, t)| *f <= to && from <= *t) {
                        self.file.error(entry.span().start, "this restricted period overlaps an earlier one");
                    }
                    out.push((from, to));
                }
                (Some(_), Some(_)) => self.file.error(entry.span().start, "a restricted period ends before it begins"),
                _ => self.file.error(entry.span().start, "a restricted period needs `from` and `to`"),
            }
        }
        out
    }

    fn globs(&mut self, value: &Value<'_>, key: &str) -> GlobSet {
        let mut builder = GlobSetBuilder::new();
        for (text, at) in self.file.strings(value, key) {
            // as in .gitignore, a name without a slash means it anywhere, a folder means all in it
            let anywhere =
                if text.contains('/') { text.trim_start_matches('/').to_owned() } else { format!("**/{text}") };
            for pattern in [anywhere.clone(), format!("{}/**", anywhere.trim_end_matches('/'))] {
                match GlobBuilder::new(&pattern).literal_separator(true).build() {
                    Ok(glob) => {
                        builder.add(glob);
                    }
                    Err(error) => {
                        self.file.error(at, format!("`{key}` holds no glob: {}", error.kind()));
                        break;
                    }
                }
            }
        }
        builder.build().unwrap_or_else(|_| GlobSet::empty())
    }
}
