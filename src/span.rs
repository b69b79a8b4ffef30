//! Byte spans and the positions that people and formats count in.

use serde::Serialize;

/// A half-open stretch of the untouched text, in bytes of its UTF-8 form (byte-order mark excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, both in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether both share at least one byte.
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(&self, other: &Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// In which unit a column is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnUnit {
    /// Bytes of UTF-8 (rdjson, and LSP when the client offers it).
    Utf8,
    /// UTF-16 code units (LSP by default).
    Utf16,
    /// Unicode code points (draftlint's own formats, SARIF with `columnKind`).
    CodePoint,
}

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1. Lines end at LF; a CR before it belongs to the line's end.
    pub line: usize,
    /// Column, from 1, in the unit that was asked for.
    pub column: usize,
}

/// Where the lines of a text begin; answers positions without scanning the text again.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads the line starts of `text`.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1));
        Self { starts }
    }

    /// Follows an edit without reading the rest of the text: the bytes `start..old_end` of the text before became
    /// `start..new_end` of `text`.
    pub fn edited(&mut self, text: &str, start: usize, old_end: usize, new_end: usize) {
        let first = self.starts.partition_point(|s| *s <= start);
        let after = self.starts.partition_point(|s| *s <= old_end);
        for line in &mut self.starts[after..] {
            *line = *line - old_end + new_end;
        }
        let fresh = text.as_bytes()[start..new_end]
            .iter()
            .enumerate()
            .filter(|(_, b)| **b == b'\n')
            .map(|(i, _)| start + i + 1);
        self.starts.splice(first..after, fresh);
    }

    /// How many lines the text has (at least one).
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The byte span of a line (from 1), without its line end.
    pub fn line_span(&self, text: &str, line: usize) -> Span {
        let start = self.starts[line - 1];
        let mut end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        if end > start && text.as_bytes()[end - 1] == b'\r' {
            end -= 1;
        }
        Span::new(start, end.max(start))
    }

    /// The line (from 1) that holds byte `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The position of byte `offset` in `text`, which must be the text the index was made of.
    pub fn position(&self, text: &str, offset: usize, unit: ColumnUnit) -> Position {
        let line = self.line_of(offset);
        let before = &text[self.starts[line - 1]..offset];
        let column = 1 + match unit {
            ColumnUnit::Utf8 => before.len(),
            ColumnUnit::Utf16 => before.chars().map(char::len_utf16).sum(),
            ColumnUnit::CodePoint => before.chars().count(),
        };
        Position { line, column }
    }

    /// The byte offset of a position; columns past the line's end are cut to it.
    pub fn offset(&self, text: &str, position: Position, unit: ColumnUnit) -> usize {
        if position.line > self.starts.len() {
            return text.len();
        }
        let line = self.line_span(text, position.line.max(1));
        let mut left = position.column.saturating_sub(1);
        for (i, c) in text[line.start..line.end].char_indices() {
            let width = match unit {
                ColumnUnit::Utf8 => c.len_utf8(),
                ColumnUnit::Utf16 => c.len_utf16(),
                ColumnUnit::CodePoint => 1,
            };
            if left < width {
                return line.start + i;
            }
            left -= width;
        }
        line.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_in_every_unit() {
        let text = "a\nЯ😀б\r\nend";
        let index = LineIndex::new(text);
        let offset = text.find('б').unwrap();
        let column = |unit| index.position(text, offset, unit);
        assert_eq!(column(ColumnUnit::Utf8), Position { line: 2, column: 7 });
        assert_eq!(column(ColumnUnit::Utf16), Position { line: 2, column: 4 });
        assert_eq!(column(ColumnUnit::CodePoint), Position { line: 2, column: 3 });
        for unit in [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::CodePoint] {
            assert_eq!(index.offset(text, index.position(text, offset, unit), unit), offset);
        }
        assert_eq!(&text[index.line_span(text, 2).start..index.line_span(text, 2).end], "Я😀б");
    }

    #[test]
    fn an_edited_index_is_a_new_one() {
        let old = "a\nbc\r\n\nd\n";
        for start in 0..=old.len() {
            for end in start..=old.len() {
                for put in ["", "x", "\n", "y\n\nz", "\r\n"] {
                    let mut index = LineIndex::new(old);
                    let text = format!("{}{put}{}", &old[..start], &old[end..]);
                    index.edited(&text, start, end, start + put.len());
                    assert_eq!(index.starts, LineIndex::new(&text).starts, "{start}..{end} {put:?}");
                }
            }
        }
    }
}
