//! Which of the shipped lists a folder of rules can reach: compiling all of them takes a second, most folders name a few.

use super::SourceFile;
use std::collections::BTreeSet;

/// Lexicons that the program asks for by name, whatever the rules say.
pub const ASKED_BY_PROGRAM: &[&str] = &["formal-you", "hype", "informal-you", "opener", "stock-phrase", "stock-word"];

/// How the lexicons begin that are senses of the thesaurus.
pub const SENSE: &str = "sense-";

/// Whether a classifier may decide one of these rules.
pub fn reads_weights(own: &[SourceFile]) -> bool {
    own.iter().any(|file| file.text.contains("classifier"))
}

/// The shipped lists that the rules in `own` can come to. A rule that a classifier decides reads every list; else weights and
/// (unless one of its senses is named) the thesaurus are left out, and so are lexicons that no text names, at first or second
/// hand.
pub fn reached(mut shipped: Vec<SourceFile>, own: &[SourceFile]) -> Vec<SourceFile> {
    if reads_weights(own) {
        return shipped;
    }
    let senses = own.iter().any(|file| names(&file.text).any(|name| name.starts_with(SENSE)));
    shipped.retain(|file| !file.path.starts_with("weights/") && (senses || !file.path.starts_with("thesaurus/")));
    let (lexicons, rest): (Vec<usize>, Vec<usize>) = (0..shipped.len()).partition(|i| name(&shipped[*i]).is_some());
    let mut known: BTreeSet<&str> = ASKED_BY_PROGRAM.iter().copied().collect();
    let mut fresh: Vec<&str> = known.iter().copied().collect();
    let mut learn = |text, fresh: &mut Vec<_>| fresh.extend(names(text).filter(|name| known.insert(name)));
    own.iter().chain(rest.iter().map(|i| &shipped[*i])).for_each(|file| learn(&file.text, &mut fresh));
    let mut kept: BTreeSet<usize> = rest.into_iter().collect();
    while let Some(wanted) = fresh.pop() {
        for i in lexicons.iter().filter(|i| name(&shipped[**i]) == Some(wanted)) {
            kept.insert(*i);
            learn(&shipped[*i].text, &mut fresh);
        }
    }
    let mut at = 0..;
    shipped.retain(|_| at.next().is_some_and(|i| kept.contains(&i)));
    shipped
}

/// The name of a lexicon's file.
fn name(file: &SourceFile) -> Option<&str> {
    file.path.strip_prefix("lexicons/")?.split_once('/')?.1.strip_suffix(".txt")
}

/// What stands behind each `@`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('@').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        &rest[..end]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { shown: path.to_owned(), path: path.to_owned(), text: text.to_owned() }
    }

    fn kept(rule: &str) -> Vec<String> {
        let shipped = vec![
            file("evidence/en/number.txt", "(one|@few)"),
            file("lexicons/en/boat.txt", "ship\n@raft"),
            file("lexicons/en/car.txt", "car"),
            file("lexicons/en/few.txt", "some"),
            file("lexicons/en/raft.txt", "raft"),
            file("lexicons/nl/boat.txt", "schip"),
            file("thesaurus/en.txt", "boat: ship*"),
            file("weights/en.txt", "feature\ta"),
        ];
        reached(shipped, &[file("tone/a.toml", rule)]).into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn what_is_named_at_second_hand_is_kept() {
        let few = ["evidence/en/number.txt", "lexicons/en/few.txt"];
        assert_eq!(kept("patterns = [\"word\"]"), few);
        let boats = ["lexicons/en/boat.txt", "lexicons/en/few.txt", "lexicons/en/raft.txt", "lexicons/nl/boat.txt"];
        assert_eq!(kept("patterns = [\"(@boat|word)\"]"), [&few[..1], &boats[..]].concat());
        let senses = ["evidence/en/number.txt", "lexicons/en/few.txt", "thesaurus/en.txt"];
        assert_eq!(kept("patterns = [\"our @sense-boat\"]"), senses);
        assert_eq!(kept("classifier = { model = \"a\" }").len(), 8);
    }

    fn sources(folder: &std::path::Path, each: &mut impl FnMut(&str)) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, each);
            } else {
                each(&std::fs::read_to_string(path).expect("a source"));
            }
        }
    }

    #[test]
    fn what_the_program_asks_for_is_listed() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut asked = BTreeSet::new();
        sources(&root.join("src"), &mut |text| {
            for quoted in text.split("\"@").skip(1) {
                let name = quoted.split('"').next().unwrap_or_default();
                if root.join("rules/lexicons/en").join(name).with_extension("txt").is_file() {
                    asked.insert(name.to_owned());
                }
            }
        });
        assert_eq!(asked.into_iter().collect::<Vec<_>>(), ASKED_BY_PROGRAM);
    }
}
