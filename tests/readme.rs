//! The README's console blocks, run: each `$` line must print what stands below it.

use std::process::Command;

/// (command, expected output) of every ```console block.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = line.trim() == "```console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            out.push((command.to_owned(), String::new()));
        } else if let (true, Some((_, expected))) = (inside, out.last_mut()) {
            expected.push_str(line);
            expected.push('\n');
        }
    }
    out
}

#[test]
fn console_blocks_say_the_truth() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = std::fs::read_to_string(format!("{root}/README.md")).expect("README.md");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_draftlint")).parent().expect("a folder").to_owned();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut run = 0;
    for (command, expected) in blocks(&readme) {
        if !command.contains("draftlint ") || command.starts_with("git ") || command.starts_with("cargo ") {
            continue;
        }
        run += 1;
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(root)
            .env("PATH", &path)
            .env("COLUMNS", "80")
            .env("NO_COLOR", "1")
            .env_remove("CI")
            .output()
            .expect("sh runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), expected.trim_end(), "$ {command}");
    }
    assert!(run >= 3, "the README shows fewer than three runs");
}
