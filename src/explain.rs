//! Rules for people: one page a rule, the list, and the reference that stands in `rules/README.md`.

use crate::emit::words;
use crate::finding::{Family, Language};
use crate::pack::{Example, Pack, PageLanguage, Rule};
use std::fmt::Write as _;

/// The first lines of the generated reference.
const HEAD: &str = "<!-- Generated from the rule files by `draftlint rules --output-format markdown`. Do not edit. -->\n\n\
# Rules\n\n\
Every rule, by family. `draftlint explain RULE` prints the same page with all its examples. How rules are written: \
[WRITING.md](WRITING.md).\n";

/// A rule as JSON: its page, with its full name, whom to ask and where it is described.
pub fn json(rule: Rule<'_>) -> String {
    let mut value = serde_json::json!({ "rule": rule.full_id() });
    if let (Some(object), Ok(serde_json::Value::Object(page))) =
        (value.as_object_mut(), serde_json::to_value(rule.page()))
    {
        object.extend(page);
        // the levels that hold for the rule as a whole, also where each pattern sets its own
        object.insert("severity".to_owned(), rule.severity().name().into());
        object.insert("confidence".to_owned(), rule.confidence().name().into());
        object.insert("ask".to_owned(), rule.ask().iter().map(|a| a.name()).collect());
        object.insert("url".to_owned(), rule.url().into());
    }
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())
}

/// All rules as JSON.
pub fn list_json(pack: &Pack) -> String {
    let list: Vec<serde_json::Value> = pack
        .rules()
        .map(|rule| {
            serde_json::json!({
                "rule": rule.full_id(),
                "family": rule.family().name(),
                "category": rule.category().name(),
                "severity": rule.severity().name(),
                "confidence": rule.confidence().name(),
                "status": rule.status(),
                "title": rule.title(Language::En),
                "ask": rule.ask().iter().map(|a| a.name()).collect::<Vec<_>>(),
                "behaviours": rule.page().behaviours,
                "url": rule.url(),
            })
        })
        .collect();
    format!("{}\n", serde_json::to_string_pretty(&list).unwrap_or_default())
}

/// All rules, one a line.
pub fn list(pack: &Pack) -> String {
    let wide = pack.rules().map(|r| r.full_id().len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in pack.rules() {
        let status = if rule.status() == "stable" { String::new() } else { format!(" ({})", rule.status()) };
        let _ = writeln!(
            out,
            "{:wide$}  {:7}  {:6}  {}{status}",
            rule.full_id(),
            rule.severity(),
            rule.confidence(),
            rule.title(Language::En)
        );
    }
    out
}

/// Words on lines of at most `width` columns, each indented.
fn paragraph(out: &mut String, text: &str, indent: &str, width: usize) {
    use unicode_width::UnicodeWidthStr;
    for line in text.trim().lines() {
        let mut column = 0;
        for word in line.split_whitespace() {
            if column == 0 {
                out.push_str(indent);
                column = indent.width();
            } else if column + 1 + word.width() > width {
                out.push('\n');
                out.push_str(indent);
                column = indent.width();
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += word.width();
        }
        out.push('\n');
    }
}

fn source_line(source: &serde_json::Value) -> String {
    let field = |name: &str| source.get(name).and_then(|v| v.as_str()).filter(|t| !t.is_empty());
    let mut line = field("title").or_else(|| source.as_str()).unwrap_or_default().to_owned();
    let about: Vec<String> = [
        field("jurisdiction").map(str::to_uppercase),
        field("binds").map(|b| format!("binds {b}")),
        field("read").map(|r| format!("read {r}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !about.is_empty() {
        let _ = write!(line, " ({})", about.join("; "));
    }
    if let Some(url) = field("url") {
        let _ = write!(line, " {url}");
    }
    line
}

/// The sources, those of the given jurisdictions first (all when none is given).
fn sources(rule: Rule<'_>) -> Vec<String> {
    rule.page().sources.iter().map(source_line).filter(|l| !l.is_empty()).collect()
}

/// How one allows the rule in a draft.
fn allowance(rule: Rule<'_>) -> String {
    let strict = if rule.family() == Family::Disclosure { " approved-by legal until 2026-12-31" } else { "" };
    format!("<!-- draftlint: allow {}{strict} -- reason -->", rule.slug())
}

fn example_line(example: &Example) -> String {
    let mut line = example.text().trim().replace('\n', " / ");
    if let Example::Full { because: Some(because), .. } = example {
        let _ = write!(line, "  ({because})");
    }
    line
}

/// A rule's page. Without a language: in English, with the examples of all languages.
pub fn page(rule: Rule<'_>, language: Option<Language>, width: usize) -> String {
    let page = rule.page();
    let reader = language.unwrap_or(Language::En);
    let mut out = String::new();
    let _ = writeln!(out, "{}", rule.full_id());
    let (severity, confidence) =
        (words::severity(reader, rule.severity()), words::confidence(reader, rule.confidence()));
    let _ = writeln!(out, "{severity} · {} · {confidence} · {}", rule.category(), rule.status());
    let mut section = |title: &'static str, text: &str| {
        if !text.trim().is_empty() {
            let _ = writeln!(out, "\n{title}");
            paragraph(&mut out, text, "  ", width);
        }
    };
    section(reader.say(["What", "Quoi", "Wat", "Что"]), rule.message(reader));
    section(reader.say(["Why", "Pourquoi", "Waarom", "Почему"]), &page.why);
    section(reader.say(["What to do", "Que faire", "Wat te doen", "Что делать"]), rule.advice(reader));
    let asks = rule.ask();
    if !asks.is_empty() {
        section(
            reader.say(["Whom to ask", "À qui demander", "Wie te vragen", "С кем согласовать"]),
            &words::ask(reader, &asks),
        );
    }
    let (caught, fine) =
        (reader.say(["caught", "signalé", "gemeld", "находит"]), reader.say(["fine", "correct", "goed", "в порядке"]));
    let wanted = |name: &str| language.is_none_or(|l| l.name() == name || name == "any");
    for (name, part) in
        page.languages.iter().filter(|(name, part)| wanted(name) && !(part.bad.is_empty() && part.good.is_empty()))
    {
        let title = Language::from_name(name).map_or("", |l| words::language_name(reader, l));
        let _ = writeln!(
            out,
            "\n{} ({})",
            reader.say(["Examples", "Exemples", "Voorbeelden", "Примеры"]),
            if title.is_empty() { name } else { title }
        );
        examples(&mut out, part, caught, fine, width);
    }
    let sources = sources(rule);
    if !sources.is_empty() {
        let _ = writeln!(out, "\n{}", reader.say(["Sources", "Sources", "Bronnen", "Источники"]));
        for source in sources {
            paragraph(&mut out, &source, "  ", width);
        }
    }
    let _ = writeln!(
        out,
        "\n{}\n  {}",
        reader.say([
            "To allow it in a draft",
            "Pour l'admettre dans un texte",
            "Om het in een concept toe te staan",
            "Разрешить в черновике"
        ]),
        allowance(rule)
    );
    out
}

fn examples(out: &mut String, part: &PageLanguage, caught: &str, fine: &str, width: usize) {
    for (title, list) in [(caught, &part.bad), (fine, &part.good)] {
        for example in list {
            paragraph(out, &format!("{title}: {}", example_line(example)), "  ", width);
        }
    }
}

/// One rule's part of the reference.
pub fn markdown(rule: Rule<'_>) -> String {
    let page = rule.page();
    let mut out = String::new();
    let _ = writeln!(out, "### {}\n", rule.slug());
    let _ = writeln!(
        out,
        "`{}` · {} · {} · confidence {} · {}\n",
        rule.full_id(),
        rule.category(),
        rule.severity(),
        rule.confidence(),
        rule.status()
    );
    let _ = writeln!(out, "{}\n", page.why.trim());
    let asks = rule.ask();
    if !asks.is_empty() {
        let _ = writeln!(out, "Whom to ask: {}.\n", asks.iter().map(|a| a.name()).collect::<Vec<_>>().join(", "));
    }
    let quoted = |example: &Example| {
        example.text().trim().replace("[[", "**").replace("]]", "**").replace('\n', " ").replace('|', "\\|")
    };
    let rows: Vec<(&String, &PageLanguage)> =
        page.languages.iter().filter(|(_, p)| !p.bad.is_empty() || !p.message.is_empty()).collect();
    if !rows.is_empty() {
        let _ = writeln!(out, "| | What is said | What to do | Caught | Fine |\n|---|---|---|---|---|");
        for (name, part) in rows {
            let language = Language::from_name(name).unwrap_or(Language::En);
            let first = |list: &[Example]| list.first().map_or(String::new(), quoted);
            let _ = writeln!(
                out,
                "| {name} | {} | {} | {} | {} |",
                rule.message(language),
                rule.advice(language),
                first(&part.bad),
                first(&part.good)
            );
        }
        out.push('\n');
    }
    let sources = sources(rule);
    if !sources.is_empty() {
        let _ = writeln!(out, "Sources: {}.\n", sources.join("; "));
    }
    out
}

/// The whole reference.
pub fn reference(pack: &Pack) -> String {
    let mut out = HEAD.to_owned();
    for family in Family::ALL {
        let rules: Vec<Rule<'_>> = pack.rules().filter(|r| r.family() == *family).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {family}\n\n| Rule | Level | Confidence | About |\n|---|---|---|---|");
        for rule in &rules {
            let _ = writeln!(
                out,
                "| [{0}](#{0}) | {1} | {2} | {3} |",
                rule.slug(),
                rule.severity(),
                rule.confidence(),
                rule.title(Language::En)
            );
        }
        for rule in &rules {
            out.push('\n');
            out.push_str(markdown(*rule).trim_end());
            out.push('\n');
        }
    }
    out
}
