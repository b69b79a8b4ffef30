//! A folder of its own for one test, and the program run in it.

#![allow(dead_code, reason = "not every test binary needs all of it")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Every output format.
pub const FORMATS: &[&str] = &[
    "text",
    "full",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "rdjsonl",
];

/// What the program answered.
pub struct Answer {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

impl Answer {
    /// The one record of `jsonl` output.
    pub fn json_line(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", self.stdout, self.stderr))
    }
}

/// The few shipped rules that these tests speak of (the lists come with the program): quick to compile, and work on other
/// rules does not change what they see.
fn rule_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let name = std::env::current_exe().unwrap().file_stem().unwrap().to_string_lossy().into_owned();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        std::fs::create_dir_all(folder.join("disclosure")).unwrap();
        for slug in [
            "registered-term",
            "embargoed-term",
            "release-due",
            "restricted-period",
            "email-address",
            "cautionary-statement",
            "communications-first",
        ] {
            let name = format!("disclosure/{slug}.toml");
            std::fs::copy(root.join(&name), folder.join(&name)).expect(slug);
        }
        folder
    })
}

/// Copies a folder with all in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub struct Desk {
    folder: tempfile::TempDir,
    here: String,
    variables: BTreeMap<String, String>,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), here: String::new(), variables: BTreeMap::new() }
    }

    pub fn with(files: &[(&str, &str)]) -> Self {
        let desk = Self::new();
        for (name, text) in files {
            desk.write(name, text.as_bytes());
        }
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Sets a variable of the environment; empty: takes it away.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Goes into a folder.
    pub fn stand(&mut self, folder: &str) {
        self.here = folder.to_owned();
    }

    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.feed(arguments, "")
    }

    /// Runs the program with something on standard input.
    pub fn feed(&self, arguments: &[&str], input: &str) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_draftlint"));
        command
            .args(arguments)
            .current_dir(self.path(&self.here))
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("home/.config"));
        if matches!(arguments[0], "check" | "sign" | "verify" | "parity") {
            command.arg("--rules-only").arg(rule_folder());
        }
        for name in ["CI", "NO_COLOR", "DRAFTLINT_CRISIS", "DRAFTLINT_SECRETS_KEY", "DRAFTLINT_SECRETS_KEY_FILE"] {
            command.env_remove(name);
        }
        for (name, value) in self.variables.iter().filter(|(_, v)| !v.is_empty()) {
            command.env(name, value);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // the program may answer before it has read all
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Answer { stdout: text(output.stdout), stderr: text(output.stderr), status: output.status.code().unwrap() }
    }
}
