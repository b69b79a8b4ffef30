//! E-mail addresses, plain and spelled out.

use super::Detection;
use super::scan::{Scan, word_byte};
use crate::finding::Confidence;

/// Mailboxes of a function, not of a person: a company publishes them.
const ROLES: &[&str] = &[
    "info", "contact", "hello", "hi", "bonjour", "welkom", "mail", "email", "office", "admin", "team", "webmaster", "postmaster",
    "press", "presse", "pers", "media", "pr", "communication", "communications", "communicatie", "newsroom", "pressa", "news",
    "jobs", "job", "careers", "career", "recrutement", "recruitment", "vacatures", "hr", "rh", "talent", "rabota", "cv", "vacancy",
    "sales", "support", "help", "helpdesk", "service", "services", "customerservice", "klantenservice", "klant", "clients",
    "care", "feedback", "complaints", "klachten", "reclamations", "orders", "order", "bestellingen", "commandes", "zakaz",
    "booking", "bookings", "reservations", "reservation", "billing", "accounts", "invoices", "factures", "facturen", "finance",
    "ir", "investors", "investor", "investisseurs", "investor.relations", "investor-relations", "shareholders",
    "privacy", "dpo", "gdpr", "rgpd", "legal", "security", "abuse", "noreply", "no-reply", "donotreply", "newsletter",
    "marketing", "events", "events-team", "evenementen", "partners", "partnerships", "donations", "secretariat", "accueil",
];

/// Names that RFC 2606 and RFC 6761 keep for documentation and tests.
fn reserved(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or("");
    matches!(top, "test" | "example" | "invalid" | "localhost" | "local")
        || ["example.com", "example.org", "example.net"].iter().any(|d| domain == *d || domain.ends_with(&format!(".{d}")))
}

/// The writer's own address, given on purpose.
const OWN: &[&str] = &[
    "me at", "me on", "reach me", "e-mail me", "email me", "write to me", "write me", "contact me", "my e-mail", "my email", "my inbox",
    "our e-mail", "our email", "contact us", "write to us", "email us", "e-mail us", "us at",
    "ecrivez moi", "écrivez-moi", "écrivez moi", "écrivez-nous", "m'écrire", "nous écrire", "me joindre", "me contacter", "contactez-moi",
    "contactez-nous", "mon adresse", "notre adresse", "mon mail", "mon e-mail", "mail me", "mail mij", "mail ons", "mailen naar", "mijn mail", "mijn e-mail",
    "ons mailadres", "schrijf mij", "schrijf me", "schrijf ons", "пишите мне", "пишите нам", "пишите на", "мой адрес", "моя почта", "мою почту",
    "наш адрес", "наша почта", "нашу почту", "мне на", "нам на",
];

fn local_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '&' | '’') || (c as u32 >= 0xC0 && c.is_alphabetic())
}

fn domain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-') || (c as u32 >= 0xC0 && c.is_alphabetic())
}

/// `name@domain.tld`.
pub(super) fn address(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    let text = scan.text;
    let mut from = 0;
    for (at, _) in text.match_indices('@') {
        if at < from {
            continue;
        }
        let local = text[..at].chars().rev().take(65).take_while(|c| local_char(*c)).map(char::len_utf8).sum::<usize>();
        let mut start = at - local;
        // A mark before the name belongs to the sentence: « .jan@… », 'jan@…'.
        while start < at && matches!(text.as_bytes()[start], b'.' | b'-' | b'\'' | b'&' | b'%' | b'+') {
            start += 1;
        }
        if start == at || local > 64 * 2 || text.as_bytes()[at - 1] == b'.' {
            continue;
        }
        // @user@server is a handle; scheme://user:password@host is no address (see connection-string).
        if scan.before(start) == b'@' {
            continue;
        }
        let token = &text[floor(text, scan.token_start(start))..start];
        if token.contains("://") {
            continue;
        }
        let mut end = at + 1 + text[at + 1..].chars().take(254).take_while(|c| domain_char(*c)).map(char::len_utf8).sum::<usize>();
        while end > at + 1 && matches!(text.as_bytes()[end - 1], b'.' | b'-') {
            end -= 1;
        }
        let Some(domain) = domain(&text[at + 1..end]) else { continue };
        end = at + 1 + domain.len();
        let local = &text[start..at];
        // `git@host:path` is a repository, `name@1.2.3` (caught by the domain) a version.
        if local == "git" && scan.at(end) == b':' {
            continue;
        }
        from = end;
        let lowered = local.to_lowercase();
        let role = ROLES.contains(&lowered.as_str())
            || lowered.split(['.', '-', '_', '+']).next().is_some_and(|head| head.len() > 3 && ROLES.contains(&head));
        found.push(if reserved(domain) {
            Detection::new(start..end, Confidence::Low)
        } else if role {
            Detection::note(start..end, Confidence::Low)
        } else if scan.cue_before(start, 5, OWN).is_some() {
            Detection::note(start..end, Confidence::Medium)
        } else {
            Detection::new(start..end, Confidence::High)
        });
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The longest beginning of `text` that is a domain with a top level of letters.
fn domain(text: &str) -> Option<&str> {
    let mut end = text.len();
    loop {
        let candidate = &text[..end];
        let dot = candidate.rfind('.')?;
        let top = &candidate[dot + 1..];
        let letters = top.chars().count();
        let top_fits = (2..=24).contains(&letters) && top.chars().all(char::is_alphabetic);
        let labels_fit = candidate.split('.').all(|l| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-'));
        if top_fits && labels_fit {
            return Some(candidate);
        }
        end = dot;
    }
}

/// How people spell the sign, between brackets or spaces.
const AT: &[&str] = &["at", "@", "arobase", "arobas", "apenstaartje", "собака", "собачка"];
const DOT: &[&str] = &["dot", "point", "punt", "точка", "."];

/// `jan (at) example (dot) org`: what a person hides from robots, a person can read.
pub(super) fn obfuscated(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    let folded = &scan.folded;
    let mut i = 0;
    while i < folded.len() {
        // Only word starts, and only words that name the sign.
        if word_byte(scan.before(i)) || !word_byte(folded[i]) {
            i += 1;
            continue;
        }
        let Some((sign, bracketed)) = spelled(scan, i, AT) else {
            i += 1;
            continue;
        };
        let name_end = back_over(scan, sign.start);
        let mut name_start = name_end;
        while name_start > 0 && (folded[name_start - 1].is_ascii_alphanumeric() || matches!(folded[name_start - 1], b'.' | b'_' | b'-')) && name_end - name_start < 64 {
            name_start -= 1;
        }
        let (mut end, mut dots, mut spelled_dots) = (forward(scan, sign.end), 0, 0);
        let host = end;
        loop {
            let label = end;
            while end < folded.len() && (folded[end].is_ascii_alphanumeric() || folded[end] == b'-') && end - label < 64 {
                end += 1;
            }
            if end == label {
                end = 0;
                break;
            }
            let next = forward(scan, end);
            if let Some((dot, in_brackets)) = spelled(scan, next, DOT).filter(|(d, _)| d.start <= next + 1) {
                let to = forward(scan, dot.end);
                if !(scan.at(to).is_ascii_alphanumeric()) {
                    break;
                }
                spelled_dots += usize::from(in_brackets || scan.at(dot.start) != b'.');
                dots += 1;
                end = to;
            } else if scan.at(end) == b'.' && scan.at(end + 1).is_ascii_alphabetic() {
                dots += 1;
                end += 1;
            } else {
                break;
            }
            if dots > 4 {
                break;
            }
        }
        // Without brackets both signs must be spelled out: "look at example.org" is no address.
        if end > host && name_end > name_start && dots > 0 && (bracketed || spelled_dots > 0) {
            let top = folded[..end].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
            if (2..=10).contains(&top) {
                found.push(Detection::new(name_start..end, if bracketed { Confidence::Medium } else { Confidence::Low }));
            }
        }
        i = sign.end;
    }
}

/// The sign spelled at `at`, brackets included, and whether it stands in brackets.
fn spelled(scan: &Scan<'_>, at: usize, words: &[&str]) -> Option<(std::ops::Range<usize>, bool)> {
    let open = |b: u8| matches!(b, b'(' | b'[' | b'{' | b'<');
    let close = |b: u8| matches!(b, b')' | b']' | b'}' | b'>');
    let (mut start, mut word) = (at, at);
    if open(scan.at(at)) {
        word = forward(scan, at + 1);
    } else {
        let mut back = at;
        while back > 0 && scan.folded[back - 1] == b' ' && at - back < 2 {
            back -= 1;
        }
        if back > 0 && open(scan.folded[back - 1]) {
            start = back - 1;
        }
    }
    let word_text = words.iter().find(|w| scan.folded[word.min(scan.folded.len())..].starts_with(w.as_bytes()))?;
    let mut end = word + word_text.len();
    if *word_text != "." && *word_text != "@" && word_byte(scan.at(end)) {
        return None;
    }
    let after = forward(scan, end);
    let bracketed = open(scan.at(start)) && close(scan.at(after));
    if bracketed {
        end = after + 1;
    } else if start != at || word != at {
        return None;
    } else if *word_text == "." || *word_text == "@" {
        return None;
    }
    Some((start..end, bracketed))
}

fn forward(scan: &Scan<'_>, mut at: usize) -> usize {
    while scan.at(at) == b' ' && at < scan.folded.len() {
        at += 1;
    }
    at
}

fn back_over(scan: &Scan<'_>, mut at: usize) -> usize {
    while at > 0 && scan.folded[at - 1] == b' ' {
        at -= 1;
    }
    at
}
