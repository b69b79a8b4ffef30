//! Numbers that a company gives to a customer's matter: orders, policies, contracts, files.

use super::Detection;
use super::account::{NUMBER_WORDS, amount, country, word_end, word_start};
use super::scan::Scan;
use crate::finding::Confidence;
use std::ops::Range;

/// The matter.
const MATTERS: &[&str] = &[
    "order",
    "orders",
    "policy",
    "contract",
    "claim",
    "ticket",
    "booking",
    "reservation",
    "invoice",
    "case",
    "file",
    "customer",
    "membership",
    "parcel",
    "tracking",
    "shipment",
    "loan",
    "complaint",
    "reference",
    "subscription",
    "commande",
    "police",
    "contrat",
    "dossier",
    "sinistre",
    "réservation",
    "facture",
    "réclamation",
    "colis",
    "abonnement",
    "client",
    "référence",
    "prêt",
    "order*",
    "bestelling",
    "bestelnummer",
    "polis*",
    "contract*",
    "dossier*",
    "claim*",
    "boeking*",
    "reservering*",
    "factuur*",
    "klacht*",
    "klantnummer",
    "pakket",
    "abonnement",
    "lening*",
    "schade*",
    "заказ",
    "заказа",
    "заказу",
    "заказе",
    "полис*",
    "договор*",
    "обращени*",
    "заявк*",
    "бронь",
    "брони",
    "бронировани*",
    "посылк*",
    "жалоб*",
    "тикет*",
    "претензи*",
    "кредит*",
    "абонемент*",
];

/// Whose it is: the reader's.
const YOURS: &[&str] = &[
    "your",
    "votre",
    "vos",
    "ta",
    "ton",
    "uw",
    "je",
    "jouw",
    "jullie",
    "ваш",
    "ваша",
    "ваше",
    "вашего",
    "вашей",
    "вашу",
    "вашему",
    "вашем",
    "вашим",
    "твой",
    "твоя",
    "твоего",
    "твоей",
    "твою",
    "твоему",
    "по вашему",
    "по вашей",
];

const FILLERS: &[&str] = &[
    "№",
    "no",
    "nr",
    "number",
    "num",
    "n°",
    "numéro",
    "numero",
    "n",
    "nummer",
    "met",
    "номер",
    "за",
    "номером",
    "от",
    "ref",
    "with",
    "id",
    "code",
    "référence",
    "portant",
    "le",
    "de",
    "the",
    "under",
    "sous",
    "onder",
    "под",
];

/// A reference: at least five digits, or four with letters; no year, amount or date.
fn candidate(scan: &Scan<'_>, index: usize) -> Option<Range<usize>> {
    let run = &scan.runs[index];
    if run.plus || run.digits > 20 || amount(scan, run) {
        return None;
    }
    let first = scan.groups_of(run)[0].clone();
    let start = word_start(scan, first.start);
    let start = if scan.before(start) == b'-' && start > 1 && scan.folded[start - 2].is_ascii_alphabetic() {
        word_start(scan, start - 1)
    } else {
        start
    };
    let mut end = word_end(scan, run.span.end);
    // 88213-B, 88213-Б
    if scan.at(end) == b'-' {
        let mut tail = end + 1;
        while tail < scan.folded.len()
            && (scan.folded[tail].is_ascii_alphanumeric() || scan.folded[tail] >= 0x80)
            && tail - end < 8
        {
            tail += 1;
        }
        if tail > end + 1 && tail - end < 6 {
            end = tail;
        }
    }
    let letters = scan.folded[start..end].iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let lengths = scan.lengths(run);
    let date = matches!(lengths[..], [1..=2, 1..=2, 2 | 4] | [4, 1..=2, 1..=2]);
    let figure = lengths.len() > 1
        && lengths[1..].iter().all(|l| *l == 3)
        && lengths[0] <= 3
        && scan.separators(run).iter().all(|s| matches!(s, b' ' | b'.'));
    (!date && !figure && (run.digits >= 5 || (run.digits >= 4 && letters))).then_some(start..end)
}

/// The matter's word before a candidate, over fillers alone.
fn matter(scan: &Scan<'_>, at: usize) -> Option<usize> {
    for word in scan.words_before(at, 4) {
        if scan.cue_at(word.start, MATTERS).is_some() {
            return Some(word.start);
        }
        if !FILLERS.iter().any(|f| f.as_bytes() == &scan.folded[word.clone()]) {
            return None;
        }
    }
    None
}

/// The reader's own reference, whatever the kind of draft: "your order 88213-B".
pub(super) fn customer(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    references(scan, found, true);
}

/// Any reference of a customer's matter; its rule is for replies alone.
pub(super) fn order(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    references(scan, found, false);
}

fn references(scan: &Scan<'_>, found: &mut Vec<Detection>, yours: bool) {
    for index in 0..scan.runs.len() {
        if scan.runs[index].digits < 4 {
            continue;
        }
        let Some(span) = candidate(scan, index) else { continue };
        // Accounts have detectors of their own.
        if country(&scan.folded[span.clone()]) || scan.cue_before(span.start, 3, NUMBER_WORDS).is_some() {
            continue;
        }
        let Some(matter) = matter(scan, span.start) else { continue };
        let addressed = scan.cue_before(matter, 2, YOURS).is_some();
        if addressed == yours {
            found.push(Detection::new(span, Confidence::Medium));
        }
    }
}
