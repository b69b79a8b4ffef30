//! Settings made ready for drafts: which hold for a path, and the linter and policy they give. The command line and the
//! language server load them here, so that both say the same of a draft.

use crate::config::{Chain, Layer, Settings};
use crate::date::Date;
use crate::draft::{Draft, FrontMatter, Limits};
use crate::finding::Language;
use crate::linter::Linter;
use crate::options::Options;
use crate::pack::Pack;
use crate::policy::baseline::Baseline;
use crate::policy::{Policy, select};
use crate::specificity::Weights;
use crate::voice::Profile;
use crate::voice::earlier::Earlier;
use crate::walk;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Settings made ready for drafts.
pub struct Prepared {
    /// Finds.
    pub linter: Linter<'static>,
    /// Judges what was found.
    pub policy: Policy<'static>,
    /// Where both come from.
    pub settings: Settings,
    /// The house voice, with the people in it.
    pub voice: Option<Arc<Profile>>,
    /// Its place in the list of all, for counting.
    pub number: usize,
}

impl Prepared {
    /// How much of a draft is read.
    pub fn limits(&self) -> Limits {
        self.settings.layer.limits.unwrap_or_default()
    }

    /// Every file that they were read from.
    pub fn files(&self) -> Vec<&Path> {
        let layer = &self.settings.layer;
        let voices = self.voice.iter().flat_map(|v| v.files.iter().chain(v.people.iter().flat_map(|p| &p.1.files)));
        let named = layer.baseline.iter().chain(&layer.registry).chain(&layer.specificity_weights);
        self.settings.sources.iter().chain(voices).chain(named).map(PathBuf::as_path).collect()
    }

    /// Completes what a draft says of itself: flags go before it, the settings after it.
    pub fn complete(&self, front: &mut FrontMatter, flags: &Layer) {
        let layer = &self.settings.layer;
        let set = |slot: &mut Option<String>, flag: Option<&str>, setting: Option<&str>| {
            if let Some(value) = flag.or(if slot.is_none() { setting } else { None }) {
                *slot = Some(value.to_owned());
            }
        };
        set(&mut front.lang, flags.lang.map(Language::name), layer.lang.map(Language::name));
        set(&mut front.channel, flags.channel.as_deref(), layer.channel.as_deref());
        set(&mut front.kind, flags.kind.as_deref(), layer.kind.as_deref());
        set(&mut front.author, flags.author.as_deref(), layer.author.as_deref());
    }
}

/// What decides which settings hold: the chain of files, the overrides that match, the nearest voice profile.
type Key = (usize, Vec<bool>, Option<PathBuf>);

/// Finds and keeps the settings of drafts.
pub struct Store {
    /// The rules.
    pub pack: &'static Pack,
    /// The strongest layer: the command line, or what an editor asks for.
    pub flags: Layer,
    /// One chain for all: `--isolated` or `--config`.
    fixed: Option<Arc<Chain>>,
    chains: HashMap<PathBuf, Result<Arc<Chain>, String>>,
    prepared: HashMap<Key, Result<Arc<Prepared>, String>>,
    baselines: HashMap<PathBuf, Result<Arc<Baseline>, String>>,
    /// Voice profiles by file, the nearest file by folder, earlier posts by folder.
    voices: HashMap<PathBuf, Result<Arc<Profile>, String>>,
    nearest_voice: HashMap<PathBuf, Option<PathBuf>>,
    earlier: HashMap<PathBuf, Result<Arc<Earlier>, String>>,
    /// All that were made, in the order of their numbers.
    pub all: Vec<Arc<Prepared>>,
    /// Whether baselines are read.
    pub with_baseline: bool,
}

impl Store {
    /// Nothing is read yet. With a `fixed` chain no file is looked for.
    pub fn new(pack: &'static Pack, flags: Layer, fixed: Option<Chain>, with_baseline: bool) -> Self {
        Self {
            pack,
            flags,
            fixed: fixed.map(Arc::new),
            chains: HashMap::new(),
            prepared: HashMap::new(),
            baselines: HashMap::new(),
            voices: HashMap::new(),
            nearest_voice: HashMap::new(),
            earlier: HashMap::new(),
            all: Vec::new(),
            with_baseline,
        }
    }

    /// Fingerprints get this salt from now on.
    pub fn salt(&mut self, salt: &str) {
        self.flags.fingerprint_salt = Some(salt.to_owned());
        self.prepared.clear();
        self.all.clear();
    }

    /// The baselines that were read.
    pub fn baselines(&self) -> impl Iterator<Item = &Arc<Baseline>> {
        self.baselines.values().flatten()
    }

    /// Whether the settings exclude a file that nobody named.
    pub fn excludes(&mut self, path: &Path) -> bool {
        let folder = path.parent().unwrap_or(Path::new("."));
        self.chain(folder).is_ok_and(|chain| chain.excludes(path))
    }

    fn chain(&mut self, folder: &Path) -> Result<Arc<Chain>, String> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.clone());
        }
        if let Some(known) = self.chains.get(folder) {
            return known.clone();
        }
        let found = Chain::find(folder).map(Arc::new).map_err(|e| e.to_string());
        // folders with the same nearest files share one chain
        let found = match found {
            Ok(new) => {
                let same = self.chains.values().flatten().find(|old| old.is_same(&new)).cloned();
                Ok(same.unwrap_or(new))
            }
            Err(message) => Err(message),
        };
        self.chains.insert(folder.to_owned(), found.clone());
        found
    }

    /// The settings of the draft at `path`; without a path, those of where the user stands.
    pub fn of(&mut self, path: Option<&Path>) -> Result<Arc<Prepared>, String> {
        let folder =
            path.and_then(Path::parent).filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        self.of_draft_in(&folder, path)
    }

    /// The settings of a draft in `folder` that may have no path yet.
    pub fn of_draft_in(&mut self, folder: &Path, path: Option<&Path>) -> Result<Arc<Prepared>, String> {
        let chain = self.chain(folder)?;
        let nearest = match self.fixed {
            Some(_) => None,
            None => {
                let find = || Profile::nearest(folder).or_else(Profile::user_file);
                self.nearest_voice.entry(folder.to_owned()).or_insert_with(find).clone()
            }
        };
        let key = (Arc::as_ptr(&chain) as usize, chain.variant(path), nearest);
        if let Some(known) = self.prepared.get(&key) {
            return known.clone();
        }
        let made = self.prepare(&chain, path, key.2.as_deref());
        self.prepared.insert(key, made.clone());
        made
    }

    fn prepare(&mut self, chain: &Chain, path: Option<&Path>, nearest: Option<&Path>) -> Result<Arc<Prepared>, String> {
        let settings = chain.settings(path, &self.flags, self.pack).map_err(|e| e.to_string())?;
        let layer = &settings.layer;
        let voice = match layer.profile.as_deref().or(nearest) {
            Some(file) => Some(self.voice(file)?),
            None => None,
        };
        let earlier = match layer.earlier_posts.as_deref() {
            Some(folder) => Some(self.earlier_posts(folder)?),
            None => None,
        };
        let registry = chain.registry(layer)?.map(Arc::new);
        let mut restricted = layer.restricted.clone().unwrap_or_default();
        restricted.extend(registry.iter().flat_map(|r| r.periods()).map(|p| (p.from, p.to)));
        let (runs, levels) = select::resolve(self.pack, &settings.selection, &settings.levels);
        let options = Options {
            runs: runs.clone(),
            as_of: layer.as_of.unwrap_or_else(Date::today),
            as_of_wins: self.flags.as_of.is_some(),
            language: self.flags.lang,
            channel: self.flags.channel.clone(),
            kind: self.flags.kind.clone(),
            author: self.flags.author.clone(),
            message_language: layer.message_lang,
            profile: voice.as_deref().cloned(),
            earlier,
            status: layer.status.clone().unwrap_or_default(),
            jurisdictions: layer.jurisdictions.clone().unwrap_or_default(),
            registry,
            weights: layer.specificity_weights.as_deref().map(read_weights).transpose()?,
        };
        let baseline = match layer.baseline.clone().filter(|_| self.with_baseline) {
            Some(path) => Some(
                self.baselines
                    .entry(path.clone())
                    .or_insert_with(|| Baseline::read(&path).map(Arc::new).map_err(|e| e.to_string()))
                    .clone()?,
            ),
            None => None,
        };
        let policy = Policy {
            pack: self.pack,
            runs,
            levels,
            salt: layer.fingerprint_salt.clone().unwrap_or_default(),
            roles: settings.roles(),
            baseline,
            today: self.flags.as_of.unwrap_or_else(Date::today),
            crisis: layer.crisis.unwrap_or(false),
            restricted,
        };
        let prepared = Arc::new(Prepared {
            linter: Linter::new(self.pack, options),
            policy,
            settings,
            voice,
            number: self.all.len(),
        });
        self.all.push(prepared.clone());
        Ok(prepared)
    }

    /// A voice profile over the user's own.
    fn voice(&mut self, file: &Path) -> Result<Arc<Profile>, String> {
        let weaker = if self.fixed.is_some() { None } else { Profile::user_file() };
        let load = || Profile::load(file, weaker.as_deref()).map(Arc::new).map_err(|e| e.to_string());
        self.voices.entry(file.to_owned()).or_insert_with(load).clone()
    }

    fn earlier_posts(&mut self, folder: &Path) -> Result<Arc<Earlier>, String> {
        self.earlier.entry(folder.to_owned()).or_insert_with(|| read_earlier(folder).map(Arc::new)).clone()
    }
}

/// Reads weights of the specificity score.
fn read_weights(file: &Path) -> Result<Weights, String> {
    let name = file.display();
    let text = crate::file::text(file).map_err(|e| format!("specificity_weights: {name}: {}", crate::file::why(&e)))?;
    Weights::parse(&text).map_err(|e| format!("specificity_weights: {name}: {e}"))
}

/// Reads the posts that went out before; a folder without any is a mistake in the settings.
fn read_earlier(folder: &Path) -> Result<Earlier, String> {
    let name = folder.display();
    if !folder.is_dir() {
        return Err(format!("earlier_posts: {name} is no folder"));
    }
    let mut found = Vec::new();
    walk::files(&[folder.to_owned()], &mut |_| false, &mut |file| found.push(file));
    let mut earlier = Earlier::default();
    for file in found {
        let path = file.map_err(|(path, why)| format!("earlier_posts: {}: {why}", path.display()))?;
        let shown = path.to_string_lossy();
        let bytes =
            crate::file::bytes(&path).map_err(|e| format!("earlier_posts: {shown}: {}", crate::file::why(&e)))?;
        let draft = Draft::from_bytes(&shown, &bytes, None).map_err(|e| format!("earlier_posts: {shown}: {e}"))?;
        earlier.add(&path, &draft.text[draft.body.start..draft.body.end]);
    }
    if earlier.is_empty() { Err(format!("earlier_posts: {name} holds no post")) } else { Ok(earlier) }
}
