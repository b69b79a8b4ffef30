//! Inputs made to be slow or large. Sizes here are small and compared with half of themselves, which shows a cost that
//! grows faster than its input; limits are tested at limits set low.

use crate::desk::Desk;
use draftlint::draft::{Draft, Format};
use draftlint::linter::{Linter, Options};
use draftlint::pack::Pack;
use draftlint::rule_tests::DAY;
use std::time::{Duration, Instant};

fn linter() -> Linter<'static> {
    Linter::new(Pack::embedded(), Options { as_of: DAY, ..Options::default() })
}

/// The time that this thread had a processor: on a busy machine the clock on the wall says little.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

/// The least time of three runs.
fn time(linter: &Linter<'_>, text: &str, format: Format) -> Duration {
    let draft = Draft::from_text("draft", text.to_owned(), format);
    let run = || {
        let (start, before) = (Instant::now(), processor_time());
        std::hint::black_box(linter.lint(&draft));
        match (before, processor_time()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed(),
        }
    };
    (0..3).map(|_| run()).min().unwrap()
}

/// Four times the input takes at most nine times as long: sixteen times would be quadratic.
#[test]
#[ignore = "a measurement of time: cargo test --test hostile -- --ignored"]
fn cost_follows_size() {
    let linter = linter();
    let mut slow = Vec::new();
    for (name, unit, format) in [
        ("hashtags", "#tag ", Format::Text),
        ("one line of words", "we grow and grow and never stop growing ", Format::Text),
        ("one word", "abcdefghij", Format::Text),
        ("labels joined by points", "a.", Format::Text),
        ("dots", ".", Format::Text),
        ("sentences in one line", "We go. Мы 𝐢дём. ", Format::Text),
        ("emoji", "😀👩‍👩‍👧‍👦", Format::Text),
        ("marks", "e\u{301}\u{302}\u{336}", Format::Text),
        ("invisible characters", "\u{200b}\u{202e}\u{ad}a", Format::Text),
        ("overrides", "\u{202e}a b\u{202c} ", Format::Text),
        ("brackets", "[", Format::Text),
        ("brackets in Markdown", "[", Format::Markdown),
        ("links that never close", "[a](", Format::Markdown),
        ("pictures", "![", Format::Markdown),
        ("emphasis", "*a **b _c ", Format::Markdown),
        ("code", "`a``b", Format::Markdown),
        ("quotes", "> ", Format::Markdown),
        ("lists", "- ", Format::Markdown),
        ("table", "|a|b|\n|-|-|\n", Format::Markdown),
        ("footnotes", "[^a]: b\n", Format::Markdown),
        ("comments", "<!-- draftlint: allow ", Format::Markdown),
        ("directives", "<!-- draftlint: allow x -- y -->\n", Format::Markdown),
        ("tags", "<b ", Format::Html),
        ("tags that nest", "<div><blockquote>", Format::Html),
        ("attributes", "<a href=\"", Format::Html),
        ("entities", "&amp;&#111;&", Format::Html),
        ("scripts", "<script>", Format::Html),
        ("single letters", "a ", Format::Text),
        ("digits and signs", "a1!", Format::Text),
        ("numbers", "1 200.50-", Format::Text),
        ("addresses", "a@b.", Format::Text),
        ("at signs", "@", Format::Text),
        ("links", "https://a.b/c?", Format::Text),
        ("quotation marks", "« “ \" ", Format::Text),
        ("apostrophes", "l'a’", Format::Text),
        ("initials", "A. B. ", Format::Text),
        ("placeholders", "{{a [insert <b ", Format::Text),
        ("telephone numbers", "+33 6 12 ", Format::Text),
        ("account numbers", "NL91ABNA0417164300 ", Format::Text),
        ("keys", "sk_live_abcdefghij0123456789 ", Format::Text),
        ("findings", "We expect revenue to double. You are an idiot. ", Format::Text),
        ("findings in paragraphs", "We expect revenue to double. You are an idiot.\n\n", Format::Markdown),
        ("front matter", "---\na: [\n", Format::Markdown),
    ] {
        let small = unit.repeat(24_000 / unit.len() + 1);
        let large = unit.repeat(96_000 / unit.len() + 1);
        let (short, long) = (time(&linter, &small, format), time(&linter, &large, format));
        if long > Duration::from_millis(20) && long > short * 9 {
            slow.push(format!("{name}: {short:?} for 24 kB, {long:?} for 96 kB"));
        }
        if std::env::var_os("SHOW").is_some() {
            println!("{name}: {short:?} for 24 kB, {long:?} for 96 kB");
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn limits_have_names_and_can_be_set() {
    let settings = "[limits]\ndraft_bytes = 200\nrecord_bytes = 300\nparagraph_bytes = 4096\n";
    let long = "Words and words. ".repeat(20);
    let record = |text: &str| format!("{}\n", serde_json::json!({ "id": text.len(), "text": text }));
    let desk = Desk::with(&[
        ("draftlint.toml", settings),
        ("long.md", &long),
        ("short.md", "We moved the desk.\n"),
        ("posts.jsonl", &format!("{}{}{}", record("One."), record(&long), record("Two."))),
    ]);
    let answer = desk.run(&["--output-format", "jsonl", "long.md", "short.md"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("at most 200 are read (`draft_bytes` of `[limits]` in draftlint.toml)"),
        "{}",
        answer.stderr
    );
    assert!(answer.stdout.lines().any(|l| l.contains("\"words\":4")), "the other draft is read: {}", answer.stdout);
    let answer = desk.feed(&["-"], &long);
    assert_eq!((answer.status, answer.stderr.contains("`draft_bytes`")), (2, true), "{}", answer.stderr);
    let answer = desk.run(&["--output-format", "jsonl", "posts.jsonl"]);
    assert_eq!(answer.status, 2);
    let lines: Vec<serde_json::Value> = answer.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 3, "{}", answer.stdout);
    assert_eq!(lines[1]["error"]["code"], "too-long");
    assert!(lines[1]["error"]["message"].as_str().unwrap().contains("`record_bytes`"), "{}", lines[1]);
    for (wrong, told) in [
        ("[limits]\ndraft_byte = 1\n", "did you mean `draft_bytes`?"),
        ("[limits]\ndraft_bytes = 0\n", "must be between 1 and"),
        ("[limits]\nparagraph_bytes = 99999999999\n", "must be between 4096 and"),
        ("limits = 5\n", "must be a table"),
    ] {
        desk.write("draftlint.toml", wrong.as_bytes());
        let answer = desk.run(&["short.md"]);
        assert_eq!((answer.status, answer.stderr.contains(told)), (2, true), "{wrong}: {}", answer.stderr);
    }
}

/// A paragraph read in stretches has the findings of the same sentences in paragraphs of their own.
#[test]
fn stretches_of_a_long_paragraph_keep_their_findings() {
    let sentence = "We expect revenue to double by the end of next year, and the weather in Lille was fine on Monday. ";
    for (format, sentence) in
        [(Format::Text, sentence.to_owned()), (Format::Markdown, sentence.replace("expect", "ex&#112;ect **really**"))]
    {
        let mut draft = Draft::from_text("draft", sentence.repeat(200), format);
        let whole = linter().lint(&draft);
        draft.limits.paragraph_bytes = 4096;
        let cut = linter().lint(&draft);
        let rule = Pack::embedded().find_rule("forward-looking-figure").unwrap();
        let places = |report: &draftlint::report::Report| {
            report.findings.iter().filter(|f| f.rule == rule).map(|f| (f.span.start, f.span.end)).collect::<Vec<_>>()
        };
        assert!(places(&whole).len() >= 100, "{}", places(&whole).len());
        assert_eq!(places(&whole), places(&cut));
    }
}

#[test]
fn nesting_and_unclosed_brackets_end() {
    let desk = Desk::with(&[
        ("quotes.md", &format!("{}deep\n", "> ".repeat(20_000))),
        ("brackets.md", &"[(".repeat(10_000)),
        ("matter.md", &format!("---\na: {}\n---\nWords.\n", "[{".repeat(10_000))),
        ("matter.txt", &format!("+++\na = {}\n+++\nWords.\n", "[".repeat(10_000))),
        ("nested.html", &"<div>".repeat(20_000)),
        ("nested.jsonl", &format!("{{\"text\":{}\n", "[".repeat(200_000))),
    ]);
    let answer = desk.run(&["--isolated", "-q", "."]);
    assert!(answer.status <= 1, "{}", answer.stderr);
    let answer = desk.run(&["--isolated", "-q", "nested.jsonl"]);
    assert_eq!((answer.status, answer.stderr.contains("no JSON")), (2, true), "{}", answer.stderr);
}

#[test]
fn settings_and_rules_that_nest_end() {
    let desk =
        Desk::with(&[("post.md", "Words.\n"), ("draftlint.toml", &format!("select = {}\n", "[".repeat(100_000)))]);
    assert_eq!(desk.run(&["post.md"]).status, 2);
    desk.write("draftlint.toml", b"extends = [\"b.toml\"]\n");
    desk.write("b.toml", b"extends = [\"draftlint.toml\"]\n");
    let answer = desk.run(&["post.md"]);
    assert_eq!((answer.status, answer.stderr.contains("circle")), (2, true), "{}", answer.stderr);
}

/// Settings that no person wrote: read to a limit, with a limited number of complaints.
#[test]
fn settings_made_large_are_refused() {
    let desk = Desk::with(&[("post.md", "Words.\n")]);
    let keys = |count: usize| (0..count).map(|i| format!("k{i} = 1\n")).collect::<String>();
    let levels = (0..1_000).map(|i| format!("\"tone/x{i}\" = \"off\"\n")).collect::<String>();
    for (settings, told, lines) in [
        (keys(1_000), "more than 100 mistakes", 101),
        (format!("[levels]\n{levels}"), "more than 100 mistakes", 101),
        (keys(100_000), "more than 1048576 bytes", 1),
        (format!("{} = 1\n", vec!["a"; 100_000].join(".")), "recursion limit", 1),
        (format!("select = [{}]\n", "\"tone\",".repeat(100_000)), "", 0),
    ] {
        desk.write("draftlint.toml", settings.as_bytes());
        let answer = desk.run(&["post.md"]);
        assert_eq!(answer.status, if lines > 0 { 2 } else { 0 }, "{told}: {}", answer.stderr);
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
        assert_eq!(
            answer.stderr.lines().filter(|l| l.contains("draftlint.toml")).count(),
            lines,
            "{told}: {}",
            answer.stderr
        );
    }
    desk.write("draftlint.toml", b"");
    for (profile, told) in [
        (format!("[terms]\nallow = [{}]\n", "\"a b\",".repeat(200_000)), "more than 1048576 bytes"),
        (keys(1_000), "more than 100 mistakes"),
    ] {
        desk.write("voice.toml", profile.as_bytes());
        let answer = desk.run(&["post.md"]);
        assert_eq!((answer.status, answer.stderr.contains(told)), (2, true), "{told}: {}", answer.stderr);
    }
}

/// Patterns that multiply: refused with their place, or compiled; the test itself would not end otherwise.
#[test]
fn pathological_patterns_end() {
    let many = (0..200).map(|i| format!("w{i}")).collect::<Vec<_>>().join("|");
    let patterns = [
        ("alternatives", vec![format!("({many})"); 30].join(" ")),
        ("optional words", "a? b? c? d? ".repeat(50)),
        ("nested groups", format!("{}a{}", "(".repeat(500), ")".repeat(500))),
        ("gaps", "a …99 b …99 c …99 ".repeat(30)),
        ("one long word", "a".repeat(50_000)),
        ("optional groups", "(a|b|)? ".repeat(60)),
        ("stems", "ab* ".repeat(500)),
        ("open groups", "(".repeat(10_000)),
        ("nested alternatives", format!("{}a{}", "(b|(c|".repeat(200), "))".repeat(200))),
    ];
    let desk = Desk::with(&[("post.md", &"a b c w1 w2 ab abc ".repeat(2_000))]);
    for (name, pattern) in &patterns {
        let mut rule = "id = \"harm\"\ncategory = \"vague\"\ntitle = \"a title\"\nwhy = \"It tests.\"\nseverity = \"warning\"\nconfidence = \"high\"\nstatus = \"stable\"\n".to_owned();
        for language in ["en", "fr", "nl", "ru"] {
            rule.push_str(&format!(
                "[{language}]\ntitle = \"t\"\nmessage = \"m\"\nadvice = \"a\"\npatterns = [\"{pattern}\"]\nbad = [\"[[a]] b\", \"[[a]] c\"]\ngood = [\"d\", \"e\"]\n"
            ));
        }
        desk.write("rules/vague/harm.toml", rule.as_bytes());
        let answer = desk.run(&["--isolated", "--rules-only", "rules", "-q", "--exit-zero", "post.md"]);
        assert!(matches!(answer.status, 0 | 2), "{name}: {} {}", answer.status, answer.stderr);
        assert!(!answer.stderr.contains("bug in draftlint"), "{name}: {}", answer.stderr);
        let compiled = ["alternatives", "gaps", "one long word", "stems"].contains(name);
        assert_eq!(answer.status == 0, compiled, "{name}: {}", answer.stderr);
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    #[test]
    fn links_in_circles_are_walked_once() {
        let desk = Desk::with(&[("a/b/post.md", "We moved the desk to the left on Monday.\n")]);
        symlink(desk.path("a"), desk.path("a/b/up")).unwrap();
        symlink(desk.path("a/b/self"), desk.path("a/b/self")).unwrap();
        symlink("loop2.md", desk.path("a/loop1.md")).unwrap();
        symlink("loop1.md", desk.path("a/loop2.md")).unwrap();
        let answer = desk.run(&["--isolated", "--output-format", "json", "a"]);
        let json: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        let read: Vec<&str> = json["files"].as_array().unwrap().iter().filter_map(|f| f["path"].as_str()).collect();
        assert_eq!(read, ["a/b/post.md"], "{}", answer.stderr);
        // named, the circle is an error
        let answer = desk.run(&["--isolated", "a/loop1.md"]);
        assert_eq!(answer.status, 2, "{}", answer.stderr);
    }

    #[test]
    fn pipes_and_devices_are_refused() {
        let desk = Desk::with(&[("in/post.md", "We moved the desk to the left on Monday.\n")]);
        let made = Command::new("mkfifo").arg(desk.path("in/pipe.md")).status();
        if !made.is_ok_and(|s| s.success()) {
            println!("left out: mkfifo is not there");
            return;
        }
        // found in a folder a pipe is passed over; named it is refused, and nobody waits for a writer
        let answer = desk.run(&["--isolated", "in"]);
        assert!(answer.status <= 1, "{}", answer.stderr);
        for path in ["in/pipe.md", "/dev/zero", "/dev/null"] {
            for command in
                [&["--isolated", path][..], &["clean", path], &["checklist", path], &["--config", path, "in/post.md"]]
            {
                let answer = desk.run(command);
                if command[0] == "--config" && path == "/dev/null" {
                    continue; // empty settings
                }
                assert_eq!(answer.status, 2, "{command:?}: {}", answer.stderr);
                assert!(!answer.stderr.is_empty());
            }
        }
    }
}
