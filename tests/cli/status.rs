//! Exit statuses and what is said on standard error.

use crate::{Desk, FORMATS};

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
fn one_unreadable_draft_among_a_thousand() {
    let desk = Desk::new();
    for i in 0..1_000 {
        desk.write(&format!("posts/{i:03}.md"), b"Write to anna.petrova1984@gmail.com today.\n");
    }
    desk.write("posts/500.md", b"caf\xe9 au lait\n");
    let answer = desk.run_bare(&["--isolated", "--output-format", "jsonl", "posts"]);
    assert_eq!(answer.status, 2);
    assert_eq!(
        answer.stderr,
        "draftlint: posts/500.md: byte 0xE9 at offset 3 (line 1) is not UTF-8; save the draft as UTF-8\n"
    );
    let lines = answer.lines();
    assert_eq!(lines.len(), 1_000);
    assert_eq!(lines.iter().filter(|l| l.get("error").is_some()).count(), 1);
    let told = lines.iter().filter(|l| l["findings"].to_string().contains("disclosure/email-address")).count();
    assert_eq!(told, 999);
}

#[test]
fn nothing_is_set_up_first() {
    // a copy of the program alone, in an empty folder, without a home, a path or any variable
    let desk = Desk::with(&[("post.md", "Write to anna.petrova1984@gmail.com today.\n")]);
    let program = desk.path("draftlint-alone");
    std::fs::copy(env!("CARGO_BIN_EXE_draftlint"), &program).unwrap();
    let mut command = std::process::Command::new(&program);
    command.args(["--output-format", "concise", "post.md"]).current_dir(desk.path("")).env_clear();
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("[disclosure/email-address]"));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
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

/// A folder in which each of [`SPEAKING`] has something to say.
#[cfg(unix)]
fn speaking_desk() -> Desk {
    let desk = Desk::with(&[
        ("hard.md", "Write to anna.petrova1984@gmail.com today. We moved 12 desks.\n"),
        ("other.md", "We moved 13 desks.\n"),
        ("draftlint.toml", ""),
    ]);
    assert_eq!(desk.run_bare(&["sign", "hard.md", "--role", "legal", "-o", "receipt.json"]).status, 0);
    desk
}

/// Every command that prints, but `lsp`; parity and verify have findings here.
#[cfg(unix)]
const SPEAKING: &[&[&str]] = &[
    &["hard.md"],
    &["--exit-zero", "hard.md"],
    &["--fail-on", "never", "hard.md"],
    &["--statistics", "hard.md"],
    &["--statistics", "--output-format", "json", "hard.md"],
    &["--show-settings", "hard.md"],
    &["explain", "email-address"],
    &["rules"],
    &["rules", "--output-format", "json"],
    &["checklist", "hard.md"],
    &["clean", "hard.md"],
    &["parity", "hard.md", "other.md"],
    &["verify", "receipt.json", "other.md"],
    &["completions", "bash"],
    &["man"],
    &["--help"],
    &["--version"],
];

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let desk = speaking_desk();
    let text = "{\"text\":\"You are wrong about the desk, and everyone in the town knows.\"}\n".repeat(20_000);
    desk.write("all.jsonl", text.as_bytes());
    let closed = |args: &[&str], expected: i32| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = desk.command(args).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(expected), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(closed(&["--isolated", "--output-format", "jsonl", "all.jsonl"], 0), "");
    for format in FORMATS {
        assert_eq!(closed(&["--isolated", "--output-format", format, "hard.md"], 0), "", "{format}");
    }
    for args in SPEAKING {
        assert_eq!(closed(args, 0), "", "{args:?}");
    }
    // what is wrong is still wrong when nobody listens
    for args in [&["missing.md"][..], &["--fail-on", "nver", "hard.md"], &["clean", "missing.md"]] {
        assert_eq!(closed(args, 2).lines().count(), 1, "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let desk = speaking_desk();
    let full = |args: &[&str]| {
        let device = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = desk.command(args).stdout(device).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(said, "draftlint: standard output: no space left on the device\n", "{args:?}");
    };
    for format in FORMATS {
        full(&["--isolated", "--output-format", format, "hard.md"]);
    }
    for args in SPEAKING {
        full(args);
    }
    for args in [&["--isolated", "-o", "/dev/full", "hard.md"][..], &["baseline", "-o", "/dev/full", "hard.md"]] {
        let answer = desk.run_bare(args);
        assert_eq!((answer.status, answer.stderr.lines().count()), (2, 1), "{args:?}: {}", answer.stderr);
        assert!(answer.stderr.contains("/dev/full: no space left"), "{}", answer.stderr);
    }
    // nothing of a baseline that was not written stands in the settings
    assert_eq!(desk.read("draftlint.toml"), "");
}

/// A limit on the size of files stands for a disk that fills up in the middle of a file.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_leaves_the_old_files() {
    let settings = format!("{}fail_on = \"error\"\n", "# why we set what follows\n".repeat(100));
    let many = "You are complete idiots, write to anna.petrova1984@gmail.com.\n\n".repeat(40);
    let desk =
        Desk::with(&[("draftlint.toml", &settings), ("few.md", "You are complete idiots.\n"), ("many.md", &many)]);
    let limited = |args: &str| {
        let line = format!("trap '' XFSZ; ulimit -f 2; exec {} {args}", env!("CARGO_BIN_EXE_draftlint"));
        let mut shell = std::process::Command::new("sh");
        let output = shell.args(["-c", &line]).current_dir(desk.path("")).env_remove("CI").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args}: {said}");
        said
    };
    // the baseline fits, the settings do not
    let said = limited("baseline -o known.json few.md");
    assert!(said.contains("draftlint.toml: "), "{said}");
    assert_eq!(desk.read("draftlint.toml"), settings);
    // an old baseline that fits, a new one that does not
    let old = desk.read("known.json");
    let said = limited("baseline -o known.json many.md");
    assert!(said.contains("known.json: "), "{said}");
    assert_eq!((desk.read("known.json"), desk.read("draftlint.toml")), (old, settings));
    let said = limited("sign many.md --role legal -o receipt.json");
    assert!(said.contains("receipt.json: "), "{said}");
    // nothing half written is left
    let mut names: Vec<String> = std::fs::read_dir(desk.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["draftlint.toml", "few.md", "known.json", "many.md"]);
}

/// `script` gives the program a terminal for standard error.
#[cfg(target_os = "linux")]
#[test]
fn progress_is_told_to_a_person_who_waits() {
    let desk = Desk::new();
    let program = env!("CARGO_BIN_EXE_draftlint");
    let seen = |more: &str| -> Option<String> {
        let line = format!("{program} --isolated --output-format jsonl {more} all.jsonl >out.jsonl");
        let mut script = std::process::Command::new("script");
        script
            .args(["--quiet", "--return", "--command", &line, "/dev/null"])
            .current_dir(desk.path(""))
            .env_remove("CI");
        let output = script.stdin(std::process::Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let record = format!("{{\"text\":\"{}\"}}\n", "We moved the desk to the left on Monday. ".repeat(40));
    // a run must last a second to be worth a word: a faster machine gets more to do
    let mut shown = String::new();
    for records in [2_048, 8_192, 32_768, 131_072] {
        desk.write("all.jsonl", record.repeat(records).as_bytes());
        let Some(said) = seen("") else { return crate::tools::left_out("left out: progress (no script)") };
        assert_eq!(desk.read("out.jsonl").lines().filter(|l| l.starts_with('{')).count(), records);
        shown = said;
        if !shown.is_empty() {
            break;
        }
    }
    // wiped off at the end
    assert!(shown.contains(" drafts") && shown.ends_with('\r'), "{shown:?}");
    assert_eq!(seen("--quiet").unwrap(), "");
}

#[test]
fn help_version_completions_and_manual() {
    let desk = Desk::new();
    let version = desk.run_bare(&["--version"]).stdout;
    assert!(version.starts_with("draftlint 0."), "{version}");
    // the rules are part of the version: two builds that judge differently say so
    assert!(
        version.trim_end().ends_with(&format!("(rules {})", draftlint::pack::Pack::embedded().hash())),
        "{version}"
    );
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
