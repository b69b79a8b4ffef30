//! A run of `check`: which drafts, which settings, all cores, order kept, exit status.

mod drafts;
mod input;
mod known;
mod output;
mod statistics;

pub use output::terminal_width;

use crate::cli::{self, CheckArgs, Colour, InputFormat};
use crate::config::{Chain, Layer, Settings};
use crate::draft::{Draft, Format as DraftFormat, Limits};
use crate::emit::{self, OutputFormat, Summary, View};
use crate::finding::Language;
use crate::jsonl::{Lines, RawLine};
use crate::linter::Buffers;
use crate::pack::Pack;
use crate::policy::fingerprint::Fingerprint;
use crate::policy::{Assessed, Counts};
use crate::project::{Prepared, Store};
use crate::settings_file::SettingsErrors;
use crate::walk;
use drafts::Run;
use known::BaselinePlan;
use output::{Output, Progress};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Drafts that are linted before their results are written.
const BATCH: usize = 1_024;
/// Drafts that a thread takes at a time.
const CHUNK: usize = 16;

/// Where a draft comes from.
enum Source {
    File(PathBuf),
    Bytes {
        name: String,
        bytes: Vec<u8>,
    },
    Line(RawLine),
    /// A path that cannot be read, and why.
    Refused(PathBuf, &'static str, String),
}

struct Item {
    source: Source,
    prepared: Option<Arc<Prepared>>,
}

/// What a thread hands back for a stretch of drafts.
#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    messages: Vec<String>,
    summary: Summary,
    counts: BTreeMap<usize, Counts>,
    /// (rule, language, path) of findings, for statistics; (fingerprint, rule, path), for a baseline.
    kept: Vec<Kept>,
    paths: Vec<String>,
}

struct Kept {
    fingerprint: Fingerprint,
    rule: u32,
    language: Language,
    severity: crate::finding::Severity,
    path: String,
}

fn name_of(source: &Source) -> String {
    match source {
        Source::File(path) | Source::Refused(path, ..) => shown(path),
        Source::Bytes { name, .. } => name.clone(),
        Source::Line(line) => format!("line {}", line.number),
    }
}

/// A path as reports show it: forward slashes, nothing before the name that says nothing.
fn shown(path: &Path) -> String {
    let short = path.strip_prefix("./").ok().filter(|p| !p.as_os_str().is_empty()).unwrap_or(path);
    let text = short.to_string_lossy().into_owned();
    if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text }
}

fn draft_format(input: InputFormat) -> Option<DraftFormat> {
    match input {
        InputFormat::Auto | InputFormat::Jsonl => None,
        InputFormat::Text => Some(DraftFormat::Text),
        InputFormat::Markdown => Some(DraftFormat::Markdown),
        InputFormat::Html => Some(DraftFormat::Html),
        InputFormat::Docx => Some(DraftFormat::Docx),
    }
}

/// Reads a file, at most a byte more than a draft may have.
fn read_file(path: &Path, limits: Limits) -> io::Result<Vec<u8>> {
    read_all(std::fs::File::open(path)?, limits)
}

/// Reads to the end, at most a byte more than a draft may have.
fn read_all(reader: impl Read, limits: Limits) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limits.draft_bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// One draft, judged by the settings that hold for it.
pub struct One {
    /// The rules.
    pub pack: &'static Pack,
    /// The draft.
    pub draft: Draft,
    /// What was found.
    pub assessed: Assessed,
    /// What it was judged by.
    pub settings: Settings,
    /// The digest of the registry of secrets, where there is one.
    pub registry: Option<String>,
}

/// Judges the draft at `path`, for commands that look at one.
pub fn one(args: &CheckArgs, path: &Path) -> Result<One, String> {
    let pack = cli::load_pack(&args.pack, &rule_folders(args))?;
    let fixed = fixed_chain(args).map_err(|e| e.to_string())?;
    let mut store = Store::new(pack, args.layer(), fixed, true);
    let prepared = store.of((path != Path::new("-")).then_some(path))?;
    let mut draft = read_draft_within(path, args.input_format, prepared.limits())?;
    prepared.complete(&mut draft.front_matter, &store.flags);
    let report = prepared.linter.lint(&draft);
    let assessed = prepared.policy.apply(&draft, report, None);
    let registry = prepared.linter.options().registry.as_ref().map(|r| r.digest().to_owned());
    Ok(One { pack, draft, assessed, settings: prepared.settings.clone(), registry })
}

/// The one chain of settings that `--isolated` or `--config` asks for.
fn fixed_chain(args: &CheckArgs) -> Result<Option<Chain>, SettingsErrors> {
    Ok(match (&args.config.config, args.config.isolated) {
        (_, true) => Some(Chain::default()),
        (Some(path), _) => Some(Chain::of(path)?),
        _ => None,
    })
}

/// Rule folders of the project where the user stands; a broken settings file is reported where drafts are.
fn rule_folders(args: &CheckArgs) -> Vec<PathBuf> {
    let chain = match (&args.config.config, args.config.isolated) {
        (_, true) => None,
        (Some(path), _) => Chain::of(path).ok(),
        _ => Chain::find(Path::new(".")).ok(),
    };
    chain
        .and_then(|c| c.settings(None, &Layer::default(), Pack::embedded()).ok())
        .and_then(|s| s.layer.rules)
        .unwrap_or_default()
}

/// One draft, for commands that read just one.
pub fn read_draft(path: &Path, input: InputFormat) -> Result<Draft, String> {
    read_draft_within(path, input, Limits::default())
}

fn read_draft_within(path: &Path, input: InputFormat, limits: Limits) -> Result<Draft, String> {
    let name = shown(path);
    let bytes = if path == Path::new("-") {
        read_all(io::stdin().lock(), limits)
    } else {
        match std::fs::metadata(path) {
            Ok(kind) if !kind.is_file() => return Err(format!("{name}: not a file")),
            _ => read_file(path, limits),
        }
    };
    let bytes = bytes.map_err(|e| format!("{name}: {}", crate::file::why(&e)))?;
    Draft::from_bytes_within(&name, &bytes, draft_format(input), limits).map_err(|e| format!("{name}: {e}"))
}

/// `check`.
pub fn check(args: &CheckArgs) -> u8 {
    execute(args, Purpose::Report)
}

/// `baseline`.
pub fn baseline(args: &CheckArgs, output: Option<&Path>) -> u8 {
    execute(args, Purpose::Baseline(output))
}

enum Purpose<'a> {
    Report,
    Baseline(Option<&'a Path>),
}

fn execute(args: &CheckArgs, purpose: Purpose<'_>) -> u8 {
    let pack = match cli::load_pack(&args.pack, &rule_folders(args)) {
        Ok(pack) => pack,
        Err(message) => return fail(message),
    };
    let is_baseline = matches!(purpose, Purpose::Baseline(_));
    let fixed = match fixed_chain(args) {
        Ok(fixed) => fixed,
        Err(errors) => return fail(errors),
    };
    let mut store = Store::new(pack, args.layer(), fixed, !is_baseline);
    // names on the command line are checked once, before anything is read
    if let Err(errors) = Chain::default().settings(None, &store.flags, pack) {
        return fail(errors);
    }
    let paths: Vec<PathBuf> =
        if args.paths.is_empty() && !args.clipboard { vec![PathBuf::from("-")] } else { args.paths.clone() };
    if args.show_settings {
        return show_settings(&paths, &mut store);
    }
    let from_stdin = args.paths.is_empty();
    let here = match store.of(args.stdin_filename.as_deref().map(Path::new)) {
        Ok(prepared) => Some(prepared),
        // other drafts may have settings of their own
        Err(message) if !paths.iter().any(|p| p == Path::new("-")) => {
            let _ = message;
            None
        }
        Err(message) => return fail(message),
    };
    let (here, plan) = match purpose {
        Purpose::Baseline(path) => {
            let plan = BaselinePlan::new(path, &mut store, here.as_deref(), args);
            // with the new salt
            (store.of(None).ok(), Some(plan))
        }
        Purpose::Report => (here, None),
    };
    let layer = here.as_ref().map_or_else(|| store.flags.clone(), |h| h.settings.layer.clone());
    let output_format = args.output_format.unwrap_or(OutputFormat::Text);
    let is_jsonl = |path: &Path| {
        args.input_format == InputFormat::Jsonl
            || args.input_format == InputFormat::Auto && path.extension().is_some_and(|e| e == "jsonl")
    };
    let in_ci = std::env::var_os("CI").is_some_and(|v| !v.is_empty() && v != "false" && v != "0");
    let alone = match paths.as_slice() {
        [one] => {
            !one.is_dir()
                && !is_jsonl(if from_stdin {
                    args.stdin_filename.as_deref().map_or(one.as_path(), Path::new)
                } else {
                    one
                })
        }
        [] => true,
        _ => false,
    };
    let view = View {
        pack,
        message_language: layer.message_lang,
        redact: layer.redact.unwrap_or(in_ci),
        include_text: args.include_text,
        all: args.all,
        min_severity: layer.min_severity,
        min_confidence: layer.min_confidence,
        width: terminal_width(),
        quiet: args.quiet,
        alone,
        has_profile: here.as_ref().is_some_and(|h| h.voice.is_some())
            || paths.iter().any(|path| {
                // the profile of a draft is the nearest one upwards from it, wherever the run was started
                let draft = if path.is_dir() { path.join("draft.md") } else { path.clone() };
                store.of(Some(&draft)).is_ok_and(|h| h.voice.is_some())
            }),
    };
    let styled = matches!(output_format, OutputFormat::Text | OutputFormat::Full | OutputFormat::Concise);
    let mut output = match Output::open(args, styled) {
        Ok(output) => output,
        Err(error) => {
            return fail(format!(
                "{}: {}",
                args.output_file.as_deref().map_or_else(String::new, shown),
                crate::file::why(&error)
            ));
        }
    };
    let flags = store.flags.clone();
    let run = Run {
        view,
        format: output_format.renderer(),
        is_json: output_format.is_json(),
        flags: &flags,
        input: args.input_format,
        diff_base: args.diff_base.as_deref(),
        keep: is_baseline || args.statistics,
        keep_paths: store.with_baseline,
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut total =
        Total { workers: std::iter::repeat_with(Buffers::default).take(cores).collect(), ..Total::default() };
    let result = walk_and_lint(args, &paths, &mut store, here.as_ref(), &run, &mut output, &mut total, &is_jsonl);
    match result {
        Ok(()) => {}
        Err(Stop::Output(error)) => return cli::output_failure(&error, &output.name),
        Err(Stop::Status(status)) => return status,
    }
    if let Some(plan) = plan {
        return plan.write(&store, &total);
    }
    let written = if args.statistics {
        statistics::statistics(&run, &total, &mut output, output_format)
    } else {
        run.format.tail(&run.view, &total.summary, &mut *output.writer)
    };
    if let Err(error) = written.and_then(|()| output.writer.flush()) {
        return cli::output_failure(&error, &output.name);
    }
    known::report_gone(&store, &total, args);
    let failed = store.all.iter().any(|p| {
        let counts = total.counts.get(&p.number).copied().unwrap_or_default();
        counts.fail(p.settings.fail_on, p.settings.layer.max_warnings)
    });
    match (total.summary.failed > 0 || total.broken, failed && !args.exit_zero) {
        (true, _) => cli::FAILURE,
        (false, true) => cli::FINDINGS,
        (false, false) => cli::CLEAN,
    }
}

fn fail(message: impl std::fmt::Display) -> u8 {
    cli::complain(message);
    cli::FAILURE
}

/// What all batches add up to.
#[derive(Default)]
struct Total {
    workers: Vec<Buffers>,
    summary: Summary,
    counts: BTreeMap<usize, Counts>,
    kept: Vec<Kept>,
    paths: Vec<String>,
    /// Something was written already, so that a separator is needed.
    begun: bool,
    headed: bool,
    /// A settings file could not be used.
    broken: bool,
    complaints: Vec<String>,
}

enum Stop {
    Output(io::Error),
    Status(u8),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Total {
    /// Lints a batch and writes it.
    fn take(&mut self, run: &Run<'_>, items: Vec<Item>, output: &mut Output) -> io::Result<()> {
        if !self.headed && !run.keep {
            run.format.head(&run.view, &mut *output.writer)?;
            self.headed = true;
        }
        if items.is_empty() {
            return Ok(());
        }
        for part in run.batch(items, &mut self.workers) {
            for message in &part.messages {
                cli::complain(message);
            }
            if !part.bytes.is_empty() {
                if self.begun {
                    output.writer.write_all(run.format.separator().as_bytes())?;
                }
                self.begun = true;
                output.writer.write_all(&part.bytes)?;
            }
            self.summary.drafts += part.summary.drafts;
            self.summary.held += part.summary.held;
            self.summary.failed += part.summary.failed;
            self.summary.counts.add(&part.summary.counts);
            for i in 0..3 {
                self.summary.shown[i] += part.summary.shown[i];
                self.summary.unshown[i] += part.summary.unshown[i];
            }
            for (number, counts) in &part.counts {
                self.counts.entry(*number).or_default().add(counts);
            }
            self.kept.extend(part.kept);
            self.paths.extend(part.paths);
        }
        Ok(())
    }

    /// A settings file that cannot be used is told of once.
    fn broken_settings(&mut self, message: String) {
        self.broken = true;
        if !self.complaints.contains(&message) {
            cli::complain(&message);
            self.complaints.push(message);
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn walk_and_lint(
    args: &CheckArgs,
    paths: &[PathBuf],
    store: &mut Store,
    here: Option<&Arc<Prepared>>,
    run: &Run<'_>,
    output: &mut Output,
    total: &mut Total,
    is_jsonl: &dyn Fn(&Path) -> bool,
) -> Result<(), Stop> {
    let mut progress = Progress::new(args.quiet);
    let mut items: Vec<Item> = Vec::new();
    if args.clipboard {
        let bytes = input::clipboard().map_err(|message| Stop::Status(fail(message)))?;
        let name = args.stdin_filename.clone().unwrap_or_else(|| "clipboard".to_owned());
        items.push(Item { source: Source::Bytes { name, bytes }, prepared: here.cloned() });
    }
    for path in paths {
        if path == Path::new("-") {
            let name = args.stdin_filename.as_deref();
            if is_jsonl(Path::new(name.unwrap_or("-"))) {
                total.take(run, std::mem::take(&mut items), output)?;
                lines(io::stdin().lock(), here, run, output, total, &mut progress)?;
            } else {
                let source = input::standard_input(
                    name,
                    args.quiet,
                    !args.paths.is_empty(),
                    input::persons_language(run.view.message_language),
                    here.map_or_else(Limits::default, |h| h.limits()),
                )
                .map_err(Stop::Status)?;
                items.push(Item { source, prepared: here.cloned() });
            }
            continue;
        }
        if is_jsonl(path) && path.is_file() {
            total.take(run, std::mem::take(&mut items), output)?;
            let prepared = match store.of(Some(path)) {
                Ok(prepared) => prepared,
                Err(message) => {
                    total.broken_settings(message);
                    continue;
                }
            };
            match std::fs::File::open(path) {
                Ok(file) => lines(file, Some(&prepared), run, output, total, &mut progress)?,
                Err(error) => items.push(refused(path.clone(), crate::file::why(&error))),
            }
            continue;
        }
        let mut found = Vec::new();
        let mut excluded = |file: &Path| store.excludes(file);
        walk::files(std::slice::from_ref(path), &mut excluded, &mut |f| found.push(f));
        for file in found {
            match file {
                Ok(file) if args.force_exclude && store.excludes(&file) => {}
                Ok(file) => match store.of(Some(&file)) {
                    Ok(prepared) => items.push(Item { source: Source::File(file), prepared: Some(prepared) }),
                    Err(message) => total.broken_settings(message),
                },
                Err((path, message)) => items.push(refused(path, message)),
            }
            if items.len() >= BATCH {
                total.take(run, std::mem::take(&mut items), output)?;
                progress.show(total.summary.drafts);
            }
        }
    }
    total.take(run, items, output)?;
    progress.clear();
    Ok(())
}

fn refused(path: PathBuf, mut message: String) -> Item {
    // a word that is nearly a command was meant as one
    let name = path.to_string_lossy();
    let commands = [
        "check",
        "explain",
        "rules",
        "init",
        "learn",
        "checklist",
        "clean",
        "baseline",
        "secrets",
        "sign",
        "verify",
        "parity",
        "lsp",
        "completions",
        "man",
    ];
    if let Some(near) = crate::compiler::nearest(&name, commands).filter(|_| !name.contains(['.', '/'])) {
        message = format!("{message}; did you mean the command `{near}`?");
    }
    Item { source: Source::Refused(path, "unreadable", message), prepared: None }
}

fn lines<R: Read>(
    reader: R,
    prepared: Option<&Arc<Prepared>>,
    run: &Run<'_>,
    output: &mut Output,
    total: &mut Total,
    progress: &mut Progress,
) -> Result<(), Stop> {
    let mut lines = Lines::within(reader, prepared.map_or_else(Limits::default, |p| p.limits()));
    loop {
        let batch = match lines.batch(BATCH) {
            Ok(batch) => batch,
            Err(error) => {
                output.writer.flush()?;
                return Err(Stop::Status(fail(format!("input: {}", crate::file::why(&error)))));
            }
        };
        let end = batch.is_empty();
        let items =
            batch.into_iter().map(|line| Item { source: Source::Line(line), prepared: prepared.cloned() }).collect();
        total.take(run, items, output)?;
        // whoever asks line by line waits for this
        output.writer.flush()?;
        if end {
            return Ok(());
        }
        progress.show(total.summary.drafts);
    }
}

fn show_settings(paths: &[PathBuf], store: &mut Store) -> u8 {
    let mut shown_all = serde_json::Map::new();
    for path in paths {
        let of = (path != Path::new("-")).then(|| if path.is_dir() { path.join("draft.md") } else { path.clone() });
        match store.of(of.as_deref()) {
            Ok(prepared) => {
                let mut value = serde_json::to_value(prepared.settings.shown()).unwrap_or_default();
                if let Some(voice) = &prepared.voice {
                    value["voice"] = voice.of(prepared.settings.layer.author.as_deref()).shown();
                }
                shown_all.insert(shown(path), value);
            }
            Err(message) => return fail(message),
        }
    }
    let mut bytes = serde_json::to_vec_pretty(&shown_all).unwrap_or_default();
    emit::escape::json(&mut bytes, 0);
    cli::write_out(&format!("{}\n", String::from_utf8_lossy(&bytes)))
}
