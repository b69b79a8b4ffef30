//! JSON lines in and out.

use crate::Desk;
use std::io::{BufRead, BufReader, Write};

const ARGS: &[&str] = &["check", "--input-format", "jsonl", "--output-format", "jsonl", "--isolated", "-"];

#[test]
fn records_in_records_out() {
    let desk = Desk::new();
    let input = concat!(
        r#"{"id":7,"text":"This is a game changer for everyone in our town.","lang":"en"}"#,
        "\n",
        "\n",
        "no json\n",
        r#"{"id":"x"}"#,
        "\n",
        r#"{"id":null,"text":"Наша выручка вырастет на 18 %.","date":"2024-05-01","kind":"reply","author":"А. С."}"#,
        "\n",
        r##"{"id":{"deep":[1]},"text":"# This is a **game** changer for everyone","format":"markdown"}"##,
        "\n",
        r#"{"id":"last","text":""}"#,
    );
    let answer = desk.run_with(ARGS, input);
    assert_eq!(answer.status, 2);
    let lines = answer.lines();
    let ids: Vec<String> = lines.iter().map(|l| l["id"].to_string()).collect();
    assert_eq!(ids, ["7", "null", "\"x\"", "null", "{\"deep\":[1]}", "\"last\""]);
    assert_eq!(lines[1]["error"]["code"], "invalid-json");
    assert_eq!((&lines[1]["line"], &lines[2]["line"]), (&3.into(), &4.into()));
    assert_eq!(lines[2]["error"]["code"], "missing-text");
    assert_eq!(lines[0]["findings"][0]["rule"], "vague/game-changer");
    assert_eq!(
        (lines[0]["findings"][0]["start"].as_u64(), lines[0]["findings"][0]["end"].as_u64()),
        (Some(10), Some(22))
    );
    assert_eq!(lines[3]["findings"][0]["rule"], "disclosure/own-forecast");
    assert_eq!(lines[4]["findings"][0]["rule"], "vague/game-changer");
    assert_eq!(lines[5]["words"], 0);
    crate::grammars::validate(include_str!("../../src/emit/report.schema.json"), &lines);
}

#[test]
fn order_is_kept_on_all_cores() {
    let desk = Desk::new();
    let input: String = (0..3_000)
        .map(|i| format!("{{\"id\":{i},\"text\":\"{}\"}}\n", "This is a game changer. ".repeat(i % 7)))
        .collect();
    let answer = desk.run_with(ARGS, &input);
    let ids: Vec<u64> = answer.lines().iter().map(|l| l["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..3_000).collect::<Vec<u64>>());
    assert_eq!(answer.stdout, desk.run_with(ARGS, &input).stdout, "twice gives the same bytes");
}

#[test]
fn a_program_that_asks_and_waits_is_answered() {
    let desk = Desk::new();
    let mut child = desk.command(ARGS).stdin(std::process::Stdio::piped()).spawn().unwrap();
    let (mut asks, mut answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for i in 0..3 {
        writeln!(asks, "{{\"id\":{i},\"text\":\"We moved the desk.\"}}").unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("\"id\":{i},")), "{line}");
    }
    drop(asks);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_file_of_records_in_any_format() {
    let desk = Desk::with(&[("archive.jsonl", "{\"id\":\"p1\",\"text\":\"This is a game changer for us all.\"}\n")]);
    let answer = desk.run(&["--output-format", "concise", "archive.jsonl"]);
    assert!(answer.stdout.starts_with("p1:1:11: warning"), "{}", answer.stdout);
    assert_eq!(answer.status, 1);
}
