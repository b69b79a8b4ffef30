//! A paste in a terminal. Line mode cuts a pasted line at 4,096 bytes, silently; so the terminal is read raw, with
//! bracketed paste, and put back as it was whatever happens.

use crossterm::event::{
    self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers,
};
use crossterm::{execute, terminal};
use std::io::{self, Write};

/// What the person did.
#[derive(Debug, PartialEq, Eq)]
pub enum Pasted {
    /// A text, ended with Ctrl-D.
    Text(String),
    /// Ctrl-C.
    Cancelled,
}

/// Raw mode for as long as it lives.
struct Raw;

impl Raw {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        let raw = Self;
        execute!(io::stderr(), EnableBracketedPaste)?;
        Ok(raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = execute!(io::stderr(), DisableBracketedPaste);
        let _ = terminal::disable_raw_mode();
    }
}

/// Asks for a text and reads it to Ctrl-D; what is typed is shown as it comes, control characters never.
pub fn paste(prompt: &str) -> io::Result<Pasted> {
    writeln!(io::stderr(), "{prompt}")?;
    let raw = Raw::enter()?;
    let mut text = String::new();
    let answer = loop {
        let event = event::read()?;
        match step(&mut text, event) {
            Step::Show(shown) => echo(&shown)?,
            Step::Back => {
                // good enough for a slip of the finger; lines above stay as they are
                write!(io::stderr(), "\u{8} \u{8}")?;
                io::stderr().flush()?;
            }
            Step::Nothing => {}
            Step::End => break Pasted::Text(text),
            Step::Cancel => break Pasted::Cancelled,
        }
    };
    drop(raw);
    writeln!(io::stderr())?;
    Ok(answer)
}

fn echo(text: &str) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            err.write_all(b"\r\n")?;
        }
        err.write_all(crate::emit::escape::visible(line).as_bytes())?;
    }
    err.flush()
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Show(String),
    Back,
    Nothing,
    End,
    Cancel,
}

fn step(text: &mut String, event: Event) -> Step {
    match event {
        Event::Paste(pasted) => {
            let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
            text.push_str(&pasted);
            Step::Show(pasted)
        }
        Event::Key(KeyEvent { code, modifiers, kind, .. }) if kind != KeyEventKind::Release => {
            let control = modifiers.contains(KeyModifiers::CONTROL);
            let typed = match code {
                KeyCode::Char('d') if control => return Step::End,
                KeyCode::Char('c') if control => return Step::Cancel,
                // a terminal without bracketed paste sends line feeds as Ctrl-J
                KeyCode::Char('j') if control => '\n',
                KeyCode::Char(_) if control => return Step::Nothing,
                KeyCode::Char(c) => c,
                KeyCode::Enter => '\n',
                KeyCode::Tab => '\t',
                KeyCode::Backspace if text.ends_with('\n') || text.is_empty() => return Step::Nothing,
                KeyCode::Backspace => {
                    text.pop();
                    return Step::Back;
                }
                _ => return Step::Nothing,
            };
            text.push(typed);
            Step::Show(typed.to_string())
        }
        _ => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn a_paste_and_its_end() {
        let mut text = String::new();
        let long = "Длинная строка ".repeat(1_000);
        assert_eq!(step(&mut text, Event::Paste(format!("{long}\r\nend\r"))), Step::Show(format!("{long}\nend\n")));
        step(&mut text, key(KeyCode::Char('é'), KeyModifiers::NONE));
        step(&mut text, key(KeyCode::Char('x'), KeyModifiers::NONE));
        assert_eq!(step(&mut text, key(KeyCode::Backspace, KeyModifiers::NONE)), Step::Back);
        step(&mut text, key(KeyCode::Char('j'), KeyModifiers::CONTROL));
        assert_eq!(step(&mut text, key(KeyCode::Char('d'), KeyModifiers::CONTROL)), Step::End);
        assert_eq!(step(&mut text, key(KeyCode::Char('c'), KeyModifiers::CONTROL)), Step::Cancel);
        assert_eq!(text, format!("{long}\nend\né\n"));
    }
}
