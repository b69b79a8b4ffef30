//! Every output format: its form, its columns, its bytes.

use crate::{Answer, Desk, FORMATS, MIXED};

fn desk() -> Desk {
    Desk::with(&[("post.md", MIXED), ("clean.md", "We moved the desk to the left on Monday.\n")])
}

fn run(format: &str, more: &[&str]) -> Answer {
    let all: Vec<&str> =
        ["--output-format", format].iter().chain(more).chain(&["clean.md", "post.md"]).copied().collect();
    desk().run(&all)
}

#[test]
fn text() {
    insta::assert_snapshot!(desk().run(&["post.md"]).stdout, @r#"
Hold: 1 to clear with legal, 2 to improve (English, 31 words)

1. line 3: “ventes progresseront de 12 %”
   a forecast of our own disclosure/own-forecast
   → use a published or cleared figure (ask legal, investor relations)

2. line 1: “прорывное решение”; line 5: “game changer”
   a stock phrase vague/game-changer
   → say what changed, for whom, by how much

1 more: 1 note (--all shows them). No voice profile: general rules only
(draftlint init).
"#);
}

#[test]
fn text_in_every_language() {
    let desk = desk();
    for language in ["en", "fr", "nl", "ru"] {
        let held = desk.run(&["--message-lang", language, "-q", "post.md"]).stdout;
        let clean = desk.run(&["--message-lang", language, "clean.md"]).stdout;
        let (held, clean) = (held.replace('\n', " "), clean.replace('\n', " "));
        let expected = match language {
            "en" => ("Hold: 1 to clear with legal, 2 to improve (", "Ready to post (English, 9 words, general 0."),
            "fr" => (
                "En attente\u{a0}: 1 point à valider avec le service juridique, 2 à améliorer (",
                "Prêt à publier (anglais, 9 mots, trop général 0,",
            ),
            "nl" => (
                "Nog niet plaatsen: 1 punt af te stemmen met juridische zaken, 2 te verbeteren",
                "Klaar om te plaatsen (Engels, 9 woorden, te algemeen 0,",
            ),
            _ => (
                "Пока не публиковать: 1 согласовать с юристами, 2 доработать (",
                "Можно публиковать (английский, 9 слов, слишком общо 0,",
            ),
        };
        assert!(held.starts_with(expected.0), "{held}");
        assert!(clean.starts_with(expected.1), "{clean}");
    }
}

#[test]
fn text_shows_three_unless_asked_for_all() {
    let text = "This is a game changer, we think.\n\nYou are wrong about it.\n\nOur revenue will grow 12%, and Ada wrote to a.b@acme-boats.com.\n";
    let desk = Desk::with(&[("many.md", text)]);
    let numbers = |text: &str| {
        text.lines().filter(|l| l.as_bytes().first().is_some_and(u8::is_ascii_digit) && l.contains('“')).count()
    };
    let few = desk.run(&["many.md"]).stdout;
    assert_eq!(numbers(&few), 3, "{few}");
    assert!(few.contains("1 more: 1 warning"), "{few}");
    // the gravest first
    assert!(few.contains("\n1. line 3: “You are wrong”\n"), "{few}");
    assert!(few.contains("\n2. line 5: “revenue will grow 12%”\n"), "{few}");
    let all = desk.run(&["--all", "many.md"]).stdout;
    assert_eq!(numbers(&all), 4, "{all}");
}

#[test]
fn text_tells_the_same_thing_once() {
    let desk = Desk::with(&[("many.md", &"This is a game changer.\n\n".repeat(5))]);
    let text = desk.run(&["many.md"]).stdout;
    assert!(text.starts_with("Hold: 5 to improve"), "{text}");
    assert!(text.contains("1. line 1: “game changer”; line 3: “game changer”; line 5: “game changer”; +2\n"), "{text}");
    assert!(!text.contains("2. "), "{text}");
}

#[test]
fn text_over_a_folder_shows_what_needs_work() {
    let desk = desk();
    let answer = desk.run(&["."]);
    assert!(!answer.stdout.contains("clean.md"), "{}", answer.stdout);
    assert!(answer.stdout.starts_with("post.md: Hold: "), "{}", answer.stdout);
    assert!(answer.stdout.contains("\n2 drafts: 1 on hold, 1 ready. No voice profile"), "{}", answer.stdout);
}

#[test]
fn lines_are_wrapped() {
    for language in ["en", "fr", "nl", "ru"] {
        for line in run("text", &["--message-lang", language]).stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn full() {
    insta::assert_snapshot!(run("full", &[]).stdout, @r#"
warning[vague/game-changer]: a stock phrase
 --> post.md:1:7
  |
1 | Это 🚀 прорывное решение для всех, кто ждёт на нашем складе.
  |        ^^^^^^^^^^^^^^^^^
  |
  = help: say what changed, for whom, by how much
  = note: confidence: medium · draftlint explain game-changer

error[disclosure/own-forecast]: a forecast of our own
 --> post.md:3:5
  |
3 | Nos ventes progresseront de 12 % l'an prochain, écrit Éva.
  |     ------^-------------^^^^----
  |     |      |                |
  |     |      |                figure
  |     |      act
  |     who
  |
  = help: use a published or cleared figure
  = note: confidence: high · ask legal, investor relations · draftlint explain own-forecast

warning[vague/game-changer]: a stock phrase
 --> post.md:5:11
  |
5 | This is a game changer for everyone in our town. Thoughts?
  |           ^^^^^^^^^^^^
  |
  = help: say what changed, for whom, by how much
  = note: confidence: medium · draftlint explain game-changer

1 error, 2 warnings; 1 more: 1 note (--all shows them)
"#);
}

#[test]
fn concise() {
    insta::assert_snapshot!(run("concise", &[]).stdout, @r#"
post.md:1:7: warning: a stock phrase; say what changed, for whom, by how much [vague/game-changer]
post.md:3:5: error: a forecast of our own; use a published or cleared figure [disclosure/own-forecast]
post.md:5:11: warning: a stock phrase; say what changed, for whom, by how much [vague/game-changer]
1 error, 2 warnings; 1 more: 1 note (--all shows them)
"#);
}

#[test]
fn a_draft_that_could_not_be_read_is_in_the_report() {
    let broken = desk().run(&["--output-format", "json", "none.md"]).json();
    assert_eq!(broken["files"][0]["error"]["code"], "unreadable");
}

#[test]
fn json_carries_every_finding() {
    let findings = |args: &[&str]| run("json", args).rules();
    assert_eq!(
        findings(&[]),
        ["vague/game-changer", "disclosure/own-forecast", "vague/game-changer", "purpose/thoughts"]
    );
    assert_eq!(findings(&["--min-severity", "warning"]).len(), 3);
    assert_eq!(findings(&["--min-severity", "error"]), ["disclosure/own-forecast"]);
    assert_eq!(findings(&["--min-confidence", "high"]), ["disclosure/own-forecast"]);
    let json = run("json", &["--include-text"]).json();
    assert_eq!(json["files"][1]["findings"][0]["text"], "прорывное решение");
    assert_eq!(run("json", &[]).json()["files"][1]["findings"][0].get("text"), None);
    assert_eq!(json["summary"]["errors"], 1);
}

#[test]
fn columns_in_each_unit() {
    // the Russian finding stands behind "Это 🚀 ": 6 code points, 12 bytes
    let json = run("json", &[]).json();
    let finding = &json["files"][1]["findings"][0];
    assert_eq!((&finding["start"], &finding["end"]), (&12.into(), &45.into()));
    assert_eq!((&finding["column"], &finding["end_column"]), (&7.into(), &24.into()));
    let sarif = run("sarif", &[]).json();
    let region = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startColumn"], &region["endColumn"], &region["byteOffset"]),
        (&7.into(), &24.into(), &12.into())
    );
    let rdjson = run("rdjson", &[]).json();
    let range = &rdjson["diagnostics"][0]["location"]["range"];
    assert_eq!((&range["start"]["column"], &range["end"]["column"]), (&13.into(), &46.into()));
    assert!(
        run("github", &[])
            .stdout
            .starts_with("::warning file=post.md,line=1,endLine=1,col=7,endColumn=24,title=vague/game-changer::")
    );
    let lines = run("rdjsonl", &[]).lines();
    assert_eq!((&lines[0]["location"], lines.len()), (&rdjson["diagnostics"][0]["location"], 4));
    assert_eq!(run("gitlab", &[]).json()[0]["location"]["lines"]["begin"], 1);
    assert_eq!(run("jsonl", &[]).lines()[1]["findings"][0]["end_column"], 24);
    assert!(run("junit", &[]).stdout.contains("name=\"vague/game-changer 1:7\"><failure"));
    assert!(run("text", &["--redact"]).stdout.contains("line 1:7–24"));
    assert!(run("checkstyle", &[]).stdout.contains("<error line=\"1\" column=\"7\" severity=\"warning\""));
    assert!(run("concise", &[]).stdout.starts_with("post.md:1:7: warning"));
    assert!(run("full", &[]).stdout.contains("--> post.md:1:7"));
}

#[test]
fn junit_counts_what_fails_and_keeps_the_rest() {
    let text = run("junit", &[]).stdout;
    assert!(
        text.contains("<testsuite name=\"post.md\" tests=\"4\" failures=\"3\" errors=\"0\" skipped=\"1\">"),
        "{text}"
    );
    assert!(
        text.contains("<testsuite name=\"clean.md\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">"),
        "{text}"
    );
}

#[test]
fn junit_fails_what_the_settings_of_a_draft_fail() {
    let settings = "fail_on = \"error\"\n[[overrides]]\npaths = [\"strict/**\"]\nfail_on = \"warning\"\n";
    let vague = "This is a game changer for everyone in our town.\n";
    let desk = Desk::with(&[("draftlint.toml", settings), ("a.md", vague), ("strict/b.md", vague)]);
    let text = desk.run(&["--output-format", "junit", "."]).stdout;
    assert!(text.contains("<testsuite name=\"a.md\" tests=\"1\" failures=\"0\""), "{text}");
    assert!(text.contains("<testsuite name=\"strict/b.md\" tests=\"1\" failures=\"1\""), "{text}");
}

#[test]
fn github() {
    insta::assert_snapshot!(run("github", &[]).stdout, @r#"
::warning file=post.md,line=1,endLine=1,col=7,endColumn=24,title=vague/game-changer::a stock phrase%0Asay what changed, for whom, by how much
::error file=post.md,line=3,endLine=3,col=5,endColumn=33,title=disclosure/own-forecast::a forecast of our own%0Ause a published or cleared figure
::warning file=post.md,line=5,endLine=5,col=11,endColumn=23,title=vague/game-changer::a stock phrase%0Asay what changed, for whom, by how much
1 error, 2 warnings; 1 more: 1 note (--all shows them)
"#);
}

#[test]
fn twice_gives_the_same_bytes() {
    for format in FORMATS {
        let (first, second) = (run(format, &[]), run(format, &[]));
        assert_eq!(first.stdout, second.stdout, "{format}");
        assert_eq!(first.status, 1, "{format}");
    }
}

#[test]
fn to_a_file_and_in_colour() {
    let desk = desk();
    let answer = desk.run(&["-o", "out.txt", "post.md"]);
    assert_eq!((answer.stdout.as_str(), answer.status), ("", 1));
    assert_eq!(desk.read("out.txt"), desk.run(&["post.md"]).stdout);
    let coloured = desk.run(&["--color", "always", "post.md"]).stdout;
    assert!(coloured.contains("\u{1b}["));
    let plain: String = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(plain, desk.run(&["post.md"]).stdout);
    assert!(!desk.run(&["--color", "always", "--output-format", "json", "post.md"]).stdout.contains('\u{1b}'));
}

#[test]
fn statistics_count() {
    let text = desk().run(&["--statistics", "."]);
    assert_eq!(text.status, 1);
    insta::assert_snapshot!(text.stdout, @r#"
      2  vague/game-changer
      1  disclosure/own-forecast
      1  purpose/thoughts

      2  en
      1  fr
      1  ru

      4  post.md (1 error, 2 warnings, 1 note)

2 drafts: 1 on hold, 1 ready
"#);
    let json = desk().run(&["--statistics", "--output-format", "json", "."]).json();
    assert_eq!(json["rules"]["vague/game-changer"], 2);
}
