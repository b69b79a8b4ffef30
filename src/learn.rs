//! `draftlint learn`: reads approved posts, writes what was counted, says on the screen what it may mean.

use crate::date::Date;
use crate::draft::Draft;
use crate::finding::{Confidence, Family, Language, Scope, Severity};
use crate::jsonl;
use crate::linter::{Buffers, Linter};
use crate::options::Options;
use crate::pack::Pack;
use crate::voice::features::{Backgrounds, Vector};
use crate::voice::learn::{Cell, Learned, MIN_DESCRIBED, MIN_POSTS, MIN_WORDS, Post, SUGGEST_OFF, unseen_rates};
use crate::voice::{FILE_NAME, channel};
use crate::walk;
use clap::Args;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The flags of `learn`.
#[derive(Clone, Debug, Args)]
pub struct LearnArgs {
    /// Approved posts: folders, files, JSON lines
    #[arg(value_name = "DIR", required = true)]
    paths: Vec<PathBuf>,
    /// Where to write it
    #[arg(short, long, value_name = "FILE", default_value = "voice.learned.toml")]
    output_file: PathBuf,
    /// The posts' language, where they do not say it
    #[arg(long, value_name = "LANG", value_parser = ["en", "fr", "nl", "ru"])]
    lang: Option<String>,
    /// Where they were posted, where they do not say it
    #[arg(long, value_name = "CHANNEL", value_parser = crate::config::channel_parser())]
    channel: Option<String>,
    /// From so many posts on deviations are reported
    #[arg(long, value_name = "N", default_value_t = MIN_POSTS)]
    min_posts: usize,
    /// Print the spread of features over many writers, which ships with the program
    #[arg(long, hide = true)]
    fit_background: bool,
    /// Print how posts of one `author_role` look to voices learned from others (JSON lines)
    #[arg(long, hide = true)]
    measure: bool,
}

/// A text that was read, with what a record says of its writer.
struct Text {
    draft: Draft,
    writer: String,
}

/// Counts drafts on standard error while a person waits.
struct Progress {
    since: Option<Instant>,
    shown: usize,
}

impl Progress {
    fn new() -> Self {
        Self { since: io::stderr().is_terminal().then(Instant::now), shown: 0 }
    }

    fn show(&mut self, what: &str, done: usize, all: usize) {
        let Some(since) = self.since else { return };
        let tick = (since.elapsed().as_millis() / 250) as usize;
        if tick >= 2 && tick != self.shown {
            self.shown = tick;
            let _ = write!(io::stderr(), "\r{what} {done}/{all} ");
        }
    }

    fn clear(&self) {
        if self.shown > 0 {
            let _ = write!(io::stderr(), "\r{:40}\r", "");
        }
    }
}

/// Learns and writes; the answer is what to show.
pub fn run(args: &LearnArgs, pack: &'static Pack) -> Result<String, String> {
    let texts = read(args)?;
    if texts.is_empty() {
        return Err("no post was found; drafts are .md, .txt, .html, .docx, or JSON lines named one by one".to_owned());
    }
    let linter = Linter::new(
        pack,
        Options {
            as_of: Date::today(),
            language: args.lang.as_deref().and_then(Language::from_name),
            ..Options::default()
        },
    );
    let mut buffers = Buffers::default();
    if args.fit_background || args.measure {
        let counted = by_writer(&texts, &linter, &mut buffers);
        return Ok(if args.measure { measure(&counted) } else { background(&counted) });
    }
    let mut progress = Progress::new();
    let (mut posts, mut spoken) = (Vec::new(), Recurring::default());
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, text) in texts.iter().enumerate() {
        progress.show("posts read:", i, texts.len());
        let draft = &text.draft;
        let Some((language, features)) = linter.voice_features(draft, &mut buffers) else {
            *left_out.entry("without words").or_default() += 1;
            continue;
        };
        if language == Language::Unknown {
            *left_out.entry("in a language that was not recognised (--lang says it)").or_default() += 1;
            continue;
        }
        let report = linter.lint_with(draft, &mut buffers);
        let counts =
            |f: &&crate::finding::Finding| f.severity >= Severity::Warning && f.confidence >= Confidence::Medium;
        let broken: BTreeSet<String> =
            report.findings.iter().filter(counts).map(|f| pack.rule(f.rule).full_id().to_owned()).collect();
        for finding in report
            .findings
            .iter()
            .filter(|f| f.scope == Scope::Span && matches!(pack.rule(f.rule).family(), Family::Vague | Family::Voice))
        {
            spoken.add(i, &draft.text[finding.span.start..finding.span.end]);
        }
        let named = args.channel.as_deref().or(draft.front_matter.channel.as_deref());
        let channel = named.map(|name| channel::find(name).map_or_else(|| name.to_lowercase(), |c| c.name.clone()));
        posts.push(Post { language, channel, features, broken: broken.into_iter().collect() });
    }
    progress.clear();
    let learned = Learned::learn(&posts, args.min_posts, args.output_file.clone());
    if learned.cells.is_empty() {
        return Err(format!(
            "{} posts are too few to say anything: {MIN_DESCRIBED} of one language are needed, {} to report deviations",
            posts.len(),
            args.min_posts
        ));
    }
    let text = learned.written(posts.len(), hash(&texts), Date::today()).map_err(|e| e.to_string())?;
    crate::file::replace(&args.output_file, &text)
        .map_err(|e| format!("{}: {}", args.output_file.display(), crate::file::why(&e)))?;
    Ok(screen(args, &posts, &learned, &left_out, &spoken))
}

fn read(args: &LearnArgs) -> Result<Vec<Text>, String> {
    let mut found = Vec::new();
    walk::files(&args.paths, &mut |_| false, &mut |file| found.push(file));
    if args.measure || args.fit_background {
        for folder in args.paths.iter().filter(|p| p.is_dir()) {
            let entries =
                std::fs::read_dir(folder).map_err(|e| format!("{}: {}", folder.display(), crate::file::why(&e)))?;
            let mut records: Vec<PathBuf> = entries
                .filter_map(|e| Some(e.ok()?.path()))
                .filter(|p| p.extension().is_some_and(|e| e == "jsonl"))
                .collect();
            records.sort();
            found.extend(records.into_iter().map(Ok));
        }
    }
    let mut texts = Vec::new();
    for file in found {
        let path = file.map_err(|(path, why)| format!("{}: {why}", path.display()))?;
        if path.extension().is_some_and(|e| e == "jsonl") {
            records(&path, args.measure || args.fit_background, &mut texts)?;
        } else {
            let name = path.to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).map_err(|e| format!("{name}: {}", crate::file::why(&e)))?;
            texts.push(Text {
                draft: Draft::from_bytes(&name, &bytes, None).map_err(|e| format!("{name}: {e}"))?,
                writer: String::new(),
            });
        }
    }
    Ok(texts)
}

fn records(path: &Path, lenient: bool, texts: &mut Vec<Text>) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {}", path.display(), crate::file::why(&e)))?;
    for (i, line) in bytes.split(|b| *b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()) {
        let record = match jsonl::record(line) {
            Ok(record) => record,
            // labels that lie beside the posts
            Err(error) if lenient && error.code == "missing-text" => continue,
            Err(error) => return Err(format!("{}:{}: {}", path.display(), i + 1, error.message)),
        };
        let value: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        let word = |key: &str| value.get(key).and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
        texts.push(Text {
            draft: record.draft,
            writer: format!("{} {} {}", word("source"), word("author_role"), word("genre")),
        });
    }
    Ok(())
}

/// A name for the set of texts, whatever their order.
fn hash(texts: &[Text]) -> String {
    let mut each: Vec<[u8; 32]> = texts.iter().map(|t| Sha256::digest(t.draft.text.as_bytes()).into()).collect();
    each.sort_unstable();
    let mut all = Sha256::new();
    each.iter().for_each(|h| all.update(h));
    all.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// Words of findings, and in how many posts they stand; shown, never written.
#[derive(Default)]
struct Recurring {
    posts: BTreeMap<String, BTreeSet<usize>>,
}

impl Recurring {
    fn add(&mut self, post: usize, words: &str) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if words.chars().count() <= 40 {
            self.posts.entry(words).or_default().insert(post);
        }
    }

    fn often(&self, least: usize) -> Vec<(&str, usize)> {
        let mut often: Vec<(&str, usize)> =
            self.posts.iter().map(|(w, p)| (w.as_str(), p.len())).filter(|(_, n)| *n >= least).collect();
        often.sort_by_key(|(w, n)| (std::cmp::Reverse(*n), *w));
        often.truncate(12);
        often
    }
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn cell_line(cell: &Cell, min_posts: usize) -> String {
    let language = Language::from_name(&cell.language).map_or("", Language::english_name);
    let whose = if cell.channel == "any" { "all channels".to_owned() } else { cell.channel.clone() };
    let mut line = format!("{language}, {whose}: {} posts, {} words", cell.posts, thousands(cell.words));
    if cell.reports {
        let _ = write!(
            line,
            "\n  Deviations are reported. Each judged by the others, {:.1} % of these posts would\n  get a warning, {:.1} % a note.",
            cell.self_reported * 100.0,
            cell.self_noted * 100.0
        );
        if cell.widened > 1.0 {
            let _ = write!(
                line,
                "\n  Distances were widened {:.1} times: these posts differ much among themselves.",
                cell.widened
            );
        }
    } else {
        let _ =
            write!(line, "\n  Described only: reports begin at {min_posts} posts and {} words.", thousands(MIN_WORDS));
    }
    line
}

fn screen(
    args: &LearnArgs,
    posts: &[Post],
    learned: &Learned,
    left_out: &BTreeMap<&str, usize>,
    spoken: &Recurring,
) -> String {
    let mut out = format!("{} posts read.\n", posts.len());
    for (why, n) in left_out {
        let _ = writeln!(out, "{n} left out: {why}.");
    }
    for cell in &learned.cells {
        let _ = writeln!(out, "{}", cell_line(cell, args.min_posts));
    }
    let mut off: BTreeMap<&str, f64> = BTreeMap::new();
    for cell in learned.cells.iter().filter(|c| c.posts >= MIN_POSTS) {
        for rule in &cell.suggest_off {
            let share = cell.broken.get(rule).copied().unwrap_or(0.0);
            off.entry(rule).and_modify(|s| *s = s.max(share)).or_insert(share);
        }
    }
    if !off.is_empty() {
        let _ = writeln!(
            out,
            "\nRules that {:.0} % of these posts or more break; if the posts are right, turn them off\n(`levels` in draftlint.toml):",
            SUGGEST_OFF * 100.0
        );
        for (rule, share) in off {
            let _ = writeln!(out, "  {:>3.0} %  {rule}", share * 100.0);
        }
    }
    let often = spoken.often((posts.len() / 20).max(3));
    if !often.is_empty() {
        let _ = writeln!(
            out,
            "\nWords of findings that come back; if they are yours, list them under `allow`\n([terms] in {FILE_NAME}):"
        );
        for (words, n) in often {
            let _ = writeln!(out, "  {n:>3} posts  {}", crate::emit::escape::visible(words));
        }
    }
    let name = args.output_file.display();
    let _ = writeln!(out, "\nWritten: {name}, without any sentence, name or run of words.");
    let _ = writeln!(out, "{FILE_NAME} reads it with:  [learned]  file = \"{name}\"");
    out
}

/// Features by writer; writers with one language each.
type Counted = BTreeMap<(String, Language), Vec<Vector>>;

fn by_writer(texts: &[Text], linter: &Linter<'_>, buffers: &mut Buffers) -> Counted {
    let mut counted = Counted::new();
    for text in texts {
        let declared = text.draft.front_matter.lang.as_deref().and_then(Language::from_name);
        if let Some((language, vector)) = linter.voice_features(&text.draft, buffers) {
            let language = declared.unwrap_or(language);
            counted.entry((text.writer.clone(), language)).or_default().push(vector);
        }
    }
    counted
}

/// At most so many of a list, evenly chosen.
fn some(vectors: &[Vector], most: usize) -> Vec<Vector> {
    let step = vectors.len().div_ceil(most).max(1);
    vectors.iter().step_by(step).copied().collect()
}

/// The background: every writer counts alike, as far as there are posts.
fn background(counted: &Counted) -> String {
    let mut out = String::from(
        "# How features of posts are spread over many writers: where bins end, and the share of posts in each.\n# Written by `draftlint learn --fit-background POSTS.jsonl`; at most 60 posts of a writer count.\n",
    );
    for language in Language::KNOWN {
        let posts: Vec<Vector> =
            counted.iter().filter(|((_, l), _)| *l == language).flat_map(|(_, v)| some(v, 60)).collect();
        if posts.len() >= 100 {
            out.push_str(&Backgrounds::fit(language, &posts));
        }
    }
    out
}

/// For each writer with 60 posts or more: own unseen posts reported, and posts of each other writer of the language.
fn measure(counted: &Counted) -> String {
    let mut out = String::new();
    let writers: Vec<(&(String, Language), Vec<Vector>)> =
        counted.iter().filter(|(_, v)| v.len() >= 60).map(|(w, v)| (w, some(v, 150))).collect();
    let (mut own_sum, mut other_sum, mut n) = (0.0, 0.0, 0.0);
    for (writer, own) in &writers {
        let refs: Vec<&Vector> = own.iter().collect();
        let (rate, noted) = unseen_rates(writer.1, &refs);
        let posts: Vec<Post> =
            own.iter().map(|v| Post { language: writer.1, channel: None, features: *v, broken: Vec::new() }).collect();
        let learned = Learned::learn(&posts, MIN_POSTS, PathBuf::new());
        let mut others = Vec::new();
        for (other, vectors) in writers.iter().filter(|(o, _)| o.1 == writer.1 && *o != *writer) {
            let reported =
                vectors.iter().filter(|v| learned.deviation(writer.1, None, v).is_some_and(|d| d.grave)).count();
            others.push((reported as f64 / vectors.len() as f64, &other.0));
        }
        let mean = others.iter().map(|(r, _)| r).sum::<f64>() / others.len().max(1) as f64;
        let _ = writeln!(
            out,
            "{} {} | {} posts | own {:.1} % (or a note: {:.1} %) | others {:.0} %",
            writer.1,
            writer.0,
            own.len(),
            rate * 100.0,
            noted * 100.0,
            mean * 100.0
        );
        for (rate, name) in &others {
            let _ = writeln!(out, "    {:>3.0} %  {name}", rate * 100.0);
        }
        own_sum += rate;
        other_sum += mean;
        n += 1.0;
    }
    let _ = writeln!(
        out,
        "mean: own {:.1} %, others {:.0} %",
        own_sum / f64::max(n, 1.0) * 100.0,
        other_sum / f64::max(n, 1.0) * 100.0
    );
    out
}
