//! Fits the weights of the specificity score from labelled JSON lines.
//!
//! A line's label is `score` on the scale 1 to 5 or that of `scale` (`[lowest, highest]`). The method is ridge regression on standardised features,
//! solved by Cholesky decomposition; the same lines give the same weights.

use super::{Weights, feature_names};
use crate::draft::Draft;
use crate::labelled::{self, LabelledError, Source};

/// The penalty for weights, per row of weight one: what the weights that ship were fitted with.
pub const RIDGE: f64 = 0.1;

/// Why nothing could be fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The lines cannot be read.
    #[error(transparent)]
    Lines(#[from] LabelledError),
    /// A penalty that is no positive number.
    #[error("`{0}`: the ridge is a positive number")]
    Ridge(f64),
    /// No labelled line at all.
    #[error("no labelled line to fit from")]
    Empty,
}

/// Fits weights from files and gives them as a weights file. `features` gives the features of a draft, none where a score
/// would say nothing (`Linter::specificity_features`); what a count is worth in each language is taken from `start`.
pub fn run(
    sources: &[Source],
    ridge: f64,
    start: &Weights,
    features: &mut dyn FnMut(&Draft) -> Vec<f64>,
) -> Result<String, FitError> {
    if !ridge.is_finite() || ridge <= 0.0 {
        return Err(FitError::Ridge(ridge));
    }
    let mut rows = Vec::new();
    let mut left_out = 0;
    labelled::read(sources, &mut |line| {
        let target = target(&line.value)?;
        let features = features(&line.draft);
        if features.is_empty() {
            left_out += 1;
        } else {
            rows.push(Row { features, target, weight: line.weight });
        }
        Ok(())
    })?;
    let weights = fit(&rows, ridge, start).ok_or(FitError::Empty)?;
    let from: Vec<String> = sources.iter().map(Source::shown).collect();
    let mut out = format!(
        "# Fitted by `draftlint fit`: ridge regression ({ridge}) on {} labelled texts.\n# {}\n",
        rows.len(),
        from.join(" ")
    );
    if left_out > 0 {
        out.push_str(&format!("# {left_out} more had no score: another language, or nothing but a quotation.\n"));
    }
    out.push_str(&weights.render());
    Ok(out)
}

/// The score of a line, 0 to 1.
fn target(value: &serde_json::Value) -> Result<f64, String> {
    let score = value["score"].as_f64().ok_or("no `score`")?;
    let (lowest, highest) = match &value["scale"] {
        serde_json::Value::Null => (1.0, 5.0),
        scale => match (scale[0].as_f64(), scale[1].as_f64()) {
            (Some(lowest), Some(highest)) if lowest < highest => (lowest, highest),
            _ => return Err("`scale` is a list of the lowest and the highest score".to_owned()),
        },
    };
    Ok(((score - lowest) / (highest - lowest)).clamp(0.0, 1.0))
}

/// A labelled draft: features, the wanted score (0 to 1), and how much it counts.
#[derive(Clone, Debug)]
pub struct Row {
    /// In the order of [`feature_names`].
    pub features: Vec<f64>,
    /// 0 to 1.
    pub target: f64,
    /// How much the row counts.
    pub weight: f64,
}

/// Fits weights; `ridge` is the penalty per row of weight one. `None` when there are no rows.
pub fn fit(rows: &[Row], ridge: f64, start: &Weights) -> Option<Weights> {
    let n = feature_names().len();
    let total: f64 = rows.iter().map(|r| r.weight).sum();
    if rows.is_empty() || total <= 0.0 {
        return None;
    }
    let mean = |value: &dyn Fn(&Row) -> f64| rows.iter().map(|r| r.weight * value(r)).sum::<f64>() / total;
    let means: Vec<f64> = (0..n).map(|i| mean(&|r| r.features[i])).collect();
    let deviations: Vec<f64> = (0..n).map(|i| mean(&|r| (r.features[i] - means[i]).powi(2)).sqrt()).collect();
    let target = mean(&|r| r.target);
    let standard =
        |r: &Row, i: usize| if deviations[i] > 1e-9 { (r.features[i] - means[i]) / deviations[i] } else { 0.0 };
    let mut matrix = vec![vec![0.0; n]; n];
    let mut right = vec![0.0; n];
    for row in rows {
        let x: Vec<f64> = (0..n).map(|i| standard(row, i)).collect();
        for i in 0..n {
            right[i] += row.weight * x[i] * (row.target - target);
            for j in 0..=i {
                matrix[i][j] += row.weight * x[i] * x[j];
            }
        }
    }
    for (i, line) in matrix.iter_mut().enumerate() {
        line[i] += ridge * total + 1e-9;
    }
    let solution = solve(matrix, right);
    let weights: Vec<f64> =
        (0..n).map(|i| if deviations[i] > 1e-9 { solution[i] / deviations[i] } else { 0.0 }).collect();
    let intercept = target - weights.iter().zip(&means).map(|(w, m)| w * m).sum::<f64>();
    Some(Weights { intercept, weights, ..start.clone() })
}

/// Solves a symmetric positive definite system given by its lower triangle.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = a[i][j] - (0..j).map(|k| a[i][k] * a[j][k]).sum::<f64>();
            a[i][j] = if i == j { sum.max(1e-12).sqrt() } else { sum / a[j][j] };
        }
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k][i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i][i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_truth_is_found() {
        let n = feature_names().len();
        let rows: Vec<Row> = (0..400)
            .map(|i: u32| {
                let features: Vec<f64> = (0..n)
                    .map(|j| {
                        f64::from(
                            (i.wrapping_mul(2_654_435_761) ^ (j as u32 + 1).wrapping_mul(40_503).wrapping_mul(i + 7))
                                >> 8
                                & 0xff,
                        ) / 255.0
                    })
                    .collect();
                let target = 0.2 + 0.3 * features[2] - 0.1 * features[5];
                Row { features, target, weight: 1.0 }
            })
            .collect();
        let weights = fit(&rows, 1e-9, &Weights::default()).unwrap();
        for row in &rows {
            assert!((weights.score(&row.features) - row.target).abs() < 0.01);
        }
        let again = Weights::parse(&weights.render()).unwrap();
        assert!((again.intercept - weights.intercept).abs() < 1e-4);
    }

    #[test]
    fn faulty_lines_are_named_without_their_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rated.jsonl");
        let mut none = |_: &Draft| vec![0.0; feature_names().len()];
        for (content, expected) in [
            ("{\"text\":\"secret\",\"score\":3}\n{secret\n", ":2: no JSON (column 2)"),
            ("{\"text\":\"secret\"}\n", ":1: no `score`"),
            ("\n{\"score\":3}\n", ":2: no `text`"),
            (
                "{\"text\":\"a\",\"score\":3,\"scale\":[5,1]}\n",
                ":1: `scale` is a list of the lowest and the highest score",
            ),
        ] {
            std::fs::write(&file, content).unwrap();
            let error = run(&[Source { file: file.clone(), weight: 1.0 }], RIDGE, &Weights::default(), &mut none)
                .unwrap_err()
                .to_string();
            assert!(error.ends_with(expected) && error.contains("rated.jsonl") && !error.contains("secret"), "{error}");
        }
        let absent =
            run(&[Source { file: folder.path().join("absent"), weight: 1.0 }], RIDGE, &Weights::default(), &mut none);
        assert!(matches!(absent, Err(FitError::Lines(LabelledError::Unreadable { .. }))));
        std::fs::write(&file, "").unwrap();
        assert!(matches!(
            run(&[Source { file, weight: 1.0 }], RIDGE, &Weights::default(), &mut none),
            Err(FitError::Empty)
        ));
        assert!(matches!(run(&[], -1.0, &Weights::default(), &mut none), Err(FitError::Ridge(_))));
    }

    #[test]
    fn the_same_lines_give_the_same_weights() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rated.jsonl");
        std::fs::write(&file, "{\"text\":\"a\",\"score\":1}\n{\"text\":\"abc\",\"score\":5}\n").unwrap();
        let mut length = |d: &Draft| {
            let mut features = vec![0.0; feature_names().len()];
            features[0] = d.text.len() as f64;
            features
        };
        let sources = [Source { file, weight: 2.0 }];
        let first = run(&sources, RIDGE, &Weights::default(), &mut length).unwrap();
        assert_eq!(first, run(&sources, RIDGE, &Weights::default(), &mut length).unwrap());
        assert!(
            first.starts_with(
                "# Fitted by `draftlint fit`: ridge regression (0.1) on 2 labelled texts.\n# rated.jsonl:2\nintercept\t"
            ),
            "{first}"
        );
    }
}
