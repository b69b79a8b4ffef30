//! Secrets: keys, tokens, passwords, codes, connection strings.
//!
//! Known prefixes stand alone; everything else needs a cue word, an assignment, and a value that looks random.
//! Placeholders (`<token>`, `xxxx`, `your-api-key`) and the passwords that every article on passwords quotes are none.

use super::Detection;
use super::scan::{LeadKind, Scan, word_byte};
use crate::finding::Confidence;
use regex::bytes::Regex;
use std::ops::Range;

/// Tokens of at least eight bytes: ASCII without white space, quotes, brackets and other marks that enclose.
pub(super) fn tokens<'s>(scan: &'s Scan<'_>) -> impl Iterator<Item = Range<usize>> + 's {
    let raw = scan.text.as_bytes();
    let inside =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'~' | b':');
    let mut i = 0;
    std::iter::from_fn(move || {
        while i < raw.len() {
            if !inside(raw[i]) {
                i += 1;
                continue;
            }
            let start = i;
            while i < raw.len() && inside(raw[i]) {
                i += 1;
            }
            let mut end = i;
            while end > start && matches!(raw[end - 1], b'.' | b':') {
                end -= 1;
            }
            if (8..=4096).contains(&(end - start)) {
                return Some(start..end);
            }
        }
        None
    })
}

/// A value that stands for another one.
fn placeholder(value: &str) -> bool {
    let folded = value.to_lowercase();
    let run = |c: char| folded.contains(&c.to_string().repeat(4));
    [
        "xxx",
        "your",
        "example",
        "placeholder",
        "redacted",
        "dummy",
        "sample",
        "insert",
        "changeme",
        "change-me",
        "change_me",
        "my-",
        "my_",
        "votre",
        "voorbeeld",
        "exemple",
        "пример",
        "ваш",
        "token_here",
        "todo",
        "…",
        "...",
        "***",
        "foobar",
        "lorem",
    ]
    .iter()
    .any(|w| folded.contains(w))
        || ["0", "1", "a", "*", "•", "-", "_", "."].iter().any(|c| run(c.chars().next().unwrap_or('*')))
        || folded.starts_with(['<', '{', '[', '$', '%', '…'])
        || distinct(value) < 4
}

fn distinct(value: &str) -> usize {
    let mut seen = [false; 256];
    value.bytes().for_each(|b| seen[b as usize] = true);
    seen.iter().filter(|s| **s).count()
}

/// Changes between letters and digits, and into a capital after a small letter: random strings have many, words none.
fn changes(value: &str) -> usize {
    let class = |b: u8| match b {
        b'0'..=b'9' => 1,
        b'a'..=b'z' => 2,
        b'A'..=b'Z' => 3,
        _ => 0,
    };
    value
        .as_bytes()
        .windows(2)
        .filter(|w| matches!((class(w[0]), class(w[1])), (1, 2 | 3) | (2 | 3, 1) | (2, 3)))
        .count()
}

/// Whether a value looks drawn at random, not written: letters and digits mixed, few repeats.
fn random(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    !placeholder(value)
        && digits >= 1
        && letters >= 2
        && distinct(value) >= 6.max(value.len().min(40) / 3)
        && changes(value) >= if value.len() >= 16 { 3 } else { 2 }
}

/// Prefixes of keys by issuer: what must follow, at the least. The second list of each is the kind.
const ISSUERS: &[(&str, usize)] = &[
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 22),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xoxr-", 20),
    ("xoxs-", 20),
    ("xapp-", 20),
    ("sk_live_", 10),
    ("rk_live_", 10),
    ("sk_test_", 10),
    ("rk_test_", 10),
    ("whsec_", 20),
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk-", 24),
    ("SG.", 30),
    ("npm_", 30),
    ("hf_", 30),
    ("dop_v1_", 40),
    ("shpat_", 30),
    ("shpss_", 30),
    ("ya29.", 30),
    ("pypi-", 40),
    ("key-", 30),
    ("EAAC", 40),
    ("AAAA", 60),
    ("dckr_pat_", 20),
    ("sq0atp-", 20),
    ("PMAK-", 30),
    ("lin_api_", 30),
    ("r8_", 30),
    ("gsk_", 30),
    ("xai-", 30),
    ("t1.", 40),
    ("AQVN", 30),
    ("y0_", 30),
];

/// Keys of services: by the issuer's prefix, by `…_live_…`, or by assignment to a name that says key.
pub(super) fn api_key(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for token in tokens(scan) {
        let text = &scan.text[token.clone()];
        // NAME=value and name:value are one token here: the value is what counts.
        let cut =
            text.rfind(['=', ':']).filter(|c| *c + 9 < text.len() && !text[..*c].contains("//")).map_or(0, |c| c + 1);
        let (value, start) = (&text[cut..], token.start + cut);
        if value.contains("://") || value.starts_with("//") || text[..cut].ends_with('/') {
            continue;
        }
        let issued = ISSUERS.iter().any(|(prefix, least)| {
            value.strip_prefix(prefix).is_some_and(|body| {
                body.len() >= *least && !body.contains('/') && random(body)
                    || value.starts_with("AKIA") && body.len() == 16 && random(value)
            })
        });
        // Bots of Telegram: number, colon, 35 characters.
        let bot = text.split_once(':').is_some_and(|(id, body)| {
            (8..=10).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_digit())
                && body.len() == 35
                && body.starts_with("AA")
                && random(body)
        });
        let staged = ["_live_", "_prod_", "-live-", "_secret_", "_test_", "-prod-"].iter().any(|mark| {
            value.find(mark).is_some_and(|at| {
                at <= 12
                    && value.len() - at - mark.len() >= 8
                    && random(&value[at + mark.len()..])
                    && !value[at + mark.len()..].contains(['/', '.'])
            })
        });
        if bot {
            found.push(Detection::new(token.clone(), Confidence::High));
        } else if issued || staged {
            found.push(Detection::new(start..token.end, Confidence::High));
        }
    }
}

/// JSON web tokens, and whatever follows "Bearer".
pub(super) fn access_token(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for token in tokens(scan) {
        let text = &scan.text[token.clone()];
        if let Some(at) = text.find("eyJ").filter(|at| *at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric()) {
            let body = &text[at..];
            let parts: Vec<&str> = body.split('.').collect();
            if parts.len() >= 2 && parts[0].len() >= 10 && parts[1].len() >= 10 && distinct(body) >= 12 {
                found.push(Detection::new(token.start + at..token.end, Confidence::High));
                continue;
            }
        }
        let before = &scan.folded[..token.start];
        let before = before.trim_ascii_end();
        let announced = before.ends_with(b"bearer")
            || before.ends_with(b"authorization: basic")
            || before.ends_with(b"authorization: token");
        if announced && text.len() >= 12 && random(text) {
            found.push(Detection::new(token, Confidence::High));
        }
    }
}

/// A private key's first line, to its last where the text holds it.
pub(super) fn private_key(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    let text = scan.text;
    let last_end = text.rfind("-----END");
    let mut reached = 0;
    for (start, _) in text.match_indices("-----BEGIN") {
        if start < reached {
            continue;
        }
        // -----BEGIN (at most four words) PRIVATE KEY-----
        let head = &text.as_bytes()[start..text.len().min(start + 80)];
        let Some(name) = head.windows(11).position(|w| w == b"PRIVATE KEY") else { continue };
        if !head[10..name].iter().all(|b| b.is_ascii_uppercase() || *b == b' ') {
            continue;
        }
        let tail = |at: usize| {
            at + text.as_bytes()[at..].iter().take_while(|b| matches!(b, b'-' | b' ') || b.is_ascii_uppercase()).count()
        };
        let first = start + name + 11;
        let mut end = tail(first);
        if last_end.is_some_and(|last| last >= end)
            && let Some(at) = text[end..].find("-----END")
        {
            end = tail(end + at);
        }
        while matches!(text.as_bytes()[end - 1], b' ' | b'A'..=b'Z') && end > first {
            end -= 1;
        }
        reached = end;
        found.push(Detection::new(start..end, Confidence::High));
    }
}

/// Words for a password.
pub(super) const PASSWORD: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "pwd",
    "pass",
    "passcode",
    "passphrase",
    "mot de passe",
    "mots de passe",
    "mdp",
    "wachtwoord",
    "wachtwoorden",
    "ww",
    "paswoord",
    "пароль",
    "пароли",
    "пароля",
    "паролю",
    "паролем",
    "parol",
    "wifi-code",
    "wachtwoordzin",
];

/// Words for a name or an access that a password follows.
pub(super) const LOGIN: &[&str] = &[
    "login",
    "log-in",
    "user",
    "username",
    "user name",
    "account",
    "access",
    "admin",
    "credentials",
    "creds",
    "sign in",
    "signin",
    "identifiant",
    "identifiants",
    "accès",
    "acces",
    "utilisateur",
    "connexion",
    "compte",
    "gebruiker",
    "gebruikersnaam",
    "toegang",
    "inlog",
    "inloggen",
    "inloggegevens",
    "logingegevens",
    "логин",
    "логином",
    "доступ",
    "доступы",
    "учетка",
    "учетная запись",
    "пользователь",
    "вход",
];

/// Words between the cue and the value.
const LINKS: &[&str] = &[
    "is",
    "was",
    "=",
    ":",
    "est",
    "sera",
    "as",
    "to",
    "the",
    "wifi",
    "wi-fi",
    "de",
    "du",
    "le",
    "c'est",
    "is nu",
    "nu",
    "now",
    "still",
    "en",
    "dit",
    "het",
    "это",
    "тот",
    "такой",
    "тут",
    "от",
    "новый",
    "nouveau",
    "nieuw",
    "nieuwe",
    "temporary",
    "temporaire",
    "tijdelijk",
    "временный",
    "with",
    "avec",
    "met",
];

/// Passwords that articles on passwords quote; no secret on their own.
const COMMON: &[&str] = &[
    "password",
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "p@$$w0rd",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "12345",
    "1234",
    "0000",
    "1111",
    "qwerty",
    "qwerty123",
    "azerty",
    "azerty123",
    "abc123",
    "letmein",
    "welcome1",
    "welcome123",
    "welkom01",
    "welkom123",
    "wachtwoord1",
    "wachtwoord123",
    "motdepasse",
    "motdepasse1",
    "admin",
    "admin123",
    "iloveyou",
    "monkey",
    "dragon",
    "hunter2",
    "correct-horse-battery-staple",
    "йцукен",
    "пароль",
    "пароль123",
    "111111",
    "000000",
    "root",
    "guest",
    "secret",
    "test",
    "test123",
];

/// A value as a person types it: from a place to white space, without quotes and the marks that end a sentence.
fn typed_value(scan: &Scan<'_>, mut at: usize) -> (Range<usize>, bool) {
    let text = scan.text;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let quote = |c: char| matches!(c, '"' | '\'' | '`' | '«' | '»' | '“' | '”' | '„' | '‘' | '’' | '*' | '(' | '[');
    let quoted = text[at..].starts_with(quote);
    let mut start = at;
    while let Some(c) = text[start..].chars().next().filter(|c| quote(*c)) {
        start += c.len_utf8();
    }
    let length: usize = text[start..]
        .chars()
        .take(129)
        .take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '`' | '«' | '»' | '“' | '”' | '„'))
        .map(char::len_utf8)
        .sum();
    let mut end = start + length;
    while let Some(c) = text[start..end]
        .chars()
        .next_back()
        .filter(|c| matches!(c, '.' | ',' | ';' | ':' | '?' | ')' | ']' | '\'' | '’' | '…' | '»' | '*' | '”'))
    {
        end -= c.len_utf8();
    }
    (start..end, quoted)
}

/// How much a value looks like a password; `None` when it looks like a word.
fn passwordlike(value: &str, assigned: bool) -> Option<Confidence> {
    let n = value.chars().count();
    if !(4..=64).contains(&n)
        || placeholder(value)
        || COMMON.contains(&value.to_lowercase().as_str())
        || value.contains("://")
        || value.contains('@') && value.rsplit('@').next().is_some_and(|d| d.contains('.'))
    {
        return None;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let core = value.trim_end_matches(['!', '?']);
    let marks = core
        .chars()
        .filter(|c| {
            matches!(c, '!' | '#' | '$' | '%' | '^' | '&' | '*' | '+' | '=' | '~' | '@' | '_' | '|' | '\\' | '?')
        })
        .count();
    let lower_then_upper = value.chars().zip(value.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    if digits > 0 && letters > 0 {
        // "2FA", "8-character", "10-digit", "24h", "16+" say something of passwords.
        let measure = value.starts_with(|c: char| c.is_ascii_digit())
            && core.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').chars().all(char::is_lowercase);
        return ((assigned || !measure) && n >= 5).then_some(Confidence::High);
    }
    if letters > 0 && marks > 0 && (assigned || lower_then_upper) {
        return Some(Confidence::High);
    }
    if assigned && letters > 0 && lower_then_upper && n >= 7 {
        return Some(Confidence::Medium);
    }
    if assigned && digits >= 4 && letters == 0 && core.chars().all(|c| c.is_ascii_digit()) {
        return Some(Confidence::Medium);
    }
    None
}

/// From the end of a cue over an assignment and links to a value: where it begins and whether it was assigned.
fn to_value(scan: &Scan<'_>, mut at: usize) -> (usize, bool) {
    let mut assigned = false;
    for _ in 0..4 {
        let from = at;
        while at < scan.folded.len() && matches!(scan.folded[at], b' ' | b':' | b'=' | b'\n' | b'>' | b'-' | b',') {
            if matches!(scan.folded[at], b':' | b'=') {
                assigned = true;
            }
            // A dash that opens the value is the value's.
            if scan.folded[at] == b'-'
                && at > from
                && !scan.at(at + 1).is_ascii_whitespace()
                && scan.at(at + 1) != b'-'
                && scan.before(at) != b'-'
            {
                break;
            }
            at += 1;
            if at - from > 6 {
                return (at, assigned);
            }
        }
        match scan.cue_at(at, LINKS) {
            Some(end) if end > at && matches!(scan.at(end), b' ' | b':' | b'=' | b'\n') => {
                if matches!(&scan.folded[at..end], b"is" | b"est" | b"was") {
                    assigned = true;
                }
                at = end;
            }
            _ => break,
        }
    }
    (at, assigned)
}

fn forward_space(scan: &Scan<'_>, mut at: usize) -> usize {
    while scan.at(at) == b' ' {
        at += 1;
    }
    at
}

/// The place after the next colon or equals sign of the clause, a few words ahead: "password for the admin panel: …".
fn after_colon(scan: &Scan<'_>, from: usize) -> Option<usize> {
    let rest = &scan.folded[from..scan.folded.len().min(from + 72)];
    let end =
        rest.iter().position(|b| matches!(b, b':' | b'=' | b'.' | b'!' | b'?' | b',' | b';' | b'\n' | b'0'..=b'9'))?;
    (matches!(rest[end], b':' | b'=') && scan.at(from + end + 1) == b' ').then_some(from + end + 1)
}

/// The start of the name before a cue ("login guest, password …"), so that the finding shows the pair.
fn pair_start(scan: &Scan<'_>, cue: usize) -> usize {
    let words = scan.words_before(cue, 4);
    // The farthest: in "identifiant demo.admin" the name itself holds such a word.
    words.iter().rfind(|w| scan.cue_at(w.start, LOGIN).is_some()).map_or(cue, |w| {
        if cue - w.start <= 60 && !scan.folded[w.start..cue].windows(2).any(|b| b == b". ") { w.start } else { cue }
    })
}

/// Passwords in clear.
pub(super) fn password(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    let mut reached = 0;
    for lead in &scan.leads {
        let (i, cue_end) = (lead.span.start, lead.span.end);
        if i < reached {
            continue;
        }
        if lead.kind == LeadKind::Password {
            // "pass" is a verb, and "ww" nothing, unless a value is assigned to it.
            let short = matches!(&scan.folded[i..cue_end], b"pass" | b"ww");
            if short && !scan.folded[cue_end..].iter().take(2).any(|b| matches!(b, b':' | b'=')) {
                continue;
            }
            let (at, assigned) = to_value(scan, cue_end);
            let (value, quoted) = typed_value(scan, at);
            let pair = pair_start(scan, i);
            let mut sure = passwordlike(&scan.text[value.clone()], assigned || quoted || pair < i);
            let mut value = value;
            if sure.is_none()
                && !assigned
                && let Some(colon) = after_colon(scan, cue_end)
            {
                // So far from the word only what begins with a letter and holds digits is a password.
                let (far, _) = typed_value(scan, forward_space(scan, colon));
                let text = &scan.text[far.clone()];
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                if text.len() >= 6
                    && text.starts_with(char::is_alphabetic)
                    && digits > 0
                    && (!text.ends_with(char::is_alphabetic) || text.len() >= 8 && digits > 1)
                {
                    sure =
                        passwordlike(text, true).filter(|_| changes(text) > 0 || text.contains(['!', '-', '_', '#']));
                }
                if sure.is_none() && text.len() >= 8 && random(text) {
                    sure = passwordlike(text, true);
                }
                value = far;
            }
            if let Some(sure) = sure {
                // A figure needs the assignment itself: "password 2024" is no password.
                let figure = scan.text[value.clone()].bytes().all(|b| b.is_ascii_digit());
                if !figure || assigned {
                    found.push(Detection::new(pair..value.end, sure));
                    reached = value.end.max(cue_end);
                }
            }
        } else if lead.kind == LeadKind::Login {
            // "prod access is deploy_admin / Tangerine-Falcon-88"
            let (at, _) = to_value(scan, cue_end);
            let (name, _) = typed_value(scan, at);
            let mut slash = name.end;
            while scan.at(slash) == b' ' {
                slash += 1;
            }
            let one =
                scan.text[name.clone()].split_once(['/', ':']).filter(|(n, p)| n.len() >= 3 && !p.starts_with("//"));
            let pair = if let Some((n, p)) =
                one.filter(|(n, p)| !p.contains('/') && !n.contains('.') || p.len() > 5 && !n.contains('.'))
            {
                Some((name.start..name.end, n.to_owned(), p.to_owned()))
            } else if matches!(scan.at(slash), b'/' | b'|') && scan.at(slash + 1) == b' ' && name.len() >= 3 {
                let (value, _) = typed_value(scan, slash + 2);
                Some((name.start..value.end, scan.text[name.clone()].to_owned(), scan.text[value].to_owned()))
            } else {
                None
            };
            if let Some((span, n, p)) = pair {
                let user = n.is_ascii()
                    && (n.contains(['_', '.', '@'])
                        || n.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
                let strong = p.chars().any(|c| c.is_ascii_digit())
                    && p.chars().filter(|c| c.is_alphabetic()).count() >= 3
                    && p.len() >= 8
                    && (changes(&p) >= 1 || p.contains(['-', '!', '#', '_']));
                if user && strong && p.chars().any(char::is_uppercase) && passwordlike(&p, true).is_some() {
                    found.push(Detection::new(span.clone(), Confidence::High));
                    reached = span.end;
                }
            }
        }
    }
}

/// Words for a code that opens something.
pub(super) const CODE: &[&str] = &[
    "pin",
    "pin code",
    "pin-code",
    "pincode",
    "door code",
    "gate code",
    "alarm code",
    "access code",
    "entry code",
    "safe code",
    "lock code",
    "security code",
    "verification code",
    "one-time code",
    "code pin",
    "code d'accès",
    "code d'acces",
    "code de la porte",
    "code du portail",
    "code de l'alarme",
    "code alarme",
    "code du coffre",
    "code de sécurité",
    "code wifi",
    "digicode",
    "toegangscode",
    "deurcode",
    "alarmcode",
    "kluiscode",
    "beveiligingscode",
    "code van de deur",
    "code van het alarm",
    "code van de kluis",
    "пин",
    "пин-код*",
    "пинкод*",
    "код доступа",
    "код от двери",
    "код двери",
    "код от сейфа",
    "код сейфа",
    "код домофона",
    "код от домофона",
    "код сигнализации",
    "код от сигнализации",
    "код подтверждения",
];

/// Codes that open something: PIN, door, alarm, safe.
pub(super) fn access_code(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for lead in scan.leads(LeadKind::Code) {
        let (i, cue_end) = (lead.start, lead.end);
        let (at, assigned) = to_value(scan, cue_end);
        let (mut value, quoted) = typed_value(scan, at);
        let mut assigned = assigned;
        if !assigned
            && !scan.text[value.clone()].starts_with(|c: char| c.is_ascii_digit())
            && let Some(colon) = after_colon(scan, cue_end)
        {
            (value, assigned) = (typed_value(scan, forward_space(scan, colon)).0, true);
        }
        let text = scan.text[value.clone()].trim_matches(['#', '*', '!']);
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        // The Indian post office calls six digits a PIN code.
        let fits = digits && matches!(text.len(), 3..=8) && !(text.len() == 6 && scan.folded[i..].starts_with(b"pin"));
        let fits = fits
            || (!digits
                && text.len() >= 4
                && text.bytes().any(|b| b.is_ascii_digit())
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && (assigned || quoted));
        if fits && !placeholder_code(text) {
            found.push(Detection::new(
                i..value.end,
                if assigned || quoted || digits { Confidence::High } else { Confidence::Medium },
            ));
        }
    }
}

fn placeholder_code(text: &str) -> bool {
    text.bytes().all(|b| b == b'0') || matches!(text, "1234" | "12345" | "123456" | "1111")
}

lazy_static::lazy_static! {
    // scheme://user:password@host, or the key=value form of database drivers. Only where "://" or "=" and the words occur.
    static ref CONNECTION: Regex = Regex::new(r"(?-u)[a-zA-Z][a-zA-Z0-9+.-]{1,24}://[^\s:/@]{0,64}:([^\s/@]{3,128})@[a-zA-Z0-9.\[-]{2,}[^\s]{0,128}").expect("a fixed pattern");
}

/// Addresses of services with the password inside.
pub(super) fn connection_string(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    // The pattern is compiled only where a scheme leads to an @ in one token.
    let leads = |at: usize| {
        scan.text.as_bytes()[at..].iter().take(200).take_while(|b| !b.is_ascii_whitespace()).any(|b| *b == b'@')
    };
    if !scan.text.match_indices("://").any(|(at, _)| leads(at)) {
        return;
    }
    for m in CONNECTION.captures_iter(scan.text.as_bytes()) {
        let (Some(all), Some(secret)) = (m.get(0), m.get(1)) else { continue };
        let Ok(value) = std::str::from_utf8(secret.as_bytes()) else { continue };
        let folded = value.to_lowercase();
        if placeholder(value) && distinct(value) >= 1
            || matches!(folded.as_str(), "password" | "pass" | "pwd" | "secret" | "motdepasse" | "wachtwoord")
        {
            continue;
        }
        let mut end = all.end();
        while end > all.start()
            && matches!(scan.text.as_bytes()[end - 1], b'.' | b',' | b')' | b';' | b'"' | b'\'' | b'>')
        {
            end -= 1;
        }
        found.push(Detection::new(all.start()..end, Confidence::High));
    }
}

/// Random strings after a word for a key.
pub(super) fn string(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    const CUES: &[&str] = &[
        "key",
        "keys",
        "api key",
        "api-key",
        "apikey",
        "api_key",
        "secret",
        "secrets",
        "client_secret",
        "secret_key",
        "access_key",
        "token",
        "tokens",
        "access_token",
        "auth_token",
        "api_token",
        "credential",
        "credentials",
        "licence key",
        "license key",
        "clé",
        "clef",
        "cle",
        "clés",
        "jeton",
        "jetons",
        "sleutel",
        "sleutels",
        "toegangssleutel",
        "ключ",
        "ключи",
        "ключа",
        "ключом",
        "токен",
        "токена",
        "токены",
        "секрет",
        "секретный",
        "seed",
    ];
    for token in tokens(scan) {
        let text = &scan.text[token.clone()];
        // NAME=value in one token.
        let (at, value) = match text.rfind(['=', ':']).filter(|c| *c + 9 <= text.len()) {
            Some(c) => (token.start + c + 1, &text[c + 1..]),
            None => (token.start, text.trim_end_matches(['=', '-', '/', '.'])),
        };
        if value.len() < 8 || value.len() > 512 || text.contains("://") || !random(value) {
            continue;
        }
        let lower = value.bytes().any(|b| b.is_ascii_lowercase());
        let upper = value.bytes().any(|b| b.is_ascii_uppercase());
        let hex = value.len() >= 24 && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if !(lower && upper && changes(value) >= 3
            || hex
            || lower && changes(value) >= 4
            || value.len() >= 20 && changes(value) >= 5)
        {
            continue;
        }
        // A path or a domain is readable text.
        if value.matches('/').count() > 2 && value.len() < 40 || value.split('.').count() > 2 {
            continue;
        }
        let named = at > token.start && {
            let name = &scan.folded[token.start..at - 1];
            CUES.iter().any(|c| !c.contains(' ') && name.windows(c.len()).any(|w| w == c.as_bytes()))
        };
        let Some(cue) = (if named { Some(token.start..at) } else { scan.cue_before(at, 5, CUES) }) else { continue };
        // What announces the value: a colon, an equals sign or a quote directly before it, or the cue itself.
        let gap = &scan.folded[cue.end.min(at)..at];
        let assigned = named || gap.iter().any(|b| matches!(b, b':' | b'=' | b'"' | b'`'));
        let next = gap.split(|b| !word_byte(*b)).filter(|w| !w.is_empty()).count() <= 1;
        if assigned || next {
            found.push(Detection::new(
                at..at + value.len(),
                if assigned { Confidence::High } else { Confidence::Medium },
            ));
        }
    }
}

/// Words for the phrase that restores a wallet.
pub(super) const SEED: &[&str] = &[
    "seed phrase",
    "seed-phrase",
    "seed",
    "recovery phrase",
    "mnemonic phrase",
    "mnemonic",
    "backup phrase",
    "phrase de récupération",
    "phrase secrète",
    "phrase mnémonique",
    "herstelzin",
    "herstelwoorden",
    "seedzin",
    "seed-zin",
    "сид-фраза",
    "сид-фразу",
    "сид фраза",
    "сид-фразы",
    "seed-фраза",
    "seed-фразу",
    "мнемоническая фраза",
];

/// Twelve words or more in a row after "seed phrase".
pub(super) fn recovery_phrase(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    for lead in scan.leads(LeadKind::Seed) {
        let mut at = lead.end;
        // The list begins after a colon, near the cue.
        let colon = (at..scan.folded.len().min(at + 24)).find(|k| matches!(scan.folded[*k], b':' | b'"' | b'='));
        if let Some(colon) = colon {
            at = colon + 1;
            let (mut words, mut end, mut start) = (0, at, 0);
            let mut k = at;
            loop {
                while matches!(scan.at(k), b' ' | b'\n' | b'"' | b',' | b'-') && k < scan.folded.len()
                    || scan.at(k).is_ascii_digit()
                    || scan.at(k) == b'.'
                {
                    k += 1;
                }
                let from = k;
                while scan.text.as_bytes().get(k).is_some_and(u8::is_ascii_lowercase) {
                    k += 1;
                }
                if !(3..=8).contains(&(k - from)) || word_byte(scan.at(k)) {
                    break;
                }
                if words == 0 {
                    start = from;
                }
                words += 1;
                end = k;
                if words == 24 {
                    break;
                }
            }
            if words >= 12 {
                found.push(Detection::new(start..end, Confidence::High));
            }
        }
    }
}
