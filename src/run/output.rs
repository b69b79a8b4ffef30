//! Where results go, and what a person sees who waits.

use super::{CheckArgs, Colour, shown};
use std::io::{self, IsTerminal, Write};

/// Columns of the terminal; 80 where there is none.
pub fn terminal_width() -> usize {
    if !io::stdout().is_terminal() {
        return 80;
    }
    match crossterm::terminal::size() {
        Ok((columns, _)) if columns > 0 => usize::from(columns).clamp(40, 100),
        _ => 80,
    }
}

fn wants_colour(colour: Colour, to_file: bool) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
                || std::env::var_os("TERM").is_some_and(|t| t == "dumb");
            !to_file && !plain && io::stdout().is_terminal()
        }
    }
}

/// Where results go.
pub(super) struct Output {
    pub(super) name: String,
    pub(super) writer: Box<dyn Write>,
}

impl Output {
    pub(super) fn open(args: &CheckArgs, styled: bool) -> io::Result<Self> {
        let (name, raw): (String, Box<dyn Write>) = match &args.output_file {
            Some(path) => (shown(path), Box::new(io::BufWriter::with_capacity(1 << 16, std::fs::File::create(path)?))),
            None => {
                ("standard output".to_owned(), Box::new(io::BufWriter::with_capacity(1 << 16, io::stdout().lock())))
            }
        };
        let keep = !styled || wants_colour(args.color, args.output_file.is_some());
        let writer: Box<dyn Write> = if keep { raw } else { Box::new(anstream::StripStream::new(raw)) };
        Ok(Self { name, writer })
    }
}

/// A count on standard error, for long runs that a person watches.
pub(super) struct Progress {
    since: Option<std::time::Instant>,
    shown: bool,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        let watched = !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { since: watched.then(std::time::Instant::now), shown: false }
    }

    pub(super) fn show(&mut self, drafts: usize) {
        if self.since.is_some_and(|s| s.elapsed().as_secs() >= 1) {
            let _ = write!(io::stderr(), "\r{drafts} drafts");
            self.shown = true;
        }
    }

    pub(super) fn clear(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r{:24}\r", "");
        }
    }
}
