//! No format shows a draft's words unless asked, personal data never, and nothing that a terminal obeys.

use crate::{Desk, FORMATS};

const SECRET: &str = "The Zanzibar merger is a game changer, and revenue will grow 12% in Zanzibar.\n\nWrite to ivana.petrova@zanzibar.example before Tuesday.\n";

#[test]
fn words_of_the_draft_stay_in_it() {
    let desk = Desk::with(&[("post.md", SECRET)]);
    for format in FORMATS {
        let shows_words = matches!(*format, "text" | "full");
        for args in [
            &["--redact", "--output-format", format][..],
            &["--output-format", format],
            &["--redact", "--include-text", "--output-format", format],
        ] {
            let redacted = args[0] == "--redact";
            let answer = desk.run(&[args, &["post.md"]].concat());
            let said = format!("{}{}", answer.stdout, answer.stderr).to_lowercase();
            for word in ["zanzibar", "merger", "game changer", "tuesday", "12%"] {
                assert!(!(redacted || !shows_words) || !said.contains(word), "{args:?}: {word}\n{said}");
            }
        }
    }
}

#[test]
fn personal_data_is_always_masked() {
    let desk = Desk::with(&[("post.md", SECRET)]);
    for format in FORMATS {
        for more in [&["--all"][..], &["--include-text"], &["--no-redact", "--include-text"], &["--redact"]] {
            let answer = desk.run(&[&["--output-format", format], more, &["post.md"]].concat());
            let said = format!("{}{}", answer.stdout, answer.stderr);
            for word in ["ivana", "petrova", "@zanzibar"] {
                assert!(!said.contains(word), "{format} {more:?}: {word}\n{said}");
            }
        }
    }
    let json = desk.run(&["--output-format", "json", "--include-text", "post.md"]).json();
    let found = json["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["rule"] == "disclosure/email-address")
        .unwrap();
    assert_eq!(found["text"], "•".repeat("ivana.petrova@zanzibar.example".len()));
}

#[test]
fn redacted_where_ci_says_so() {
    let desk = Desk::with(&[("post.md", SECRET)]);
    let rules = crate::rule_folder().to_str().unwrap();
    let run = |args: &[&str]| {
        let all: Vec<&str> = ["--rules-only", rules].iter().chain(args).copied().collect();
        desk.answer(desk.command(&all).env("CI", "true"), "").stdout
    };
    assert!(!run(&["post.md"]).contains("game changer"));
    assert!(run(&["--no-redact", "post.md"]).contains("game changer"));
    desk.write("draftlint.toml", b"redact = false\n");
    assert!(run(&["post.md"]).contains("game changer"));
}

#[test]
fn fingerprints_do_not_depend_on_redaction_or_place() {
    let desk = Desk::with(&[
        ("a.md", SECRET),
        ("b.md", &format!("A first line.\n\nAnother one.\n\n{}", SECRET.replace(' ', "  ").replace('\n', "\r\n"))),
    ]);
    let prints = |args: &[&str]| -> Vec<String> {
        let json = desk.run(&[&["--output-format", "json"], args].concat()).json();
        json["files"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(prints(&["a.md"]), prints(&["--redact", "a.md"]));
    assert_eq!(prints(&["a.md"]), prints(&["b.md"]));
    desk.write("draftlint.toml", b"fingerprint_salt = \"x\"\n");
    assert_ne!(prints(&["a.md"]), prints(&["--isolated", "a.md"]));
}

#[test]
fn nothing_that_a_terminal_obeys() {
    let text = "This is a \u{1b}[31mgame changer\u{202e} for\u{200b} us \u{7} all, a game changer\u{9b}31m.\n";
    let desk = Desk::with(&[("post.md", text), ("evil\u{1b}[2Jname.md", text)]);
    for format in FORMATS {
        let answer = desk.run(&[
            "--output-format",
            format,
            "--include-text",
            "post.md",
            "evil\u{1b}[2Jname.md",
            "no\u{1b}[2J.md",
        ]);
        let said = format!("{}{}", answer.stdout, answer.stderr);
        for c in ['\u{1b}', '\u{202e}', '\u{200b}', '\u{7}', '\u{9b}'] {
            assert!(!said.contains(c), "{format}: {c:?}\n{said:?}");
        }
    }
}
