//! From a tree to a program for the matcher, and to what makes it worth running: required symbols and an anchor.

use super::layout::op;
use super::notation::{Node, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Numbers for everything a token can be.
#[derive(Default)]
pub struct Symbols {
    names: HashMap<String, u32>,
    sets: HashMap<BTreeSet<Term>, u32>,
    pub count: u32,
    /// For each single-token term the symbols it carries.
    pub terms: HashMap<Term, Vec<u32>>,
    /// How often a symbol is expected in a thousand words (rough; for choosing anchors).
    pub cost: Vec<u64>,
    pub word_cost: BTreeMap<String, u64>,
    /// Symbols that a stretch of several words may carry: facts, and lists with patterns.
    pub stretched: HashSet<u32>,
}

impl Symbols {
    fn fresh(&mut self, cost: u64) -> u32 {
        self.count += 1;
        self.cost.push(cost);
        self.count - 1
    }

    pub fn name(&mut self, name: &str, cost: u64) -> u32 {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let id = self.fresh(cost);
        self.names.insert(name.to_owned(), id);
        id
    }

    pub fn get(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied()
    }

    pub fn names(&self) -> impl Iterator<Item = (&str, u32)> {
        self.names.iter().map(|(name, id)| (name.as_str(), *id))
    }

    pub fn set(&mut self, terms: &BTreeSet<Term>) -> u32 {
        if let Some(id) = self.sets.get(terms) {
            return *id;
        }
        let cost = self.cost_of(terms);
        let id = self.fresh(cost);
        self.sets.insert(terms.clone(), id);
        for term in terms {
            self.terms.entry(term.clone()).or_default().push(id);
        }
        id
    }

    pub fn cost_of(&self, terms: &BTreeSet<Term>) -> u64 {
        terms
            .iter()
            .map(|term| {
                if term.stem {
                    let words =
                        self.word_cost.range(term.text.clone()..).take_while(|(word, _)| word.starts_with(&term.text));
                    4 + words.map(|(_, cost)| cost).sum::<u64>()
                } else {
                    self.word_cost.get(&term.text).copied().unwrap_or(2)
                }
            })
            .sum()
    }

    /// Makes a symbol as much more frequent as one more pattern of it is.
    pub fn take_in_cost(&mut self, id: u32, cost: u64) {
        let known = &mut self.cost[id as usize];
        *known = (*known + cost).min(100_000);
    }

    /// Adds single-token terms to a named symbol.
    pub fn extend(&mut self, id: u32, terms: &BTreeSet<Term>) {
        let cost = self.cost_of(terms);
        self.cost[id as usize] += cost;
        for term in terms {
            let list = self.terms.entry(term.clone()).or_default();
            if !list.contains(&id) {
                list.push(id);
            }
        }
    }
}

/// Writes the program of a node to the end of `out`; targets of jumps are places in `out`.
pub fn emit(node: &Node, symbols: &mut Symbols, out: &mut Vec<u32>) {
    match node {
        Node::Terms(terms) => {
            let id = symbols.set(terms);
            out.push(op::code(op::WORD, id));
        }
        Node::Shaped(shape, terms) => {
            out.push(op::code(op::SHAPE, *shape as u32));
            let id = symbols.set(terms);
            out.push(op::code(op::WORD, id));
        }
        Node::Name(name, _) => {
            let id = symbols.get(name).unwrap_or(0);
            out.push(op::code(if symbols.stretched.contains(&id) { op::SYMBOL } else { op::WORD }, id));
        }
        Node::Sequence(nodes) => nodes.iter().for_each(|n| emit(n, symbols, out)),
        Node::Any => out.push(op::code(op::ANY, 0)),
        Node::Gap(n) => out.push(op::code(op::GAP, *n)),
        Node::Start => out.push(op::code(op::START, 0)),
        Node::End => out.push(op::code(op::END, 0)),
        Node::Mark(bits) => out.push(op::code(op::MARK, *bits)),
        Node::Optional(inner) => {
            let split = out.len();
            out.push(0);
            emit(inner, symbols, out);
            out[split] = op::code(op::SPLIT, out.len() as u32);
        }
        Node::Either(options) => {
            let mut jumps = Vec::new();
            for (i, option) in options.iter().enumerate() {
                if i + 1 < options.len() {
                    let split = out.len();
                    out.push(0);
                    emit(option, symbols, out);
                    jumps.push(out.len());
                    out.push(0);
                    out[split] = op::code(op::SPLIT, out.len() as u32);
                } else {
                    emit(option, symbols, out);
                }
            }
            for jump in jumps {
                out[jump] = op::code(op::JUMP, out.len() as u32);
            }
        }
    }
}

/// Symbols that every match holds.
pub fn required(node: &Node, symbols: &mut Symbols, out: &mut Vec<u32>) {
    match node {
        Node::Terms(terms) | Node::Shaped(_, terms) => {
            let id = symbols.set(terms);
            if !out.contains(&id) {
                out.push(id);
            }
        }
        Node::Name(name, _) => {
            if let Some(id) = symbols.get(name).filter(|id| !out.contains(id)) {
                out.push(id);
            }
        }
        Node::Sequence(nodes) => nodes.iter().for_each(|n| required(n, symbols, out)),
        _ => {}
    }
}

/// Groups of symbols of which every match holds one: each alternative gives its rarest.
pub fn required_groups(node: &Node, symbols: &mut Symbols, out: &mut Vec<Vec<u32>>) {
    match node {
        Node::Either(_) => {
            if let Some((_, group)) = anchor(node, symbols).filter(|(_, group)| group.len() <= MAX_GROUP) {
                out.push(group);
            }
        }
        Node::Sequence(nodes) => nodes.iter().for_each(|n| required_groups(n, symbols, out)),
        _ => {}
    }
}

/// Larger groups are nearly always there.
const MAX_GROUP: usize = 16;

/// The rarest set of symbols of which every match holds one, with its cost; `None` when a match may hold nothing.
pub fn anchor(node: &Node, symbols: &mut Symbols) -> Option<(u64, Vec<u32>)> {
    match node {
        Node::Terms(terms) | Node::Shaped(_, terms) => {
            let id = symbols.set(terms);
            Some((symbols.cost[id as usize], vec![id]))
        }
        Node::Name(name, _) => symbols.get(name).map(|id| (symbols.cost[id as usize], vec![id])),
        Node::Sequence(nodes) => nodes.iter().filter_map(|n| anchor(n, symbols)).min_by_key(|(cost, _)| *cost),
        Node::Either(options) => {
            let mut cost = 0;
            let mut all = Vec::new();
            for option in options {
                let (c, ids) = anchor(option, symbols)?;
                cost += c;
                all.extend(ids);
            }
            all.sort_unstable();
            all.dedup();
            Some((cost, all))
        }
        _ => None,
    }
}

/// The names a node refers to.
pub fn names<'n>(node: &'n Node, out: &mut Vec<(&'n str, usize)>) {
    match node {
        Node::Name(name, at) => out.push((name, *at)),
        Node::Sequence(nodes) | Node::Either(nodes) => nodes.iter().for_each(|n| names(n, out)),
        Node::Optional(inner) => names(inner, out),
        _ => {}
    }
}

/// The symbols a match may begin with: `None` when it may begin with anything. `nullable` says whether the node may match
/// nothing, so that what follows it may begin the match too.
fn first_of(node: &Node, symbols: &mut Symbols, out: &mut Vec<u32>) -> Option<bool> {
    match node {
        Node::Terms(terms) | Node::Shaped(_, terms) => {
            out.push(symbols.set(terms));
            Some(false)
        }
        Node::Name(name, _) => {
            out.push(symbols.get(name)?);
            Some(false)
        }
        Node::Start | Node::Mark(_) => Some(true),
        Node::End | Node::Any | Node::Gap(_) => None,
        Node::Optional(inner) => first_of(inner, symbols, out).map(|_| true),
        Node::Either(options) => {
            let mut nullable = false;
            for option in options {
                nullable |= first_of(option, symbols, out)?;
            }
            Some(nullable)
        }
        Node::Sequence(nodes) => {
            for node in nodes {
                if !first_of(node, symbols, out)? {
                    return Some(false);
                }
            }
            Some(true)
        }
    }
}

/// More symbols than this are not worth asking one by one.
const MAX_FIRST: usize = 24;

/// The symbols every match begins with one of; empty when it may begin with anything.
pub fn first(node: &Node, symbols: &mut Symbols) -> Vec<u32> {
    let mut out = Vec::new();
    match first_of(node, symbols, &mut out) {
        Some(false) => {
            out.sort_unstable();
            out.dedup();
            if out.len() > MAX_FIRST { Vec::new() } else { out }
        }
        _ => Vec::new(),
    }
}

/// Whether every match begins at a sentence's start.
pub fn begins_sentence(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Sequence(nodes) => nodes.first().is_some_and(begins_sentence),
        _ => false,
    }
}
