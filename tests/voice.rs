//! The house voice from outside: channels count as the tables say, profiles are merged, every rule of the house fires where
//! it should and nowhere else.

use draftlint::date::Date;
use draftlint::draft::{Draft, Format};
use draftlint::finding::Applicability;
use draftlint::linter::{Linter, Options};
use draftlint::pack::Pack;
use draftlint::voice::{Account, Profile, channel};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(|| Pack::from_folders(&[PathBuf::from("rules")], false).expect("the rules compile"))
}

/// A text with `\n`, `\r` and `\u{hex}` written out.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        rest = match tail.as_bytes().first() {
            Some(b'n') => {
                out.push('\n');
                &tail[1..]
            }
            Some(b'r') => {
                out.push('\r');
                &tail[1..]
            }
            Some(b'u') => {
                let end = tail.find('}').expect("a closing brace");
                out.push(
                    char::from_u32(u32::from_str_radix(&tail[2..end], 16).expect("hexadecimal")).expect("a character"),
                );
                &tail[end + 1..]
            }
            _ => panic!("an escape that is not known: {text}"),
        };
    }
    out.push_str(rest);
    out
}

#[test]
fn channels_count_as_the_table_says() {
    let table = std::fs::read_to_string("tests/voice/channels.tsv").expect("the table");
    let columns: [&[&str]; 5] = [
        &["x"],
        &["linkedin", "instagram", "facebook", "telegram"],
        &["bluesky", "vk", "article", "blog", "newsletter", "internal"],
        &["mastodon"],
        &["threads"],
    ];
    assert_eq!(columns.concat().len(), channel::all().len());
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in table.lines().filter(|l| !l.starts_with("# ") && !l.starts_with("#  ")) {
        let fields: Vec<&str> = line.split('\t').collect();
        let text = unescaped(fields[0]);
        rows += 1;
        for (names, expected) in columns.iter().zip(&fields[1..]) {
            for name in *names {
                let count = channel::find(name).expect(name).count(&text);
                if count.to_string() != *expected {
                    wrong.push(format!("{name} {}: {count}, not {expected}", fields[0]));
                }
            }
        }
    }
    assert!(rows >= 40, "{rows} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn limits_of_channels() {
    let limits: Vec<(&str, Option<usize>, Option<usize>)> =
        channel::all().iter().map(|c| (c.name.as_str(), c.limit, c.hashtags)).collect();
    for known in [
        ("x", Some(280), None),
        ("linkedin", Some(3000), None),
        ("bluesky", Some(300), None),
        ("mastodon", Some(500), None),
        ("threads", Some(500), Some(1)),
        ("instagram", Some(2200), Some(5)),
        ("facebook", Some(63206), None),
        ("telegram", Some(4096), None),
        ("vk", None, None),
        ("article", None, None),
        ("blog", None, None),
        ("newsletter", None, None),
        ("internal", None, None),
    ] {
        assert!(limits.contains(&known), "{known:?}");
    }
    assert_eq!(channel::find(" Twitter ").map(|c| c.name.as_str()), Some("x"));
    assert!(draftlint::config::CHANNELS.iter().all(|name| channel::find(name).is_some_and(|c| c.name == *name)));
    assert_eq!(draftlint::config::CHANNELS.len(), channel::all().len());
    let schemas = [draftlint::voice::SCHEMA, draftlint::config::SCHEMA];
    for channel in channel::all() {
        assert!(schemas.iter().all(|s| s.contains(&format!("\"{}\"", channel.name))), "{}", channel.name);
        assert!(Date::parse(&channel.read).is_some() && !channel.source.is_empty(), "{}", channel.name);
    }
}

/// VOI-13 in the four languages: 340 characters where 280 fit, and the short post that says the same.
#[test]
fn too_long_in_every_language() {
    let cases = [
        (
            "en",
            "Stock per shop is now on our site. ",
            "Stock per shop is now on our site. Missing your shop? Write its postcode below.",
        ),
        (
            "fr",
            "Le stock par magasin est en ligne. ",
            "Le stock par magasin est en ligne. Il manque le vôtre ? Indiquez son code postal.",
        ),
        (
            "nl",
            "De voorraad per winkel staat online. ",
            "De voorraad per winkel staat online. Ontbreekt uw winkel? Geef de postcode.",
        ),
        (
            "ru",
            "Остатки по магазинам теперь на сайте. ",
            "Остатки по магазинам теперь на сайте. Вашего нет? Напишите индекс.",
        ),
    ];
    for (lang, sentence, short) in cases {
        let long: String = sentence.chars().cycle().take(340).collect();
        for (text, expected) in [(long.as_str(), true), (short, false)] {
            let mut draft = Draft::from_text("draft", text.to_owned(), Format::Text);
            draft.front_matter.channel = Some("x".to_owned());
            draft.front_matter.lang = Some(lang.to_owned());
            let report = Linter::new(pack(), Options::default()).lint(&draft);
            let found = report.findings.iter().find(|f| pack().rule(f.rule).slug() == "channel-length");
            assert_eq!(found.is_some(), expected, "{text}");
            if let Some(found) = found {
                let before = text[..found.span.start].chars().count();
                assert!((265..=280).contains(&before), "{lang}: {before}");
                assert!(text[..found.span.start].ends_with(' '), "{lang}");
                assert_eq!(found.detail.as_deref().map(|d| d.ends_with("/280")), Some(true), "{:?}", found.detail);
            }
        }
    }
}

/// A post of exactly the limit is fine, one more is not; the finding begins where the limit is passed.
#[test]
fn limits_are_exact() {
    let length = |name: &str, text: String| {
        let mut draft = Draft::from_text("draft", text, Format::Text);
        draft.front_matter.channel = Some(name.to_owned());
        draft.front_matter.lang = Some("ru".to_owned());
        let report = Linter::new(pack(), Options::default()).lint(&draft);
        let found = report.findings.iter().find(|f| pack().rule(f.rule).slug() == "channel-length").cloned();
        (report.channel_count.expect("counted").1, found.map(|f| f.span.start))
    };
    for channel in channel::all() {
        let Some(limit) = channel.limit else { continue };
        let fits = "да ".repeat(limit / 3) + &"а".repeat(limit % 3);
        let fits = fits.trim_end().to_owned() + if fits.ends_with(' ') { "!" } else { "" };
        assert_eq!(length(&channel.name, fits.clone()), (limit, None), "{}", channel.name);
        let over = length(&channel.name, format!("{fits}?"));
        let word = fits.rfind(' ').map_or(0, |at| at + 1);
        assert_eq!(over, (limit + 1, Some(word)), "{}", channel.name);
    }
    // 250 family emoji are 250 characters on Bluesky, and too many bytes
    let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
    let (count, found) = length("bluesky", format!("Да {}", family.repeat(250)));
    assert!(count == 253 && found.is_some());
}

proptest! {
    /// Words apart by a space add up; the limit is passed where the count says.
    #[test]
    fn counts_add_up(a in "[a-zа-яё😀€…]{1,20}", b in "[a-zA-Zé🇫🇷№]{1,20}", limit in 0usize..60) {
        for channel in channel::all() {
            let text = format!("{a} {b}");
            let count = channel.count(&text);
            prop_assert_eq!(count, channel.count(&a) + 1 + channel.count(&b), "{}", channel.name);
            match channel.beyond(&text, limit) {
                None => prop_assert!(count <= limit),
                Some(at) => {
                    prop_assert!(count > limit && text.is_char_boundary(at));
                    prop_assert!(channel.count(&text[..at]) <= limit);
                }
            }
        }
    }

    /// Whatever is written, composed or not, X counts alike, and nothing panics.
    #[test]
    fn any_text(text in "\\PC{0,80}") {
        use unicode_normalization::UnicodeNormalization;
        for channel in channel::all() {
            channel.beyond(&text, 10);
        }
        let x = channel::find("x").expect("x");
        let composed: String = text.nfc().collect();
        if !text.contains(['.', '/']) {
            prop_assert_eq!(x.count(&text), x.count(&composed));
        }
        let linkedin = channel::find("linkedin").expect("linkedin");
        prop_assert_eq!(linkedin.count(&text), text.encode_utf16().count());
    }
}

#[derive(serde::Deserialize)]
struct Cases {
    draft: Vec<Case>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    lang: String,
    expect: Vec<String>,
    account: Option<String>,
    author: Option<String>,
    channel: Option<String>,
    date: Option<String>,
    kind: Option<String>,
    goal: Option<String>,
}

/// The rules that need a profile or a channel.
const HOUSE: &[&str] = &[
    "banned-term",
    "preferred-term",
    "name-casing",
    "first-person-on-company-account",
    "first-person",
    "address-form",
    "contractions",
    "exclamation-limit",
    "emoji-limit",
    "hashtag-limit",
    "mention-limit",
    "capitals-limit",
    "off-topic",
    "competitor-mention",
    "campaign-tag",
    "no-goal",
    "readability",
    "channel-length",
    "channel-fold",
    "channel-hashtags",
    "learned-deviation",
    "near-copy",
    "long-sentence",
    "hashtag-pile",
];

fn linter(profile: &Path) -> Linter<'static> {
    let profile = Profile::load(profile, None).expect("the profile is read");
    Linter::new(
        pack(),
        Options { as_of: Date { year: 2026, month: 11, day: 22 }, profile: Some(profile), ..Options::default() },
    )
}

#[test]
fn rules_of_the_house() {
    let linter = linter(Path::new("tests/voice/house/voice.toml"));
    let cases: Cases =
        toml::from_str(&std::fs::read_to_string("tests/voice/house/drafts.toml").expect("the drafts")).expect("TOML");
    let mut wrong = Vec::new();
    for case in cases.draft {
        let plain = case.text.replace("[[", "").replace("]]", "");
        let mark = case.text.find("[[").map(|start| (start, case.text.find("]]").expect("closed") - 2));
        let mut draft = Draft::from_text("case", plain.clone(), Format::Text);
        let front = &mut draft.front_matter;
        front.lang = Some(case.lang.clone());
        (front.account, front.author, front.channel, front.date, front.kind, front.goal) =
            (case.account, case.author, case.channel, case.date, case.kind, case.goal);
        let report = linter.lint(&draft);
        let house: Vec<_> = report.findings.iter().filter(|f| HOUSE.contains(&pack().rule(f.rule).slug())).collect();
        let mut found: Vec<&str> = house.iter().map(|f| pack().rule(f.rule).slug()).collect();
        found.sort_unstable();
        let mut expected = case.expect.clone();
        expected.sort();
        if found != expected {
            wrong.push(format!("{}: {found:?}, not {expected:?}", case.text));
        } else if let Some((start, end)) = mark {
            let first = house.iter().find(|f| pack().rule(f.rule).slug() == case.expect[0]).expect("found");
            let (from, to) = (first.span.start, first.span.end);
            if from < start.saturating_sub(8) || to > end + 8 || from >= end || to <= start {
                wrong.push(format!("{}: points to “{}”", case.text, &plain[from..to]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_of_the_house() {
    let linter = linter(Path::new("tests/voice/house/voice.toml"));
    let fixed = |text: &str, lang: &str, date: &str| {
        let mut draft = Draft::from_text("fix", text.to_owned(), Format::Text);
        draft.front_matter.lang = Some(lang.to_owned());
        draft.front_matter.date = Some(date.to_owned());
        let report = linter.lint(&draft);
        let mut fixes: Vec<_> = report
            .findings
            .iter()
            .filter(|f| HOUSE.contains(&pack().rule(f.rule).slug()))
            .filter_map(|f| f.fix.clone())
            .collect();
        fixes.sort_by_key(|f| std::cmp::Reverse(f.span.start));
        let mut out = text.to_owned();
        for fix in &fixes {
            out.replace_range(fix.span.start..fix.span.end, &fix.text);
        }
        (out, fixes.iter().all(|f| f.applicability == Applicability::Safe))
    };
    assert_eq!(
        fixed("Our AcmePay beats Linkedin.", "en", "2026-01-01"),
        ("Our Acme Pay beats LinkedIn.".to_owned(), true)
    );
    assert_eq!(fixed("Clients leverage it.", "en", "2026-01-01"), ("Customers use it.".to_owned(), false));
    assert_eq!(fixed("#AcmeDays: today.", "en", "2026-05-05"), ("#AcmeWeek: today.".to_owned(), false));
    assert_eq!(fixed("Сотрудники пришли.", "ru", "2026-01-01").0, "Коллеги пришли.");
}

#[test]
fn public_facts_and_allowed_words() {
    let with = linter(Path::new("tests/voice/house/voice.toml"));
    let without = Linter::new(pack(), Options::default());
    let rules = |linter: &Linter<'_>, text: &str| -> Vec<String> {
        let draft = Draft::from_text("draft", text.to_owned(), Format::Text);
        linter.lint(&draft).findings.iter().map(|f| pack().rule(f.rule).slug().to_owned()).collect()
    };
    let text = "Questions go to press@acme-boats.com or to +32 2 555 01 23.";
    assert!(rules(&without, text).contains(&"email-address".to_owned()));
    assert!(
        !rules(&with, text).iter().any(|r| r == "email-address" || r == "phone-number"),
        "{:?}",
        rules(&with, text)
    );
    assert!(rules(&with, "Questions go to jane.doe@acme-boats.com.").contains(&"email-address".to_owned()));
}

#[test]
fn the_channel_is_counted() {
    let linter = linter(Path::new("tests/voice/house/voice.toml"));
    let mut draft = Draft::from_text(
        "draft.md",
        "---\nchannel: x\n---\nНовая верфь открыта… https://acme.com/ru\n".to_owned(),
        Format::Markdown,
    );
    assert_eq!(linter.lint(&draft).channel_count, Some(("x".to_owned(), 21 + 1 + 23, Some(280))));
    draft.front_matter.channel = Some("mastodon".to_owned());
    draft.front_matter.other.insert("warning".to_owned(), "boats".to_owned());
    assert_eq!(linter.lint(&draft).channel_count, Some(("mastodon".to_owned(), 20 + 1 + 23 + 5, Some(60))));
    draft.front_matter.channel = None;
    assert_eq!(linter.lint(&draft).channel_count, None);
}

#[test]
fn a_persons_profile_goes_over_the_companys() {
    let profile = Profile::load(Path::new("tests/voice/house/voice.toml"), None).expect("read");
    let jane = profile.of(Some("JANE DOE"));
    assert_eq!((jane.limits.max_emoji, profile.limits.max_emoji), (Some(4), Some(2)));
    assert_eq!(jane.limits.max_hashtags, Some(3));
    assert_eq!(jane.banned.len(), profile.banned.len());
    assert_eq!(profile.of(Some("nobody")).limits.max_emoji, Some(2));
    // the person's file stands alone as well, by what it extends
    let alone = Profile::load(Path::new("tests/voice/house/voice.jane.toml"), None).expect("read");
    assert_eq!((alone.limits.max_emoji, alone.account), (Some(4), Some(Account::Executive)));
}

fn errors(text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("voice.toml");
    std::fs::write(&path, text).expect("written");
    let errors = Profile::load(&path, None).expect_err(text).to_string();
    errors.replace(&folder.path().display().to_string(), "").replace("/voice.toml", "voice.toml")
}

#[test]
fn errors_point_into_the_file() {
    for (text, expected) in [
        (
            "[identity]\nchannl = \"x\"\n",
            "voice.toml:2:1: `channl` is no setting of [identity]; did you mean `channel`?",
        ),
        ("[voice]\nmax_emoji = \"two\"\n", "voice.toml:2:13: `max_emoji` must be a whole number from 0, found string"),
        ("[terms]\nmax_emoji = 2\n", "voice.toml:2:1: `max_emoji` is no setting of [terms]; it belongs into [voice]"),
        (
            "[rules]\nhype = \"off\"\n",
            "voice.toml:1:2: `rules` does not belong into a voice profile: levels of rules live in draftlint.toml, under `levels`",
        ),
        (
            "[voice]\naddress = { ru = \"ви\" }\n",
            "voice.toml:2:18: `ru` cannot be `ви`; allowed: any, ты, вы; did you mean `вы`?",
        ),
        ("[terms]\nban = [\"sy*nergy\"]\n", "voice.toml:2:8: `ban`: `sy*nergy`: `*` stands only at the end of a word"),
        ("[terms]\nprefer = [{ from = \"a b\" }]\n", "voice.toml:2:11: a preferred term needs `to`, the word to write"),
        (
            "[plan]\ncampaign = [{ tag = \"#a\", from = \"2026-02-30\", to = \"2026-03-01\" }]\n",
            "voice.toml:2:34: `from` is no day of the calendar; write it as 2026-11-30",
        ),
        (
            "[channels.mastodn]\nlimit = 5\n",
            "voice.toml:1:11: `mastodn` is no setting of [channels]; did you mean `mastodon`?",
        ),
        ("schema = 2\n", "voice.toml:1:10: `schema` is 2; this draftlint reads 1"),
        ("extends = \"other.toml\"\n", "voice.toml:1:11: `extends` names /other.toml, which is no file"),
        ("extends = \"voice.toml\"\n", "voice.toml:1:11: `extends` goes in a circle: voice.toml -> voice.toml"),
        ("[people]\nx = \"y.toml\"\n", "voice.toml:2:5: the profile of a person is named here, but /y.toml is no file"),
        ("[learned]\nfile = \"none.toml\"\n", "voice.toml:2:8: none.toml is no file; `draftlint learn DIR` writes it"),
        ("[voice\n", "voice.toml:1:7:"),
    ] {
        let found = errors(text);
        assert!(found.lines().any(|l| l.starts_with(expected)), "{text}\n{found}\n{expected}");
    }
    let many = errors("[voice]\nmax_emojis = 1\nmax_exlamation = 1\n");
    assert_eq!(many.lines().count(), 2);
    assert!(many.starts_with("voice.toml:2:1"), "{many}");
}

#[test]
fn the_schema_agrees() {
    let schema: serde_json::Value = serde_json::from_str(draftlint::voice::SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for file in ["tests/voice/house/voice.toml", "tests/voice/house/voice.jane.toml"] {
        let value: toml::Table = toml::from_str(&std::fs::read_to_string(file).expect("read")).expect("TOML");
        let value = serde_json::to_value(value).expect("JSON");
        let found: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(found.is_empty(), "{file}: {found:?}");
    }
    for wrong in [
        serde_json::json!({"voice": {"max_emojis": 1}}),
        serde_json::json!({"rules": {}}),
        serde_json::json!({"terms": {"prefer": [{"from": "a"}]}}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
