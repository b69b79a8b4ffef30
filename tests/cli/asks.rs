//! What people ask of prose linters again and again (`tests/README.md` lists all of it), as far as no other test says it:
//! speech that is quoted, sentences that end where a native reader ends them, vocabulary that means just its words, front
//! matter that hides nothing.

use crate::Desk;
use draftlint::draft::{Draft, Format};
use draftlint::linter::{Linter, Options};
use draftlint::pack::Pack;
use serde_json::Value;

/// With the rules that ship.
fn findings(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let all = [&["--as-of", "2026-11-22", "--output-format", "json", "--include-text"], args].concat();
    desk.run_bare(&all).json()["files"][0]["findings"].as_array().unwrap().clone()
}

fn rules(found: &[Value]) -> Vec<&str> {
    found.iter().map(|f| f["rule"].as_str().unwrap()).collect()
}

#[test]
fn every_ask_names_a_test_that_is_there() {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let list = std::fs::read_to_string(tests.join("README.md")).unwrap();
    let rows: Vec<Vec<&str>> = list.lines().map(|l| l.split('|').map(str::trim).collect()).collect();
    for number in 1..=20 {
        let row = rows.iter().find(|cells| cells.get(1) == Some(&number.to_string().as_str()));
        let held = row.unwrap_or_else(|| panic!("no row {number}"))[4];
        let named: Vec<(&str, &str)> = held.split('`').filter_map(|part| part.split_once("::")).collect();
        assert!(!named.is_empty(), "{number}: {held}");
        for (file, test) in named {
            let source = std::fs::read_to_string(tests.join(file)).unwrap_or_else(|e| panic!("{number}: {file}: {e}"));
            assert!(source.contains(&format!("#[test]\nfn {test}() {{")), "{number}: {file} has no test {test}");
        }
    }
}

#[test]
fn quoted_speech_is_left_alone_but_a_disclosure_is_not() {
    let quotes = [("“", "”"), ("\"", "\""), ("«\u{a0}", "\u{a0}»"), ("„", "“"), ("„", "”"), ("«", "»")];
    let speech = [
        (
            "On Monday we heard: ",
            "these people are complete idiots, write to anna.petrova1984@gmail.com",
            ". We listened.",
        ),
        (
            "Lundi, on a entendu : ",
            "ces gens sont des imbéciles, écrivez à anna.petrova1984@gmail.com",
            ". On a écouté.",
        ),
        ("Maandag hoorden wij: ", "jullie zijn idioten, mail naar anna.petrova1984@gmail.com", ". Wij luisterden."),
        ("В понедельник мы слышали: ", "вы полные идиоты, пишите на anna.petrova1984@gmail.com", ". Мы выслушали."),
    ];
    for (before, words, after) in speech {
        let bare = format!("{before}{words}{after}\n");
        let desk = Desk::with(&[("post.md", &bare)]);
        assert!(rules(&findings(&desk, &["--isolated", "post.md"])).contains(&"tone/insult"), "{bare}");
        let block = format!("{before}\n\n> {words}\n\n{after}\n");
        let marked = quotes.iter().map(|(open, close)| format!("{before}{open}{words}{close}{after}\n"));
        for text in marked.chain([block]) {
            desk.write("post.md", text.as_bytes());
            let found = findings(&desk, &["--isolated", "post.md"]);
            let tone: Vec<&str> = rules(&found).into_iter().filter(|r| r.starts_with("tone/")).collect();
            assert_eq!(tone, [""; 0], "{text}");
            assert!(rules(&found).contains(&"disclosure/email-address"), "{text}");
        }
    }
}

#[test]
fn sentences_end_where_a_reader_ends_them() {
    // each draft is one sentence with an address at its end, after a sentence of its own
    let table = [
        ("en", "Dr. J. R. Smith Jr. of Acme Inc., e.g. at 5 p.m. on St. Mary St., writes from", "We moved."),
        ("fr", "M. J.-P. Dupont, p. ex. au 3, av. de la Paix, M. É. Martin et Mme A. Roux écrivent à", "C'est fait."),
        ("nl", "Dhr. J. van den Berg c.s., d.w.z. dr. A. de Vries e.a. o.l.v. mr. P. Bos, mailt vanaf", "Klaar."),
        ("ru", "А. С. Иванова, т. е. зам. ген. директора, ул. Ленина, в 2026 г. и др., пишет с", "Готово."),
        ("fr", "L’e\u{301}quipe de l’e\u{301}te\u{301} de M. E\u{301}. Roux écrit a\u{300}", "C’est fait !"),
    ];
    let mut wrong = String::new();
    let linter = Linter::new(Pack::embedded(), Options::default());
    let email = Pack::embedded().find_rule("email-address").unwrap();
    for (language, words, before) in table {
        let sentence = format!("{words} anna.petrova1984@gmail.com.");
        let filler = match language {
            "en" => "All of them came to the desk that day.",
            "fr" => "Ils sont tous venus au bureau ce jour-là.",
            "nl" => "Zij kwamen die dag allemaal naar het kantoor.",
            _ => "В тот день все они пришли в нашу контору.",
        };
        let text = format!("{filler} {before}\n\n{sentence} {filler}\n");
        let mut draft = Draft::from_text("post.md", text.clone(), Format::Markdown);
        draft.front_matter.lang = Some(language.to_owned());
        let report = linter.lint(&draft);
        let found = report.findings.iter().find(|f| f.rule == email).unwrap_or_else(|| panic!("{text}"));
        let got = text[found.sentence.start..found.sentence.end].trim();
        if got != sentence {
            wrong += &format!("{language}: {got}\n");
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn an_allowed_word_allows_that_word_alone() {
    let desk = Desk::with(&[("post.md", "A revolutionary platform with a world-class team.\n")]);
    let words = |allowed: &str| -> Vec<String> {
        desk.write("voice.toml", format!("[terms]\nallow = [{allowed}]\n").as_bytes());
        let found = findings(&desk, &["post.md"]);
        let hype = found.iter().filter(|f| f["rule"] == "voice/hype");
        hype.map(|f| f["text"].as_str().unwrap().to_lowercase()).collect()
    };
    let both = words("");
    assert!(both.len() == 2 && both[0].contains("revolutionary") && both[1].contains("world-class"), "{both:?}");
    // a word that only begins alike takes nothing along
    assert_eq!(words("\"revolution\", \"world\", \"team\""), both);
    let left = words("\"revolutionary\"");
    assert_eq!(left, both[1..], "{left:?}");
}

#[test]
fn front_matter_hides_nothing() {
    let body = "You are complete idiots, write to anna.petrova1984@gmail.com.\n\nWe are thrilled to announce it.\n";
    let desk = Desk::with(&[("post.md", body)]);
    let bare = findings(&desk, &["--isolated", "post.md"]);
    assert!(bare.len() >= 3);
    let heads = [
        "---\ntitle: A title\nlang: en\n---\n",
        "---\n---\n",
        "---\r\ntags: [a, b]\r\n---\r\n",
        "+++\ntitle = \"A title\"\n+++\n",
        "\u{feff}---\nlang: en\n---\n",
        "---\n# no end\n\n",
        "---\nlang: [\n---\n",
    ];
    for head in heads {
        desk.write("post.md", format!("{head}{body}").as_bytes());
        let found = findings(&desk, &["--isolated", "post.md"]);
        for rule in rules(&bare) {
            assert!(rules(&found).contains(&rule), "{head:?} hides {rule}: {:?}", rules(&found));
        }
    }
}
