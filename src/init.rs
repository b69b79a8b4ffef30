//! `draftlint init`: five questions, two commented files.

use crate::compiler::layout::STATUSES;
use crate::config;
use crate::voice::{self, channel};
use clap::Args;
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The key of the registry of secrets, which never goes into Git.
pub const KEY_FILE: &str = ".draftlint-key";

/// The flags of `init`; each one answers a question.
#[derive(Clone, Debug, Default, Args)]
pub struct InitArgs {
    /// Where to write [default: the current folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Whose account posts
    #[arg(long, value_name = "WHO", value_parser = ["executive", "company"])]
    account: Option<String>,
    /// The company's names, then its products after a semicolon: "Acme, Acme Group; Acme Pay"
    #[arg(long, value_name = "NAMES")]
    names: Option<String>,
    /// Languages that are written
    #[arg(long, value_name = "LANG", value_delimiter = ',', value_parser = ["en", "fr", "nl", "ru"])]
    languages: Option<Vec<String>>,
    /// The usual channel
    #[arg(long, value_name = "CHANNEL", value_parser = crate::config::channel_parser())]
    channel: Option<String>,
    /// What the company is: listed, bank, broker-dealer, investment, health, offering
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(STATUSES))]
    status: Option<Vec<String>>,
    /// Ask nothing; what no flag says is left open in the files
    #[arg(long)]
    yes: bool,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

/// The answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Answers {
    account: String,
    company: Vec<String>,
    products: Vec<String>,
    languages: Vec<String>,
    channel: String,
    status: Vec<String>,
}

/// Asks what the flags leave open, writes the files, says what to do next.
pub fn run(args: &InitArgs) -> Result<String, String> {
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    if !folder.is_dir() {
        return Err(format!("{}: no such folder", folder.display()));
    }
    let (settings, profile) = (folder.join(config::FILE_NAME), folder.join(voice::FILE_NAME));
    if !args.force {
        let there: Vec<&str> = [(&profile, voice::FILE_NAME), (&settings, config::FILE_NAME)]
            .into_iter()
            .filter(|(p, _)| p.exists())
            .map(|(_, n)| n)
            .collect();
        if !there.is_empty() {
            let verb = if there.len() == 1 { "exists" } else { "exist" };
            return Err(format!(
                "{} {verb} already; nothing was written (--force writes over it)",
                there.join(" and ")
            ));
        }
    }
    let asks = !args.yes && io::stdin().is_terminal();
    let answers = answers(args, asks)?;
    write(&profile, &profile_text(&answers))?;
    write(&settings, &settings_text(&answers, &salt()))?;
    let ignored = ignore_key(&folder)?;
    let mut out =
        format!("Written: {}, {}{}.\n", voice::FILE_NAME, config::FILE_NAME, if ignored { ", .gitignore" } else { "" });
    out.push_str("Next: list your terms and limits in voice.toml.\n`draftlint learn DIR` counts approved posts; `draftlint --show-settings` shows what holds.\n");
    Ok(out)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    crate::file::replace(path, text).map_err(|e| format!("{}: {}", path.display(), crate::file::why(&e)))
}

/// Sixteen hexadecimal digits by chance: the standard library seeds its hashers from the system.
fn salt() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

/// Puts the key's file into `.gitignore`; says whether that was needed.
fn ignore_key(folder: &Path) -> Result<bool, String> {
    let path = folder.join(".gitignore");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    if text.lines().any(|l| l.trim().trim_start_matches('/') == KEY_FILE) {
        return Ok(false);
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    write(&path, &format!("{text}{gap}# the key of draftlint's registry of secrets\n{KEY_FILE}\n"))?;
    Ok(true)
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

fn answers(args: &InitArgs, asks: bool) -> Result<Answers, String> {
    let mut number = 0;
    let mut ask = |question: &str, default: &str, allowed: &[&str], many: bool| -> Result<String, String> {
        number += 1;
        if !asks {
            return Ok(default.to_owned());
        }
        loop {
            let mut err = io::stderr().lock();
            let hint = if default.is_empty() { String::new() } else { format!(" [{default}]") };
            write!(err, "{number}/5  {question}{hint} ").and_then(|()| err.flush()).map_err(|e| e.to_string())?;
            let mut line = String::new();
            if io::stdin().lock().read_line(&mut line).map_err(|e| e.to_string())? == 0 {
                let _ = writeln!(err);
                return Err("cancelled; nothing was written".to_owned());
            }
            let line: String = line.trim().chars().filter(|c| !c.is_control()).collect();
            let answer = if line.is_empty() { default.to_owned() } else { line };
            let parts = if many { list(&answer) } else { vec![answer.clone()] };
            let wrong = parts.iter().find(|p| !allowed.is_empty() && !allowed.contains(&p.to_lowercase().as_str()));
            match wrong {
                None => return Ok(if allowed.is_empty() { answer } else { answer.to_lowercase() }),
                Some(wrong) => {
                    let near = crate::compiler::nearest(&wrong.to_lowercase(), allowed.iter().copied())
                        .map_or(String::new(), |n| format!("; did you mean {n}?"));
                    let first = allowed.len().min(13);
                    let _ = writeln!(err, "     one of: {}{near}", allowed[..first].join(", "));
                }
            }
        }
    };
    let account = match &args.account {
        Some(account) => account.clone(),
        None => ask(
            "Who posts: a person (executive) or the company (company)?",
            "executive",
            &["executive", "company"],
            false,
        )?,
    };
    let names = match &args.names {
        Some(names) => names.clone(),
        None => ask("Company; products (as in: Acme, Acme Group; Acme Pay):", "", &[], false)?,
    };
    let languages = match &args.languages {
        Some(languages) => languages.clone(),
        None => list(&ask("Languages (en, fr, nl, ru)?", "en", &["en", "fr", "nl", "ru"], true)?),
    };
    let channel = match &args.channel {
        Some(channel) => channel.clone(),
        None => {
            let mut names = config::CHANNELS.to_vec();
            names.extend(channel::all().iter().flat_map(|c| c.other_names()).map(String::as_str));
            let question = format!("Usual channel?\n     {}\n    ", config::CHANNELS.join(", "));
            let answer = ask(&question, "linkedin", &names, false)?;
            channel::find(&answer).map_or(answer, |c| c.name.clone())
        }
    };
    let status = match &args.status {
        Some(status) => status.clone(),
        None => {
            let mut allowed = vec!["none"];
            allowed.extend(STATUSES);
            let answer = ask(
                "Status (none, listed, bank, broker-dealer, investment, health, offering)?",
                "none",
                &allowed,
                true,
            )?;
            list(&answer).into_iter().filter(|s| s != "none").collect()
        }
    };
    let (company, products) = names.split_once(';').unwrap_or((&names, ""));
    Ok(Answers { account, company: list(company), products: list(products), languages, channel, status })
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn array(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|i| quoted(i)).collect::<Vec<_>>().join(", "))
}

fn profile_text(answers: &Answers) -> String {
    let has = |l: &str| answers.languages.iter().any(|x| x == l);
    let mut address = Vec::new();
    for (language, word) in [("fr", "vous"), ("nl", "u"), ("ru", "вы")] {
        if has(language) {
            address.push(format!("{language} = \"{word}\""));
        }
    }
    let mut names = String::new();
    for name in answers.company.iter().chain(&answers.products) {
        let _ = writeln!(names, "{} = []", quoted(name));
    }
    let mut limits = String::new();
    for (language, words) in [("en", 28), ("fr", 32), ("nl", 26), ("ru", 24)] {
        if has(language) {
            let _ = write!(limits, "{}{language} = {words}", if limits.is_empty() { "" } else { ", " });
        }
    }
    let channel = if answers.channel.is_empty() {
        "# channel = \"linkedin\"".to_owned()
    } else {
        format!("channel = {}", quoted(&answers.channel))
    };
    format!(
        r##"# The house voice. Keep this file in Git; `draftlint --show-settings` shows what holds.
# Lists may use `stem*` for any ending; case, hyphens and apostrophes do not matter.
schema = 1
# extends = "../company/voice.toml"     # single values replace, lists add up

# A person's own profile, chosen by `author:` in a draft's front matter or --author:
# [people]
# "Jane Doe" = "voice.jane.toml"

[identity]
{account:<39}# executive: a person's account; company: the company's, where nobody says I
company = {company}
products = {products}
languages = {languages}
{channel}

[names]                                # as written = wrong forms that case, spaces and hyphens do not explain
{names}
[terms]
ban = []                               # "synerg*", {{ pattern = "leverage", lang = "en", unless = ["financial leverage"], instead = "use" }}
prefer = []                            # {{ from = "clients", to = "customers", lang = "en" }}
allow = []                             # never reported by vague and voice rules, e.g. "ecosystem"
off_topics = []                        # stay on private accounts, e.g. "election*"
competitors = []
clients = []
clients_cleared = []                   # may be named
public_facts = []                      # published figures, addresses and numbers

[voice]                                # a limit that is not written does not hold
first_person = "either"                # i, we, either
{address}
# contractions = "yes"                 # English: yes, no, any
max_exclamation = 1
max_emoji = 2
max_hashtags = 3
max_mentions = 5
# max_capitals = 0                     # words in capitals, acronyms left out
# max_self_ratio = 4.0                 # we, our : you, your
max_sentence_words = {{ {limits} }}
# cliche_per_words = 25                # one stock word in so many words is put up with
# readability_floor = {{ en = 50 }}      # from 100 words on; not comparable across languages

[plan]
require_goal = false                   # every draft names its goal in the front matter
campaign = []                          # {{ tag = "#AcmeWeek", from = "2026-05-04", to = "2026-05-08", instead_of = ["#AcmeDays"] }}

# [channels.mastodon]                  # your server's own limit
# limit = 5000

# [learned]                            # after `draftlint learn DIR`
# file = "voice.learned.toml"
"##,
        account = format!("account = {}", quoted(&answers.account)),
        company = array(&answers.company),
        products = array(&answers.products),
        languages = array(&answers.languages),
        address = if address.is_empty() {
            "# address = { fr = \"vous\", nl = \"u\", ru = \"вы\" }".to_owned()
        } else {
            format!("# address = {{ {} }}", address.join(", "))
        },
    )
}

fn settings_text(answers: &Answers, salt: &str) -> String {
    let lang = match answers.languages.as_slice() {
        [one] => format!("{:<39}# drafts that say nothing else are written in it", format!("lang = {}", quoted(one))),
        _ => "# lang = \"en\"                          # told from the words unless given".to_owned(),
    };
    format!(
        r#"# What draftlint looks for and what fails. Found upwards from a draft; flags and front matter go before it.
profile = "voice.toml"
{lang}
{status:<39}# listed, bank, broker-dealer, investment, health, offering
# jurisdictions = ["eu", "fr", "nl", "uk", "us", "ru"]   # whose law is cited; all unless given
fail_on = "warning"                    # note, warning, error, never
# max_warnings = 0
# select = ["all"]                     # families, categories, rules
# ignore = []
# levels = {{ "long-sentence" = "off" }} # off, note, warning, error
# roles = ["legal", "communications"]  # who may approve a suppression
# earlier_posts = "posts"              # a folder of posts that went out: a near-copy is reported
# baseline = "draftlint.baseline.json" # `draftlint baseline` writes it
# restricted_periods = [{{ from = "2027-01-15", to = "2027-02-10" }}]
# crisis = false                       # true: communications clear every post first
fingerprint_salt = "{salt}"  # keeps fingerprints in reports from being guessed
"#,
        status = format!("status = {}", array(&answers.status)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::Profile;

    fn answered() -> InitArgs {
        InitArgs {
            account: Some("company".to_owned()),
            names: Some("Acme \"Boats\", Верфь; Acme Pay".to_owned()),
            languages: Some(vec!["fr".to_owned(), "ru".to_owned()]),
            channel: Some("mastodon".to_owned()),
            status: Some(vec!["listed".to_owned()]),
            yes: true,
            ..InitArgs::default()
        }
    }

    #[test]
    fn what_init_writes_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let args = InitArgs { folder: Some(folder.path().to_owned()), ..answered() };
        run(&args).expect("written");
        let profile = Profile::load(&folder.path().join("voice.toml"), None).expect("a profile");
        assert_eq!(profile.company, ["Acme \"Boats\"", "Верфь"]);
        assert_eq!(profile.names.len(), 3);
        assert_eq!(profile.channel.as_deref(), Some("mastodon"));
        assert_eq!(profile.limits.max_sentence_words[3], Some(24));
        config::Chain::of(&folder.path().join("draftlint.toml")).expect("settings");
        let ignored = std::fs::read_to_string(folder.path().join(".gitignore")).expect("written");
        assert!(ignored.lines().any(|l| l == KEY_FILE));
        assert!(run(&args).expect_err("files are there").contains("voice.toml"));
        run(&InitArgs { force: true, ..args }).expect("written over");
        assert_eq!(std::fs::read_to_string(folder.path().join(".gitignore")).expect("read"), ignored);
    }

    #[test]
    fn what_nobody_answered_is_left_open() {
        let folder = tempfile::tempdir().expect("a folder");
        run(&InitArgs { folder: Some(folder.path().to_owned()), yes: true, ..InitArgs::default() }).expect("written");
        Profile::load(&folder.path().join("voice.toml"), None).expect("a profile");
    }
}
