//! Whether two language versions of a post say the same: numbers, dates, times, names, links, disclaimers.
//!
//! Values are compared, not spellings: `1,200.5` in English, `1 200,5` in French and Russian, `1.200,5` in Dutch are one
//! number, `12 March` and `12 марта` one day. A value must have a counterpart; how often it is named does not matter.

mod facts;
mod names;
mod number;

pub use facts::{Fact, Kind, Value, collect};

/// One language version, read.
pub struct Version {
    /// What it states, in order.
    pub facts: Vec<Fact>,
    /// Number words: they answer a figure, but ask for none.
    soft: Vec<Value>,
    /// Every word, for names that stand where any word has a capital.
    words: names::Words,
}

/// One difference: what one version states and the other does not, or states otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub kind: Kind,
    /// In the first version.
    pub a: Side,
    /// In the second version.
    pub b: Side,
}

/// One version's part in a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The line (from 1): of the fact, or of where it would be expected.
    pub line: usize,
    /// The words of the fact; none where it is missing.
    pub words: Option<String>,
}

/// So many places a counterpart may stand before or after where it is expected.
const SLACK: usize = 3;

/// What differs, in the order of the first version; what only the second states comes at its place.
pub fn compare(a: &Version, b: &Version) -> Vec<Difference> {
    let mut partner_of_a: Vec<Option<usize>> = vec![None; a.facts.len()];
    let mut partner_of_b: Vec<Option<usize>> = vec![None; b.facts.len()];
    for (i, fact) in a.facts.iter().enumerate() {
        if let Some(j) =
            b.facts.iter().enumerate().position(|(j, other)| partner_of_b[j].is_none() && fact.agrees(other))
        {
            partner_of_a[i] = Some(j);
            partner_of_b[j] = Some(i);
        }
    }
    let open_a: Vec<usize> =
        (0..a.facts.len()).filter(|i| partner_of_a[*i].is_none() && !b.answers(&a.facts[*i])).collect();
    let mut open_b: Vec<usize> =
        (0..b.facts.len()).filter(|j| partner_of_b[*j].is_none() && !a.answers(&b.facts[*j])).collect();
    let mut out: Vec<(usize, Difference)> = Vec::new();
    for i in open_a {
        let fact = &a.facts[i];
        // near the partners of its neighbours, the same kind of fact is its counterpart: languages order a clause differently
        let before = partner_of_a[..i].iter().rev().flatten().next().copied();
        let after = partner_of_a[i + 1..].iter().flatten().next().copied();
        let fits = |j: &usize| {
            b.facts[*j].kind == fact.kind
                && before.is_none_or(|p| p < *j + SLACK)
                && after.is_none_or(|p| *j < p + SLACK)
        };
        let side = match open_b.iter().position(fits) {
            Some(at) => b.facts[open_b.remove(at)].side(),
            None => Side { line: expected(b, before, after), words: None },
        };
        out.push((i, Difference { kind: fact.kind, a: fact.side(), b: side }));
    }
    for j in open_b {
        let before = partner_of_b[..j].iter().rev().flatten().next().copied();
        let after = partner_of_b[j + 1..].iter().flatten().next().copied();
        let side = Side { line: expected(a, before, after), words: None };
        out.push((before.map_or(0, |p| p + 1), Difference { kind: b.facts[j].kind, a: side, b: b.facts[j].side() }));
    }
    out.sort_by_key(|(at, d)| (*at, d.a.line, d.b.line));
    out.into_iter().map(|(_, d)| d).collect()
}

/// The line where a missing fact would be expected.
fn expected(version: &Version, before: Option<usize>, after: Option<usize>) -> usize {
    before.or(after).map_or_else(|| version.facts.first().map_or(1, |f| f.line), |i| version.facts[i].line)
}

impl Version {
    /// Whether this version answers a fact of the other outside its list: a figure repeated or written in words, a name at
    /// the head of a sentence.
    fn answers(&self, fact: &Fact) -> bool {
        match &fact.value {
            Value::Name(name) => self.words.hold(name),
            value => {
                self.facts.iter().any(|f| f.kind == fact.kind && f.agrees(fact))
                    || self.soft.iter().any(|s| s.agrees(value))
                    || self.facts.iter().any(|f| f.value.agrees(value))
            }
        }
    }
}

impl Fact {
    fn side(&self) -> Side {
        Side { line: self.line, words: Some(self.words.clone()) }
    }

    fn agrees(&self, other: &Self) -> bool {
        self.kind == other.kind && self.value.agrees(&other.value)
    }
}

#[cfg(test)]
mod tests;
