//! The program: parse, run, exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    // a panic's payload may hold words of the draft: only its place is shown
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        draftlint::cli::complain(format!(
            "this is a bug in draftlint {}{place}; please report it at {}/issues (no word of the draft is shown here)",
            env!("CARGO_PKG_VERSION"),
            "https://github.com/draftlint/draftlint",
        ));
    }));
    let status =
        std::panic::catch_unwind(|| draftlint::program::main(std::env::args_os())).unwrap_or(draftlint::cli::FAILURE);
    ExitCode::from(status)
}
