//! Sign-off and parity as their users meet them.

#[path = "../desk/mod.rs"]
mod desk;

use desk::Desk;
use std::process::Command;

const DRAFT: &str = "---\nlang: en\nkind: post\n---\n<!-- draftlint: allow email-address approved-by legal until 2031-01-01 -- her own wish -->\nQuestions about Skylark go to jane.doe@acme-boats.com.\n\nAnd to june.roe@acme-boats.com.\n";

fn desk() -> Desk {
    Desk::with(&[("draftlint.toml", "roles = [\"legal\", \"communications\"]\n"), ("post.md", DRAFT)])
}

fn receipt(desk: &Desk) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(desk.path("receipt.json")).unwrap()).unwrap()
}

#[test]
fn a_receipt_says_what_was_open_and_holds_no_word() {
    let desk = desk();
    let signed = desk.run(&["sign", "post.md", "--role", "legal", "-o", "receipt.json"]);
    assert_eq!((signed.status, signed.stdout.as_str()), (0, ""), "{}", signed.stderr);
    let receipt = receipt(&desk);
    assert_eq!(receipt["role"], "legal");
    assert_eq!(receipt["verdict"], "hold");
    assert_eq!(receipt["open"]["by_rule"][0]["rule"], "disclosure/email-address");
    assert_eq!(receipt["open"]["by_rule"][0]["count"], 1);
    assert_eq!(receipt["open"]["by_role"]["data-protection"], 1);
    assert_eq!(receipt["set_aside"][0]["approved_by"], "legal");
    let text = receipt.to_string();
    for word in ["Skylark", "jane", "june", "Questions", "wish", "acme"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn what_changed_since_is_said() {
    let desk = desk();
    assert_eq!(desk.run(&["sign", "post.md", "--role", "legal", "-o", "receipt.json"]).status, 0);
    let verified = desk.run(&["verify", "receipt.json", "post.md"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(
        verified.stdout.contains("text: unchanged\nrules: unchanged\nsettings: unchanged\n")
            && verified.stdout.ends_with("signature: none\n"),
        "{}",
        verified.stdout
    );
    // a comment for draftlint is no part of what is posted
    desk.write("post.md", DRAFT.replace("her own wish", "as she asked us to").as_bytes());
    assert_eq!(desk.run(&["verify", "receipt.json", "post.md"]).status, 0);
    desk.write("post.md", DRAFT.replace("Skylark", "the Skylark").as_bytes());
    let changed = desk.run(&["verify", "receipt.json", "post.md"]);
    assert_eq!(changed.status, 1);
    assert!(changed.stdout.contains("text: changed since\nrules: unchanged"), "{}", changed.stdout);
    desk.write("post.md", DRAFT.as_bytes());
    desk.write("draftlint.toml", b"roles = [\"legal\", \"communications\"]\nignore = [\"email-address\"]\n");
    let changed = desk.run(&["verify", "receipt.json", "post.md"]);
    assert!(
        changed.status == 1 && changed.stdout.contains("text: unchanged\nrules: unchanged\nsettings: changed since"),
        "{}",
        changed.stdout
    );
}

#[test]
fn bad_sign_offs_are_errors() {
    let desk = desk();
    let refused = |arguments: &[&str], part: &str| {
        let answer = desk.run(arguments);
        assert_eq!(answer.status, 2, "{part}: {}", answer.stderr);
        assert!(answer.stderr.contains(part), "{part}: {}", answer.stderr);
    };
    refused(&["sign", "post.md", "--role", "legl", "-o", "receipt.json"], "did you mean `legal`?");
    refused(&["sign", "none.md", "--role", "legal", "-o", "receipt.json"], "none.md");
    refused(&["sign", "post.md", "--role", "legal", "-o", "no/folder/receipt.json"], "receipt.json");
    refused(&["sign", "post.md", "--role", "legal", "-o", "receipt.json", "--ssh-key", "nokey"], "no such key");
    assert!(!desk.path("receipt.json").exists());
    assert_eq!(desk.run(&["sign", "post.md", "--role", "legal", "-o", "receipt.json"]).status, 0);
    refused(&["sign", "post.md", "--role", "legal", "-o", "receipt.json"], "never replaces one");
    for (text, part) in [
        ("", "no JSON"),
        ("{}", "`type`"),
        ("{\"type\":\"draftlint-sign-off\"}", "schema_version"),
        ("{\"type\":\"draftlint-sign-off\",\"schema_version\":9}", "update draftlint"),
        ("{\"type\":\"draftlint-sign-off\",\"schema_version\":1}", "missing"),
    ] {
        desk.write("bad.json", text.as_bytes());
        refused(&["verify", "bad.json", "post.md"], part);
    }
    refused(&["verify", "none.json", "post.md"], "none.json");
}

#[test]
fn signatures_of_ssh_hold_or_do_not() {
    let desk = desk();
    let path = |name: &str| desk.path(name).display().to_string();
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "jane", "-f", &path("key")]).status();
    if !made.is_ok_and(|s| s.success()) {
        eprintln!("ssh-keygen is not there; nothing tested");
        return;
    }
    let signed = desk.run(&["sign", "post.md", "--role", "legal", "-o", "receipt.json", "--ssh-key", "key"]);
    assert_eq!(signed.status, 0, "{}", signed.stderr);
    let public = std::fs::read_to_string(desk.path("key.pub")).unwrap();
    desk.write("signers", format!("jane@example.com namespaces=\"draftlint\" {public}").as_bytes());
    let verify = |more: &[&str]| desk.run(&[&["verify", "receipt.json", "post.md"], more].concat());
    let alone = verify(&[]);
    assert!(alone.status == 0 && alone.stdout.contains("signature: holds for ED25519"), "{}", alone.stdout);
    let known = verify(&["--allowed-signers", "signers"]);
    assert!(known.status == 0 && known.stdout.contains("signature: holds, by jane@example.com"), "{}", known.stdout);
    assert_eq!(verify(&["--allowed-signers", "signers", "--identity", "june@example.com"]).status, 1);
    assert_eq!(verify(&["--allowed-signers", "nobody"]).status, 2);
    desk.write("others", b"");
    assert_eq!(verify(&["--allowed-signers", "others"]).status, 1);
    // one digit of the receipt
    let text = std::fs::read_to_string(desk.path("receipt.json")).unwrap();
    desk.write("receipt.json", text.replace("\"hold\"", "\"ready\"").as_bytes());
    let forged = verify(&["--allowed-signers", "signers"]);
    assert!(forged.status == 1 && forged.stdout.contains("does not hold"), "{}", forged.stdout);
    desk.write("receipt.json", text.as_bytes());
    std::fs::remove_file(desk.path("receipt.json.sig")).unwrap();
    let gone = verify(&[]);
    assert!(gone.status == 1 && gone.stdout.contains("signature: missing"), "{}", gone.stdout);
}

#[test]
fn versions_are_compared() {
    let desk = Desk::with(&[
        ("en.md", "---\nlang: en\n---\nWe hired 1,200 people on 12 March 2026.\n\nMore: https://example.com/en/news\n"),
        (
            "fr.md",
            "---\nlang: fr\n---\nNous avons recruté 1 200 personnes le 12 mars 2026.\n\nPlus : https://example.com/fr/news\n",
        ),
        ("ru.md", "---\nlang: ru\n---\nМы приняли 1 200 человек 13 марта 2026 года.\n"),
    ]);
    let same = desk.run(&["parity", "en.md", "fr.md"]);
    assert_eq!(
        (same.status, same.stdout.as_str()),
        (0, "numbers, dates, names, links and disclaimers agree (en, fr)\n"),
        "{}",
        same.stderr
    );
    let other = desk.run(&["parity", "en.md", "ru.md"]);
    assert_eq!(other.status, 1);
    assert_eq!(
        other.stdout,
        "date: en.md:4 “12 March 2026” · ru.md:4 “13 марта 2026”\nlink: en.md:6 “https://example.com/en/news” · ru.md:4 missing\ndifferences: 2 (en, ru)\n"
    );
    let redacted = desk.run(&["parity", "en.md", "ru.md", "--redact"]);
    assert!(redacted.status == 1 && !redacted.stdout.contains("March"), "{}", redacted.stdout);
    let json = desk.run(&["parity", "en.md", "ru.md", "--output-format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(value["differences"][0]["kind"], "date");
    assert_eq!(value["differences"][0]["a"], serde_json::json!({ "line": 4, "present": true }));
    assert_eq!(desk.run(&["parity", "en.md", "none.md"]).status, 2);
    let unknown = desk.run(&["parity", "en.md", "ru.md", "--output-format", "markdown"]);
    assert!(unknown.status == 2 && unknown.stderr.contains("text, json"), "{}", unknown.stderr);
}

#[test]
fn clean_prints_what_is_posted() {
    let desk = desk();
    assert_eq!(
        desk.run(&["clean", "post.md"]).stdout,
        "Questions about Skylark go to jane.doe@acme-boats.com.\n\nAnd to june.roe@acme-boats.com.\n"
    );
}
