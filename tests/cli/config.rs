//! draftlint.toml: found, extended, changed by path, and its errors.

use crate::Desk;

const VAGUE: &str = "This is a game changer for everyone in our town.\n";

fn severity(desk: &Desk, path: &str) -> Option<String> {
    let json = desk.run(&["--output-format", "json", path]).json();
    json["files"][0]["findings"].get(0).map(|f| f["severity"].as_str().unwrap().to_owned())
}

#[test]
fn found_upwards_and_extended() {
    let desk = Desk::with(&[
        ("draftlint.toml", "[levels]\ngame-changer = \"error\"\n"),
        ("team/draftlint.toml", "extends = \"../draftlint.toml\"\nmessage_lang = \"fr\"\n"),
        ("alone/draftlint.toml", "message-lang = \"nl\"\n"),
        ("post.md", VAGUE),
        ("team/deep/post.md", VAGUE),
        ("alone/post.md", VAGUE),
    ]);
    assert_eq!(severity(&desk, "post.md").as_deref(), Some("error"));
    assert_eq!(severity(&desk, "team/deep/post.md").as_deref(), Some("error"));
    assert_eq!(severity(&desk, "alone/post.md").as_deref(), Some("warning"));
    assert_eq!(
        desk.run(&["--isolated", "--output-format", "concise", "post.md"]).stdout.matches("warning:").count(),
        1
    );
    let named = desk.run(&["--config", "alone/draftlint.toml", "--output-format", "concise", "post.md"]).stdout;
    assert!(named.contains("warning: "), "{named}");
}

#[test]
fn the_nearer_name_wins() {
    let table = [
        ("ignore = [\"vague\"]", None),
        ("ignore = [\"vague\"]\nselect = [\"game-changer\"]", Some("warning")),
        ("select = [\"vague\"]\nignore = [\"vague/game-changer\"]", None),
        ("select = [\"tone\"]", None),
        ("[levels]\nvague = \"off\"", None),
        ("[levels]\nvague = \"note\"\ngame-changer = \"error\"", Some("error")),
        ("[levels]\nvague = \"note\"", Some("note")),
    ];
    for (settings, expected) in table {
        let desk = Desk::with(&[("draftlint.toml", settings), ("post.md", VAGUE)]);
        assert_eq!(severity(&desk, "post.md").as_deref(), expected, "{settings}");
    }
}

#[test]
fn a_flag_ignores_more_and_selects_anew() {
    let desk = Desk::with(&[
        ("draftlint.toml", "ignore = [\"game-changer\"]\n"),
        ("post.md", &format!("{VAGUE}\nYou are wrong about it.\n")),
    ]);
    let rules = |args: &[&str]| desk.run(&[&["--output-format", "json"], args, &["post.md"]].concat()).rules();
    assert_eq!(rules(&[]), ["tone/you-are-wrong"]);
    assert_eq!(rules(&["--ignore", "tone"]), [""; 0]);
    assert_eq!(rules(&["--select", "vague"]), ["vague/game-changer"]);
}

#[test]
fn changed_by_path() {
    let desk = Desk::with(&[
        (
            "draftlint.toml",
            "exclude = [\"old\"]\n[[overrides]]\npaths = [\"quotes/**\", \"*.draft.md\"]\nignore = [\"vague\"]\nfail_on = \"never\"\n",
        ),
        ("post.md", VAGUE),
        ("quotes/a.md", VAGUE),
        ("deep/a.draft.md", VAGUE),
        ("old/a.md", VAGUE),
    ]);
    let json = desk.run(&["--output-format", "json", "."]).json();
    let found: Vec<(&str, usize)> = json["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["path"].as_str().unwrap(), f["findings"].as_array().unwrap().len()))
        .collect();
    assert_eq!(found, [("deep/a.draft.md", 0), ("post.md", 1), ("quotes/a.md", 0)]);
    // a file that is named is checked although its folder is excluded
    assert_eq!(severity(&desk, "old/a.md").as_deref(), Some("warning"));
}

#[test]
fn languages_by_folder() {
    let desk = Desk::with(&[
        (
            "draftlint.toml",
            "[[overrides]]\npaths = [\"fr/**\"]\nlang = \"fr\"\n[[overrides]]\npaths = [\"nl/**\"]\nlang = \"nl\"\nmessage_lang = \"en\"\n",
        ),
        ("fr/a.md", "OK\n"),
        ("nl/a.md", "OK\n"),
        ("ru.md", "Мы переставили стол налево в понедельник.\n"),
    ]);
    let json = desk.run(&["--output-format", "json", "."]).json();
    let languages: Vec<&str> =
        json["files"].as_array().unwrap().iter().map(|f| f["language"].as_str().unwrap()).collect();
    assert_eq!(languages, ["fr", "nl", "ru"]);
}

#[test]
fn excluded_although_named() {
    let desk = Desk::with(&[("draftlint.toml", "exclude = [\"old/**\"]\n"), ("old/a.md", VAGUE), ("a.md", VAGUE)]);
    // as pre-commit names every file that changed
    let forced = desk.run(&["--force-exclude", "--output-format", "concise", "old/a.md", "a.md"]);
    assert!(forced.stdout.starts_with("a.md:1:11: ") && !forced.stdout.contains("old/"), "{}", forced.stdout);
    assert_eq!(desk.run(&["--force-exclude", "old/a.md"]).status, 0);
    assert_eq!(desk.run(&["old/a.md"]).status, 1);
}

#[test]
fn errors_point_into_the_file() {
    let table = [
        ("selct = []", "draftlint.toml:1:1: `selct` is no setting; did you mean `select`?"),
        ("fail_on = \"warn\"", "draftlint.toml:1:11: `fail_on` cannot be `warn`; allowed: note, warning, error, never"),
        ("\nmax_warnings = -1", "draftlint.toml:2:16: `max_warnings` must be a whole number from 0"),
        (
            "select = [\"tnoe\"]",
            "draftlint.toml:1:11: no rule, category or family is called `tnoe`; did you mean `tone`?",
        ),
        (
            "[levels]\ngame-changr = \"off\"",
            "draftlint.toml:2:1: no rule, category or family is called `game-changr`; did you mean `game-changer`?",
        ),
        (
            "status = [\"listd\"]",
            "draftlint.toml:1:11: `status` cannot hold `listd`; allowed: listed, bank, broker-dealer, investment, health, offering; did you mean `listed`?",
        ),
        ("crisis = \"yes\"", "draftlint.toml:1:10: `crisis` must be true or false, found string"),
        ("select = [", "draftlint.toml:1:11: "),
        ("[[overrides]]\nignore = [\"tone\"]", "draftlint.toml:1:1: an override needs `paths`"),
        (
            "[[overrides]]\npaths = [\"a\"]\nbaseline = \"b\"",
            "draftlint.toml:3:1: `baseline` does not belong into an override",
        ),
        ("extends = \"none.toml\"", "draftlint.toml:1:11: `extends` names "),
        (
            "extends = \"draftlint.toml\"",
            "draftlint.toml:1:11: `extends` goes in a circle: draftlint.toml -> draftlint.toml",
        ),
        (
            "restricted_periods = [{ from = \"2026-02-30\", to = 2026-03-01 }]",
            "draftlint.toml:1:32: `from` is no day of the calendar",
        ),
        (
            "restricted_periods = [{ from = 2026-03-02, to = 2026-03-01 }]",
            "draftlint.toml:1:23: a restricted period ends before it begins",
        ),
        (
            "restricted_periods = [{ from = 2026-03-01, to = 2026-03-09 }, { from = 2026-03-09, to = 2026-03-10 }]",
            "draftlint.toml:1:63: this restricted period overlaps an earlier one",
        ),
    ];
    for (settings, expected) in table {
        let desk = Desk::with(&[("draftlint.toml", settings), ("post.md", VAGUE)]);
        let answer = desk.run(&["post.md"]);
        assert_eq!(answer.status, 2, "{settings}: {}", answer.stdout);
        assert!(answer.stderr.starts_with(&format!("draftlint: {expected}")), "{settings}\n{}", answer.stderr);
    }
}

#[test]
fn a_broken_file_stops_only_its_own_drafts() {
    let desk = Desk::with(&[
        ("bad/draftlint.toml", "extends = \"other.toml\"\n"),
        ("bad/other.toml", "extends = \"draftlint.toml\"\n"),
        ("bad/a.md", VAGUE),
        ("bad/b.md", VAGUE),
        ("good.md", VAGUE),
    ]);
    let answer = desk.run(&["--output-format", "concise", "bad", "good.md"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stdout.starts_with("good.md:1:11: warning"), "{}", answer.stdout);
    assert_eq!(answer.stderr.lines().count(), 1, "{}", answer.stderr);
    assert!(
        answer.stderr.contains("`extends` goes in a circle: draftlint.toml -> other.toml -> draftlint.toml"),
        "{}",
        answer.stderr
    );
}

#[test]
fn settings_are_shown() {
    let desk = Desk::with(&[(
        "draftlint.toml",
        "status = \"listed\"\nfail_on = \"error\"\nfingerprint_salt = \"secret-salt\"\n",
    )]);
    let answer = desk.run(&["--show-settings", "--max-warnings", "3", "."]);
    let json = answer.json();
    assert_eq!(json["."]["status"][0], "listed");
    assert_eq!((&json["."]["fail_on"], &json["."]["max_warnings"]), (&"error".into(), &3.into()));
    assert!(!answer.stdout.contains("secret-salt"));
}

#[test]
fn a_user_level_file_serves_where_no_project_does() {
    let desk = Desk::with(&[
        (
            "home/.config/draftlint/draftlint.toml",
            "[levels]\nvague = \"error\"\nmessage_lang = \"nl\"\n".trim_end_matches("message_lang = \"nl\"\n"),
        ),
        ("post.md", VAGUE),
        ("project/draftlint.toml", "[levels]\ngame-changer = \"note\"\n"),
        ("project/post.md", VAGUE),
    ]);
    let rules = crate::rule_folder().to_str().unwrap();
    let severity = |path: &str| {
        let mut command = desk.command(&["--rules-only", rules, "--output-format", "json", path]);
        let json = desk.answer(command.env("HOME", desk.path("home")), "").json();
        json["files"][0]["findings"][0]["severity"].as_str().unwrap().to_owned()
    };
    assert_eq!(severity("post.md"), "error");
    assert_eq!(severity("project/post.md"), "note");
}

#[test]
fn crisis_and_restricted_periods() {
    let desk = Desk::with(&[
        ("draftlint.toml", "crisis = true\n"),
        ("post.md", "We moved the desk to the left on Monday.\n"),
        ("statement.md", "---\nkind: statement\n---\nWe moved the desk to the left on Monday.\n"),
    ]);
    let json = desk.run(&["--output-format", "json", "post.md", "statement.md"]).json();
    assert_eq!(json["files"][0]["findings"][0]["rule"], "disclosure/communications-first");
    assert_eq!(json["files"][0]["findings"][0]["scope"], "document");
    assert_eq!(json["files"][1]["findings"].as_array().unwrap().len(), 0);
    let rules = crate::rule_folder().to_str().unwrap();
    let answer =
        desk.answer(desk.command(&["--rules-only", rules, "--isolated", "post.md"]).env("DRAFTLINT_CRISIS", "1"), "");
    assert_eq!(answer.status, 1, "{}", answer.stdout);
    let quiet = Desk::with(&[
        (
            "draftlint.toml",
            "restricted_periods = [{ from = 2026-11-20, to = 2026-11-30 }]\nlevels = { own-forecast = \"warning\" }\n",
        ),
        ("post.md", "Our revenue will grow 12% next year, says Ada.\n"),
    ]);
    let json = quiet.run(&["--output-format", "json", "post.md"]).json();
    assert_eq!(json["files"][0]["findings"][0]["severity"], "error", "{json}");
}

#[test]
fn the_schema_knows_every_setting() {
    let schema: serde_json::Value = serde_json::from_str(draftlint::config::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let settings = serde_json::json!({
        "extends": "../draftlint.toml", "select": ["vague"], "ignore": "tone", "levels": { "vague": "off" }, "fail_on": "error", "max_warnings": 3,
        "overrides": [{ "paths": ["fr/**"], "lang": "fr" }], "restricted_periods": [{ "from": "2026-01-01", "to": "2026-02-01" }],
    });
    assert!(validator.is_valid(&settings));
    assert!(!validator.is_valid(&serde_json::json!({ "selct": [] })));
    let mut known: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut read: Vec<&str> = draftlint::config::KEYS.to_vec();
    known.sort_unstable();
    read.sort_unstable();
    assert_eq!(known, read);
}
