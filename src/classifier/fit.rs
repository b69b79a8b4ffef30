//! Fits the weights of a language's classifiers from labelled JSON lines.
//!
//! A line holds `text` and perhaps `lang` and `label`, the name of the model that ought to fire; a line without a label is
//! harmless. The lines train a network (see [`super::network`]); what its features bear on the units is then rounded to a few
//! levels, and the features that bear least are left out. Neither cost anything on lines of a writer whom it had not seen. The
//! same lines give the same weights.

use super::network::{ALL_UNITS, Example, Network, train};
use crate::compiler::weights::{INTERCEPT, MAX_LEVEL, MAX_MODELS, MODELS, UNIT, letter};
use crate::draft::Draft;
use crate::labelled::{self, LabelledError, Source};
use std::collections::{BTreeMap, BTreeSet};

/// A feature has weights when so many lines hold it.
pub const MIN_LINES: usize = 3;
/// The share of features that are kept: those that bear most on the models, over all lines.
const KEPT: f64 = 0.7;
/// What is beyond this share of a unit's features counts as the highest level.
const HIGHEST: f64 = 0.999;

/// Why nothing could be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The lines cannot be read.
    #[error(transparent)]
    Lines(#[from] LabelledError),
    /// No line has a label, or all have.
    #[error("lines with a label and lines without are both needed; found {with} and {without}")]
    OneSided {
        /// Lines with a label.
        with: usize,
        /// Lines without.
        without: usize,
    },
    /// More labels than models.
    #[error("{0} labels; at most {MAX_MODELS} models share the weights of a language")]
    TooMany(usize),
}

/// A labelled line.
struct Line {
    features: BTreeMap<String, f64>,
    label: Option<String>,
    weight: f64,
}

/// Fits the models of one language and gives its file of weights. `beside` are files of harmless lines whose words get no
/// weight of their own; `features` gives the features of each sentence of a draft (`Linter::sentence_features`), none for a
/// draft in another language.
pub fn run(
    sources: &[Source],
    beside: &[Source],
    features: &mut dyn FnMut(&Draft) -> Vec<String>,
) -> Result<String, FitError> {
    let mut lines = read(sources, features)?;
    let own = lines.len();
    lines.extend(read(beside, features)?);
    let labels: Vec<&str> =
        lines.iter().filter_map(|line| line.label.as_deref()).collect::<BTreeSet<_>>().into_iter().collect();
    let with = lines.iter().filter(|line| line.label.is_some()).count();
    if labels.is_empty() || with == lines.len() {
        return Err(FitError::OneSided { with, without: lines.len() - with });
    }
    if labels.len() > MAX_MODELS {
        return Err(FitError::TooMany(labels.len()));
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in lines[..own].iter().flat_map(|line| line.features.keys()) {
        *counts.entry(feature).or_default() += 1;
    }
    let known: Vec<&str> = counts.iter().filter(|(_, count)| **count >= MIN_LINES).map(|(f, _)| *f).collect();
    let places: BTreeMap<&str, usize> = known.iter().enumerate().map(|(i, feature)| (*feature, i)).collect();
    let examples: Vec<Example> = lines
        .iter()
        .map(|line| Example {
            features: row(line, &places),
            model: line.label.as_deref().and_then(|label| labels.iter().position(|l| *l == label)),
            weight: line.weight,
        })
        .collect();
    let network = train(&examples, known.len(), labels.len());
    let mut held = vec![0u32; known.len()];
    examples.iter().flat_map(|example| &example.features).for_each(|(at, _)| held[*at] += 1);

    let names = |sources: &[Source]| sources.iter().map(Source::shown).collect::<Vec<_>>().join(" ");
    let mut out = format!(
        "# Weights of classifiers, fitted by `draftlint fit --classifier` ({ALL_UNITS} hidden units) on {own} lines of\n# {}\n# and {} \
         harmless lines of\n# {}\n",
        names(sources),
        lines.len() - own,
        names(beside)
    );
    out.push_str(&written(&network, &labels, &known, &held));
    Ok(out)
}

/// The network as a file: models, units, and the levels of the features that bear most.
fn written(network: &Network, labels: &[&str], features: &[&str], held: &[u32]) -> String {
    let models = labels.len();
    let cells = |numbers: &[f32]| numbers.iter().map(|n| format!("\t{n:.4}")).collect::<String>();
    let mut out = format!("{MODELS}\t{}\n{INTERCEPT}{}\n", labels.join("\t"), cells(&network.intercepts));
    let mut steps = [0.0f32; ALL_UNITS];
    let mut reach = [0.0f32; ALL_UNITS];
    for unit in 0..ALL_UNITS {
        let mut sizes: Vec<f32> = network.rows.iter().skip(unit).step_by(ALL_UNITS).map(|level| level.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let highest = sizes.get((HIGHEST * sizes.len() as f64) as usize).copied().unwrap_or(0.0);
        steps[unit] = (highest / MAX_LEVEL as f32).max(f32::MIN_POSITIVE);
        let of_models = &network.out[unit * models..][..models];
        reach[unit] = of_models.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
        let bias = network.biases[unit];
        out.push_str(&format!("{UNIT}\t{:e}\t{bias:.4}{}\n", steps[unit], cells(of_models)));
    }
    let bearing = |at: usize| {
        let row = &network.rows[at * ALL_UNITS..][..ALL_UNITS];
        let squares: f32 = row.iter().zip(reach).map(|(level, reach)| (level * reach).powi(2)).sum();
        squares.sqrt() * (held[at] as f32).sqrt()
    };
    let mut sizes: Vec<f32> = (0..features.len()).map(bearing).collect();
    sizes.sort_by(f32::total_cmp);
    let least = sizes.get(((1.0 - KEPT) * sizes.len() as f64) as usize).copied().unwrap_or(0.0);
    for (at, feature) in features.iter().enumerate().filter(|(at, _)| bearing(*at) >= least) {
        let row = &network.rows[at * ALL_UNITS..][..ALL_UNITS];
        let level = |(value, step): (&f32, f32)| letter(((value / step).round() as i32).clamp(-MAX_LEVEL, MAX_LEVEL));
        out.push_str(&format!("{feature}\t{}\n", row.iter().zip(steps).map(level).collect::<String>()));
    }
    out
}

fn read(sources: &[Source], features: &mut dyn FnMut(&Draft) -> Vec<String>) -> Result<Vec<Line>, LabelledError> {
    let mut lines = Vec::new();
    labelled::read(sources, &mut |line| {
        let label = match &line.value["label"] {
            serde_json::Value::Null => None,
            serde_json::Value::String(label) => Some(label.clone()),
            _ => return Err("`label` is the name of a model".to_owned()),
        };
        let mut counted = BTreeMap::new();
        for feature in features(&line.draft) {
            *counted.entry(feature).or_default() += 1.0;
        }
        if !counted.is_empty() {
            lines.push(Line { features: counted, label, weight: line.weight });
        }
        Ok(())
    })?;
    Ok(lines)
}

/// Whether a feature is a list or a fact: those do not count for a sentence's length.
fn is_symbol(feature: &str) -> bool {
    feature.len() > 1 && feature.starts_with(['@', '#'])
}

/// The known features of a line, by place, as a score counts them.
fn row(line: &Line, places: &BTreeMap<&str, usize>) -> Vec<(usize, f32)> {
    let texts: f64 = line.features.iter().filter(|(f, _)| !is_symbol(f)).map(|(_, count)| count).sum();
    let length = super::length(texts);
    line.features.iter().filter_map(|(f, count)| Some((*places.get(f.as_str())?, (count / length) as f32))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Sums, Weights, length};
    use super::*;
    use crate::compiler::CompileErrors;
    use crate::compiler::weights::key_of;
    use crate::compiler::{SourceFile, weights};

    #[test]
    fn a_word_of_one_side_gets_its_sign() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = |name: &str| Source { file: folder.path().join(name), weight: 1.0 };
        let file = source("lines.jsonl");
        let mut lines = String::new();
        for i in 0..2_000 {
            lines.push_str(&format!("{{\"text\":\"fools everywhere {i}\",\"label\":\"combative\"}}\n"));
            lines.push_str(&format!("{{\"text\":\"friends everywhere {i}\"}}\n"));
        }
        std::fs::write(&file.file, lines).expect("written");
        let words = &mut |draft: &Draft| draft.text.split(' ').map(str::to_owned).collect();
        let out = run(std::slice::from_ref(&file), &[], words).expect("fits");
        let mut errors = CompileErrors::default();
        let read = SourceFile { path: "weights/en.txt".into(), shown: "weights/en.txt".into(), text: out.clone() };
        let table = weights::read(&read, &mut errors).table();
        let read = Weights::of(&table).expect("weights");
        let score = |words: &[&str]| {
            let mut sums = Sums::new();
            words.iter().filter_map(|word| read.row_of(key_of(word))).for_each(|row| sums.add(&read, row));
            read.scores(&mut sums, length(words.len() as f64) as f32)[0]
        };
        let (fools, friends) = (score(&["fools", "everywhere", "7"]), score(&["friends", "everywhere", "7"]));
        assert!(fools > 1.0 && friends < -1.0, "{fools} {friends} {out}");
        assert!(out.contains("\nfeature\tcombative\n"));
        let only = source("only.jsonl");
        std::fs::write(&only.file, "{\"text\":\"fools everywhere\",\"label\":\"combative\"}\n").expect("written");
        let one_sided = run(std::slice::from_ref(&only), &[], words).expect_err("no harmless line").to_string();
        assert!(one_sided.ends_with("found 1 and 0"), "{one_sided}");
        std::fs::write(&only.file, "{\"text\":\"a\"}\n{\"label\":\"b\"}\n").expect("written");
        let faulty = run(&[only], &[], words).expect_err("a line without text").to_string();
        assert!(faulty.ends_with("only.jsonl:2: no `text`"), "{faulty}");
    }
}
