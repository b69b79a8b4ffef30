//! The words of the server, in four languages.

use super::document::is_whole;
use crate::emit;
use crate::finding::{Finding, Language};
use crate::pack::{Example, Rule};
use std::fmt::Write as _;

/// What was found, and what to do, on two lines.
pub fn message(language: Language, finding: &Finding, rule: Rule<'_>) -> String {
    let mut message = capitalised(rule.message(language));
    let aside: Vec<&str> = is_whole(finding)
        .then(|| emit::words::whole_draft(language))
        .into_iter()
        .chain(finding.detail.as_deref())
        .collect();
    if !aside.is_empty() {
        let _ = write!(message, " ({})", aside.join(", "));
    }
    if !rule.advice(language).is_empty() {
        let _ = write!(message, "\n{}", act(language, rule));
    }
    message
}

/// What to do and whom to ask.
fn act(language: Language, rule: Rule<'_>) -> String {
    let asks = rule.ask();
    let mut act = capitalised(rule.advice(language));
    if !asks.is_empty() {
        let _ = write!(act, " ({})", emit::words::ask(language, &asks));
    }
    act
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A rule in short, as Markdown: what, what to do, an example of each side, where to read on.
pub fn page(language: Language, rule: Rule<'_>) -> String {
    let page = rule.page();
    let mut out = format!("**{}**\n\n{}\n\n", capitalised(rule.message(language)), act(language, rule));
    // why is written in English only
    if language == Language::En && !page.why.trim().is_empty() {
        let _ = write!(out, "{}\n\n", page.why.trim());
    }
    if let Some(part) = page.languages.get(language.name()) {
        let shown = |e: &Example| e.text().trim().replace("[[", "**").replace("]]", "**").replace('\n', " ");
        let sides = [
            (language.say(["Caught", "Signalé", "Gemeld", "Находит"]), &part.bad),
            (language.say(["Fine", "Correct", "Goed", "В порядке"]), &part.good),
        ];
        for (side, examples) in sides {
            if let Some(example) = examples.first() {
                let _ = writeln!(out, "- {side}: {}", shown(example));
            }
        }
        out.push('\n');
    }
    let _ = write!(out, "[{}]({})", rule.full_id(), rule.url());
    out
}

/// The rule's page under a finding.
pub fn hover(language: Language, finding: &Finding, rule: Rule<'_>) -> String {
    let confidence = language.say(["confidence", "confiance", "zekerheid", "уверенность"]);
    format!("{} · {} · {confidence}: {}", page(language, rule), finding.severity, finding.confidence)
}

/// Markdown as plain text, for clients that show no Markdown.
pub fn plain(markdown: &str) -> String {
    let mut text = markdown.replace("**", "");
    if let (Some(open), Some(close)) = (text.rfind('['), text.rfind("](")) {
        text.replace_range(close..close + 1, " ");
        text.remove(open);
    }
    text
}

/// The action that mends a finding.
pub fn fix(language: Language, rule: Rule<'_>) -> String {
    format!("{} {}", language.say(["Fix:", "Corriger\u{a0}:", "Herstellen:", "Исправить:"]), rule.message(language))
}

/// The action that mends everything that can be mended unread.
pub fn fix_all(language: Language) -> &'static str {
    language.say([
        "Fix everything that is safe to fix",
        "Corriger tout ce qui peut l'être sans risque",
        "Alles herstellen wat veilig kan",
        "Исправить всё, что можно исправить без риска",
    ])
}

/// The action that writes a suppression.
pub fn allow(language: Language, rule: Rule<'_>) -> String {
    let slug = rule.slug();
    match language {
        Language::Fr => format!("Admettre «\u{a0}{slug}\u{a0}» en donnant la raison"),
        Language::Nl => format!("‘{slug}’ toestaan met een reden"),
        Language::Ru => format!("Разрешить «{slug}» с указанием причины"),
        _ => format!("Allow ‘{slug}’ with a reason"),
    }
}

/// The action that shows a rule's page.
pub fn explain(language: Language, rule: Rule<'_>) -> String {
    let slug = rule.slug();
    match language {
        Language::Fr => format!("Expliquer la règle «\u{a0}{slug}\u{a0}»"),
        Language::Nl => format!("De regel ‘{slug}’ uitleggen"),
        Language::Ru => format!("Объяснить правило «{slug}»"),
        _ => format!("Explain the rule ‘{slug}’"),
    }
}

/// The action that declares words as the house's own.
pub fn add_to_profile(language: Language) -> &'static str {
    language.say([
        "Add to the voice profile: allowed (voice.toml)",
        "Ajouter au profil de voix\u{a0}: admis (voice.toml)",
        "Aan het stemprofiel toevoegen: toegestaan (voice.toml)",
        "Добавить в профиль голоса: разрешено (voice.toml)",
    ])
}
