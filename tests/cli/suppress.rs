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
    let desk = Desk::with(&[("post.md", &format!("<!-- draftlint: allow game-changer -- why\n{VAGUE}"))]);
    let answer = desk.run(&["--output-format", "json", "post.md"]);
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
