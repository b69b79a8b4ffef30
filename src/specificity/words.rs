//! The score in words, in the draft's language.

use crate::finding::Language;
use crate::report::Missing;

/// Below this a draft is called general.
const GENERAL: f64 = 0.4;
/// From this on a draft is called specific.
const SPECIFIC: f64 = 0.6;

/// `specific 0.7`, `partly specific 0.5`, `general 0.3`: 0 says nothing a reader could check, 1 nothing but.
pub fn level(score: f64, language: Language) -> String {
    let phrases = if score >= SPECIFIC {
        ["specific", "concret", "concreet", "конкретно"]
    } else if score >= GENERAL {
        ["partly specific", "en partie concret", "deels concreet", "отчасти конкретно"]
    } else {
        ["general", "trop général", "te algemeen", "слишком общо"]
    };
    let number = format!("{score:.1}");
    let number = if matches!(language, Language::En | Language::Unknown) { number } else { number.replace('.', ",") };
    format!("{} {number}", language.say(phrases))
}

/// `no figure`, for one thing that is missing.
pub fn lacks(missing: Missing, language: Language) -> &'static str {
    let phrases = match missing {
        Missing::Figure => ["no figure", "aucun chiffre", "geen cijfer", "нет цифр"],
        Missing::Name => ["no name", "aucun nom", "geen naam", "нет имён и названий"],
        Missing::Period => ["no date or period", "ni date ni période", "geen datum of periode", "нет дат и сроков"],
        Missing::Source => ["no source", "aucune source", "geen bron", "нет источника"],
        Missing::FirstHand => ["no first-hand act", "rien de vécu", "niets uit eigen ervaring", "нет личного опыта"],
    };
    language.say(phrases)
}

/// `general 0.3: no figure, no name, no first-hand act`. What a specific draft lacks is not held against it.
pub fn describe(score: f64, missing: &[Missing], language: Language) -> String {
    let level = level(score, language);
    if score >= SPECIFIC || missing.is_empty() {
        return level;
    }
    let lacking: Vec<&str> = missing.iter().map(|m| lacks(*m, language)).collect();
    let colon = if language == Language::Fr { "\u{a0}:" } else { ":" };
    format!("{level}{colon} {}", lacking.join(", "))
}

/// What would make the draft specific: one question to the author, for the gravest thing that is missing. It asks for
/// nothing that is not published or cleared; there is none when nothing is missing.
pub fn question(missing: &[Missing], language: Language) -> Option<&'static str> {
    let gravest = missing.iter().min()?;
    let phrases = match gravest {
        Missing::Figure => [
            "Which figure, already published or cleared, shows it?",
            "Quel chiffre, déjà publié ou validé, le montre\u{a0}?",
            "Welk cijfer dat al gepubliceerd of vrijgegeven is, laat het zien?",
            "Какая цифра, уже опубликованная или согласованная, это показывает?",
        ],
        Missing::Name => [
            "Who or what is this about, by a name that is public or cleared?",
            "De qui ou de quoi parle-t-on, avec un nom public ou validé\u{a0}?",
            "Over wie of wat gaat het, met een naam die openbaar of vrijgegeven is?",
            "О ком или о чём речь? Назовите имя или название, если оно открыто или согласовано.",
        ],
        Missing::Period => [
            "When was it, in a period that is already reported or cleared?",
            "Quand était-ce, sur une période déjà publiée ou validée\u{a0}?",
            "Wanneer was dat, in een periode waarover al bericht is of die vrijgegeven is?",
            "Когда это было? Назовите период, о котором уже сообщалось или который согласован.",
        ],
        Missing::Source => [
            "Which published source can a reader look up?",
            "Quelle source publiée le lecteur peut-il consulter\u{a0}?",
            "Welke gepubliceerde bron kan de lezer nakijken?",
            "По какому опубликованному источнику это может проверить читатель?",
        ],
        Missing::FirstHand => [
            "What did you see or do yourself that may be told?",
            "Qu'avez-vous vu ou fait vous-même, et que l'on peut raconter\u{a0}?",
            "Wat hebt u zelf gezien of gedaan dat verteld mag worden?",
            "Что вы сами видели или сделали, о чём можно рассказать?",
        ],
    };
    Some(language.say(phrases))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Missing; 5] = [Missing::Figure, Missing::Name, Missing::Period, Missing::Source, Missing::FirstHand];

    #[test]
    fn in_four_languages() {
        let missing = [Missing::Figure, Missing::Name, Missing::FirstHand];
        assert_eq!(describe(0.31, &missing, Language::En), "general 0.3: no figure, no name, no first-hand act");
        assert_eq!(
            describe(0.31, &missing, Language::Fr),
            "trop général 0,3\u{a0}: aucun chiffre, aucun nom, rien de vécu"
        );
        assert_eq!(
            describe(0.31, &missing, Language::Nl),
            "te algemeen 0,3: geen cijfer, geen naam, niets uit eigen ervaring"
        );
        assert_eq!(
            describe(0.31, &missing, Language::Ru),
            "слишком общо 0,3: нет цифр, нет имён и названий, нет личного опыта"
        );
    }

    #[test]
    fn a_specific_draft_is_not_told_what_it_lacks() {
        assert_eq!(describe(0.72, &[Missing::Source], Language::En), "specific 0.7");
        assert_eq!(describe(0.5, &[], Language::Nl), "deels concreet 0,5");
    }

    #[test]
    fn the_gravest_thing_is_asked_for_in_the_drafts_language() {
        assert_eq!(question(&[], Language::En), None);
        assert_eq!(question(&[Missing::Source, Missing::Name], Language::En), question(&[Missing::Name], Language::En));
        for language in [Language::En, Language::Fr, Language::Nl, Language::Ru] {
            let mut all: Vec<&str> = ALL.iter().map(|m| question(&[*m], language).unwrap_or("")).collect();
            assert!(all.iter().all(|q| q.contains('?')), "{all:?}");
            all.dedup();
            assert_eq!(all.len(), ALL.len());
        }
        assert_eq!(question(&ALL, Language::Unknown), question(&ALL, Language::En));
    }
}
