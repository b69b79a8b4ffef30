//! The text of an open document, edited in place.
//!
//! Lines end at LF, as in every editor that serves as a client here; a lone CR, which the protocol also calls a line end,
//! is made into LF by them on opening or counted as a character.

use super::protocol::{Change, Position};
use crate::span::{ColumnUnit, LineIndex};

/// The text and its lines.
pub struct Buffer {
    text: String,
    lines: LineIndex,
}

impl Buffer {
    pub fn new(text: String) -> Self {
        Self { lines: LineIndex::new(&text), text }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// The byte at a position; what lies outside of the text is moved to its nearest place.
    pub fn offset(&self, position: Position, unit: ColumnUnit) -> usize {
        self.lines.offset(&self.text, position.into(), unit)
    }

    pub fn apply(&mut self, change: Change, unit: ColumnUnit) {
        let Some(range) = change.range else {
            *self = Self::new(change.text);
            return;
        };
        let (a, b) = (self.offset(range.start, unit), self.offset(range.end, unit));
        let (start, end) = (a.min(b), a.max(b));
        self.text.replace_range(start..end, &change.text);
        self.lines.edited(&self.text, start, end, start + change.text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::super::protocol::Range;
    use super::*;
    use proptest::prelude::*;

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn edits_in_every_unit() {
        for (unit, start, end) in [(ColumnUnit::Utf8, 2, 6), (ColumnUnit::Utf16, 1, 3), (ColumnUnit::CodePoint, 1, 2)] {
            let mut buffer = Buffer::new("один\r\nЯ😀б\tв\r\n".to_owned());
            buffer.apply(
                Change { range: Some(Range { start: at(1, start), end: at(1, end) }), text: "é\n".to_owned() },
                unit,
            );
            assert_eq!(buffer.text(), "один\r\nЯé\nб\tв\r\n");
            assert_eq!(buffer.lines().line_count(), 4);
            buffer.apply(Change { range: Some(Range { start: at(9, 9), end: at(8, 0) }), text: "!".to_owned() }, unit);
            assert!(buffer.text().ends_with("\r\n!"));
        }
    }

    #[test]
    fn a_position_within_a_character_is_its_start() {
        let buffer = Buffer::new("a😀b".to_owned());
        assert_eq!(buffer.offset(at(0, 2), ColumnUnit::Utf16), 1);
        assert_eq!(buffer.offset(at(0, 3), ColumnUnit::Utf8), 1);
        assert_eq!(buffer.offset(at(0, 99), ColumnUnit::CodePoint), 6);
    }

    proptest! {
        /// Whatever a client sends, the lines stay those of the text.
        #[test]
        fn lines_follow(text in "[aЯ😀\r\n]{0,12}", edits in prop::collection::vec((0u32..5, 0u32..6, 0u32..5, 0u32..6, "[bё\r\n]{0,3}"), 0..6)) {
            let mut buffer = Buffer::new(text);
            for (a, b, c, d, put) in edits {
                buffer.apply(Change { range: Some(Range { start: at(a, b), end: at(c, d) }), text: put }, ColumnUnit::Utf16);
                let fresh = LineIndex::new(buffer.text());
                prop_assert_eq!(buffer.lines().line_count(), fresh.line_count());
                for line in 1..=fresh.line_count() {
                    prop_assert_eq!(buffer.lines().line_span(buffer.text(), line), fresh.line_span(buffer.text(), line));
                }
            }
        }
    }
}
