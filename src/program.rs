//! From the command line's words to the exit status.

use crate::cli::*;
use crate::run;
use clap::CommandFactory;
use std::ffi::OsString;

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
        Some(Command::Init(args)) => answer(crate::init::run(&args)),
        Some(Command::Learn(args)) => {
            answer(load_pack(&args.pack, &[]).and_then(|pack| crate::learn::run(&args.learn, pack)))
        }
        Some(Command::Checklist(args)) => answer(load_pack(&args.pack, &[]).and_then(|pack| {
            let draft = run::read_draft(&args.draft, args.input_format)?;
            Ok(crate::checklist::questions(pack, &draft, args.lang.map(Into::into)))
        })),
        Some(Command::Secrets(_)) => not_yet("secrets"),
        Some(Command::Sign(_)) => not_yet("sign"),
        Some(Command::Verify(_)) => not_yet("verify"),
        Some(Command::Parity(_)) => not_yet("parity"),
        Some(Command::Lsp(_)) => crate::lsp::run(),
    }
}

/// Shows what a command has to say, or why it could not.
fn answer(said: Result<String, String>) -> u8 {
    match said {
        Ok(text) => write_out(&text),
        Err(message) => {
            complain(message);
            FAILURE
        }
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
