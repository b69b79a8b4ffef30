//! Known findings and changed lines.

use crate::Desk;
use std::process::Command;

const VAGUE: &str = "This is a game changer for everyone in our town.\n";

fn baseline(desk: &Desk, args: &[&str]) -> crate::Answer {
    let rules = crate::rule_folder().to_str().unwrap();
    let all: Vec<&str> =
        ["baseline", "--rules-only", rules, "--as-of", "2026-11-22"].iter().chain(args).copied().collect();
    desk.run_bare(&all)
}

#[test]
fn only_new_findings_fail() {
    let desk = Desk::with(&[
        ("posts/a.md", VAGUE),
        ("draftlint.toml", "# ours\nfail_on = \"warning\"\n\n[levels]\ntone = \"error\"\n"),
    ]);
    let made = baseline(&desk, &["posts"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    let settings = desk.read("draftlint.toml");
    assert!(
        settings.contains("baseline = \"draftlint.baseline.json\"") && settings.contains("fingerprint_salt = \""),
        "{settings}"
    );
    assert!(!desk.read("draftlint.baseline.json").contains("game changer"));
    // known: moved lines, other spacing, redaction
    assert_eq!(desk.run(&["posts"]).status, 0);
    desk.write("posts/a.md", format!("A new first line.\r\n\r\n{}", VAGUE.replace(' ', "  ")).as_bytes());
    assert_eq!(desk.run(&["--redact", "posts"]).status, 0);
    // the same words once more are new
    desk.write("posts/a.md", format!("{VAGUE}\n{VAGUE}").as_bytes());
    let answer = desk.run(&["--output-format", "json", "posts"]);
    assert_eq!(answer.status, 1);
    assert_eq!(answer.json()["files"][0]["suppressed"][0]["suppression"]["kind"], "baseline");
    let states: Vec<String> = {
        let log = desk.run(&["--output-format", "sarif", "posts"]).json();
        log["runs"][0]["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["baselineState"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(states, ["new", "unchanged"]);
    // what is gone is told
    desk.write("posts/a.md", b"We moved the desk.\n");
    let answer = desk.run(&["posts"]);
    assert_eq!(answer.status, 0);
    assert!(answer.stderr.contains("posts/a.md: a known finding of vague/game-changer is gone"), "{}", answer.stderr);
    // writing it again keeps the salt and gives the same bytes
    assert_eq!(baseline(&desk, &["posts"]).status, 0);
    assert_eq!(desk.read("draftlint.toml"), settings);
}

#[test]
fn files_that_are_no_baseline() {
    let desk = Desk::with(&[("a.md", VAGUE), ("draftlint.toml", "baseline = \"known.json\"\n")]);
    for (text, expected) in [
        ("{", "known.json: not a baseline (line 1)"),
        ("{\"schema_version\":1}", "known.json: not a baseline (no findings)"),
        ("{\"schema_version\":99,\"findings\":[]}", "known.json: baseline of version 99, this draftlint reads up to 1"),
    ] {
        desk.write("known.json", text.as_bytes());
        let answer = desk.run(&["a.md"]);
        assert_eq!(answer.status, 2);
        assert!(answer.stderr.contains(expected), "{}", answer.stderr);
    }
    std::fs::remove_file(desk.path("known.json")).unwrap();
    assert_eq!(desk.run(&["a.md"]).status, 2);
}

#[test]
fn only_changed_lines() {
    let desk = Desk::with(&[("a.md", VAGUE), ("b.md", VAGUE)]);
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@t.t", "-c", "commit.gpgsign=false"])
            .args(args)
            .current_dir(desk.path(""))
            .output();
        done.is_ok_and(|o| o.status.success())
    };
    if !git(&["init", "-q"]) {
        return; // no git here
    }
    assert!(git(&["add", "."]) && git(&["commit", "-qm", "first"]));
    desk.write("a.md", format!("{VAGUE}\nYou are wrong about it.\n").as_bytes());
    desk.write("new.md", VAGUE.as_bytes());
    let answer = desk.run(&["--output-format", "json", "--diff-base", "HEAD", "."]);
    assert_eq!(answer.rules(), ["tone/you-are-wrong", "vague/game-changer"]);
    let unknown = desk.run(&["--diff-base", "no-such-rev", "a.md"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("git knows no revision `no-such-rev`"), "{}", unknown.stderr);
}
