use super::*;
use crate::date::Date;
use std::path::PathBuf;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn key() -> Key {
    Key::parse(&"a1".repeat(32)).unwrap()
}

fn addition(kind: &str) -> Addition {
    Addition { kind: kind.to_owned(), ..Addition::default() }
}

fn registry(lines: &str) -> (tempfile::TempDir, PathBuf, Registry) {
    let folder = folder();
    let path = folder.path().join(FILE_NAME);
    add_terms(&path, &key(), &addition("project"), lines).unwrap();
    let opened = read(&path).unwrap().open(&Hasher::new(&key())).unwrap();
    (folder, path, opened)
}

fn met<'t>(registry: &Registry, text: &'t str) -> Vec<&'t str> {
    registry.find_in(text).into_iter().map(|(range, _)| &text[range]).collect()
}

#[test]
fn terms_are_found_in_every_form() {
    let (_folder, _path, registry) =
        registry("Blue Bird\nSkylark\nСеверный ветер\nИволга\nprojet Alisier\nproject Wilgenroos\nВерхняя Тойма-2\n");
    for (text, found) in [
        ("We call it Blue Bird.", "Blue Bird"),
        ("BLUE\u{a0}BIRD", "BLUE\u{a0}BIRD"),
        ("blue\nbird flies", "blue\nbird"),
        ("Blue-Bird, again", "Blue-Bird"),
        ("the Bluebird team", "Bluebird"),
        ("more #BlueBird soon", "#BlueBird"),
        ("more #blue_bird soon", "#blue_bird"),
        ("Blue Bird's first flight", "Blue Bird"),
        ("see https://example.com/news/blue-bird-2.html", "https://example.com/news/blue-bird-2.html"),
        ("mail skylark@example.com", "skylark@example.com"),
        ("Sky-lark is on", "Sky-lark"),
        ("two Skylarks", "Skylarks"),
        ("B\u{200b}lue Bi\u{ad}rd", "B\u{200b}lue Bi\u{ad}rd"),
        ("Северным ветром", "Северным ветром"),
        ("о СЕВЕРНОМ ВЕТРЕ", "СЕВЕРНОМ ВЕТРЕ"),
        ("с Иволгой", "Иволгой"),
        ("с Ивoлгой, где o латинское", "Ивoлгой"),
        ("le projet\u{202f}Alisier avance", "projet\u{202f}Alisier"),
        ("les projets Alisiers", "projets Alisiers"),
        ("het project wilgenroos", "project wilgenroos"),
        ("в Верхней Тойме-2", "Верхней Тойме-2"),
    ] {
        assert_eq!(met(&registry, text), [found], "{text}");
    }
    for clean in [
        "a bird, blue as ink",
        "The sky, lark and sun",
        "sky lark",
        "северный олень и ветер",
        "projet d'alisiers",
        "blue. Birds",
        "Верхняя Тойма",
        "#blue",
        "https://example.com/blue/x/bird",
    ] {
        assert_eq!(met(&registry, clean), Vec::<&str>::new(), "{clean}");
    }
}

#[test]
fn the_file_holds_no_term() {
    let (_folder, path, _) = registry("Skylark\nСеверный ветер");
    let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
    for word in ["skylark", "север", "ветер"] {
        assert!(!text.contains(word));
    }
}

#[test]
fn adding_twice_changes_nothing() {
    let (_folder, path, _) = registry("Skylark");
    let before = std::fs::read(&path).unwrap();
    let added = add_terms(&path, &key(), &addition("project"), "SKYLARK\n").unwrap();
    assert_eq!((added.new, added.known), (0, 1));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let added = add_terms(
        &path,
        &key(),
        &Addition {
            label: Some("P \"7\"".to_owned()),
            until: Some("2026-12-14T08:00+01:00".to_owned()),
            ..addition("deal")
        },
        "\n  Kestrel \nOtter\n",
    )
    .unwrap();
    assert_eq!((added.label.as_str(), added.new, added.known), ("P \"7\"", 2, 0));
    let file = read(&path).unwrap();
    assert_eq!(
        file.terms.iter().map(|t| t.term.label.as_str()).collect::<Vec<_>>(),
        ["project-1", "P \"7\"", "P \"7\""]
    );
    assert!(file.terms[1].term.until.is_some());
}

#[test]
fn what_cannot_be_registered() {
    let folder = folder();
    let path = folder.path().join(FILE_NAME);
    let refused = |addition: &Addition, lines: &str| add_terms(&path, &key(), addition, lines).unwrap_err().to_string();
    let named = Addition { label: Some("the skylark thing".to_owned()), ..addition("project") };
    let dated = Addition { until: Some("2026-12-14".to_owned()), ..addition("project") };
    for (message, part) in [
        (refused(&addition("project"), ""), "no term"),
        (refused(&addition("project"), "Otter\nab"), "line 2: the term is too short"),
        (refused(&addition("project"), "one two three four five six seven eight nine"), "more than 8 words"),
        (refused(&named, "Skylark"), "gives the term away"),
        (refused(&dated, "Skylark"), "2026-12-14T08:00+01:00"),
    ] {
        assert!(message.contains(part), "{message}");
        assert!(!message.to_lowercase().contains("skylark") && !message.contains('\n'), "{message}");
    }
    assert!(!path.exists());
}

#[test]
fn a_damaged_registry_is_an_error() {
    let (_folder, path, _) = registry("Skylark\nOtter hill");
    let good = std::fs::read_to_string(&path).unwrap();
    let opened = |text: &str| {
        std::fs::write(&path, text).unwrap();
        match read(&path).and_then(|f| f.open(&Hasher::new(&key()))) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(opened(&good), "");
    let hash = good.find("  \"").unwrap() + 3;
    let flipped = if good.as_bytes()[hash] == b'0' { "1" } else { "0" };
    for (text, part) in [
        (good.replace("version = 1", "version = 2"), "version 2"),
        (good.replace("version = 1\n", ""), "no `version`"),
        (good.replacen("key = ", "kei = ", 1), "line 4"),
        (format!("{}{flipped}{}", &good[..hash], &good[hash + 1..]), "seal"),
        (good.replacen("words = 1", "words = 2", 1), "seal"),
        (good.replacen("words = 1", "words = 0", 1), "`words`"),
        (good.replacen("kind = \"project\"", "kind = \"bird\"", 1), "`kind`"),
        (good.replacen("words = 1", "words = 1\nuntil = \"tomorrow\"", 1), "`until`"),
        (good.replacen("words = 1", "words = 1\nlevel = \"grave\"", 1), "`level`"),
        (good[..good.len() / 2].to_owned(), "damaged"),
        (
            format!("{good}\n[[period]]\nlabel = \"a\"\nfrom = \"2026-02-30\"\nto = \"2026-03-01\"\n"),
            "no day of the calendar",
        ),
        (format!("{good}\n[[period]]\nlabel = \"a\"\nfrom = 2026-03-02\nto = 2026-03-01\n"), "ends before"),
        (
            format!(
                "{good}\n[[period]]\nlabel = \"a\"\nfrom = 2026-03-02\nto = 2026-03-09\n[[period]]\nlabel = \"b\"\nfrom = 2026-03-09\nto = 2026-03-20\n"
            ),
            "overlaps",
        ),
        ("\u{0}".to_owned(), "damaged"),
        (String::new(), "no `version`"),
    ] {
        let message = opened(&text);
        assert!(message.contains(part), "{part}: {message}");
        assert!(!message.contains('\n'));
    }
    std::fs::write(&path, &good).unwrap();
    let other = Key::parse(&"b2".repeat(32)).unwrap();
    assert!(matches!(read(&path).unwrap().open(&Hasher::new(&other)), Err(RegistryError::OtherKey(_))));
    assert!(matches!(add_terms(&path, &other, &addition("project"), "Kestrel"), Err(RegistryError::OtherKey(_))));
}

#[test]
fn periods_are_kept() {
    let folder = folder();
    let path = folder.path().join(FILE_NAME);
    let day = |t: &str| Date::parse(t).unwrap();
    add_period(&path, "Q4", day("2026-12-15"), day("2027-02-10")).unwrap();
    assert!(
        add_period(&path, "offer", day("2027-02-10"), day("2027-03-01")).unwrap_err().to_string().contains("overlaps")
    );
    assert!(add_period(&path, "offer", day("2027-03-10"), day("2027-03-01")).is_err());
    add_terms(&path, &key(), &addition("deal"), "Skylark").unwrap();
    let registry = read(&path).unwrap().open(&Hasher::new(&key())).unwrap();
    assert_eq!(registry.periods().len(), 1);
    assert_eq!(met(&registry, "Skylark"), ["Skylark"]);
}

#[test]
fn the_key_lies_elsewhere() {
    let folder = folder();
    let registry = folder.path().join("repo").join(FILE_NAME);
    std::fs::create_dir_all(folder.path().join("repo/.git")).unwrap();
    std::fs::create_dir_all(folder.path().join("repo/deep")).unwrap();
    let place = |file: &str| KeyPlace { flag: Some(folder.path().join(file)), setting: None };
    assert!(place("home/k").find(&registry).unwrap_err().to_string().contains("missing"));
    assert!(place("repo/deep/k").create(&registry).unwrap_err().to_string().contains("repository"));
    let (key, path) = place("home/k").create(&registry).unwrap();
    assert_eq!(place("home/k").find(&registry), Ok(key));
    assert!(place("home/k").create(&registry).unwrap_err().to_string().contains("already"));
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777,
        0o600
    );
    std::fs::write(&path, "no key").unwrap();
    assert!(place("home/k").find(&registry).unwrap_err().to_string().contains("64 hexadecimal digits"));
}
