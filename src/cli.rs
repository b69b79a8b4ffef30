//! The command line: commands, flags, and what each command does.

use crate::config::Layer;
use crate::date::Date;
use crate::emit::OutputFormat;
use crate::finding::{Confidence, Language, Severity};
use crate::pack::Pack;
use crate::policy::FailOn;
use clap::{Args, Parser, Subcommand, ValueEnum};
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
    pub(crate) check: CheckArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check drafts: files, folders, or standard input
    Check(Box<CheckArgs>),
    /// Show a rule's page: what, why, what to do, examples, sources
    Explain(ExplainArgs),
    /// List the rules, or test a rule folder's examples
    Rules(RulesArgs),
    /// Write a commented draftlint.toml and voice.toml
    Init(crate::init::InitArgs),
    /// Learn a voice from approved posts
    Learn(LearnCommand),
    /// Fit the weights of the specificity score from labelled JSON lines
    Fit(FitArgs),
    /// Print the questions to answer before posting
    Checklist(ChecklistArgs),
    /// Print exactly the text to post: no front matter, no directives
    Clean(CleanArgs),
    /// Write a baseline, so that only new findings fail
    Baseline(BaselineArgs),
    /// Keep the registry of your own secrets
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Write a sign-off receipt
    Sign(SignArgs),
    /// Check a sign-off receipt
    Verify(VerifyArgs),
    /// Compare two language versions of a post
    Parity(ParityArgs),
    /// Serve an editor: a language server on standard input and output
    Lsp(LspArgs),
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
pub(crate) enum LanguageName {
    En,
    Fr,
    Nl,
    Ru,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityName {
    Note,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnName {
    Note,
    Warning,
    Error,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfidenceName {
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
    pub(crate) lang: Option<LanguageName>,
    /// The language of messages; the draft's unless given
    #[arg(long, value_enum, value_name = "LANG")]
    pub(crate) message_lang: Option<LanguageName>,
    /// Where it will be posted
    #[arg(long, value_name = "CHANNEL", value_parser = crate::config::channel_parser())]
    pub(crate) channel: Option<String>,
    /// What kind of post it is
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(crate::compiler::layout::KINDS))]
    pub(crate) kind: Option<String>,
    /// Who speaks
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// The day drafts are judged against, instead of their own date or today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub pack: PackArgs,
    /// Run only these: a family, category or rule
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) select: Option<Vec<String>>,
    /// Do not run these: a family, category or rule
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) ignore: Option<Vec<String>>,
    /// Show nothing below
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<SeverityName>,
    /// Show nothing less sure
    #[arg(long, value_enum, value_name = "CONFIDENCE")]
    pub(crate) min_confidence: Option<ConfidenceName>,
    /// Show every finding
    #[arg(long)]
    pub all: bool,
    /// The severity from which the exit status is 1 [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOnName>,
    /// Fail for warnings only above this number
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
    /// Exit with 0 whatever is found (errors still give 2)
    #[arg(long)]
    pub exit_zero: bool,
    /// Leave the draft's words out of the output (default when CI is set)
    #[arg(long, overrides_with = "no_redact")]
    pub(crate) redact: bool,
    /// Show the draft's words even when CI is set
    #[arg(long, overrides_with = "redact")]
    pub(crate) no_redact: bool,
    /// Put the words of findings into machine formats
    #[arg(long)]
    pub include_text: bool,
    /// Leave out what the settings exclude even when it is named, as pre-commit does
    #[arg(long)]
    pub force_exclude: bool,
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
pub(crate) struct ExplainArgs {
    /// The rule, with or without its family
    pub(crate) rule: String,
    /// The page's language
    #[arg(long, visible_alias = "lang", value_enum, value_name = "LANG")]
    pub(crate) message_lang: Option<LanguageName>,
    /// As text or JSON
    #[arg(long, visible_alias = "format", value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) output_format: ListFormat,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
    /// The reference that stands in rules/README.md
    Markdown,
}

/// What `parity` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParityFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// Run every example of a rule folder
    #[arg(long, value_name = "DIR")]
    pub(crate) test: Option<PathBuf>,
    /// With --test: only the rules whose name holds this word
    #[arg(long, value_name = "WORD", requires = "test")]
    pub(crate) only: Option<String>,
    /// As text, JSON or Markdown
    #[arg(long, visible_alias = "format", value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) output_format: ListFormat,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CleanArgs {
    /// The draft, or `-` for standard input
    pub(crate) draft: PathBuf,
    /// How it is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_default_value = true)]
    pub(crate) input_format: InputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    /// Files and folders whose findings are known from now on
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Where to write it [default: the settings' baseline, else draftlint.baseline.json]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// The day drafts are judged against
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

/// What editors add to the command of a language server.
#[derive(Debug, Args)]
pub(crate) struct LspArgs {
    /// Accepted for editors that name the transport; there is no other
    #[arg(long, hide = true)]
    stdio: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LearnCommand {
    #[command(flatten)]
    pub(crate) learn: crate::learn::LearnArgs,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

/// What a line for `fit` holds.
const FIT_HELP: &str = "\
A line holds `text` and `score` (from 1, says nothing, to 5, nothing but specifics; another scale as `scale = [lowest, \
highest]`), and may hold `lang` and `weight`. The weights are printed; `specificity_weights` in draftlint.toml names a file of \
them. The same lines give the same weights.

For `--classifier` a line holds `text` and, when it ought to be stopped, `label`, the model that ought to stop it (combative, \
confidential, forward-looking, or your own); the weights belong into `weights/LANG.txt` of a rule folder.";

#[derive(Debug, Args)]
#[command(after_long_help = FIT_HELP)]
pub(crate) struct FitArgs {
    /// Files of labelled lines; `FILE:2` counts each line twice
    #[arg(required = true, value_name = "FILE[:WEIGHT]")]
    pub(crate) sources: Vec<String>,
    /// Fit the weights of this language's classifiers instead of those of the specificity score
    #[arg(long, value_name = "LANG", conflicts_with = "ridge")]
    pub(crate) classifier: Option<LanguageName>,
    /// With `--classifier`: files of harmless lines whose own words get no weight
    #[arg(long, value_name = "FILE[:WEIGHT]", requires = "classifier")]
    pub(crate) beside: Vec<String>,
    /// The penalty for weights
    #[arg(long, value_name = "NUMBER", default_value_t = crate::specificity::fit::RIDGE)]
    pub(crate) ridge: f64,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ChecklistArgs {
    /// The draft, or `-` for standard input
    pub(crate) draft: PathBuf,
    /// The language of the questions; the draft's unless given
    #[arg(long, visible_alias = "message-lang", value_enum, value_name = "LANG")]
    pub(crate) lang: Option<LanguageName>,
    /// How it is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_default_value = true)]
    pub(crate) input_format: InputFormat,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

/// What the registry holds, and what it protects against.
const SECRETS_HELP: &str = "\
Terms are read from standard input, one a line, never from the command line, which shells and process lists keep.

The registry holds keyed hashes, not terms: whoever sees the file alone learns no term and cannot test a guess. Whoever has \
the file and the key can test guesses, millions a second, and names are few. Labels, kinds, dates and the number of words \
stand in clear. Drafts that name a secret hold it in clear. Paraphrases, translations, pictures and typing errors are not \
recognised. Keep the key like a password; it is looked for in DRAFTLINT_SECRETS_KEY (64 hexadecimal digits), then in the \
file that DRAFTLINT_SECRETS_KEY_FILE or `registry_key` in draftlint.toml names, then in draftlint/secrets.key of the user's \
configuration folder. A missing key is an error, never a silent skip.";

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Register terms from standard input, one a line
    #[command(after_long_help = SECRETS_HELP)]
    Add(Box<SecretsAddArgs>),
    /// List labels, kinds and dates; terms are not in the file
    List {
        #[command(flatten)]
        registry: RegistryArgs,
    },
    /// Say which registered terms stand in the text on standard input
    Test {
        #[command(flatten)]
        registry: RegistryArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RegistryArgs {
    /// The registry [default: the settings' `registry`, else the nearest draftlint.secrets.toml upwards, else a new one
    /// beside draftlint.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,
    /// The file that holds the key
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Only here to be refused: a term on the command line is no secret any more
    #[arg(hide = true)]
    pub(crate) terms: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct SecretsAddArgs {
    /// What lists call the terms; must not give them away
    #[arg(long, value_name = "LABEL")]
    pub(crate) label: Option<String>,
    /// What they name
    #[arg(long, value_name = "KIND", default_value = "project", value_parser = clap::builder::PossibleValuesParser::new(crate::registry::KINDS))]
    pub(crate) kind: String,
    /// Until when they are under embargo: date, time and zone, such as 2026-12-14T08:00+01:00
    #[arg(long, value_name = "MOMENT")]
    pub(crate) until: Option<String>,
    /// Another severity than error
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) level: Option<SeverityName>,
    /// Make the key of a new registry first
    #[arg(long)]
    pub(crate) new_key: bool,
    /// Register a restricted period instead of terms
    #[arg(long, requires_all = ["from", "to"], conflicts_with_all = ["until", "level", "new_key"])]
    pub(crate) period: bool,
    /// The first day of the period
    #[arg(long, value_name = "DATE", value_parser = day, requires = "period")]
    pub(crate) from: Option<Date>,
    /// The last day of the period
    #[arg(long, value_name = "DATE", value_parser = day, requires = "period")]
    pub(crate) to: Option<Date>,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The draft
    pub(crate) draft: PathBuf,
    /// In which role: one that draftlint.toml lists
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: String,
    /// Where the receipt is written; `-` for standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output_file: PathBuf,
    /// Sign the receipt with this SSH key, through ssh-keygen
    #[arg(long, value_name = "FILE")]
    pub(crate) ssh_key: Option<PathBuf>,
    /// The day the draft is judged against
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The receipt
    pub(crate) receipt: PathBuf,
    /// The draft
    pub(crate) draft: PathBuf,
    /// Whose keys may sign: a file of `ssh-keygen`'s allowed signers
    #[arg(long, value_name = "FILE")]
    pub(crate) allowed_signers: Option<PathBuf>,
    /// Who must have signed, as the allowed signers are named
    #[arg(long, value_name = "NAME", requires = "allowed_signers")]
    pub(crate) identity: Option<String>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ParityArgs {
    /// One language version
    pub(crate) first: PathBuf,
    /// The other
    pub(crate) second: PathBuf,
    /// As text or JSON
    #[arg(long, visible_alias = "format", value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) output_format: ParityFormat,
    /// The language of the answer
    #[arg(long, value_enum, value_name = "LANG")]
    pub(crate) message_lang: Option<LanguageName>,
    /// Put the drafts' words into JSON
    #[arg(long)]
    pub(crate) include_text: bool,
    /// Leave the drafts' words out (default when CI is set)
    #[arg(long, overrides_with = "no_redact")]
    pub(crate) redact: bool,
    /// Show the drafts' words even when CI is set
    #[arg(long, overrides_with = "redact")]
    pub(crate) no_redact: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
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
    refuse_escapes(&pack)?;
    Ok(Box::leak(Box::new(pack)))
}

/// What rules say goes to terminals, logs and pages as it is: a rule of another's making must hold nothing they obey.
fn refuse_escapes(pack: &Pack) -> Result<(), String> {
    for rule in pack.rules() {
        for &language in Language::ALL {
            for (name, text) in [("message", rule.message(language)), ("advice", rule.advice(language))] {
                if !crate::emit::escape::is_printable(text) {
                    return Err(format!(
                        "rule {}: `{name}` ({}) holds a control or invisible character",
                        rule.slug(),
                        language.name()
                    ));
                }
            }
        }
        let page = rule.page();
        if ![page.title.as_str(), page.why.as_str()].into_iter().all(crate::emit::escape::is_printable) {
            return Err(format!("rule {}: `title` or `why` holds a control or invisible character", rule.slug()));
        }
    }
    Ok(())
}

/// Writes a line for people to standard error; a closed standard error is nobody's fault.
pub fn complain(message: impl std::fmt::Display) {
    let mut err = std::io::stderr().lock();
    for line in message.to_string().lines() {
        let _ = writeln!(err, "draftlint: {}", crate::emit::escape::visible(line));
    }
}

/// Writes to standard output; a closed pipe is a reader who has read enough.
pub fn write_out(text: &str) -> u8 {
    write_out_or(text, CLEAN)
}

/// Prints what a command has to say, and gives `status` where all of it was printed.
pub fn write_out_or(text: &str, status: u8) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => status,
        Err(error) => output_failure(&error, "standard output"),
    }
}

/// The exit status after output failed: a reader who has read enough is no failure.
pub fn output_failure(error: &std::io::Error, name: &str) -> u8 {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return CLEAN;
    }
    complain(format!("{name}: {}", crate::file::why(error)));
    FAILURE
}
