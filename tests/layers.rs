//! The layers of the house: each module uses only modules that stand before it in the guide of `src/lib.rs`.

use std::collections::BTreeSet;
use std::path::Path;

/// The layers, in the order of the crate guide.
fn modules() -> Vec<String> {
    let lib = std::fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let named = |line: &str| line.strip_prefix("//! - `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
    lib.lines().filter_map(named).collect()
}

#[test]
fn the_guide_names_every_module() {
    let lib = std::fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let guide = modules();
    let declared: Vec<&str> =
        lib.lines().filter_map(|l| l.strip_prefix("pub mod ")).map(|m| m.trim_end_matches(';')).collect();
    let left_out: Vec<&&str> = declared.iter().filter(|m| !guide.contains(&(**m).to_owned())).collect();
    assert!(left_out.is_empty() && declared.len() == guide.len(), "{left_out:?}");
}

fn sources(module: &str) -> Vec<String> {
    let mut files = Vec::new();
    let file = format!("src/{module}.rs");
    if Path::new(&file).exists() {
        files.push(file);
    }
    let mut folders = vec![format!("src/{module}")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path.display().to_string());
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path.display().to_string());
            }
        }
    }
    files
}

#[test]
fn each_module_uses_only_those_before_it() {
    let modules = modules();
    assert!(modules.len() > 15, "the list of modules was not read: {modules:?}");
    let mut wrong = Vec::new();
    for (i, module) in modules.iter().enumerate() {
        let allowed: BTreeSet<&str> = modules[..=i].iter().map(String::as_str).collect();
        for file in sources(module) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            // tests at a file's end may look anywhere
            let text = text.split("#[cfg(test)]").next().unwrap_or("");
            for (at, _) in text.match_indices("crate::") {
                if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let name: String = text[at + 7..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if modules.contains(&name) && !allowed.contains(name.as_str()) {
                    wrong.push(format!("{file} uses crate::{name}"));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn text_and_compiler_stand_alone() {
    for module in ["text", "compiler"] {
        for file in sources(module) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            assert!(!text.contains("crate::"), "{file} names the crate, but the build script compiles it too");
        }
    }
}
