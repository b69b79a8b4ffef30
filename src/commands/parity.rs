//! `draftlint parity A B`.

use super::Answer;
use crate::draft::Draft;
use crate::finding::Language;
use crate::pack::Pack;
use crate::parity::{self, Difference, Kind, Side};
use crate::policy::Assessed;
use crate::span::Span;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// As JSON.
    pub json: bool,
    /// The drafts' words are shown.
    pub words: bool,
    /// The language of people's lines.
    pub language: Language,
}

/// Rules whose finding is cautionary text.
const DISCLAIMERS: [&str; 2] = ["cautionary-statement", "cautionary-boilerplate"];

fn disclaimers(pack: &Pack, assessed: &Assessed) -> Vec<Span> {
    let all = assessed.findings.iter().chain(&assessed.suppressed);
    all.filter(|j| DISCLAIMERS.contains(&pack.rule(j.finding.rule).slug())).map(|j| j.finding.span).collect()
}

/// Compares two language versions.
pub fn compare(pack: &Pack, a: (&Draft, &Assessed), b: (&Draft, &Assessed), form: Form) -> Answer {
    let read = |(draft, assessed): (&Draft, &Assessed)| {
        parity::collect(pack, draft, assessed.report.language, &disclaimers(pack, assessed))
    };
    let (first, second) = (read(a), read(b));
    let differences = parity::compare(&first, &second);
    let names = [a.0.name.as_str(), b.0.name.as_str()];
    let languages = [a.1.report.language, b.1.report.language];
    let out = if form.json {
        as_json(&differences, names, languages, form.words)
    } else {
        as_text(&differences, names, languages, form)
    };
    let mut notes = Vec::new();
    for (name, language) in names.iter().zip(languages) {
        if language == Language::Unknown {
            notes.push(format!(
                "{name}: the language is not known; separators are read as in English (say `lang:` in the front matter)"
            ));
        }
    }
    Answer { out, notes, found: !differences.is_empty() }
}

fn as_json(differences: &[Difference], names: [&str; 2], languages: [Language; 2], words: bool) -> String {
    let side = |s: &Side| {
        let mut value = json!({ "line": s.line, "present": s.words.is_some() });
        if let Some(text) = s.words.as_ref().filter(|_| words) {
            value["text"] = Value::from(text.as_str());
        }
        value
    };
    let list: Vec<Value> =
        differences.iter().map(|d| json!({ "kind": d.kind.name(), "a": side(&d.a), "b": side(&d.b) })).collect();
    let version = |i: usize| json!({ "path": names[i], "language": languages[i].name() });
    let value = json!({ "schema_version": 1, "a": version(0), "b": version(1), "differences": list });
    format!("{value}\n")
}

fn kind(language: Language, kind: Kind) -> &'static str {
    let phrases = match kind {
        Kind::Number => ["number", "nombre", "getal", "число"],
        Kind::Date => ["date", "date", "datum", "дата"],
        Kind::Time => ["time", "heure", "tijd", "время"],
        Kind::Name => ["name", "nom", "naam", "имя"],
        Kind::Link => ["link", "lien", "link", "ссылка"],
        Kind::Disclaimer => ["disclaimer", "avertissement", "voorbehoud", "оговорка"],
    };
    language.say(phrases)
}

fn as_text(differences: &[Difference], names: [&str; 2], languages: [Language; 2], form: Form) -> String {
    let language = form.language;
    let mut out = String::new();
    for difference in differences {
        let side = |i: usize, side: &Side| {
            let what = match &side.words {
                Some(words) if form.words && !words.is_empty() => format!("“{words}”"),
                Some(_) => language.say(["there", "présent", "aanwezig", "есть"]).to_owned(),
                None => language.say(["missing", "absent", "ontbreekt", "нет"]).to_owned(),
            };
            format!("{}:{} {what}", names[i], side.line)
        };
        let _ = writeln!(
            out,
            "{}: {} · {}",
            kind(language, difference.kind),
            side(0, &difference.a),
            side(1, &difference.b)
        );
    }
    let pair = format!("{}, {}", languages[0].name(), languages[1].name());
    let _ = match differences.len() {
        0 => writeln!(
            out,
            "{} ({pair})",
            language.say([
                "numbers, dates, names, links and disclaimers agree",
                "nombres, dates, noms, liens et avertissements concordent",
                "getallen, datums, namen, links en voorbehouden kloppen",
                "числа, даты, имена, ссылки и оговорки совпадают"
            ])
        ),
        n => writeln!(
            out,
            "{}: {n} ({pair})",
            language.say(["differences", "différences", "verschillen", "расхождений"])
        ),
    };
    out
}
