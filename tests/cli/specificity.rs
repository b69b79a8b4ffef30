//! Own weights of the specificity score: read, refused, fitted.

use crate::{Answer, Desk};

const POST: &str = "On 4 May Anna Kos opened 3 depots in Ghent and saved 40 hours.\n";
const SETTINGS: &str = "specificity_weights = \"own.tsv\"\n";

fn checked(weights: Option<&str>) -> Answer {
    let mut files = vec![("post.md", POST), ("draftlint.toml", SETTINGS)];
    files.extend(weights.map(|w| ("own.tsv", w)));
    Desk::with(&files).run(&["--output-format", "json", "--exit-zero", "post.md"])
}

#[test]
fn own_weights_are_used() {
    let score = |weights: &str| {
        let answer = checked(Some(weights));
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        answer.json()["files"][0]["specificity"].as_f64().expect("a score")
    };
    assert_eq!(score("intercept\t0.25\n"), 0.25);
    assert_eq!(score("# a comment\n\nintercept\t-3\n"), 0.0);
    assert_eq!(score("intercept\t0.9\nletters-per-word\t9\n"), 1.0);
    let (few, many) = (score("log-word\t0.1\n"), score("log-word\t0.2\n"));
    assert!(0.0 < few && few < many, "{few} {many}");
}

#[test]
fn faulty_weights_end_with_2() {
    for (weights, said) in [
        ("intercept\t0.1\nlog-wrod\t0.1\n", "own.tsv: line 2: unknown feature `log-wrod`; did you mean `log-word`?"),
        ("intercept\tNaN\n", "own.tsv: line 1: `NaN` is no finite number"),
        ("log-word\tinf\n", "own.tsv: line 1: `inf` is no finite number"),
        ("log-word\t1e999\n", "own.tsv: line 1: `1e999` is no finite number"),
        ("log-word\tmuch\n", "own.tsv: line 1: `much` is no finite number"),
        ("scale\tfrr\tword\t1\n", "own.tsv: line 1: unknown language `frr`; did you mean `fr`?"),
        ("typical\twrod\t0.1\n", "own.tsv: line 1: unknown count `wrod`; did you mean `word`?"),
        ("log-word 0.1\n", "own.tsv: line 1: expected a feature, a tab and its weight"),
    ] {
        let answer = checked(Some(weights));
        assert_eq!(answer.status, 2, "{weights}");
        assert!(answer.stderr.contains(said), "{weights}: {}", answer.stderr);
        assert!(answer.stderr.contains("specificity_weights"), "{}", answer.stderr);
    }
    let answer = checked(None);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("own.tsv: no such file"), "{}", answer.stderr);
}

const LINES: &str = r#"{"text": "On 4 May Anna Kos opened 3 depots in Ghent.", "score": 5}
{"text": "We strive for excellence in everything we do.", "score": 1}
{"text": "Ce trimestre, 12 soudeurs ont réparé 214 bateaux à Gand.", "score": 4.5, "lang": "fr"}
{"text": "L'innovation est au cœur de notre vision.", "score": 0, "scale": [0, 10], "lang": "fr"}

{"text": "Op 3 juni kreeg werf 7 een kraan van 40 ton.", "score": 5, "weight": 2, "lang": "nl"}
{"text": "Samen bouwen we aan een mooie toekomst.", "score": 1, "lang": "nl"}
{"text": "4 мая Анна Кос открыла три склада в Генте.", "score": 5, "lang": "ru"}
{"text": "Мы всегда стремимся к лучшему.", "score": 1.5, "lang": "ru"}
"#;

#[test]
fn what_is_fitted_is_read_again() {
    let desk = Desk::with(&[("lines.jsonl", LINES), ("post.md", POST), ("vague.md", "We strive for more.\n")]);
    let fit = |sources: &[&str]| {
        let answer = desk.run_bare(&[&["fit"], sources].concat());
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
        answer.stdout
    };
    let weights = fit(&["lines.jsonl"]);
    assert_eq!(weights, fit(&["lines.jsonl"]));
    assert!(
        weights.starts_with("# Fitted by `draftlint fit`: ridge regression (0.1) on 8 labelled texts.\n"),
        "{weights}"
    );
    assert!(!weights.contains("NaN") && !weights.contains("inf"), "{weights}");
    let twice = fit(&["lines.jsonl:2", "--ridge", "5"]);
    assert!(twice.contains("ridge regression (5)") && twice.contains("lines.jsonl:2"), "{twice}");
    desk.write("own.tsv", weights.as_bytes());
    desk.write("draftlint.toml", SETTINGS.as_bytes());
    let score = |name: &str| {
        let answer = desk.run(&["--output-format", "json", "--exit-zero", name]);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        answer.json()["files"][0]["specificity"].as_f64().expect("a score")
    };
    let (specific, vague) = (score("post.md"), score("vague.md"));
    assert!(specific > vague + 0.2, "{specific} {vague}");
}

#[test]
fn what_cannot_be_fitted_ends_with_2() {
    let secret = "Zebedee";
    for (text, sources, said) in [
        (Some("{\"text\": \"Zebedee\"}\n"), "lines.jsonl", "lines.jsonl:1: no `score`"),
        (Some("{\"score\": 1, \"x\": \"Zebedee\"}\n"), "lines.jsonl", "lines.jsonl:1: no `text`"),
        (Some("\nZebedee\n"), "lines.jsonl", "lines.jsonl:2: no JSON"),
        (Some("{\"text\": \"Zebedee\", \"score\": 1, \"scale\": [5, 1]}\n"), "lines.jsonl", "`scale` is a list"),
        (
            Some("{\"text\": \"Zebedee\", \"score\": 1, \"weight\": 0}\n"),
            "lines.jsonl",
            "`weight` is a positive number",
        ),
        (Some("\n"), "lines.jsonl", "no labelled line to fit from"),
        (Some(LINES), "lines.jsonl:-1", "`-1`: a weight is a positive number"),
        (None, "lines.jsonl", "lines.jsonl: "),
    ] {
        let desk = Desk::new();
        if let Some(text) = text {
            desk.write("lines.jsonl", text.as_bytes());
        }
        let answer = desk.run_bare(&["fit", sources]);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{said}");
        assert!(answer.stderr.contains(said) && !answer.stderr.contains(secret), "{said}: {}", answer.stderr);
    }
    let desk = Desk::with(&[("lines.jsonl", LINES)]);
    let answer = desk.run_bare(&["fit", "--ridge", "0", "lines.jsonl"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("the ridge is a positive number"), "{}", answer.stderr);
}
