//! Posts that went out before, kept as hashes of runs of five characters, to tell a near-copy.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Characters of a run.
const RUN: usize = 5;
/// Characters of a stretch of a draft that is looked up as a whole.
const STRETCH: usize = 600;
/// The share of runs in common above which a text repeats another.
const COPY: f64 = 0.6;
/// A shorter text repeats others by chance.
const MIN_CHARACTERS: usize = 80;

/// One window of an earlier post: twice as long as a stretch, so that some window holds any stretch whole.
struct Window {
    post: u32,
    runs: HashSet<u32>,
}

/// Earlier posts.
#[derive(Default)]
pub struct Earlier {
    posts: Vec<(PathBuf, Option<PathBuf>)>,
    windows: Vec<Window>,
    /// A fourth of all runs, and the windows that hold them: enough to find candidates.
    index: HashMap<u32, Vec<u32>>,
}

/// The post that a draft repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// Its file's name.
    pub name: String,
    /// The share of the draft's runs that it holds.
    pub overlap: f64,
}

/// Letters and digits in lower case, one space between words.
fn normal(text: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase().map(|c| if c == 'ё' { 'е' } else { c }));
        } else if out.last().is_some_and(|last| *last != ' ') {
            out.push(' ');
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out
}

fn runs(text: &[char]) -> HashSet<u32> {
    let hash = |run: &[char]| {
        run.iter().fold(0x811c_9dc5u32, |h, c| (h ^ *c as u32).wrapping_mul(0x0100_0193)).wrapping_mul(0x9e37_79b1)
    };
    text.windows(RUN).map(hash).collect()
}

fn is_sampled(run: u32) -> bool {
    run >> 30 == 0
}

impl Earlier {
    /// Adds a post.
    pub fn add(&mut self, path: &Path, text: &str) {
        let text = normal(text);
        if text.len() < RUN {
            return;
        }
        let post = self.posts.len() as u32;
        self.posts.push((path.to_owned(), path.canonicalize().ok()));
        let mut at = 0;
        loop {
            let end = (at + 2 * STRETCH).min(text.len());
            let window = self.windows.len() as u32;
            let runs = runs(&text[at..end]);
            for run in runs.iter().filter(|r| is_sampled(**r)) {
                self.index.entry(*run).or_default().push(window);
            }
            self.windows.push(Window { post, runs });
            if end == text.len() {
                break;
            }
            at += STRETCH;
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// The earlier post that a draft repeats; a file is no copy of itself.
    pub fn repeated(&self, name: &str, text: &str) -> Option<Copy> {
        let text = normal(text);
        if text.len() < MIN_CHARACTERS {
            return None;
        }
        let own = Path::new(name).canonicalize().ok();
        // the last stretch takes the rest, so that none is too short to judge
        let count = (text.len() / STRETCH).max(1);
        let mut copied: HashMap<u32, f64> = HashMap::new();
        for n in 0..count {
            let end = if n + 1 == count { text.len().min((n + 2) * STRETCH) } else { (n + 1) * STRETCH };
            let runs = runs(&text[n * STRETCH..end]);
            let mut best: HashMap<u32, f64> = HashMap::new();
            for (window, _) in self.candidates(&runs) {
                let window = &self.windows[window as usize];
                if own.is_some() && self.posts[window.post as usize].1 == own {
                    continue;
                }
                let overlap = runs.iter().filter(|r| window.runs.contains(r)).count() as f64 / runs.len() as f64;
                let known = best.entry(window.post).or_default();
                *known = known.max(overlap);
            }
            for (post, overlap) in best.into_iter().filter(|(_, o)| *o > COPY) {
                *copied.entry(post).or_default() += overlap / count as f64;
            }
        }
        let (post, overlap) = copied.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let name =
            self.posts[post as usize].0.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        (overlap > COPY).then_some(Copy { name, overlap })
    }

    /// Windows that may hold more than half of the runs.
    fn candidates(&self, runs: &HashSet<u32>) -> Vec<(u32, usize)> {
        let sampled: Vec<u32> = runs.iter().copied().filter(|r| is_sampled(*r)).collect();
        let mut hits: HashMap<u32, usize> = HashMap::new();
        for run in &sampled {
            for window in self.index.get(run).into_iter().flatten() {
                *hits.entry(*window).or_default() += 1;
            }
        }
        hits.into_iter().filter(|(_, n)| n * 5 >= sampled.len() * 2).collect()
    }
}

impl std::fmt::Debug for Earlier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Earlier({} posts)", self.posts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: &str = "From 2 May, repairs under 50 euros need no appointment in any of our 31 shops. Bring the bike and the bill; the first check takes ten minutes. If a part is missing, we order it while you wait, and you pay when it is in.";

    fn lines(numbers: std::ops::Range<usize>) -> String {
        let town = |i: usize| ["Ghent", "Mons", "Namur"][i % 3];
        let line = |i| format!("Line {i} tells of order {} and of shop {} in {}. ", i * 7, i % 31, town(i));
        numbers.map(line).collect()
    }

    fn earlier() -> Earlier {
        let mut earlier = Earlier::default();
        earlier.add(Path::new("posts/may.md"), POST);
        earlier.add(Path::new("posts/лето.md"), "Летнее расписание вы найдёте на главной странице: склад открыт с семи до девятнадцати, по субботам до полудня, звонить лучше с утра.");
        let long = lines(0..400);
        earlier.add(Path::new("posts/long.md"), &long);
        earlier
    }

    #[test]
    fn a_copy_with_a_few_words_changed() {
        let copy = earlier()
            .repeated("draft.md", &POST.replace("2 May", "4 June").replace("ten minutes", "a quarter of an hour"))
            .expect("a copy");
        assert_eq!(copy.name, "may.md");
        assert!(copy.overlap > 0.8, "{copy:?}");
        let russian = "Летнее расписание вы найдете на главной странице! Склад открыт с семи до девятнадцати, по субботам до полудня; звонить лучше вечером.";
        assert_eq!(earlier().repeated("d", russian).map(|c| c.name).as_deref(), Some("лето.md"));
    }

    #[test]
    fn a_new_text_on_the_same_matter() {
        let earlier = earlier();
        for text in [
            "Since May we have repaired 1,140 bikes without an appointment. The queue at the shop in Mons was the longest: 25 minutes on Saturdays. From June two more mechanics work there on weekends.",
            "Склад в Генте открыт по субботам. За месяц пришли 140 клиентов, больше всего утром; поэтому с июля добавим вторую смену и отдельный вход для тех, кто забирает заказ.",
            "Bring the bike.",
        ] {
            assert_eq!(earlier.repeated("d", text), None, "{text}");
        }
    }

    #[test]
    fn a_stretch_out_of_a_long_text() {
        let long = lines(100..160);
        assert_eq!(earlier().repeated("d", &long).map(|c| c.name).as_deref(), Some("long.md"));
    }
}
