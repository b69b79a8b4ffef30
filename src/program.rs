//! From the command line's words to the exit status.

use crate::classifier;
use crate::cli::*;
use crate::commands::{self, Answer};
use crate::config::{Chain, Layer};
use crate::date::Date;
use crate::draft::{Draft, Format};
use crate::finding::Language;
use crate::labelled::{LabelledError, Source};
use crate::linter::{Buffers, Linter};
use crate::options::Options;
use crate::pack::Pack;
use crate::registry::{Addition, KeyPlace};
use crate::run;
use crate::signoff::Basis;
use crate::specificity::Weights;
use crate::specificity::fit;
use clap::CommandFactory;
use std::ffi::OsString;
use std::path::PathBuf;

/// Runs the program; the answer is its exit status.
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let version = format!("{} (rules {})", env!("CARGO_PKG_VERSION"), Pack::embedded().hash());
    let mut command = Cli::command().version(version.leak() as &str);
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
        Some(Command::Init(args)) => say(crate::init::run(&args)),
        Some(Command::Learn(args)) => {
            say(load_pack(&args.pack, &[]).and_then(|pack| crate::learn::run(&args.learn, pack)))
        }
        Some(Command::Fit(args)) => say(match args.classifier {
            Some(language) => fit_classifiers(&args, language.into()),
            None => fit(&args),
        }),
        Some(Command::Checklist(args)) => say(load_pack(&args.pack, &[]).and_then(|pack| {
            let draft = run::read_draft(&args.draft, args.input_format)?;
            Ok(crate::checklist::questions(pack, &draft, args.lang.map(Into::into)))
        })),
        Some(Command::Secrets(command)) => answer(secrets(command)),
        Some(Command::Sign(args)) => answer(sign(&args)),
        Some(Command::Verify(args)) => answer(verify(&args)),
        Some(Command::Parity(args)) => answer(parity(&args)),
        Some(Command::Lsp(_)) => crate::lsp::run(),
    }
}

/// Weights of the specificity score, fitted from labelled lines.
fn fit(args: &FitArgs) -> Result<String, String> {
    let pack = load_pack(&args.pack, &[])?;
    let linter = Linter::new(pack, Options::default());
    let mut buffers = Buffers::default();
    let features = &mut |draft: &Draft| linter.specificity_features(draft, &mut buffers);
    fit::run(&sources(&args.sources)?, args.ridge, Weights::shipped(), features).map_err(|e| e.to_string())
}

/// Weights of a language's classifiers, fitted from labelled lines.
fn fit_classifiers(args: &FitArgs, language: Language) -> Result<String, String> {
    let pack = load_pack(&args.pack, &[])?;
    let linter = Linter::new(pack, Options::default());
    let mut buffers = Buffers::default();
    let features = &mut |draft: &Draft| {
        let sentences = linter.sentence_features(draft, &mut buffers);
        sentences.into_iter().filter(|(of, _)| *of == language).flat_map(|(_, features)| features).collect()
    };
    classifier::fit::run(&sources(&args.sources)?, &sources(&args.beside)?, features).map_err(|e| e.to_string())
}

/// Files of labelled lines as the command line names them.
fn sources(names: &[String]) -> Result<Vec<Source>, String> {
    names.iter().map(|name| Source::parse(name)).collect::<Result<_, LabelledError>>().map_err(|e| e.to_string())
}

/// Shows what a command has to say, or why it could not.
fn say(said: Result<String, String>) -> u8 {
    match said {
        Ok(text) => write_out(&text),
        Err(message) => {
            complain(message);
            FAILURE
        }
    }
}

/// Prints what a command has to say.
fn answer(result: Result<Answer, String>) -> u8 {
    match result {
        Ok(answer) => {
            answer.notes.iter().for_each(complain);
            write_out_or(&answer.out, if answer.found { FINDINGS } else { CLEAN })
        }
        Err(message) => {
            complain(message);
            FAILURE
        }
    }
}

/// Which registry a command means, and where its key is.
fn registry_of(args: &RegistryArgs) -> Result<(PathBuf, KeyPlace), String> {
    if !args.terms.is_empty() {
        return Err(
            "terms are read from standard input, never from the command line: shells and process lists keep it"
                .to_owned(),
        );
    }
    let chain = match (&args.config.config, args.config.isolated) {
        (_, true) => Chain::default(),
        (Some(path), _) => Chain::of(path).map_err(|e| e.to_string())?,
        _ => Chain::find(std::path::Path::new(".")).map_err(|e| e.to_string())?,
    };
    let layer = chain.settings(None, &Layer::default(), Pack::embedded()).map_err(|e| e.to_string())?.layer;
    let beside = || {
        chain
            .nearest()
            .and_then(std::path::Path::parent)
            .map_or_else(PathBuf::new, PathBuf::from)
            .join(crate::registry::FILE_NAME)
    };
    let path = args.registry.clone().or_else(|| chain.registry_path(&layer)).unwrap_or_else(beside);
    Ok((path, KeyPlace { flag: args.key_file.clone(), setting: layer.registry_key }))
}

/// What stands on standard input; a person at a terminal is told what is waited for.
fn standard_input(prompt: &str) -> Result<String, String> {
    use std::io::{IsTerminal, Read};
    if std::io::stdin().is_terminal() {
        complain(prompt);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(crate::draft::MAX_DRAFT_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("standard input: {}", crate::file::why(&e)))?;
    String::from_utf8(bytes).map_err(|_| "standard input is no UTF-8".to_owned())
}

fn secrets(command: SecretsCommand) -> Result<Answer, String> {
    let failed = |e: crate::registry::RegistryError| e.to_string();
    match command {
        SecretsCommand::Add(args) => {
            let (path, place) = registry_of(&args.registry)?;
            if let (true, Some(from), Some(to)) = (args.period, args.from, args.to) {
                return commands::secrets::add_period(&path, args.label.as_deref().unwrap_or("restricted"), from, to)
                    .map_err(failed);
            }
            let lines = standard_input("write one term a line, then press Ctrl-D")?;
            let addition =
                Addition { label: args.label, kind: args.kind, until: args.until, level: args.level.map(Into::into) };
            commands::secrets::add(&path, &place, args.new_key, &addition, &lines).map_err(failed)
        }
        SecretsCommand::List { registry } => {
            let (path, _) = registry_of(&registry)?;
            commands::secrets::list(&path, Date::today()).map_err(failed)
        }
        SecretsCommand::Test { registry } => {
            let (path, place) = registry_of(&registry)?;
            let text = standard_input("paste a text, then press Ctrl-D")?;
            commands::secrets::test(&path, &place, &text, Date::today()).map_err(failed)
        }
    }
}

fn sign(args: &SignArgs) -> Result<Answer, String> {
    let check =
        CheckArgs { as_of: args.as_of, config: args.config.clone(), pack: args.pack.clone(), ..CheckArgs::default() };
    let one = run::one(&check, &args.draft)?;
    let basis = Basis { pack: one.pack, draft: &one.draft, settings: &one.settings, registry: one.registry.as_deref() };
    commands::signoff::sign(
        &basis,
        &one.assessed,
        &args.role,
        &args.output_file,
        args.ssh_key.as_deref(),
        Date::today(),
    )
}

fn verify(args: &VerifyArgs) -> Result<Answer, String> {
    let check = CheckArgs { config: args.config.clone(), pack: args.pack.clone(), ..CheckArgs::default() };
    let one = run::one(&check, &args.draft)?;
    let basis = Basis { pack: one.pack, draft: &one.draft, settings: &one.settings, registry: one.registry.as_deref() };
    commands::signoff::verify(&basis, &args.receipt, args.allowed_signers.as_deref(), args.identity.as_deref())
}

fn parity(args: &ParityArgs) -> Result<Answer, String> {
    let check = CheckArgs { config: args.config.clone(), pack: args.pack.clone(), ..CheckArgs::default() };
    let (first, second) = (run::one(&check, &args.first)?, run::one(&check, &args.second)?);
    let in_ci = std::env::var_os("CI").is_some_and(|v| !v.is_empty() && v != "false" && v != "0");
    let json = args.output_format == ParityFormat::Json;
    let words = if json { args.include_text } else { args.no_redact || !(args.redact || in_ci) };
    let form = commands::parity::Form { json, words, language: args.message_lang.map_or(Language::En, Into::into) };
    Ok(commands::parity::compare(first.pack, (&first.draft, &first.assessed), (&second.draft, &second.assessed), form))
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
    parts.join("; ").replace(":;", ":").trim_start_matches("error: ").to_owned()
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
        Ok(draft) => {
            let text = crate::document::block::clean(&draft);
            // a line break inside a paragraph of Word, which keeps the paragraph one line for everybody who counts lines
            let broken = draft.format == Format::Docx;
            write_out(&if broken { text.replace('\u{2028}', "\n") } else { text })
        }
        Err(message) => {
            complain(message);
            FAILURE
        }
    }
}
