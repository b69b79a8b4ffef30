//! The words around findings, in four languages: verdicts, counts, whom to ask.

use super::Summary;
use crate::finding::{Ask, Confidence, Language, Severity};
use anstyle::{AnsiColor, Style};

/// Rule names and other asides.
pub const DIM: Style = Style::new().dimmed();
/// Verdicts.
pub const BOLD: Style = Style::new().bold();
/// A draft that may go out.
pub const GOOD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));

/// The colour of a severity.
pub fn severity_style(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

/// The form a number asks for: one, few, many (few and many differ in Russian alone).
fn plural(language: Language, n: usize, forms: [&'static str; 3]) -> &'static str {
    let form = match language {
        Language::Ru => match (n % 10, n % 100) {
            (1, r) if r != 11 => 0,
            (2..=4, r) if !(12..=14).contains(&r) => 1,
            _ => 2,
        },
        Language::Fr => 2 * usize::from(n > 1),
        _ => 2 * usize::from(n != 1),
    };
    forms[form]
}

fn forms(language: Language, table: [[&'static str; 3]; 4]) -> [&'static str; 3] {
    table[match language {
        Language::Fr => 1,
        Language::Nl => 2,
        Language::Ru => 3,
        _ => 0,
    }]
}

/// `118 words`.
pub fn word_count(language: Language, n: usize) -> String {
    let forms = forms(
        language,
        [["word", "", "words"], ["mot", "", "mots"], ["woord", "", "woorden"], ["слово", "слова", "слов"]],
    );
    format!("{n} {}", plural(language, n, forms))
}

/// `3 drafts`.
pub fn draft_count(language: Language, n: usize) -> String {
    let forms = forms(
        language,
        [
            ["draft", "", "drafts"],
            ["texte", "", "textes"],
            ["concept", "", "concepten"],
            ["черновик", "черновика", "черновиков"],
        ],
    );
    format!("{n} {}", plural(language, n, forms))
}

/// `2 warnings`.
pub fn severity_count(language: Language, severity: Severity, n: usize) -> String {
    let table = match severity {
        Severity::Error => {
            [["error", "", "errors"], ["erreur", "", "erreurs"], ["fout", "", "fouten"], ["ошибка", "ошибки", "ошибок"]]
        }
        Severity::Warning => [
            ["warning", "", "warnings"],
            ["avertissement", "", "avertissements"],
            ["waarschuwing", "", "waarschuwingen"],
            ["предупреждение", "предупреждения", "предупреждений"],
        ],
        Severity::Note => [
            ["note", "", "notes"],
            ["remarque", "", "remarques"],
            ["opmerking", "", "opmerkingen"],
            ["замечание", "замечания", "замечаний"],
        ],
    };
    format!("{n} {}", plural(language, n, forms(language, table)))
}

/// `confidence: high`.
pub fn confidence(language: Language, confidence: Confidence) -> String {
    let how = match confidence {
        Confidence::Low => language.say(["low", "faible", "laag", "низкая"]),
        Confidence::Medium => language.say(["medium", "moyenne", "gemiddeld", "средняя"]),
        Confidence::High => language.say(["high", "élevée", "hoog", "высокая"]),
    };
    format!("{} {how}", language.say(["confidence:", "certitude\u{a0}:", "zekerheid:", "уверенность:"]))
}

/// The name of a severity.
pub fn severity(language: Language, severity: Severity) -> &'static str {
    match severity {
        Severity::Error => language.say(["error", "erreur", "fout", "ошибка"]),
        Severity::Warning => language.say(["warning", "avertissement", "waarschuwing", "предупреждение"]),
        Severity::Note => language.say(["note", "remarque", "opmerking", "замечание"]),
    }
}

/// What stands before an advice.
pub fn help(language: Language) -> &'static str {
    language.say(["help", "conseil", "advies", "совет"])
}

/// `1 error, 2 notes`, gravest first; empty when there is none.
pub fn severity_counts(language: Language, by_severity: &[usize; 3]) -> String {
    let parts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter(|s| by_severity[**s as usize] > 0)
        .map(|s| severity_count(language, *s, by_severity[*s as usize]))
        .collect();
    parts.join(", ")
}

/// The name of a language, for a reader of another.
pub fn language_name(reader: Language, language: Language) -> &'static str {
    match language {
        Language::En => reader.say(["English", "anglais", "Engels", "английский"]),
        Language::Fr => reader.say(["French", "français", "Frans", "французский"]),
        Language::Nl => reader.say(["Dutch", "néerlandais", "Nederlands", "нидерландский"]),
        Language::Ru => reader.say(["Russian", "russe", "Russisch", "русский"]),
        Language::Unknown => reader.say(["unknown language", "langue inconnue", "onbekende taal", "язык не определён"]),
    }
}

/// What is asked of a person at a terminal.
pub fn paste(language: Language) -> &'static str {
    language.say([
        "Paste the draft, then press Ctrl-D (Ctrl-C cancels).",
        "Collez le texte, puis appuyez sur Ctrl-D (Ctrl-C annule).",
        "Plak het concept en druk dan op Ctrl-D (Ctrl-C breekt af).",
        "Вставьте черновик и нажмите Ctrl-D (Ctrl-C отменяет).",
    ])
}

/// `Hold:`.
pub fn hold(language: Language) -> &'static str {
    language.say(["Hold:", "En attente\u{a0}:", "Nog niet plaatsen:", "Пока не публиковать:"])
}

/// `Ready to post`.
pub fn ready(language: Language) -> &'static str {
    language.say(["Ready to post", "Prêt à publier", "Klaar om te plaatsen", "Можно публиковать"])
}

/// What is said of a draft without words.
pub fn empty(language: Language) -> &'static str {
    language.say([
        "Nothing to check: no words",
        "Rien à vérifier\u{a0}: aucun mot",
        "Niets te controleren: geen woorden",
        "Проверять нечего: нет слов",
    ])
}

/// With whom: `legal`, with the preposition where it depends on the name.
pub fn reviewer(language: Language, ask: Ask) -> &'static str {
    match ask {
        Ask::Legal => language.say(["legal", "le service juridique", "juridische zaken", "с юристами"]),
        Ask::InvestorRelations => language.say([
            "investor relations",
            "les relations investisseurs",
            "investor relations",
            "с отделом по связям с инвесторами",
        ]),
        Ask::DataProtection => language.say([
            "data protection",
            "la protection des données",
            "gegevensbescherming",
            "с ответственным за персональные данные",
        ]),
        Ask::Hr => language.say(["HR", "les ressources humaines", "personeelszaken", "с отделом кадров"]),
        Ask::Security => {
            language.say(["security", "la sécurité informatique", "informatiebeveiliging", "со службой безопасности"])
        }
        Ask::Communications => language.say(["communications", "la communication", "communicatie", "с пресс-службой"]),
    }
}

/// `1 to clear with legal`.
pub fn to_clear(language: Language, n: usize, ask: Ask) -> String {
    let who = reviewer(language, ask);
    match language {
        Language::Fr => format!("{n} {} à valider avec {who}", plural(language, n, ["point", "", "points"])),
        Language::Nl => format!("{n} {} af te stemmen met {who}", plural(language, n, ["punt", "", "punten"])),
        Language::Ru => format!("{n} согласовать {who}"),
        _ => format!("{n} to clear with {who}"),
    }
}

/// `2 to improve`.
pub fn to_improve(language: Language, n: usize) -> String {
    format!("{n} {}", language.say(["to improve", "à améliorer", "te verbeteren", "доработать"]))
}

/// `ask legal, HR`.
pub fn ask(language: Language, asks: &[Ask]) -> String {
    let names: Vec<&str> = asks.iter().map(|a| reviewer(language, *a)).collect();
    format!("{} {}", language.say(["ask", "à voir avec", "overleg met", "согласуйте"]), names.join(", "))
}

/// Where a finding about everything stands.
pub fn whole_draft(language: Language) -> &'static str {
    language.say(["the whole draft", "tout le texte", "de hele tekst", "весь текст"])
}

/// `line 3`.
pub fn line(language: Language, line: usize) -> String {
    format!("{} {line}", language.say(["line", "ligne", "regel", "строка"]))
}

/// `paragraph 3`: where a Word document has no lines.
pub fn paragraph(language: Language, number: usize) -> String {
    format!("{} {number}", language.say(["paragraph", "paragraphe", "alinea", "абзац"]))
}

/// A stretch of the draft between the quotation marks of the reader's language.
pub fn quoted(language: Language, words: &str) -> String {
    match language {
        Language::Fr => format!("«\u{a0}{words}\u{a0}»"),
        Language::Ru => format!("«{words}»"),
        _ => format!("“{words}”"),
    }
}

/// `3 more: 1 warning, 2 notes (--all)`.
pub fn rest(language: Language, unshown: &[usize; 3]) -> String {
    let n: usize = unshown.iter().sum();
    let counts = severity_counts(language, unshown);
    match language {
        Language::Fr => format!("Encore {n}\u{a0}: {counts} (--all les montre)"),
        Language::Nl => format!("Nog {n}: {counts} (--all toont ze)"),
        Language::Ru => format!("Ещё {n}: {counts} (показать: --all)"),
        _ => format!("{n} more: {counts} (--all shows them)"),
    }
}

/// `1 allowed, 4 in the baseline`; empty when there is none.
pub fn set_aside(language: Language, allowed: usize, known: usize) -> String {
    let mut parts = Vec::new();
    if allowed > 0 {
        parts.push(format!("{allowed} {}", language.say(["allowed", "admis", "toegestaan", "разрешено"])));
    }
    if known > 0 {
        parts
            .push(format!("{known} {}", language.say(["in the baseline", "déjà connus", "al bekend", "уже известно"])));
    }
    parts.join(", ")
}

/// That no voice profile is in use.
pub fn no_profile(language: Language) -> &'static str {
    language.say([
        "No voice profile: general rules only (draftlint init)",
        "Sans profil de voix\u{a0}: règles générales seulement (draftlint init)",
        "Geen stemprofiel: alleen algemene regels (draftlint init)",
        "Профиля голоса нет: только общие правила (draftlint init)",
    ])
}

/// That the language could not be told.
pub fn unknown_language(language: Language) -> &'static str {
    language.say([
        "Language not recognised: only personal data, secrets and form were checked (--lang says it)",
        "Langue non reconnue\u{a0}: seuls données personnelles, secrets et forme ont été vérifiés (--lang la précise)",
        "Taal niet herkend: alleen persoonsgegevens, geheimen en vorm zijn gecontroleerd (--lang geeft haar op)",
        "Язык не определён: проверены только персональные данные, секреты и форма (укажите --lang)",
    ])
}

/// The last line over several drafts: `12 drafts: 3 on hold, 9 ready`.
pub fn drafts_line(language: Language, summary: &Summary) -> String {
    let ready = summary.drafts - summary.held;
    let drafts = draft_count(language, summary.drafts);
    let mut line = match language {
        Language::Fr => format!("{drafts}\u{a0}: {} en attente, {ready} prêts", summary.held),
        Language::Nl => format!("{drafts}: {} nog niet, {ready} klaar", summary.held),
        Language::Ru => format!("{drafts}: {} пока нет, {ready} можно публиковать", summary.held),
        _ => format!("{drafts}: {} on hold, {ready} ready", summary.held),
    };
    if summary.failed > 0 {
        line.push_str(&format!(
            ", {} {}",
            summary.failed,
            language.say(["not read", "non lus", "niet gelezen", "не прочитано"])
        ));
    }
    line
}

/// The last line of formats for people who know linters: `2 errors, 1 warning (1 allowed, 4 in the baseline), 3 not shown`.
pub fn counts_line(language: Language, summary: &Summary) -> String {
    let mut line = severity_counts(language, &summary.shown);
    let unshown = summary.unshown.iter().any(|n| *n > 0);
    if line.is_empty() {
        let nothing = if unshown {
            ["nothing sure", "rien de sûr", "niets zekers", "ничего надёжного"]
        } else {
            ["no findings", "rien à signaler", "geen bevindingen", "замечаний нет"]
        };
        line = language.say(nothing).to_owned();
    }
    let aside = set_aside(language, summary.counts.allowed, summary.counts.known);
    if !aside.is_empty() {
        line.push_str(&format!(" ({aside})"));
    }
    if unshown {
        line.push_str(&format!("; {}", rest(language, &summary.unshown).to_lowercase()));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_not_denied() {
        let clean = Summary::default();
        assert_eq!(counts_line(Language::En, &clean), "no findings");
        let unsure = Summary { unshown: [0, 1, 0], ..Summary::default() };
        assert!(counts_line(Language::En, &unsure).starts_with("nothing sure; 1 more"));
    }

    #[test]
    fn russian_counts() {
        for (n, expected) in [
            (0, "0 слов"),
            (1, "1 слово"),
            (2, "2 слова"),
            (5, "5 слов"),
            (11, "11 слов"),
            (12, "12 слов"),
            (21, "21 слово"),
            (112, "112 слов"),
            (104, "104 слова"),
        ] {
            assert_eq!(word_count(Language::Ru, n), expected);
        }
        assert_eq!(word_count(Language::Fr, 0), "0 mot");
        assert_eq!(word_count(Language::Nl, 1), "1 woord");
        assert_eq!(word_count(Language::En, 0), "0 words");
    }
}
