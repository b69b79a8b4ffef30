//! The shape of a rule file.

use super::SourceFile;
use super::diagnostic::{CompileErrors, did_you_mean};
use super::layout::{
    self, ASKS, Blob, CATEGORIES, CONFIDENCES, FAMILIES, JURISDICTIONS, KINDS, NONE, SEVERITIES, STATUSES, Strings,
};
use super::reader::{Data, Fields, Table, Value, parse};
use serde_json::{Value as Json, json};

/// A pattern as written, and where.
#[derive(Clone, Debug)]
pub struct Written {
    pub text: String,
    pub at: usize,
}

#[derive(Clone, Debug)]
pub struct Condition {
    pub what: Written,
    /// match clause sentence neighbours paragraph post
    pub within: u32,
    /// any before after
    pub side: u32,
    pub outside: bool,
}

pub const WITHIN: [&str; 6] = ["match", "clause", "sentence", "neighbours", "paragraph", "post"];
pub const SIDES: [&str; 3] = ["any", "before", "after"];

#[derive(Clone, Debug)]
pub struct Raise {
    pub status: u32,
    pub jurisdiction: u32,
    pub kinds: u32,
    pub with: Option<Written>,
    pub slot: Option<String>,
    pub within: u32,
    pub severity: u32,
    pub confidence: u32,
}

#[derive(Clone, Debug)]
pub struct Level {
    pub severity: u32,
    pub confidence: u32,
    pub quotes: u32,
    pub unless: Vec<Condition>,
    pub raise: Vec<Raise>,
}

#[derive(Clone, Debug)]
pub struct PatternEntry {
    pub pattern: Written,
    pub level: Level,
}

#[derive(Clone, Debug)]
pub struct FrameEntry {
    pub slots: Vec<(String, Written)>,
    pub optional: Vec<(String, Written)>,
    pub sentence: bool,
    pub ordered: bool,
    pub reach: u32,
    pub level: Level,
}

#[derive(Clone, Debug, Default)]
pub struct LanguagePart {
    pub title: String,
    pub message: String,
    pub advice: String,
    pub patterns: Vec<PatternEntry>,
    pub frames: Vec<FrameEntry>,
    pub unless: Vec<Condition>,
}

#[derive(Clone, Debug)]
pub struct Density {
    pub count: Written,
    pub per_words: u32,
    pub above: f64,
    pub at_least: u32,
    pub min_words: u32,
    pub post: bool,
}

#[derive(Clone, Debug, Default)]
pub struct DocumentPart {
    pub min_words: u32,
    pub max_words: u32,
    pub any: Vec<Written>,
    pub all: Vec<Written>,
    pub none: Vec<Written>,
    pub fewer_than: u32,
    pub of: Vec<Written>,
    pub last_sentences: u32,
    pub share: Option<(Written, f64)>,
}

/// In `doubts`: the rules of the category that are not named.
pub const OTHERS: &str = "others";

/// What a classifier says, and from where on the rule believes it.
#[derive(Clone, Debug)]
pub struct Classified {
    pub model: Written,
    /// By language: above which score the rule fires.
    pub above: Vec<(String, f64)>,
    /// By language: below which score what other rules of the family say is only a note.
    pub below: Vec<(String, f64)>,
    /// The rules of which that holds, each with what is added to that score for it, or [`OTHERS`] for what else is of the rule's
    /// category; none: all of the category.
    pub doubts: Vec<(Written, f64)>,
}

pub struct RuleFile<'a> {
    pub file: &'a SourceFile,
    pub id: String,
    pub family: u32,
    pub category: u32,
    pub severity: u32,
    pub confidence: u32,
    pub status: String,
    pub ask: u32,
    pub quotes: u32,
    pub kinds: u32,
    pub except_kinds: u32,
    pub once: bool,
    /// Whether what it finds behind the first sentence is only a note.
    pub opening: bool,
    pub title: String,
    pub unless: Vec<Condition>,
    pub raise: Vec<Raise>,
    /// en fr nl ru any
    pub languages: Vec<(String, LanguagePart)>,
    pub density: Option<Density>,
    pub document: Option<DocumentPart>,
    pub check: Option<(String, String)>,
    pub detector: Option<String>,
    pub classifier: Option<Classified>,
    pub page: Json,
}

const RULE_KEYS: [&str; 31] = [
    "id",
    "category",
    "title",
    "why",
    "severity",
    "confidence",
    "status",
    "behaviours",
    "ask",
    "quotes",
    "kinds",
    "except-kinds",
    "once",
    "opening",
    "sources",
    "unless",
    "raise",
    "en",
    "fr",
    "nl",
    "ru",
    "any",
    "density",
    "document",
    "check",
    "detector",
    "classifier",
    "since",
    "note",
    "fix",
    "related",
];

/// Reads every rule file; faulty ones are reported and left out.
pub fn read_all<'a>(files: &[&'a SourceFile], errors: &mut CompileErrors) -> Vec<RuleFile<'a>> {
    let mut rules: Vec<RuleFile<'a>> = Vec::new();
    for file in files {
        let Some(table) = parse(file, errors) else { continue };
        if let Some(rule) = read(file, &table, errors) {
            if let Some(other) = rules.iter().find(|r| r.id == rule.id) {
                errors.push(file, 0, format!("the id `{}` is taken by {}", rule.id, other.file.shown), None);
            }
            rules.push(rule);
        }
    }
    rules.sort_by(|a, b| (a.family, &a.id).cmp(&(b.family, &b.id)));
    for rule in &rules {
        let near: Vec<&str> = rules.iter().filter(|r| r.family == rule.family).map(|r| r.id.as_str()).collect();
        for (doubted, _) in rule.classifier.iter().flat_map(|classified| &classified.doubts) {
            if doubted.text != OTHERS && !near.contains(&doubted.text.as_str()) {
                let message = format!("no rule `{}` in the family {}", doubted.text, FAMILIES[rule.family as usize]);
                let help = did_you_mean(&doubted.text, near.iter().copied(), "");
                errors.push(rule.file, doubted.at, message, help);
            }
        }
    }
    rules
}

fn read<'a>(file: &'a SourceFile, table: &Table, errors: &mut CompileErrors) -> Option<RuleFile<'a>> {
    let folder = file.path.split('/').next().unwrap_or("");
    let Some(family) = FAMILIES.iter().position(|f| *f == folder) else {
        errors.push(file, 0, format!("the folder `{folder}` is no family; allowed: {}", FAMILIES.join(", ")), None);
        return None;
    };
    let mut f = Fields { file, table, errors };
    f.only(&RULE_KEYS);
    let id = f.required_text("id");
    if !id.is_empty()
        && (!id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') || id.starts_with('-'))
    {
        f.errors.push(
            file,
            f.get("id").map_or(0, |v| v.at),
            format!("the id `{id}` is not in kebab-case (a-z, 0-9, -)"),
            None,
        );
    }
    let stem = file.path.rsplit('/').next().unwrap_or("").trim_end_matches(".toml").to_owned();
    if id != stem {
        f.errors.push(
            file,
            f.get("id").map_or(0, |v| v.at),
            format!("the id `{id}` differs from the file's name `{stem}`"),
            None,
        );
    }
    f.required_text("category");
    let category = f.one_of("category", &CATEGORIES, 0);
    let severity = f.one_of("severity", &SEVERITIES, 1);
    let confidence = f.one_of("confidence", &CONFIDENCES, 1);
    let status = f.text("status").unwrap_or_else(|| "stable".into());
    let title = f.required_text("title");
    let why = f.required_text("why");
    let ask = f.mask("ask", &ASKS);
    let default_quotes = u32::from(FAMILIES[family] == "disclosure");
    let quotes = f.one_of("quotes", &["skip", "count"], default_quotes);
    let kinds = f.mask("kinds", &KINDS);
    let except_kinds = f.mask("except-kinds", &KINDS);
    let once = f.boolean("once").unwrap_or(false);
    let opening = f.boolean("opening").unwrap_or(false);
    let unless = conditions(&mut f, "unless");
    let raise = raises(&mut f, "raise", severity, confidence);
    let behaviours: Vec<String> = f.texts("behaviours").into_iter().map(|(t, _)| t).collect();
    let sources: Vec<Json> = f.list("sources").into_iter().map(|v| plain(&v.data)).collect();
    let base = Level { severity, confidence, quotes, unless: Vec::new(), raise: Vec::new() };

    let density = f.table("density").map(|table| {
        let mut f = Fields { file, table, errors: f.errors };
        f.only(&["count", "per-words", "above", "at-least", "min-words", "within"]);
        Density {
            count: written(&mut f, "count").unwrap_or(Written { text: String::new(), at: table.at }),
            per_words: f.count("per-words").unwrap_or(100).max(1),
            above: f.number("above").unwrap_or(0.0),
            at_least: f.count("at-least").unwrap_or(1),
            min_words: f.count("min-words").unwrap_or(0),
            post: f.one_of("within", &["sentence", "post"], 1) == 1,
        }
    });
    let document = f.table("document").map(|table| {
        let mut f = Fields { file, table, errors: f.errors };
        f.only(&["min-words", "max-words", "any", "all", "none", "fewer-than", "of", "last-sentences", "share"]);
        let share = f.table("share").and_then(|table| {
            let mut f = Fields { file, table, errors: f.errors };
            f.only(&["of", "at-least"]);
            Some((written(&mut f, "of")?, f.number("at-least").unwrap_or(0.5)))
        });
        DocumentPart {
            min_words: f.count("min-words").unwrap_or(0),
            max_words: f.count("max-words").unwrap_or(0),
            any: writtens(&mut f, "any"),
            all: writtens(&mut f, "all"),
            none: writtens(&mut f, "none"),
            fewer_than: f.count("fewer-than").unwrap_or(0),
            of: writtens(&mut f, "of"),
            last_sentences: f.count("last-sentences").unwrap_or(0),
            share,
        }
    });
    let check = f.table("check").map(|table| {
        let mut f = Fields { file, table, errors: f.errors };
        (f.required_text("name"), plain(&Data::Table(table.clone())).to_string())
    });
    let detector = f.text("detector");
    let classifier = f.table("classifier").map(|table| {
        let mut f = Fields { file, table, errors: f.errors };
        f.only(&["model", "above", "below", "doubts"]);
        let mut scores = |key: &str| -> Vec<(String, f64)> {
            let Some(table) = f.table(key) else { return Vec::new() };
            let mut f = Fields { file, table, errors: f.errors };
            f.only(&["en", "fr", "nl", "ru"]);
            ["en", "fr", "nl", "ru"].iter().filter_map(|l| Some(((*l).to_owned(), f.number(l)?))).collect()
        };
        let (above, below) = (scores("above"), scores("below"));
        for language in ["en", "fr", "nl", "ru"] {
            if !above.iter().any(|(l, _)| l == language) {
                f.errors.push(file, table.at, format!("`above` of `classifier` names no score for {language}"), None);
            }
        }
        Classified {
            model: written(&mut f, "model").unwrap_or(Written { text: String::new(), at: table.at }),
            above,
            below,
            doubts: doubts(&mut f),
        }
    });

    let mut languages = Vec::new();
    let mut page_languages = serde_json::Map::new();
    let mut has_patterns = false;
    for name in ["en", "fr", "nl", "ru", "any"] {
        let Some(table) = f.table(name) else {
            if name != "any" {
                f.errors.push(file, 0, format!("the language table [{name}] is missing"), None);
            }
            continue;
        };
        let part = language_part(file, table, name, &base, f.errors);
        has_patterns |= !part.patterns.is_empty() || !part.frames.is_empty();
        page_languages.insert(name.into(), page_part(table));
        languages.push((name.to_owned(), part));
    }
    let kinds_of_rule = usize::from(has_patterns)
        + usize::from(density.is_some())
        + usize::from(document.is_some())
        + usize::from(check.is_some())
        + usize::from(detector.is_some())
        + usize::from(classifier.is_some());
    if kinds_of_rule != 1 {
        f.errors.push(
            file,
            0,
            "a rule has exactly one of: patterns or frames (in its languages), density, document, check, detector, classifier",
            None,
        );
    }
    if has_patterns && !languages.iter().any(|(n, p)| n == "any" && !p.patterns.is_empty()) {
        for (name, part) in &languages {
            if name == "any" {
                continue;
            }
            let at = f.get(name).map_or(0, |v| v.at);
            if part.patterns.is_empty() && part.frames.is_empty() {
                f.errors.push(file, at, format!("[{name}] has neither patterns nor frames"), None);
            }
            for side in ["bad", "good"] {
                let count = page_languages[name][side].as_array().map_or(0, Vec::len);
                if count < 2 {
                    f.errors.push(
                        file,
                        at,
                        format!("[{name}] has {count} `{side}` examples; at least two are needed"),
                        None,
                    );
                }
            }
        }
    }
    let page = json!({
        "id": id, "family": folder, "category": CATEGORIES[category as usize], "title": title, "why": why, "status": status,
        "severity": SEVERITIES[severity as usize], "confidence": CONFIDENCES[confidence as usize], "behaviours": behaviours, "sources": sources,
        "languages": page_languages,
    });
    Some(RuleFile {
        file,
        id,
        family: family as u32,
        category,
        severity,
        confidence,
        status,
        ask,
        quotes,
        kinds,
        except_kinds,
        once,
        opening,
        title,
        unless,
        raise,
        languages,
        density,
        document,
        check,
        detector,
        classifier,
        page,
    })
}

fn language_part(
    file: &SourceFile,
    table: &Table,
    name: &str,
    base: &Level,
    errors: &mut CompileErrors,
) -> LanguagePart {
    let mut f = Fields { file, table, errors };
    f.only(&["title", "message", "advice", "patterns", "frames", "unless", "bad", "good"]);
    let message = if name == "any" { String::new() } else { f.required_text("message") };
    let advice = if name == "any" { String::new() } else { f.required_text("advice") };
    let title = f.text("title").unwrap_or_else(|| message.clone());
    let unless = conditions(&mut f, "unless");
    let mut patterns = Vec::new();
    for value in f.list("patterns") {
        match &value.data {
            Data::Text(text) => patterns
                .push(PatternEntry { pattern: Written { text: text.clone(), at: value.at + 1 }, level: base.clone() }),
            Data::Table(table) => {
                let mut f = Fields { file, table, errors: f.errors };
                f.only(&["match", "severity", "confidence", "unless", "raise", "quotes"]);
                let Some(pattern) = written(&mut f, "match") else {
                    f.errors.push(file, value.at, "a pattern table needs the key `match`", None);
                    continue;
                };
                let level = level(&mut f, base);
                patterns.push(PatternEntry { pattern, level });
            }
            _ => f.errors.push(file, value.at, "a pattern is a string or a table with `match`", None),
        }
    }
    let mut frames = Vec::new();
    for value in f.list("frames") {
        let Data::Table(table) = &value.data else {
            f.errors.push(file, value.at, "a frame is a table with `slots`", None);
            continue;
        };
        let mut f = Fields { file, table, errors: f.errors };
        f.only(&[
            "slots",
            "optional",
            "within",
            "reach",
            "ordered",
            "severity",
            "confidence",
            "unless",
            "raise",
            "quotes",
        ]);
        let slots = slots(&mut f, "slots");
        let optional = self::slots(&mut f, "optional");
        if slots.is_empty() {
            f.errors.push(file, value.at, "a frame needs at least one slot", None);
            continue;
        }
        let sentence = f.one_of("within", &["clause", "sentence"], 0) == 1;
        let ordered = f.boolean("ordered").unwrap_or(false);
        let reach = f.count("reach").unwrap_or(16);
        let level = level(&mut f, base);
        frames.push(FrameEntry { slots, optional, sentence, ordered, reach, level });
    }
    LanguagePart { title, message, advice, patterns, frames, unless }
}

fn slots(f: &mut Fields<'_, '_>, key: &str) -> Vec<(String, Written)> {
    let Some(table) = f.table(key) else { return Vec::new() };
    let mut out = Vec::new();
    for (name, _, value) in &table.entries {
        match &value.data {
            Data::Text(text) => out.push((name.clone(), Written { text: text.clone(), at: value.at + 1 })),
            _ => f.errors.push(f.file, value.at, format!("the slot `{name}` is not a pattern"), None),
        }
    }
    out
}

fn level(f: &mut Fields<'_, '_>, base: &Level) -> Level {
    let severity = f.one_of("severity", &SEVERITIES, base.severity);
    let confidence = f.one_of("confidence", &CONFIDENCES, base.confidence);
    let quotes = f.one_of("quotes", &["skip", "count"], base.quotes);
    let unless = conditions(f, "unless");
    let raise = raises(f, "raise", severity, confidence);
    Level { severity, confidence, quotes, unless, raise }
}

/// A table of rules, each with a number.
fn doubts(f: &mut Fields<'_, '_>) -> Vec<(Written, f64)> {
    let file = f.file;
    let Some(table) = f.table("doubts") else { return Vec::new() };
    let mut f = Fields { file, table, errors: f.errors };
    let keys: Vec<(String, usize)> = table.entries.iter().map(|(key, at, _)| (key.clone(), *at)).collect();
    keys.into_iter().filter_map(|(text, at)| Some((Written { at, text: text.clone() }, f.number(&text)?))).collect()
}

fn written(f: &mut Fields<'_, '_>, key: &str) -> Option<Written> {
    let at = f.get(key)?.at;
    f.text(key).map(|text| Written { text, at: at + 1 })
}

fn writtens(f: &mut Fields<'_, '_>, key: &str) -> Vec<Written> {
    f.texts(key).into_iter().map(|(text, at)| Written { text, at: at + 1 }).collect()
}

fn conditions(f: &mut Fields<'_, '_>, key: &str) -> Vec<Condition> {
    let mut out = Vec::new();
    for value in f.list(key) {
        match &value.data {
            Data::Text(text) => out.push(Condition {
                what: Written { text: text.clone(), at: value.at + 1 },
                within: 2,
                side: 0,
                outside: false,
            }),
            Data::Table(table) => {
                let mut f = Fields { file: f.file, table, errors: f.errors };
                f.only(&["what", "within", "side", "outside_match", "outside-match", "because"]);
                let Some(what) = written(&mut f, "what") else {
                    f.errors.push(f.file, value.at, "an `unless` table needs the key `what`", None);
                    continue;
                };
                let within = f.one_of("within", &WITHIN, 2);
                let side = f.one_of("side", &SIDES, 0);
                let outside = f.boolean("outside_match").or(f.boolean("outside-match")).unwrap_or(false);
                out.push(Condition { what, within, side, outside });
            }
            _ => f.errors.push(f.file, value.at, "`unless` holds patterns or tables with `what`", None),
        }
    }
    out
}

fn raises(f: &mut Fields<'_, '_>, key: &str, severity: u32, confidence: u32) -> Vec<Raise> {
    let mut out = Vec::new();
    for value in f.list(key) {
        let Data::Table(table) = &value.data else {
            f.errors.push(f.file, value.at, "`raise` holds tables", None);
            continue;
        };
        let mut f = Fields { file: f.file, table, errors: f.errors };
        f.only(&["status", "jurisdiction", "kinds", "with", "within", "severity", "confidence"]);
        let with = written(&mut f, "with");
        let slot =
            with.as_ref().map(|w| w.text.clone()).filter(|t| t.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        out.push(Raise {
            status: f.mask("status", &STATUSES),
            jurisdiction: f.mask("jurisdiction", &JURISDICTIONS),
            kinds: f.mask("kinds", &KINDS),
            with,
            slot,
            within: f.one_of("within", &WITHIN, 2),
            severity: f.one_of("severity", &SEVERITIES, severity),
            confidence: f.one_of("confidence", &CONFIDENCES, confidence),
        });
    }
    out
}

/// A value as plain JSON.
fn plain(data: &Data) -> Json {
    match data {
        Data::Text(text) => json!(text),
        Data::Integer(n) => json!(n),
        Data::Float(n) => json!(n),
        Data::Boolean(b) => json!(b),
        Data::List(values) => Json::Array(values.iter().map(|v: &Value| plain(&v.data)).collect()),
        Data::Table(table) => Json::Object(table.entries.iter().map(|(k, _, v)| (k.clone(), plain(&v.data))).collect()),
        Data::Other => Json::Null,
    }
}

fn page_part(table: &Table) -> Json {
    let mut out = serde_json::Map::new();
    for (key, _, value) in &table.entries {
        if matches!(key.as_str(), "title" | "message" | "advice" | "bad" | "good") {
            out.insert(key.clone(), plain(&value.data));
        }
    }
    Json::Object(out)
}

/// Words of a rule's record; see [`write()`] for the order.
pub const RULE_WORDS: usize = 50;

/// Writes the table of rules.
pub fn write(rules: &[RuleFile<'_>], strings: &mut Strings, blob: &mut Blob) {
    let mut words = Vec::with_capacity(rules.len() * RULE_WORDS);
    for rule in rules {
        let start = words.len();
        words.extend(strings.add(&rule.id));
        words.extend(strings.add(&format!("{}/{}", FAMILIES[rule.family as usize], rule.id)));
        words.extend([rule.family, rule.category, rule.severity, rule.confidence]);
        words.extend(strings.add(&rule.status));
        words.extend([rule.ask, rule.kinds, rule.except_kinds, u32::from(rule.once) | u32::from(rule.opening) << 1]);
        let part = |name: &str| rule.languages.iter().find(|(n, _)| n == name).map(|(_, p)| p);
        for language in ["en", "fr", "nl", "ru"] {
            let (title, message, advice) = part(language)
                .map_or((rule.title.as_str(), "", ""), |p| (p.title.as_str(), p.message.as_str(), p.advice.as_str()));
            let title = if language == "en" { rule.title.as_str() } else { title };
            words.extend(strings.add(title));
            words.extend(strings.add(message));
            words.extend(strings.add(advice));
        }
        words.extend(strings.add(&rule.page.to_string()));
        let (check, params) = rule.check.clone().unwrap_or_default();
        words.extend(strings.add(&check));
        words.extend(strings.add(&params));
        words.extend(strings.add(rule.detector.as_deref().unwrap_or("")));
        words.push(u32::from(rule.classifier.is_some()));
        let doubts = rule.classifier.iter().flat_map(|c| &c.doubts).map(|(rule, more)| format!("{}={more}", rule.text));
        words.extend(strings.add(&doubts.collect::<Vec<_>>().join(",")));
        words.resize(start + RULE_WORDS, NONE);
    }
    blob.set(layout::RULES, words);
}
