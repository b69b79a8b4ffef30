//! Sentences, clauses and the words that patterns see.

use crate::compiler::layout::{NONE, mark};
use crate::finding::Language;
use crate::pack::{Lexis, Pack, walk};
use crate::text::tokenize::{Token, TokenKind, Tokens, flag};

/// A sentence longer than this is cut, so that no input makes one sentence of a whole file.
pub const MAX_SENTENCE_WORDS: usize = 400;

/// A token in the stream that patterns see: everything but marks of punctuation.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// First byte in the block's flat text.
    pub start: u32,
    /// One past the last byte in the block's flat text.
    pub end: u32,
    /// Where its folded form starts in [`Tokens::folded`].
    pub fold: u32,
    /// Length of the folded form in bytes.
    pub fold_len: u16,
    /// See [`flag`].
    pub flags: u16,
    /// What it is.
    pub kind: TokenKind,
    /// Marks between the word before and this one (see [`mark`]).
    pub marks: u32,
    /// Its symbol list in the pack, or [`NONE`].
    pub symbols: u32,
    /// Whether a clause begins with it.
    pub boundary: bool,
    /// Whether it stands in quoted speech.
    pub quoted: bool,
}

impl Word {
    /// Whether all bits of `flag` are set.
    pub fn has(&self, flag: u16) -> bool {
        self.flags & flag == flag
    }
}

/// A sentence: a run of words of one block.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// Index of its first word.
    pub first: usize,
    /// One past the index of its last word.
    pub last: usize,
    /// First byte in the flat text.
    pub start: u32,
    /// One past its last byte (closing marks included) in the flat text.
    pub end: u32,
    /// The marks that end it.
    pub end_marks: u32,
}

/// Words and sentences of one block; a buffer to be used again.
#[derive(Default)]
pub struct BlockWords {
    /// The tokens as cut.
    pub tokens: Tokens,
    /// The stream that patterns see.
    pub words: Vec<Word>,
    /// In order.
    pub sentences: Vec<Sentence>,
}

impl BlockWords {
    /// The folded form of a word.
    pub fn folded(&self, word: &Word) -> &str {
        &self.tokens.folded[word.fold as usize..word.fold as usize + word.fold_len as usize]
    }
}

/// The lists of one language that cutting needs, as symbols.
#[derive(Clone, Copy, Debug)]
pub struct CuttingSymbols {
    abbreviation: u32,
    may_end: u32,
    title: u32,
    clause_opener: u32,
    complement: u32,
}

impl CuttingSymbols {
    /// Looks the lists up in a pack.
    pub fn new(pack: &Pack, language: Language) -> Self {
        let get = |name: &str| pack.symbol(language, name).unwrap_or(NONE);
        Self {
            abbreviation: get("#abbreviation"),
            may_end: get("#abbreviation-may-end"),
            title: get("#title"),
            clause_opener: get("#clause-opener"),
            complement: get("#complementiser"),
        }
    }
}

/// Cuts the tokens of `block` into sentences and words, for one language.
pub fn cut(
    block: &mut BlockWords,
    text: &str,
    lexis: &Lexis<'_>,
    symbols: &CuttingSymbols,
    quoted_block: bool,
    heading: bool,
) {
    block.words.clear();
    block.sentences.clear();
    let tokens = &block.tokens;
    let mut marks = 0u32;
    let mut first = 0usize;
    let mut sentence_start: Option<u32> = None;
    let mut end_marks = 0u32;
    let mut quotes: Vec<(char, usize)> = Vec::new();
    let count = tokens.list.len();
    let mut i = 0;
    while i < count {
        let token = tokens.list[i];
        if token.kind != TokenKind::Mark {
            let list = match token.kind {
                TokenKind::Word | TokenKind::Symbol | TokenKind::Number => {
                    walk(lexis.trie_base, lexis.trie_check, tokens.folded(&token), true).unwrap_or(NONE)
                }
                _ => NONE,
            };
            let start_of_sentence = block.words.len() == first;
            let boundary = !start_of_sentence && opens_clause(lexis, symbols, marks, list);
            sentence_start.get_or_insert(token.start);
            block.words.push(Word {
                start: token.start,
                end: token.end,
                fold: token.fold,
                fold_len: token.fold_len,
                flags: token.flags,
                kind: token.kind,
                marks: if start_of_sentence { 0 } else { marks },
                symbols: list,
                boundary,
                quoted: quoted_block,
            });
            marks = 0;
            end_marks = 0;
            i += 1;
            if block.words.len() - first >= MAX_SENTENCE_WORDS {
                close(&mut block.sentences, &block.words, &mut first, &mut sentence_start, token.end, 0);
            }
            continue;
        }
        let bit = mark::bit(token.mark);
        if bit == mark::DASH && !is_spaced_dash(tokens, i) && token.mark == '-' {
            i += 1;
            continue;
        }
        track_quote(&mut quotes, &token, tokens, i, block.words.len(), &mut block.words);
        marks |= bit;
        end_marks |= bit;
        let ends = match token.mark {
            '!' | '?' => true,
            '.' | '…' => ends_with_stop(tokens, i, lexis, symbols, &block.words, first),
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => heading || breaks_line(tokens, i, text),
            _ => false,
        };
        if ends && block.words.len() > first {
            // further marks, closing quotes and brackets, and emoji right behind belong to the sentence
            let mut end =
                if bit == mark::BREAK { block.words.last().map_or(token.start, |w| w.end) } else { token.end };
            let mut next = i + 1;
            while let Some(more) = tokens.list.get(next) {
                let closing = more.kind == TokenKind::Mark
                    && !more.has(flag::SPACE_BEFORE)
                    && matches!(
                        more.mark,
                        '.' | '!' | '?' | '…' | ')' | ']' | '»' | '”' | '“' | '"' | '’' | '›' | '\''
                    );
                if !closing || bit == mark::BREAK {
                    break;
                }
                track_quote(&mut quotes, more, tokens, next, block.words.len(), &mut block.words);
                end_marks |= mark::bit(more.mark);
                end = more.end;
                next += 1;
            }
            // a question or exclamation inside a sentence: what follows goes on in lower case
            let goes_on = matches!(token.mark, '!' | '?')
                && tokens.list.get(next).is_some_and(|t| {
                    t.kind == TokenKind::Word
                        && !t.has(flag::CAPITALISED)
                        && t.has(flag::SPACE_BEFORE)
                        && text[t.start as usize..].starts_with(char::is_lowercase)
                });
            if goes_on {
                marks |= end_marks;
                i = next;
                continue;
            }
            i = next;
            close(&mut block.sentences, &block.words, &mut first, &mut sentence_start, end, end_marks);
            marks = 0;
            end_marks = 0;
            continue;
        }
        i += 1;
    }
    if block.words.len() > first {
        let end = tokens
            .list
            .iter()
            .rev()
            .find(|t| mark::bit(t.mark) != mark::BREAK || t.kind != TokenKind::Mark)
            .map_or(0, |t| t.end);
        close(&mut block.sentences, &block.words, &mut first, &mut sentence_start, end, end_marks);
    }
    join_short(&mut block.sentences, &mut block.words);
}

/// "Purpose. People. Perseverance.", "What counts? People.": very short sentences in a row, and a question with its short
/// answer, are one sentence to the patterns; the marks between them stay.
fn join_short(sentences: &mut Vec<Sentence>, words: &mut [Word]) {
    let mut kept: Vec<Sentence> = Vec::with_capacity(sentences.len());
    let mut last_part = 0;
    for sentence in sentences.drain(..) {
        let length = sentence.last - sentence.first;
        if let Some(before) = kept.last_mut() {
            let short = last_part <= 7 && length <= 7;
            let answer = before.end_marks & mark::QUESTION != 0 && length <= 7;
            if (short || answer) && sentence.last - before.first <= 24 {
                words[sentence.first].marks |= before.end_marks | if before.end_marks == 0 { mark::BREAK } else { 0 };
                words[sentence.first].boundary = true;
                before.last = sentence.last;
                before.end = sentence.end;
                before.end_marks = sentence.end_marks;
                last_part = length;
                continue;
            }
        }
        last_part = length;
        kept.push(sentence);
    }
    *sentences = kept;
}

fn close(
    sentences: &mut Vec<Sentence>,
    words: &[Word],
    first: &mut usize,
    start: &mut Option<u32>,
    end: u32,
    end_marks: u32,
) {
    let last = words.len();
    let end = end.max(words[last - 1].end);
    sentences.push(Sentence {
        first: *first,
        last,
        start: start.take().unwrap_or(words[*first].start),
        end,
        end_marks,
    });
    *first = last;
}

/// Whether the marks before a word, or the word itself, begin a clause.
fn opens_clause(lexis: &Lexis<'_>, symbols: &CuttingSymbols, marks: u32, list: u32) -> bool {
    if marks
        & (mark::COLON
            | mark::SEMICOLON
            | mark::DASH
            | mark::OPEN
            | mark::CLOSE
            | mark::PERIOD
            | mark::QUESTION
            | mark::EXCLAMATION
            | mark::ELLIPSIS)
        != 0
    {
        return true;
    }
    // "we expect, that …": a complement clause belongs to the clause of its verb
    marks & mark::COMMA != 0 && lexis.holds(list, symbols.clause_opener) && !lexis.holds(list, symbols.complement)
}

fn is_spaced_dash(tokens: &Tokens, i: usize) -> bool {
    tokens.list[i].has(flag::SPACE_BEFORE) || tokens.list.get(i + 1).is_some_and(|t| t.has(flag::SPACE_BEFORE))
}

/// So many closing marks are passed over.
const MAX_MARKS: usize = 64;

/// Whether the full stop (or dots) at `i` ends a sentence.
fn ends_with_stop(
    tokens: &Tokens,
    i: usize,
    lexis: &Lexis<'_>,
    symbols: &CuttingSymbols,
    words: &[Word],
    first: usize,
) -> bool {
    // what stands behind it, closing marks passed over; of a row of dots, each would pass over all that follow
    let mut next = i + 1;
    while tokens
        .list
        .get(next)
        .filter(|_| next - i < MAX_MARKS)
        .is_some_and(|t| t.kind == TokenKind::Mark && !t.has(flag::SPACE_BEFORE) && mark::bit(t.mark) != mark::BREAK)
    {
        next += 1;
    }
    let Some(after) = tokens.list.get(next) else { return true };
    let line_break = after.kind == TokenKind::Mark && mark::bit(after.mark) == mark::BREAK;
    let before = words.last().filter(|w| words.len() > first && w.end == tokens.list[i].start);
    if let Some(word) = before {
        if word.kind == TokenKind::Word && tokens.list[i].mark == '.' {
            let may_end = lexis.holds(word.symbols, symbols.may_end);
            if (lexis.holds(word.symbols, symbols.abbreviation) || lexis.holds(word.symbols, symbols.title))
                && !may_end
                && !line_break
            {
                return false;
            }
            // initials: "А. С. Пушкин", "J. Smith"
            if word.has(flag::SINGLE | flag::CAPITALISED)
                && !may_end
                && !line_break
                && tokens.folded(token_before(tokens, i)) != "i"
            {
                return false;
            }
        }
        // a numbered item: "1. …"
        if word.kind == TokenKind::Number && words.len() == first + 1 && tokens.list[i].mark == '.' && !line_break {
            return false;
        }
    }
    if line_break {
        return true;
    }
    if !after.has(flag::SPACE_BEFORE) && after.kind != TokenKind::Emoji {
        // "т.е", "end.Next": a missing space ends a sentence only before a capital
        return after.kind == TokenKind::Word
            && after.has(flag::CAPITALISED)
            && before.is_some_and(|w| !w.has(flag::SINGLE));
    }
    !(after.kind == TokenKind::Word && !after.has(flag::CAPITALISED) && !after.has(flag::CAMEL))
        || after.has(flag::CAPITALS)
}

/// The token before `i`, or the one at `i` when it is the first.
fn token_before(tokens: &Tokens, i: usize) -> &Token {
    &tokens.list[i.saturating_sub(1)]
}

/// Whether the line break at `i` ends a sentence: after an end mark or a colon, before a capital, a bullet, a digit or an emoji.
fn breaks_line(tokens: &Tokens, i: usize, text: &str) -> bool {
    let Some(next) = tokens.list.get(i + 1) else { return true };
    if next.kind == TokenKind::Mark && mark::bit(next.mark) == mark::BREAK {
        return true;
    }
    let stop_before = i > 0
        && tokens.list[i - 1].kind == TokenKind::Mark
        && mark::bit(tokens.list[i - 1].mark)
            & (mark::PERIOD | mark::QUESTION | mark::EXCLAMATION | mark::COLON | mark::ELLIPSIS | mark::SEMICOLON)
            != 0;
    let fresh = match next.kind {
        TokenKind::Word => next.has(flag::CAPITALISED),
        TokenKind::Emoji | TokenKind::Hashtag | TokenKind::Mention => true,
        TokenKind::Number => false,
        TokenKind::Mark => matches!(next.mark, '-' | '–' | '—' | '•' | '·' | '«' | '"' | '“' | '('),
        TokenKind::Symbol => matches!(&text[next.start as usize..next.end as usize], "*" | "→" | "+" | ">"),
        _ => false,
    };
    if !fresh {
        return stop_before && next.kind == TokenKind::Number;
    }
    if stop_before {
        return true;
    }
    // a wrapped line is long; a line of a post that stops short was meant to stop
    let line_start = text[..tokens.list[i].start as usize].rfind('\n').map_or(0, |n| n + 1);
    text[line_start..tokens.list[i].start as usize].chars().count() < 60
}

/// Quotation marks that are open at the same time; more are nobody's.
const MAX_OPEN_QUOTES: usize = 32;

/// Follows quotation marks and marks the words between a pair as quoted.
fn track_quote(open: &mut Vec<(char, usize)>, token: &Token, tokens: &Tokens, i: usize, at: usize, words: &mut [Word]) {
    let closes = |open: &mut Vec<(char, usize)>, openers: &[char], words: &mut [Word]| {
        if let Some(n) = open.iter().rposition(|(c, _)| openers.contains(c)) {
            let from = open[n].1;
            open.truncate(n);
            for word in &mut words[from..at] {
                word.quoted = true;
            }
            true
        } else {
            false
        }
    };
    if open.len() >= MAX_OPEN_QUOTES {
        open.remove(0);
    }
    match token.mark {
        '«' | '„' | '‹' | '‟' => open.push((token.mark, at)),
        '“' => {
            // closes a Russian or German „…“, opens an English “…”
            let ahead_space = tokens.list.get(i + 1).is_none_or(|t| t.has(flag::SPACE_BEFORE));
            if !(ahead_space || !token.has(flag::SPACE_BEFORE)) || !closes(open, &['„'], words) {
                open.push(('“', at));
            }
        }
        '”' => {
            let _ = closes(open, &['“', '„', '”'], words);
        }
        '»' => {
            let _ = closes(open, &['«'], words);
        }
        '›' => {
            let _ = closes(open, &['‹'], words);
        }
        '"' => {
            if !closes(open, &['"'], words) {
                open.push(('"', at));
            }
        }
        '‘' if token.has(flag::SPACE_BEFORE) || i == 0 => open.push(('‘', at)),
        // an apostrophe too: it opens speech before a word of more than one letter, and closes it behind a mark only
        '\'' => {
            let before = i.checked_sub(1).map(|n| &tokens.list[n]);
            let behind_mark = before.is_some_and(|t| matches!(t.mark, '.' | ',' | '!' | '?' | '…'));
            let ahead = tokens.list.get(i + 1).filter(|t| t.kind == TokenKind::Word && !t.has(flag::SPACE_BEFORE));
            if (token.has(flag::SPACE_BEFORE) || i == 0) && ahead.is_some_and(|t| t.end - t.start > 1) {
                open.push(('\'', at));
            } else if behind_mark && !token.has(flag::SPACE_BEFORE) {
                let _ = closes(open, &['\''], words);
            }
        }
        '’' => {
            let _ = closes(open, &['‘'], words);
        }
        _ => {}
    }
}
