//! The command line: commands, flags, and what each command does.

use crate::config::Layer;
use crate::date::Date;
use crate::emit::OutputFormat;
use crate::finding::{Confidence, Language, Severity};
use crate::pack::Pack;
use crate::policy::FailOn;
use crate::run;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

/// Exit status: clean or below the threshold.
pub const CLEAN: u8 = 0;
/// Exit status: findings at or above the threshold.
pub const FINDINGS: u8 = 1;
/// Exit status: usage, configuration, input or output, internal error.
pub const FAILURE: u8 = 2;

/// A linter for draft posts by executives: platitudes, disclosures, combative tone, off-brand voice; in English, French,
/// Dutch and Russian.
///
/// Without a command, `check`; without a path, standard input: alone in a terminal it asks for the text.
#[derive(Debug, Parser)]
#[command(name = "draftlint", version, max_term_width = 100, subcommand_negates_reqs = true)]
pub struct Cli {
    #[command(flatten)]
    check: CheckArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check drafts: files, folders, or standard input
    Check(Box<CheckArgs>),
    /// Show a rule's page: what, why, what to do, examples, sources
    Explain(ExplainArgs),
    /// List the rules, or test a rule folder's examples
    Rules(RulesArgs),
    /// Write a commented draftlint.toml and voice.toml
    Init(LaterArgs),
    /// Learn a voice from approved posts
    Learn(LaterArgs),
    /// Print the questions to answer before posting
    Checklist(LaterArgs),
    /// Print exactly the text to post: no front matter, no directives
    Clean(CleanArgs),
    /// Write a baseline, so that only new findings fail
    Baseline(BaselineArgs),
    /// Keep the registry of your own secrets
    Secrets(LaterArgs),
    /// Write a sign-off receipt
    Sign(LaterArgs),
    /// Check a sign-off receipt
    Verify(LaterArgs),
    /// Compare two language versions of a post
    Parity(LaterArgs),
    /// Serve an editor
    Lsp(LaterArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// How drafts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// By the file's name, else by its content
    #[default]
    Auto,
    /// Plain text
    Text,
    /// Markdown
    Markdown,
    /// HTML
    Html,
    /// Word
    Docx,
    /// One JSON record a line
    #[value(alias = "json-lines")]
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LanguageName {
    En,
    Fr,
    Nl,
    Ru,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SeverityName {
    Note,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOnName {
    Note,
    Warning,
    Error,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ConfidenceName {
    Low,
    Medium,
    High,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// In a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which rules there are.
#[derive(Clone, Debug, Default, Args)]
pub struct PackArgs {
    /// Add the rules of a folder
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Use the rules of this folder instead of those that ship
    #[arg(long, value_name = "DIR", conflicts_with = "rules")]
    pub rules_only: Option<PathBuf>,
}

/// Which settings hold.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfigArgs {
    /// Use this settings file and no other
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,
    /// Use no settings file
    #[arg(long)]
    pub isolated: bool,
}

/// The flags of `check`.
#[derive(Clone, Debug, Default, Args)]
pub struct CheckArgs {
    /// Files, folders, or `-` for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, visible_alias = "format", value_enum, value_name = "FORMAT")]
    pub output_format: Option<OutputFormat>,
    /// How drafts are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_default_value = true)]
    pub input_format: InputFormat,
    /// The name of what comes on standard input
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
    /// Check what is on the clipboard
    #[arg(long)]
    pub clipboard: bool,
    /// The drafts' language
    #[arg(long, value_enum, value_name = "LANG")]
    lang: Option<LanguageName>,
    /// The language of messages; the draft's unless given
    #[arg(long, value_enum, value_name = "LANG")]
    message_lang: Option<LanguageName>,
    /// Where it will be posted
    #[arg(long, value_name = "CHANNEL", value_parser = clap::builder::PossibleValuesParser::new(crate::config::CHANNELS.iter().copied()))]
    channel: Option<String>,
    /// What kind of post it is
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(crate::compiler::layout::KINDS))]
    kind: Option<String>,
    /// Who speaks
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// The day drafts are judged against, instead of their own date or today
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub pack: PackArgs,
    /// Run only these: a family, category or rule
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    select: Option<Vec<String>>,
    /// Do not run these: a family, category or rule
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    ignore: Option<Vec<String>>,
    /// Show nothing below
    #[arg(long, value_enum, value_name = "SEVERITY")]
    min_severity: Option<SeverityName>,
    /// Show nothing less sure
    #[arg(long, value_enum, value_name = "CONFIDENCE")]
    min_confidence: Option<ConfidenceName>,
    /// Show every finding
    #[arg(long)]
    pub all: bool,
    /// The severity from which the exit status is 1 [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOnName>,
    /// Fail for warnings only above this number
    #[arg(long, value_name = "N")]
    max_warnings: Option<usize>,
    /// Exit with 0 whatever is found (errors still give 2)
    #[arg(long)]
    pub exit_zero: bool,
    /// Leave the draft's words out of the output (default when CI is set)
    #[arg(long, overrides_with = "no_redact")]
    redact: bool,
    /// Show the draft's words even when CI is set
    #[arg(long, overrides_with = "redact")]
    no_redact: bool,
    /// Put the words of findings into machine formats
    #[arg(long)]
    pub include_text: bool,
    /// Report only lines changed since this Git revision
    #[arg(long, value_name = "REV")]
    pub diff_base: Option<String>,
    /// Count findings by rule, language and file instead of listing them
    #[arg(long)]
    pub statistics: bool,
    /// Print the settings that hold for the paths, and stop
    #[arg(long)]
    pub show_settings: bool,
    /// Colours
    #[arg(long, visible_alias = "colour", value_enum, default_value_t, value_name = "WHEN", hide_default_value = true)]
    pub color: Colour,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// Findings only: no counts, no hints
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
struct ExplainArgs {
    /// The rule, with or without its family
    rule: String,
    /// The page's language
    #[arg(long, visible_alias = "lang", value_enum, value_name = "LANG")]
    message_lang: Option<LanguageName>,
    /// As text or JSON
    #[arg(long, visible_alias = "format", value_enum, default_value = "text", value_name = "FORMAT")]
    output_format: ListFormat,
    #[command(flatten)]
    pack: PackArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Text,
    Json,
    /// The reference that stands in rules/README.md
    Markdown,
}

#[derive(Debug, Args)]
struct RulesArgs {
    /// Run every example of a rule folder
    #[arg(long, value_name = "DIR")]
    test: Option<PathBuf>,
    /// With --test: only the rules whose name holds this word
    #[arg(long, value_name = "WORD", requires = "test")]
    only: Option<String>,
    /// As text, JSON or Markdown
    #[arg(long, visible_alias = "format", value_enum, default_value = "text", value_name = "FORMAT")]
    output_format: ListFormat,
    #[command(flatten)]
    pack: PackArgs,
}

#[derive(Debug, Args)]
struct CleanArgs {
    /// The draft, or `-` for standard input
    draft: PathBuf,
    /// How it is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_default_value = true)]
    input_format: InputFormat,
}

#[derive(Debug, Args)]
struct BaselineArgs {
    /// Files and folders whose findings are known from now on
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to write it [default: the settings' baseline, else draftlint.baseline.json]
    #[arg(short, long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// The day drafts are judged against
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    pack: PackArgs,
}

/// The arguments of commands that are still to come: anything.
#[derive(Debug, Args)]
struct LaterArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<OsString>,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write a day of the calendar as 2026-11-30".to_owned())
}

macro_rules! same_name {
    ($from:ident => $to:ident: $($variant:ident),+) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self { match value { $($from::$variant => $to::$variant),+ } }
        }
    };
}
same_name!(LanguageName => Language: En, Fr, Nl, Ru);
same_name!(SeverityName => Severity: Note, Warning, Error);
same_name!(ConfidenceName => Confidence: Low, Medium, High);

impl From<FailOnName> for FailOn {
    fn from(value: FailOnName) -> Self {
        match value {
            FailOnName::Note => Self::Severity(Severity::Note),
            FailOnName::Warning => Self::Severity(Severity::Warning),
            FailOnName::Error => Self::Severity(Severity::Error),
            FailOnName::Never => Self::Never,
        }
    }
}

impl CheckArgs {
    /// The flags as the strongest layer of settings.
    pub fn layer(&self) -> Layer {
        let named = |list: &Option<Vec<String>>| {
            list.as_ref().map(|l| {
                l.iter().map(|name| crate::config::Named { name: name.trim().to_owned(), place: None }).collect()
            })
        };
        Layer {
            select: named(&self.select),
            ignore: named(&self.ignore),
            fail_on: self.fail_on.map(Into::into),
            max_warnings: self.max_warnings,
            min_severity: self.min_severity.map(Into::into),
            min_confidence: self.min_confidence.map(Into::into),
            lang: self.lang.map(Into::into),
            message_lang: self.message_lang.map(Into::into),
            channel: self.channel.clone(),
            kind: self.kind.clone(),
            author: self.author.clone(),
            as_of: self.as_of,
            crisis: std::env::var_os("DRAFTLINT_CRISIS").filter(|v| !v.is_empty() && v != "0").map(|_| true),
            redact: match (self.redact, self.no_redact) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            ..Layer::default()
        }
    }
}

/// Loads the rules that a command asks for; they live as long as the process.
pub fn load_pack(args: &PackArgs, more: &[PathBuf]) -> Result<&'static Pack, String> {
    let (folders, with_embedded): (Vec<PathBuf>, bool) = match &args.rules_only {
        Some(folder) => (vec![folder.clone()], false),
        None => (args.rules.iter().chain(more).cloned().collect(), true),
    };
    if folders.is_empty() {
        return Ok(Pack::embedded());
    }
    let pack = Pack::from_folders(&folders, with_embedded).map_err(|e| e.to_string())?;
    Ok(Box::leak(Box::new(pack)))
}

/// Writes a line for people to standard error; a closed standard error is nobody's fault.
pub fn complain(message: impl std::fmt::Display) {
    let mut err = std::io::stderr().lock();
    for line in message.to_string().lines() {
        let _ = writeln!(err, "draftlint: {}", crate::emit::escape::visible(line));
    }
}

/// Runs the program; the answer is its exit status.
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let mut command = Cli::command();
    let args = command_first(args.into_iter().collect(), &command);
    let parsed =
        command.try_get_matches_from_mut(args).and_then(|m| <Cli as clap::FromArgMatches>::from_arg_matches(&m));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => return write_out(&error.render().to_string()),
        Err(error) => {
            complain(one_line(&error));
            return FAILURE;
        }
    };
    match cli.command {
        None => run::check(&cli.check),
        Some(Command::Check(args)) => run::check(&args),
        Some(Command::Explain(args)) => explain(&args),
        Some(Command::Rules(args)) => rules(&args),
        Some(Command::Clean(args)) => clean(&args),
        Some(Command::Baseline(args)) => {
            let check = CheckArgs {
                paths: args.paths,
                as_of: args.as_of,
                config: args.config,
                pack: args.pack,
                ..CheckArgs::default()
            };
            run::baseline(&check, args.output_file.as_deref())
        }
        Some(Command::Completions { shell }) => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "draftlint", &mut out);
            write_out(&String::from_utf8_lossy(&out))
        }
        Some(Command::Man) => {
            let mut out = Vec::new();
            let _ = clap_mangen::Man::new(Cli::command()).render(&mut out);
            write_out(&String::from_utf8_lossy(&out))
        }
        Some(Command::Init(_)) => not_yet("init"),
        Some(Command::Learn(_)) => not_yet("learn"),
        Some(Command::Checklist(_)) => not_yet("checklist"),
        Some(Command::Secrets(_)) => not_yet("secrets"),
        Some(Command::Sign(_)) => not_yet("sign"),
        Some(Command::Verify(_)) => not_yet("verify"),
        Some(Command::Parity(_)) => not_yet("parity"),
        Some(Command::Lsp(_)) => not_yet("lsp"),
    }
}

fn not_yet(name: &str) -> u8 {
    complain(format!("`draftlint {name}` is not built yet"));
    FAILURE
}

/// Moves the command to the front, so that flags of `check` may stand on either side of its name.
fn command_first(mut args: Vec<OsString>, command: &clap::Command) -> Vec<OsString> {
    let mut at = 1;
    while let Some(arg) = args.get(at) {
        let Some(text) = arg.to_str().filter(|t| *t != "--") else { break };
        if text.starts_with('-') && text.len() > 1 {
            at += 1 + usize::from(takes_value(command, text));
            continue;
        }
        if at > 1 && command.find_subcommand(text).is_some() {
            let name = args.remove(at);
            args.insert(1, name);
        }
        break;
    }
    args
}

/// Whether the flag's value is the next argument.
fn takes_value(command: &clap::Command, flag: &str) -> bool {
    let found = match flag.strip_prefix("--") {
        Some(long) => command
            .get_arguments()
            .find(|a| a.get_long() == Some(long) || a.get_all_aliases().is_some_and(|all| all.contains(&long))),
        None if flag.chars().count() == 2 => command.get_arguments().find(|a| a.get_short() == flag.chars().nth(1)),
        None => None,
    };
    found.is_some_and(|a| a.get_action().takes_values())
}

/// A usage error on one line: what was found, what is allowed, what is near.
fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let told =
        text.split("\n\nUsage:").next().unwrap_or(&text).split("\n\nFor more information").next().unwrap_or_default();
    let parts: Vec<&str> = told.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    parts.join("; ").trim_start_matches("error: ").to_owned()
}

/// Writes to standard output; a closed pipe is a reader who has read enough.
pub fn write_out(text: &str) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => CLEAN,
        Err(error) => output_failure(&error, "standard output"),
    }
}

/// The exit status after output failed.
pub fn output_failure(error: &std::io::Error, name: &str) -> u8 {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return CLEAN;
    }
    complain(format!("{name}: {}", crate::walk::plain(error)));
    FAILURE
}

fn explain(args: &ExplainArgs) -> u8 {
    let pack = match load_pack(&args.pack, &[]) {
        Ok(pack) => pack,
        Err(message) => {
            complain(message);
            return FAILURE;
        }
    };
    let Some(rule) = pack.find_rule(&args.rule) else {
        let near = pack
            .nearest_rule(&args.rule)
            .map_or_else(|| "`draftlint rules` lists them".to_owned(), |n| format!("did you mean `{n}`?"));
        complain(format!("no rule is called `{}`; {near}", args.rule));
        return FAILURE;
    };
    let rule = pack.rule(rule);
    match args.output_format {
        ListFormat::Json => write_out(&crate::explain::json(rule)),
        ListFormat::Markdown => write_out(&crate::explain::markdown(rule)),
        ListFormat::Text => {
            write_out(&crate::explain::page(rule, args.message_lang.map(Into::into), run::terminal_width()))
        }
    }
}

fn rules(args: &RulesArgs) -> u8 {
    if let Some(folder) = &args.test {
        // a folder of its own is tested together with the rules that ship, unless it stands instead of them
        let more = if args.pack.rules_only.is_some() { Vec::new() } else { vec![folder.clone()] };
        return match load_pack(&args.pack, &more) {
            Ok(pack) => crate::rule_tests::run(pack, folder, args.only.as_deref()),
            Err(message) => {
                complain(message);
                FAILURE
            }
        };
    }
    match load_pack(&args.pack, &[]) {
        Ok(pack) => match args.output_format {
            ListFormat::Json => write_out(&crate::explain::list_json(pack)),
            ListFormat::Markdown => write_out(&crate::explain::reference(pack)),
            ListFormat::Text => write_out(&crate::explain::list(pack)),
        },
        Err(message) => {
            complain(message);
            FAILURE
        }
    }
}

fn clean(args: &CleanArgs) -> u8 {
    match run::read_draft(&args.draft, args.input_format) {
        Ok(draft) => write_out(&crate::document::block::clean(&draft)),
        Err(message) => {
            complain(message);
            FAILURE
        }
    }
}
