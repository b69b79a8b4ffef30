//! Suppressions: who may allow what, and what is said of those that do not hold.

use crate::Desk;

const VAGUE: &str = "This is a game changer for everyone in our town.\n";
const FORECAST: &str = "Our revenue will grow 12% next year, says Ada.\n";

fn rules(text: &str) -> (Vec<String>, serde_json::Value) {
    let desk = Desk::with(&[("post.md", text), ("draftlint.toml", "roles = [\"legal\", \"ir\"]\n")]);
    let answer = desk.run(&["--output-format", "json", "post.md"]);
    (answer.rules(), answer.json()["files"][0]["suppressed"].clone())
}

#[test]
fn allowed_with_a_reason() {
    for text in [
        format!("<!-- draftlint: allow game-changer -- a quotation -->\n{VAGUE}"),
        format!("<!-- draftlint: allow vague/game-changer -- a quotation -->\n\n{VAGUE}"),
        format!("{VAGUE}\n<!-- draftlint: allow file game-changer -- a quotation -->\n"),
        format!("---\nallow: game-changer -- a quotation\n---\n{VAGUE}"),
    ] {
        let (found, suppressed) = rules(&text);
        assert_eq!(found, [""; 0], "{text}");
        assert_eq!(suppressed[0]["rule"], "vague/game-changer");
        assert_eq!(
            suppressed[0]["suppression"],
            serde_json::json!({ "kind": "in-source", "reason": "a quotation" }),
            "{text}"
        );
    }
}

#[test]
fn it_covers_where_it_stands() {
    let allow = "<!-- draftlint: allow game-changer -- quoted -->";
    let line = "<!-- draftlint: allow line game-changer -- quoted -->";
    // lines of what is still found
    let table: &[(String, &[u64])] = &[
        // the next block, and nothing after it
        (format!("{allow}\n{VAGUE}\n{VAGUE}"), &[4]),
        (format!("{VAGUE}\n{allow}\n\n{VAGUE}"), &[1]),
        (format!("We moved.\n\n{allow}\n\n- A game changer.\n- A game changer.\n\n{VAGUE}"), &[8]),
        // between the items of a list: the next item alone
        (format!("- one\n\n{allow}\n\n- A game changer.\n- A game changer.\n"), &[6]),
        (format!("{allow}\n\n> A game changer for us.\n> A game changer.\n\n{VAGUE}"), &[6]),
        (format!("{allow}\n# A game changer\n\n{VAGUE}"), &[4]),
        (format!("| a | b |\n|---|---|\n| A game changer. | x |\n\n{allow}\n\n{VAGUE}"), &[3]),
        // the line it stands on, or the next where it stands alone
        (format!("This is a game changer. {line}\nThis is a game changer, too.\n"), &[2]),
        (format!("We moved.\n{line}\nThis is a game changer.\nThis is a game changer, too.\n"), &[4]),
        // the whole draft, wherever it stands
        (format!("{VAGUE}\n{VAGUE}\n<!-- draftlint: allow file game-changer -- quoted -->\n"), &[]),
        // a note at the foot
        (format!("We moved.[^1]\n\n{allow}\n\n[^1]: A game changer for us.\n\n{VAGUE}"), &[7]),
    ];
    for (text, expected) in table {
        let desk = Desk::with(&[("post.md", text)]);
        let json = desk.run(&["--output-format", "json", "--select", "vague", "post.md"]).json();
        let findings = json["files"][0]["findings"].as_array().unwrap();
        let lines: Vec<u64> = findings.iter().map(|f| f["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, *expected, "{text}");
    }
    // in plain text and in HTML the same words
    for (name, text) in [
        ("post.txt", format!("{allow}\nThis is a game changer.\n\nA game changer.\n")),
        ("post.html", format!("{allow}\n<p>This is a game changer.</p>\n\n<p>A game changer.</p>\n")),
    ] {
        let json = Desk::with(&[(name, &text)]).run(&["--output-format", "json", "--select", "vague", name]).json();
        assert_eq!(json["files"][0]["findings"].as_array().unwrap().len(), 1, "{name}");
        assert_eq!(json["files"][0]["findings"][0]["line"], 4, "{name}");
    }
}

#[test]
fn one_rule_is_allowed_and_the_other_stays() {
    let text = "<!-- draftlint: allow game-changer -- quoted -->\nYou are wrong about this game changer.\n";
    assert_eq!(rules(text).0, ["tone/you-are-wrong"]);
    let (found, suppressed) = rules(&text.replace("game-changer --", "game-changer, tone/you-are-wrong --"));
    assert_eq!((found.len(), suppressed.as_array().unwrap().len()), (0, 2));
}

#[test]
fn what_does_not_hold_is_said() {
    let table = [
        (
            format!("<!-- draftlint: allow game-changer -->\n{VAGUE}"),
            vec!["disclosure/incomplete-suppression", "vague/game-changer"],
        ),
        (
            format!("<!-- draftlint: allow game-changr -- why -->\n{VAGUE}"),
            vec!["disclosure/unreadable-suppression", "vague/game-changer"],
        ),
        (
            format!("<!-- draftlint: allow vague -- why -->\n{VAGUE}"),
            vec!["disclosure/unreadable-suppression", "vague/game-changer"],
        ),
        (
            format!("<!-- draftlint: allow game-changer until 2026-11-21 -- why -->\n{VAGUE}"),
            vec!["disclosure/expired-suppression", "vague/game-changer"],
        ),
        (format!("<!-- draftlint: allow game-changer until 2026-11-22 -- why -->\n{VAGUE}"), vec![]),
        (
            format!("<!-- draftlint: allow you-are-wrong -- why -->\n{VAGUE}"),
            vec!["disclosure/stale-suppression", "vague/game-changer"],
        ),
        // disclosure needs a role of the project and a day
        (
            format!("<!-- draftlint: allow own-forecast -- why -->\n{FORECAST}"),
            vec!["disclosure/incomplete-suppression", "disclosure/own-forecast"],
        ),
        (
            format!("<!-- draftlint: allow own-forecast approved-by ir -- why -->\n{FORECAST}"),
            vec!["disclosure/incomplete-suppression", "disclosure/own-forecast"],
        ),
        (
            format!("<!-- draftlint: allow own-forecast approved-by me until 2026-12-31 -- why -->\n{FORECAST}"),
            vec!["disclosure/incomplete-suppression", "disclosure/own-forecast"],
        ),
        (format!("<!-- draftlint: allow own-forecast approved-by ir until 2026-12-31 -- why -->\n{FORECAST}"), vec![]),
    ];
    for (text, expected) in table {
        let (mut found, _) = rules(&text);
        found.sort();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn one_that_is_never_closed() {
    let desk = Desk::with(&[
        ("post.md", &format!("<!-- draftlint: allow game-changer -- why\n{VAGUE}")),
        ("z.md", "You are wrong about it.\n"),
    ]);
    let answer = desk.run(&["--output-format", "json", "post.md", "z.md"]);
    assert_eq!((answer.status, answer.stderr.lines().count()), (1, 1), "{}", answer.stderr);
    assert!(answer.rules().contains(&"tone/you-are-wrong".to_owned()), "the rest is still done");
    assert!(answer.stderr.contains("post.md:1: ") && answer.stderr.contains("never closed"), "{}", answer.stderr);
    assert!(answer.rules().contains(&"vague/game-changer".to_owned()), "{}", answer.stdout);
}

#[test]
fn sarif_keeps_them_with_their_justification() {
    let text = format!(
        "<!-- draftlint: allow own-forecast approved-by legal until 2026-12-31 -- published on 3 March -->\n{FORECAST}"
    );
    let desk = Desk::with(&[("post.md", &text)]);
    let justification = |args: &[&str]| {
        let log = desk.run(&[&["--output-format", "sarif"], args, &["post.md"]].concat()).json();
        log["runs"][0]["results"][0]["suppressions"][0].clone()
    };
    assert_eq!(justification(&[])["justification"], "published on 3 March; approved by legal; until 2026-12-31");
    assert_eq!(justification(&["--redact"])["justification"], "approved by legal; until 2026-12-31");
    assert_eq!(desk.run(&["post.md"]).status, 0);
}
