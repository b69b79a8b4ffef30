//! Trains the network of a language: one layer of hidden units between the features of a line and the models.
//!
//! Rectified units (Glorot, Bordes and Bengio 2011), a logistic loss for each model, Adam (Kingma and Ba 2015) over small
//! batches with a rate that falls to zero, dropout (Srivastava et al. 2014) of features and of units. The numbers below were
//! chosen on lines of a writer whom the network had not seen, by how much it found where one harmless line in a hundred and one
//! sentence of blogs in a thousand were called wrongly. The same lines give the same network.

/// Networks that are trained apart and answer together: what one learned by chance the other did not.
const NETWORKS: usize = 2;
/// Hidden units of one.
const UNITS: usize = 64;
/// Hidden units of all.
pub const ALL_UNITS: usize = NETWORKS * UNITS;
/// How often every line is seen.
const EPOCHS: usize = 20;
/// Lines of a batch.
const BATCH: usize = 128;
/// The rate of the first step.
const RATE: f32 = 2e-3;
/// Adam's memory of gradients and of their squares.
const MEMORY: f32 = 0.9;
const SQUARES: f32 = 0.999;
/// The share of features, and of units, that a line is seen without.
const DROPPED_FEATURES: f32 = 0.2;
const DROPPED_UNITS: f32 = 0.3;
/// How far from zero features and units start. So near to zero the network finds what lines share before it learns them by
/// heart; from 0.3 on it does not.
const START: f32 = 0.03;
const START_OUT: f32 = 0.3;
/// How far the two sides of a model are brought to the same weight: not at all (0), or all the way (1).
const BALANCE: f64 = 0.5;

/// A line: its features with their counts by length, and the model that ought to fire.
pub struct Example {
    /// Places of features and what they count.
    pub features: Vec<(usize, f32)>,
    /// The model; none for a harmless line. Lines of one model teach the others nothing.
    pub model: Option<usize>,
    /// How much it counts.
    pub weight: f64,
}

/// What was learned.
pub struct Network {
    /// How each feature bears on each unit: a row of units for each feature.
    pub rows: Vec<f32>,
    /// Of each unit.
    pub biases: Vec<f32>,
    /// The weight of each unit in each model: a row of models for each unit.
    pub out: Vec<f32>,
    /// Of each model.
    pub intercepts: Vec<f32>,
}

/// Numbers that look random and are always the same (SplitMix64, Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// From 0 to 1.
    fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Evenly spread around zero with that standard deviation.
    fn around_zero(&mut self, deviation: f32) -> f32 {
        (self.share() * 2.0 - 1.0) * deviation * 3f32.sqrt()
    }

    fn shuffle(&mut self, of: &mut [usize]) {
        for i in (1..of.len()).rev() {
            of.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

/// Numbers that are learned, with what Adam remembers of them.
struct Learned {
    values: Vec<f32>,
    gradient: Vec<f32>,
    mean: Vec<f32>,
    square: Vec<f32>,
}

impl Learned {
    fn new(values: Vec<f32>) -> Self {
        let zeros = vec![0.0; values.len()];
        Self { values, gradient: zeros.clone(), mean: zeros.clone(), square: zeros }
    }

    /// A step down the gradient of the places `of`, which is then forgotten.
    fn step(&mut self, of: std::ops::Range<usize>, rate: f32) {
        let Self { values, gradient, mean, square } = self;
        let all = values[of.clone()].iter_mut().zip(&mut gradient[of.clone()]);
        for ((value, slope), (mean, square)) in all.zip(mean[of.clone()].iter_mut().zip(&mut square[of])) {
            *mean = *mean * MEMORY + *slope * (1.0 - MEMORY);
            *square = *square * SQUARES + *slope * *slope * (1.0 - SQUARES);
            *value -= rate * *mean / (square.sqrt() + 1e-8);
            *slope = 0.0;
        }
    }
}

/// Learns from examples with `features` features for `models` models; the network has [`ALL_UNITS`] units.
pub fn train(examples: &[Example], features: usize, models: usize) -> Network {
    let networks: Vec<Network> =
        (1..=NETWORKS as u64).map(|seed| train_one(examples, features, models, seed)).collect();
    let share = |numbers: &[f32]| numbers.iter().map(|n| n / NETWORKS as f32).collect::<Vec<f32>>();
    let row = |at: usize| networks.iter().flat_map(move |network| &network.rows[at * UNITS..][..UNITS]);
    let intercept = |model: usize| networks.iter().map(|network| network.intercepts[model]).sum::<f32>();
    Network {
        rows: (0..features).flat_map(row).copied().collect(),
        biases: networks.iter().flat_map(|network| network.biases.clone()).collect(),
        out: networks.iter().flat_map(|network| share(&network.out)).collect(),
        intercepts: share(&(0..models).map(intercept).collect::<Vec<f32>>()),
    }
}

fn train_one(examples: &[Example], features: usize, models: usize, seed: u64) -> Network {
    let mut training = Training::new(examples, features, models, seed);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let steps = EPOCHS * examples.len().div_ceil(BATCH);
    let (mut done, mut mean_left, mut square_left) = (0, 1.0f32, 1.0f32);
    for _ in 0..EPOCHS {
        training.random.shuffle(&mut order);
        for batch in order.chunks(BATCH) {
            for at in batch {
                training.see(&examples[*at], batch.len() as f32);
            }
            (mean_left, square_left) = (mean_left * MEMORY, square_left * SQUARES);
            let falling = 1.0 - done as f32 / steps as f32;
            training.step(RATE * falling * (1.0 - square_left).sqrt() / (1.0 - mean_left));
            done += 1;
        }
    }
    let Training { rows, biases, out, intercepts, .. } = training;
    Network { rows: rows.values, biases: biases.values, out: out.values, intercepts: intercepts.values }
}

/// A network that is being trained.
struct Training {
    random: Random,
    rows: Learned,
    out: Learned,
    biases: Learned,
    intercepts: Learned,
    /// What a harmless line, and one that ought to fire, count in each model.
    pulls: Vec<[f32; 2]>,
    /// Features of the batch at hand: only their rows have a gradient.
    touched: Vec<usize>,
    is_touched: Vec<bool>,
}

impl Training {
    fn new(examples: &[Example], features: usize, models: usize, seed: u64) -> Self {
        let mut random = Random(seed);
        let mut start =
            |count: usize, deviation: f32| Learned::new((0..count).map(|_| random.around_zero(deviation)).collect());
        let (rows, out) = (start(features * UNITS, START), start(UNITS * models, START_OUT));
        Self {
            random,
            rows,
            out,
            biases: Learned::new(vec![0.0; UNITS]),
            intercepts: Learned::new(vec![0.0; models]),
            pulls: pulls(examples, models),
            touched: Vec::new(),
            is_touched: vec![false; features],
        }
    }

    /// Adds what a line of a batch teaches to the gradients.
    fn see(&mut self, example: &Example, batch: f32) {
        let models = self.pulls.len();
        let seen: Vec<(usize, f32)> = example
            .features
            .iter()
            .filter(|_| self.random.share() >= DROPPED_FEATURES)
            .map(|(at, count)| (*at, count / (1.0 - DROPPED_FEATURES)))
            .collect();
        let mut borne = [0.0f32; UNITS];
        borne.copy_from_slice(&self.biases.values);
        for (at, count) in &seen {
            let row = &self.rows.values[at * UNITS..][..UNITS];
            borne.iter_mut().zip(row).for_each(|(sum, level)| *sum += count * level);
        }
        // by how much a unit counts: nothing when it was dropped or nothing bears on it
        let open = borne.map(|sum| {
            let stays = self.random.share() >= DROPPED_UNITS;
            if stays && sum > 0.0 { 1.0 / (1.0 - DROPPED_UNITS) } else { 0.0 }
        });
        let fires = usize::from(example.model.is_some());
        let mut back = [0.0f32; UNITS];
        for model in (0..models).filter(|model| example.model.is_none_or(|own| own == *model)) {
            let Learned { values, gradient, .. } = &mut self.out;
            let score = self.intercepts.values[model]
                + (0..UNITS).map(|u| borne[u] * open[u] * values[u * models + model]).sum::<f32>();
            let pull = self.pulls[model][fires] * example.weight as f32;
            let slope = (1.0 / (1.0 + (-score).exp()) - fires as f32) * pull / batch;
            for u in 0..UNITS {
                back[u] += values[u * models + model] * slope;
                gradient[u * models + model] += borne[u] * open[u] * slope;
            }
            self.intercepts.gradient[model] += slope;
        }
        back.iter_mut().zip(open).for_each(|(slope, open)| *slope *= open);
        self.biases.gradient.iter_mut().zip(back).for_each(|(sum, slope)| *sum += slope);
        for (at, count) in seen {
            if !std::mem::replace(&mut self.is_touched[at], true) {
                self.touched.push(at);
            }
            let row = &mut self.rows.gradient[at * UNITS..][..UNITS];
            row.iter_mut().zip(back).for_each(|(sum, slope)| *sum += count * slope);
        }
    }

    /// A step down all gradients.
    fn step(&mut self, rate: f32) {
        for at in self.touched.drain(..) {
            self.is_touched[at] = false;
            self.rows.step(at * UNITS..(at + 1) * UNITS, rate);
        }
        for learned in [&mut self.out, &mut self.biases, &mut self.intercepts] {
            learned.step(0..learned.values.len(), rate);
        }
    }
}

/// What a harmless line, and one that ought to fire, count in each model.
fn pulls(examples: &[Example], models: usize) -> Vec<[f32; 2]> {
    let total = |wanted: Option<usize>| examples.iter().filter(|e| e.model == wanted).map(|e| e.weight).sum::<f64>();
    let harmless = total(None);
    let raw: Vec<[f64; 2]> = (0..models)
        .map(|model| {
            let firing = total(Some(model));
            let half = (harmless + firing) / 2.0;
            [(half / harmless).powf(BALANCE), (half / firing).powf(BALANCE)]
        })
        .collect();
    // so that the rate means the same whatever the sides weigh: what all lines count is one on average
    let counted: f64 = (0..models).map(|m| harmless * raw[m][0] + total(Some(m)) * raw[m][1]).sum();
    let lines: f64 = (0..models).map(|m| harmless + total(Some(m))).sum();
    raw.into_iter().map(|pull| pull.map(|p| (p * lines / counted) as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two words of which only both together ought to fire: what no sum of weights can tell.
    #[test]
    fn it_learns_what_is_no_sum() {
        let example = |features: &[usize], fires: bool| Example {
            features: features.iter().map(|at| (*at, 1.0)).collect(),
            model: fires.then_some(0),
            weight: 1.0,
        };
        let examples: Vec<Example> = (0..2_000)
            .flat_map(|_| [example(&[0], true), example(&[1], true), example(&[0, 1], false), example(&[], false)])
            .collect();
        let network = train(&examples, 2, 1);
        let score = |features: &[usize]| {
            let unit = |u: usize| {
                let sum = network.biases[u] + features.iter().map(|at| network.rows[at * ALL_UNITS + u]).sum::<f32>();
                sum.max(0.0) * network.out[u]
            };
            network.intercepts[0] + (0..ALL_UNITS).map(unit).sum::<f32>()
        };
        assert!(score(&[0]) > 0.0 && score(&[1]) > 0.0, "{} {}", score(&[0]), score(&[1]));
        assert!(score(&[0, 1]) < 0.0 && score(&[]) < 0.0, "{} {}", score(&[0, 1]), score(&[]));
    }
}
