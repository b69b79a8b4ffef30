//! `voice.toml`: who speaks, the house's names and terms, the limits of its voice, its plan. Written by hand, kept in Git.
//!
//! A person's file goes over the company's: single values replace, lists add up. Rule levels, company statuses and
//! restricted periods belong into draftlint.toml, secrets into the registry.

use super::channel;
use super::learn::Learned;
use super::overlay::{self, Ending};

use crate::date::Date;
use crate::finding::{Language, Severity};
use crate::settings_file::{self, Place, Reader, SettingsErrors, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::DeTable;

/// The name of a project's file.
pub const FILE_NAME: &str = "voice.toml";

/// The JSON Schema of `voice.toml`, for editors.
pub const SCHEMA: &str = include_str!("voice.schema.json");

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// A person's.
    Executive,
    /// The company's.
    Company,
}

/// Which first person is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstPerson {
    /// I.
    I,
    /// We.
    We,
    /// Both are fine.
    Either,
}

/// A term that is not to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banned {
    /// The words; `stem*` any ending.
    pub pattern: String,
    /// In this language only.
    pub lang: Option<Language>,
    /// Sentences with one of these are right.
    pub unless: Vec<String>,
    /// What to write instead; none for a term that has no good replacement.
    pub instead: Option<String>,
    /// Another severity than the rule's.
    pub severity: Option<Severity>,
}

/// A name of the house and the wrong forms that are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As it is written.
    pub canonical: String,
    /// As it is not.
    pub wrong: Vec<String>,
}

/// A tag that was agreed for some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// With its `#`.
    pub tag: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Tags that people write by mistake.
    pub instead_of: Vec<String>,
    /// For drafts of this language only.
    pub lang: Option<Language>,
}

/// Form of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// tu, je, ты.
    Familiar,
    /// vous, u, вы.
    Polite,
}

/// Limits of the voice; `None` where the house says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// I or we.
    pub first_person: Option<FirstPerson>,
    /// By language (see [`Language`]).
    pub address: [Option<Address>; 5],
    /// Whether contractions are written (English).
    pub contractions: Option<bool>,
    /// Exclamation marks in a post.
    pub max_exclamation: Option<usize>,
    /// Emoji in a post.
    pub max_emoji: Option<usize>,
    /// Hashtags in a post.
    pub max_hashtags: Option<usize>,
    /// Mentions in a post.
    pub max_mentions: Option<usize>,
    /// Words in capitals, acronyms left out.
    pub max_capitals: Option<usize>,
    /// Own side to reader.
    pub max_self_ratio: Option<f64>,
    /// Words of a sentence, by language.
    pub max_sentence_words: [Option<usize>; 5],
    /// One stock word in so many words is put up with.
    pub cliche_per_words: Option<f64>,
    /// Reading ease from 100 words on, by language.
    pub readability_floor: [Option<f64>; 5],
}

/// What a channel takes here, where it differs from the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelLimits {
    /// The longest post.
    pub limit: Option<usize>,
    /// Where it folds.
    pub fold: Option<usize>,
    /// The most hashtags.
    pub hashtags: Option<usize>,
}

/// A declared voice, its files merged.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Files it came from, the strongest last.
    pub files: Vec<PathBuf>,
    /// Whose account.
    pub account: Option<Account>,
    /// Names of the own company.
    pub company: Vec<String>,
    /// Names of own products.
    pub products: Vec<String>,
    /// Languages that are written.
    pub languages: Vec<Language>,
    /// The usual channel.
    pub channel: Option<String>,
    /// Names and their spelling.
    pub names: Vec<Name>,
    /// Banned and preferred terms.
    pub banned: Vec<Banned>,
    /// Terms with a preferred one.
    pub preferred: Vec<Banned>,
    /// Terms that are never reported.
    pub allow: Vec<String>,
    /// Topics that stay private.
    pub off_topics: Vec<String>,
    /// Competitors.
    pub competitors: Vec<String>,
    /// Clients, cleared or not.
    pub clients: Vec<String>,
    /// Clients that may be named.
    pub clients_cleared: Vec<String>,
    /// Published figures, links, contact data.
    pub public_facts: Vec<String>,
    /// Limits.
    pub limits: Limits,
    /// Whether every draft names its goal.
    pub require_goal: bool,
    /// Agreed tags.
    pub campaigns: Vec<Campaign>,
    /// By channel.
    pub channels: BTreeMap<String, ChannelLimits>,
    /// What `learn` wrote.
    pub learned: Option<Arc<Learned>>,
    /// From so many posts on, deviations are reported.
    pub min_posts: Option<usize>,
    /// Profiles of people, by author, complete.
    pub people: Vec<(String, Profile)>,
}

const TOP: &[&str] =
    &["schema", "extends", "people", "identity", "names", "terms", "voice", "plan", "channels", "learned"];
const IDENTITY: &[&str] = &["account", "company", "products", "languages", "channel"];
const TERMS: &[&str] =
    &["ban", "prefer", "allow", "off_topics", "competitors", "clients", "clients_cleared", "public_facts"];
const BAN: &[&str] = &["pattern", "lang", "unless", "instead", "severity", "note"];
const PREFER: &[&str] = &["from", "to", "lang", "unless", "severity", "note"];
const VOICE: &[&str] = &[
    "first_person",
    "address",
    "contractions",
    "max_exclamation",
    "max_emoji",
    "max_hashtags",
    "max_mentions",
    "max_capitals",
    "max_self_ratio",
    "max_sentence_words",
    "cliche_per_words",
    "readability_floor",
];
const PLAN: &[&str] = &["require_goal", "campaign"];
const CAMPAIGN: &[&str] = &["tag", "from", "to", "instead_of", "lang", "note"];
const CHANNEL: &[&str] = &["limit", "fold", "hashtags"];
const LEARNED: &[&str] = &["file", "min_posts"];
const LANGUAGES: &[&str] = &["en", "fr", "nl", "ru"];
/// Settings that people look for here and that live elsewhere.
const ELSEWHERE: &[(&str, &str)] = &[
    ("rules", "levels of rules live in draftlint.toml, under `levels`"),
    ("levels", "levels of rules live in draftlint.toml"),
    ("regulated", "what the company is lives in draftlint.toml, as `status`"),
    ("status", "what the company is lives in draftlint.toml"),
    ("jurisdictions", "whose law holds lives in draftlint.toml"),
    ("embargo", "embargoes live in the registry: draftlint secrets add"),
    ("confidential_terms_file", "secrets live in the registry: draftlint secrets add"),
    ("secrets", "secrets live in the registry: draftlint secrets add"),
    ("restricted_periods", "restricted periods live in draftlint.toml"),
];

impl Profile {
    /// Reads a profile and what it extends, over `weaker` (the user's own) where there is one.
    pub fn load(path: &Path, weaker: Option<&Path>) -> Result<Self, SettingsErrors> {
        let mut files = Vec::new();
        if let Some(weaker) = weaker.filter(|w| !same(w, path)) {
            read_with_extends(weaker, &mut files, &mut Vec::new())?;
        }
        read_with_extends(path, &mut files, &mut Vec::new())?;
        let mut base = Self::default();
        let mut people: Vec<(String, PathBuf, Place)> = Vec::new();
        for file in &mut files {
            base.overlay(&file.profile);
            base.files.push(file.path.clone());
            for person in file.people.drain(..) {
                people.retain(|(name, ..)| key(name) != key(&person.0));
                people.push(person);
            }
        }
        for (name, path, place) in people {
            if !path.is_file() {
                let message = format!("the profile of a person is named here, but {} is no file", path.display());
                return Err(SettingsErrors::one(Some(place), message));
            }
            let mut own = Vec::new();
            read_with_extends(&path, &mut own, &mut Vec::new())?;
            let mut person = base.clone();
            person.people.clear();
            for file in own.into_iter().filter(|f| !base.files.iter().any(|b| same(b, &f.path))) {
                person.overlay(&file.profile);
                person.files.push(file.path);
            }
            base.people.push((name, person));
        }
        Ok(base)
    }

    /// The user's own file, for a paste from anywhere.
    pub fn user_file() -> Option<PathBuf> {
        let home = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let folder =
            home("XDG_CONFIG_HOME").or_else(|| home("HOME").map(|h| h.join(".config"))).or_else(|| home("APPDATA"))?;
        Some(folder.join("draftlint").join(FILE_NAME)).filter(|f| f.is_file())
    }

    /// The nearest `voice.toml` upwards from a folder.
    pub fn nearest(folder: &Path) -> Option<PathBuf> {
        let start = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        start.ancestors().map(|f| f.join(FILE_NAME)).find(|f| f.is_file())
    }

    /// The profile that holds for an author.
    pub fn of(&self, author: Option<&str>) -> &Profile {
        let Some(author) = author.map(key) else { return self };
        self.people.iter().find(|(name, _)| key(name) == author).map_or(self, |(_, profile)| profile)
    }

    /// Whether a value (an address, a number) is declared public: spaces, hyphens and case do not matter.
    pub fn is_public(&self, value: &str) -> bool {
        let bare = |text: &str| {
            text.chars()
                .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2011}' | '(' | ')'))
                .flat_map(char::to_lowercase)
                .collect::<String>()
        };
        !self.public_facts.is_empty() && {
            let value = bare(value);
            self.public_facts.iter().any(|p| bare(p) == value)
        }
    }

    /// What a channel takes.
    pub fn channel_limits(&self, name: &str) -> ChannelLimits {
        self.channels.get(name).copied().unwrap_or_default()
    }

    /// Takes over what the stronger profile says.
    fn overlay(&mut self, stronger: &Self) {
        macro_rules! take { ($($field:ident)+) => { $(if stronger.$field.is_some() { self.$field = stronger.$field.clone(); })+ } }
        macro_rules! add { ($($field:ident)+) => { $(for item in &stronger.$field { if !self.$field.contains(item) { self.$field.push(item.clone()); } })+ } }
        take!(account channel learned min_posts);
        add!(company products languages allow off_topics competitors clients clients_cleared public_facts campaigns);
        for name in &stronger.names {
            self.names.retain(|n| n.canonical != name.canonical);
            self.names.push(name.clone());
        }
        for term in &stronger.banned {
            self.banned.retain(|t| (&t.pattern, t.lang) != (&term.pattern, term.lang));
            self.banned.push(term.clone());
        }
        for term in &stronger.preferred {
            self.preferred.retain(|t| (&t.pattern, t.lang) != (&term.pattern, term.lang));
            self.preferred.push(term.clone());
        }
        for (name, limits) in &stronger.channels {
            let own = self.channels.entry(name.clone()).or_default();
            own.limit = limits.limit.or(own.limit);
            own.fold = limits.fold.or(own.fold);
            own.hashtags = limits.hashtags.or(own.hashtags);
        }
        self.require_goal |= stronger.require_goal;
        let (own, other) = (&mut self.limits, &stronger.limits);
        macro_rules! limit { ($($field:ident)+) => { $(if other.$field.is_some() { own.$field = other.$field; })+ } }
        limit!(first_person contractions max_exclamation max_emoji max_hashtags max_mentions max_capitals max_self_ratio cliche_per_words);
        for i in 0..5 {
            own.address[i] = other.address[i].or(own.address[i]);
            own.max_sentence_words[i] = other.max_sentence_words[i].or(own.max_sentence_words[i]);
            own.readability_floor[i] = other.readability_floor[i].or(own.readability_floor[i]);
        }
    }

    /// As `--show-settings` prints it: what holds, by how much; terms are counted, not listed.
    pub fn shown(&self) -> serde_json::Value {
        let account = self.account.map(|a| match a {
            Account::Executive => "executive",
            Account::Company => "company",
        });
        let limits = &self.limits;
        let by_language = |values: &dyn Fn(usize) -> serde_json::Value| -> serde_json::Map<String, serde_json::Value> {
            (0..4).map(|i| (LANGUAGES[i].to_owned(), values(i))).filter(|(_, v)| !v.is_null()).collect()
        };
        serde_json::json!({
            "files": self.files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>(),
            "people": self.people.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(),
            "account": account,
            "channel": self.channel,
            "languages": self.languages.iter().map(|l| l.name()).collect::<Vec<_>>(),
            "names": self.names.len(),
            "banned": self.banned.len(),
            "preferred": self.preferred.len(),
            "allowed": self.allow.len(),
            "off_topics": self.off_topics.len(),
            "competitors": self.competitors.len(),
            "clients": self.clients.len(),
            "clients_cleared": self.clients_cleared.len(),
            "public_facts": self.public_facts.len(),
            "first_person": limits.first_person.map(|f| match f { FirstPerson::I => "i", FirstPerson::We => "we", FirstPerson::Either => "either" }),
            "address": by_language(&|i| limits.address[i].map_or(serde_json::Value::Null, |a| address_word(i, a).into())),
            "contractions": limits.contractions,
            "max_exclamation": limits.max_exclamation,
            "max_emoji": limits.max_emoji,
            "max_hashtags": limits.max_hashtags,
            "max_mentions": limits.max_mentions,
            "max_capitals": limits.max_capitals,
            "max_self_ratio": limits.max_self_ratio,
            "max_sentence_words": by_language(&|i| limits.max_sentence_words[i].map_or(serde_json::Value::Null, Into::into)),
            "cliche_per_words": limits.cliche_per_words,
            "readability_floor": by_language(&|i| limits.readability_floor[i].map_or(serde_json::Value::Null, Into::into)),
            "require_goal": self.require_goal,
            "campaigns": self.campaigns.len(),
            "learned": self.learned.as_ref().map(|l| l.file.display().to_string()),
        })
    }
}

fn address_word(language: usize, address: Address) -> &'static str {
    let words = [["any", "any"], ["tu", "vous"], ["je", "u"], ["ты", "вы"]];
    words[language.min(3)][usize::from(address == Address::Polite)]
}

/// Names of authors: case and spaces do not matter.
pub(super) fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}

/// The path relative to where the user stands, when it lies there.
fn shorten(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

/// One file, read.
struct File {
    path: PathBuf,
    profile: Profile,
    extends: Vec<(PathBuf, Place)>,
    people: Vec<(String, PathBuf, Place)>,
}

fn read_with_extends(path: &Path, files: &mut Vec<File>, open: &mut Vec<PathBuf>) -> Result<(), SettingsErrors> {
    open.push(path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    let file = read(path)?;
    for (base, place) in &file.extends {
        let fail = |message: String| Err(SettingsErrors::one(Some(place.clone()), message));
        if !base.is_file() {
            return fail(format!("`extends` names {}, which is no file", base.display()));
        }
        if let Some(at) = open.iter().position(|o| same(o, base)) {
            let name = |p: &PathBuf| {
                p.file_name().map_or_else(|| p.display().to_string(), |n| n.to_string_lossy().into_owned())
            };
            let circle: Vec<String> = open[at..].iter().chain([base]).map(name).collect();
            return fail(format!("`extends` goes in a circle: {}", circle.join(" -> ")));
        }
        if !files.iter().any(|f| same(&f.path, base)) {
            read_with_extends(base, files, open)?;
        }
    }
    open.pop();
    files.push(file);
    Ok(())
}

fn read(path: &Path) -> Result<File, SettingsErrors> {
    let shown = shorten(path);
    let unreadable = |e| SettingsErrors::one(None, format!("{shown}: {}", crate::file::why(&e)));
    let text = settings_file::read(path).map_err(unreadable)?;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(Path::new("/")).to_owned();
    let mut parser = Parser { reader: Reader::new(&text, shown), folder, learned: None };
    let file = parser.file(path);
    let mut errors = SettingsErrors(parser.reader.errors);
    errors.0.sort_by(|a, b| a.place.cmp(&b.place));
    match file {
        Some(mut file) if errors.0.is_empty() => {
            if let Some(learned) = parser.learned {
                match Learned::read(&learned) {
                    Ok(learned) => file.profile.learned = Some(Arc::new(learned)),
                    Err(more) => errors.0.extend(more.0),
                }
            }
            if errors.0.is_empty() { Ok(file) } else { Err(errors) }
        }
        _ => Err(errors),
    }
}

struct Parser<'t> {
    reader: Reader<'t>,
    folder: PathBuf,
    learned: Option<PathBuf>,
}

impl Parser<'_> {
    fn unknown(&mut self, at: usize, written: &str, place: &str, allowed: &[&str]) {
        let found = written.replace('-', "_");
        if let Some((_, where_)) = ELSEWHERE.iter().find(|(name, _)| *name == found) {
            return self.reader.error(at, format!("`{written}` does not belong into a voice profile: {where_}"));
        }
        let sections: [(&str, &[&str]); 6] = [
            ("identity", IDENTITY),
            ("terms", TERMS),
            ("voice", VOICE),
            ("plan", PLAN),
            ("learned", LEARNED),
            ("", TOP),
        ];
        if let Some((section, _)) = sections.iter().find(|(_, keys)| keys.contains(&found.as_str()) && *keys != allowed)
        {
            let home = if section.is_empty() { "the top of the file".to_owned() } else { format!("[{section}]") };
            return self.reader.error(at, format!("`{written}` is no setting {place}; it belongs into {home}"));
        }
        self.reader.unknown(at, written, place, allowed);
    }

    fn file(&mut self, path: &Path) -> Option<File> {
        let table = match DeTable::parse(self.reader.text) {
            Ok(table) => table,
            Err(error) => {
                let message = error.message().lines().collect::<Vec<_>>().join("; ");
                self.reader.error(error.span().map_or(0, |s| s.start), message);
                return None;
            }
        };
        let mut file =
            File { path: path.to_owned(), profile: Profile::default(), extends: Vec::new(), people: Vec::new() };
        let profile = &mut file.profile;
        for (key, value) in table.get_ref() {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "schema" => match self.reader.count(value, "schema") {
                    Some(1) | None => {}
                    Some(n) => {
                        self.reader.error(value.span().start, format!("`schema` is {n}; this draftlint reads 1"))
                    }
                },
                "extends" => {
                    for (name, start) in self.reader.strings(value, "extends") {
                        file.extends.push((self.folder.join(name), self.reader.place(start)));
                    }
                }
                "people" => {
                    let Some(table) = self.reader.table(value, "people", "a table of author = file") else { continue };
                    for (name, value) in table {
                        if let Some(path) = self.reader.string(value, name.get_ref()) {
                            file.people.push((
                                name.get_ref().to_string(),
                                self.folder.join(path),
                                self.reader.place(value.span().start),
                            ));
                        }
                    }
                }
                "identity" => self.section(value, "identity", IDENTITY, profile, Self::identity),
                "names" => self.names(value, profile),
                "terms" => self.section(value, "terms", TERMS, profile, Self::terms),
                "voice" => self.section(value, "voice", VOICE, profile, Self::voice),
                "plan" => self.section(value, "plan", PLAN, profile, Self::plan),
                "channels" => self.channels(value, profile),
                "learned" => self.section(value, "learned", LEARNED, profile, Self::learned),
                other => self.unknown(at, other, "of a voice profile", TOP),
            }
        }
        Some(file)
    }

    fn section(
        &mut self,
        value: &Value<'_>,
        name: &str,
        allowed: &[&str],
        profile: &mut Profile,
        read: fn(&mut Self, &str, &Value<'_>, &mut Profile),
    ) {
        let Some(table) = self.reader.table(value, name, &format!("a table: write [{name}]")) else { return };
        for (key, value) in table {
            let found = key.get_ref().replace('-', "_");
            if allowed.contains(&found.as_str()) {
                read(self, &found, value, profile);
            } else {
                self.unknown(key.span().start, key.get_ref(), &format!("of [{name}]"), allowed);
            }
        }
    }

    fn identity(&mut self, key: &str, value: &Value<'_>, profile: &mut Profile) {
        match key {
            "account" => {
                profile.account = self
                    .reader
                    .one_of(value, key, &["executive", "company"])
                    .map(|a| if a == "company" { Account::Company } else { Account::Executive });
            }
            "company" => profile.company = self.phrases(value, key),
            "products" => profile.products = self.phrases(value, key),
            "languages" => {
                for (name, at) in self.reader.strings(value, key) {
                    match Language::from_name(&name).filter(|l| *l != Language::Unknown) {
                        Some(language) => profile.languages.push(language),
                        None => self
                            .reader
                            .error(at, format!("`languages` cannot hold `{name}`; allowed: {}", LANGUAGES.join(", "))),
                    }
                }
            }
            _ => profile.channel = self.channel_name(value, key),
        }
    }

    fn channel_name(&mut self, value: &Value<'_>, key: &str) -> Option<String> {
        let text = self.reader.string(value, key)?;
        if let Some(channel) = channel::find(&text) {
            return Some(channel.name.clone());
        }
        let names: Vec<&str> = channel::all().iter().map(|c| c.name.as_str()).collect();
        self.reader.one_of(value, key, &names)
    }

    /// Phrases of a list, each checked for what a term can hold.
    fn phrases(&mut self, value: &Value<'_>, key: &str) -> Vec<String> {
        let mut out = Vec::new();
        for (text, at) in self.reader.strings(value, key) {
            match overlay::parse(&text, Ending::Exact) {
                Ok(_) => out.push(text),
                Err(message) => self.reader.error(at, format!("`{key}`: {message}")),
            }
        }
        out
    }

    fn names(&mut self, value: &Value<'_>, profile: &mut Profile) {
        let Some(table) = self.reader.table(value, "names", "a table of name = [wrong forms]") else { return };
        for (key, value) in table {
            let canonical = key.get_ref().trim().to_owned();
            if let Err(message) = overlay::parse(&canonical, Ending::Exact) {
                self.reader.error(key.span().start, format!("`names`: {message}"));
                continue;
            }
            let wrong = self.phrases(value, &canonical);
            profile.names.push(Name { canonical, wrong });
        }
    }

    fn terms(&mut self, key: &str, value: &Value<'_>, profile: &mut Profile) {
        match key {
            "ban" => {
                for entry in self.reader.array(value, key, "a list of terms") {
                    if let Some(text) = entry.get_ref().as_str() {
                        self.check_phrase(text, entry.span().start, key);
                        profile.banned.push(Banned {
                            pattern: text.trim().to_owned(),
                            lang: None,
                            unless: Vec::new(),
                            instead: None,
                            severity: None,
                        });
                    } else if let Some(term) = self.term(entry, "ban", "pattern", BAN) {
                        profile.banned.push(term);
                    }
                }
            }
            "prefer" => {
                for entry in self.reader.array(value, key, "a list of { from, to }") {
                    if let Some(term) = self.term(entry, "prefer", "from", PREFER) {
                        if term.instead.is_none() {
                            self.reader.error(entry.span().start, "a preferred term needs `to`, the word to write");
                        }
                        profile.preferred.push(term);
                    }
                }
            }
            "allow" => profile.allow = self.phrases(value, key),
            "off_topics" => profile.off_topics = self.phrases(value, key),
            "competitors" => profile.competitors = self.phrases(value, key),
            "clients" => profile.clients = self.phrases(value, key),
            "clients_cleared" => profile.clients_cleared = self.phrases(value, key),
            _ => profile.public_facts = self.reader.strings(value, key).into_iter().map(|(s, _)| s).collect(),
        }
    }

    fn check_phrase(&mut self, text: &str, at: usize, key: &str) {
        if let Err(message) = overlay::parse(text, Ending::Exact) {
            self.reader.error(at, format!("`{key}`: {message}"));
        }
    }

    fn term(&mut self, entry: &Value<'_>, list: &str, main: &str, allowed: &[&str]) -> Option<Banned> {
        let table = self.reader.table(entry, list, &format!("a list of tables with `{main}`"))?;
        let mut term = Banned { pattern: String::new(), lang: None, unless: Vec::new(), instead: None, severity: None };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                name if name == main => {
                    if let Some(text) = self.reader.string(value, main) {
                        self.check_phrase(&text, value.span().start, main);
                        term.pattern = text;
                    }
                }
                "instead" | "to" if allowed.contains(&key.get_ref().as_ref()) => {
                    term.instead = self.reader.string(value, key.get_ref())
                }
                "lang" => {
                    term.lang = self.reader.one_of(value, "lang", LANGUAGES).and_then(|l| Language::from_name(&l))
                }
                "unless" => term.unless = self.phrases(value, "unless"),
                "severity" => {
                    term.severity = self
                        .reader
                        .one_of(value, "severity", &["note", "warning", "error"])
                        .and_then(|s| Severity::from_name(&s))
                }
                // for people who read the file; messages never carry text of a profile
                "note" => drop(self.reader.string(value, "note")),
                other => self.reader.unknown(key.span().start, other, &format!("of an entry of `{list}`"), allowed),
            }
        }
        if term.pattern.is_empty() {
            self.reader.error(entry.span().start, format!("an entry of `{list}` needs `{main}`"));
            return None;
        }
        Some(term)
    }

    fn voice(&mut self, key: &str, value: &Value<'_>, profile: &mut Profile) {
        let limits = &mut profile.limits;
        match key {
            "first_person" => {
                limits.first_person =
                    self.reader.one_of(value, key, &["i", "we", "either"]).map(|f| match f.as_str() {
                        "i" => FirstPerson::I,
                        "we" => FirstPerson::We,
                        _ => FirstPerson::Either,
                    });
            }
            "address" => {
                if value.get_ref().as_str() == Some("any") {
                    return;
                }
                let Some(table) = self.reader.table(
                    value,
                    key,
                    "\"any\" or a table such as { fr = \"vous\", nl = \"u\", ru = \"вы\" }",
                ) else {
                    return;
                };
                for (lang, value) in table {
                    let (index, words): (usize, &[&str]) = match lang.get_ref().as_ref() {
                        "fr" => (1, &["any", "tu", "vous"]),
                        "nl" => (2, &["any", "je", "u"]),
                        "ru" => (3, &["any", "ты", "вы"]),
                        other => {
                            self.reader.unknown(lang.span().start, other, "of `address`", &["fr", "nl", "ru"]);
                            continue;
                        }
                    };
                    let word = self.reader.one_of(value, lang.get_ref(), words);
                    limits.address[index] = word
                        .and_then(|w| words.iter().position(|x| *x == w))
                        .and_then(|i| [None, Some(Address::Familiar), Some(Address::Polite)][i]);
                }
            }
            "contractions" => {
                limits.contractions = match value.get_ref().as_bool() {
                    Some(yes) => Some(yes),
                    None => self.reader.one_of(value, key, &["any", "yes", "no"]).and_then(|v| match v.as_str() {
                        "yes" => Some(true),
                        "no" => Some(false),
                        _ => None,
                    }),
                };
            }
            "max_exclamation" => limits.max_exclamation = self.reader.count(value, key),
            "max_emoji" => limits.max_emoji = self.reader.count(value, key),
            "max_hashtags" => limits.max_hashtags = self.reader.count(value, key),
            "max_mentions" => limits.max_mentions = self.reader.count(value, key),
            "max_capitals" => limits.max_capitals = self.reader.count(value, key),
            "max_self_ratio" => limits.max_self_ratio = self.reader.number(value, key),
            "max_sentence_words" => {
                if let Some(words) =
                    value.get_ref().as_integer().and_then(|i| usize::from_str_radix(i.as_str(), i.radix()).ok())
                {
                    limits.max_sentence_words = [Some(words); 5];
                    return;
                }
                self.by_language(value, key, |parser, value, i, name| {
                    limits.max_sentence_words[i] = parser.reader.count(value, name)
                });
            }
            "cliche_per_words" => limits.cliche_per_words = self.reader.number(value, key),
            _ => self.by_language(value, key, |parser, value, i, name| {
                limits.readability_floor[i] = parser.reader.number(value, name)
            }),
        }
    }

    fn by_language(&mut self, value: &Value<'_>, key: &str, mut set: impl FnMut(&mut Self, &Value<'_>, usize, &str)) {
        let Some(table) = self.reader.table(value, key, "a table such as { en = 28, fr = 32 }") else { return };
        for (lang, value) in table {
            match LANGUAGES.iter().position(|l| *l == lang.get_ref().as_ref()) {
                Some(i) => set(self, value, i, LANGUAGES[i]),
                None => self.reader.unknown(lang.span().start, lang.get_ref(), &format!("of `{key}`"), LANGUAGES),
            }
        }
    }

    fn plan(&mut self, key: &str, value: &Value<'_>, profile: &mut Profile) {
        if key == "require_goal" {
            profile.require_goal = self.reader.boolean(value, key).unwrap_or(false);
            return;
        }
        for entry in self.reader.array(value, key, "a list of { tag, from, to }") {
            let Some(table) = self.reader.table(entry, key, "a list of { tag, from, to }") else { continue };
            let (mut tag, mut from, mut to, mut instead_of, mut lang) = (None, None, None, Vec::new(), None);
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "tag" => tag = self.reader.string(value, "tag").map(hashtag),
                    "from" => from = self.reader.date(value, "from"),
                    "to" => to = self.reader.date(value, "to"),
                    "instead_of" | "instead-of" => {
                        instead_of =
                            self.reader.strings(value, "instead_of").into_iter().map(|(t, _)| hashtag(t)).collect()
                    }
                    "lang" => lang = self.reader.one_of(value, "lang", LANGUAGES).and_then(|l| Language::from_name(&l)),
                    "note" => drop(self.reader.string(value, "note")),
                    other => self.reader.unknown(key.span().start, other, "of an entry of `campaign`", CAMPAIGN),
                }
            }
            match (tag, from, to) {
                (Some(tag), Some(from), Some(to)) if from <= to => {
                    profile.campaigns.push(Campaign { tag, from, to, instead_of, lang })
                }
                (Some(_), Some(_), Some(_)) => {
                    self.reader.error(entry.span().start, "a campaign ends before it begins")
                }
                _ => self.reader.error(entry.span().start, "a campaign needs `tag`, `from` and `to`"),
            }
        }
    }

    fn channels(&mut self, value: &Value<'_>, profile: &mut Profile) {
        let Some(table) = self.reader.table(value, "channels", "a table of channels: write [channels.mastodon]") else {
            return;
        };
        for (name, value) in table {
            let Some(channel) = channel::find(name.get_ref()) else {
                let names: Vec<&str> = channel::all().iter().map(|c| c.name.as_str()).collect();
                self.reader.unknown(name.span().start, name.get_ref(), "of [channels]", &names);
                continue;
            };
            let Some(table) = self.reader.table(value, name.get_ref(), "a table such as { limit = 5000 }") else {
                continue;
            };
            let mut limits = ChannelLimits::default();
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "limit" => limits.limit = self.reader.count(value, "limit"),
                    "fold" => limits.fold = self.reader.count(value, "fold"),
                    "hashtags" => limits.hashtags = self.reader.count(value, "hashtags"),
                    other => self.reader.unknown(key.span().start, other, "of a channel", CHANNEL),
                }
            }
            profile.channels.insert(channel.name.clone(), limits);
        }
    }

    fn learned(&mut self, key: &str, value: &Value<'_>, profile: &mut Profile) {
        if key == "min_posts" {
            profile.min_posts = self.reader.count(value, key);
            return;
        }
        let Some(name) = self.reader.string(value, key) else { return };
        let path = self.folder.join(&name);
        if path.is_file() {
            self.learned = Some(path);
        } else {
            self.reader.error(value.span().start, format!("{name} is no file; `draftlint learn DIR` writes it"));
        }
    }
}

fn hashtag(tag: String) -> String {
    if tag.starts_with('#') { tag } else { format!("#{tag}") }
}
