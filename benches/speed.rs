//! How fast the linter is, as a table: the whole program as people run it, and each stage in one thread.
//!
//! `cargo bench --bench speed` builds the program that ships and prints the table of the README's performance section. The
//! text is made of the project's own fixtures, all four languages by turns. Every figure is the best of several runs by the
//! wall clock, on one core unless said; compare figures of one run only.

use draftlint::document::block;
use draftlint::draft::{Draft, Format};
use draftlint::finding::Language;
use draftlint::language;
use draftlint::linter::{Buffers, Linter};
use draftlint::options::Options;
use draftlint::pack::Pack;
use draftlint::text::tokenize::{Tokens, tokenize};
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One post of about 120 words with a figure, an e-mail address, an IBAN and a date, so that every verifier runs.
const POST: &str = include_str!("post.txt");

fn main() {
    let drafts = drafts();
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    println!("The program ({} cores)", std::thread::available_parallelism().map_or(1, usize::from));
    let post = file("post.md", POST);
    row("one post, cold", best(30, || check(&[post.as_os_str().to_str().expect("a name")], None)), POST.len());
    let records = |n: usize| -> String {
        let line = |i: usize| serde_json::json!({"id": i.to_string(), "text": format!("{POST}{i}")}).to_string() + "\n";
        (0..n).map(line).collect()
    };
    let thousand = records(1_000);
    let jsonl = ["--input-format", "jsonl", "--output-format", "jsonl", "-"];
    row("1,000 posts in one call, all cores", best(10, || check(&jsonl, Some(thousand.as_bytes()))), thousand.len());
    for (name, megabytes) in [("1 MB of mixed prose, one core", 1), ("10 MB of mixed prose, one core", 10)] {
        let text = prose(&drafts, megabytes * 1_000_000);
        let path = file("prose.md", &text);
        row(name, best(3, || check(&["--output-format", "concise", path.to_str().expect("a name")], None)), text.len());
    }
    let many = records(100_000);
    row("100,000 JSON lines, all cores", best(1, || check(&jsonl, Some(many.as_bytes()))), many.len());

    println!("\nStages, one thread, 1 MB of mixed prose as posts");
    stages(&drafts);
}

/// The fixtures' drafts, languages by turns.
fn drafts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut by_language: Vec<Vec<String>> = Vec::new();
    for language in ["en", "fr", "nl", "ru"] {
        let mut names: Vec<_> = std::fs::read_dir(root.join(language))
            .expect("fixtures")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|e| e == "md"))
            .collect();
        names.sort();
        let text = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).expect("a fixture");
            let draft = Draft::from_text("", text, Format::Markdown);
            draft.text[draft.body.start..draft.body.end].trim().to_owned()
        };
        by_language.push(names.iter().map(text).collect());
    }
    let longest = by_language.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|i| by_language.iter().filter_map(move |l| l.get(i).cloned())).collect()
}

fn prose(drafts: &[String], bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 4_000);
    for draft in drafts.iter().cycle() {
        if out.len() >= bytes {
            break;
        }
        out.push_str(draft);
        out.push_str("\n\n");
    }
    out
}

fn check(args: &[&str], input: Option<&[u8]>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_draftlint"))
        .args(["check", "--isolated", "--exit-zero"])
        .args(args)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("draftlint runs");
    if let (Some(bytes), Some(mut pipe)) = (input, child.stdin.take()) {
        pipe.write_all(bytes).expect("draftlint reads");
    }
    assert!(child.wait().expect("draftlint ends").success());
}

fn best(times: usize, mut run: impl FnMut()) -> Duration {
    let timed = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..times).map(|_| timed(&mut run)).min().unwrap_or_default()
}

fn row(name: &str, time: Duration, bytes: usize) {
    let seconds = time.as_secs_f64();
    println!("| {name:38} | {:9.2} ms | {:6.1} MB/s |", seconds * 1e3, bytes as f64 / 1e6 / seconds);
}

fn stages(drafts: &[String]) {
    let posts: Vec<Draft> = {
        let total: usize = drafts.iter().map(String::len).sum();
        let rounds = 1_000_000 / total.max(1) + 1;
        let all = drafts.iter().cycle().take(rounds * drafts.len());
        all.map(|text| Draft::from_text("post.md", text.clone(), Format::Markdown)).collect()
    };
    let bytes: usize = posts.iter().map(|d| d.text.len()).sum();
    let pack = Pack::embedded();
    let linter = Linter::new(pack, Options::default());
    row("blocks (Markdown)", best(5, || posts.iter().for_each(|d| drop(black_box(block::blocks(d))))), bytes);
    let mut tokens = Tokens::default();
    let cut = best(5, || posts.iter().for_each(|d| tokenize(black_box(&d.text), &mut tokens)));
    row("tokens", cut, bytes);
    let vote = best(5, || {
        for draft in &posts {
            tokenize(black_box(&draft.text), &mut tokens);
            black_box(language::vote(pack, &tokens));
        }
    });
    row("language vote", vote.saturating_sub(cut), bytes);
    let mut buffers = Buffers::default();
    let detect = best(5, || posts.iter().for_each(|d| drop(black_box(draftlint::detector::detect_all(&d.text)))));
    row("detectors", detect, bytes);
    let lint = best(5, || posts.iter().for_each(|d| drop(black_box(linter.lint_with(d, &mut buffers)))));
    row("everything up to the report", lint, bytes);
    for language in [Language::En, Language::Fr, Language::Nl, Language::Ru] {
        let own: Vec<&Draft> =
            posts.iter().filter(|d| linter.lint_with(d, &mut buffers).language == language).collect();
        let bytes: usize = own.iter().map(|d| d.text.len()).sum();
        let time = best(5, || own.iter().for_each(|d| drop(black_box(linter.lint_with(d, &mut buffers)))));
        row(&format!("  {}", language.name()), time, bytes);
    }
}
