//! What all detectors share: the folded text, its runs of digits, cue words before and after a place.

use super::Triggers;
use std::ops::Range;

/// One pass over the bytes: what the text holds.
pub(super) fn triggers(bytes: &[u8]) -> Triggers {
    let mut held = Triggers::NONE;
    // without a digit only signs can count
    if !bytes.iter().any(u8::is_ascii_digit) {
        let holds = |sign: &[u8]| memchr::memchr_iter(sign[0], bytes).any(|i| bytes[i..].starts_with(sign));
        for (sign, trigger) in
            [(&b"@"[..], Triggers::AT), (b"://", Triggers::SCHEME), (b"-----BEGIN", Triggers::DASHES)]
        {
            if holds(sign) {
                held = held.or(trigger);
            }
        }
        return held;
    }
    // Digits with no more than a few other bytes between them; letters and digits without a break.
    let (mut digits, mut gap, mut token, mut mixed) = (0u32, 0u32, 0u32, 0u8);
    for (i, &b) in bytes.iter().enumerate() {
        if b.is_ascii_digit() {
            digits += 1;
            gap = 0;
            token += 1;
            mixed |= 1;
        } else {
            gap += 1;
            match b {
                b'a'..=b'z' | b'A'..=b'Z' => {
                    token += 1;
                    mixed |= 2;
                }
                b'@' => {
                    held = held.or(Triggers::AT);
                    token = 0;
                    mixed = 0;
                }
                b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b':' => {
                    token += 1;
                    if b == b'-' && bytes[i..].starts_with(b"-----BEGIN") {
                        held = held.or(Triggers::DASHES);
                    } else if b == b':' && bytes[i..].starts_with(b"://") {
                        held = held.or(Triggers::SCHEME);
                    }
                }
                _ => {
                    token = 0;
                    mixed = 0;
                }
            }
        }
        if gap > 4 {
            digits = 0;
        }
        if digits >= 4 {
            held = held.or(Triggers::DIGITS);
        }
        if token >= 8 && mixed == 3 {
            held = held.or(Triggers::TOKEN);
        }
    }
    held
}

/// Lower case of one Cyrillic letter of two bytes, ё as е.
fn fold_cyrillic(a: u8, b: u8) -> (u8, u8) {
    match (a, b) {
        (0xD0, 0x81) | (0xD1, 0x91) => (0xD0, 0xB5),
        (0xD0, 0x90..=0x9F) => (0xD0, b + 0x20),
        (0xD0, 0xA0..=0xAF) => (0xD1, b - 0x20),
        _ => (a, b),
    }
}

fn fold_pair(a: u8, b: u8) -> (u8, u8) {
    match (a, b) {
        (0xC3, 0x80..=0x9E) => (0xC3, b + 0x20),
        _ => fold_cyrillic(a, b),
    }
}

/// The text in lower case with kinds of space, dash and apostrophe made one, byte for byte as long as the text:
/// a place in it is a place in the text.
fn fold(text: &str) -> Vec<u8> {
    let mut out = text.as_bytes().to_ascii_lowercase();
    let mut i = if text.is_ascii() { out.len() } else { 0 };
    while i < out.len() {
        match out[i] {
            0..0x80 => {}
            0xC2 if i + 1 < out.len() => {
                match out[i + 1] {
                    0xA0 | 0xAD | 0xB7 => out[i..i + 2].fill(b' '),
                    0xAB | 0xBB => out[i..i + 2].fill(b'"'),
                    _ => {}
                }
                i += 1;
            }
            0xC3 | 0xD0 | 0xD1 if i + 1 < out.len() => {
                (out[i], out[i + 1]) = fold_pair(out[i], out[i + 1]);
                i += 1;
            }
            0xE2 if i + 2 < out.len() => {
                let with = match (out[i + 1], out[i + 2]) {
                    // Spaces of all widths, zero width and direction marks included.
                    (0x80, 0x80..=0x8F | 0xA2 | 0xA8..=0xAF) | (0x81, 0x9F..=0xA4) => b' ',
                    (0x80, 0x90..=0x95) | (0x88, 0x92) => b'-',
                    (0x80, 0x98..=0x9B) => b'\'',
                    (0x80, 0x9C..=0x9F) => b'"',
                    (0x80, 0xA6) => b'~', // an ellipsis ends a sentence or hides a value
                    _ => 0,
                };
                if with != 0 {
                    out[i..i + 3].fill(with);
                }
                i += 2;
            }
            0xEF if i + 2 < out.len() && out[i + 1] == 0xBB && out[i + 2] == 0xBF => {
                out[i..i + 3].fill(b' ');
                i += 2;
            }
            _ => {}
        }
        i += 1;
    }
    out
}

/// A byte of a word in the folded text: letters of any script, digits, the underscore.
pub(super) fn word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80 || b == b'_'
}

/// Digits with single separators between them, as a person writes a number: `06 12 34 56 78`, `(495) 123-45-67`.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// From the first digit, or the `+` or `(` before it, to the last digit.
    pub span: Range<usize>,
    /// The groups, by index into [`Scan::groups`].
    groups: Range<usize>,
    /// Digits in all; cut at 64, no number that matters is longer.
    pub digits: usize,
    /// A `+` stands before it.
    pub plus: bool,
    /// A parenthesis stands around one of its groups.
    pub parens: bool,
    /// Letters, a decimal part, a path or the like stand directly before or after it: it is part of something else.
    pub glued_before: bool,
    /// See [`Run::glued_before`].
    pub glued_after: bool,
}

/// The folded text and its runs of digits.
pub(super) struct Scan<'a> {
    pub text: &'a str,
    pub folded: Vec<u8>,
    pub runs: Vec<Run>,
    pub groups: Vec<Range<usize>>,
    /// The places of the words that lead a secret or a number plate, found in one pass.
    pub leads: Vec<Lead>,
}

/// A word that leads something: its kind, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub kind: LeadKind,
    pub span: Range<usize>,
}

/// What a word leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeadKind {
    Password,
    Login,
    Code,
    Plate,
    Seed,
    Home,
}

/// The leads by a hash of their first three letters: nearly every word of a text falls into an empty bucket.
struct LeadTable {
    /// Where the entries of a bucket begin.
    starts: Vec<u16>,
    entries: Vec<(LeadKind, &'static str)>,
}

lazy_static::lazy_static! {
    static ref LEADS: LeadTable = {
        let mut entries: Vec<(usize, LeadKind, &'static str)> = Vec::new();
        for (kind, words) in [
            (LeadKind::Password, super::secret::PASSWORD),
            (LeadKind::Login, super::secret::LOGIN),
            (LeadKind::Code, super::secret::CODE),
            (LeadKind::Plate, super::identity::PLATE),
            (LeadKind::Seed, super::secret::SEED),
            (LeadKind::Home, super::address::HOME),
        ] {
            entries.extend(words.iter().map(|word| (bucket(word.as_bytes()), kind, *word)));
        }
        entries.sort_by_key(|e| e.0);
        let starts = (0..=BUCKETS).map(|b| entries.partition_point(|e| e.0 < b) as u16).collect();
        LeadTable { starts, entries: entries.into_iter().map(|(_, kind, word)| (kind, word)).collect() }
    };
}

const BUCKETS: usize = 2048;

/// The first three letters, whether of one byte or two; what is no letter counts as nothing.
fn bucket(word: &[u8]) -> usize {
    let (mut hash, mut at) = (0usize, 0);
    for _ in 0..3 {
        let b = word.get(at).copied().unwrap_or(b' ');
        if !word_byte(b) {
            break;
        }
        let letter = if b < 0x80 { b } else { word.get(at + 1).copied().unwrap_or(0) };
        at += if b < 0x80 { 1 } else { 2 };
        hash = hash * 67 + usize::from(letter);
    }
    hash % BUCKETS
}

fn leads(folded: &[u8]) -> Vec<Lead> {
    let table: &LeadTable = &LEADS;
    let mut found = Vec::new();
    let mut inside = false;
    for (i, b) in folded.iter().enumerate() {
        let word = word_byte(*b);
        if word && !inside {
            let at = bucket(&folded[i..folded.len().min(i + 6)]);
            for (kind, cue) in &table.entries[usize::from(table.starts[at])..usize::from(table.starts[at + 1])] {
                let Some(end) = cue_end(folded, i, cue) else { continue };
                // One lead of a kind at a place: the longest, "PIN code" before "PIN".
                match found.iter_mut().rev().take_while(|l: &&mut Lead| l.span.start == i).find(|l| l.kind == *kind) {
                    Some(lead) => lead.span.end = lead.span.end.max(end),
                    None => found.push(Lead { kind: *kind, span: i..end }),
                }
            }
        }
        inside = word;
    }
    found
}

/// The end of a cue that begins at a word's start.
fn cue_end(folded: &[u8], start: usize, cue: &str) -> Option<usize> {
    let (stem, open) = cue.strip_suffix('*').map_or((cue, false), |s| (s, true));
    if !folded[start..].starts_with(stem.as_bytes()) {
        return None;
    }
    let inside = |at: usize| folded.get(at).is_some_and(|b| word_byte(*b));
    let mut end = start + stem.len();
    if open {
        while inside(end) {
            end += 1;
        }
    }
    (!inside(end) || !inside(end - 1)).then_some(end)
}

impl<'a> Scan<'a> {
    pub fn new(text: &'a str) -> Self {
        let folded = fold(text);
        let (runs, groups) = runs(&folded);
        let leads = leads(&folded);
        Self { text, folded, runs, groups, leads }
    }

    /// The leads of a kind.
    pub fn leads(&self, kind: LeadKind) -> impl Iterator<Item = Range<usize>> + '_ {
        self.leads.iter().filter(move |l| l.kind == kind).map(|l| l.span.clone())
    }

    /// The groups of a run.
    pub fn groups_of(&self, run: &Run) -> &[Range<usize>] {
        &self.groups[run.groups.clone()]
    }

    /// The digits of a run without separators.
    pub fn digits_of(&self, run: &Run) -> Vec<u8> {
        self.groups_of(run).iter().flat_map(|g| &self.folded[g.clone()]).take(64).map(|b| b - b'0').collect()
    }

    /// The lengths of a run's groups.
    pub fn lengths(&self, run: &Run) -> Vec<usize> {
        self.groups_of(run).iter().map(|g| g.len()).collect()
    }

    /// What stands between the groups of a run: one character each, the first that is no space, else a space.
    pub fn separators(&self, run: &Run) -> Vec<u8> {
        let groups = self.groups_of(run);
        groups
            .windows(2)
            .map(|w| self.folded[w[0].end..w[1].start].iter().copied().find(|b| *b != b' ').unwrap_or(b' '))
            .collect()
    }

    /// The byte of the folded text before `at`.
    pub fn before(&self, at: usize) -> u8 {
        if at == 0 { b'\n' } else { self.folded[at - 1] }
    }

    /// The byte of the folded text at `at`.
    pub fn at(&self, at: usize) -> u8 {
        self.folded.get(at).copied().unwrap_or(b'\n')
    }

    /// The nearest of the cue words that begins at most `words` words before `at` (0: the word just before), in the
    /// same sentence; its span. A cue is one or more folded words; `*` at its end lets the last word go on.
    pub fn cue_before(&self, at: usize, words: usize, cues: &[&str]) -> Option<Range<usize>> {
        let mut end = at;
        for _ in 0..=words {
            let (word, gap_breaks) = self.word_before(end)?;
            if gap_breaks == Gap::Break {
                return None;
            }
            if let Some(cue_end) = self.cue_at(word.start, cues).filter(|e| *e <= at) {
                return Some(word.start..cue_end);
            }
            // A full stop after a long word ends a sentence; after a short one it may be an abbreviation.
            if gap_breaks == Gap::Stop && word.len() > 8 {
                return None;
            }
            end = word.start;
        }
        None
    }

    /// The nearest of the cue words that begins at most `words` words after `at`.
    pub fn cue_after(&self, at: usize, words: usize, cues: &[&str]) -> Option<Range<usize>> {
        let mut start = at;
        for _ in 0..=words {
            let mut i = start;
            while i < self.folded.len() && !word_byte(self.folded[i]) {
                if matches!(self.folded[i], b'!' | b'?' | b';' | b'\n') || (self.folded[i] == b'.' && i > at) {
                    return None;
                }
                i += 1;
            }
            if i >= self.folded.len() {
                return None;
            }
            if let Some(end) = self.cue_at(i, cues) {
                return Some(i..end);
            }
            while i < self.folded.len() && word_byte(self.folded[i]) {
                i += 1;
            }
            start = i;
        }
        None
    }

    /// The end of the cue that begins at a word's start, if one does.
    pub fn cue_at(&self, start: usize, cues: &[&str]) -> Option<usize> {
        // Two bytes tell most cues apart before anything is compared in full.
        let rest = &self.folded[start..];
        let (first, second) = (*rest.first()?, rest.get(1).copied().unwrap_or(b' '));
        cues.iter()
            .filter(|cue| {
                let c = cue.as_bytes();
                c[0] == first && (c.len() < 2 || c[1] == second || c[1] == b'*')
            })
            .find_map(|cue| cue_end(&self.folded, start, cue))
    }

    /// The word that ends before `end`, and whether what lies between ends a sentence.
    fn word_before(&self, end: usize) -> Option<(Range<usize>, Gap)> {
        let (mut i, mut gap, mut lines) = (end, Gap::Open, 0);
        while i > 0 && !word_byte(self.folded[i - 1]) {
            match self.folded[i - 1] {
                b'!' | b'?' | b';' | b'~' => return Some((i..i, Gap::Break)),
                b'.' => gap = Gap::Stop,
                b'\n' => lines += 1,
                _ => {}
            }
            i -= 1;
        }
        if lines > 2 {
            return Some((i..i, Gap::Break));
        }
        let word_end = i;
        while i > 0 && word_byte(self.folded[i - 1]) {
            i -= 1;
            // Nobody's cue word is that long; a text without spaces must not be walked again and again.
            if word_end - i > 64 {
                return None;
            }
        }
        (i < word_end).then_some((i..word_end, gap))
    }

    /// The words before `at` in its sentence, nearest first, at most `words` of them.
    pub fn words_before(&self, at: usize, words: usize) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut end = at;
        while out.len() < words {
            match self.word_before(end) {
                Some((word, gap)) if gap != Gap::Break && !word.is_empty() => {
                    end = word.start;
                    out.push(word);
                }
                _ => break,
            }
        }
        out
    }

    /// Whether the run stands alone: no letter, decimal part or path glued to it.
    pub fn stands_alone(&self, run: &Run) -> bool {
        !run.glued_before && !run.glued_after
    }

    /// The token around a place: from the white space before to the white space after, at most 256 bytes each way.
    pub fn token_start(&self, at: usize) -> usize {
        let mut i = at;
        while i > 0 && !self.folded[i - 1].is_ascii_whitespace() && at - i < 256 {
            i -= 1;
        }
        i
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Open,
    Stop,
    Break,
}

fn runs(folded: &[u8]) -> (Vec<Run>, Vec<Range<usize>>) {
    let (mut runs, mut groups) = (Vec::new(), Vec::new());
    let mut i = 0;
    while i < folded.len() {
        if !folded[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let first_group = groups.len();
        let start = i;
        let (mut digits, mut parens) = (0, false);
        let mut end;
        loop {
            let from = i;
            while i < folded.len() && folded[i].is_ascii_digit() {
                i += 1;
            }
            groups.push(from..i);
            digits += i - from;
            end = i;
            // A separator: spaces, one mark, spaces; no line end, no comma, no spaced slash or full stop.
            let mut j = i;
            let (mut marks, mut dots, mut spaces) = (0, 0, 0);
            while j < folded.len() && j - i < 9 {
                match folded[j] {
                    b' ' => {
                        spaces += 1;
                        if dots > 0 {
                            break;
                        }
                    }
                    b'-' => marks += usize::from(j == i || folded[j - 1] != b'-'),
                    b'(' | b')' => parens = true,
                    b'.' => dots += 1,
                    b'/' => {
                        marks += 1;
                        if spaces > 0 {
                            break;
                        }
                    }
                    _ => break,
                }
                j += 1;
            }
            if j > i && j < folded.len() && folded[j].is_ascii_digit() && marks <= 1 && dots <= 1 && marks + dots <= 1 {
                i = j;
            } else {
                break;
            }
        }
        let (mut from, mut plus) = (start, false);
        if from > 0 && folded[from - 1] == b'(' {
            from -= 1;
            parens = true;
        }
        let mut sign = from;
        while sign > 0 && folded[sign - 1] == b' ' && from - sign < 2 {
            sign -= 1;
        }
        if sign > 0 && folded[sign - 1] == b'+' && (sign == from || parens) {
            from = sign - 1;
            plus = true;
        }
        let before = if from == 0 { b' ' } else { folded[from - 1] };
        let before2 = if from < 2 { b' ' } else { folded[from - 2] };
        let after = folded.get(end).copied().unwrap_or(b' ');
        let after2 = folded.get(end + 1).copied().unwrap_or(b' ');
        let glued_before = word_byte(before)
            || matches!(before, b'/' | b'=' | b'&' | b'%' | b'\\' | b'+')
            || (matches!(before, b',' | b'.' | b'\'' | b':') && before2.is_ascii_digit())
            || (before == b'-' && (word_byte(before2) || before2 == b'/'));
        let glued_after = word_byte(after)
            || (matches!(after, b',' | b'.' | b'\'' | b':' | b'/') && after2.is_ascii_alphanumeric())
            || after == b'%'
            || after == b'@';
        runs.push(Run {
            span: from..end,
            groups: first_group..groups.len(),
            digits: digits.min(64),
            plus,
            parens,
            glued_before,
            glued_after,
        });
        i = end.max(i);
    }
    (runs, groups)
}

/// The Luhn check (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let d = u32::from(*d) << (i % 2);
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    digits.len() > 1 && sum.is_multiple_of(10)
}

/// The digits as one number; at most 19 of them.
pub(super) fn value(digits: &[u8]) -> u64 {
    digits.iter().take(19).fold(0, |n, d| n * 10 + u64::from(*d))
}

/// A number that nobody owns: one digit repeated, or a plain count up or down.
pub(super) fn dummy(digits: &[u8]) -> bool {
    let step = |by: i8| digits.windows(2).all(|w| (w[1] as i8 - w[0] as i8).rem_euclid(10) == by.rem_euclid(10));
    digits.len() > 2 && (step(0) || step(1) || step(-1))
}
