//! Fits the weights of a language's classifiers from labelled JSON lines.
//!
//! A line holds `text` and perhaps `lang` and `label`, the name of the model that ought to fire; a line without a label is
//! harmless. Each model is a logistic regression against the lines without its label, the two sides counting the same, with a
//! penalty on the squares of the weights; it is solved by L-BFGS (Liu and Nocedal 1989). Lines of another known label teach a
//! model nothing. The same lines give the same weights.

use crate::compiler::weights::{INTERCEPT, MAX_MODELS};
use crate::draft::Draft;
use crate::labelled::{self, LabelledError, Source};
use std::collections::{BTreeMap, BTreeSet};

/// How far weights may go, against the errors: the inverse of the penalty.
pub const REACH: f64 = 10.0;
/// A feature has a weight when so many lines hold it.
pub const MIN_LINES: usize = 3;
/// Weights nearer to zero than this are left out.
const SMALLEST: f64 = 0.05;
/// Steps of L-BFGS, and how many of them it remembers.
const STEPS: usize = 150;
const MEMORY: usize = 8;

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
    let labels: Vec<String> =
        lines.iter().filter_map(|line| line.label.clone()).collect::<BTreeSet<_>>().into_iter().collect();
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
    let rows: Vec<Vec<(usize, f64)>> = lines.iter().map(|line| row(line, &places)).collect();
    let models: Vec<Vec<f64>> = labels.iter().map(|label| model(label, &lines, &rows, known.len())).collect();

    let names = |sources: &[Source]| sources.iter().map(Source::shown).collect::<Vec<_>>().join(" ");
    let mut out = format!(
        "# Weights of classifiers, fitted by `draftlint fit --classifier` (logistic regression, reach {REACH}) on {own} lines of\n\
         # {}\n# and {} harmless lines of\n# {}\n",
        names(sources),
        lines.len() - own,
        names(beside)
    );
    out.push_str(&format!("feature\t{}\n", labels.join("\t")));
    let mut put = |feature: &str, at: usize| {
        let weights: Vec<f64> = models.iter().map(|model| model[at]).collect();
        if feature == INTERCEPT || weights.iter().any(|weight| weight.abs() >= SMALLEST) {
            let cells: Vec<String> = weights.iter().map(|weight| format!("{weight:.2}")).collect();
            out.push_str(&format!("{feature}\t{}\n", cells.join("\t")));
        }
    };
    put(INTERCEPT, known.len());
    for (at, feature) in known.iter().enumerate() {
        put(feature, at);
    }
    Ok(out)
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
fn row(line: &Line, places: &BTreeMap<&str, usize>) -> Vec<(usize, f64)> {
    let texts: f64 = line.features.iter().filter(|(f, _)| !is_symbol(f)).map(|(_, count)| count).sum();
    let length = super::length(texts);
    line.features.iter().filter_map(|(f, count)| Some((*places.get(f.as_str())?, count / length))).collect()
}

/// The weights of one model; the last one is its intercept.
fn model(label: &str, lines: &[Line], rows: &[Vec<(usize, f64)>], count: usize) -> Vec<f64> {
    // the side of each line, what it counts, and its features
    let mut of: Vec<(f64, f64, &Vec<(usize, f64)>)> = lines
        .iter()
        .zip(rows)
        .filter_map(|(line, row)| match &line.label {
            Some(own) if own == label => Some((1.0, line.weight, row)),
            Some(_) => None,
            None => Some((-1.0, line.weight, row)),
        })
        .collect();
    let total = |wanted: f64| of.iter().filter(|(side, ..)| *side == wanted).map(|(_, weight, _)| weight).sum::<f64>();
    let (positive, negative) = (total(1.0), total(-1.0));
    for (side, weight, _) in &mut of {
        *weight *= REACH * (positive + negative) / 2.0 / if *side > 0.0 { positive } else { negative };
    }
    minimise(count + 1, &mut |w: &[f64], gradient: &mut [f64]| {
        let mut loss = 0.0;
        for i in 0..count {
            loss += w[i] * w[i] / 2.0;
            gradient[i] = w[i];
        }
        gradient[count] = 0.0;
        for (side, weight, row) in &of {
            let score = w[count] + row.iter().map(|(i, x)| w[*i] * x).sum::<f64>();
            let margin = side * score;
            // log(1 + exp(-margin)), without overflow
            loss += weight * if margin > 0.0 { (-margin).exp().ln_1p() } else { margin.exp().ln_1p() - margin };
            let pull = -side * weight / (1.0 + margin.exp());
            for (i, x) in row.iter() {
                gradient[*i] += pull * x;
            }
            gradient[count] += pull;
        }
        loss
    })
}

/// L-BFGS with a line search that halves.
fn minimise(count: usize, loss_of: &mut dyn FnMut(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut at = vec![0.0; count];
    let mut gradient = vec![0.0; count];
    let mut loss = loss_of(&at, &mut gradient);
    let mut memory: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..STEPS {
        let mut direction = gradient.clone();
        let mut shares = Vec::new();
        for (step, turn, product) in memory.iter().rev() {
            let share = dot(step, &direction) / product;
            direction.iter_mut().zip(turn).for_each(|(d, t)| *d -= share * t);
            shares.push(share);
        }
        if let Some((_, turn, product)) = memory.last() {
            let scale = product / dot(turn, turn);
            direction.iter_mut().for_each(|d| *d *= scale);
        }
        for ((step, turn, product), share) in memory.iter().zip(shares.into_iter().rev()) {
            let back = share - dot(turn, &direction) / product;
            direction.iter_mut().zip(step).for_each(|(d, s)| *d += back * s);
        }
        let slope = -dot(&direction, &gradient);
        if slope >= 0.0 {
            break;
        }
        let mut length = if memory.is_empty() { 1.0 / dot(&gradient, &gradient).sqrt() } else { 1.0 };
        let mut next = vec![0.0; count];
        let mut next_gradient = vec![0.0; count];
        let next_loss = loop {
            next.iter_mut().zip(&at).zip(&direction).for_each(|((n, a), d)| *n = a - length * d);
            let next_loss = loss_of(&next, &mut next_gradient);
            if next_loss <= loss + 1e-4 * length * slope || length < 1e-10 {
                break next_loss;
            }
            length /= 2.0;
        };
        let step: Vec<f64> = next.iter().zip(&at).map(|(n, a)| n - a).collect();
        let turn: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(n, g)| n - g).collect();
        let product = dot(&step, &turn);
        let gained = loss - next_loss;
        (at, gradient, loss) = (next, next_gradient, next_loss);
        if gained <= 1e-7 * loss.abs() {
            break;
        }
        if product > 1e-12 {
            memory.push((step, turn, product));
            if memory.len() > MEMORY {
                memory.remove(0);
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_point_of_a_bowl_is_found() {
        let lowest = minimise(3, &mut |at, gradient| {
            let wanted = [3.0, -1.0, 0.5];
            let steep = [1.0, 40.0, 0.2];
            for i in 0..3 {
                gradient[i] = 2.0 * steep[i] * (at[i] - wanted[i]);
            }
            (0..3).map(|i| steep[i] * (at[i] - wanted[i]).powi(2)).sum()
        });
        for (found, wanted) in lowest.iter().zip([3.0, -1.0, 0.5]) {
            assert!((found - wanted).abs() < 1e-2, "{found} for {wanted}");
        }
    }

    #[test]
    fn a_word_of_one_side_gets_its_sign() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = |name: &str| Source { file: folder.path().join(name), weight: 1.0 };
        let file = source("lines.jsonl");
        let mut lines = String::new();
        for i in 0..8 {
            lines.push_str(&format!("{{\"text\":\"fools everywhere {i}\",\"label\":\"combative\"}}\n"));
            lines.push_str(&format!("{{\"text\":\"friends everywhere {i}\"}}\n"));
        }
        std::fs::write(&file.file, lines).expect("written");
        let words = &mut |draft: &Draft| draft.text.split(' ').map(str::to_owned).collect();
        let out = run(std::slice::from_ref(&file), &[], words).expect("fits");
        let weight = |word: &str| -> f64 {
            let line = out.lines().find(|l| l.starts_with(&format!("{word}\t"))).expect("a line");
            line.split('\t').nth(1).and_then(|cell| cell.parse().ok()).expect("a number")
        };
        assert!(weight("fools") > 0.5 && weight("friends") < -0.5, "{out}");
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
