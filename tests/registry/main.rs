//! The registry of secrets as its users meet it: `draftlint secrets`, and what `check` then says.

#[path = "../desk/mod.rs"]
mod desk;

use desk::{Answer, Desk};

const KEY: &str = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";

/// A project with a registry of these terms.
fn desk(arguments: &[&str], terms: &str) -> Desk {
    let mut desk = Desk::with(&[("draftlint.toml", "registry = \"draftlint.secrets.toml\"\n")]);
    desk.set("DRAFTLINT_SECRETS_KEY", KEY);
    let added = desk.feed(&[&["secrets", "add"], arguments].concat(), terms);
    assert_eq!((added.status, added.stderr.as_str()), (0, ""), "{}", added.stdout);
    desk
}

fn rules(answer: &Answer) -> Vec<String> {
    let record = answer.json_line();
    record["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| format!("{} {}", f["rule"].as_str().unwrap(), f["severity"].as_str().unwrap()))
        .collect()
}

fn check(desk: &Desk, more: &[&str], text: &str) -> Answer {
    let line = serde_json::json!({ "id": 1, "text": text, "lang": "en" }).to_string();
    desk.feed(&[&["check", "--input-format", "jsonl", "--output-format", "jsonl"], more, &["-"]].concat(), &line)
}

#[test]
fn a_registered_term_is_an_error_and_never_shown() {
    let desk = desk(&["--kind", "deal", "--label", "D-1"], "Skylark\nBlue Bird\n");
    let found = check(&desk, &[], "Proud of the #BlueBird crew, and of all who built Skylarks.");
    assert_eq!(rules(&found), ["disclosure/registered-term error", "disclosure/registered-term error"]);
    assert_eq!(found.status, 1);
    assert_eq!(rules(&check(&desk, &[], "A bird, blue as ink, and a lark.")), Vec::<String>::new());
    // not even where words are shown
    for format in ["text", "full", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson"] {
        let shown = desk.feed(
            &["check", "--output-format", format, "--include-text", "--no-redact", "-"],
            "Nobody may read of Skylark here.",
        );
        assert_eq!(shown.status, 1, "{format}");
        let all = (shown.stdout + &shown.stderr).to_lowercase();
        assert!(!all.contains("skylark") && !all.contains("d-1"), "{format}: {all}");
    }
}

#[test]
fn lists_show_labels_only() {
    let desk =
        desk(&["--kind", "customer", "--label", "C-9", "--until", "2031-12-14T08:00+01:00"], "Skylark\nOtter Works\n");
    let list = desk.run(&["secrets", "list"]);
    assert_eq!(list.stdout, "C-9  customer  2 terms   until 2031-12-14T08:00+01:00\n");
    let tested = desk.feed(&["secrets", "test"], "Nothing here.\nOtter works are here, and skylarks.\n");
    assert_eq!(
        (tested.status, tested.stdout.as_str()),
        (1, "line 2: C-9 (customer, under embargo)\nline 2: C-9 (customer, under embargo)\n")
    );
    assert_eq!(desk.feed(&["secrets", "test"], "Nothing here.").status, 0);
    let text = std::fs::read_to_string(desk.path("draftlint.secrets.toml")).unwrap().to_lowercase();
    assert!(!text.contains("otter") && !text.contains("skylark"));
}

#[test]
fn terms_never_come_from_the_command_line() {
    let desk = Desk::new();
    for command in ["add", "test", "list"] {
        let answer = desk.run(&["secrets", command, "Skylark"]);
        assert_eq!(answer.status, 2);
        assert!(
            answer.stderr.contains("standard input") && !answer.stderr.to_lowercase().contains("skylark"),
            "{}",
            answer.stderr
        );
    }
}

#[test]
fn an_embargo_turns_into_a_question() {
    let desk = desk(&["--until", "2026-12-14T08:00+01:00"], "Skylark\n");
    let on = |day: &str, text: &str| rules(&check(&desk, &["--as-of", day], text));
    assert_eq!(on("2026-12-13", "Thank you, Skylark crew."), ["disclosure/embargoed-term error"]);
    assert_eq!(on("2026-12-14", "Thank you, Skylark crew."), ["disclosure/embargoed-term error"]);
    assert_eq!(on("2026-12-15", "Thank you, Skylark crew."), ["disclosure/release-due warning"]);
    assert_eq!(on("2026-12-15", "Thank you, Skylark crew: https://example.com/news"), ["disclosure/release-due note"]);
    // the draft's own date, to the minute
    let dated = |date: &str| {
        desk.feed(
            &["check", "--output-format", "jsonl", "--stdin-filename", "a.md", "-"],
            &format!("---\ndate: {date}\n---\nThank you, Skylark crew.\n"),
        )
    };
    assert_eq!(rules(&dated("2026-12-14T07:59+01:00")), ["disclosure/embargoed-term error"]);
    assert_eq!(rules(&dated("2026-12-14T07:00Z")), ["disclosure/release-due warning"]);
}

#[test]
fn a_restricted_period_is_named_and_no_more() {
    let desk = desk(&["--period", "--label", "Q4-Skylark", "--from", "2026-12-15", "--to", "2027-02-10"], "");
    // a registry of periods needs no key
    let on = |day: &str| check(&desk, &["--as-of", day], "We sold 40 boats in May.");
    assert_eq!(rules(&on("2026-12-14")), Vec::<String>::new());
    for day in ["2026-12-15", "2027-02-10"] {
        let found = on(day);
        assert_eq!(rules(&found), ["disclosure/restricted-period note"], "{day}");
        assert!(found.stdout.contains("restricted period") && !found.stdout.contains("Q4"));
    }
    let overlap =
        desk.run(&["secrets", "add", "--period", "--label", "offer", "--from", "2027-02-10", "--to", "2027-03-01"]);
    assert_eq!(overlap.status, 2);
    assert!(overlap.stderr.contains("overlaps"), "{}", overlap.stderr);
    assert_eq!(desk.run(&["secrets", "add", "--period", "--from", "2027-02-30", "--to", "2027-03-01"]).status, 2);
}

#[test]
fn nothing_is_skipped_silently() {
    let mut desk = desk(&[], "Skylark\n");
    let text = "Nobody names it here.";
    assert_eq!(check(&desk, &[], text).status, 0);
    let refused = |desk: &Desk, part: &str| {
        let answer = check(desk, &[], text);
        assert_eq!(answer.status, 2, "{part}");
        assert!(answer.stderr.contains(part), "{part}: {}", answer.stderr);
    };
    desk.set("DRAFTLINT_SECRETS_KEY", &KEY.replace('a', "b"));
    refused(&desk, "the key does not belong to this registry");
    desk.set("DRAFTLINT_SECRETS_KEY", "short");
    refused(&desk, "64 hexadecimal digits");
    desk.set("DRAFTLINT_SECRETS_KEY", "");
    refused(&desk, "the key of the registry is missing");
    desk.set("DRAFTLINT_SECRETS_KEY", KEY);
    let good = std::fs::read_to_string(desk.path("draftlint.secrets.toml")).unwrap();
    for (damage, part) in [
        (good.replace("hashes = [", "hashes = [ 7,"), "damaged"),
        (good.replace("version = 1", "version = 9"), "update draftlint"),
        (good.replace("words = 1", "words = 1\nuntil = \"soon\""), "date, time and zone"),
        (good[..good.len() / 2].to_owned(), "damaged"),
    ] {
        desk.write("draftlint.secrets.toml", damage.as_bytes());
        refused(&desk, part);
    }
    std::fs::remove_file(desk.path("draftlint.secrets.toml")).unwrap();
    refused(&desk, "draftlint.secrets.toml");
}

#[test]
fn a_new_key_is_private_and_elsewhere() {
    let mut desk = Desk::with(&[("repo/draftlint.toml", ""), ("repo/a.md", "The Skylark crew is here.\n")]);
    std::fs::create_dir(desk.path("repo/.git")).unwrap();
    desk.stand("repo");
    let key = desk.path("keys/secrets.key").display().to_string();
    let inside = desk.path("repo/secrets.key").display().to_string();
    let refused = desk.feed(&["secrets", "add", "--new-key", "--key-file", &inside], "Skylark");
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("same repository"), "{}", refused.stderr);
    let missing = desk.feed(&["secrets", "add", "--key-file", &key], "Skylark");
    assert!(missing.status == 2 && missing.stderr.contains("--new-key"), "{}", missing.stderr);
    let added = desk.feed(&["secrets", "add", "--new-key", "--key-file", &key], "Skylark");
    assert_eq!(added.status, 0, "{}", added.stderr);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).unwrap().permissions()) & 0o777, 0o600);
    assert_eq!(desk.feed(&["secrets", "add", "--new-key", "--key-file", &key], "Kestrel").status, 2);
    // found beside draftlint.toml, without a setting; the key by the environment
    desk.set("DRAFTLINT_SECRETS_KEY_FILE", &key);
    assert_eq!(desk.run(&["check", "a.md"]).status, 1);
    // nor is draftlint.toml needed, nor must it lie in the same folder
    std::fs::rename(desk.path("repo/draftlint.toml"), desk.path("repo/set-aside.toml")).unwrap();
    assert_eq!(desk.run(&["check", "a.md"]).status, 1);
    desk.write("repo/deep/draftlint.toml", b"");
    desk.write("repo/deep/b.md", b"The Skylark crew is here.\n");
    assert_eq!(desk.run(&["check", "deep/b.md"]).status, 1);
    assert_eq!(desk.run(&["check", "--isolated", "a.md"]).status, 0);
    std::fs::rename(desk.path("repo/set-aside.toml"), desk.path("repo/draftlint.toml")).unwrap();
    desk.set("DRAFTLINT_SECRETS_KEY_FILE", "");
    assert_eq!(desk.run(&["check", "a.md"]).status, 2);
}
