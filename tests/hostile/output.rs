//! Escape sequences, control and direction characters, forged workflow commands and markup, in every place where another
//! may write: none reaches standard output or standard error raw, in any format.

use crate::desk::{Answer, Desk, FORMATS};

/// What a terminal obeys (C0, DEL, C1), what turns text round, what nobody sees, what forges commands and markup.
const HARM: &str = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{9b}2J\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}%0A::error::forged ]]> --> </script>&\"'<b>";

/// Fails where anything of [`HARM`] would do its work.
fn harmless(answer: &Answer, place: &str, format: &str) {
    for (stream, text) in [("standard output", &answer.stdout), ("standard error", &answer.stderr)] {
        let raw = text.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
        });
        assert!(raw.is_none(), "{place}, {format}: {raw:?} on {stream}\n{}", text.escape_debug());
        assert!(!text.lines().any(|l| l.starts_with("::error::forged")), "{place}, {format}: a forged command\n{text}");
    }
    match format {
        "json" | "sarif" | "gitlab" | "rdjson" => {
            serde_json::from_str::<serde_json::Value>(&answer.stdout).unwrap_or_else(|e| panic!("{place}: {e}"));
        }
        "jsonl" | "rdjsonl" => answer.stdout.lines().for_each(|l| {
            serde_json::from_str::<serde_json::Value>(l).unwrap_or_else(|e| panic!("{place}: {e}"));
        }),
        "junit" | "checkstyle" => {
            let mut reader = quick_xml::Reader::from_str(&answer.stdout);
            loop {
                match reader.read_event().unwrap_or_else(|e| panic!("{place}: {e}")) {
                    quick_xml::events::Event::Eof => break,
                    quick_xml::events::Event::CData(_) => panic!("{place}: a CDATA section"),
                    _ => {}
                }
            }
        }
        "github" => {
            let commands = ["::error file=", "::warning file=", "::notice file="];
            for line in answer.stdout.lines().filter(|l| l.starts_with("::")) {
                assert!(commands.iter().any(|c| line.starts_with(c)), "{place}: {line}");
            }
        }
        _ => {}
    }
}

/// Runs the shipped rules in every format with everything shown, words included.
fn in_every_format(desk: &Desk, place: &str, paths: &[&str]) {
    for format in FORMATS {
        let fixed =
            ["--isolated", "--as-of", "2026-11-22", "--color", "never", "--all", "--no-redact", "--include-text"];
        let all: Vec<&str> = fixed.iter().chain(&["--output-format", format]).chain(paths).copied().collect();
        let answer = desk.run(&all);
        assert!((0..=2).contains(&answer.status), "{place}, {format}: {}", answer.stderr);
        harmless(&answer, place, format);
    }
}

#[test]
fn in_the_words_of_a_draft() {
    let text = format!(
        "We are {HARM} thrilled {HARM} to announce a game{HARM} changer.\n\n{HARM}You are an idiot{HARM}. Write to a{HARM}@example.com\n\n> [{HARM}](https://example.com/{HARM})\n"
    );
    let desk = Desk::with(&[("post.md", &text), ("post.txt", &text), ("post.html", &text)]);
    in_every_format(&desk, "the draft", &["post.md", "post.txt", "post.html"]);
    in_every_format(&desk, "the draft alone", &["post.txt"]);
}

#[test]
#[cfg(unix)]
fn in_names_of_files() {
    let desk = Desk::new();
    let name = format!("dir\u{1b}[2J/po\nst{}.md", HARM.replace('/', ""));
    desk.write(&name, b"We are thrilled to announce a game changer.\n");
    // a name that is no UTF-8, one that cannot be read, one that is not there
    use std::os::unix::ffi::OsStringExt;
    let odd = std::ffi::OsString::from_vec(b"dir\x1b[2J/\xff\x9b.md".to_vec());
    std::fs::write(desk.path("x").with_file_name(odd), b"We are thrilled to announce it.\n").unwrap();
    desk.write("dir\u{1b}[2J/bad\u{9b}.md", b"\xff\xfe\xff");
    in_every_format(&desk, "a file's name", &[".", "gone\u{1b}[2J\n::error::forged"]);
}

#[test]
fn in_front_matter_and_directives() {
    let matter = format!(
        "---\nchannel: {HARM}\nkind: {HARM}\nlang: {HARM}\ndate: {HARM}\nauthor: {HARM}\nallow: {HARM} -- {HARM}\n{HARM}: x\n{HARM}\n---\nWe are thrilled to announce it.\n\n<!-- draftlint: allow {HARM} until {HARM} approved-by {HARM} -- {HARM} -->\nA game changer.\n"
    );
    let desk = Desk::with(&[("post.md", &matter)]);
    in_every_format(&desk, "front matter", &["post.md"]);
    let toml = format!("+++\nchannel = \"{}\"\n{HARM}\n+++\nWords.\n", "\\u001b[2J\\u202e");
    let desk = Desk::with(&[("post.md", &toml)]);
    in_every_format(&desk, "front matter in TOML", &["post.md"]);
}

#[test]
fn in_records() {
    let record = serde_json::json!({
        "id": HARM, "text": format!("We are thrilled{HARM} to announce a game changer."), "lang": HARM, "channel": HARM, "author": HARM, "kind": HARM
    });
    let broken = format!("{{\"id\": \"{HARM}\", \"text\": 5}}\n{HARM}\n");
    let desk = Desk::with(&[("posts.jsonl", &format!("{record}\n{broken}"))]);
    in_every_format(&desk, "records", &["posts.jsonl"]);
}

#[test]
fn in_settings_and_arguments() {
    let harm = "\\u001b[2J\\u009b\\u202e";
    for settings in [
        format!("select = [\"{harm}\"]\n"),
        format!("author = \"{harm}\"\nchannel = \"{harm}\"\n"),
        format!("\"{harm}\" = 1\n"),
        format!("extends = [\"{harm}.toml\"]\n"),
        format!("profile = \"{harm}.toml\"\n"),
        format!("author = \"{harm}\"\n"),
        HARM.to_owned(),
    ] {
        let desk = Desk::with(&[("draftlint.toml", &settings), ("post.md", "Words.\n")]);
        for arguments in [&["--show-settings", "post.md"][..], &["post.md"], &["parity", "post.md", "post.md"]] {
            harmless(&desk.run(arguments), &settings, "text");
        }
    }
    let desk = Desk::with(&[("post.md", "Words.\n")]);
    let bad = "\u{1b}[2J\u{202e}\u{9b}";
    for arguments in [
        &["--select", bad, "post.md"][..],
        &["--output-format", bad, "post.md"],
        &["explain", bad],
        &["--lang", bad, "post.md"],
        &["clean", bad],
        &["checklist", bad],
        &["--as-of", bad, "post.md"],
        &["--config", bad, "post.md"],
        &["--rules", bad, "post.md"],
    ] {
        let answer = desk.run(arguments);
        assert_eq!(answer.status, 2, "{arguments:?}");
        harmless(&answer, "an argument", "text");
    }
}

/// A rule file says what it likes in messages; it is refused when that holds what terminals obey.
#[test]
fn in_rule_files() {
    let rule = |message: &str, more: &str| {
        let mut rule = format!(
            "id = \"harm\"\ncategory = \"vague\"\ntitle = \"a title\"\nwhy = \"It tests.\"\nseverity = \"warning\"\nconfidence = \"high\"\nstatus = \"stable\"\n{more}\n"
        );
        for language in ["en", "fr", "nl", "ru"] {
            rule.push_str(&format!(
                "[{language}]\ntitle = \"t\"\nmessage = \"{message}\"\nadvice = \"write it\"\npatterns = [\"snarkle\"]\nbad = [\"[[Snarkle]].\", \"A [[snarkle]].\"]\ngood = [\"Fine.\", \"Well.\"]\n"
            ));
        }
        rule
    };
    let desk = Desk::with(&[("post.md", "A snarkle.\n")]);
    let run = |text: &str| {
        desk.write("more/vague/harm.toml", text.as_bytes());
        desk.run(&["--isolated", "--lang", "en", "--rules", "more", "post.md"])
    };
    let fine = run(&rule("a message", ""));
    let harmful = run(&rule("a \\u001b[2J message", ""));
    assert!(fine.status < 2 && fine.stdout.contains("a message"), "{}{}", fine.stdout, fine.stderr);
    assert_eq!(harmful.status, 2, "{}{}", harmful.stdout, harmful.stderr);
    assert!(harmful.stderr.contains("control or invisible character"), "{}", harmful.stderr);
    harmless(&harmful, "a rule's message", "text");
    for (place, text) in [
        ("a rule's words", format!("id = \"{HARM}")),
        ("a rule's key", rule("m", "\"\\u001b[2J\\u202e\" = 1")),
        ("a rule's value", rule("m", "unless = [{ what = \"@\\u001b[2J\" }]")),
        ("a rule's pattern", rule("m", "").replace("snarkle\"]", "snarkle\\u001b[2J(\"]")),
    ] {
        let answer = run(&text);
        assert_eq!(answer.status, 2, "{place}: {}{}", answer.stdout, answer.stderr);
        harmless(&answer, place, "text");
    }
}
