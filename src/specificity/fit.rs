//! Fits the weights of the specificity score from labelled JSON lines.
//!
//! A line holds `text` (or `plain`), `score` on any scale given by `scale` (default 1 to 5), and may hold `lang` and
//! `weight`. The method is ridge regression on standardised features, solved by Cholesky decomposition; the same lines
//! give the same weights.

use super::{Weights, feature_names};

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

/// Fits weights; `ridge` is the penalty per row of weight (0.003 ships). `None` when there are no rows.
pub fn fit(rows: &[Row], ridge: f64) -> Option<Weights> {
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
    Some(Weights { intercept, weights })
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

/// The weights as a file.
pub fn render(weights: &Weights, comment: &str) -> String {
    let mut out = String::new();
    for line in comment.lines() {
        out.push_str(&format!("# {line}\n"));
    }
    out.push_str(&format!("intercept\t{:.5}\n", weights.intercept));
    for (name, weight) in feature_names().iter().zip(&weights.weights) {
        out.push_str(&format!("{name}\t{weight:.5}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_truth_is_found() {
        let n = feature_names().len();
        let rows: Vec<Row> = (0..200)
            .map(|i| {
                let features: Vec<f64> =
                    (0..n).map(|j| f64::from((i * 7 + j as u32 * 13 + i * i * (j as u32 + 1)) % 11) / 11.0).collect();
                let target = 0.2 + 0.3 * features[2] - 0.1 * features[5];
                Row { features, target, weight: 1.0 }
            })
            .collect();
        let weights = fit(&rows, 1e-9).unwrap();
        for row in &rows {
            assert!((weights.score(&row.features) - row.target).abs() < 0.01);
        }
        let again = Weights::parse(&render(&weights, "test")).unwrap();
        assert!((again.intercept - weights.intercept).abs() < 1e-4);
    }

    #[test]
    fn faulty_files_name_the_line() {
        assert!(matches!(Weights::parse("intercept\tNaN"), Err(super::super::WeightsError::Number { line: 1, .. })));
        assert!(
            matches!(Weights::parse("# x\nshare-naem\t1"), Err(super::super::WeightsError::UnknownFeature { line: 2, near: Some(n), .. }) if n == "share-name")
        );
        assert!(matches!(Weights::parse("share-name 1"), Err(super::super::WeightsError::Shape(1))));
    }
}
