//! What is read: files, folders, standard input.

use crate::Desk;

const VAGUE: &str = "This is a game changer for everyone in our town.\n";

fn paths(desk: &Desk, args: &[&str]) -> Vec<String> {
    let all: Vec<&str> = ["--output-format", "json"].iter().chain(args).copied().collect();
    let json = desk.run(&all).json();
    json["files"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn folders_give_their_drafts_in_order() {
    let desk = Desk::with(&[
        ("posts/b.md", VAGUE),
        ("posts/a.txt", VAGUE),
        ("posts/c.HTML", VAGUE),
        ("posts/code.rs", VAGUE),
        ("posts/deep/d.markdown", VAGUE),
        ("posts/.hidden.md", VAGUE),
        ("posts/ignored.md", VAGUE),
        ("posts/.gitignore", "ignored.md\n"),
    ]);
    assert_eq!(paths(&desk, &["posts"]), ["posts/a.txt", "posts/b.md", "posts/c.HTML", "posts/deep/d.markdown"]);
    // a file that is named is always read
    assert_eq!(paths(&desk, &["posts/ignored.md", "posts/code.rs"]), ["posts/ignored.md", "posts/code.rs"]);
    assert_eq!(paths(&desk, &["."]), paths(&desk, &["posts"]));
}

#[cfg(unix)]
#[test]
fn links_in_circles_and_pipes() {
    let desk = Desk::with(&[("posts/a.md", VAGUE)]);
    std::os::unix::fs::symlink(desk.path("posts"), desk.path("posts/again")).unwrap();
    std::os::unix::fs::symlink(desk.path("posts/loop.md"), desk.path("posts/loop.md")).unwrap();
    std::os::unix::fs::symlink(desk.path("posts/a.md"), desk.path("posts/link.md")).unwrap();
    assert_eq!(paths(&desk, &["posts"]), ["posts/a.md", "posts/link.md"]);
    let made = std::process::Command::new("mkfifo").arg(desk.path("pipe.md")).status().is_ok_and(|s| s.success());
    if made {
        let answer = desk.run(&["pipe.md"]);
        assert_eq!(answer.status, 2);
        assert!(answer.stderr.contains("neither a file nor a folder"), "{}", answer.stderr);
        assert_eq!(paths(&desk, &["."]), ["posts/a.md", "posts/link.md"]);
    }
}

#[test]
fn standard_input_and_its_name() {
    let desk = Desk::new();
    for args in [&["--output-format", "json"][..], &["--output-format", "json", "-"]] {
        let answer = desk.run_with(args, VAGUE);
        assert_eq!(answer.rules(), ["vague/game-changer"]);
        assert_eq!(answer.json()["files"][0]["path"], "-");
    }
    let html = "<p class=\"game changer\">We moved the desk.</p>";
    let named = desk.run_with(&["--output-format", "json", "--stdin-filename", "post.html"], html);
    assert_eq!(named.json()["files"][0]["path"], "post.html");
    assert_eq!(named.rules(), [""; 0]);
}

#[test]
fn encodings() {
    let desk = Desk::new();
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(VAGUE.encode_utf16().flat_map(u16::to_le_bytes));
    desk.write("utf16.txt", &utf16);
    desk.write("bom.txt", format!("\u{feff}{VAGUE}").as_bytes());
    desk.write("crlf.txt", VAGUE.replace('\n', "\r\n").as_bytes());
    let answer = desk.run(&["--output-format", "json", "bom.txt", "crlf.txt", "utf16.txt"]);
    let json = answer.json();
    for (i, encoding) in ["utf-8", "utf-8", "utf-16le"].iter().enumerate() {
        let file = &json["files"][i];
        assert_eq!(file["encoding"], *encoding);
        assert_eq!(
            (file["findings"][0]["start"].as_u64(), file["findings"][0]["column"].as_u64()),
            (Some(10), Some(11)),
            "{file}"
        );
    }
}

#[test]
fn flags_before_front_matter_before_settings() {
    let desk = Desk::with(&[
        ("draftlint.toml", "lang = \"nl\"\n"),
        ("said.md", "---\nlang: ru\n---\nOK\n"),
        ("silent.md", "OK\n"),
    ]);
    let language = |args: &[&str]| {
        let all: Vec<&str> = ["--output-format", "json"].iter().chain(args).copied().collect();
        desk.run(&all).json()["files"][0]["language"].as_str().unwrap().to_owned()
    };
    assert_eq!(language(&["said.md"]), "ru");
    assert_eq!(language(&["silent.md"]), "nl");
    assert_eq!(language(&["--lang", "fr", "said.md"]), "fr");
}

#[test]
fn the_day_a_draft_is_judged_against() {
    let desk = Desk::with(&[
        ("dated.md", "---\ndate: 2024-03-01\n---\nWe moved the desk.\n"),
        ("plain.md", "We moved the desk.\n"),
    ]);
    let day = |args: &[&str]| {
        let rules = crate::rule_folder().to_str().unwrap();
        let all: Vec<&str> = ["--rules-only", rules, "--output-format", "json"].iter().chain(args).copied().collect();
        desk.run_bare(&all).json()["files"][0]["as_of"].as_str().unwrap().to_owned()
    };
    assert_eq!(day(&["dated.md"]), "2024-03-01");
    assert_eq!(day(&["--as-of", "2026-11-22", "dated.md"]), "2026-11-22");
    assert_eq!(day(&["--as-of", "2026-11-22", "plain.md"]), "2026-11-22");
}

#[test]
fn clean_prints_the_text_to_post() {
    let desk = Desk::with(&[(
        "a.md",
        "---\nchannel: x\n---\n<!-- draftlint: allow game-changer -- quoted -->\nThis is a game changer.\n",
    )]);
    let answer = desk.run_bare(&["clean", "a.md"]);
    assert_eq!((answer.stdout.as_str(), answer.status), ("This is a game changer.\n", 0));
    assert_eq!(desk.run_bare(&["clean", "none.md"]).status, 2);
}
