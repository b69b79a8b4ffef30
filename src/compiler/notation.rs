//! The token-pattern notation: from a written pattern to a tree (see `rules/WRITING.md`).

use super::super::text::fold::folded;
use super::super::text::tokenize::{TokenKind, Tokens, flag, tokenize};
use super::layout::mark;
use std::collections::{BTreeMap, BTreeSet};

/// One word, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    pub text: String,
    pub stem: bool,
}

/// The shape a word must have in the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Capitals = 0,
    Capitalised = 1,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// One token out of a set.
    Terms(BTreeSet<Term>),
    /// A lexicon (`@name`) or a fact (`#name`), with the byte of the pattern where it is written.
    Name(String, usize),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Optional(Box<Node>),
    /// At most so many tokens inside the clause; 255 = to the clause's end.
    Gap(u32),
    Any,
    Start,
    End,
    /// A mark of this set stands between the neighbours.
    Mark(u32),
    Shaped(Shape, BTreeSet<Term>),
}

/// What a pattern's text got wrong, and at which of its bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct NotationError {
    pub at: usize,
    pub message: String,
    pub near: Option<(String, Vec<String>)>,
}

fn error<T>(at: usize, message: impl Into<String>) -> Result<T, NotationError> {
    Err(NotationError { at, message: message.into(), near: None })
}

/// Ending sets by name.
pub type Endings = BTreeMap<String, Vec<String>>;

/// Parses a pattern.
pub fn parse(text: &str, endings: &Endings) -> Result<Node, NotationError> {
    let mut parser = Parser { text, at: 0, endings, depth: 0 };
    let node = parser.alternatives()?;
    if parser.at < text.len() {
        return error(parser.at, "a `)` without its `(`");
    }
    if matches!(&node, Node::Sequence(nodes) if nodes.is_empty()) {
        return error(0, "an empty pattern");
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    endings: &'a Endings,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn alternatives(&mut self) -> Result<Node, NotationError> {
        let mut options = Vec::new();
        let mut bare_gap = None;
        loop {
            let start = self.at;
            options.push(self.sequence()?);
            let written = &self.text[start..self.at];
            if matches!(written.trim(), "…" | "...") {
                bare_gap.get_or_insert(start + written.len() - written.trim_start().len());
            }
            if self.peek() != Some('|') {
                break;
            }
            self.bump();
        }
        // mostly meant as an ellipsis beside other marks, and then anything matches
        if let Some(at) = bare_gap.filter(|_| options.len() > 1) {
            return error(at, "`…` as an alternative is a gap, so any words match; write `…4` if that is meant");
        }
        Ok(either(options))
    }

    fn sequence(&mut self) -> Result<Node, NotationError> {
        let mut nodes: Vec<Node> = Vec::new();
        loop {
            let start = self.at;
            let Some(c) = self.peek() else { break };
            match c {
                '|' | ')' => break,
                c if c.is_whitespace() => {
                    self.bump();
                    continue;
                }
                '(' => {
                    self.bump();
                    self.depth += 1;
                    if self.depth > 16 {
                        return error(start, "groups nest deeper than 16");
                    }
                    let inner = self.alternatives()?;
                    if self.bump() != Some(')') {
                        return error(start, "a `(` without its `)`");
                    }
                    self.depth -= 1;
                    let inner = self.inflected(inner, start)?;
                    let node = self.optional(inner);
                    nodes.push(node);
                }
                '…' => {
                    self.bump();
                    nodes.push(self.gap());
                }
                '.' if self.text[self.at..].starts_with("...") => {
                    self.at += 3;
                    nodes.push(self.gap());
                }
                '_' => {
                    self.bump();
                    let node = self.optional(Node::Any);
                    nodes.push(node);
                }
                '^' => {
                    self.bump();
                    nodes.push(Node::Start);
                }
                '$' if !self.text[self.at + 1..].starts_with(|c: char| c.is_ascii_digit()) => {
                    self.bump();
                    nodes.push(Node::End);
                }
                '@' | '#' => {
                    self.bump();
                    let name: String =
                        self.text[self.at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                    let name = name.trim_end_matches('-').to_owned();
                    if name.is_empty() {
                        return error(start, format!("a name must follow `{c}` (write `\\{c}` for the sign itself)"));
                    }
                    self.at += name.len();
                    let node = self.optional(Node::Name(format!("{c}{name}"), start));
                    nodes.push(node);
                }
                '=' if self.text[self.at + 1..].starts_with(char::is_alphabetic) => {
                    self.bump();
                    let run = self.run()?;
                    for node in run {
                        nodes.push(match node {
                            (Node::Terms(terms), capitals, capital) => {
                                if !capitals && !capital {
                                    return error(start, "`=` needs a word in capitals or with a capital");
                                }
                                Node::Shaped(if capitals { Shape::Capitals } else { Shape::Capitalised }, terms)
                            }
                            (other, _, _) => other,
                        });
                    }
                    self.option_of_last(&mut nodes);
                }
                ',' | ':' | ';' | '—' | '–' | '?' | '!' | '"' | '«' | '»' | '“' | '”' | '„' | '[' | ']' => {
                    self.bump();
                    nodes.push(Node::Mark(mark::bit(c)));
                }
                '.' => {
                    self.bump();
                    nodes.push(Node::Mark(mark::PERIOD));
                }
                '-' if self.text[self.at + 1..].chars().next().is_none_or(char::is_whitespace) => {
                    self.bump();
                    nodes.push(Node::Mark(mark::DASH));
                }
                '*' | '~' => {
                    return error(
                        start,
                        format!("`{c}` stands after the stem it belongs to (write `\\{c}` for the sign itself)"),
                    );
                }
                _ => {
                    for (node, _, _) in self.run()? {
                        nodes.push(node);
                    }
                    if self.peek() == Some('+')
                        && self.text[self.at + 1..].starts_with(|c: char| c.is_alphabetic() || c == '(')
                    {
                        self.bump();
                        nodes.push(Node::Gap(255));
                    } else {
                        self.option_of_last(&mut nodes);
                    }
                }
            }
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) })
    }

    /// `(a|b)~class`, `(a|b)*`: endings of every alternative's last word.
    fn inflected(&mut self, node: Node, start: usize) -> Result<Node, NotationError> {
        let endings = match self.peek() {
            Some('*') => {
                self.bump();
                None
            }
            Some('~') => {
                let at = self.at;
                self.bump();
                Some(self.class(at)?)
            }
            _ => return Ok(node),
        };
        with_endings(node, endings.as_deref()).ok_or(NotationError {
            at: start,
            message:
                "endings after a group need a word at the end of every alternative, of two letters or more before `*`"
                    .into(),
            near: None,
        })
    }

    /// The ending set whose name begins here.
    fn class(&mut self, at: usize) -> Result<Vec<String>, NotationError> {
        let name: String =
            self.text[self.at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        self.at += name.len();
        self.endings.get(&name).cloned().ok_or_else(|| NotationError {
            at,
            message: format!("no ending set `{name}`"),
            near: Some((name, self.endings.keys().cloned().collect())),
        })
    }

    fn optional(&mut self, node: Node) -> Node {
        if self.peek() == Some('?') {
            self.bump();
            Node::Optional(Box::new(node))
        } else {
            node
        }
    }

    fn option_of_last(&mut self, nodes: &mut Vec<Node>) {
        if self.peek() == Some('?') {
            self.bump();
            if let Some(last) = nodes.pop() {
                nodes.push(Node::Optional(Box::new(last)));
            }
        }
    }

    fn gap(&mut self) -> Node {
        let digits: String = self.text[self.at..].chars().take_while(char::is_ascii_digit).collect();
        self.at += digits.len();
        Node::Gap(digits.parse::<u32>().unwrap_or(4).min(40))
    }

    /// A run of characters without a space, cut as a draft is cut. The last token may be a stem or carry endings.
    fn run(&mut self) -> Result<Vec<(Node, bool, bool)>, NotationError> {
        let start = self.at;
        let mut literal = String::new();
        let mut stem = false;
        let mut class: Option<Vec<String>> = None;
        while let Some(c) = self.peek() {
            match c {
                '\\' => {
                    self.bump();
                    match self.bump() {
                        Some(c) => literal.push(c),
                        None => return error(self.at - 1, "nothing follows `\\`"),
                    }
                }
                '*' => {
                    self.bump();
                    stem = true;
                    break;
                }
                '~' => {
                    let at = self.at;
                    self.bump();
                    class = Some(self.class(at)?);
                    break;
                }
                c if c.is_whitespace() => break,
                '(' | ')' | '|' | '?' | '…' | ',' | ';' | '!' | '"' | '«' | '»' | '“' | '”' | '„' | '[' | ']' | '—' =>
                {
                    break;
                }
                '+' if self.text[self.at + 1..].starts_with(|c: char| c.is_alphabetic() || c == '(')
                    && !literal.is_empty() =>
                {
                    break;
                }
                '.' | ':' if !self.text[self.at + 1..].starts_with(char::is_alphanumeric) => break,
                '@' | '#' if literal.is_empty() => break,
                _ => {
                    literal.push(c);
                    self.bump();
                }
            }
        }
        if (stem || class.is_some()) && self.peek().is_some_and(char::is_alphanumeric) {
            return error(self.at, "a stem ends its word: nothing but a space may follow `*` or `~class`");
        }
        let mut tokens = Tokens::default();
        let plain = folded(&literal);
        if let Some(term) = contraction(&plain) {
            return Ok(vec![(Node::Terms(BTreeSet::from([Term { text: term, stem: false }])), false, false)]);
        }
        if plain.ends_with('\'') && plain.len() > 1 {
            // an elision alone (`l'`): cut it as before a word
            tokenize(&format!("{literal}a"), &mut tokens);
            tokens.list.pop();
        } else {
            tokenize(&literal, &mut tokens);
        }
        let mut nodes = Vec::new();
        let count = tokens.list.len();
        for (i, token) in tokens.list.iter().enumerate() {
            if token.kind == TokenKind::Mark {
                nodes.push((Node::Mark(mark::bit(token.mark)), false, false));
                continue;
            }
            let text = tokens.folded(token).to_owned();
            let last = i + 1 == count;
            let mut terms = BTreeSet::new();
            if last && stem {
                if text.chars().count() < 2 {
                    return error(start, format!("the stem `{text}*` is shorter than two letters"));
                }
                terms.insert(Term { text, stem: true });
            } else if let (true, Some(endings)) = (last, &class) {
                for ending in endings {
                    terms.insert(Term { text: folded(&format!("{text}{ending}")), stem: false });
                }
            } else {
                terms.insert(Term { text, stem: false });
            }
            nodes.push((Node::Terms(terms), token.has(flag::CAPITALS), token.has(flag::CAPITALISED)));
        }
        if nodes.is_empty() {
            return error(start, format!("`{literal}` is cut into no token"));
        }
        Ok(nodes)
    }
}

/// A contraction written alone (`'re`, `n't`) is one token, as it is behind its word.
fn contraction(text: &str) -> Option<String> {
    let known = text == "n't" || matches!(text, "'ll" | "'re" | "'ve" | "'s" | "'d" | "'m");
    known.then(|| text.to_owned())
}

/// A node whose last word takes endings (`None`: any); `None` when there is no word to take them.
fn with_endings(node: Node, endings: Option<&[String]>) -> Option<Node> {
    Some(match node {
        Node::Terms(terms) => {
            let mut out = BTreeSet::new();
            for term in terms {
                match endings {
                    None if term.text.chars().count() < 2 => return None,
                    None => {
                        out.insert(Term { text: term.text, stem: true });
                    }
                    Some(endings) => out.extend(
                        endings
                            .iter()
                            .map(|ending| Term { text: folded(&format!("{}{ending}", term.text)), stem: false }),
                    ),
                }
            }
            Node::Terms(out)
        }
        Node::Sequence(mut nodes) => {
            let last = with_endings(nodes.pop()?, endings)?;
            nodes.push(last);
            Node::Sequence(nodes)
        }
        Node::Either(options) => {
            Node::Either(options.into_iter().map(|o| with_endings(o, endings)).collect::<Option<_>>()?)
        }
        Node::Optional(inner) => Node::Optional(Box::new(with_endings(*inner, endings)?)),
        _ => return None,
    })
}

/// Alternatives, with all the single words among them in one set.
fn either(options: Vec<Node>) -> Node {
    if options.len() == 1 {
        return options.into_iter().next().unwrap_or(Node::Any);
    }
    let mut words = BTreeSet::new();
    let mut rest = Vec::new();
    let mut empty = false;
    for option in options {
        match option {
            Node::Terms(terms) => words.extend(terms),
            Node::Sequence(nodes) if nodes.is_empty() => empty = true,
            Node::Either(nodes) => {
                for node in nodes {
                    match node {
                        Node::Terms(terms) => words.extend(terms),
                        other => rest.push(other),
                    }
                }
            }
            other => rest.push(other),
        }
    }
    if !words.is_empty() {
        rest.insert(0, Node::Terms(words));
    }
    let node = if rest.len() == 1 { rest.remove(0) } else { Node::Either(rest) };
    if empty { Node::Optional(Box::new(node)) } else { node }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &[(&str, bool)]) -> Node {
        Node::Terms(words.iter().map(|(text, stem)| Term { text: (*text).into(), stem: *stem }).collect())
    }

    #[test]
    fn patterns_become_trees() {
        let endings = Endings::from([("noun".to_owned(), vec![String::new(), "s".into()])]);
        let parsed = |text: &str| parse(text, &endings).unwrap();
        assert_eq!(parsed("Growth"), terms(&[("growth", false)]));
        assert!(parse("(a|b|c*)", &endings).is_err(), "a stem of one letter");
        assert_eq!(parsed("market~noun"), terms(&[("market", false), ("markets", false)]));
        assert_eq!(parsed("(market|price)~noun"), parsed("(market|markets|price|prices)"));
        assert_eq!(parsed("(mark|pric)*"), parsed("(mark*|pric*)"));
        assert_eq!(parsed("(l'|le|la)"), terms(&[("l'", false), ("la", false), ("le", false)]));
        assert_eq!(parsed("('re|are|n't)"), terms(&[("'re", false), ("are", false), ("n't", false)]));
        assert_eq!(
            parsed("we'll win-win"),
            Node::Sequence(vec![
                terms(&[("we", false)]),
                terms(&[("'ll", false)]),
                terms(&[("win", false)]),
                terms(&[("win", false)])
            ])
        );
        assert_eq!(
            parsed("we … @big"),
            Node::Sequence(vec![terms(&[("we", false)]), Node::Gap(4), Node::Name("@big".into(), 7)])
        );
        assert_eq!(
            parsed("very? big"),
            Node::Sequence(vec![Node::Optional(Box::new(terms(&[("very", false)]))), terms(&[("big", false)])])
        );
        assert_eq!(parsed("really ?"), Node::Sequence(vec![terms(&[("really", false)]), Node::Mark(mark::QUESTION)]));
        assert_eq!(
            parsed("houd+op"),
            Node::Sequence(vec![terms(&[("houd", false)]), Node::Gap(255), terms(&[("op", false)])])
        );
        assert_eq!(parsed("=CA"), Node::Shaped(Shape::Capitals, [Term { text: "ca".into(), stem: false }].into()));
        assert!(matches!(parsed("f\\*ck"), Node::Sequence(nodes) if nodes.len() == 3));
    }

    #[test]
    fn faults_name_their_place() {
        let endings = Endings::new();
        for (text, at) in
            [("(a|b", 0), ("a)", 1), ("stem~nuon", 4), ("* a", 0), ("a @ b", 2), ("a (.|…)", 5), ("(... | b)", 1)]
        {
            assert_eq!(parse(text, &endings).unwrap_err().at, at, "{text}");
        }
    }
}
