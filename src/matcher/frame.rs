//! Frames: slots in any order, filled as tightly as a clause or sentence lets them.

use super::asked::Asked;
use super::places::position;
use super::{MAX_STEPS, Match};

/// Looks for the tightest filling of a frame in each clause (or in the sentence).
pub(super) fn frame(asked: &Asked<'_, '_>, at: usize, matches: &mut Vec<Match>) {
    let words = &asked.lexis.frames[at..];
    let (entry, flags, reach, slots, optional) =
        (words[0], words[1], words[2] as usize, words[3] as usize, words[4] as usize);
    let record = |s: usize| (words[5 + 3 * s], words[6 + 3 * s], words[7 + 3 * s]);
    if !(0..slots).all(|s| asked.sees(record(s).0)) {
        return;
    }
    let mut from = 0;
    while from < asked.words.len() {
        let to = if flags & 1 != 0 { asked.words.len() } else { asked.clause(from, from + 1).1 };
        let fillings: Vec<Vec<(usize, usize)>> =
            (0..slots + optional).map(|s| stretches(asked, record(s).0, from, to)).collect();
        if fillings[..slots].iter().all(|f| !f.is_empty()) {
            let mut best: Option<(usize, Vec<(usize, usize)>)> = None;
            let mut chosen = Vec::with_capacity(slots);
            let mut steps = 0;
            fill(&fillings[..slots], flags & 2 != 0, reach, &mut chosen, &mut best, &mut steps);
            if let Some((_, chosen)) = best {
                let start = chosen.iter().map(|s| s.0).min().unwrap_or(from);
                let end = chosen.iter().map(|s| s.1).max().unwrap_or(to);
                let mut labels: Vec<(u32, u32, usize, usize)> =
                    chosen.iter().enumerate().map(|(s, (a, b))| (record(s).1, record(s).2, *a, *b)).collect();
                for s in slots..slots + optional {
                    if let Some((a, b)) = fillings[s].iter().find(|(a, b)| !chosen.iter().any(|(c, d)| a < d && c < b))
                    {
                        labels.push((record(s).1, record(s).2, *a, *b));
                    }
                }
                matches.push(Match { entry, start, end, slots: labels });
            }
        }
        from = to.max(from + 1);
    }
}

fn stretches(asked: &Asked<'_, '_>, symbol: u32, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let places = asked.positions(symbol);
    for i in (from..to).filter(|i| places & position(*i) != 0) {
        let len = asked.longest(i, symbol);
        if len > 0 && i + len <= to && out.len() < 12 && !out.iter().any(|(a, b)| *a <= i && i + len <= *b) {
            out.push((i, i + len));
        }
    }
    out
}

fn fill(
    fillings: &[Vec<(usize, usize)>],
    ordered: bool,
    reach: usize,
    chosen: &mut Vec<(usize, usize)>,
    best: &mut Option<(usize, Vec<(usize, usize)>)>,
    steps: &mut u32,
) {
    *steps += 1;
    if *steps > MAX_STEPS {
        return;
    }
    let extent = |chosen: &[(usize, usize)]| {
        let start = chosen.iter().map(|s| s.0).min().unwrap_or(0);
        let end = chosen.iter().map(|s| s.1).max().unwrap_or(0);
        end - start
    };
    if chosen.len() == fillings.len() {
        let width = extent(chosen);
        if best.as_ref().is_none_or(|(b, _)| width < *b) {
            *best = Some((width, chosen.clone()));
        }
        return;
    }
    for (a, b) in &fillings[chosen.len()] {
        if chosen.iter().any(|(c, d)| a < d && c < b) || (ordered && chosen.last().is_some_and(|(_, d)| a < d)) {
            continue;
        }
        chosen.push((*a, *b));
        if extent(chosen) <= reach {
            fill(fillings, ordered, reach, chosen, best, steps);
        }
        chosen.pop();
    }
}
