//! Every example of every rule, one named test each: `disclosure/forward-looking-figure ru bad 1`.

use draftlint::pack::Pack;
use draftlint::rule_tests::Tester;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;

fn main() {
    let arguments = Arguments::from_args();
    let pack = Pack::embedded();
    let mut tester = Tester::new(pack);
    let mut trials = Vec::new();
    for rule in pack.rules() {
        let failures: HashMap<String, String> = tester.rule(rule).into_iter().map(|f| (f.name, f.message)).collect();
        for (language, part) in &rule.page().languages {
            for (side, count) in [("bad", part.bad.len()), ("good", part.good.len())] {
                for n in 1..=count {
                    let name = format!("{} {language} {side} {n}", rule.full_id());
                    let failure = failures.get(&name).cloned();
                    trials
                        .push(Trial::test(name, move || failure.map_or(Ok(()), |message| Err(Failed::from(message)))));
                }
            }
        }
    }
    assert!(trials.len() > 1_000, "the pack has lost its examples");
    libtest_mimic::run(&arguments, trials).exit();
}
