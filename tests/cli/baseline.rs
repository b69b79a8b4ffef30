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

fn git(desk: &Desk, args: &[&str]) -> bool {
    let who = ["-c", "user.name=t", "-c", "user.email=t@t.t", "-c", "commit.gpgsign=false"];
    Command::new("git").args(who).args(args).current_dir(desk.path("")).output().is_ok_and(|o| o.status.success())
}

/// Puts all that is there into a new repository; no, where git is not there.
fn is_committed(desk: &Desk) -> bool {
    git(desk, &["init", "-q"]) && git(desk, &["add", "."]) && git(desk, &["commit", "-qm", "first"])
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
fn known_in_one_draft_is_new_in_another() {
    let desk = Desk::with(&[("posts/a.md", VAGUE), ("draftlint.toml", "")]);
    assert_eq!(baseline(&desk, &["posts"]).status, 0);
    assert!(desk.read("draftlint.baseline.json").contains("\"path\": \"posts/a.md\""));
    // from another folder, by another name for the same file
    for args in [&["posts/a.md"][..], &["./posts/../posts/a.md"], &["posts"]] {
        assert_eq!(desk.run(args).status, 0, "{args:?}");
    }
    let rules = crate::rule_folder().to_str().unwrap();
    let mut inside = desk.command(&["--rules-only", rules, "--as-of", "2026-11-22", "a.md"]);
    assert_eq!(desk.answer(inside.current_dir(desk.path("posts")), "").status, 0);
    // the same sentence in a new draft; in the same order whichever thread is first
    for i in 0..60 {
        desk.write(&format!("posts/b{i:02}.md"), VAGUE.as_bytes());
    }
    let first = desk.run(&["--output-format", "json", "posts"]);
    assert_eq!(first.json()["summary"]["warnings"], 60);
    assert_eq!(first.stdout, desk.run(&["--output-format", "json", "posts"]).stdout);
    // a draft that was renamed keeps what is known of it
    for i in 0..60 {
        std::fs::remove_file(desk.path(&format!("posts/b{i:02}.md"))).unwrap();
    }
    std::fs::rename(desk.path("posts/a.md"), desk.path("posts/z.md")).unwrap();
    assert_eq!(desk.run(&["posts"]).status, 0);
}

#[test]
fn a_broken_baseline_stops_only_its_own_drafts() {
    let desk = Desk::with(&[
        ("later/draftlint.toml", "baseline = \"known.json\"\n"),
        ("later/known.json", "{\"schema_version\":99,\"findings\":[]}"),
        ("later/a.md", VAGUE),
        ("later/b.md", VAGUE),
        ("now/a.md", VAGUE),
    ]);
    let answer = desk.run(&["--output-format", "concise", "later", "now"]);
    assert_eq!((answer.status, answer.stderr.lines().count()), (2, 1), "{}", answer.stderr);
    assert!(answer.stderr.contains("known.json: baseline of version 99, this draftlint reads up to 1"));
    assert!(answer.stdout.starts_with("now/a.md:1:11: warning"), "{}", answer.stdout);
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
fn gone_is_what_is_gone_and_not_what_was_left_out() {
    let desk =
        Desk::with(&[("a.md", &format!("{VAGUE}\nYou are wrong about it.\n\nWe moved.\n")), ("draftlint.toml", "")]);
    assert_eq!(baseline(&desk, &["a.md"]).status, 0);
    let quiet = |args: &[&str]| {
        let answer = desk.run(&[args, &["a.md"]].concat());
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{args:?}");
    };
    for args in [&[][..], &["--select", "tone"], &["--ignore", "vague"], &["--min-severity", "error"], &["--redact"]] {
        quiet(args);
    }
    if !is_committed(&desk) {
        return crate::tools::left_out("left out: a baseline with --diff-base (no git)");
    }
    // known findings outside of what changed are known still
    desk.write("a.md", format!("{VAGUE}\nYou are wrong about it.\n\nWe moved it.\n").as_bytes());
    quiet(&["--diff-base", "HEAD"]);
    // and one that was mended is told
    desk.write("a.md", format!("{VAGUE}\nWe moved it.\n").as_bytes());
    let answer = desk.run(&["--diff-base", "HEAD", "a.md"]);
    assert_eq!(answer.status, 0);
    assert!(
        answer.stderr.starts_with("draftlint: a.md: a known finding of tone/you-are-wrong is gone\n"),
        "{}",
        answer.stderr
    );
    assert!(!answer.stderr.contains("game-changer"), "{}", answer.stderr);
}

#[test]
fn each_draft_is_told_new_from_known_by_its_own_settings() {
    let desk = Desk::with(&[
        ("known/draftlint.toml", "baseline = \"known.json\"\n"),
        ("known/known.json", "{\"schema_version\":1,\"findings\":[]}"),
        ("known/a.md", VAGUE),
        ("none/a.md", VAGUE),
    ]);
    let log = desk.run(&["--output-format", "sarif", "known", "none"]).json();
    let states: Vec<_> =
        log["runs"][0]["results"].as_array().unwrap().iter().map(|r| r.get("baselineState").cloned()).collect();
    assert_eq!(states, [Some("new".into()), None]);
}

#[test]
fn only_changed_lines() {
    let desk = Desk::with(&[("a.md", VAGUE), ("b.md", VAGUE)]);
    let git = |args: &[&str]| git(&desk, args);
    if !git(&["init", "-q"]) {
        eprintln!("left out: --diff-base (no git)");
        return;
    }
    desk.write("long.md", format!("We moved.\r\n\r\n{VAGUE}\r\nWe moved.\r\n\r\n{VAGUE}").as_bytes());
    desk.write("deep/пост 1.md", format!("We moved.\n\n{VAGUE}").as_bytes());
    desk.write("gone.md", format!("We moved.\n\n{VAGUE}\nWe moved again.\n").as_bytes());
    assert!(git(&["add", "."]) && git(&["commit", "-qm", "first"]));
    desk.write("a.md", format!("{VAGUE}\nYou are wrong about it.\n").as_bytes());
    desk.write("new.md", VAGUE.as_bytes());
    let answer = desk.run(&["--output-format", "json", "--diff-base", "HEAD", "."]);
    assert_eq!(answer.rules(), ["tone/you-are-wrong", "vague/game-changer"]);
    // one line of a long draft; staged counts as well; a name that is no ASCII, asked for in its folder
    let long = desk.read("long.md");
    desk.write("long.md", long.replacen("We moved.\r\n\r\nThis", "We moved.\r\n\r\nAnd this", 1).as_bytes());
    assert!(git(&["add", "long.md"]));
    desk.write("deep/пост 1.md", format!("We moved it.\n\n{VAGUE}").as_bytes());
    // a line that went: what stands beside it is looked at again
    desk.write("gone.md", format!("{VAGUE}\nWe moved again.\n").as_bytes());
    let lines = |args: &[&str], folder: &str| -> Vec<(String, u64)> {
        let rules = crate::rule_folder().to_str().unwrap();
        let all: Vec<&str> = ["--rules-only", rules, "--output-format", "json", "--diff-base", "HEAD"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let json = desk.answer(desk.command(&all).current_dir(desk.path(folder)), "").json();
        let of = |file: &serde_json::Value| -> Vec<(String, u64)> {
            let path = file["path"].as_str().unwrap().to_owned();
            let findings = file["findings"].as_array().unwrap();
            findings.iter().map(|f| (path.clone(), f["line"].as_u64().unwrap())).collect()
        };
        json["files"].as_array().unwrap().iter().flat_map(of).collect()
    };
    assert_eq!(lines(&["long.md", "gone.md"], ""), [("long.md".to_owned(), 3), ("gone.md".to_owned(), 1)]);
    assert_eq!(lines(&["пост 1.md"], "deep"), []);
    // committed, and compared with what was before
    assert!(git(&["add", "."]) && git(&["commit", "-qm", "second"]));
    assert_eq!(lines(&["."], ""), []);
    let answer = desk.run(&["--output-format", "json", "--diff-base", "HEAD~1", "a.md", "b.md"]);
    assert_eq!(answer.rules(), ["tone/you-are-wrong"]);
    // without git
    let rules = crate::rule_folder().to_str().unwrap();
    let mut alone = desk.command(&["--rules-only", rules, "--diff-base", "HEAD", "a.md"]);
    let answer = desk.answer(alone.env("PATH", desk.path("nowhere")), "");
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("--diff-base needs git, which was not found"), "{}", answer.stderr);
    let unknown = desk.run(&["--diff-base", "no-such-rev", "a.md"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("git knows no revision `no-such-rev`"), "{}", unknown.stderr);
}

#[test]
fn changed_drafts_that_git_does_not_read_by_lines() {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let word = |text: &str| crate::documents::docx(&format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"));
    let desk = Desk::with(&[(".gitattributes", "*.txt -diff\n"), ("marked.txt", VAGUE)]);
    desk.write("utf16.md", &utf16(VAGUE));
    desk.write("draft.docx", &word("A game changer."));
    if !is_committed(&desk) {
        return crate::tools::left_out("left out: --diff-base over Word files (no git)");
    }
    let found = || {
        let json = desk
            .run(&["--output-format", "json", "--diff-base", "HEAD", "utf16.md", "draft.docx", "marked.txt"])
            .json();
        let of = |file: &serde_json::Value| file["findings"].as_array().unwrap().len();
        json["files"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(found(), [0, 0, 0]);
    desk.write("utf16.md", &utf16(&format!("We moved.\n\n{VAGUE}")));
    desk.write("draft.docx", &word("Such a game changer."));
    desk.write("marked.txt", format!("We moved.\n\n{VAGUE}").as_bytes());
    assert_eq!(found(), [1, 1, 1]);
}

#[test]
fn changes_are_those_since_the_branch_was_made() {
    let desk = Desk::with(&[("a.md", &format!("{VAGUE}\nWe moved.\n"))]);
    if !is_committed(&desk) {
        return crate::tools::left_out("left out: --diff-base over branches (no git)");
    }
    let git = |args: &[&str]| assert!(git(&desk, args), "git {args:?}");
    git(&["branch", "mine"]);
    // meanwhile somebody mends the old sentence
    desk.write("a.md", b"We mended it.\n\nWe moved.\n");
    git(&["commit", "-qam", "theirs"]);
    git(&["branch", "theirs"]);
    git(&["checkout", "-q", "mine"]);
    desk.write("a.md", format!("{VAGUE}\nYou are wrong about it.\n").as_bytes());
    git(&["commit", "-qam", "mine"]);
    let answer = desk.run(&["--output-format", "json", "--diff-base", "theirs", "a.md"]);
    assert_eq!(answer.rules(), ["tone/you-are-wrong"]);
}
