//! How specific a draft is: a transparent linear score over language-neutral features.
//!
//! Every feature is a count, a share or a mean that can be shown to the author; the weights stand in `weights.tsv` and
//! come from `draftlint fit` (see [`fit`]). Quoted speech and links are left out: they are somebody else's specificity.
//! Beyond [`WINDOW`] words length says nothing: a longer draft is judged by its average stretch of that length.

pub mod fit;
mod tally;
pub mod words;

use crate::finding::Language;
use lazy_static::lazy_static;
use tally::{COUNTED, COUNTS, Count};
pub use tally::{MIN_WORDS, Symbols, Tally, WINDOW};

/// What is made of a count.
#[derive(Clone, Copy)]
enum Form {
    /// The logarithm of one more than the count in a stretch of [`WINDOW`] words.
    Log,
    /// The count by word.
    Share,
    /// Letters by word.
    LettersPerWord,
    /// How many words a draft of fewer than [`MIN_WORDS`] lacks.
    Short,
    /// Whether there is none at all.
    None,
}

use Form::{LettersPerWord, Log, Share, Short};

/// The features, in the order of the weights file.
const FEATURES: [(Form, Count); 44] = [
    (Log, Count::Word),
    (Short, Count::Word),
    (LettersPerWord, Count::Letter),
    (Log, Count::StopWord),
    (Log, Count::DistinctWord),
    (Log, Count::UncommonWord),
    (Share, Count::UncommonWord),
    (Share, Count::RareWord),
    (Log, Count::Concrete),
    (Share, Count::EmptyNoun),
    (Log, Count::Anchor),
    (Form::None, Count::Anchor),
    (Log, Count::Number),
    (Log, Count::Measure),
    (Share, Count::Measure),
    (Log, Count::Money),
    (Log, Count::Unit),
    (Log, Count::Date),
    (Log, Count::Time),
    (Log, Count::Name),
    (Share, Count::Acronym),
    (Log, Count::Capital),
    (Log, Count::UncommonCapital),
    (Share, Count::Shouted),
    (Log, Count::Mention),
    (Log, Count::Hashtag),
    (Share, Count::Hashtag),
    (Share, Count::I),
    (Log, Count::We),
    (Log, Count::You),
    (Log, Count::They),
    (Log, Count::Past),
    (Log, Count::Future),
    (Share, Count::Negation),
    (Share, Count::Hedge),
    (Log, Count::Cause),
    (Log, Count::Comparison),
    (Log, Count::Source),
    (Log, Count::FirstHand),
    (Log, Count::Interjection),
    (Log, Count::Emoji),
    (Share, Count::Comma),
    (Log, Count::Question),
    (Share, Count::Question),
];

/// The names of the features: `log-name`, `share-measure`, `no-anchor` …
pub fn feature_names() -> Vec<String> {
    let name = |(form, count): &(Form, Count)| match form {
        Log => format!("log-{}", COUNTED[*count as usize]),
        Share => format!("share-{}", COUNTED[*count as usize]),
        LettersPerWord => "letters-per-word".to_owned(),
        Short => "short".to_owned(),
        Form::None => format!("no-{}", COUNTED[*count as usize]),
    };
    FEATURES.iter().map(name).collect()
}

/// The features of counts that were brought to one language's measure.
fn features_of(counts: &[f64; COUNTS]) -> Vec<f64> {
    let words = counts[Count::Word as usize].max(1.0);
    let stretch = (WINDOW as f64 / words).min(1.0);
    let value = |(form, count): &(Form, Count)| {
        let n = counts[*count as usize];
        match form {
            Log => (n * stretch).ln_1p(),
            Share => (n / words).min(1.0),
            LettersPerWord => n / words,
            Short => (MIN_WORDS as f64 - words).max(0.0),
            Form::None => f64::from(n == 0.0),
        }
    };
    FEATURES.iter().map(value).collect()
}

lazy_static! {
    static ref SHIPPED: Weights = Weights::parse(include_str!("weights.tsv")).unwrap_or_default();
}

/// The linear model: an intercept, a weight for each feature, and what a count is worth in each language.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The score of a draft without any feature.
    pub intercept: f64,
    /// In the order of [`feature_names`].
    pub weights: Vec<f64>,
    /// By language: counts are multiplied by this before anything else. Russian has no articles and many word forms:
    /// its words are longer, fewer and more often absent from a list of common ones. 1 where the file says nothing.
    pub scale: Vec<[f64; COUNTS]>,
    /// How often a word of ordinary prose is counted, for texts too short to tell their language.
    pub typical: Vec<(usize, f64)>,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            intercept: 0.5,
            weights: vec![0.0; FEATURES.len()],
            scale: vec![[1.0; COUNTS]; Language::ALL.len()],
            typical: Vec::new(),
        }
    }
}

/// Why a weights file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// A feature, count or language that does not exist.
    #[error("line {line}: unknown {what} `{name}`{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// From 1.
        line: usize,
        /// What kind of thing.
        what: &'static str,
        /// As written.
        name: String,
        /// The nearest that exists.
        near: Option<String>,
    },
    /// No number, or one that is not finite.
    #[error("line {line}: `{value}` is no finite number")]
    Number {
        /// From 1.
        line: usize,
        /// As written.
        value: String,
    },
    /// A line of another form.
    #[error("line {0}: expected a feature, a tab and its weight")]
    Shape(usize),
}

impl Weights {
    /// Reads `feature<TAB>weight` lines; `intercept` is a feature, `#` begins a comment, absent features weigh nothing.
    /// `scale<TAB>language<TAB>count<TAB>factor` and `typical<TAB>count<TAB>share` give [`Self::scale`] and
    /// [`Self::typical`].
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let names = feature_names();
        let mut out = Self { intercept: 0.0, ..Self::default() };
        for (i, line) in text.lines().enumerate() {
            let line_number = i + 1;
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fields: Vec<&str> = line.split('\t').collect();
            let find = |what: &'static str, name: &str, known: &[&str]| {
                known.iter().position(|k| *k == name).ok_or_else(|| WeightsError::Unknown {
                    line: line_number,
                    what,
                    name: name.to_owned(),
                    near: crate::compiler::nearest(name, known.iter().copied()).map(str::to_owned),
                })
            };
            let number = |value: &str| {
                let number: Option<f64> = value.trim().parse().ok().filter(|n: &f64| n.is_finite());
                number.ok_or_else(|| WeightsError::Number { line: line_number, value: value.trim().to_owned() })
            };
            match fields.as_slice() {
                ["intercept", value] => out.intercept = number(value)?,
                ["typical", count, value] => out.typical.push((find("count", count, &COUNTED)?, number(value)?)),
                ["scale", language, count, value] => {
                    let languages: Vec<&str> = Language::ALL.iter().map(|l| l.name()).collect();
                    out.scale[find("language", language, &languages)?][find("count", count, &COUNTED)?] =
                        number(value)?;
                }
                [name, value] => {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    out.weights[find("feature", name, &names)?] = number(value)?;
                }
                _ => return Err(WeightsError::Shape(line_number)),
            }
        }
        Ok(out)
    }

    /// The weights as a file, without comments.
    pub fn render(&self) -> String {
        let mut out = format!("intercept\t{:.5}\n", self.intercept);
        for (name, weight) in feature_names().iter().zip(&self.weights) {
            out.push_str(&format!("{name}\t{weight:.5}\n"));
        }
        for (language, scale) in Language::ALL.iter().zip(&self.scale) {
            for (count, factor) in COUNTED.iter().zip(scale).filter(|(_, f)| **f != 1.0) {
                out.push_str(&format!("scale\t{}\t{count}\t{factor}\n", language.name()));
            }
        }
        for (count, share) in &self.typical {
            out.push_str(&format!("typical\t{}\t{share}\n", COUNTED[*count]));
        }
        out
    }

    /// The weights that ship.
    pub fn shipped() -> &'static Weights {
        &SHIPPED
    }

    /// The score of features, 0 to 1.
    pub fn score(&self, features: &[f64]) -> f64 {
        let sum: f64 = self.intercept + self.weights.iter().zip(features).map(|(w, f)| w * f).sum::<f64>();
        sum.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
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
            (
                "We keep raising the bar, because our people make all the difference.",
                "Our repair time fell from 9 days to 4 in March, because two technicians now sit in the Leeds warehouse.",
            ),
            (
                "Notre force, c'est l'humain, aujourd'hui plus que jamais.",
                "Depuis mars, deux techniciens travaillent à l'entrepôt de Lille et le délai est passé de 9 à 4 jours.",
            ),
            (
                "Samen maken we elke dag opnieuw het verschil voor onze klanten.",
                "Sinds maart staan twee monteurs in het magazijn in Breda; de reparatietijd daalde van 9 naar 4 dagen.",
            ),
            (
                "Наша главная ценность — это люди, которые каждый день делают невозможное.",
                "С марта два мастера работают на складе в Туле: срок ремонта сократился с 9 дней до 4.",
            ),
        ] {
            assert!(score(vague) + 0.1 < score(specific), "{} {vague} | {} {specific}", score(vague), score(specific));
        }
    }

    #[test]
    fn quoted_speech_is_somebody_elses() {
        let own = score("Our teams do great work and we are proud of them every day.");
        let quoting = score(
            "Our teams do great work and we are proud of them every day. “On 3 April Ann Li moved 412 crates from Leeds to Hull in 9 hours.”",
        );
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
        assert!(
            !full.missing.contains(&Missing::Figure)
                && !full.missing.contains(&Missing::Name)
                && !full.missing.contains(&Missing::Period),
            "{:?}",
            full.missing
        );
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
        assert!(
            matches!(Weights::parse("# x\nlog-naem\t1"), Err(WeightsError::Unknown { line: 2, near: Some(n), .. }) if n == "log-name")
        );
        assert!(matches!(Weights::parse("scale\tde\tword\t1"), Err(WeightsError::Unknown { what: "language", .. })));
        assert!(matches!(Weights::parse("scale\tru\tword\tx"), Err(WeightsError::Number { line: 1, .. })));
        assert!(matches!(Weights::parse("log-name 1"), Err(WeightsError::Shape(1))));
        assert_eq!(
            Weights::parse("log-naem\t1").unwrap_err().to_string(),
            "line 1: unknown feature `log-naem`; did you mean `log-name`?"
        );
    }
}
