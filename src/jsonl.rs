//! JSON lines in: records of archives, one post a line.

use crate::draft::{Draft, Format, Limits};
use serde::Deserialize;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read};

/// What a line asks for.
#[derive(Debug)]
pub struct Record {
    /// Its id, handed back as it came.
    pub id: Value,
    /// The draft, with what the record says of it as front matter.
    pub draft: Draft,
}

/// Why a line is no record; `message` holds no word of it.
#[derive(Debug)]
pub struct RecordError {
    /// The id, as far as it could be read.
    pub id: Value,
    /// A word for scripts.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default)]
    id: Value,
    text: Option<String>,
    lang: Option<String>,
    channel: Option<String>,
    date: Option<String>,
    kind: Option<String>,
    author: Option<String>,
    format: Option<String>,
}

/// Reads one line.
pub fn record(line: &[u8]) -> Result<Record, RecordError> {
    let fail = |id: Value, code, message: String| Err(RecordError { id, code, message });
    let Ok(text) = std::str::from_utf8(line) else {
        return fail(Value::Null, "invalid-utf8", "the line is not UTF-8".to_owned());
    };
    let fields: Fields = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) => {
            // what serde says of a value of the wrong type quotes it; the place and the kind are enough
            let value: Result<Value, _> = serde_json::from_str(text);
            return match value {
                Ok(Value::Object(object)) => {
                    let id = object.get("id").cloned().unwrap_or_default();
                    let named = ["text", "lang", "channel", "date", "kind", "author", "format"];
                    let wrong = named.iter().find(|n| object.get(**n).is_some_and(|v| !v.is_string() && !v.is_null()));
                    fail(id, "invalid-field", format!("`{}` must be a string", wrong.unwrap_or(&"text")))
                }
                Ok(_) => fail(Value::Null, "invalid-json", "the line is no JSON object".to_owned()),
                Err(_) => fail(Value::Null, "invalid-json", format!("the line is no JSON (column {})", error.column())),
            };
        }
    };
    let Some(text) = fields.text else {
        return fail(fields.id, "missing-text", "the record has no `text`".to_owned());
    };
    let format = match fields.format.as_deref() {
        None | Some("text") => Format::Text,
        Some("markdown") => Format::Markdown,
        Some(_) => return fail(fields.id, "invalid-field", "`format` must be `text` or `markdown`".to_owned()),
    };
    if let Some(date) = fields.date.as_deref() {
        if crate::date::Date::parse(date).is_none() {
            return fail(fields.id, "invalid-field", "`date` must be a day such as 2026-11-30".to_owned());
        }
    }
    let mut draft = Draft::from_text("", text, format);
    draft.dated = fields.date.as_deref().and_then(crate::date::Date::parse);
    let front = &mut draft.front_matter;
    let said = [
        (&mut front.lang, fields.lang),
        (&mut front.channel, fields.channel),
        (&mut front.date, fields.date),
        (&mut front.kind, fields.kind),
        (&mut front.author, fields.author),
    ];
    for (slot, value) in said {
        if value.is_some() {
            *slot = value;
        }
    }
    Ok(Record { id: fields.id, draft })
}

/// Lines of a reader, in batches: as many whole lines as are there, so that a program that asks and waits is answered.
pub struct Lines<R> {
    reader: BufReader<R>,
    number: usize,
    done: bool,
    /// A longer record is refused rather than read into memory.
    most: usize,
}

/// Lines of a batch, in bytes; the last one may go beyond.
const BATCH_BYTES: usize = 8 << 20;

/// One line of the input.
#[derive(Debug)]
pub struct RawLine {
    /// Its number, from 1.
    pub number: usize,
    /// Its bytes, without the line's end; `None` when it was too long to be kept.
    pub bytes: Option<Vec<u8>>,
}

impl<R: Read> Lines<R> {
    /// The lines of a reader.
    pub fn new(reader: R) -> Self {
        Self::within(reader, Limits::default())
    }

    /// The lines of a reader, within other limits.
    pub fn within(reader: R, limits: Limits) -> Self {
        Self { reader: BufReader::with_capacity(1 << 20, reader), number: 0, done: false, most: limits.record_bytes }
    }

    /// The next lines that hold more than blanks; empty at the end. Waits only for the first.
    pub fn batch(&mut self, most: usize) -> io::Result<Vec<RawLine>> {
        let mut lines: Vec<RawLine> = Vec::new();
        let mut bytes = 0;
        // long lines make small batches: memory holds about one of the longest
        while !self.done && lines.len() < most && bytes < BATCH_BYTES {
            // only what was read already is looked at: asking for more could wait for ever
            if !lines.is_empty() && memchr::memchr(b'\n', self.reader.buffer()).is_none() {
                break;
            }
            match self.line()? {
                Some(line) if line.bytes.as_ref().is_some_and(|b| b.iter().all(u8::is_ascii_whitespace)) => {}
                Some(line) => {
                    bytes += line.bytes.as_ref().map_or(0, Vec::len);
                    lines.push(line);
                }
                None => self.done = true,
            }
        }
        Ok(lines)
    }

    fn line(&mut self) -> io::Result<Option<RawLine>> {
        let mut bytes = Vec::new();
        let mut too_long = false;
        let mut any = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', available);
            let part = &available[..end.unwrap_or(available.len())];
            if bytes.len() + part.len() > self.most {
                too_long = true;
                bytes = Vec::new();
            } else if !too_long {
                bytes.extend_from_slice(part);
            }
            let used = end.map_or(available.len(), |e| e + 1);
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number += 1;
        if self.number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        Ok(Some(RawLine { number: self.number, bytes: (!too_long).then_some(bytes) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers() {
        let mut lines = Lines::new("\u{feff}a\n\n  \nb\r\nlast".as_bytes());
        let mut all = Vec::new();
        loop {
            let batch = lines.batch(2).unwrap();
            if batch.is_empty() {
                break;
            }
            all.extend(batch.into_iter().map(|l| (l.number, String::from_utf8(l.bytes.unwrap()).unwrap())));
        }
        assert_eq!(all, [(1, "a".to_owned()), (4, "b\r".to_owned()), (5, "last".to_owned())]);
    }

    #[test]
    fn what_is_wrong_with_a_line_quotes_nothing() {
        for (line, code) in [
            (&b"{\"id\":1,\"text\":5}"[..], "invalid-field"),
            (b"{\"id\":1}", "missing-text"),
            (b"[\"secret\"]", "invalid-json"),
            (b"secret", "invalid-json"),
            (b"\xff", "invalid-utf8"),
            (b"{\"text\":\"x\",\"date\":\"secret\"}", "invalid-field"),
            (b"{\"text\":\"x\",\"format\":\"secret\"}", "invalid-field"),
        ] {
            let error = record(line).expect_err("no record");
            assert_eq!(error.code, code);
            assert!(!error.message.contains("secret"), "{}", error.message);
        }
        assert_eq!(record(b"{\"id\":{\"a\":1},\"text\":\"x\",\"lang\":null}").unwrap().id, serde_json::json!({"a": 1}));
    }
}
