//! Messages on the wire: `Content-Length` headers and JSON. Whatever else comes is skipped up to the next header, so that
//! one broken message costs one message.

use serde_json::Value;
use std::io::{self, BufRead, Read, Write};

/// Longer messages are refused; a draft may have 64 MiB, and JSON escapes make it longer.
const MAX_MESSAGE: usize = 256 << 20;
/// A header is a line; longer ones are garbage and read in pieces.
const MAX_LINE: u64 = 8 << 10;
const LENGTH: &[u8] = b"content-length:";

/// What came.
pub enum Incoming {
    /// JSON, whatever it says.
    Message(Value),
    /// A message that is no JSON.
    Malformed,
    /// Bytes between messages.
    Garbage,
    /// A message that is too long to be read.
    TooLong,
    /// Nothing comes any more.
    End,
}

/// Reads messages.
pub struct Reader<R> {
    input: R,
    /// The length of the message whose headers were read, when garbage before it had to be reported first.
    pending: Option<usize>,
}

impl<R: BufRead> Reader<R> {
    pub fn new(input: R) -> Self {
        Self { input, pending: None }
    }

    /// The next message; errors of the pipe are its end.
    pub fn next(&mut self) -> Incoming {
        self.read().unwrap_or(Incoming::End)
    }

    fn read(&mut self) -> io::Result<Incoming> {
        let length = match self.pending.take() {
            Some(length) => length,
            None => {
                let (length, garbage) = self.headers()?;
                let Some(length) = length else { return Ok(if garbage { Incoming::Garbage } else { Incoming::End }) };
                if garbage {
                    self.pending = Some(length);
                    return Ok(Incoming::Garbage);
                }
                length
            }
        };
        if length > MAX_MESSAGE {
            return Ok(Incoming::TooLong);
        }
        let mut body = Vec::new();
        if (&mut self.input).take(length as u64).read_to_end(&mut body)? < length {
            return Ok(Incoming::End);
        }
        Ok(serde_json::from_slice(&body).map_or(Incoming::Malformed, Incoming::Message))
    }

    /// The length that the headers give (none at the end of input), and whether anything else stood among them.
    fn headers(&mut self) -> io::Result<(Option<usize>, bool)> {
        let (mut length, mut garbage) = (None, false);
        let mut line = Vec::new();
        loop {
            line.clear();
            if (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
                return Ok((None, garbage));
            }
            let text = line.trim_ascii();
            if text.is_empty() {
                match length {
                    Some(_) => return Ok((length, garbage)),
                    None => continue,
                }
            }
            match length_in(text) {
                Some((found, alone)) => {
                    length = Some(found);
                    garbage |= !alone;
                }
                None => garbage |= !text.to_ascii_lowercase().starts_with(b"content-type:"),
            }
        }
    }
}

/// The length in a line, and whether nothing stands before it: what is left of a broken message has no line end.
fn length_in(line: &[u8]) -> Option<(usize, bool)> {
    let at = line.windows(LENGTH.len()).rposition(|w| w.eq_ignore_ascii_case(LENGTH))?;
    let digits = line[at + LENGTH.len()..].trim_ascii();
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, at == 0))
}

/// Writes messages.
pub struct Writer<W> {
    output: W,
    /// The client is gone; nothing more is written.
    pub closed: bool,
}

impl<W: Write> Writer<W> {
    pub fn new(output: W) -> Self {
        Self { output, closed: false }
    }

    /// Sends one message whole.
    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body.as_bytes());
        self.closed |= self.output.write_all(&bytes).and_then(|()| self.output.flush()).is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(bytes: &[u8]) -> String {
        let mut reader = Reader::new(bytes);
        let mut out = String::new();
        loop {
            match reader.next() {
                Incoming::Message(value) => out.push_str(&value.to_string()),
                Incoming::Malformed => out.push('m'),
                Incoming::Garbage => out.push('g'),
                Incoming::TooLong => out.push('l'),
                Incoming::End => return out,
            }
        }
    }

    #[test]
    fn finds_its_way_back() {
        assert_eq!(kinds(b"Content-Length: 1\r\n\r\n7content-length:2\n\n42"), "742");
        assert_eq!(kinds(b"Content-Type: x; charset=utf-8\r\nContent-Length: 1\r\n\r\n7"), "7");
        assert_eq!(kinds(b"GET / HTTP/1.1\r\n\r\nContent-Length: 1\r\n\r\n7"), "g7");
        assert_eq!(kinds(b"\xff\xfe\0junkContent-Length: 1\r\n\r\n7"), "g7");
        assert_eq!(kinds(b"Content-Length: many\r\n\r\nContent-Length: 1\r\n\r\n7"), "g7");
        assert_eq!(kinds(b"Content-Length: -1\r\n\r\nContent-Length: 1\r\n\r\n7"), "g7");
        assert_eq!(kinds(b"Content-Length: 2\r\n\r\n{{Content-Length: 1\r\n\r\n7"), "m7");
        assert_eq!(kinds(b"Content-Length: 2\r\n\r\n{\"a\":1}Content-Length: 1\r\n\r\n7"), "mg7");
        assert_eq!(kinds(b"Content-Length: 3\r\n\r\n\"\xff\"Content-Length: 1\r\n\r\n7"), "m7");
        assert_eq!(kinds(b"Content-Length: 99999999999999\r\n\r\nxContent-Length: 1\r\n\r\n7"), "lg7");
        assert_eq!(kinds(b"Content-Length: 9\r\n\r\n7"), "");
        assert_eq!(kinds(&[b'x'; 100_000]), "g");
    }
}
