//! Exit statuses and what is said on standard error.

use crate::Desk;
use std::process::Stdio;

const VAGUE: &str = "This is a game changer for everyone in our town.\n";
const HARD: &str = "You are wrong about the desk, and everyone in the town knows.\n";
const CLEAN: &str = "We moved the desk to the left on Monday.\n";
const NOTE: &str = "We moved the desk to the left on Monday. Thoughts?\n";

#[test]
fn by_threshold() {
    let desk = Desk::with(&[("vague.md", VAGUE), ("hard.md", HARD), ("clean.md", CLEAN), ("note.md", NOTE)]);
    let table: &[(&[&str], i32)] = &[
        (&["clean.md"], 0),
        (&["vague.md"], 1),
        (&["hard.md"], 1),
        (&["note.md"], 0),
        (&["clean.md", "vague.md"], 1),
        // a note of low confidence never fails, whatever the threshold
        (&["--fail-on", "note", "note.md"], 0),
        (&["--fail-on", "error", "vague.md"], 0),
        (&["--fail-on", "error", "hard.md"], 1),
        (&["--fail-on", "never", "hard.md"], 0),
        (&["--max-warnings", "1", "vague.md"], 0),
        (&["--max-warnings", "0", "vague.md"], 1),
        (&["--max-warnings", "1", "vague.md", "hard.md"], 1),
        (&["--fail-on", "error", "--max-warnings", "0", "vague.md"], 1),
        (&["--fail-on", "never", "--max-warnings", "0", "vague.md"], 0),
        (&["--exit-zero", "hard.md"], 0),
        // what is shown does not decide
        (&["--min-severity", "error", "vague.md"], 1),
        (&["--ignore", "vague", "vague.md"], 0),
        (&["--ignore", "game-changer", "vague.md"], 0),
        (&["--select", "tone", "vague.md"], 0),
        (&["--select", "tone", "hard.md"], 1),
        // 2 beats 1, and nothing masks it
        (&["missing.md"], 2),
        (&["missing.md", "hard.md"], 2),
        (&["--exit-zero", "missing.md"], 2),
    ];
    for (args, expected) in table {
        let answer = desk.run(args);
        assert_eq!(answer.status, *expected, "{args:?}\n{}\n{}", answer.stdout, answer.stderr);
        let checked: Vec<&str> = ["check"].iter().chain(*args).copied().collect();
        assert_eq!(desk.run(&checked).status, *expected, "check {args:?}");
    }
}

#[test]
fn usage_errors_are_one_line() {
    let desk = Desk::with(&[("a.md", CLEAN)]);
    for (args, expected) in [
        (&["--lang", "de", "a.md"][..], "possible values: en, fr, nl, ru"),
        (&["--channel", "linkedn", "a.md"], "linkedin"),
        (&["--selct", "tone", "a.md"], "--select"),
        (&["--select", "game-changr", "a.md"], "did you mean `game-changer`?"),
        (&["--ignore", "tnoe", "a.md"], "did you mean `tone`?"),
        (&["--as-of", "2026-02-30", "a.md"], "write a day of the calendar"),
        (&["--output-format", "sarfi", "a.md"], "sarif"),
        (&["--config", "none.toml", "a.md"], "none.toml"),
        (&["--config", "a.md", "--isolated", "a.md"], "cannot be used with"),
        (&["chekc"], "did you mean the command `check`?"),
        (&["explain", "game-changr"], "did you mean `game-changer`?"),
        (&["lsp", "--tcp"], "--tcp"),
    ] {
        let answer = desk.run_flags_after(args);
        assert_eq!(answer.status, 2, "{args:?}: {}", answer.stderr);
        assert!(answer.stderr.contains(expected), "{args:?}: {}", answer.stderr);
        assert_eq!(answer.stderr.lines().count(), 1, "{args:?}: {}", answer.stderr);
        assert_eq!(answer.stdout, "", "{args:?}");
    }
}

#[test]
fn the_other_files_are_still_checked() {
    let desk = Desk::with(&[("a.md", VAGUE), ("z.md", HARD)]);
    desk.write("bad.md", b"caf\xe9 au lait\n");
    let answer = desk.run(&["--output-format", "concise", "a.md", "missing.md", "bad.md", "z.md"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stdout.contains("a.md:1:11: warning") && answer.stdout.contains("z.md:1:1: error"),
        "{}",
        answer.stdout
    );
    insta::assert_snapshot!(answer.stderr, @r#"
draftlint: missing.md: no such file or folder
draftlint: bad.md: byte 0xE9 at offset 3 (line 1) is not UTF-8; save the draft as UTF-8
"#);
}

#[test]
fn flags_stand_on_either_side_of_the_command() {
    let desk = Desk::with(&[("vague.md", VAGUE)]);
    let before = desk.run(&["--output-format", "concise", "check", "vague.md"]);
    let after = desk.run(&["check", "--output-format", "concise", "vague.md"]);
    assert_eq!((before.stdout.as_str(), before.status), (after.stdout.as_str(), 1));
    let rules = crate::rule_folder().to_str().unwrap();
    assert_eq!(
        desk.run_bare(&["rules", "--rules-only", rules]).stdout,
        desk.run_bare(&["--rules-only", rules, "rules"]).stdout
    );
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let desk = Desk::new();
    let text = "{\"text\":\"You are wrong about the desk, and everyone in the town knows.\"}\n".repeat(20_000);
    desk.write("all.jsonl", text.as_bytes());
    let mut command = desk.command(&["--isolated", "--output-format", "jsonl", "all.jsonl"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let desk = Desk::with(&[("vague.md", VAGUE)]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = desk.command(&["--isolated", "vague.md"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "draftlint: standard output: no space left on the device\n");
    let answer = desk.run(&["-o", "/dev/full", "vague.md"]);
    assert_eq!(answer.status, 2, "{}", answer.stderr);
}

#[test]
fn help_version_completions_and_manual() {
    let desk = Desk::new();
    assert!(desk.run_bare(&["--version"]).stdout.starts_with("draftlint 0."));
    let help = desk.run_bare(&["--help"]);
    assert_eq!(help.status, 0);
    for word in ["--fail-on", "--diff-base", "explain", "baseline", "--stdin-filename"] {
        assert!(help.stdout.contains(word), "{word}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.run_bare(&["completions", shell]).stdout.contains("draftlint"), "{shell}");
    }
    assert!(desk.run_bare(&["man"]).stdout.contains(".TH draftlint"));
}

impl Desk {
    /// The rules' flag goes where every command takes it.
    fn run_flags_after(&self, args: &[&str]) -> crate::Answer {
        let rules = crate::rule_folder().to_str().unwrap();
        let takes_rules = !matches!(args[0], "lsp");
        let mut all = args.to_vec();
        if takes_rules {
            all.extend(["--rules-only", rules]);
        }
        self.run_bare(&all)
    }
}
