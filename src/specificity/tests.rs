use super::*;
use crate::draft::{Draft, Format};
use crate::linter::Linter;
use crate::options::Options;
use crate::pack::Pack;
use crate::report::{Missing, Report};

fn report(text: &str) -> Report {
    let linter = Linter::new(Pack::embedded(), Options::default());
    linter.lint(&Draft::from_text("", text.to_owned(), Format::Text))
}

fn score(text: &str) -> f64 {
    report(text).specificity.unwrap_or(-1.0)
}

#[test]
fn a_fact_beats_a_platitude_in_each_language() {
    for (vague, specific) in [
        ("We keep raising the bar, because our people make all the difference.", "Our repair time fell from 9 days to 4 in March, because two technicians now sit in the Leeds warehouse."),
        ("Notre force, c'est l'humain, aujourd'hui plus que jamais.", "Depuis mars, deux techniciens travaillent à l'entrepôt de Lille et le délai est passé de 9 à 4 jours."),
        ("Samen maken we elke dag opnieuw het verschil voor onze klanten.", "Sinds maart staan twee monteurs in het magazijn in Breda; de reparatietijd daalde van 9 naar 4 dagen."),
        ("Наша главная ценность — это люди, которые каждый день делают невозможное.", "С марта два мастера работают на складе в Туле: срок ремонта сократился с 9 дней до 4."),
    ] {
        assert!(score(vague) + 0.1 < score(specific), "{} {vague} | {} {specific}", score(vague), score(specific));
    }
}

#[test]
fn quoted_speech_is_somebody_elses() {
    let own = score("Our teams do great work and we are proud of them every day.");
    let quoting = score("Our teams do great work and we are proud of them every day. “On 3 April Ann Li moved 412 crates from Leeds to Hull in 9 hours.”");
    assert!((own - quoting).abs() < 0.02, "{own} {quoting}");
    assert!(report("“On 3 April Ann Li moved 412 crates from Leeds to Hull.” Great!").specificity.is_none());
}

#[test]
fn links_do_not_count() {
    let text = "Our teams do great work and we are proud of them every day";
    assert_eq!(score(text), score(&format!("{text} https://example.com/2026/03/report-412")));
}

#[test]
fn length_saturates() {
    let paragraph = "Leadership is about people, and people are what makes the difference. We believe in trust, in growth and in each other. ";
    let (once, often) = (score(&paragraph.repeat(2)), score(&paragraph.repeat(20)));
    assert!((once - often).abs() < 0.06, "{once} {often}");
}

#[test]
fn what_is_missing_is_named_gravest_first() {
    let vague = report("We believe in people, and people believe in the way we work.");
    assert_eq!(vague.missing.first(), Some(&Missing::Figure));
    assert!(vague.missing.contains(&Missing::Name) && vague.missing.is_sorted());
    let full = report("On 3 April Ann Li moved 412 crates from Leeds to Hull.");
    assert!(!full.missing.contains(&Missing::Figure) && !full.missing.contains(&Missing::Name) && !full.missing.contains(&Missing::Period), "{:?}", full.missing);
}

#[test]
fn unknown_languages_have_no_score_unless_too_short_to_tell() {
    assert!(report("Nasz zespół bardzo ciężko pracował przez cały rok i osiągnął wszystkie cele, z czego jesteśmy naprawdę dumni.").specificity.is_none());
    assert!(report("").specificity.is_none());
    assert!(report("🎉🎉🎉").specificity.is_none());
}

#[test]
fn the_weights_that_ship_can_be_read() {
    let weights = Weights::parse(include_str!("weights.tsv")).unwrap();
    assert_eq!(&weights, Weights::shipped());
    assert!(weights.weights.iter().filter(|w| **w != 0.0).count() > 30);
    assert_eq!(Weights::parse(&weights.render()).unwrap(), weights);
}

#[test]
fn faulty_files_name_the_line() {
    assert!(matches!(Weights::parse("intercept\tNaN"), Err(WeightsError::Number { line: 1, .. })));
    assert!(matches!(Weights::parse("log-name\tinf"), Err(WeightsError::Number { line: 1, .. })));
    assert!(matches!(Weights::parse("# x\nlog-naem\t1"), Err(WeightsError::Unknown { line: 2, near: Some(n), .. }) if n == "log-name"));
    assert!(matches!(Weights::parse("scale\tde\tword\t1"), Err(WeightsError::Unknown { what: "language", .. })));
    assert!(matches!(Weights::parse("scale\tru\tword\tx"), Err(WeightsError::Number { line: 1, .. })));
    assert!(matches!(Weights::parse("log-name 1"), Err(WeightsError::Shape(1))));
    assert_eq!(Weights::parse("log-naem\t1").unwrap_err().to_string(), "line 1: unknown feature `log-naem`; did you mean `log-name`?");
}
