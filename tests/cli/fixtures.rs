//! Every format over the shipped fixtures, with the rules that ship: the same bytes twice, places that are right, names
//! that survive a move, no word of a draft where none was asked for.

use crate::{Desk, FORMATS};
use draftlint::finding::Language;
use draftlint::pack::Pack;
use regex::Regex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// The fixtures in a folder of their own, each draft changed as asked.
fn desk(change: impl Fn(&str) -> String) -> Desk {
    let desk = Desk::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut count = 0;
    for language in ["en", "fr", "nl", "ru"] {
        for entry in std::fs::read_dir(root.join(language)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "md") {
                let name = format!("{language}/{}", path.file_name().unwrap().to_string_lossy());
                desk.write(&name, change(&std::fs::read_to_string(path).unwrap()).as_bytes());
                count += 1;
            }
        }
    }
    assert!(count >= 24, "{count} fixtures");
    desk
}

const DAY: &[&str] = &["--isolated", "--as-of", "2026-11-22"];

fn said(desk: &Desk, args: &[&str]) -> String {
    let answer = desk.run_bare(&[DAY, args, &["."]].concat());
    assert!(answer.status <= 1, "{args:?}: {}", answer.stderr);
    answer.stdout
}

fn files(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let text = said(desk, &[&["--output-format", "json"], args].concat());
    serde_json::from_str::<Value>(&text).unwrap()["files"].as_array().unwrap().clone()
}

#[test]
fn twice_gives_the_same_bytes() {
    let desk = desk(str::to_owned);
    for format in FORMATS {
        let first = said(&desk, &["--all", "--output-format", format]);
        assert!(first.len() > 1_000, "{format}: {} bytes", first.len());
        assert_eq!(first, said(&desk, &["--all", "--output-format", format]), "{format}");
        // one core instead of all
        let mut one = Command::new("taskset");
        one.args(["-c", "0"]).arg(env!("CARGO_BIN_EXE_draftlint")).args(DAY);
        one.args(["--all", "--output-format", format, "."]).current_dir(desk.path("")).env_remove("CI");
        match one.output() {
            Ok(output) if !output.stdout.is_empty() => {
                assert_eq!(first, String::from_utf8(output.stdout).unwrap(), "{format} on one core");
            }
            _ => eprintln!("left out: {format} on one core (no taskset)"),
        }
    }
}

#[test]
fn fingerprints_survive_moved_lines() {
    let prints = |change: &dyn Fn(&str) -> String, args: &[&str]| -> Vec<(String, String)> {
        let mut all = Vec::new();
        for file in files(&desk(change), args) {
            for finding in file["findings"].as_array().unwrap() {
                let name = format!("{} {}", file["path"].as_str().unwrap(), finding["rule"].as_str().unwrap());
                all.push((name, finding["fingerprint"].as_str().unwrap().to_owned()));
            }
        }
        all
    };
    let plain = prints(&str::to_owned, &[]);
    assert!(plain.len() > 60, "{} findings", plain.len());
    let moved = |text: &str| body_changed(text, |body| format!("\n\n\n{}\n", body.replace("\n\n", "\n\n\n\n")));
    let wrapped = |text: &str| text.replace('\n', "\r\n");
    let changes: [(&dyn Fn(&str) -> String, &[&str]); 4] =
        [(&moved, &[]), (&wrapped, &[]), (&str::to_owned, &["--redact"]), (&moved, &["--redact"])];
    for (number, (change, args)) in changes.iter().enumerate() {
        let other = prints(change, args);
        let lost: Vec<_> = plain.iter().filter(|p| !other.contains(p)).collect();
        assert!(lost.is_empty() && other.len() == plain.len(), "change {number}: {lost:#?}");
    }
}

/// The text with its body changed and its front matter as it is.
fn body_changed(text: &str, change: impl Fn(&str) -> String) -> String {
    let body = match text.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n")) {
        Some(end) => 4 + end + 5,
        None => 0,
    };
    format!("{}{}", &text[..body], change(&text[body..]))
}

/// Line, column and end in code points, and the same in UTF-8 bytes: counted here, not by the program.
#[derive(Debug, PartialEq)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_column: usize,
    end_byte_column: usize,
}

fn place(text: &str, start: usize, end: usize) -> Place {
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    let before = |at: usize| &text[text[..at].rfind('\n').map_or(0, |i| i + 1)..at];
    Place {
        line: line_of(start),
        column: before(start).chars().count() + 1,
        end_line: line_of(end),
        end_column: before(end).chars().count() + 1,
        byte_column: before(start).len() + 1,
        end_byte_column: before(end).len() + 1,
    }
}

#[test]
fn every_format_points_to_the_same_words() {
    // an emoji outside of the basic plane and a combining accent before every paragraph
    let desk = desk(|text| body_changed(text, |body| body.replace("\n\n", "\n\n🚀e\u{301} ")));
    let mut places: BTreeMap<String, Vec<(String, Place)>> = BTreeMap::new();
    let mut graver: Vec<String> = Vec::new();
    for file in files(&desk, &["--include-text"]) {
        let path = file["path"].as_str().unwrap().to_owned();
        let text = desk.read(&path);
        for finding in file["findings"].as_array().unwrap() {
            let at = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
            let (start, end) = (at("start"), at("end"));
            let place = place(&text, start, end);
            assert_eq!((at("line"), at("column")), (place.line, place.column), "{path}");
            assert_eq!((at("end_line"), at("end_column")), (place.end_line, place.end_column), "{path}");
            let words = finding["text"].as_str().unwrap();
            assert!(words == &text[start..end] || words.contains('•') || words.contains('\\'), "{path}: {words}");
            let rule = finding["rule"].as_str().unwrap();
            if finding["severity"] != "note" && finding["confidence"] != "low" {
                graver.push(format!("{path}:{}:{} {rule}", place.line, place.column));
            }
            places.entry(path.clone()).or_default().push((rule.to_owned(), place));
        }
    }
    let all: Vec<(&String, &String, &Place)> =
        places.iter().flat_map(|(path, list)| list.iter().map(move |(rule, place)| (path, rule, place))).collect();
    assert!(all.iter().filter(|(.., p)| p.column != p.byte_column).count() > 50);
    let list = |make: &dyn Fn(&String, &String, &Place) -> String| -> Vec<String> {
        all.iter().map(|(path, rule, place)| make(path, rule, place)).collect()
    };
    let sarif: Value = serde_json::from_str(&said(&desk, &["--output-format", "sarif"])).unwrap();
    let found: Vec<String> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            let at = &r["locations"][0]["physicalLocation"];
            let region = &at["region"];
            format!(
                "{}:{}:{}-{}:{} {}",
                at["artifactLocation"]["uri"].as_str().unwrap(),
                region["startLine"],
                region["startColumn"],
                region["endLine"],
                region["endColumn"],
                r["ruleId"].as_str().unwrap()
            )
        })
        .collect();
    let code_points = |path: &String, rule: &String, p: &Place| {
        format!("{path}:{}:{}-{}:{} {rule}", p.line, p.column, p.end_line, p.end_column)
    };
    assert_eq!(found, list(&code_points));
    let bytes = |path: &String, rule: &String, p: &Place| {
        format!("{path}:{}:{}-{}:{} {rule}", p.line, p.byte_column, p.end_line, p.end_byte_column)
    };
    let rdjson = |d: &Value| {
        let (at, range) = (&d["location"]["path"], &d["location"]["range"]);
        let (start, end) = (&range["start"], &range["end"]);
        format!(
            "{}:{}:{}-{}:{} {}",
            at.as_str().unwrap(),
            start["line"],
            start["column"],
            end["line"],
            end["column"],
            d["code"]["value"].as_str().unwrap()
        )
    };
    let document: Value = serde_json::from_str(&said(&desk, &["--output-format", "rdjson"])).unwrap();
    let found: Vec<String> = document["diagnostics"].as_array().unwrap().iter().map(rdjson).collect();
    assert_eq!(found, list(&bytes));
    let lines = said(&desk, &["--output-format", "rdjsonl"]);
    let found: Vec<String> = lines.lines().map(|l| rdjson(&serde_json::from_str(l).unwrap())).collect();
    assert_eq!(found, list(&bytes));
    let gitlab: Value = serde_json::from_str(&said(&desk, &["--output-format", "gitlab"])).unwrap();
    let found: Vec<String> = gitlab
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let at = &f["location"];
            let lines = &at["lines"];
            format!(
                "{}:{}-{} {}",
                at["path"].as_str().unwrap(),
                lines["begin"],
                lines["end"],
                f["check_name"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(found, list(&|path, rule, p| format!("{path}:{}-{} {rule}", p.line, p.end_line)));
    let starts = list(&|path, rule, p| format!("{path}:{}:{} {rule}", p.line, p.column));
    let matches = |format: &str, pattern: &str, order: [usize; 4]| -> Vec<String> {
        let text = said(&desk, &["--output-format", format]);
        let regex = Regex::new(pattern).unwrap();
        let mut path = String::new();
        let mut found = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.split("<file name=\"").nth(1) {
                path = name.split('"').next().unwrap().to_owned();
            }
            if let Some(c) = regex.captures(line) {
                let part =
                    |i: usize| if order[i] == 0 { path.as_str() } else { c.get(order[i]).map_or("", |m| m.as_str()) };
                found.push(format!("{}:{}:{} {}", part(0), part(1), part(2), part(3)));
            }
        }
        found
    };
    let checkstyle = r#"<error line="(\d+)" column="(\d+)" .* source="draftlint\.([^"]+)"/>"#;
    assert_eq!(matches("checkstyle", checkstyle, [0, 1, 2, 3]), starts);
    let junit = r#"<testcase classname="([^"]+)" name="(\S+) (\d+):(\d+)">"#;
    assert_eq!(matches("junit", junit, [1, 3, 4, 2]), starts);
    let github = r"^::\w+ file=([^,]+),line=(\d+),endLine=\d+(?:,col=(\d+),endColumn=\d+)?,title=([^:]+)::";
    // GitHub takes no columns of a finding over several lines
    let found = matches("github", github, [1, 2, 3, 4]);
    assert_eq!(found.len(), graver.len());
    for (found, expected) in found.iter().zip(&graver) {
        let (place, rule) = expected.split_once(' ').unwrap();
        let line = place.rsplit_once(':').unwrap().0;
        assert!(found == expected || *found == format!("{line}: {rule}"), "{found} {expected}");
    }
    assert_eq!(matches("concise", r"^([^:]+):(\d+):(\d+): .* \[([^\]]+)\]$", [1, 2, 3, 4]), graver);
}

/// Words in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

#[test]
fn no_word_of_a_draft_in_any_format() {
    let desk = desk(str::to_owned);
    // what the program says of itself: its rules, and the sources of the formats
    let pack = Pack::embedded();
    let mut own: BTreeSet<String> = BTreeSet::new();
    for rule in pack.rules() {
        own.extend(words(rule.full_id()));
        own.extend(words(&rule.page().why));
        for language in [Language::En, Language::Fr, Language::Nl, Language::Ru] {
            let texts = [rule.title(language), rule.message(language), rule.advice(language)];
            own.extend(texts.iter().flat_map(|text| words(text)));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src/emit", "src/specificity"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            own.extend(words(&std::fs::read_to_string(entry.unwrap().path()).unwrap()));
        }
    }
    for file in files(&desk, &[]) {
        own.extend(words(file["path"].as_str().unwrap()));
    }
    for (format, more) in FORMATS.iter().flat_map(|f| [(f, &["--redact", "--all"][..]), (f, &["--all"])]) {
        // these two show a person the words unless told not to
        if more.len() == 1 && matches!(*format, "text" | "full") {
            continue;
        }
        let output = said(&desk, &[&["--output-format", format], more].concat());
        let said: BTreeSet<String> = words(&output).into_iter().collect();
        let mut checked = 0;
        for file in files(&desk, &[]) {
            let path = file["path"].as_str().unwrap();
            for word in words(&body_of(&desk.read(path))) {
                if word.chars().count() >= 5 && !own.contains(&word) {
                    checked += 1;
                    assert!(!said.contains(&word) || is_hash(&word), "{format} {more:?}: {path}: {word}");
                }
            }
        }
        assert!(checked > 600, "{checked} words");
    }
}

fn is_hash(word: &str) -> bool {
    word.len() >= 16 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

fn body_of(text: &str) -> String {
    let body = std::cell::RefCell::new(String::new());
    body_changed(text, |b| {
        *body.borrow_mut() = b.to_owned();
        String::new()
    });
    body.into_inner()
}
