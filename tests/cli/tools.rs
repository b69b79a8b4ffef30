//! Other people's programs that drive draftlint: Neovim, Emacs, and the clients in `editors/`. Each runs where its tool is there; what
//! is left out is said on standard error, also where the test harness keeps the output of tests. (pre-commit has a script of
//! its own, `tests/pre-commit.sh`, which `.ci/run` runs: it installs the program anew.)

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Scripts use this for "left out".
const LEFT_OUT: i32 = 77;

fn is_there(tool: &str) -> bool {
    Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// Says what was not tested, and why.
pub fn left_out(why: &str) {
    let _ = writeln!(std::io::stderr(), "{why}");
}

/// Runs a script of the project with the program under test; `needs` are the tools without which it is left out.
fn script(path: &str, needs: &[&str]) {
    if let Some(missing) = needs.iter().find(|tool| !is_there(tool)) {
        return left_out(&format!("left out: {path} (no {missing})"));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // target/debug/draftlint or target/PROFILE/draftlint: scripts that build use the same folder
    let program = Path::new(env!("CARGO_BIN_EXE_draftlint"));
    let target = program.parent().and_then(Path::parent).unwrap();
    let mut command = if path.ends_with(".py") { Command::new("python3") } else { Command::new("sh") };
    let output = command
        .arg(root.join(path))
        .env("DRAFTLINT", program)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CI")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(0) => {}
        Some(LEFT_OUT) => left_out(said.trim()),
        _ => panic!("{path}: {}\n{said}", output.status),
    }
}

/// Takes what npm has to send, so it runs where it is asked for.
fn builds_wanted(what: &str) -> bool {
    let wanted = std::env::var_os("DRAFTLINT_TOOLS").is_some_and(|v| !v.is_empty());
    if !wanted {
        left_out(&format!("left out: {what} (set DRAFTLINT_TOOLS=1 to build it)"));
    }
    wanted
}

#[test]
fn neovim_reads_back_where_diagnostics_stand() {
    script("editors/neovim/test.sh", &["nvim", "timeout"]);
}

#[test]
fn helix_recipe_is_served() {
    // tomllib came with Python 3.11
    let toml = Command::new("python3").args(["-c", "import tomllib"]).stderr(Stdio::null()).status();
    match toml.is_ok_and(|s| s.success()) {
        true => script("editors/helix/test.py", &["python3"]),
        false => left_out("left out: editors/helix/test.py (no Python 3.11)"),
    }
}

#[test]
fn emacs_reads_back_where_diagnostics_stand() {
    script("editors/emacs/test.sh", &["emacs", "timeout"]);
}

#[test]
fn json_clients_agree() {
    script("editors/json_test.sh", &["python3", "jq"]);
}

#[test]
fn vscode_extension_is_compiled_and_packaged() {
    if builds_wanted("editors/vscode/build.sh") {
        script("editors/vscode/test.sh", &["node", "npm"]);
    }
}
