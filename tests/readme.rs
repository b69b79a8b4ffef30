//! The README's console blocks, run: each `$` line must print what stands below it. `BLESS=1 cargo test --test readme` writes
//! what they print now; read the difference before it is committed. What it tells pipelines to run is run in a repository.

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
    let readme = read("README.md");
    assert!(readme.contains(&format!("entry: {entry}\n")), "README.md: another entry than {entry}");
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        read("tests/pre-commit.sh").contains(&format!("git tag v{version})")),
        "tests/pre-commit.sh: another version"
    );
    assert!(readme.contains(&format!("rev: v{version}\n")) && readme.contains(&format!("/draftlint-{version}-py3-")));
}

/// The lines of the README's YAML that call the program, by the words that their block holds.
fn pipeline<'t>(readme: &'t str, words: &str) -> &'t str {
    let block = readme.split("```yaml\n").skip(1).map(|b| b.split("```").next().unwrap_or_default());
    let block = block.into_iter().find(|b| b.contains(words)).unwrap_or_else(|| panic!("no YAML with {words}"));
    let line = block.lines().find(|l| l.contains("draftlint check ")).expect("a line that runs draftlint");
    &line[line.find("draftlint check ").unwrap()..]
}

#[test]
fn pipelines_run_as_they_are_written() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = std::fs::read_to_string(format!("{root}/README.md")).expect("README.md");
    let bad = std::fs::read_to_string(format!("{root}/fixtures/en/launch.md")).expect("a fixture");
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_draftlint")).parent().expect("a folder").to_owned();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let sh = |command: &str, here: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-ec", command]).current_dir(folder.path().join(here)).env("PATH", &path).env("CI", "true");
        for who in ["AUTHOR", "COMMITTER"] {
            shell.env(format!("GIT_{who}_NAME"), "t").env(format!("GIT_{who}_EMAIL"), "t@t.t");
        }
        let output = shell.env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("sh runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect(name);
    if sh("git init -q -b main origin && mkdir origin/posts", "").0 != Some(0) {
        return eprintln!("left out: the README's pipelines (no git)");
    }
    write("origin/posts/old.md", &bad);
    let made =
        "git add . && git commit -qm old && cd .. && git clone -q origin work && cd work && git checkout -qb mine";
    assert_eq!(sh(made, "origin").0, Some(0));
    // a warning passes, an error does not, and what stood there before is not told
    write("work/posts/new.md", "Write to anna.petrova1984@gmail.com today.\n");
    let github = pipeline(&readme, "runs-on").replace("${{ github.base_ref }}", "main");
    let (status, said) = sh(&github, "work");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.starts_with("::warning file=posts/new.md,line=1,") && !said.contains("old.md"), "{said}");
    write("work/posts/new.md", &bad);
    let (status, said) = sh(&github, "work");
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("::error file=posts/new.md,line=11,") && !said.contains("old.md"), "{said}");
    let gitlab = pipeline(&readme, "codequality");
    assert_eq!(sh(gitlab, "work"), (Some(1), String::new()));
    let report = std::fs::read(folder.path().join("work/draftlint.json")).expect("the artifact that the YAML names");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
    let paths: std::collections::BTreeSet<&str> =
        report.as_array().expect("a list").iter().filter_map(|f| f["location"]["path"].as_str()).collect();
    assert_eq!(paths.into_iter().collect::<Vec<_>>(), ["posts/new.md", "posts/old.md"]);
}
