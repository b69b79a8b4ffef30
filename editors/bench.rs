//! How long an editor waits: one character is typed into a draft of 1,000 words, and the time until the answer is taken,
//! over pipes, as an editor sees it.
//!
//!     cargo bench --bench editor                              builds everything for release
//!     DRAFTLINT=$(command -v draftlint) cargo bench --profile dev --bench editor      the program that is installed
//!
//! Two waits are told: until an editor that asks (pull) has its answer, and until one that is told (push) is told, which
//! includes the pause that the server makes for the next keystroke.

#[path = "../tests/lsp/client.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod client;

use client::Client;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const WORDS: usize = 1_000;
const EDITS: usize = 300;
/// What a person at the keyboard does not notice.
const LIMIT: Duration = Duration::from_millis(10);

fn capabilities(pulls: bool) -> Value {
    let mut all = json!({ "general": { "positionEncodings": ["utf-16"] }, "textDocument": { "publishDiagnostics": { "versionSupport": true } } });
    if pulls {
        all["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": false });
    }
    all
}

/// A draft of 1,000 words from the fixtures of a language.
fn draft(language: &str) -> String {
    let folder = format!("{}/fixtures/{language}", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
    paths.sort();
    let posts: Vec<String> = paths
        .iter()
        .map(|p| {
            let text = std::fs::read_to_string(p).unwrap();
            let body = text.strip_prefix("---\n").and_then(|t| t.split_once("\n---\n")).map_or(text.as_str(), |t| t.1);
            body.trim().to_owned()
        })
        .collect();
    let (mut text, mut words) = (String::new(), 0);
    for line in posts.iter().cycle().flat_map(|p| p.lines().chain([""])) {
        text.push_str(line);
        text.push('\n');
        words += line.split_whitespace().count();
        if words >= WORDS {
            return text;
        }
    }
    unreachable!("fixtures hold words")
}

/// The waits of typed characters, in order of their length.
fn waits(program: &Path, language: &str, pulls: bool) -> Vec<Duration> {
    let home = tempfile::tempdir().unwrap();
    let mut client = Client::start_program(program, home.path());
    client.initialize(capabilities(pulls), &[home.path()], json!({}));
    let uri = "file:///bench/post.md";
    let text = draft(language);
    client.open(uri, "markdown", &text);
    match pulls {
        true => _ = client.pull(uri),
        false => _ = client.pushed(uri, 1),
    }
    // a word typed again and again at the end of the line in the middle
    let line = text.lines().count() / 2;
    let mut column = text.lines().nth(line).unwrap().encode_utf16().count();
    let mut all = Vec::with_capacity(EDITS);
    for (i, c) in " et ainsi de suite, и так далее".chars().cycle().take(EDITS).enumerate() {
        let version = i as i64 + 2;
        let at = json!({ "line": line, "character": column });
        column += c.len_utf16();
        let begun = Instant::now();
        client.change(uri, version, json!([{ "range": { "start": at, "end": at }, "text": c.to_string() }]));
        match pulls {
            true => _ = client.pull(uri),
            false => _ = client.pushed(uri, version),
        }
        all.push(begun.elapsed());
        client.kept.clear();
    }
    client.shut_down();
    all.sort();
    all
}

fn main() {
    let program = std::env::var_os("DRAFTLINT").map_or_else(|| env!("CARGO_BIN_EXE_draftlint").into(), PathBuf::from);
    let mut late = false;
    println!("{WORDS} words, {EDITS} characters typed one by one; milliseconds, median / 95 of 100 / slowest");
    for language in ["en", "fr", "nl", "ru"] {
        for (name, pulls) in [("pull", true), ("push", false)] {
            let all = waits(&program, language, pulls);
            let ms = |share: usize| all[(all.len() - 1) * share / 100].as_secs_f64() * 1e3;
            println!("{language} {name}: {:5.1} / {:5.1} / {:5.1}", ms(50), ms(95), ms(100));
            late |= all[all.len() / 2] > LIMIT;
        }
    }
    if late {
        println!("more than {} ms", LIMIT.as_millis());
        std::process::exit(1);
    }
}
