//! A run of `check`: which drafts, which settings, all cores, order kept, exit status.

use crate::cli::{self, CheckArgs, Colour, InputFormat};
use crate::config::{Chain, Layer, Settings};
use crate::draft::{Draft, Format as DraftFormat, Limits};
use crate::emit::{self, Checked, Failed, Format, OutputFormat, Summary, View};
use crate::finding::Language;
use crate::jsonl::{self, Lines, RawLine};
use crate::linter::Buffers;
use crate::pack::Pack;
use crate::policy::baseline;
use crate::policy::changes::Changes;
use crate::policy::fingerprint::Fingerprint;
use crate::policy::{Assessed, Counts};
use crate::project::{Prepared, Store};
use crate::settings_file::SettingsErrors;
use crate::span::LineIndex;
use crate::terminal::{self, Pasted};
use crate::voice::channel;
use crate::walk;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

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

/// What holds for a whole run.
struct Run<'a> {
    view: View<'static>,
    format: Box<dyn Format>,
    is_json: bool,
    flags: &'a Layer,
    input: InputFormat,
    diff_base: Option<&'a str>,
    /// Findings are kept rather than shown: statistics and baselines.
    keep: bool,
    /// Paths of drafts are kept, to say which entries of a baseline are gone.
    keep_paths: bool,
}

impl Run<'_> {
    fn part(&self, items: &mut [Item], buffers: &mut Buffers) -> Part {
        let mut part = Part::default();
        for item in items {
            let from = part.bytes.len();
            let result = catch_unwind(AssertUnwindSafe(|| self.one(item, buffers, &mut part)));
            if result.is_err() {
                part.bytes.truncate(from);
                *buffers = Buffers::default();
                let path = name_of(&item.source);
                let line = match &item.source {
                    Source::Line(line) => Some(line.number),
                    _ => None,
                };
                let message = "this is a bug in draftlint; the draft was not checked";
                self.failed(&Failed { id: None, path: &path, line, code: "internal", message }, &mut part);
            }
        }
        part
    }

    fn failed(&self, failed: &Failed<'_>, part: &mut Part) {
        part.summary.failed += 1;
        let place = match failed.line {
            Some(line) => format!("line {line}"),
            None => failed.path.to_owned(),
        };
        part.messages.push(format!("{place}: {}", failed.message));
        if !self.keep {
            separate(&*self.format, &mut part.bytes);
            let from = part.bytes.len();
            self.format.failed(&self.view, failed, &mut part.bytes);
            self.make_safe(&mut part.bytes, from);
        }
    }

    /// Nothing that a terminal or a log obeys leaves in JSON either; the other formats see to it themselves.
    fn make_safe(&self, bytes: &mut Vec<u8>, from: usize) {
        if self.is_json {
            emit::escape::json(bytes, from);
        }
    }

    fn one(&self, item: &mut Item, buffers: &mut Buffers, part: &mut Part) {
        let path = name_of(&item.source);
        let fail = |code, message: &str, part: &mut Part| {
            self.failed(&Failed { id: None, path: &path, line: None, code, message }, part)
        };
        let Some(prepared) = &item.prepared else {
            if let Source::Refused(_, code, message) = &item.source {
                fail(code, message, part);
            }
            return;
        };
        match &mut item.source {
            Source::Refused(_, code, message) => fail(code, message, part),
            Source::File(file) => match read_file(file, prepared.limits()) {
                Ok(bytes) => self.bytes(&path, &bytes, Some(file), prepared, buffers, part),
                Err(error) => fail("unreadable", &crate::file::why(&error), part),
            },
            Source::Bytes { bytes, .. } => self.bytes(&path, bytes, None, prepared, buffers, part),
            Source::Line(line) => {
                let number = line.number;
                let record = match line.bytes.take() {
                    Some(bytes) => jsonl::record(&bytes),
                    None => Err(jsonl::RecordError {
                        id: serde_json::Value::Null,
                        code: "too-long",
                        message: format!(
                            "the line has more than {} bytes (`record_bytes` of `[limits]` in draftlint.toml)",
                            prepared.limits().record_bytes
                        ),
                    }),
                };
                match record {
                    Ok(mut record) => {
                        record.draft.limits = prepared.limits();
                        let name = match &record.id {
                            serde_json::Value::String(id) => id.clone(),
                            serde_json::Value::Null => path.clone(),
                            other => other.to_string(),
                        };
                        self.draft(record.draft, Some(&record.id), &name, None, prepared, buffers, part);
                    }
                    Err(error) => {
                        let failed = Failed {
                            id: Some(&error.id),
                            path: &path,
                            line: Some(number),
                            code: error.code,
                            message: &error.message,
                        };
                        self.failed(&failed, part);
                    }
                }
            }
        }
    }

    fn bytes(
        &self,
        path: &str,
        bytes: &[u8],
        file: Option<&Path>,
        prepared: &Prepared,
        buffers: &mut Buffers,
        part: &mut Part,
    ) {
        match Draft::from_bytes_within(path, bytes, draft_format(self.input), prepared.limits()) {
            Ok(draft) => self.draft(draft, None, path, file, prepared, buffers, part),
            Err(error) => self
                .failed(&Failed { id: None, path, line: None, code: "unreadable", message: &error.to_string() }, part),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn draft(
        &self,
        mut draft: Draft,
        id: Option<&serde_json::Value>,
        path: &str,
        file: Option<&Path>,
        prepared: &Prepared,
        buffers: &mut Buffers,
        part: &mut Part,
    ) {
        self.declare(&mut draft, prepared, path, id.is_some(), part);
        let changes = match (self.diff_base, file) {
            (Some(base), Some(file)) => match Changes::since(base, file) {
                Ok(changes) => Some(changes),
                Err(message) => {
                    return self.failed(&Failed { id, path, line: None, code: "diff-base", message: &message }, part);
                }
            },
            _ => None,
        };
        let report = prepared.linter.lint_with(&draft, buffers);
        let assessed = prepared.policy.apply(&draft, report, changes.as_ref());
        if !assessed.problems.is_empty() {
            let lines = LineIndex::new(&draft.text);
            part.messages.extend(
                assessed
                    .problems
                    .iter()
                    .map(|(problem, span)| format!("{path}:{}: {problem}", lines.line_of(span.start))),
            );
        }
        let counts = Counts::of(&assessed);
        part.counts.entry(prepared.number).or_default().add(&counts);
        part.summary.drafts += 1;
        part.summary.held += usize::from(counts.by_severity[1] + counts.by_severity[2] > 0);
        part.summary.counts.add(&counts);
        if self.keep_paths {
            part.paths.push(path.to_owned());
        }
        if self.keep {
            part.kept.extend(kept(&assessed, path));
            return;
        }
        let masks = emit::masks(self.view.pack, &assessed);
        let lines = LineIndex::new(&draft.text);
        let checked = Checked { id, path, draft: &draft, assessed: &assessed, lines: &lines, masks: &masks };
        let (shown, left) = checked.split(&self.view, &*self.format);
        for i in 0..3 {
            part.summary.shown[i] += shown[i];
            part.summary.unshown[i] += left[i];
        }
        let separator = self.format.separator().len();
        let from = part.bytes.len();
        separate(&*self.format, &mut part.bytes);
        let before = part.bytes.len();
        self.format.draft(&self.view, &checked, &mut part.bytes);
        self.make_safe(&mut part.bytes, before);
        if part.bytes.len() == before && separator > 0 {
            part.bytes.truncate(from);
        }
    }

    /// Says what is wrong with the front matter and completes it from flags and settings.
    fn declare(&self, draft: &mut Draft, prepared: &Prepared, path: &str, is_record: bool, part: &mut Part) {
        let front = &mut draft.front_matter;
        if !is_record {
            for (problem, span) in &front.problems {
                let line = LineIndex::new(&draft.text).line_of(span.start);
                part.messages.push(format!("{path}:{line}: front matter: {problem}"));
            }
            if front.channel.as_deref().is_some_and(|c| channel::find(c).is_none()) {
                let allowed = crate::config::CHANNELS.join(", ");
                part.messages.push(format!(
                    "{path}:1: front matter: this channel is not known, its own rules did not run; known: {allowed}"
                ));
            }
        }
        prepared.complete(front, self.flags);
    }

    /// Lints a batch on all cores; what comes back is in order.
    fn batch(&self, mut items: Vec<Item>, workers: &mut [Buffers]) -> Vec<Part> {
        let cores = workers.len().min(items.len().div_ceil(CHUNK));
        if cores < 2 {
            return vec![self.part(&mut items, &mut workers[0])];
        }
        let chunks: Vec<Mutex<Option<&mut [Item]>>> = items.chunks_mut(CHUNK).map(|c| Mutex::new(Some(c))).collect();
        let parts: Vec<Mutex<Part>> = chunks.iter().map(|_| Mutex::default()).collect();
        let next = AtomicUsize::new(0);
        let work = |buffers: &mut Buffers| {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(chunk) = chunks.get(at).and_then(|c| c.lock().ok()?.take()) else { break };
                let part = self.part(chunk, buffers);
                if let Ok(mut slot) = parts[at].lock() {
                    *slot = part;
                }
            }
        };
        std::thread::scope(|scope| {
            let (mine, others) = workers.split_at_mut(1);
            for buffers in others.iter_mut().take(cores - 1) {
                let work = &work;
                scope.spawn(move || work(buffers));
            }
            work(&mut mine[0]);
        });
        parts.into_iter().map(|p| p.into_inner().unwrap_or_default()).collect()
    }
}

fn kept<'a>(assessed: &'a Assessed, path: &'a str) -> impl Iterator<Item = Kept> + 'a {
    assessed.findings.iter().map(move |j| Kept {
        fingerprint: j.fingerprint,
        rule: j.finding.rule,
        language: j.finding.language,
        severity: j.finding.severity,
        path: path.to_owned(),
    })
}

fn separate(format: &dyn Format, bytes: &mut Vec<u8>) {
    if !bytes.is_empty() {
        bytes.extend_from_slice(format.separator().as_bytes());
    }
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

/// Columns of the terminal; 80 where there is none.
pub fn terminal_width() -> usize {
    if !io::stdout().is_terminal() {
        return 80;
    }
    match crossterm::terminal::size() {
        Ok((columns, _)) if columns > 0 => usize::from(columns).clamp(40, 100),
        _ => 80,
    }
}

fn wants_colour(colour: Colour, to_file: bool) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
                || std::env::var_os("TERM").is_some_and(|t| t == "dumb");
            !to_file && !plain && io::stdout().is_terminal()
        }
    }
}

/// Where results go.
struct Output {
    name: String,
    writer: Box<dyn Write>,
}

impl Output {
    fn open(args: &CheckArgs, styled: bool) -> io::Result<Self> {
        let (name, raw): (String, Box<dyn Write>) = match &args.output_file {
            Some(path) => (shown(path), Box::new(io::BufWriter::with_capacity(1 << 16, std::fs::File::create(path)?))),
            None => {
                ("standard output".to_owned(), Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout().lock())))
            }
        };
        let keep = !styled || wants_colour(args.color, args.output_file.is_some());
        let writer: Box<dyn Write> = if keep { raw } else { Box::new(anstream::StripStream::new(raw)) };
        Ok(Self { name, writer })
    }
}

/// The draft that a person pastes, or that another program pipes in.
fn standard_input(
    name: Option<&str>,
    quiet: bool,
    asked: bool,
    language: Language,
    limits: Limits,
) -> Result<Source, u8> {
    let name = name.unwrap_or("-").to_owned();
    if io::stdin().is_terminal() && !asked {
        let prompt = if quiet { "" } else { emit::words::paste(language) };
        return match terminal::paste(prompt) {
            Ok(Pasted::Text(text)) => Ok(Source::Bytes { name, bytes: text.into_bytes() }),
            Ok(Pasted::Cancelled) => {
                cli::complain("cancelled");
                Err(cli::FAILURE)
            }
            Err(error) => {
                cli::complain(format!("terminal: {}", crate::file::why(&error)));
                Err(cli::FAILURE)
            }
        };
    }
    match read_all(io::stdin().lock(), limits) {
        Ok(bytes) => Ok(Source::Bytes { name, bytes }),
        Err(error) => {
            cli::complain(format!("standard input: {}", crate::file::why(&error)));
            Err(cli::FAILURE)
        }
    }
}

/// The language of the person at the terminal, before there is a draft: asked for, else the system's.
fn persons_language(asked: Option<Language>) -> Language {
    let system = || {
        let name =
            ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()))?;
        Language::from_name(name.get(..2)?)
    };
    asked.or_else(system).unwrap_or(Language::En)
}

/// What is on the clipboard, by the system's own program.
fn clipboard() -> Result<Vec<u8>, String> {
    let programs: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["pbpaste"]]
    } else if cfg!(windows) {
        &[&[
            "powershell",
            "-NoProfile",
            "-Command",
            "[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-Clipboard -Raw",
        ]]
    } else {
        &[
            &["wl-paste", "--no-newline"],
            &["xclip", "-selection", "clipboard", "-out"],
            &["xsel", "--clipboard", "--output"],
        ]
    };
    for program in programs {
        match std::process::Command::new(program[0]).args(&program[1..]).output() {
            Ok(output) if output.status.success() => return Ok(output.stdout),
            _ => {}
        }
    }
    let names: Vec<&str> = programs.iter().map(|p| p[0]).collect();
    Err(format!("--clipboard: the clipboard cannot be read with {}; pipe the draft in instead", names.join(", ")))
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
        has_baseline: layer.baseline.is_some() && !is_baseline,
        fail_on: here
            .as_ref()
            .map_or(crate::policy::FailOn::Severity(crate::finding::Severity::Warning), |h| h.settings.fail_on),
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
        statistics(&run, &total, &mut output, output_format)
    } else {
        run.format.tail(&run.view, &total.summary, &mut *output.writer)
    };
    if let Err(error) = written.and_then(|()| output.writer.flush()) {
        return cli::output_failure(&error, &output.name);
    }
    report_gone(&store, &total, args);
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
        let bytes = clipboard().map_err(|message| Stop::Status(fail(message)))?;
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
                let source = standard_input(
                    name,
                    args.quiet,
                    !args.paths.is_empty(),
                    persons_language(run.view.message_language),
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

/// A count on standard error, for long runs that a person watches.
struct Progress {
    since: Option<std::time::Instant>,
    shown: bool,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        let watched = !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { since: watched.then(std::time::Instant::now), shown: false }
    }

    fn show(&mut self, drafts: usize) {
        if self.since.is_some_and(|s| s.elapsed().as_secs() >= 1) {
            let _ = write!(io::stderr(), "\r{drafts} drafts");
            self.shown = true;
        }
    }

    fn clear(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r{:24}\r", "");
        }
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

fn statistics(run: &Run<'_>, total: &Total, output: &mut Output, format: OutputFormat) -> io::Result<()> {
    let mut by_rule: BTreeMap<(std::cmp::Reverse<usize>, String), ()> = BTreeMap::new();
    let mut rules: BTreeMap<u32, usize> = BTreeMap::new();
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for kept in &total.kept {
        *rules.entry(kept.rule).or_default() += 1;
        *languages.entry(kept.language.name()).or_default() += 1;
        files.entry(&kept.path).or_default()[kept.severity as usize] += 1;
    }
    for (rule, count) in rules {
        by_rule.insert((std::cmp::Reverse(count), run.view.pack.rule(rule).full_id().to_owned()), ());
    }
    let mut worst: Vec<(&str, [usize; 3])> = files.into_iter().collect();
    worst.sort_by_key(|(path, n)| (std::cmp::Reverse((n[2], n[1], n[0])), path.to_owned()));
    if matches!(format, OutputFormat::Json | OutputFormat::Jsonl) {
        let rules: serde_json::Map<String, serde_json::Value> =
            by_rule.into_keys().map(|(n, r)| (r, n.0.into())).collect();
        let files: serde_json::Map<String, serde_json::Value> = worst
            .iter()
            .map(|(p, n)| ((*p).to_owned(), serde_json::json!({ "errors": n[2], "warnings": n[1], "notes": n[0] })))
            .collect();
        let value = serde_json::json!({ "schema_version": emit::SCHEMA_VERSION, "drafts": total.summary.drafts, "rules": rules, "languages": languages, "files": files });
        let mut bytes = value.to_string().into_bytes();
        emit::escape::json(&mut bytes, 0);
        bytes.push(b'\n');
        return output.writer.write_all(&bytes);
    }
    for ((count, rule), ()) in by_rule {
        writeln!(output.writer, "{:>7}  {rule}", count.0)?;
    }
    writeln!(output.writer)?;
    for (language, count) in languages {
        writeln!(output.writer, "{count:>7}  {language}")?;
    }
    writeln!(output.writer)?;
    let reader = run.view.run_language();
    for (path, counts) in worst {
        let of_each = emit::words::severity_counts(reader, &counts);
        writeln!(output.writer, "{:>7}  {} ({of_each})", counts.iter().sum::<usize>(), emit::escape::visible(path))?;
    }
    writeln!(output.writer, "\n{}", emit::words::drafts_line(reader, &total.summary))
}

/// Says which known findings are gone, so that the baseline can be written anew.
fn report_gone(store: &Store, total: &Total, args: &CheckArgs) {
    if args.quiet {
        return;
    }
    let mut told: Vec<&Path> = Vec::new();
    for baseline in store.baselines() {
        if told.contains(&baseline.path()) {
            continue;
        }
        told.push(baseline.path());
        let gone = baseline.gone(&total.paths);
        for (rule, path) in &gone {
            cli::complain(format!("{path}: a known finding of {rule} is gone"));
        }
        if !gone.is_empty() {
            cli::complain(format!("{} of the baseline are gone; `draftlint baseline` writes it anew", gone.len()));
        }
    }
}

/// A salt for a project's fingerprints: 128 bits from the system's own source of random hash keys.
fn new_salt() -> String {
    use std::hash::{BuildHasher, Hasher};
    let word = || std::hash::RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", word(), word())
}

/// What a baseline still lacks in the project's settings, and where it will be written.
struct BaselinePlan {
    path: PathBuf,
    settings: PathBuf,
    add: Vec<(&'static str, String)>,
}

impl BaselinePlan {
    fn new(output: Option<&Path>, store: &mut Store, here: Option<&Prepared>, args: &CheckArgs) -> Self {
        let layer = here.map_or_else(Layer::default, |h| h.settings.layer.clone());
        let settings = args
            .config
            .config
            .clone()
            .or_else(|| here.and_then(|h| h.settings.sources.last().cloned()))
            .unwrap_or_else(|| PathBuf::from(crate::config::FILE_NAME));
        let mut add = Vec::new();
        let path = output
            .map(Path::to_owned)
            .or(layer.baseline.clone())
            .unwrap_or_else(|| settings.with_file_name("draftlint.baseline.json"));
        if !args.config.isolated {
            if layer.baseline.is_none() {
                let folder = std::path::absolute(&settings)
                    .ok()
                    .and_then(|s| s.parent().map(Path::to_owned))
                    .unwrap_or_default();
                let full = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
                add.push(("baseline", shown(full.strip_prefix(&folder).unwrap_or(&full))));
            }
            if layer.fingerprint_salt.is_none() {
                let salt = new_salt();
                store.salt(&salt);
                add.push(("fingerprint_salt", salt));
            }
        }
        Self { path, settings, add }
    }

    fn write(&self, store: &Store, total: &Total) -> u8 {
        let findings: Vec<(Fingerprint, String, String)> = total
            .kept
            .iter()
            .map(|k| (k.fingerprint, store.pack.rule(k.rule).full_id().to_owned(), k.path.clone()))
            .collect();
        let count = match baseline::write(&self.path, &findings) {
            Ok(count) => count,
            Err(error) => return fail(error),
        };
        if !self.add.is_empty() {
            if let Err(error) = crate::config::add(&self.settings, &self.add) {
                return fail(format!("{}: {}", shown(&self.settings), crate::file::why(&error)));
            }
            let keys: Vec<&str> = self.add.iter().map(|(key, _)| *key).collect();
            cli::complain(format!("{}: {} added", shown(&self.settings), keys.join(" and ")));
        }
        cli::complain(format!(
            "{}: {count} findings of {} drafts are known from now on",
            shown(&self.path),
            total.summary.drafts
        ));
        if total.summary.failed > 0 || total.broken { cli::FAILURE } else { cli::CLEAN }
    }
}
