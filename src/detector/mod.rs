//! Structured personal data and secrets: what has a shape that can be checked, whatever the language.
//!
//! Every detector is a hand-written scanner over one folded copy of the text: check digits, lengths and cue words
//! decide, and no regular expression is compiled for an ordinary post (`connection-string` alone verifies with one,
//! where `://` leads to an `@`). A pass over the bytes says which detectors have anything to look at.
//!
//! Detections are spans. Whether an address is the company's own, and so allowed, is for the profile to say.
//! Emitters never show what was found: see [`mask`].

mod account;
mod address;
mod email;
mod identity;
mod network;
mod phone;
mod reference;
mod scan;
mod secret;

use crate::finding::{Confidence, Severity};
use scan::Scan;
use std::ops::Range;

/// One thing found: where, and how sure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// Bytes of the text given.
    pub span: Range<usize>,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// Where this one weighs other than its rule says: a freephone number, a role mailbox.
    pub severity: Option<Severity>,
}

impl Detection {
    fn new(span: Range<usize>, confidence: Confidence) -> Self {
        Self { span, confidence, severity: None }
    }

    fn note(span: Range<usize>, confidence: Confidence) -> Self {
        Self { span, confidence, severity: Some(Severity::Note) }
    }
}

/// What a text must hold for a detector to be worth running; a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Triggers(u8);

impl Triggers {
    const NONE: Triggers = Triggers(0);
    const AT: Triggers = Triggers(1);
    /// A stretch of digits long enough for the shortest number that matters.
    const DIGITS: Triggers = Triggers(2);
    /// Nothing of these: the detector goes by leading words, which are looked up in any case.
    const WORDS: Triggers = Triggers(4);
    /// A long unbroken token of letters and digits.
    const TOKEN: Triggers = Triggers(8);
    const SCHEME: Triggers = Triggers(16);
    const DASHES: Triggers = Triggers(32);

    fn meet(self, other: Triggers) -> bool {
        self.0 & other.0 != 0
    }

    const fn or(self, other: Triggers) -> Triggers {
        Triggers(self.0 | other.0)
    }
}

type Find = fn(&Scan<'_>, &mut Vec<Detection>);

/// Every detector: its name, what must occur, and the scanner. The names are the slugs of their rules.
const DETECTORS: &[(&str, Triggers, Find)] = &[
    ("email-address", Triggers::AT, email::address),
    ("obfuscated-email-address", Triggers::WORDS, email::obfuscated),
    ("phone-number", Triggers::DIGITS, phone::number),
    ("iban", Triggers::DIGITS, account::iban),
    ("bank-account-number", Triggers::DIGITS, account::other),
    ("payment-card", Triggers::DIGITS, account::card),
    ("us-social-security-number", Triggers::DIGITS, identity::us_social_security),
    ("national-identity-number", Triggers::DIGITS, identity::national),
    ("identity-document-number", Triggers::DIGITS, identity::document),
    ("vehicle-registration", Triggers::WORDS, identity::vehicle),
    ("customer-reference", Triggers::DIGITS, reference::customer),
    ("order-number", Triggers::DIGITS, reference::order),
    ("postal-address", Triggers::WORDS, address::postal),
    ("ip-address", Triggers::DIGITS, network::ip),
    ("crypto-wallet", Triggers::TOKEN, network::wallet),
    ("private-key", Triggers::DASHES, secret::private_key),
    ("api-key", Triggers::TOKEN, secret::api_key),
    ("access-token", Triggers::TOKEN, secret::access_token),
    ("password", Triggers::WORDS, secret::password),
    ("access-code", Triggers::WORDS, secret::access_code),
    ("connection-string", Triggers::SCHEME, secret::connection_string),
    ("secret-string", Triggers::TOKEN, secret::string),
    ("recovery-phrase", Triggers::WORDS, secret::recovery_phrase),
];

lazy_static::lazy_static! {
    static ref NAMES: Vec<&'static str> = DETECTORS.iter().map(|d| d.0).collect();
}

/// The names of all detectors; a rule names one with `detector = "…"`.
pub fn names() -> &'static [&'static str] {
    &NAMES
}

/// What the detector of that name finds, by place; `None` when there is no detector of that name.
pub fn detect(name: &str, text: &str) -> Option<Vec<Detection>> {
    let (_, needed, find) = DETECTORS.iter().find(|d| d.0 == name)?;
    let mut found = Vec::new();
    if scan::triggers(text.as_bytes()).or(Triggers::WORDS).meet(*needed) {
        run(*find, &Scan::new(text), &mut found);
    }
    Some(found)
}

/// What all detectors find: for each find the index into [`names`]. The text is folded and its numbers are read once,
/// which makes this the cheap way to run more than one.
pub fn detect_all(text: &str) -> Vec<(usize, Detection)> {
    let held = scan::triggers(text.as_bytes()).or(Triggers::WORDS);
    let mut all = Vec::new();
    let scan = Scan::new(text);
    let mut found = Vec::new();
    for (index, (_, needed, find)) in DETECTORS.iter().enumerate() {
        if held.meet(*needed) {
            run(*find, &scan, &mut found);
            all.extend(found.drain(..).map(|d| (index, d)));
        }
    }
    all
}

fn run(find: Find, scan: &Scan<'_>, found: &mut Vec<Detection>) {
    find(scan, found);
    for d in found.iter_mut() {
        // A span may only end inside a character by a mistake of a scanner; a linter must not panic over it.
        while !scan.text.is_char_boundary(d.span.start) {
            d.span.start -= 1;
        }
        while !scan.text.is_char_boundary(d.span.end) {
            d.span.end += 1;
        }
    }
    found.sort_by_key(|d| (d.span.start, std::cmp::Reverse(d.span.end)));
    let mut reached = 0;
    found.retain(|d| {
        let new = d.span.start >= reached;
        if new {
            reached = d.span.end;
        }
        new
    });
}

/// What may be shown in place of a value found: its kind and its length, nothing that identifies.
pub fn mask(kind: &str, value: &str) -> String {
    format!("[{kind}, {} characters]", value.chars().count())
}

#[cfg(test)]
mod tests;
