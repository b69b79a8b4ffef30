//! The program as its users meet it: real files, real pipes, real exit statuses.
//!
//! Most tests use the small rules of `tests/cli/rules`, so that work on the shipped rules does not change what they see.

mod asks;
mod baseline;
mod config;
#[path = "../desk/mod.rs"]
mod desk;
mod documents;
mod fixtures;
mod formats;
mod grammars;
mod input;
mod jsonl;
mod redact;
mod rules;
mod specificity;
mod status;
mod suppress;
mod tools;
mod voice;
mod xsd;

use desk::copy;
pub use desk::{Answer, FORMATS};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// A folder of its own for one test, and the program run in it.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// The rules of the tests, with those shipped rules that the program itself speaks of.
pub fn rule_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rules-{}", std::process::id()));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&root.join("tests/cli/rules"), &folder);
        for shipped in [
            "email-address",
            "unreadable-suppression",
            "incomplete-suppression",
            "expired-suppression",
            "stale-suppression",
            "communications-first",
        ] {
            let name = format!("disclosure/{shipped}.toml");
            std::fs::copy(root.join("rules").join(&name), folder.join(&name)).expect(shipped);
        }
        folder
    })
}

impl Desk {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With these files in it.
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

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, standing in the folder, with nothing of the machine's own settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_draftlint"));
        command.args(args).current_dir(self.folder.path());
        for name in ["CI", "NO_COLOR", "DRAFTLINT_CRISIS", "XDG_CONFIG_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", self.folder.path().join("no-home"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// `draftlint ARGS` with the rules of the tests, on a fixed day.
    pub fn run(&self, args: &[&str]) -> Answer {
        self.run_with(args, "")
    }

    /// The same with something on standard input.
    pub fn run_with(&self, args: &[&str], stdin: &str) -> Answer {
        let rules = rule_folder().to_str().unwrap();
        let all: Vec<&str> = ["--rules-only", rules, "--as-of", "2026-11-22"].iter().chain(args).copied().collect();
        self.answer(&mut self.command(&all), stdin)
    }

    /// `draftlint ARGS` and nothing else.
    pub fn run_bare(&self, args: &[&str]) -> Answer {
        self.answer(&mut self.command(args), "")
    }

    pub fn answer(&self, command: &mut Command, stdin: &str) -> Answer {
        use std::io::Write;
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let text = stdin.to_owned();
        let writer = std::thread::spawn(move || {
            let _ = pipe.write_all(text.as_bytes());
        });
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Answer {
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            status: status.code().unwrap_or(-1),
        }
    }
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.stdout, self.stderr))
    }

    pub fn lines(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    /// The rules of all findings of a JSON document.
    pub fn rules(&self) -> Vec<String> {
        let json = self.json();
        let files = json["files"].as_array().unwrap();
        files
            .iter()
            .flat_map(|f| f["findings"].as_array().cloned().unwrap_or_default())
            .map(|f| f["rule"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A draft with one finding in each of four languages, behind Cyrillic and emoji.
pub const MIXED: &str = "Это 🚀 прорывное решение для всех, кто ждёт на нашем складе.\n\nNos ventes progresseront de 12 % l'an prochain, écrit Éva.\n\nThis is a game changer for everyone in our town. Thoughts?\n";
