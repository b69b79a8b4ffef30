//! Drafts that are no files: pasted, piped in, on the clipboard.

use super::{Source, read_all};
use crate::cli;
use crate::draft::Limits;
use crate::emit;
use crate::finding::Language;
use crate::terminal::{self, Pasted};
use std::io::{self, IsTerminal};

/// The draft that a person pastes, or that another program pipes in.
pub(super) fn standard_input(
    name: Option<&str>,
    quiet: bool,
    asked: bool,
    language: Language,
    limits: Limits,
) -> Result<Source, u8> {
    let name = name.unwrap_or("-").to_owned();
    if io::stdin().is_terminal() && !asked {
        let prompt = if quiet { "" } else { emit::words::paste(language) };
        return match terminal::paste(prompt) {
            Ok(Pasted::Text(text)) => Ok(Source::Bytes { name, bytes: text.into_bytes() }),
            Ok(Pasted::Cancelled) => {
                cli::complain("cancelled");
                Err(cli::FAILURE)
            }
            Err(error) => {
                cli::complain(format!("terminal: {}", crate::file::why(&error)));
                Err(cli::FAILURE)
            }
        };
    }
    match read_all(io::stdin().lock(), limits) {
        Ok(bytes) => Ok(Source::Bytes { name, bytes }),
        Err(error) => {
            cli::complain(format!("standard input: {}", crate::file::why(&error)));
            Err(cli::FAILURE)
        }
    }
}

/// The language of the person at the terminal, before there is a draft: asked for, else the system's.
pub(super) fn persons_language(asked: Option<Language>) -> Language {
    let system = || {
        let name =
            ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()))?;
        Language::from_name(name.get(..2)?)
    };
    asked.or_else(system).unwrap_or(Language::En)
}

/// What is on the clipboard, by the system's own program.
pub(super) fn clipboard() -> Result<Vec<u8>, String> {
    let programs: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["pbpaste"]]
    } else if cfg!(windows) {
        &[&[
            "powershell",
            "-NoProfile",
            "-Command",
            "[Console]::OutputEncoding=[Text.Encoding]::UTF8; Get-Clipboard -Raw",
        ]]
    } else {
        &[
            &["wl-paste", "--no-newline"],
            &["xclip", "-selection", "clipboard", "-out"],
            &["xsel", "--clipboard", "--output"],
        ]
    };
    for program in programs {
        match std::process::Command::new(program[0]).args(&program[1..]).output() {
            Ok(output) if output.status.success() => return Ok(output.stdout),
            _ => {}
        }
    }
    let names: Vec<&str> = programs.iter().map(|p| p[0]).collect();
    Err(format!("--clipboard: the clipboard cannot be read with {}; pipe the draft in instead", names.join(", ")))
}
