//! The README's console blocks, run: each `$` line must print what stands below it. `BLESS=1 cargo test --test readme` writes
//! what they print now; read the difference before it is committed.

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

/// Whether the line calls the program that was built, and not what the reader has yet to install.
fn is_run(command: &str) -> bool {
    command.contains("draftlint ") && !command.starts_with("git ") && !command.starts_with("cargo ")
}

/// The text with what each run prints now.
fn with_outputs(text: &str, run: &dyn Fn(&str) -> String) -> String {
    let (mut out, mut inside, mut printed) = (String::new(), false, false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            (inside, printed) = (line.trim() == "```console", false);
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            printed = is_run(command);
            out.push_str(&format!("{line}\n"));
            if printed {
                out.push_str(&format!("{}\n", run(command).trim_end()));
            }
            continue;
        }
        if !printed {
            out.push_str(&format!("{line}\n"));
        }
    }
    out
}

#[test]
fn console_blocks_say_the_truth() {
    let root = env!("CARGO_MANIFEST_DIR");
    let file = format!("{root}/README.md");
    let readme = std::fs::read_to_string(&file).expect("README.md");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_draftlint")).parent().expect("a folder").to_owned();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let run = |command: &str| {
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(root)
            .env("PATH", &path)
            .env("COLUMNS", "80")
            .env("NO_COLOR", "1")
            .env_remove("CI")
            .output()
            .expect("sh runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, with_outputs(&readme, &run)).expect("README.md can be written");
        return;
    }
    let runs: Vec<(String, String)> = blocks(&readme).into_iter().filter(|(command, _)| is_run(command)).collect();
    for (command, expected) in &runs {
        assert_eq!(run(command).trim_end(), expected.trim_end(), "$ {command}");
    }
    assert!(runs.len() >= 3, "the README shows fewer than three runs");
}

#[test]
fn the_hook_is_the_same_everywhere() {
    let read = |name: &str| std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name);
    let hooks = read(".pre-commit-hooks.yaml");
    let entry = hooks.lines().find_map(|l| l.trim().strip_prefix("entry: ")).expect("an entry");
    for name in ["README.md", "tests/pre-commit.sh"] {
        assert!(read(name).contains(&format!("entry: {entry}\n")), "{name}: another entry than {entry}");
    }
    let version = env!("CARGO_PKG_VERSION");
    let readme = read("README.md");
    assert!(readme.contains(&format!("rev: v{version}\n")) && readme.contains(&format!("/draftlint-{version}-py3-")));
}
