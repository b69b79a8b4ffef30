use super::*;
use crate::draft::{Draft, Format};
use crate::finding::Language;
use crate::pack::Pack;

fn version(language: &str, text: &str) -> Version {
    let language = Language::from_name(language).unwrap();
    collect(Pack::embedded(), &Draft::from_text("draft", text.to_owned(), Format::Text), language, &[])
}

fn differences(a: (&str, &str), b: (&str, &str)) -> Vec<String> {
    let side = |s: &Side| format!("{}:{}", s.line, s.words.as_deref().unwrap_or("-"));
    compare(&version(a.0, a.1), &version(b.0, b.1))
        .iter()
        .map(|d| format!("{} {} | {}", d.kind.name(), side(&d.a), side(&d.b)))
        .collect()
}

#[test]
fn numbers_in_each_language() {
    let same = |pairs: &[(&str, &str)]| {
        for a in pairs {
            for b in pairs {
                assert_eq!(differences(*a, *b), Vec::<String>::new(), "{a:?} {b:?}");
            }
        }
    };
    same(&[
        ("en", "we sold 1,200.5 tonnes"),
        ("fr", "nous avons vendu 1 200,5 tonnes"),
        ("nl", "wij verkochten 1.200,5 ton"),
        ("ru", "мы продали 1 200,5 тонны"),
    ]);
    same(&[
        ("en", "up 12%"),
        ("fr", "en hausse de 12 %"),
        ("nl", "12 procent meer"),
        ("ru", "на 12 процентов больше"),
        ("en", "up 12 percent"),
        ("fr", "12 pour cent de plus"),
    ]);
    same(&[
        ("en", "worth $1.2bn"),
        ("fr", "d'une valeur de 1,2 milliard de dollars"),
        ("nl", "ter waarde van 1,2 miljard dollar"),
        ("ru", "на 1,2 млрд долларов"),
        ("en", "worth $1,200 million"),
    ]);
    // a sign before the next figure is not the unit of the one before
    same(&[("en", "£418m (2024: £402m)"), ("fr", "418 millions de livres (2024 : 402 millions de livres)")]);
    same(&[("en", "in 2024 £402m"), ("nl", "in 2024 £402 miljoen")]);
    same(&[("en", "1,200 people"), ("fr", "1 200 personnes"), ("nl", "1.200 mensen"), ("ru", "1200 человек")]);
    same(&[
        ("en", "on 12 March 2026"),
        ("fr", "le 12 mars 2026"),
        ("nl", "op 12 maart 2026"),
        ("ru", "12 марта 2026 года"),
        ("en", "on March 12th, 2026"),
        ("nl", "op 12-03-2026"),
        ("ru", "12.03.2026"),
        ("fr", "le 12/03/2026"),
        ("en", "2026-03-12"),
    ]);
    same(&[("en", "at 3:30 pm"), ("fr", "à 15h30"), ("nl", "om 15.30 uur"), ("ru", "в 15:30"), ("fr", "à 15 h 30")]);
    same(&[
        ("en", "three ships and 2 trains"),
        ("fr", "3 navires et deux trains"),
        ("nl", "drie schepen en twee treinen"),
        ("ru", "три корабля и два поезда"),
    ]);
    same(&[("en", "between 10–12% of staff"), ("fr", "entre 10-12 % des effectifs")]);
}

#[test]
fn what_differs_is_named_on_both_sides() {
    let en = "We hired 40 people.\nRevenue rose 12% to €1.2 million on 3 March 2026.\nSee https://example.com/en/news";
    let fr = "Nous avons recruté 40 personnes.\nLe chiffre d'affaires a progressé de 13 % à 1,2 milliard d'euros le 4 mars 2026.\nVoir https://example.com/fr/news";
    assert_eq!(
        differences(("en", en), ("fr", fr)),
        [
            "number 2:12% | 2:13 %",
            "number 2:1.2 million | 2:1,2 milliard d'euros",
            "date 2:3 March 2026 | 2:4 mars 2026"
        ]
    );
    // the separator of another language changes the number
    assert_eq!(differences(("en", "1,234 people"), ("fr", "1,234 personnes")), ["number 1:1,234 | 1:1,234"]);
    assert_eq!(differences(("en", "40 boats and 7 cranes"), ("nl", "40 boten")), ["number 1:7 | 1:-"]);
    assert_eq!(differences(("ru", "40 лодок"), ("nl", "40 boten\nen 7 kranen")), ["number 1:- | 2:7"]);
    assert_eq!(differences(("en", "€40 each"), ("fr", "40 $ pièce")).len(), 1);
    assert_eq!(
        differences(("en", "Details: https://example.com/a"), ("fr", "Détails")),
        ["link 1:https://example.com/a | 1:-"]
    );
}

#[test]
fn names_in_each_script() {
    let en = "Yesterday we met Anna Petrova from London and Jean Dupont.";
    for (language, text) in [
        ("fr", "Hier, nous avons rencontré Anna Petrova, de Londres, et Jean Dupont."),
        ("nl", "Gisteren spraken wij Anna Petrova uit Londen en Jean Dupont."),
        ("ru", "Вчера мы встретили Анну Петрову из Лондона и Жана Дюпона."),
    ] {
        assert_eq!(differences(("en", en), (language, text)), Vec::<String>::new(), "{language}");
    }
    let words = |list: &[&str]| {
        let mut words = names::Words::default();
        list.iter().for_each(|w| words.push(w));
        words
    };
    let name = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    assert!(words(&["анну", "петрову"]).hold(&name(&["anna", "petrova"])));
    assert!(words(&["londres"]).hold(&name(&["london"])));
    assert!(words(&["лондона"]).hold(&name(&["london"])));
    assert!(words(&["allemagne"]).hold(&name(&["germany"])));
    assert!(words(&["германии"]).hold(&name(&["duitsland"])));
    assert!(!words(&["rotterdam"]).hold(&name(&["utrecht"])));
    assert_eq!(
        differences(("en", "Yesterday we met Jean Dupont."), ("fr", "Hier, nous avons rencontré Jean Durand.")).len(),
        1
    );
}
