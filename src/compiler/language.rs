//! One language's half of the pack: its words, lexicons, evidence, and the rules that have a part in it.

use super::diagnostic::{CompileErrors, did_you_mean};
use super::layout::{self, Blob, FACTS, MAX_SCOPED, NONE, PROFILE, Section, Strings, op, section};
use super::notation::{self, Endings, Node, Term};
use super::program::{self, Symbols};
use super::reach::SENSE;
use super::reader::{Data, Fields, parse};
use super::rule_file::{Classified, Condition, LanguagePart, Level, Raise, RuleFile, Written};
use super::weights::{self, WeightsFile};
use super::{SourceFile, Sources, trie};
use crate_text::folded;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

mod crate_text {
    pub use super::super::super::text::fold::folded;
}

/// What is said of a language as a whole.
#[derive(Default)]
pub struct LanguageData {
    pub stop_words: Vec<String>,
    pub abbreviations: Vec<String>,
    pub may_end: Vec<String>,
    pub titles: Vec<String>,
    pub common_words: Vec<String>,
}

pub fn read(sources: &Sources<'_>, name: &str, errors: &mut CompileErrors) -> LanguageData {
    let Some(file) = sources.languages.get(name) else { return LanguageData::default() };
    let Some(table) = parse(file, errors) else { return LanguageData::default() };
    let mut f = Fields { file, table: &table, errors };
    f.only(&["stop-words", "abbreviations", "abbreviations-may-end", "elisions", "titles", "common-words"]);
    let mut words = |key: &str| -> Vec<String> { f.texts(key).into_iter().map(|(text, _)| folded(&text)).collect() };
    LanguageData {
        stop_words: words("stop-words"),
        abbreviations: words("abbreviations"),
        may_end: words("abbreviations-may-end"),
        titles: words("titles"),
        common_words: words("common-words"),
    }
}

/// A pattern and what its match means.
struct Pattern<'a> {
    node: Node,
    target: Target,
    file: &'a SourceFile,
    at: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Target {
    Mark(u32),
    Entry(u32),
}

/// What a name stands for: entries of a lexicon, split into single words and patterns.
#[derive(Default)]
struct Named<'a> {
    words: BTreeSet<Term>,
    patterns: Vec<(Node, &'a SourceFile, usize)>,
}

struct Compiler<'a, 'e> {
    index: usize,
    endings: Endings,
    names: BTreeMap<String, Named<'a>>,
    symbols: Symbols,
    patterns: Vec<Pattern<'a>>,
    entries: Vec<u32>,
    conditions: Vec<u32>,
    frames: Vec<(u32, Vec<u32>)>,
    scoped: Vec<u32>,
    density: Vec<u32>,
    document: Vec<u32>,
    classified: Vec<u32>,
    weights: WeightsFile,
    errors: &'e mut CompileErrors,
}

#[allow(clippy::too_many_arguments)]
pub fn compile(
    index: usize,
    language: &str,
    data: &LanguageData,
    sources: &Sources<'_>,
    rules: &[RuleFile<'_>],
    strings: &mut Strings,
    blob: &mut Blob,
    errors: &mut CompileErrors,
) {
    let mut symbols = Symbols::default();
    for (rank, word) in data.common_words.iter().enumerate() {
        symbols.word_cost.entry(word.clone()).or_insert(if rank < 200 {
            80
        } else if rank < 600 {
            25
        } else {
            8
        });
    }
    for word in &data.stop_words {
        symbols.word_cost.insert(word.clone(), 300);
    }
    // facts and profile lexicons come first, with the same numbers in every language
    for fact in FACTS {
        let cost = match fact {
            "number" | "name" => 60,
            "measure" => 40,
            "capitals" | "quoted" => 20,
            _ => 10,
        };
        symbols.name(&format!("#{fact}"), cost);
    }
    for name in PROFILE {
        symbols.name(&format!("@{name}"), 10);
    }
    let mut compiler = Compiler {
        index,
        endings: read_endings(sources, language, errors),
        names: BTreeMap::new(),
        symbols,
        patterns: Vec::new(),
        entries: Vec::new(),
        conditions: Vec::new(),
        frames: Vec::new(),
        scoped: Vec::new(),
        density: Vec::new(),
        document: Vec::new(),
        classified: Vec::new(),
        weights: sources.weights.get(language).map(|file| weights::read(file, errors)).unwrap_or_default(),
        errors,
    };
    compiler.read_names(sources, language);
    if let Some(file) = sources.thesaurus.get(language) {
        compiler.read_thesaurus(file);
    }
    for (name, words) in [
        ("stop-word", &data.stop_words),
        ("abbreviation", &data.abbreviations),
        ("abbreviation-may-end", &data.may_end),
        ("title", &data.titles),
        ("common-word", &data.common_words),
    ] {
        let words = words.iter().map(|w| Term { text: w.clone(), stem: false }).collect();
        compiler.names.insert(format!("#{name}"), Named { words, patterns: Vec::new() });
    }
    for (rule_index, rule) in rules.iter().enumerate() {
        compiler.rule(rule_index as u32, rule, language, strings);
    }
    compiler.finish(strings, blob);
}

fn read_endings(sources: &Sources<'_>, language: &str, errors: &mut CompileErrors) -> Endings {
    let mut endings = Endings::new();
    let Some(file) = sources.endings.get(language) else { return endings };
    let Some(table) = parse(file, errors) else { return endings };
    for (name, at, value) in &table.entries {
        let Data::List(values) = &value.data else {
            errors.push(file, *at, format!("`{name}` is a list of endings"), None);
            continue;
        };
        let list =
            values.iter().filter_map(|v| if let Data::Text(t) = &v.data { Some(t.clone()) } else { None }).collect();
        endings.insert(name.clone(), list);
    }
    endings
}

impl<'a> Compiler<'a, '_> {
    fn read_names(&mut self, sources: &Sources<'a>, language: &str) {
        for (sigil, files) in [('@', &sources.lexicons), ('#', &sources.evidence)] {
            for ((folder, name), file) in files {
                if folder != language && folder != "any" {
                    continue;
                }
                let entries = self.read_list(file);
                let named = self.names.entry(format!("{sigil}{name}")).or_default();
                for (node, at) in entries {
                    split(node, &mut |node| match node {
                        Node::Terms(terms) => named.words.extend(terms),
                        other => named.patterns.push((other, file, at)),
                    });
                }
            }
        }
    }

    /// A thesaurus: on each line the name of a sense, a colon and the words that have it. A sense is the lexicon
    /// `@sense-NAME`.
    fn read_thesaurus(&mut self, file: &'a SourceFile) {
        let mut at = 0;
        for line in file.text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            if line.trim().is_empty() || line.starts_with("# ") {
                continue;
            }
            let Some((sense, words)) = line.split_once(':') else {
                self.errors.push(file, start, "a line of a thesaurus is a sense, a colon and its words", None);
                continue;
            };
            let name = format!("@{SENSE}{sense}");
            if sense.is_empty() || !sense.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                let message = format!("`{sense}` is no name of a sense: small letters, digits and `-`");
                self.errors.push(file, start, message, None);
            } else if self.names.contains_key(&name) {
                self.errors.push(file, start, format!("the sense `{sense}` has a line already"), None);
            }
            let mut named = Named::default();
            let mut from = start + sense.len() + 1;
            for word in words.split(' ') {
                let text = word.trim_end();
                let node = if text.is_empty() { None } else { self.parse(text, file, from) };
                if let Some(Node::Terms(terms)) = node {
                    named.words.extend(terms);
                } else if node.is_some() {
                    self.errors.push(file, from, format!("`{}` is more than a word", shorten(text)), None);
                }
                from += word.len() + 1;
            }
            self.names.insert(name, named);
        }
    }

    /// The entries of a list: one a line; `# ` begins a comment.
    fn read_list(&mut self, file: &SourceFile) -> Vec<(Node, usize)> {
        let mut entries = Vec::new();
        let mut at = 0;
        for line in file.text.split_inclusive('\n') {
            let text = line.trim();
            let start = at + (line.len() - line.trim_start().len());
            at += line.len();
            if text.is_empty() || text == "#" || text.starts_with("# ") || text.starts_with("##") {
                continue;
            }
            if let Some(node) = self.parse(text, file, start) {
                entries.push((node, start));
            }
        }
        entries
    }

    fn parse(&mut self, text: &str, file: &SourceFile, at: usize) -> Option<Node> {
        match notation::parse(text, &self.endings) {
            Ok(node) => Some(node),
            Err(error) => {
                let help = error
                    .near
                    .and_then(|(found, allowed)| did_you_mean(&found, allowed.iter().map(String::as_str), ""));
                self.errors.push(file, at + error.at, format!("{} (in `{}`)", error.message, shorten(text)), help);
                None
            }
        }
    }

    /// The symbol of a pattern used as a class: a name, a set of words, or a list of its own.
    fn class(&mut self, written: &Written, file: &'a SourceFile) -> u32 {
        let Some(node) = self.parse(&written.text, file, written.at) else { return 0 };
        match &node {
            Node::Name(name, _) if self.known(name, file, written.at, 0) => self.symbol(name),
            Node::Terms(terms) => self.symbols.set(terms),
            _ => {
                let name = format!("={}", written.text);
                if !self.names.contains_key(&name) {
                    let mut named = Named::default();
                    split(node, &mut |node| match node {
                        Node::Terms(terms) => named.words.extend(terms),
                        other => named.patterns.push((other, file, written.at)),
                    });
                    self.names.insert(name.clone(), named);
                }
                self.symbol(&name)
            }
        }
    }

    fn symbol(&mut self, name: &str) -> u32 {
        self.symbols.name(name, 0)
    }

    fn known(&mut self, name: &str, file: &SourceFile, at: usize, inside: usize) -> bool {
        if self.names.contains_key(name) || self.symbols.get(name).is_some() {
            return true;
        }
        let (sigil, bare) = name.split_at(1);
        let allowed: Vec<String> = self
            .names
            .keys()
            .filter(|n| n.starts_with(sigil))
            .map(|n| n[1..].to_owned())
            .chain(if sigil == "#" { FACTS.map(str::to_owned).to_vec() } else { PROFILE.map(str::to_owned).to_vec() })
            .collect();
        let language = layout::LANGUAGES[self.index];
        let message = if let Some(sense) = bare.strip_prefix(SENSE) {
            format!("no sense `{sense}` for {language} (rules/thesaurus/{language}.txt)")
        } else if sigil == "@" {
            format!("no lexicon `{bare}` for {language} (rules/lexicons/{language}/{bare}.txt or …/any/)")
        } else {
            format!("no fact `{bare}` for {language} (computed, or rules/evidence/{language}/{bare}.txt)")
        };
        self.errors.push(file, at + inside, message, did_you_mean(bare, allowed.iter().map(String::as_str), sigil));
        false
    }

    fn rule(&mut self, index: u32, rule: &RuleFile<'a>, language: &str, strings: &mut Strings) {
        let own: Option<&LanguagePart> = rule.languages.iter().find(|(n, _)| n == language).map(|(_, p)| p);
        let any: Option<&LanguagePart> = rule.languages.iter().find(|(n, _)| n == "any").map(|(_, p)| p);
        let base = Level {
            severity: rule.severity,
            confidence: rule.confidence,
            quotes: rule.quotes,
            unless: Vec::new(),
            raise: Vec::new(),
        };
        for part in own.into_iter().chain(any) {
            for entry in &part.patterns {
                let id = self.entry(index, rule, part, &entry.level, &[]);
                let Some(node) = self.parse(&entry.pattern.text, rule.file, entry.pattern.at) else { continue };
                let mut nodes = Vec::new();
                split(node, &mut |node| nodes.push(node));
                for node in nodes {
                    self.patterns.push(Pattern {
                        node,
                        target: Target::Entry(id),
                        file: rule.file,
                        at: entry.pattern.at,
                    });
                }
            }
            for frame in &part.frames {
                let mut record = Vec::new();
                let mut slot_symbols = HashMap::new();
                for (role, written) in frame.slots.iter().chain(&frame.optional) {
                    let symbol = self.class(written, rule.file);
                    slot_symbols.insert(role.clone(), symbol);
                    record.push(symbol);
                    record.extend(strings.add(role));
                }
                let named: Vec<(String, u32)> = slot_symbols.into_iter().collect();
                let id = self.entry(index, rule, part, &frame.level, &named);
                let mut words = vec![
                    id,
                    u32::from(frame.sentence) | u32::from(frame.ordered) << 1,
                    frame.reach,
                    frame.slots.len() as u32,
                    frame.optional.len() as u32,
                ];
                words.extend(record);
                self.frames.push((0, words));
            }
        }
        if own.is_none() && any.is_none() {
            return;
        }
        if let Some(classified) = &rule.classifier {
            self.classifier(index, rule, own, classified, language);
        }
        if let Some(d) = &rule.density {
            let symbol = self.class(&d.count, rule.file);
            let (unless, raise) = self.conditions_of(rule, own, None);
            self.density.extend([
                index,
                base.severity,
                base.confidence,
                symbol,
                d.per_words,
                (d.above * 100.0) as u32,
                d.at_least,
                d.min_words,
                u32::from(d.post),
                base.quotes,
                unless,
                raise,
            ]);
        }
        if let Some(d) = &rule.document {
            let mut lists = Vec::new();
            for list in [&d.any, &d.all, &d.none, &d.of] {
                let mut bits = Vec::new();
                for written in list {
                    let symbol = self.class(written, rule.file);
                    bits.push(self.bit(symbol, rule.file, written.at));
                }
                lists.push(bits);
            }
            let share = d.share.as_ref().map(|(written, least)| {
                let symbol = self.class(written, rule.file);
                (self.bit(symbol, rule.file, written.at), (least * 1000.0) as u32)
            });
            let (unless, raise) = self.conditions_of(rule, own, Some(5));
            let (share_bit, share_least) = share.unwrap_or((NONE, 0));
            self.document.extend([
                index,
                base.severity,
                base.confidence,
                d.min_words,
                d.max_words,
                d.fewer_than,
                d.last_sentences,
                share_bit,
                share_least,
                unless,
                raise,
            ]);
            for list in &lists {
                self.document.push(list.len() as u32);
                self.document.extend(list);
            }
        }
    }

    /// What excuses and raises a rule as a whole; `within` where it counts in one scope alone.
    fn conditions_of(&mut self, rule: &RuleFile<'a>, own: Option<&LanguagePart>, within: Option<u32>) -> (u32, u32) {
        let all = rule.unless.iter().chain(own.map(|part| part.unless.as_slice()).unwrap_or_default());
        let unless: Vec<Condition> =
            all.cloned().map(|c| Condition { within: within.unwrap_or(c.within), ..c }).collect();
        (self.unless_list(&unless, rule.file), self.raise_list(&rule.raise, rule.file, &[]))
    }

    fn classifier(
        &mut self,
        index: u32,
        rule: &RuleFile<'a>,
        own: Option<&LanguagePart>,
        classified: &Classified,
        language: &str,
    ) {
        let score = |scores: &[(String, f64)]| scores.iter().find(|(l, _)| l == language).map(|(_, s)| *s as f32);
        // the language-neutral part has no words to weigh
        let Some(above) = score(&classified.above) else { return };
        let below = score(&classified.below).unwrap_or(f32::NEG_INFINITY);
        let name = &classified.model;
        let Some(model) = self.weights.models.iter().position(|m| *m == name.text) else {
            let message = format!("no model `{}` in rules/weights/{language}.txt", name.text);
            let help = did_you_mean(&name.text, self.weights.models.iter().map(String::as_str), "");
            self.errors.push(rule.file, name.at, message, help);
            return;
        };
        let (unless, raise) = self.conditions_of(rule, own, None);
        let (severity, confidence, quotes) = (rule.severity, rule.confidence, rule.quotes);
        self.classified.extend([index, severity, confidence, quotes, unless, raise, model as u32]);
        self.classified.extend([above.to_bits(), below.to_bits()]);
    }

    fn entry(
        &mut self,
        index: u32,
        rule: &RuleFile<'a>,
        part: &LanguagePart,
        level: &Level,
        slots: &[(String, u32)],
    ) -> u32 {
        let unless: Vec<Condition> = rule.unless.iter().chain(&part.unless).chain(&level.unless).cloned().collect();
        let unless = self.unless_list(&unless, rule.file);
        let raise: Vec<Raise> = level.raise.iter().chain(&rule.raise).cloned().collect();
        let raise = self.raise_list(&raise, rule.file, slots);
        let id = (self.entries.len() / layout::ENTRY_WORDS) as u32;
        self.entries.extend([index, level.severity, level.confidence, level.quotes, unless, raise]);
        id
    }

    fn bit(&mut self, symbol: u32, file: &SourceFile, at: usize) -> u32 {
        if let Some(i) = self.scoped.iter().position(|s| *s == symbol) {
            return i as u32;
        }
        if self.scoped.len() >= MAX_SCOPED {
            self.errors.push(
                file,
                at,
                format!("more than {MAX_SCOPED} patterns are asked for beyond their sentence"),
                None,
            );
            return 0;
        }
        self.scoped.push(symbol);
        self.scoped.len() as u32 - 1
    }

    fn unless_list(&mut self, conditions: &[Condition], file: &'a SourceFile) -> u32 {
        if conditions.is_empty() {
            return NONE;
        }
        let mut words = vec![conditions.len() as u32];
        for condition in conditions {
            let symbol = self.class(&condition.what, file);
            let bit = if condition.within >= 3 { self.bit(symbol, file, condition.what.at) } else { NONE };
            words.extend([symbol, condition.within | condition.side << 4 | u32::from(condition.outside) << 8, bit]);
        }
        self.conditions.extend(&words);
        (self.conditions.len() - words.len()) as u32
    }

    fn raise_list(&mut self, raises: &[Raise], file: &'a SourceFile, slots: &[(String, u32)]) -> u32 {
        if raises.is_empty() {
            return NONE;
        }
        let mut words = vec![raises.len() as u32];
        for raise in raises {
            let slot = raise.slot.as_ref().and_then(|name| slots.iter().find(|(n, _)| n == name)).map(|(_, s)| *s);
            let (symbol, within) = match (&raise.with, slot) {
                (_, Some(symbol)) => (symbol, 1),
                (Some(written), None) => (self.class(written, file), raise.within),
                (None, None) => (NONE, 0),
            };
            let bit = if symbol != NONE && within >= 3 { self.bit(symbol, file, 0) } else { NONE };
            words.extend([
                raise.status,
                raise.jurisdiction,
                raise.kinds,
                symbol,
                within,
                bit,
                raise.severity | raise.confidence << 8,
            ]);
        }
        self.conditions.extend(&words);
        (self.conditions.len() - words.len()) as u32
    }

    fn finish(mut self, strings: &mut Strings, blob: &mut Blob) {
        // all names get a symbol, so that lexicons may use each other in any order
        let all: Vec<String> = self.names.keys().cloned().collect();
        for name in &all {
            self.symbol(name);
        }
        let mut named = std::mem::take(&mut self.names);
        self.names = named.keys().map(|k| (k.clone(), Named::default())).collect();
        take_in(&mut named);
        for (name, named) in named {
            let id = self.symbol(&name);
            self.symbols.extend(id, &named.words);
            for (node, file, at) in named.patterns {
                self.patterns.push(Pattern { node, target: Target::Mark(id), file, at });
            }
        }
        let patterns = std::mem::take(&mut self.patterns);
        for pattern in &patterns {
            let mut used = Vec::new();
            program::names(&pattern.node, &mut used);
            for (name, inside) in used {
                if self.known(name, pattern.file, pattern.at, inside) {
                    self.symbol(name);
                }
            }
        }
        if !self.errors.is_empty() {
            return;
        }
        let Some(order) = self.levels(&patterns) else { return };
        let (patterns, order) = self.without_taken_in(patterns, order);
        let last = order.iter().copied().max().unwrap_or(0);

        let mut programs = Vec::new();
        let mut heads = vec![0u32; patterns.len()];
        let mut anchors: Vec<(u32, u32, u32)> = Vec::new();
        let mut wholes: Vec<(u32, u32)> = Vec::new();
        // marks first, by level, so that costs of names are known when anchors are chosen
        let mut sequence: Vec<usize> = (0..patterns.len()).collect();
        sequence.sort_by_key(|i| {
            (patterns[*i].target != Target::Entry(0) && matches!(patterns[*i].target, Target::Entry(_)), order[*i], *i)
        });
        for i in sequence {
            let pattern = &patterns[i];
            if let (Target::Mark(whole), Node::Name(name, _)) = (pattern.target, &pattern.node) {
                let part = self.symbol(name);
                self.symbols.take_in_cost(whole, self.symbols.cost[part as usize]);
                wholes.push((part, whole));
                continue;
            }
            heads[i] = programs.len() as u32;
            let mut needs = Vec::new();
            program::required(&pattern.node, &mut self.symbols, &mut needs);
            let Some((cost, ids)) = program::anchor(&pattern.node, &mut self.symbols) else {
                self.errors.push(
                    pattern.file,
                    pattern.at,
                    "a pattern needs at least one word, lexicon or fact that every match holds",
                    None,
                );
                continue;
            };
            if let Target::Mark(symbol) = pattern.target {
                self.symbols.take_in_cost(symbol, cost);
            }
            // the rarest first: most candidates fail there
            needs.sort_by_key(|symbol| (self.symbols.cost[*symbol as usize], *symbol));
            let guard =
                needs.iter().find(|need| !ids.contains(need) && !self.symbols.stretched.contains(need)).copied();
            programs.push(match pattern.target {
                Target::Mark(symbol) => symbol,
                Target::Entry(entry) => entry | layout::TARGET_ENTRY,
            });
            programs.push(needs.len() as u32);
            programs.extend(needs);
            let mut groups = Vec::new();
            program::required_groups(&pattern.node, &mut self.symbols, &mut groups);
            groups.retain(|group| *group != ids);
            programs.push(groups.len() as u32);
            for group in groups {
                programs.push(group.len() as u32);
                programs.extend(group);
            }
            let first = program::first(&pattern.node, &mut self.symbols);
            let mut head = first.len() as u32;
            if program::begins_sentence(&pattern.node) {
                head |= layout::BEGINS_SENTENCE;
            }
            programs.push(head);
            programs.extend(first);
            program::emit(&pattern.node, &mut self.symbols, &mut programs);
            programs.push(op::code(op::MATCH, 0));
            let level = if matches!(pattern.target, Target::Entry(_)) { last + 1 } else { order[i] };
            let candidate = i as u32 | level << layout::ANCHORED_STAGE;
            anchors.extend(ids.into_iter().map(|id| (id, candidate, guard.unwrap_or(NONE))));
        }
        let mut frame_words = Vec::new();
        for (_, words) in &self.frames {
            let at = frame_words.len() as u32;
            let slots = words[3] as usize;
            if let Some(symbol) = (0..slots).map(|s| words[5 + 3 * s]).min_by_key(|s| self.symbols.cost[*s as usize]) {
                anchors.push((symbol, at | layout::FRAME_BIT, NONE));
            }
            frame_words.extend(words);
        }

        if self.symbols.count as usize >= layout::MAX_SYMBOLS {
            if let Some(pattern) = patterns.last() {
                let message = format!("more than {} sets of words in one language", layout::MAX_SYMBOLS);
                self.errors.push(pattern.file, pattern.at, message, None);
            }
            return;
        }
        let waking = anchors.iter().map(|(symbol, ..)| *symbol).collect();
        let (base, check, lists) = self.words(&waking);
        anchors.sort_unstable();
        anchors.dedup();
        let index = self.index_of(anchors.iter().map(|(symbol, ..)| *symbol));
        wholes.sort_unstable();
        wholes.dedup();
        let whole_index = self.index_of(wholes.iter().map(|(part, _)| *part));
        let mut names: Vec<(&str, u32)> = self.symbols.names().filter(|(n, _)| !n.starts_with('=')).collect();
        names.sort_unstable();
        let rows: BTreeMap<&str, u32> = self.weights.features().zip(0..).collect();
        let mut symbol_weights = Vec::new();
        for (name, symbol) in &names {
            symbol_weights.extend(rows.get(name).into_iter().flat_map(|row| [*symbol, *row]));
        }
        let names: Vec<u32> = names
            .into_iter()
            .flat_map(|(n, id)| {
                let [at, len] = strings.add(n);
                [at, len, id]
            })
            .collect();

        let put = |blob: &mut Blob, s, words| blob.set(section(self.index, s), words);
        put(blob, Section::TrieBase, base);
        put(blob, Section::TrieCheck, check);
        put(blob, Section::SymbolLists, lists);
        put(blob, Section::AnchorIndex, index);
        put(blob, Section::Anchors, anchors.into_iter().flat_map(|(_, candidate, guard)| [candidate, guard]).collect());
        put(blob, Section::WholeIndex, whole_index);
        put(blob, Section::Wholes, wholes.into_iter().map(|(_, whole)| whole).collect());
        put(blob, Section::Patterns, heads);
        put(blob, Section::Program, programs);
        put(blob, Section::Frames, frame_words);
        put(blob, Section::Entries, self.entries);
        put(blob, Section::Conditions, self.conditions);
        put(blob, Section::Scoped, self.scoped);
        put(blob, Section::Weights, self.weights.table());
        put(blob, Section::SymbolWeights, symbol_weights);
        put(blob, Section::Names, names);
        put(blob, Section::Density, self.density);
        put(blob, Section::Document, self.document);
        put(blob, Section::Classified, self.classified);
        put(blob, Section::Counts, vec![self.symbols.count, last + 1]);
    }

    /// Where each symbol's records begin, among records sorted by symbol.
    fn index_of(&self, symbols: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut index = vec![0u32; self.symbols.count as usize + 1];
        for symbol in symbols {
            index[symbol as usize + 1] += 1;
        }
        for i in 1..index.len() {
            index[i] += index[i - 1];
        }
        index
    }

    /// Leaves out the patterns that only say that a list of single words is part of another one (see [`take_in`]), and takes
    /// note of the symbols that stretches of several words may carry.
    fn without_taken_in(&mut self, patterns: Vec<Pattern<'a>>, order: Vec<u32>) -> (Vec<Pattern<'a>>, Vec<u32>) {
        let facts = (FACTS.len() + PROFILE.len()) as u32;
        self.symbols.stretched.extend(0..facts);
        let mut left: Vec<(Pattern<'a>, u32)> = Vec::new();
        let mut open: Vec<(Pattern<'a>, u32)> = patterns.into_iter().zip(order).collect();
        loop {
            let count = left.len();
            let stretched = &self.symbols.stretched;
            let is_stretched = |pattern: &Pattern<'a>| match (&pattern.node, pattern.target) {
                (Node::Name(name, _), Target::Mark(_)) => {
                    self.symbols.get(name).is_none_or(|part| stretched.contains(&part))
                }
                _ => true,
            };
            let (more, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(|(pattern, _)| is_stretched(pattern));
            open = rest;
            let made = |(pattern, _): &(Pattern<'a>, u32)| match pattern.target {
                Target::Mark(id) => Some(id),
                Target::Entry(_) => None,
            };
            self.symbols.stretched.extend(more.iter().filter_map(made));
            left.extend(more);
            if left.len() == count {
                break;
            }
        }
        left.into_iter().unzip()
    }

    /// The stage at which each pattern runs: after every pattern that makes a name it uses.
    fn levels(&mut self, patterns: &[Pattern<'a>]) -> Option<Vec<u32>> {
        let mut makers: HashMap<u32, Vec<usize>> = HashMap::new();
        for (i, pattern) in patterns.iter().enumerate() {
            if let Target::Mark(symbol) = pattern.target {
                makers.entry(symbol).or_default().push(i);
            }
        }
        let mut levels: Vec<Option<u32>> = vec![None; patterns.len()];
        for i in 0..patterns.len() {
            let mut path = Vec::new();
            if let Err(i) = self.level(i, patterns, &makers, &mut levels, &mut path) {
                self.errors.push(
                    patterns[i].file,
                    patterns[i].at,
                    "this entry uses its own list, directly or through others",
                    None,
                );
                return None;
            }
        }
        Some(levels.into_iter().map(|l| l.unwrap_or(0)).collect())
    }

    fn level(
        &self,
        i: usize,
        patterns: &[Pattern<'a>],
        makers: &HashMap<u32, Vec<usize>>,
        levels: &mut Vec<Option<u32>>,
        path: &mut Vec<usize>,
    ) -> Result<u32, usize> {
        if let Some(level) = levels[i] {
            return Ok(level);
        }
        if path.contains(&i) {
            return Err(i);
        }
        path.push(i);
        let mut used = Vec::new();
        program::names(&patterns[i].node, &mut used);
        let mut level = 0;
        for (name, _) in used {
            let Some(symbol) = self.symbols.get(name) else { continue };
            for maker in makers.get(&symbol).into_iter().flatten() {
                level = level.max(1 + self.level(*maker, patterns, makers, levels, path)?);
            }
        }
        path.pop();
        levels[i] = Some(level);
        Ok(level)
    }

    /// The trie of all words and stems, and the symbol lists its leaves point to.
    fn words(&self, waking: &HashSet<u32>) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        let stems: HashMap<&str, &Vec<u32>> =
            self.symbols.terms.iter().filter(|(t, _)| t.stem).map(|(t, s)| (t.text.as_str(), s)).collect();
        let is_sense = |name: &str| name.strip_prefix('@').is_some_and(|bare| bare.starts_with(SENSE));
        let senses: HashSet<u32> =
            self.symbols.names().filter(|(name, _)| is_sense(name)).map(|(_, symbol)| symbol).collect();
        let mut lists: Vec<u32> = Vec::new();
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut keys = Vec::new();
        for (term, symbols) in &self.symbols.terms {
            let mut all: Vec<u32> = symbols.clone();
            for (end, _) in term.text.char_indices().skip(1).chain([(term.text.len(), ' ')]) {
                if let Some(more) = stems.get(&term.text[..end]) {
                    all.extend(more.iter());
                }
            }
            all.sort_unstable_by_key(|symbol| (!waking.contains(symbol), *symbol));
            all.dedup();
            keys.push((trie::key(&term.text, term.stem), all));
        }
        keys.sort();
        let mut words = Vec::with_capacity(keys.len());
        for (key, all) in keys {
            let at = *known.entry(all).or_insert_with_key(|all| {
                let at = lists.len() as u32;
                let only_senses = all.iter().all(|symbol| senses.contains(symbol));
                lists.push(all.len() as u32 | if only_senses { layout::ONLY_SENSES } else { 0 });
                lists.push(all.iter().filter(|symbol| waking.contains(symbol)).count() as u32);
                lists.extend(all);
                at
            });
            words.push((key, at));
        }
        let (base, check) = trie::build(words);
        (base, check, lists)
    }
}

/// A list that takes in another one holds its single words itself: at run time nothing has to say so word by word.
fn take_in(named: &mut BTreeMap<String, Named<'_>>) {
    let mut parts: Vec<(String, String)> = Vec::new();
    for (whole, list) in named.iter() {
        let names = list.patterns.iter().filter_map(|(node, ..)| match node {
            Node::Name(part, _) if part != whole => Some(part.clone()),
            _ => None,
        });
        parts.extend(names.map(|part| (whole.clone(), part)));
    }
    // as often as lists are nested
    loop {
        let mut grown = false;
        for (whole, part) in &parts {
            let Some(words) = named.get(part).map(|list| list.words.clone()) else { continue };
            let Some(list) = named.get_mut(whole) else { continue };
            let before = list.words.len();
            list.words.extend(words);
            grown |= list.words.len() > before;
        }
        if !grown {
            break;
        }
    }
}

/// Hands on the alternatives of a node one by one.
fn split(node: Node, each: &mut impl FnMut(Node)) {
    match node {
        Node::Either(options) => options.into_iter().for_each(|option| split(option, each)),
        other => each(other),
    }
}

fn shorten(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
