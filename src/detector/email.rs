//! E-mail addresses, plain and spelled out.

use super::Detection;
use super::scan::Scan;
use crate::finding::Confidence;

/// Mailboxes of a function, not of a person: a company publishes them.
const ROLES: &[&str] = &[
    "info",
    "contact",
    "hello",
    "hi",
    "bonjour",
    "welkom",
    "mail",
    "email",
    "office",
    "admin",
    "team",
    "webmaster",
    "postmaster",
    "press",
    "presse",
    "pers",
    "media",
    "pr",
    "communication",
    "communications",
    "communicatie",
    "newsroom",
    "pressa",
    "news",
    "jobs",
    "job",
    "careers",
    "career",
    "recrutement",
    "recruitment",
    "vacatures",
    "hr",
    "rh",
    "talent",
    "rabota",
    "cv",
    "vacancy",
    "sales",
    "support",
    "help",
    "helpdesk",
    "service",
    "services",
    "customerservice",
    "klantenservice",
    "klant",
    "clients",
    "care",
    "feedback",
    "complaints",
    "klachten",
    "reclamations",
    "orders",
    "order",
    "bestellingen",
    "commandes",
    "zakaz",
    "booking",
    "bookings",
    "reservations",
    "reservation",
    "billing",
    "accounts",
    "invoices",
    "factures",
    "facturen",
    "finance",
    "ir",
    "investors",
    "investor",
    "investisseurs",
    "investor.relations",
    "investor-relations",
    "shareholders",
    "privacy",
    "dpo",
    "gdpr",
    "rgpd",
    "legal",
    "security",
    "abuse",
    "noreply",
    "no-reply",
    "donotreply",
    "newsletter",
    "marketing",
    "events",
    "events-team",
    "evenementen",
    "partners",
    "partnerships",
    "donations",
    "secretariat",
    "accueil",
];

/// Names that RFC 2606 and RFC 6761 keep for documentation and tests.
fn reserved(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or("");
    matches!(top, "test" | "example" | "invalid" | "localhost" | "local")
        || ["example.com", "example.org", "example.net"]
            .iter()
            .any(|d| domain == *d || domain.ends_with(&format!(".{d}")))
}

/// The writer's own address, given on purpose.
const OWN: &[&str] = &[
    "me at",
    "me on",
    "reach me",
    "e-mail me",
    "email me",
    "write to me",
    "write me",
    "contact me",
    "my e-mail",
    "my email",
    "my inbox",
    "our e-mail",
    "our email",
    "contact us",
    "write to us",
    "email us",
    "e-mail us",
    "us at",
    "ecrivez moi",
    "écrivez-moi",
    "écrivez moi",
    "écrivez-nous",
    "m'écrire",
    "nous écrire",
    "me joindre",
    "me contacter",
    "contactez-moi",
    "contactez-nous",
    "mon adresse",
    "notre adresse",
    "mon mail",
    "mon e-mail",
    "mail me",
    "mail mij",
    "mail ons",
    "mailen naar",
    "mijn mail",
    "mijn e-mail",
    "ons mailadres",
    "schrijf mij",
    "schrijf me",
    "schrijf ons",
    "пишите мне",
    "пишите нам",
    "пишите на",
    "мой адрес",
    "моя почта",
    "мою почту",
    "наш адрес",
    "наша почта",
    "нашу почту",
    "мне на",
    "нам на",
];

/// The reader is asked to write there: a contact that is meant to be public.
const INVITED: &[&str] = &[
    "contact",
    "contacts",
    "rsvp",
    "apply",
    "register",
    "enquiries",
    "inquiries",
    "questions",
    "details",
    "info",
    "applications",
    "send your",
    "send us",
    "send me",
    "cv to",
    "drop us",
    "drop me",
    "e-mailed",
    "emailed",
    "by email",
    "by e-mail",
    "comments to",
    "feedback to",
    "commentaires",
    "par mail",
    "par email",
    "par e-mail",
    "per mail",
    "per e-mail",
    "по почте",
    "по адресу",
    "contacter",
    "contactez",
    "joindre",
    "écrire",
    "écrivez",
    "ecrivez",
    "adressez",
    "adresser",
    "envoyez",
    "envoyer",
    "inscription*",
    "candidature*",
    "postule*",
    "renseignements",
    "rédaction",
    "mail à",
    "courriel",
    "mail naar",
    "mail",
    "stuur",
    "sturen",
    "meld",
    "aanmelden",
    "reageer",
    "reageren",
    "solliciteer",
    "solliciteren",
    "sollicitatie*",
    "inschrijven",
    "contacteer",
    "neem contact",
    "vragen",
    "пишите",
    "напишите",
    "присылайте",
    "отправляйте",
    "резюме",
    "отклик*",
    "контакты",
    "контакт",
    "вопросы",
    "регистрац*",
    "заявки на",
    "запис*",
    "связаться",
    "свяжитесь",
];

/// Words that make an address somebody's own affair.
const PRIVATE: &[&str] = &[
    "private",
    "personal",
    "home",
    "his",
    "her",
    "their",
    "privé",
    "prive",
    "perso",
    "personnel",
    "personnelle",
    "personnels",
    "zijn",
    "haar",
    "hun",
    "личн*",
    "домашн*",
    "его",
    "ее",
    "их",
    "client*",
    "customer*",
    "klant*",
    "клиент*",
];

/// Providers of private mailboxes.
const FREE: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.",
    "hotmail.",
    "outlook.",
    "live.",
    "icloud.com",
    "me.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "gmx.",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "sfr.fr",
    "skynet.be",
    "telenet.be",
    "ziggo.nl",
    "kpnmail.nl",
    "xs4all.nl",
    "home.nl",
    "planet.nl",
    "mail.ru",
    "bk.ru",
    "list.ru",
    "inbox.ru",
    "yandex.",
    "ya.ru",
    "rambler.ru",
];

fn local_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '&' | '’')
        || (c as u32 >= 0xC0 && c.is_alphabetic())
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
        let mut end = at
            + 1
            + text[at + 1..].chars().take(254).take_while(|c| domain_char(*c)).map(char::len_utf8).sum::<usize>();
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
            || lowered.split(['.', '-', '_', '+']).any(|part| part.len() > 3 && ROLES.contains(&part));
        found.push(if reserved(domain) {
            Detection::new(start..end, Confidence::Low)
        } else if role {
            Detection::note(start..end, Confidence::Low)
        } else if scan.cue_before(start, 5, OWN).is_some() || invited(scan, start, domain) {
            Detection::note(start..end, Confidence::Medium)
        } else {
            Detection::new(start..end, Confidence::High)
        });
    }
}

/// Whether an address of a firm is given to be written to.
fn invited(scan: &Scan<'_>, start: usize, domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    !FREE.iter().any(|f| domain.starts_with(f))
        && scan.cue_before(start, 7, INVITED).is_some()
        && scan.cue_before(start, 7, PRIVATE).is_none()
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
        let labels_fit =
            candidate.split('.').all(|l| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-'));
        if top_fits && labels_fit {
            return Some(candidate);
        }
        end = dot;
    }
}

/// How people spell the sign, between brackets.
const AT: &[&str] = &["at", "arobase", "arobas", "apenstaartje", "собака", "собачка"];
const DOT: &[&str] = &["dot", "point", "punt", "точка", "."];

/// `jan (at) example (dot) org`: what a person hides from robots, a person can read. Without brackets the words are
/// ordinary speech ("look at amazon dot com"), and left alone.
pub(super) fn obfuscated(scan: &Scan<'_>, found: &mut Vec<Detection>) {
    let folded = &scan.folded;
    let mut reached = 0;
    for open in (0..folded.len()).filter(|i| matches!(folded[*i], b'(' | b'[' | b'{')) {
        let Some(sign_end) = bracketed(scan, open, AT).filter(|_| open >= reached) else { continue };
        let name_end = back_over(scan, open);
        let mut start = name_end;
        while start > 0
            && (folded[start - 1].is_ascii_alphanumeric() || matches!(folded[start - 1], b'.' | b'_' | b'-'))
            && name_end - start < 64
        {
            start -= 1;
        }
        let (mut end, mut dots) = (forward(scan, sign_end), 0);
        loop {
            let label = end;
            while scan.at(end).is_ascii_alphanumeric() || scan.at(end) == b'-' {
                end += 1;
            }
            if end == label || end - label > 63 || dots > 4 {
                end = 0;
                break;
            }
            let next = forward(scan, end);
            let dot = bracketed(scan, next, DOT).or_else(|| (scan.at(end) == b'.').then_some(end + 1)).or_else(|| {
                DOT[..4]
                    .iter()
                    .find(|w| folded[next..].starts_with(w.as_bytes()) && next > end)
                    .map(|w| next + w.len())
                    .filter(|e| scan.at(*e) == b' ')
            });
            match dot.map(|d| forward(scan, d)).filter(|to| scan.at(*to).is_ascii_alphanumeric()) {
                Some(to) if scan.at(end) != b'.' || to == end + 1 => {
                    dots += 1;
                    end = to;
                }
                _ => break,
            }
        }
        let top = folded[..end].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
        if end > 0 && name_end > start && dots > 0 && (2..=10).contains(&top) {
            found.push(Detection::new(start..end, Confidence::Medium));
            reached = end;
        }
    }
}

/// The end of one of the words in brackets that open at `at`.
fn bracketed(scan: &Scan<'_>, at: usize, words: &[&str]) -> Option<usize> {
    if !matches!(scan.at(at), b'(' | b'[' | b'{') || at >= scan.folded.len() {
        return None;
    }
    let word = forward(scan, at + 1);
    let end = word + words.iter().find(|w| scan.folded[word..].starts_with(w.as_bytes()))?.len();
    let close = forward(scan, end);
    matches!(scan.at(close), b')' | b']' | b'}').then_some(close + 1)
}

fn forward(scan: &Scan<'_>, mut at: usize) -> usize {
    while scan.at(at) == b' ' {
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
