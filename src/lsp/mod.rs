//! `draftlint lsp`: a language server on standard input and output.
//!
//! One thread reads the wire, one does everything else. Work is done when no message waits: a storm of edits is applied
//! edit by edit, which costs microseconds, and linted once; what was cancelled meanwhile is never begun. A draft of a
//! thousand words takes less time to lint than a second thread would take to be worth it.
//!
//! The transport and the few types are our own. `lsp-server` 0.10 ends its reader at the first malformed message and puts
//! the message, that is the draft, into the error; generated types for the whole protocol would be compiled into a
//! program whose cold start is measured. No message of this server holds a word of the draft, except in edits.

mod actions;
mod buffer;
mod document;
mod protocol;
mod server;
mod uri;
mod wire;
mod words;
mod workspace;

use server::Server;
use std::io;
use std::sync::mpsc;
use wire::{Incoming, Reader, Writer};

/// Reads messages to the end of the bytes; gives how many were messages.
pub fn read_all(bytes: &[u8]) -> usize {
    let mut reader = Reader::new(bytes);
    let mut count = 0;
    loop {
        match reader.next() {
            Incoming::End => return count,
            Incoming::Message(_) => count += 1,
            Incoming::Malformed | Incoming::Garbage | Incoming::TooLong => {}
        }
    }
}

/// Serves an editor until it says `exit` or closes the pipe; the answer is the exit status.
pub fn run() -> u8 {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut reader = Reader::new(io::stdin().lock());
        loop {
            let incoming = reader.next();
            let is_end = matches!(incoming, Incoming::End);
            if sender.send(incoming).is_err() || is_end {
                break;
            }
        }
    });
    Server::new(Writer::new(io::stdout().lock())).serve(&receiver)
}
