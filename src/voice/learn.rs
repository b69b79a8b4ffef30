//! A voice learned from approved posts: numbers alone, no sentence, no name, no run of words.
//!
//! Two questions are asked of a post. Does one feature lie far outside everything approved (robust z above 3.5 and
//! beyond the range)? That is a note. Do its features together fit the many writers of the language better than this
//! one (the sum of log ratios of the bins' shares)? Above the limit, and with two features to show for it, that is a
//! warning. The limit is set by leaving each approved post out in turn, so that for posts of the same hand at most one
//! in twenty is reported (conformal prediction: with k approved posts above the limit, a new one lies above it with
//! probability at most (k + 1) / (n + 1)).
//!
//! Measured by `draftlint learn --measure DIR` (JSON lines with `source`, `author_role`, `genre`) on 20 voices of 66 to 149
//! posts: own unseen posts 3.4 % (3.9 % at most), posts of others or of another channel 50 % on average, 8 to 94 % by
//! voice. Logistic regression against the background, clipped or weighted ratios and other priors were tried: none told
//! writers of one kind of text apart better (47 to 53 %).

use super::features::{Backgrounds, COUNT, FAMILIAR, FEATURES, POLITE, Vector};
use crate::date::Date;
use crate::finding::Language;
use crate::settings_file::{Place, SettingsErrors};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Below so many posts nothing is said.
pub const MIN_DESCRIBED: usize = 8;
/// From so many posts and [`MIN_WORDS`] on deviations are reported.
pub const MIN_POSTS: usize = 20;
/// From so many words of a language on deviations are reported.
pub const MIN_WORDS: usize = 1_500;
/// The share of own posts that may be reported: a little under the one in twenty that is promised, which chance may add to.
const FALSE_ALARMS: f64 = 0.04;
/// Robust distances above are far.
const FAR: f64 = 3.5;
/// So many posts are left out in turn, at most.
const MAX_LEFT_OUT: usize = 400;
/// How much the background counts beside the own posts, in posts.
const PRIOR: f64 = 3.0;
/// A feature counts as evidence when the own posts lie so much rarer in its bin than those of all writers.
const RARER: f64 = 2.0;
/// The share of approved posts that break a rule from which turning it off is proposed.
pub const SUGGEST_OFF: f64 = 0.2;

/// One feature over the approved posts of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stats {
    median: f64,
    mad: f64,
    floor: f64,
    min: f64,
    max: f64,
    /// Nine in ten posts lie between these.
    low: f64,
    high: f64,
    /// Posts in each bin of the language's background.
    counts: Vec<u32>,
}

/// Posts of one language and channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The language.
    pub language: String,
    /// The channel; `any` for all posts of the language.
    pub channel: String,
    /// How many posts.
    pub posts: usize,
    /// Their words.
    pub words: usize,
    /// Whether deviations are reported.
    pub reports: bool,
    /// Above, a post is reported; none while the cell only describes.
    limit: Option<f64>,
    /// The share of approved posts that the rest of them would report.
    pub self_reported: f64,
    /// The share that one feature would set apart.
    pub self_noted: f64,
    /// By how much distances were widened, where that share was too high.
    pub widened: f64,
    /// Posts with the polite, the familiar form of address.
    address: BTreeMap<String, usize>,
    /// Rules that at least a fifth of the approved posts break.
    pub suggest_off: Vec<String>,
    /// The share of posts that break a rule; left out of the file when none does.
    #[serde(default)]
    pub broken: BTreeMap<String, f64>,
    features: BTreeMap<String, Stats>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: u32,
    written: String,
    version: String,
    inputs: usize,
    inputs_hash: String,
    background: String,
    cell: Vec<Cell>,
}

/// A learned voice.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// Where it was read.
    pub file: PathBuf,
    /// By language and channel.
    pub cells: Vec<Cell>,
}

/// An approved post, counted.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its language.
    pub language: Language,
    /// Its channel, where it names one.
    pub channel: Option<String>,
    /// Its features.
    pub features: Vector,
    /// Rules that it breaks at warning or above.
    pub broken: Vec<String>,
}

/// One feature of a post that stands out.
#[derive(Clone, Debug, PartialEq)]
pub struct Oddity {
    /// Its place in [`FEATURES`].
    pub feature: usize,
    /// Its value.
    pub value: f64,
    /// Where the approved posts lie.
    pub range: (f64, f64),
    /// Whether it lies outside all of them.
    pub beyond_all: bool,
    weight: f64,
}

/// In what a post differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// What stands out, the most telling first.
    pub oddities: Vec<Oddity>,
    /// Two features or more, and more than the approved posts differ among themselves.
    pub grave: bool,
    /// How many approved posts it was compared with.
    pub posts: usize,
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (share * (sorted.len() - 1) as f64).round() as usize;
    sorted[at.min(sorted.len() - 1)]
}

fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    if n % 2 == 1 { sorted[n / 2] } else { (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0 }
}

/// To two decimals, as files hold them.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The statistics of a set of posts, quick enough to be made for every post left out.
struct Model {
    stats: Vec<Stats>,
    posts: usize,
}

impl Model {
    fn new(language: Language, posts: &[&Vector]) -> Self {
        let backgrounds = Backgrounds::shipped().of(language);
        let stats = (0..COUNT)
            .map(|i| {
                let mut values: Vec<f64> = posts.iter().map(|p| p[i]).collect();
                values.sort_by(f64::total_cmp);
                let middle = median(&values);
                let mut distances: Vec<f64> = values.iter().map(|v| (v - middle).abs()).collect();
                distances.sort_by(f64::total_cmp);
                let mut counts = vec![0; backgrounds.get(i).map_or(0, |b| b.shares.len())];
                if let Some(background) = backgrounds.get(i) {
                    for value in &values {
                        counts[background.bin(*value)] += 1;
                    }
                }
                Stats {
                    median: rounded(middle),
                    mad: rounded(median(&distances)),
                    floor: FEATURES[i].floor,
                    min: values[0],
                    max: values[values.len() - 1],
                    low: quantile(&values, 0.05),
                    high: quantile(&values, 0.95),
                    counts,
                }
            })
            .collect();
        Self { stats, posts: posts.len() }
    }

    fn of(cell: &Cell) -> Option<Self> {
        let stats = FEATURES.iter().map(|f| cell.features.get(f.name).cloned()).collect::<Option<Vec<_>>>()?;
        Some(Self { stats, posts: cell.posts })
    }

    /// How much better the post fits all writers than these posts, and what stands out.
    fn judge(&self, language: Language, post: &Vector, widened: f64) -> (f64, Vec<Oddity>) {
        let backgrounds = Backgrounds::shipped().of(language);
        let n = self.posts as f64;
        let (mut score, mut oddities) = (0.0, Vec::new());
        for (i, stats) in self.stats.iter().enumerate() {
            let value = post[i];
            let beyond_all = value < stats.min || value > stats.max;
            let spread = (1.4826 * stats.mad).max(stats.floor) * widened;
            let far = beyond_all && (value - stats.median).abs() > FAR * spread;
            let mut weight =
                backgrounds.get(i).filter(|b| stats.counts.len() == b.shares.len()).map_or(0.0, |background| {
                    let bin = background.bin(value);
                    let (all, own) = (background.shares[bin], f64::from(stats.counts[bin]));
                    (all * (n + PRIOR) / (own + PRIOR * all)).ln()
                });
            if far {
                weight = weight.max((n + 1.0).ln() / 2.0);
            }
            score += weight;
            if far || weight > RARER.ln() {
                let range = if far { (stats.min, stats.max) } else { (stats.low, stats.high) };
                // a value inside the usual range proves nothing to a reader
                if value < range.0 || value > range.1 {
                    oddities.push(Oddity { feature: i, value, range, beyond_all: far, weight });
                }
            }
        }
        oddities.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        (score, oddities)
    }
}

/// How an approved post looks to a voice learned from the others.
struct LeftOut {
    score: f64,
    oddities: usize,
    /// Whether one feature lies far outside all others.
    far: bool,
}

impl LeftOut {
    fn new(score: f64, oddities: &[Oddity]) -> Self {
        Self { score, oddities: oddities.len(), far: oddities.iter().any(|o| o.beyond_all) }
    }

    fn is_grave(&self, limit: f64) -> bool {
        self.score > limit && self.oddities >= 2
    }
}

/// The limit that so few of the posts lie above that a new one of the same hand does at most one time in twenty.
fn limit(left_out: &[LeftOut]) -> f64 {
    // a post without two features to show for it is never reported, whatever its sum
    let counted = |l: &LeftOut| if l.oddities >= 2 { l.score } else { f64::NEG_INFINITY };
    let mut sorted: Vec<f64> = left_out.iter().map(counted).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    // of 20 posts none may lie above, though one in 21 is more than is asked for
    let above = ((FALSE_ALARMS * (sorted.len() + 1) as f64).floor() as usize).max(1);
    sorted.get(above - 1).copied().filter(|l| l.is_finite()).unwrap_or(0.0).max(0.0)
}

/// What was set by leaving posts out in turn.
struct Fitted {
    limit: f64,
    widened: f64,
    /// The share of posts reported by a warning, by a note.
    grave: f64,
    far: f64,
}

/// Judges posts by the others; of long lists every second, third … is judged, which is enough for a limit. Distances
/// are widened until at most one post in twenty lies far out in some feature.
fn fit(language: Language, posts: &[&Vector]) -> Fitted {
    let step = posts.len().div_ceil(MAX_LEFT_OUT).max(1);
    let models: Vec<(usize, Model)> = (0..posts.len())
        .step_by(step)
        .map(|i| {
            let others: Vec<&Vector> = posts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, p)| *p).collect();
            (i, Model::new(language, &others))
        })
        .collect();
    let mut widened = 1.0;
    loop {
        let judged = models.iter().map(|(i, model)| model.judge(language, posts[*i], widened));
        let left_out: Vec<LeftOut> = judged.map(|(score, oddities)| LeftOut::new(score, &oddities)).collect();
        let share = |wanted: &dyn Fn(&LeftOut) -> bool| {
            left_out.iter().filter(|l| wanted(l)).count() as f64 / left_out.len().max(1) as f64
        };
        let limit = limit(&left_out);
        let far = share(&|l| l.far);
        if far <= 0.05 || widened > 6.0 {
            return Fitted { limit, widened, grave: share(&|l| l.is_grave(limit)), far };
        }
        widened *= 1.25;
    }
}

/// The share of posts that would be reported if they were new, by a warning and by a warning or note: each is judged by
/// a voice learned from the others, its limit included.
pub fn unseen_rates(language: Language, posts: &[&Vector]) -> (f64, f64) {
    let (mut grave, mut any) = (0, 0);
    for (i, post) in posts.iter().enumerate() {
        let others: Vec<&Vector> = posts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, p)| *p).collect();
        let fitted = fit(language, &others);
        let (score, oddities) = Model::new(language, &others).judge(language, post, fitted.widened);
        let judged = LeftOut::new(score, &oddities);
        grave += usize::from(judged.is_grave(fitted.limit));
        any += usize::from(judged.is_grave(fitted.limit) || judged.far);
    }
    let n = posts.len().max(1) as f64;
    (grave as f64 / n, any as f64 / n)
}

impl Cell {
    fn new(language: Language, channel: &str, posts: &[&Post], min_posts: usize) -> Self {
        let vectors: Vec<&Vector> = posts.iter().map(|p| &p.features).collect();
        let words = vectors.iter().map(|v| v[0]).sum::<f64>() as usize;
        let reports = posts.len() >= min_posts.max(MIN_DESCRIBED) && words >= MIN_WORDS;
        let fitted = fit(language, &vectors);
        let model = Model::new(language, &vectors);
        let features = FEATURES.iter().zip(model.stats).map(|(f, s)| (f.name.to_owned(), s)).collect();
        let count = |place: usize| vectors.iter().filter(|v| v[place] > 0.0).count();
        let mut broken: BTreeMap<String, f64> = BTreeMap::new();
        for rule in posts.iter().flat_map(|p| &p.broken) {
            *broken.entry(rule.clone()).or_default() += 1.0;
        }
        for share in broken.values_mut() {
            *share = (*share / posts.len() as f64 * 1_000.0).round() / 1_000.0;
        }
        Self {
            language: language.name().to_owned(),
            channel: channel.to_owned(),
            posts: posts.len(),
            words,
            reports,
            limit: reports.then_some((fitted.limit * 1_000.0).ceil() / 1_000.0),
            self_reported: (fitted.grave * 1_000.0).round() / 1_000.0,
            self_noted: (fitted.far * 1_000.0).round() / 1_000.0,
            widened: rounded(fitted.widened),
            address: BTreeMap::from([("polite".to_owned(), count(POLITE)), ("familiar".to_owned(), count(FAMILIAR))]),
            suggest_off: broken
                .iter()
                .filter(|(_, share)| **share >= SUGGEST_OFF)
                .map(|(rule, _)| rule.clone())
                .collect(),
            broken,
            features,
        }
    }
}

impl Learned {
    /// Learns from posts: each channel of a language with enough of them, and each language as a whole.
    pub fn learn(posts: &[Post], min_posts: usize, file: PathBuf) -> Self {
        let mut cells = Vec::new();
        for language in Language::KNOWN {
            let own: Vec<&Post> = posts.iter().filter(|p| p.language == language).collect();
            if own.len() < MIN_DESCRIBED {
                continue;
            }
            let mut channels: Vec<&str> = own.iter().filter_map(|p| p.channel.as_deref()).collect();
            channels.sort_unstable();
            channels.dedup();
            for channel in channels {
                let of: Vec<&Post> = own.iter().copied().filter(|p| p.channel.as_deref() == Some(channel)).collect();
                // a channel with few posts is judged with the language as a whole
                if of.len() >= min_posts.max(MIN_DESCRIBED) && of.len() < own.len() {
                    cells.push(Cell::new(language, channel, &of, min_posts));
                }
            }
            cells.push(Cell::new(language, "any", &own, min_posts));
        }
        Self { file, cells }
    }

    /// The cell that a post is judged by.
    fn cell(&self, language: Language, channel: Option<&str>) -> Option<&Cell> {
        let of = |channel: &str| {
            self.cells.iter().find(|c| c.reports && c.language == language.name() && c.channel == channel)
        };
        channel.and_then(of).or_else(|| of("any"))
    }

    /// In what a post differs from the approved ones; `None` where nothing stands out or too few were learned from.
    pub fn deviation(&self, language: Language, channel: Option<&str>, post: &Vector) -> Option<Deviation> {
        let cell = self.cell(language, channel)?;
        let (score, oddities) = Model::of(cell)?.judge(language, post, cell.widened);
        let grave = LeftOut::new(score, &oddities).is_grave(cell.limit?);
        let oddities: Vec<Oddity> =
            if grave { oddities } else { oddities.into_iter().filter(|o| o.beyond_all).collect() };
        (!oddities.is_empty()).then_some(Deviation { oddities, grave, posts: cell.posts })
    }

    /// The file's text.
    pub fn written(&self, inputs: usize, inputs_hash: String, day: Date) -> Result<String, toml::ser::Error> {
        let head = "# What draftlint counted over approved posts. No sentence, name or run of words is kept here.\n\
                    # Written by `draftlint learn`; the next run replaces it.\n";
        let file = Written {
            schema: 1,
            written: day.to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            inputs,
            inputs_hash,
            background: Backgrounds::shipped().version.clone(),
            cell: self.cells.clone(),
        };
        let mut out = head.to_owned();
        let plain = toml::to_string(&Written { cell: Vec::new(), ..file })?;
        out.push_str(plain.trim_end_matches("cell = []\n"));
        for cell in &self.cells {
            // one line a feature keeps the file readable in a diff
            let mut value = toml::Table::try_from(cell)?;
            value.remove("features");
            let _ = write!(out, "\n[[cell]]\n");
            let (mut tables, mut lines) = (String::new(), String::new());
            for (key, value) in &value {
                match value {
                    toml::Value::Table(table) if table.is_empty() => {}
                    toml::Value::Table(_) => {
                        let _ = write!(tables, "\n[cell.{key}]\n{}", toml::to_string(value)?);
                    }
                    _ => {
                        let _ = writeln!(lines, "{key} = {value}");
                    }
                }
            }
            out.push_str(&lines);
            out.push_str(&tables);
            out.push_str("\n[cell.features]\n");
            for feature in FEATURES {
                if let Some(s) = cell.features.get(feature.name) {
                    let n = |value: f64| toml::Value::Float(value);
                    let _ = writeln!(
                        out,
                        "{} = {{ median = {}, mad = {}, floor = {}, min = {}, max = {}, low = {}, high = {}, counts = {:?} }}",
                        feature.name,
                        n(s.median),
                        n(s.mad),
                        n(s.floor),
                        n(s.min),
                        n(s.max),
                        n(s.low),
                        n(s.high),
                        s.counts
                    );
                }
            }
        }
        Ok(out)
    }

    /// Reads a file that [`Learned::written`] made.
    pub fn read(path: &Path) -> Result<Self, SettingsErrors> {
        let shown = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(path)
            .map_err(|e| SettingsErrors::one(None, format!("{shown}: {}", crate::file::why(&e))))?;
        let written: Written = toml::from_str(&text).map_err(|e| {
            let place = Place::of(&shown, &text, e.span().map_or(0, |s| s.start));
            SettingsErrors::one(Some(place), e.message().lines().collect::<Vec<_>>().join("; "))
        })?;
        if written.schema != 1 || written.background != Backgrounds::shipped().version {
            let message = format!("{shown}: was written by another version of draftlint; run `draftlint learn` again");
            return Err(SettingsErrors::one(None, message));
        }
        Ok(Self { file: path.to_owned(), cells: written.cell })
    }
}

impl Deviation {
    /// The evidence in words: "emoji: 5, in 42 approved posts 0–1".
    pub fn words(&self, language: Language) -> String {
        let l = match language {
            Language::Fr => 1,
            Language::Nl => 2,
            Language::Ru => 3,
            Language::En | Language::Unknown => 0,
        };
        let number = |n: f64| {
            let text = if (n - n.round()).abs() < 0.05 { format!("{n:.0}") } else { format!("{n:.1}") };
            if l == 0 { text } else { text.replace('.', ",") }
        };
        let mut out = String::new();
        for (i, oddity) in self.oddities.iter().take(3).enumerate() {
            if i > 0 {
                out.push_str("; ");
            }
            let posts = match (i, l) {
                (0, 0) => format!("in {} approved posts", self.posts),
                (0, 1) => format!("dans {} textes approuvés", self.posts),
                (0, 2) => format!("in {} goedgekeurde berichten", self.posts),
                (0, _) => format!("в одобренных постах ({})", self.posts),
                (_, 0) => "there".to_owned(),
                (_, 1) => "là".to_owned(),
                (_, 2) => "daar".to_owned(),
                _ => "там".to_owned(),
            };
            let mostly =
                if oddity.beyond_all { "" } else { [" mostly", " le plus souvent", " meestal", " обычно"][l] };
            let colon = if l == 1 { "\u{a0}:" } else { ":" };
            let (low, high) = (number(oddity.range.0), number(oddity.range.1));
            let range = if low == high { low } else { format!("{low}–{high}") };
            let label = FEATURES[oddity.feature].label[l];
            let _ = write!(out, "{label}{colon} {}, {posts}{mostly} {range}", number(oddity.value));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts(n: usize) -> Vec<Post> {
        // a writer with an even hand: a little noise from a linear congruence
        let mut seed = 7u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 16) / 65_536.0
        };
        (0..n)
            .map(|_| {
                let mut features = [0.0; COUNT];
                for (i, value) in features.iter_mut().enumerate() {
                    *value = ((10.0 + i as f64 + 4.0 * noise()) * 100.0).round() / 100.0;
                }
                features[0] = 80.0 + (20.0 * noise()).round();
                features[12] = (noise() * 1.4).floor();
                Post { language: Language::En, channel: None, features, broken: Vec::new() }
            })
            .collect()
    }

    #[test]
    fn few_posts_say_nothing() {
        assert!(Learned::learn(&posts(7), MIN_POSTS, PathBuf::new()).cells.is_empty());
        let some = Learned::learn(&posts(12), MIN_POSTS, PathBuf::new());
        assert!(!some.cells[0].reports);
        assert_eq!(some.deviation(Language::En, None, &[900.0; COUNT]), None);
    }

    #[test]
    fn one_feature_is_a_note_and_the_words_show_it() {
        let learned = Learned::learn(&posts(42), MIN_POSTS, PathBuf::new());
        let mut post = posts(1)[0].features;
        post[12] = 9.0;
        let deviation = learned.deviation(Language::En, None, &post).expect("nine emoji");
        assert_eq!(deviation.oddities.iter().map(|o| FEATURES[o.feature].name).collect::<Vec<_>>(), ["emoji"]);
        assert!(!deviation.grave);
        assert_eq!(deviation.words(Language::En), "emoji: 9, in 42 approved posts 0–1");
        assert_eq!(deviation.words(Language::Fr), "emojis\u{a0}: 9, dans 42 textes approuvés 0–1");
    }

    #[test]
    fn the_limit_keeps_its_promise() {
        // with k scores above the limit a new one lies above it with probability (k + 1) / (n + 1)
        for n in [20usize, 39, 60, 100, 200] {
            let scores: Vec<LeftOut> = (0..n).map(|i| LeftOut { score: i as f64, oddities: 3, far: false }).collect();
            let limit = limit(&scores);
            let above = scores.iter().filter(|l| l.is_grave(limit)).count();
            assert!((above + 1) as f64 / (n + 1) as f64 <= 0.05, "{n}: {above} above");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let learned = Learned::learn(&posts(30), MIN_POSTS, PathBuf::new());
        let text =
            learned.written(30, "0123456789abcdef".to_owned(), Date { year: 2026, month: 11, day: 26 }).expect("TOML");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("voice.learned.toml");
        std::fs::write(&path, &text).expect("written");
        let read = Learned::read(&path).expect("read");
        assert_eq!(read.cells, learned.cells, "{text}");
        assert!(text.contains("\nemoji = {"), "{text}");
    }
}
