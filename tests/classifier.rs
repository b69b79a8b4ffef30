//! Classifiers from outside: the score is what the weights say, the rule believes it from its threshold on, and gives way to
//! a rule that knows better; the weights that ship know only words of `fixtures/labelled/`.

use draftlint::compiler::SourceFile;
use draftlint::draft::{Draft, Format};
use draftlint::finding::{Finding, Language, Severity};
use draftlint::linter::{Buffers, Linter, Options};
use draftlint::pack::Pack;
use std::collections::BTreeSet;

/// Two units that always count, one for each model: their scores are sums.
const WEIGHTS: &str = "# for this test\nfeature\tcombative\tforward-looking\n(intercept)\t-101.0\t-102.0\n\
                       (unit)\t0.5\t100.0\t1.0\t0.0\n(unit)\t1.5\t100.0\t0.0\t1.0\n\
                       laughable\tG.\nsneer-\tD.\nwe shall\t.F\n@rival\tF.\n?\ta.\n";
const RIVALS: &str = "rivals\n";

fn rule(id: &str, body: &str) -> SourceFile {
    let text = format!(
        "id = \"{id}\"\ncategory = \"combative\"\ntitle = \"t\"\nwhy = \"w\"\n{body}\n{}",
        ["en", "fr", "nl", "ru"].map(|l| format!("[{l}]\nmessage = \"m\"\nadvice = \"a\"\n")).concat()
    );
    let path = format!("tone/{id}.toml");
    SourceFile { shown: path.clone(), path, text }
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), shown: path.into(), text: text.into() }
}

fn files(rules: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> =
        ["en", "fr", "nl", "ru"].map(|l| file(&format!("weights/{l}.txt"), WEIGHTS)).into();
    files.push(file("lexicons/en/rival.txt", RIVALS));
    files.extend(rules);
    files
}

/// A rule that believes the model above a score, and doubts others below one.
fn likely_and_doubting(above: f64, below: f64) -> SourceFile {
    let scores = |score: f64| format!("{{ en = {score:.3}, fr = {score:.3}, nl = {score:.3}, ru = {score:.3} }}");
    let (above, below) = (scores(above), scores(below));
    rule("likely", &format!("classifier = {{ model = \"combative\", above = {above}, below = {below} }}"))
}

fn likely(above: f64) -> SourceFile {
    likely_and_doubting(above, -1000.0)
}

/// A rule that looks for one word.
fn plain() -> SourceFile {
    let examples =
        "bad = [\"[[laughable]] a\", \"[[laughable]] b\"]\ngood = [\"a\", \"b\"]\npatterns = [\"laughable\"]";
    let mut plain = rule("plain", "");
    plain.text = plain.text.replace("advice = \"a\"\n", &format!("advice = \"a\"\n{examples}\n"));
    plain
}

fn findings(files: &[SourceFile], text: &str, off: &str) -> Vec<(String, Finding)> {
    let pack = Pack::from_files(files).expect("the rules compile");
    let runs = pack.rules().map(|rule| rule.slug() != off).collect();
    let linter = Linter::new(&pack, Options { language: Some(Language::En), runs, ..Options::default() });
    let report = linter.lint(&Draft::from_text("draft", text.to_owned(), Format::Text));
    report.findings.into_iter().map(|f| (pack.rule(f.rule).slug().to_owned(), f)).collect()
}

fn found(files: &[SourceFile], text: &str) -> Vec<(String, String)> {
    let of = |(slug, f): (String, Finding)| (slug, text[f.span.start..f.span.end].to_owned());
    findings(files, text, "").into_iter().map(of).collect()
}

#[test]
fn the_score_is_what_the_weights_say() {
    // features that are text: five words, one stem, six pairs; of these only `laughable` weighs, and the list `rival`
    let text = "our rivals are a laughable";
    let score = -1.0 + (3.5 + 3.0) / draftlint::classifier::length(5.0 + 2.0 + 6.0);
    assert_eq!(found(&files(vec![likely(score - 0.05)]), text).len(), 1);
    assert_eq!(found(&files(vec![likely(score + 0.05)]), text), []);
}

#[test]
fn a_unit_counts_only_when_what_bears_on_it_is_positive() {
    let text = "their answers are all laughable";
    let borne = 7.0 / draftlint::classifier::length(5.0 + 2.0 + 6.0);
    for (bias, score) in [(-3.0, -1.0), (3.0, -1.0 + 2.0 * (borne + 3.0))] {
        let weights = format!("feature\tcombative\n(intercept)\t-1\n(unit)\t1\t{bias}\t2\nlaughable\tG\n");
        for (above, count) in [(score - 0.01, 1), (score + 0.01, 0)] {
            let mut files = files(vec![likely(above)]);
            files[0] = file("weights/en.txt", &weights);
            assert_eq!(found(&files, text).len(), count, "{bias} {above}");
        }
    }
}

#[test]
fn only_the_sentence_that_scores_is_marked() {
    let text = "The new line in the northern hall opened on Tuesday morning at nine. What our rivals print about all \
                this in their newsletter is laughable. Thirty people work there now, and eleven of them are apprentices.";
    let found = found(&files(vec![likely(0.0)]), text);
    assert_eq!(
        found,
        [("likely".to_owned(), "What our rivals print about all this in their newsletter is laughable".to_owned())]
    );
}

#[test]
fn a_few_words_are_not_judged() {
    assert_eq!(found(&files(vec![likely(-100.0)]), "Laughable, dear rivals!"), []);
}

#[test]
fn a_rule_that_knows_better_goes_first() {
    let text = "What our rivals print is laughable.";
    let found = found(&files(vec![likely(0.0), plain()]), text);
    assert_eq!(found, [("plain".to_owned(), "laughable".to_owned())]);
}

#[test]
fn nothing_gives_way_to_a_rule_that_is_off() {
    let text = "What our rivals print is laughable.";
    let files = files(vec![likely(0.0), plain()]);
    let slugs = |off: &str| findings(&files, text, off).into_iter().map(|(slug, _)| slug).collect::<Vec<_>>();
    assert_eq!(slugs("plain"), ["likely"]);
    assert_eq!(slugs("likely"), ["plain"]);
}

#[test]
fn what_a_classifier_finds_harmless_is_a_note() {
    let text = "The laughable answers in our quiz were all mine.";
    for (below, severity) in [(-100.0, Severity::Warning), (100.0, Severity::Note)] {
        let files = files(vec![likely_and_doubting(100.0, below), plain()]);
        let severities = |off: &str| findings(&files, text, off).iter().map(|(_, f)| f.severity).collect::<Vec<_>>();
        assert_eq!(severities(""), [severity]);
        // a classifier that is off doubts nothing
        assert_eq!(severities("likely"), [Severity::Warning]);
    }
}

#[test]
fn what_it_did_not_judge_it_does_not_doubt() {
    let files = files(vec![likely_and_doubting(100.0, 100.0), plain()]);
    let severities = |text: &str| findings(&files, text, "").iter().map(|(_, f)| f.severity).collect::<Vec<_>>();
    let beside = "The quiz on Tuesday had thirty good answers.";
    assert_eq!(severities(&format!("Laughable, dear rivals! {beside}")), [Severity::Warning]);
    assert_eq!(severities(&format!("Laughable, our dear old rivals! {beside}")), [Severity::Note]);
}

#[test]
fn an_error_is_doubted_unless_it_is_about_a_person() {
    let text = "The laughable answers in our quiz were all mine.";
    for (category, severity) in [("confidential", Severity::Note), ("personal-data", Severity::Error)] {
        let disclosure = [likely_and_doubting(100.0, 100.0), plain()].map(|file| {
            let of = format!("category = \"{category}\"\nseverity = \"error\"");
            let path = file.path.replacen("tone", "disclosure", 1);
            let text = file.text.replacen("category = \"combative\"", &of, 1);
            SourceFile { shown: path.clone(), path, text }
        });
        let found = findings(&files(disclosure.into()), text, "");
        assert_eq!(found.iter().map(|(_, f)| f.severity).collect::<Vec<_>>(), [severity], "{category}");
    }
}

/// The severities of what the rule `plain`, changed as asked, says where a classifier with these doubts scores about zero.
fn doubting(doubts: &str, below: f64, confidence: &str) -> Vec<Severity> {
    let mut likely = likely_and_doubting(100.0, below);
    likely.text = likely.text.replacen("classifier = {", &format!("classifier = {{ doubts = {{ {doubts} }},"), 1);
    let mut plain = plain();
    plain.text = plain.text.replacen("title", &format!("confidence = \"{confidence}\"\ntitle"), 1);
    let text = "The laughable answers in our quiz were all mine.";
    findings(&files(vec![likely, plain]), text, "").iter().map(|(_, f)| f.severity).collect()
}

#[test]
fn it_doubts_the_rules_that_it_names() {
    assert_eq!(doubting("plain = 0", 100.0, "medium"), [Severity::Note]);
    assert_eq!(doubting("likely = 0", 100.0, "medium"), [Severity::Warning]);
    assert_eq!(doubting("likely = 0, others = 0", 100.0, "medium"), [Severity::Note]);
    // what is added to the score below which it doubts
    assert_eq!(doubting("plain = 200", -100.0, "medium"), [Severity::Note]);
    assert_eq!(doubting("plain = -200", 100.0, "medium"), [Severity::Warning]);
    assert_eq!(doubting("plain = -200, others = 0", 100.0, "medium"), [Severity::Note]);
    // what a rule is sure of is doubted where the rule is named
    assert_eq!(doubting("plain = 0", 100.0, "high"), [Severity::Note]);
    assert_eq!(doubting("others = 0", 100.0, "high"), [Severity::Warning]);
}

#[test]
fn a_sense_of_the_thesaurus_is_a_list() {
    let mut plain = plain();
    plain.text = plain.text.replacen("\"laughable\"", "\"our @sense-rival\"", 1);
    let thesaurus = |text: &str| files(vec![plain.clone(), file("thesaurus/en.txt", text)]);
    let files = thesaurus("# by sense\npress: journalist*\nrival: foe foes rival*\n");
    let found = |text: &str| findings(&files, text, "").len();
    assert_eq!([found("We met our rivals."), found("We met our foes."), found("We met our journalists.")], [1, 1, 0]);
    for (text, said) in [
        (
            "rival: foe\nno sense at all\n",
            "thesaurus/en.txt:2:1: a line of a thesaurus is a sense, a colon and its words",
        ),
        ("Rival: foe\n", "thesaurus/en.txt:1:1: `Rival` is no name of a sense: small letters, digits and `-`"),
        ("rival: foe\nrival: foes\n", "thesaurus/en.txt:2:1: the sense `rival` has a line already"),
        ("rival: foe 3d\n", "thesaurus/en.txt:1:12: `3d` is more than a word"),
    ] {
        let error = Pack::from_files(&thesaurus(text)).map(|_| ()).expect_err("an error").to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn errors_name_the_nearest_model_and_the_line() {
    let error = |files: &[SourceFile]| Pack::from_files(files).map(|_| ()).expect_err("an error").to_string();
    let mut faulty = likely(0.0);
    faulty.text = faulty.text.replace("model = \"combative\"", "model = \"combativ\"");
    let unknown = error(&files(vec![faulty]));
    assert!(unknown.contains("no model `combativ`") && unknown.contains("combative"), "{unknown}");
    let half = error(&files(vec![rule("likely", "classifier = { model = \"combative\", above = { en = 0 } }")]));
    assert!(half.contains("`above` of `classifier` names no score for fr"), "{half}");
    let mut doubting = likely(0.0);
    doubting.text = doubting.text.replacen("classifier = {", "classifier = { doubts = { plan = 0 },", 1);
    let stranger = error(&files(vec![doubting, plain()]));
    assert!(stranger.contains("no rule `plan` in the family tone") && stranger.contains("plain"), "{stranger}");
    for (weights, said) in [
        ("feature\n", "names of one to 8 models"),
        ("feature\ta\n(intercept)\tx\n", "weights/en.txt:2:1: `x` is no number"),
        ("feature\ta\n(intercept)\t1\t2\n", "weights/en.txt:2:1: 2 numbers instead of 1"),
        ("feature\ta\n(unit)\t1\t0\n", "weights/en.txt:2:1: 2 numbers instead of 3"),
        ("feature\ta\n(unit)\t1\t0\t1\nfoo\tX\n", "weights/en.txt:3:1: `foo` has levels that are none"),
        ("feature\ta\n(unit)\t1\t0\t1\nfoo\tAB\n", "weights/en.txt:3:1: 2 levels instead of one for each unit: 1"),
        ("feature\ta\n(unit)\t1\t0\t1\nfoo\tA\nfoo\tB\n", "weights/en.txt:4:1: the feature `foo` has a line already"),
        (
            "feature\ta\n(unit)\t1\t0\t1\nfoo\tA\n(unit)\t1\t0\t1\n",
            "weights/en.txt:4:1: units stand before the features",
        ),
    ] {
        let error = error(&[file("weights/en.txt", weights)]);
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_file_with_an_error_a_line_is_told_so_at_once() {
    let weights = format!("feature\ta\n(unit)\t1\t0\t1\n{}", "foo\tAB\n".repeat(200_000));
    let error = Pack::from_files(&[file("weights/en.txt", &weights)]).map(|_| ()).expect_err("an error").to_string();
    assert_eq!(error.lines().count(), 101);
    let last = "weights/en.txt:103:1: more than 100 errors; the rest is not listed";
    assert_eq!(error.lines().last(), Some(last));
}

/// The features of the labelled sentences of a language, and the labels.
fn labelled(language: Language, file: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let linter = Linter::new(Pack::embedded(), Options::default());
    let mut buffers = Buffers::default();
    let (mut features, mut labels) = (BTreeSet::new(), BTreeSet::new());
    for line in std::fs::read_to_string(file).expect("labelled sentences").lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let mut draft = Draft::from_text("", value["text"].as_str().expect("text").to_owned(), Format::Text);
        draft.front_matter.lang = value["lang"].as_str().map(str::to_owned);
        labels.extend(value["label"].as_str().map(str::to_owned));
        for (of, found) in linter.sentence_features(&draft, &mut buffers) {
            if of == language {
                features.extend(found.into_iter().filter(|f| !f.starts_with(['@', '#'])));
            }
        }
    }
    (features, labels)
}

#[test]
fn the_weights_know_only_words_of_the_labelled_sentences() {
    for language in Language::KNOWN {
        let name = language.name();
        let weights = std::fs::read_to_string(format!("rules/weights/{name}.txt")).expect("weights");
        let mut lines = weights.lines().filter(|line| !line.starts_with("# "));
        let models: BTreeSet<String> = lines.next().expect("a head").split('\t').skip(1).map(str::to_owned).collect();
        let (features, labels) = labelled(language, &format!("fixtures/labelled/{name}.jsonl"));
        assert_eq!(models, labels, "{name}");
        let unknown: Vec<&str> = lines
            .filter_map(|line| line.split('\t').next())
            .filter(|f| !f.starts_with(['@', '#', '(']) && !features.contains(*f))
            .collect();
        assert!(
            unknown.is_empty(),
            "{name}: {} features that no labelled sentence holds: {:?}",
            unknown.len(),
            &unknown[..unknown.len().min(5)]
        );
    }
}
