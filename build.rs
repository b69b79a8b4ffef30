//! Compiles `rules/` into one pack and keeps the sources beside it for `--rules DIR`.

#[allow(dead_code, unused_imports)]
#[path = "src/compiler/mod.rs"]
mod compiler;
#[allow(dead_code, unused_imports)]
#[path = "src/text/mod.rs"]
mod text;

use compiler::SourceFile;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=src/compiler");
    println!("cargo:rerun-if-changed=src/text");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    let mut files = Vec::new();
    // a house may build its own pack in: DRAFTLINT_RULES=/path/to/rules cargo build
    println!("cargo:rerun-if-env-changed=DRAFTLINT_RULES");
    let rules = std::env::var_os("DRAFTLINT_RULES").map_or(root.join("rules"), PathBuf::from);
    println!("cargo:rerun-if-changed={}", rules.display());
    collect(&rules, "", &mut files);
    match compiler::compile(&files) {
        Ok(words) => {
            let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_ne_bytes()).collect();
            std::fs::write(out.join("pack.bin"), bytes).expect("the pack can be written");
        }
        Err(errors) => {
            for error in &errors.0 {
                println!("cargo::error={error}");
            }
            std::process::exit(1);
        }
    }
    let archive: Vec<(String, String)> = files.into_iter().map(|f| (f.path, f.text)).collect();
    let (weights, rules): (Vec<_>, Vec<_>) = archive.into_iter().partition(|(path, _)| path.starts_with("weights/"));
    let json = |files: &[(String, String)]| serde_json::to_vec(files).expect("strings are JSON");
    std::fs::write(out.join("rules.json"), json(&rules)).expect("the archive can be written");
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(&json(&weights)).expect("a buffer takes all");
    std::fs::write(out.join("weights.json.deflate"), deflated.finish().expect("a buffer takes all"))
        .expect("the archive can be written");
}

fn collect(folder: &Path, inside: &str, files: &mut Vec<SourceFile>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("rules/ can be read").map(|e| e.expect("rules/ can be read").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|n| n.to_str()).expect("rule files have plain names").to_owned();
        let inside = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if path.is_dir() {
            collect(&path, &inside, files);
        } else if name.ends_with(".toml") || name.ends_with(".txt") {
            let text = std::fs::read_to_string(&path).expect("rule files are UTF-8");
            files.push(SourceFile { shown: format!("rules/{inside}"), path: inside, text });
        }
    }
}
