//! What holds for any draft.

use draftlint::draft::{Draft, Format};
use draftlint::finding::{Language, Scope};
use draftlint::linter::{Linter, Options};
use draftlint::pack::Pack;
use draftlint::rule_tests::DAY;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

lazy_static::lazy_static! {
    static ref LINTER: Linter<'static> = linter();
}

fn linter() -> Linter<'static> {
    Linter::new(Pack::embedded(), Options { as_of: DAY, ..Options::default() })
}

/// Examples of the rules, plain: text that the rules have something to say about.
fn sentences() -> Vec<String> {
    let pack = Pack::embedded();
    let mut all: Vec<String> = pack
        .rules()
        .flat_map(|rule| rule.page().languages.into_values())
        .flat_map(|part| part.bad.into_iter().chain(part.good))
        .map(|example| example.text().replace("[[", "").replace("]]", ""))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// (rule, words of the span with white space folded): what a finding says, whatever the text's form.
fn findings(text: &str, format: Format) -> Vec<(String, String)> {
    let draft = Draft::from_text("draft", text.to_owned(), format);
    let report = linter().lint(&draft);
    let pack = Pack::embedded();
    report
        .findings
        .iter()
        .map(|f| {
            let words: String = draft.text[f.span.start..f.span.end]
                .nfc()
                .collect::<String>()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            (pack.rule(f.rule).full_id().to_owned(), words)
        })
        .collect()
}

#[test]
fn forms_of_one_text_give_the_same_findings() {
    let sentences = sentences();
    for pair in sentences.chunks(3).step_by(4) {
        let text = pair.join("\n\n");
        // the first line of a private key has plain spaces or is none
        if text.contains("-----BEGIN") {
            continue;
        }
        let plain = findings(&text, Format::Text);
        for (form, other) in [
            ("CRLF", text.replace('\n', "\r\n")),
            ("NFD", text.nfd().collect()),
            ("no-break spaces", text.replace(' ', "\u{a0}")),
            ("byte-order mark", format!("\u{feff}{text}")),
        ] {
            assert_eq!(plain, findings(&other, Format::Text), "{form}: {text}");
        }
    }
}

#[test]
fn false_friends_stay_silent() {
    for text in [
        "Nous comptons 1 200 salariés, dont 38 % de femmes.",
        "C’est un contrat simple entre nous et nos clients.",
        "Новая дорога сократит дорогу до склада: сократим путь на 20 минут.",
        "Между нами и клиентом стоит только курьер.",
        "Полки сделаны из ДСП толщиной 16 миллиметров.",
        "Je suis en réunion, rappelez-moi demain.",
        "Напомните, пожалуйста, номер заявки.",
    ] {
        let draft = Draft::from_text("draft", text.to_owned(), Format::Text);
        let report = linter().lint(&draft);
        let loud: Vec<&str> = report
            .findings
            .iter()
            .filter(|f| f.severity > draftlint::finding::Severity::Note)
            .map(|f| Pack::embedded().rule(f.rule).full_id())
            .collect();
        assert!(loud.is_empty(), "{text}: {loud:?}");
    }
}

#[test]
fn the_canonical_test_holds_in_four_languages() {
    let cases = [
        (
            Language::En,
            "Make sure you choose the best companies to invest your hard-earned dollars in.",
            "Industries X, Y and Z have shown appreciable growth over the last three quarters and, according to the statistics, look like solid investments.",
        ),
        (
            Language::Fr,
            "Assurez-vous de choisir les meilleures sociétés dans lesquelles investir vos dollars durement gagnés.",
            "Les industries X, Y et Z ont affiché une croissance appréciable au cours des trois derniers trimestres et, selon les statistiques, ressemble à des investissements solides",
        ),
        (
            Language::Nl,
            "Zorg dat u de beste bedrijven kiest om uw zuurverdiende dollars in te beleggen.",
            "De sectoren X, Y en Z lieten de afgelopen drie kwartalen een aanzienlijke groei zien en lijken volgens de statistieken solide investeringen.",
        ),
        (
            Language::Ru,
            "Обязательно выбирайте лучшие компании, чтобы вложить свои кровно заработанные доллары.",
            "Отрасли X, Y и Z за последние три квартала показали ощутимый рост и, судя по статистике, выглядят надёжными вложениями.",
        ),
    ];
    for (language, bad, good) in cases {
        let report = linter().lint(&Draft::from_text("bad", bad.to_owned(), Format::Text));
        assert_eq!(report.language, language);
        assert!(
            report.findings.iter().any(|f| Pack::embedded().rule(f.rule).category().name() == "vague"
                && f.severity >= draftlint::finding::Severity::Warning),
            "{bad}"
        );
        let report = linter().lint(&Draft::from_text("good", good.to_owned(), Format::Text));
        assert_eq!(report.language, language);
        assert!(
            report.findings.iter().all(|f| f.severity == draftlint::finding::Severity::Note),
            "{good}: {:?}",
            report.findings
        );
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,20}",
        "[а-яёА-Я ,.!?]{0,20}",
        "[a-zéèàçœ’' ]{0,20}",
        "\\PC{0,6}",
        Just("we expect revenue to double by 2030. ".to_owned()),
        Just("вы — дилетант! ".to_owned()),
        Just("«Nous prévoyons de doubler notre chiffre d’affaires» ".to_owned()),
        Just("👩‍👩‍👧‍👦 #hash @name https://example.org/x ".to_owned()),
        Just("\u{200b}\u{202e}\r\n\n> - 1. ".to_owned()),
        Just("<!-- draftlint: allow x -- y --> [insert name] ".to_owned()),
        // what telephone numbers, accounts, cards and identity numbers are made of
        "(call |tel. |IBAN |ИНН |bel |\\+|№ )?([0-9]{1,5}[ ./()–-]){1,6}",
        "(do|don|do\u{3b7}|qu|ma|d)[\u{200b}\u{ad}]?['’][a-zà]{1,4} ",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// An example of a rule, with invisible characters, look-alikes, combining marks and signs put into it.
fn disguised_example() -> impl Strategy<Value = String> {
    let into = proptest::sample::select(vec![
        "\u{200b}", "\u{ad}", "\u{2060}", "\u{202e}", "\u{301}", "\u{7}", "\u{fe0f}", "'", "’", "«", "_", "@", "\n> ",
        "&#8203;", "\u{212a}", "\u{3b7}", "\u{435}", "\u{ff11}", "ﬁ", "ß",
    ]);
    let places = proptest::collection::vec((any::<proptest::sample::Index>(), into, any::<bool>()), 1..6);
    (proptest::sample::select(sentences()), places).prop_map(|(sentence, places)| {
        let mut letters: Vec<String> = sentence.chars().map(String::from).collect();
        for (place, into, instead) in places {
            let at = place.index(letters.len());
            if instead {
                letters[at] = into.to_owned();
            } else {
                letters.insert(at, into.to_owned());
            }
        }
        letters.concat()
    })
}

/// Options that change what is looked for.
fn any_options() -> impl Strategy<Value = Options> {
    let language =
        proptest::option::of(proptest::sample::select(vec![Language::En, Language::Fr, Language::Nl, Language::Ru]));
    let channel = proptest::option::of(proptest::sample::select(draftlint::config::CHANNELS.to_vec()));
    let kind = proptest::option::of(proptest::sample::select(draftlint::draft::KINDS.to_vec()));
    let status = proptest::sample::subsequence(vec!["listed", "bank", "health", "offering"], 0..=4);
    let jurisdictions = proptest::sample::subsequence(vec!["eu", "fr", "nl", "us", "ru"], 0..=5);
    (language, channel, kind, status, jurisdictions).prop_map(|(language, channel, kind, status, jurisdictions)| {
        Options {
            as_of: DAY,
            language,
            channel: channel.map(str::to_owned),
            kind: kind.map(str::to_owned),
            status: status.into_iter().map(str::to_owned).collect(),
            jurisdictions: jurisdictions.into_iter().map(str::to_owned).collect(),
            ..Options::default()
        }
    })
}

fn any_format() -> impl Strategy<Value = Format> {
    proptest::sample::select(vec![Format::Text, Format::Markdown, Format::Html])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_disguise_brings_the_linter_down(text in disguised_example()) {
        let draft = Draft::from_text("draft", text, Format::Markdown);
        for finding in LINTER.lint(&draft).findings {
            prop_assert!(draft.text.get(finding.span.start..finding.span.end).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_sound_and_runs_repeat(text in any_text(), format in any_format(), options in any_options(), short in any::<bool>()) {
        let mut draft = Draft::from_text("draft", text, format);
        if short {
            draft.limits.paragraph_bytes = 1; // the least there is
        }
        let linter = Linter::new(Pack::embedded(), options);
        let report = linter.lint(&draft);
        let mut last = 0;
        for finding in &report.findings {
            let fixes = finding.fix.iter().map(|f| f.span);
            for span in finding.labels.iter().map(|l| l.span).chain([finding.span, finding.sentence]).chain(fixes) {
                prop_assert!(span.start <= span.end && span.end <= draft.text.len());
                prop_assert!(draft.text.is_char_boundary(span.start) && draft.text.is_char_boundary(span.end));
            }
            prop_assert!(finding.span.start >= last);
            last = finding.span.start;
        }
        let again = linter.lint(&draft);
        prop_assert_eq!(report.findings, again.findings);
        prop_assert_eq!(report.specificity, again.specificity);
    }
}

/// Rule, place and words of the findings that do not look at the draft as a whole.
fn local_findings(linter: &Linter<'_>, text: &str) -> Vec<(String, usize, usize)> {
    let report = linter.lint(&Draft::from_text("draft", text.to_owned(), Format::Text));
    let pack = Pack::embedded();
    let local = report.findings.iter().filter(|f| f.scope == Scope::Span);
    local.map(|f| (pack.rule(f.rule).full_id().to_owned(), f.span.start, f.span.end)).collect()
}

/// Two posts one after the other hold what each held alone, but for rules that look beyond the sentence: those count,
/// compare, or take back what the rest of the post excuses.
#[test]
fn two_posts_in_one_hold_what_each_held_alone() {
    let pack = Pack::embedded();
    let options = |language| Options { as_of: DAY, language: Some(language), ..Options::default() };
    let mut compared = 0;
    for language in [Language::En, Language::Fr, Language::Nl, Language::Ru] {
        let linter = Linter::new(pack, options(language));
        let bad: Vec<String> = pack
            .rules()
            .filter_map(|rule| rule.page().languages.remove(language.name()))
            .filter_map(|part| part.bad.into_iter().next())
            .map(|example| example.text().replace("[[", "").replace("]]", ""))
            .filter(|text| !text.starts_with("---") && !text.contains("-----BEGIN"))
            .collect();
        for pair in bad.windows(2).step_by(3) {
            // the separator is a rule that no list, quotation or sentence reaches across
            let gap = "\n\n***\n\n";
            let both = format!("{}{gap}{}", pair[0], pair[1]);
            let together = local_findings(&linter, &both);
            for (text, from) in [(&pair[0], 0), (&pair[1], pair[0].len() + gap.len())] {
                for (rule, start, end) in local_findings(&linter, text) {
                    let looks_around = LOOKS_AROUND.contains(&rule.rsplit('/').next().unwrap_or_default());
                    let found = together.iter().any(|(r, s, e)| *r == rule && (*s, *e) == (start + from, end + from));
                    compared += usize::from(!looks_around);
                    assert!(
                        found || looks_around || excused_by_the_rest(&rule),
                        "{rule} `{}` of\n{both}",
                        &text[start..end]
                    );
                }
            }
        }
    }
    assert!(compared > 300, "{compared}");
}

/// Whether a rule has evidence against it, or a number it waits for, beyond the sentence.
fn excused_by_the_rest(rule: &str) -> bool {
    let path = format!("rules/{rule}.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    ["\"post\"", "\"neighbours\"", "\"paragraph\"", "at_least", "per_words", "once = true"]
        .iter()
        .any(|w| text.contains(w))
}

/// Checks that count or compare over the post, though they point to words of it.
const LOOKS_AROUND: &[&str] = &[];
