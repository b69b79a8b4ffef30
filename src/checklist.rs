//! `draftlint checklist`: the questions that no rule can answer, for the person who posts, in the draft's language.

use crate::date::Date;
use crate::draft::Draft;
use crate::emit::words;
use crate::finding::Language;
use crate::linter::Linter;
use crate::options::Options;
use crate::pack::Pack;
use std::fmt::Write as _;

/// Which key of the front matter answers a question.
#[derive(Clone, Copy)]
enum Answer {
    Goal,
    Audience,
    Measure,
    Nobody,
}

/// One question: what answers it, the rules whose findings make it pressing, its words in four languages.
struct Question {
    answer: Answer,
    rules: &'static [&'static str],
    words: [&'static str; 4],
}

const QUESTIONS: &[Question] = &[
    Question {
        answer: Answer::Goal,
        rules: &["no-goal"],
        words: [
            "Which goal does this post serve?",
            "Quel but cette publication sert-elle ?",
            "Welk doel dient dit bericht?",
            "Какой цели служит этот пост?",
        ],
    },
    Question {
        answer: Answer::Audience,
        rules: &["audience-everybody"],
        words: [
            "Who exactly should read it? Name the group in the first line.",
            "Qui doit le lire, au juste ? Nommez le groupe dans la première ligne.",
            "Wie precies moet het lezen? Noem de groep in de eerste regel.",
            "Кто именно должен его прочесть? Назовите группу в первой строке.",
        ],
    },
    Question {
        answer: Answer::Measure,
        rules: &["no-measure"],
        words: [
            "How will you know next month that it worked?",
            "À quoi verrez-vous, le mois prochain, que cela a marché ?",
            "Waaraan ziet u volgende maand dat het gewerkt heeft?",
            "По чему вы через месяц поймёте, что он сработал?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &["no-next-step", "empty-question"],
        words: [
            "What should the reader do next, and by when?",
            "Que doit faire le lecteur ensuite, et pour quand ?",
            "Wat moet de lezer daarna doen, en tegen wanneer?",
            "Что читателю делать дальше и к какому сроку?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &["effort-without-return"],
        words: [
            "What does the reader get for the effort, and what do you get?",
            "Qu'y gagne le lecteur, et qu'y gagnez-vous ?",
            "Wat krijgt de lezer voor zijn moeite, en wat krijgt u?",
            "Что за свой труд получит читатель и что получите вы?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &["not-first-hand", "preaching"],
        words: [
            "What did you see or decide that nobody else could report?",
            "Qu'avez-vous vu ou décidé que personne d'autre ne pourrait raconter ?",
            "Wat zag of besliste u dat niemand anders kan vertellen?",
            "Что вы сами увидели или решили такого, о чём никто другой не расскажет?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &["change-without-what"],
        words: [
            "If something changes: what, for whom, from which day?",
            "Si quelque chose change : quoi, pour qui, à partir de quel jour ?",
            "Als er iets verandert: wat, voor wie, vanaf welke dag?",
            "Если что-то меняется: что, для кого и с какого дня?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &[],
        words: [
            "Is every fact in it public already, or cleared, and by whom?",
            "Chaque fait est-il déjà public, ou validé, et par qui ?",
            "Is elk feit erin al openbaar of vrijgegeven, en door wie?",
            "Все ли факты уже опубликованы или согласованы, и кем?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &[],
        words: [
            "Do you have an interest in the matter that the reader should know?",
            "Avez-vous dans l'affaire un intérêt que le lecteur devrait connaître ?",
            "Hebt u een belang in de zaak dat de lezer moet kennen?",
            "Есть ли у вас в этом деле интерес, о котором читателю следует знать?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &[],
        words: [
            "Who answers the replies, today and tomorrow?",
            "Qui répond aux commentaires, aujourd'hui et demain ?",
            "Wie beantwoordt de reacties, vandaag en morgen?",
            "Кто будет отвечать на комментарии сегодня и завтра?",
        ],
    },
    Question {
        answer: Answer::Nobody,
        rules: &[],
        words: [
            "How would it read under a headline about your company?",
            "Comment le lirait-on sous un titre sur votre entreprise ?",
            "Hoe leest het onder een kop over uw bedrijf?",
            "Как он прочтётся под заголовком о вашей компании?",
        ],
    },
];

/// The questions for a draft, those answered in its front matter ticked; in the draft's language unless another is asked for.
pub fn questions(pack: &Pack, draft: &Draft, asked: Option<Language>) -> String {
    let report = Linter::new(pack, Options { as_of: Date::today(), ..Options::default() }).lint(draft);
    let language = match asked.unwrap_or(report.language) {
        Language::Unknown => Language::En,
        language => language,
    };
    let l = language as usize;
    let front = &draft.front_matter;
    let title = ["Before you post", "Avant de publier", "Voor u plaatst", "Перед публикацией"][l];
    let answered =
        ["answered in the front matter", "réponse dans l'en-tête", "beantwoord in de kop", "ответ в шапке черновика"]
            [l];
    let mut out = format!(
        "{title} ({}, {})\n\n",
        words::language_name(language, report.language),
        words::word_count(language, report.words)
    );
    for question in QUESTIONS {
        let done = match question.answer {
            Answer::Goal => front.goal.is_some(),
            Answer::Audience => front.audience.is_some(),
            Answer::Measure => front.measure.is_some(),
            Answer::Nobody => false,
        };
        let _ = writeln!(out, "[{}] {}", if done { "x" } else { " " }, question.words[l]);
        if done {
            let _ = writeln!(out, "    {answered}");
            continue;
        }
        if let Some(finding) = report.findings.iter().find(|f| question.rules.contains(&pack.rule(f.rule).slug())) {
            let _ = writeln!(out, "    ! {}", pack.rule(finding.rule).message(language));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_in_every_language() {
        for question in QUESTIONS {
            for words in question.words {
                assert!(words.chars().count() > 20 && !words.contains("  "));
            }
        }
        assert_eq!(Language::ALL[3], Language::Ru);
    }
}
