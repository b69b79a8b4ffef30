//! Pages, lists and the examples of rules.

use crate::{Desk, copy, rule_folder};

#[test]
fn a_page() {
    let rules = crate::rule_folder().to_str().unwrap();
    let desk = Desk::new();
    let page = desk.run_bare(&["explain", "own-forecast", "--rules-only", rules, "--message-lang", "nl"]);
    insta::assert_snapshot!(page.stdout, @r#"
disclosure/own-forecast
fout · forward-looking · zekerheid: hoog · stable

Wat
  een eigen prognose

Waarom
  For tests.

Wat te doen
  noem een gepubliceerd of vrijgegeven cijfer

Wie te vragen
  overleg met juridische zaken, investor relations

Voorbeelden (Nederlands)
  gemeld: Onze [[omzet groeit 12%]].
  gemeld: De [[omzet groeit met 3%]].
  goed: Het loket opent om zeven uur.
  goed: Wij verplaatsten het loket.

Om het in een concept toe te staan
  <!-- draftlint: allow own-forecast approved-by legal until 2026-12-31 -- reason -->
"#);
    let json =
        desk.run_bare(&["explain", "disclosure/own-forecast", "--rules-only", rules, "--output-format", "json"]).json();
    assert_eq!(json["rule"], "disclosure/own-forecast");
    assert_eq!(json["languages"]["ru"]["bad"].as_array().unwrap().len(), 2);
}

#[test]
fn the_list() {
    let rules = crate::rule_folder().to_str().unwrap();
    let desk = Desk::new();
    let list = desk.run_bare(&["rules", "--rules-only", rules, "--output-format", "json"]).json();
    let names: Vec<&str> = list.as_array().unwrap().iter().map(|r| r["rule"].as_str().unwrap()).collect();
    assert!(names.contains(&"tone/you-are-wrong"), "{names:?}");
    assert!(desk.run_bare(&["rules"]).stdout.lines().count() > 20);
}

#[test]
fn examples_are_tests() {
    let desk = Desk::new();
    crate::copy(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/rules"), &desk.path("mine"));
    let answer = desk.run_bare(&["rules", "--rules-only", "mine", "--test", "mine"]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
    assert!(answer.stdout.ends_with(" 0 failures\n"), "{}", answer.stdout);
    let path = desk.path("mine/vague/game-changer.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        text.replace("This is a [[game changer]].", "[[This is a changed game]].")
            .replace("We moved the desk to the left.", "Nothing but a game changer."),
    )
    .unwrap();
    let answer = desk.run_bare(&["rules", "--rules-only", "mine", "--test", "mine", "--only", "game"]);
    assert_eq!(answer.status, 1);
    insta::assert_snapshot!(answer.stdout, @r#"
vague/game-changer en bad 1: not caught: This is a changed game.
vague/game-changer en good 1: caught by vague/game-changer “game changer”: Nothing but a game changer.
1 rule, 16 examples, 2 failures
"#);
    std::fs::write(&path, text.replace("severity", "sevrity")).unwrap();
    let answer = desk.run_bare(&["rules", "--rules-only", "mine", "--test", "mine"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("game-changer.toml:") && answer.stderr.contains("severity"), "{}", answer.stderr);
}

#[test]
fn the_reference_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/README.md");
    let fresh = draftlint::explain::reference(draftlint::pack::Pack::embedded());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let shipped = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shipped == fresh, "rules/README.md is stale; `BLESS=1 cargo test` writes it anew");
}

/// The first sentence may stand below a title; a later one is told, and stops nothing.
#[test]
fn a_rule_about_the_opening_only_notes_what_comes_later() {
    let desk = Desk::new();
    let rules = rule_folder();
    copy(rules, &desk.path("rules"));
    let path = desk.path("rules/vague/game-changer.toml");
    let rule = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("opening = true\n{rule}")).unwrap();
    let severities = |text: &str| -> Vec<String> {
        let args = [
            "--rules-only",
            "rules",
            "--all",
            "--output-format",
            "json",
            "--lang",
            "en",
            "--stdin-filename",
            "a.md",
            "-",
        ];
        let mut command = desk.command(&args);
        let json = desk.answer(&mut command, text).json();
        let findings = json["files"][0]["findings"].as_array().unwrap().clone();
        findings
            .iter()
            .filter(|f| f["rule"] == "vague/game-changer")
            .map(|f| f["severity"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(severities("A game changer for us all.\n"), ["warning"]);
    assert_eq!(severities("# Our new site\n\nA game changer for us all.\n"), ["warning"]);
    assert_eq!(severities("The site is up. It is a game changer for us all.\n"), ["note"]);
}

/// The built-in rules leave room for a house's own that ask for their neighbours.
#[test]
fn a_house_has_room_for_rules_of_its_own() {
    let conditions: Vec<String> =
        (0..64).map(|n| format!(r#"{{ what = "falcon{n}", within = "neighbours" }}"#)).collect();
    let mut rule = String::from(
        "id = \"no-falcon\"\ncategory = \"voice\"\ntitle = \"x\"\nwhy = \"\"\"X.\"\"\"\nseverity = \"warning\"\n\
         confidence = \"high\"\nstatus = \"stable\"\n",
    );
    for language in ["en", "fr", "nl", "ru"] {
        rule.push_str(&format!(
            "\n[{language}]\ntitle = \"x\"\nmessage = \"x\"\nadvice = \"x\"\npatterns = [\n  {{ match = \"falcon\", unless = [{}] \
             }},\n]\nbad = [\"[[Falcon]] one.\", \"[[Falcon]] two.\"]\ngood = [\"One.\", \"Two.\"]\n",
            conditions.join(", ")
        ));
    }
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("house/voice")).unwrap();
    std::fs::write(desk.path("house/voice/no-falcon.toml"), rule).unwrap();
    std::fs::write(desk.path("post.md"), "The falcon has landed.\n").unwrap();
    let answer = desk.run_bare(&["check", "--rules", "house", "--isolated", "--lang", "fr", "post.md"]);
    assert_eq!(answer.status, 1, "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stdout.contains("voice/no-falcon"), "{}", answer.stdout);
}
