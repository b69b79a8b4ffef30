//! voice.toml found and chosen, init, learn, checklist, earlier posts.

use crate::{Answer, Desk};

const PROFILE: &str = "[identity]\naccount = \"company\"\n[names]\n\"Acme Pay\" = []\n[voice]\nmax_emoji = 1\n";
const POST: &str = "We moved the AcmePay desk to the left on Monday.\n";

/// The program with all shipped rules, of which those of the house are looked at.
fn house(desk: &Desk, args: &[&str]) -> Answer {
    desk.run_bare(
        &[&["--as-of", "2026-11-22", "--select", "voice,near-copy,no-goal", "--output-format", "json"], args].concat(),
    )
}

fn learn(desk: &Desk, args: &[&str]) -> Answer {
    desk.run_bare(&[&["learn"], args].concat())
}

#[test]
fn found_upwards_named_or_nowhere() {
    let desk = Desk::with(&[
        ("voice.toml", PROFILE),
        ("team/deep/post.md", POST),
        ("settings.toml", "profile = \"voice.toml\"\n"),
        ("other.toml", ""),
    ]);
    assert_eq!(house(&desk, &["team/deep/post.md"]).rules(), ["voice/name-casing"]);
    assert_eq!(house(&desk, &["--isolated", "team/deep/post.md"]).rules(), [""; 0]);
    assert_eq!(house(&desk, &["--config", "other.toml", "team/deep/post.md"]).rules(), [""; 0]);
    assert_eq!(house(&desk, &["--config", "settings.toml", "team/deep/post.md"]).rules(), ["voice/name-casing"]);
    let shown = house(&desk, &["--show-settings", "team/deep/post.md"]).json();
    assert_eq!(shown["team/deep/post.md"]["voice"]["account"], "company");
    assert_eq!(shown["team/deep/post.md"]["voice"]["max_emoji"], 1);
}

/// Said once, in the last line, and only where there is none.
#[test]
fn no_profile_is_said_once() {
    let desk = Desk::with(&[("house/voice.toml", PROFILE), ("house/post.md", POST), ("post.md", POST)]);
    let said = |paths: &[&str]| {
        desk.run_bare(&[&["--color", "never"], paths].concat()).stdout.matches("No voice profile").count()
    };
    assert_eq!((said(&["post.md"]), said(&["post.md", "post.md"])), (1, 1));
    assert_eq!((said(&["house/post.md"]), said(&["house"]), said(&["house/post.md", "house/post.md"])), (0, 0, 0));
}

#[test]
fn the_users_own_profile_is_the_weakest() {
    let desk = Desk::with(&[
        ("no-home/.config/draftlint/voice.toml", "[voice]\nmax_emoji = 0\nmax_exclamation = 0\n"),
        ("post.md", "Monday 😀!\n"),
        ("house/voice.toml", PROFILE),
        ("house/post.md", "Monday 😀!\n"),
    ]);
    let both = ["voice/emoji-limit", "voice/exclamation-limit"];
    let mut alone = house(&desk, &["post.md"]).rules();
    alone.sort();
    assert_eq!(alone, both);
    assert_eq!(house(&desk, &["house/post.md"]).rules(), ["voice/exclamation-limit"]);
}

#[test]
fn a_person_by_front_matter_or_flag() {
    let jane = "extends = \"voice.toml\"\n[voice]\nmax_emoji = 3\n";
    let text = "Monday 😀😀.\n";
    let desk = Desk::with(&[
        ("voice.toml", &format!("[people]\n\"Jane Doe\" = \"jane.toml\"\n{PROFILE}")),
        ("jane.toml", jane),
        ("post.md", text),
        ("signed.md", &format!("---\nauthor: Jane Doe\n---\n{text}")),
    ]);
    assert_eq!(house(&desk, &["post.md"]).rules(), ["voice/emoji-limit"]);
    assert_eq!(house(&desk, &["signed.md"]).rules(), [""; 0]);
    assert_eq!(house(&desk, &["--author", "jane doe", "post.md"]).rules(), [""; 0]);
}

#[test]
fn an_error_in_a_profile_ends_with_2() {
    let desk = Desk::with(&[("voice.toml", "[voice]\nmax_emojis = 1\n"), ("post.md", POST)]);
    let answer = house(&desk, &["post.md"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("voice.toml:2:1: `max_emojis` is no setting of [voice]; did you mean `max_emoji`?"),
        "{}",
        answer.stderr
    );
    let desk = Desk::with(&[("draftlint.toml", "profile = \"nowhere.toml\"\n"), ("post.md", POST)]);
    let answer = house(&desk, &["post.md"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("nowhere.toml: no such file"), "{}", answer.stderr);
}

#[test]
fn the_channel_is_in_the_record() {
    let desk = Desk::with(&[("post.md", "Мы открылись…\n")]);
    let channel = &house(&desk, &["--channel", "x", "post.md"]).json()["files"][0]["channel"];
    assert_eq!(
        (channel["name"].as_str(), channel["count"].as_u64(), channel["limit"].as_u64()),
        (Some("x"), Some(14), Some(280))
    );
}

#[test]
fn init_by_flags() {
    let desk = Desk::new();
    let args = [
        "init",
        "--account",
        "company",
        "--names",
        "Acme; Acme Pay",
        "--languages",
        "nl,ru",
        "--channel",
        "x",
        "--status",
        "listed,bank",
    ];
    let answer = desk.run_bare(&args);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    assert!(answer.stdout.starts_with("Written: voice.toml, draftlint.toml, .gitignore."), "{}", answer.stdout);
    assert!(desk.read(".gitignore").contains(".draftlint-key"));
    desk.write("post.md", "We moved the ACMEPAY desk.\n".as_bytes());
    assert_eq!(house(&desk, &["post.md"]).rules(), ["voice/name-casing"]);
    let again = desk.run_bare(&args);
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("voice.toml and draftlint.toml exist"), "{}", again.stderr);
}

#[test]
fn learn_keeps_no_word_of_the_posts() {
    let posts: Vec<(String, String)> = (0..30)
        .map(|i| {
            let extra = ["The tide was low.", "Anna steered, and Bob kept the log of the day.", "It rained until the noon bell, so the paint had to wait."][i % 3];
            (format!("posts/{i:02}.md"), format!("We moved boat {} to the left dock on Monday. {extra} Nobody was hurt, and the crane stayed dry for {} hours while we worked on the keel and the mast with four people from the yard. The customer called twice. We drank coffee at ten and wrote the bill at noon.\n", 100 + i, 3 + i % 5))
        })
        .collect();
    let files: Vec<(&str, &str)> = posts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let desk = Desk::with(&files);
    let answer = learn(&desk, &["posts"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("English, all channels: 30 posts"), "{}", answer.stdout);
    let learned = desk.read("voice.learned.toml").to_lowercase();
    for word in ["boat", "dock", "anna", "monday", "crane", "keel", "customer"] {
        assert!(!learned.contains(word), "{word}");
    }
    desk.write("voice.toml", b"[learned]\nfile = \"voice.learned.toml\"\n");
    desk.write("own.md", posts[7].1.as_bytes());
    desk.write("other.md", "---\nlang: en\n---\nWOW!!! 🚀🚀🚀🚀🚀🚀 I love it!!! #a #b #c #d #e #f #g\n".as_bytes());
    assert!(!house(&desk, &["own.md"]).rules().contains(&"voice/learned-deviation".to_owned()));
    let json = house(&desk, &["other.md"]).json();
    let found = json["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["rule"] == "voice/learned-deviation")
        .cloned()
        .expect("a deviation");
    assert_eq!(found["severity"], "warning");
    assert!(found["message"].as_str().unwrap().contains("in 30 approved posts"), "{found}");
}

#[test]
fn learn_says_what_is_missing() {
    let desk = Desk::with(&[("posts/1.md", POST), ("empty/readme.rst", "")]);
    let few = learn(&desk, &["posts"]);
    assert_eq!(few.status, 2);
    assert!(few.stderr.contains("too few"), "{}", few.stderr);
    assert_eq!(learn(&desk, &["empty"]).status, 2);
    assert_eq!(learn(&desk, &["nowhere"]).status, 2);
}

#[test]
fn checklist_in_the_drafts_language() {
    let draft =
        "---\ngoal: нанять двух сварщиков\n---\nВ Генте две вакансии сварщика, до 17:00 отвечаю здесь на вопросы.\n";
    let desk = Desk::with(&[("post.md", draft)]);
    let answer = desk.run_bare(&["checklist", "post.md"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(
        answer.stdout.starts_with("Перед публикацией (русский,")
            && answer.stdout.contains("[x] Какой цели служит этот пост?"),
        "{}",
        answer.stdout
    );
    let dutch = desk.run_bare(&["checklist", "--lang", "nl", "post.md"]).stdout;
    assert!(dutch.contains("[ ] Wie precies moet het lezen?"), "{dutch}");
}

#[test]
fn earlier_posts() {
    let may = "From 2 May, repairs under 50 euros need no appointment in any of our 31 shops. Bring the bike and the bill; the first check takes ten minutes.\n";
    let june = may.replace("2 May", "4 June");
    let desk = Desk::with(&[
        ("draftlint.toml", "earlier_posts = \"posts\"\n"),
        ("posts/may.md", may),
        ("june.md", &june),
        ("new.md", POST),
    ]);
    let found = house(&desk, &["june.md"]).json()["files"][0]["findings"].clone();
    assert_eq!(
        (found[0]["rule"].as_str(), found[0]["severity"].as_str(), found[0]["scope"].as_str()),
        (Some("vague/near-copy"), Some("note"), Some("document"))
    );
    assert!(found[0]["message"].as_str().unwrap().contains("may.md"), "{found}");
    for other in ["new.md", "posts/may.md"] {
        assert_eq!(house(&desk, &[other]).rules(), [""; 0], "{other}");
    }
    for (folder, said) in [("nowhere", "is no folder"), ("empty", "holds no post")] {
        let desk = Desk::with(&[
            ("draftlint.toml", &format!("earlier_posts = \"{folder}\"\n")),
            ("empty/notes.rst", "x"),
            ("new.md", POST),
        ]);
        let answer = house(&desk, &["new.md"]);
        assert_eq!(answer.status, 2);
        assert_eq!(answer.stderr.matches(said).count(), 1, "{}", answer.stderr);
    }
}
