//! Starts the `draftlint` on the `PATH`; downloads nothing.

use zed_extension_api::{self as zed, LanguageServerId, Result};

struct Draftlint;

impl zed::Extension for Draftlint {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _id: &LanguageServerId, worktree: &zed::Worktree) -> Result<zed::Command> {
        let command = worktree.which("draftlint").ok_or("draftlint is not on the PATH; install it first")?;
        Ok(zed::Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Draftlint);
