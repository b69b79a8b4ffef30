//! Cutting text into tokens. Offsets are born here and never searched for again.
//!
//! Words are split at hyphens, at French elisions (`l'` `entreprise`) and before English contractions (`we` `'ll`,
//! `do` `n't`), in every language alike, so that a pattern and a draft are always cut the same way.

use super::fold::{self, fold_word};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TokenKind {
    /// Letters, perhaps with digits after them (`Q3`).
    Word,
    /// Digits with their separators, as one token (`1 200,50`, `10:30`, `12/03/2026`).
    Number,
    /// A sign that is read aloud: `%`, `€`, `№`, `&`, `+`, `=` …
    Symbol,
    /// A mark of punctuation or a line break; kept out of the stream that patterns see.
    Mark,
    /// `https://…`, `www.…`, or a bare domain.
    Url,
    /// An e-mail address.
    Email,
    /// `@name`.
    Mention,
    /// `#word`.
    Hashtag,
    /// One emoji, with all its modifiers.
    Emoji,
}

/// Bits of [`Token::flags`].
pub mod flag {
    /// White space (or a line break) stands before it.
    pub const SPACE_BEFORE: u16 = 1;
    /// Its first letter is a capital.
    pub const CAPITALISED: u16 = 2;
    /// Two letters or more, all capitals.
    pub const CAPITALS: u16 = 4;
    /// A hyphen joins it to the word before.
    pub const HYPHEN_BEFORE: u16 = 8;
    /// It held invisible characters.
    pub const HIDDEN: u16 = 16;
    /// It held letters of another script that look like its own.
    pub const LOOK_ALIKE: u16 = 32;
    /// It held styled letters.
    pub const STYLED: u16 = 64;
    /// It is a single letter.
    pub const SINGLE: u16 = 128;
    /// It holds a lower-case letter followed by a capital, or a digit among letters (`iPhone`, `B2B`).
    pub const CAMEL: u16 = 256;
    /// Its letters were written as digits or signs (`1d10t`), or one by one.
    pub const SPELLED: u16 = 512;
}

/// One token. Offsets are bytes of the text that was given to [`tokenize`].
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Where its folded form starts in [`Tokens::folded`].
    pub fold: u32,
    /// How many bytes the folded form has.
    pub fold_len: u16,
    /// See [`flag`].
    pub flags: u16,
    /// What it is.
    pub kind: TokenKind,
    /// For marks: the character; else NUL.
    pub mark: char,
}

impl Token {
    /// Whether all bits of `flag` are set.
    pub fn has(&self, flag: u16) -> bool {
        self.flags & flag == flag
    }
}

/// The tokens of a text and their folded forms; a buffer to be used again.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// In order.
    pub list: Vec<Token>,
    /// Folded forms, one after the other.
    pub folded: String,
}

impl Tokens {
    /// The folded form of a token.
    pub fn folded(&self, token: &Token) -> &str {
        &self.folded[token.fold as usize..token.fold as usize + token.fold_len as usize]
    }

    fn clear(&mut self) {
        self.list.clear();
        self.folded.clear();
    }

    fn push(&mut self, text: &str, start: usize, end: usize, kind: TokenKind, flags: u16) {
        let fold = self.folded.len();
        let raw = &text[start..end];
        let mut flags = flags;
        match kind {
            TokenKind::Word | TokenKind::Hashtag | TokenKind::Mention => {
                let met = fold_word(raw, &mut self.folded);
                flags |= u16::from(met.hidden) * flag::HIDDEN
                    | u16::from(met.look_alike) * flag::LOOK_ALIKE
                    | u16::from(met.styled) * flag::STYLED;
            }
            TokenKind::Number => {
                let signs = raw.chars().filter(|c| !c.is_whitespace() && !fold::is_hidden(*c));
                self.folded.extend(signs.map(|c| fold::styled_digit(c).unwrap_or(fold::narrow(c))));
            }
            TokenKind::Symbol => self.folded.extend(raw.chars().map(fold::narrow)),
            TokenKind::Url | TokenKind::Email | TokenKind::Emoji => self.folded.push_str(raw),
            TokenKind::Mark => {}
        }
        let fold_len = (self.folded.len() - fold).min(usize::from(u16::MAX));
        // a "word" longer than 65,535 bytes keeps its offsets and loses the tail of its folded form
        let fold_len = (0..=fold_len).rev().find(|n| self.folded.is_char_boundary(fold + n)).unwrap_or(0);
        let mark = if kind == TokenKind::Mark { raw.chars().next().map_or('\0', fold::narrow) } else { '\0' };
        self.list.push(Token {
            start: start as u32,
            end: end as u32,
            fold: fold as u32,
            fold_len: fold_len as u16,
            flags,
            kind,
            mark,
        });
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const SPACE: u8 = 3;
const MARK: u8 = 4;
const SYMBOL: u8 = 5;
const EMOJI: u8 = 6;
const HIDDEN: u8 = 7;

const ASCII: [u8; 128] = {
    let mut table = [MARK; 128];
    let mut i = 0;
    while i < 128 {
        let c = i as u8;
        table[i] = match c {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => SPACE,
            b'%' | b'$' | b'&' | b'+' | b'=' | b'<' | b'>' | b'^' | b'~' | b'|' | b'\\' | b'*' | b'_' | b'@' | b'#'
            | b'/' => SYMBOL,
            0..=8 | 14..=31 | 127 => HIDDEN,
            _ => MARK,
        };
        i += 1;
    }
    table
};

#[inline]
fn class(c: char) -> u8 {
    if c.is_ascii() { ASCII[c as usize] } else { class_beyond_ascii(c) }
}

fn class_beyond_ascii(c: char) -> u8 {
    match c {
        'à'..='ö'
        | 'ø'..='ÿ'
        | 'À'..='Ö'
        | 'Ø'..='Þ'
        | 'ß'
        | '\u{400}'..='\u{481}'
        | '\u{48a}'..='\u{52f}'
        | '\u{100}'..='\u{24f}'
        | '\u{370}'..='\u{3ff}'
            if c != '\u{37e}' && c != '\u{387}' =>
        {
            LETTER
        }
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{1680}' => SPACE,
        '\u{85}' | '\u{2028}' | '\u{2029}' => MARK,
        '\u{80}'..='\u{9f}' => HIDDEN,
        '\u{ff01}'..='\u{ff5e}' => ASCII[fold::narrow(c) as usize],
        _ if fold::is_hidden(c) => HIDDEN,
        _ if fold::is_combining(c) => HIDDEN,
        _ if fold::styled_digit(c).is_some() => DIGIT,
        _ if fold::is_styled(c) => LETTER,
        '\u{1f000}'..='\u{1faff}'
        | '\u{2600}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}'
        | '\u{231a}'..='\u{231b}'
        | '\u{23e9}'..='\u{23fa}'
        | '\u{203c}'
        | '\u{2049}' => EMOJI,
        '€' | '£' | '¥' | '₽' | '₴' | '₦' | '₹' | '₩' | '₪' | '₺' | '¢' | '№' | '°' | '±' | '×' | '÷' | '≈' | '≤'
        | '≥' | '→' | '←' | '↑' | '↓' | '‰' | '™' | '®' | '©' | '§' | '−' => SYMBOL,
        '«' | '»' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‹' | '›' | '–' | '—' | '―' | '…' | '·' | '•' | '¡'
        | '¿' | '′' | '″' => MARK,
        c if c.is_alphabetic() => LETTER,
        c if c.is_numeric() => DIGIT,
        c if c.is_whitespace() => SPACE,
        _ => MARK,
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`' | '´' | '\u{ff07}')
}

/// French words that lose their vowel before another word.
const ELISIONS: [&str; 16] =
    ["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu", "entr"];
/// What an English contraction ends with.
const CONTRACTIONS: [&str; 6] = ["ll", "re", "ve", "s", "d", "m"];
/// The longest local part of an address, in characters.
const MAX_LOCAL: usize = 64;
/// Bare domains are recognised by these endings.
const DOMAINS: [&str; 28] = [
    "com", "org", "net", "io", "fr", "nl", "be", "ru", "eu", "ai", "co", "uk", "de", "gov", "dev", "app", "info",
    "biz", "ch", "us", "edu", "рф", "me", "tech", "shop", "link", "site", "ly",
];

/// Cuts `text` into tokens. `tokens` is emptied first.
pub fn tokenize(text: &str, tokens: &mut Tokens) {
    tokens.clear();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut space = true;
    let mut turned = 0;
    while at < bytes.len() {
        let c = if bytes[at] < 128 { bytes[at] as char } else { text[at..].chars().next().unwrap_or(' ') };
        let before = turned | if space { flag::SPACE_BEFORE } else { 0 };
        match class(c) {
            SPACE => {
                at += c.len_utf8();
                space = true;
                continue;
            }
            HIDDEN => {
                // what turns the direction of a word belongs to the word
                if matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                    turned = flag::HIDDEN;
                }
                at += c.len_utf8();
                continue;
            }
            LETTER | DIGIT => {
                at = if class(c) == LETTER { word(text, at, before, tokens) } else { number(text, at, before, tokens) };
                // a hyphen right after a word and right before another joins both
                while let Some(next) = joined_by_hyphen(text, at) {
                    let letter = next_char(text, next).is_some_and(|c| class(c) == LETTER);
                    at = if letter {
                        word(text, next, flag::HYPHEN_BEFORE, tokens)
                    } else {
                        number(text, next, flag::HYPHEN_BEFORE, tokens)
                    };
                }
            }
            EMOJI => {
                let end = emoji_end(text, at);
                tokens.push(text, at, end, TokenKind::Emoji, before);
                at = end;
            }
            SYMBOL => at = symbol(text, at, c, before, tokens),
            _ if c == '\n' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') => {
                tokens.push(text, at, at + c.len_utf8(), TokenKind::Mark, before);
                at += c.len_utf8();
                space = true;
                continue;
            }
            _ => {
                tokens.push(text, at, at + c.len_utf8(), TokenKind::Mark, before);
                at += c.len_utf8();
            }
        }
        space = false;
        turned = 0;
    }
}

fn next_char(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

fn word(text: &str, start: usize, before: u16, tokens: &mut Tokens) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut letters = 0u32;
    let mut capitals = 0u32;
    let mut first_capital = false;
    let mut camel = false;
    let mut previous_lower = false;
    let mut apostrophe: Option<(usize, usize)> = None; // byte range of the last one inside the word
    loop {
        // the fast lane: plain ASCII letters
        if at < bytes.len() && bytes[at].is_ascii_lowercase() {
            letters += 1;
            previous_lower = true;
            at += 1;
            continue;
        }
        // and small Cyrillic ones
        if let Some([0xd0, 0xb0..=0xbf] | [0xd1, 0x80..=0x8f]) = bytes.get(at..at + 2) {
            letters += 1;
            previous_lower = true;
            at += 2;
            continue;
        }
        let Some(c) = next_char(text, at) else { break };
        match class(c) {
            LETTER => {
                let upper = c.is_uppercase();
                if letters == 0 {
                    first_capital = upper;
                }
                camel |= upper && previous_lower;
                previous_lower = !upper;
                letters += 1;
                capitals += u32::from(upper);
                at += c.len_utf8();
            }
            DIGIT if c.is_ascii_digit() || fold::styled_digit(c).is_some() => {
                camel |= letters > 0;
                at += c.len_utf8();
            }
            HIDDEN => {
                // an invisible character belongs to the word only between its letters
                let ahead = behind_hidden(text, at);
                let next = next_char(text, ahead);
                let goes_on = match next.map(class) {
                    Some(LETTER | DIGIT) => true,
                    _ => next.is_some_and(is_apostrophe) && letter_behind(text, ahead),
                };
                if fold::is_combining(c) || goes_on {
                    at = ahead;
                } else {
                    break;
                }
            }
            MARK if is_apostrophe(c) => {
                let after = at + c.len_utf8();
                if c != '`' && letter_behind(text, at) && apostrophe.is_none() {
                    apostrophe = Some((at, after));
                    at = after;
                } else {
                    break;
                }
            }
            _ => break,
        }
    }
    if let Some(end) = link_from(text, start, at) {
        tokens.push(text, start, end, TokenKind::Url, before);
        return end;
    }
    let mut flags = before;
    if first_capital {
        flags |= flag::CAPITALISED;
    }
    if capitals > 1 && capitals == letters {
        flags |= flag::CAPITALS;
    }
    if letters == 1 && at - start <= 4 {
        flags |= flag::SINGLE;
    }
    if camel {
        flags |= flag::CAMEL;
    }
    let mut start = start;
    if let Some((from, to)) = apostrophe {
        let head = fold::folded(&text[start..from]);
        let tail = fold::folded(&text[to..at]);
        if ELISIONS.contains(&head.as_str()) {
            tokens.push(text, start, to, TokenKind::Word, flags & !flag::CAPITALS);
            let capital = next_char(text, to).is_some_and(char::is_uppercase);
            let rest = &text[to..at];
            let all = rest.chars().filter(|c| c.is_alphabetic()).count() > 1 && rest.chars().all(|c| !c.is_lowercase());
            flags = u16::from(capital) * flag::CAPITALISED
                | u16::from(all) * flag::CAPITALS
                | u16::from(at - to <= 2) * flag::SINGLE
                | (flags & flag::CAMEL);
            start = to;
        } else if tail == "t" && head.ends_with('n') && head.len() > 1 {
            // the `n` may be a look-alike of more than one byte, and invisible characters may stand behind it
            let letter = text[start..from].char_indices().rev().find(|(_, c)| class(*c) != HIDDEN);
            let cut = start + letter.map_or(0, |(at, _)| at);
            if cut > start {
                tokens.push(text, start, cut, TokenKind::Word, flags);
            }
            tokens.push(text, cut, at, TokenKind::Word, flags & flag::CAPITALS);
            return at;
        } else if CONTRACTIONS.contains(&tail.as_str()) {
            tokens.push(text, start, from, TokenKind::Word, flags & !flag::CAMEL);
            tokens.push(text, from, at, TokenKind::Word, 0);
            return at;
        }
    }
    tokens.push(text, start, at, TokenKind::Word, flags);
    at
}

/// Where the invisible characters at `at` end.
fn behind_hidden(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.find(|c| class(c) != HIDDEN).unwrap_or(rest.len())
}

/// Whether a letter stands behind the character at `at`, invisible ones passed over.
fn letter_behind(text: &str, at: usize) -> bool {
    let after = at + next_char(text, at).map_or(0, char::len_utf8);
    let next = match next_char(text, after) {
        Some(c) if class(c) == HIDDEN => next_char(text, behind_hidden(text, after)),
        next => next,
    };
    next.is_some_and(|c| class(c) == LETTER)
}

/// Where the word after a joining hyphen begins.
fn joined_by_hyphen(text: &str, at: usize) -> Option<usize> {
    if text.as_bytes().get(at).is_none_or(|b| b.is_ascii() && *b != b'-') {
        return None;
    }
    let c @ ('-' | '\u{2010}' | '\u{2011}' | '\u{ff0d}') = next_char(text, at)? else { return None };
    let after = at + c.len_utf8();
    matches!(next_char(text, after).map(class), Some(LETTER | DIGIT)).then_some(after)
}

/// The name of a machine has at most so many letters. No more is read of labels joined by points, or each label would read
/// all that follow.
const MAX_HOST: usize = 253;

/// Whether a link begins with the word `start..at`; gives its end.
fn link_from(text: &str, start: usize, at: usize) -> Option<usize> {
    if !matches!(text.as_bytes().get(at), Some(b'.' | b':')) {
        return None;
    }
    let rest = &text[at..];
    let long = rest.starts_with("://") || (rest.starts_with('.') && text[start..at].eq_ignore_ascii_case("www"));
    if long {
        return Some(link_end(text, at));
    }
    // a bare domain: labels joined by points, the last one a known ending
    if !rest.starts_with('.') {
        return None;
    }
    let mut end = at;
    let mut known = false;
    loop {
        let label_start = end + 1;
        let is_label = |c: &char| c.is_alphanumeric() || *c == '-';
        let length = text[label_start..].chars().take(MAX_HOST).take_while(is_label).map(char::len_utf8).sum::<usize>();
        let label = &text[label_start..label_start + length];
        if label.is_empty() {
            break;
        }
        if label_start - start > MAX_HOST {
            return None;
        }
        end = label_start + label.len();
        known = DOMAINS.contains(&label);
        if !text[end..].starts_with('.') || !text[end + 1..].starts_with(|c: char| c.is_alphanumeric()) {
            break;
        }
    }
    if !known || end == at {
        return None;
    }
    if text[end..].starts_with('/') {
        return Some(link_end(text, end));
    }
    (!text[end..].starts_with('@')).then_some(end)
}

fn link_end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let stop = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | '|'))
        .unwrap_or(rest.len());
    from + rest[..stop].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '’', '…', '*']).len()
}

/// How many digits stand at `from`, and where they end. Invisible characters between two digits are passed over.
fn digits(text: &str, from: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut count, mut end) = (0, from);
    loop {
        let plain = bytes[end..].iter().take_while(|b| b.is_ascii_digit()).count();
        count += plain;
        end += plain;
        if bytes.get(end).is_none_or(u8::is_ascii) {
            return (count, end);
        }
        let rest = &text[end..];
        let is_digit = |c: char| c.is_ascii_digit() || fold::styled_digit(c).is_some();
        match rest.chars().next() {
            Some(c) if is_digit(c) => {
                count += 1;
                end += c.len_utf8();
            }
            Some(c) if count > 0 && fold::is_hidden(c) => {
                let hidden = rest.find(|c| !fold::is_hidden(c)).unwrap_or(rest.len());
                if !rest[hidden..].starts_with(is_digit) {
                    return (count, end);
                }
                end += hidden;
            }
            _ => return (count, end),
        }
    }
}

fn number(text: &str, start: usize, before: u16, tokens: &mut Tokens) -> usize {
    let (first, mut at) = digits(text, start);
    if first == 0 {
        // a digit of another script, a fraction, a superscript: one token of its own
        let width = next_char(text, at).map_or(1, char::len_utf8);
        tokens.push(text, at, at + width, TokenKind::Number, before);
        return at + width;
    }
    let mut group_possible = first <= 3;
    while let Some(c) = next_char(text, at) {
        let (count, end) = digits(text, at + c.len_utf8());
        match fold::narrow(c) {
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'
                if group_possible && count == 3 && next_char(text, end).is_none_or(|c| class(c) != LETTER) =>
            {
                at = end
            }
            '.' | ',' | ':' | '/' | '\'' | '’' if count > 0 => {
                group_possible = count == 3 && matches!(fold::narrow(c), '.' | ',' | '\'' | '’') && group_possible;
                at = end;
            }
            '-' | '–' | '\u{2011}' if count > 0 => {
                group_possible = count <= 3;
                at = end;
            }
            _ => break,
        }
    }
    tokens.push(text, start, at, TokenKind::Number, before);
    at
}

fn symbol(text: &str, at: usize, c: char, before: u16, tokens: &mut Tokens) -> usize {
    let after = at + c.len_utf8();
    match fold::narrow(c) {
        '@' => {
            if let Some(end) = email(text, at, tokens) {
                return end;
            }
            if next_char(text, after).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                let rest = &text[after..];
                let stop = rest
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@')))
                    .unwrap_or(rest.len());
                let end = after + rest[..stop].trim_end_matches(['.', '-', '@']).len();
                tokens.push(text, at, end, TokenKind::Mention, before);
                return end;
            }
        }
        '#' if next_char(text, after).is_some_and(|c| {
            c.is_alphabetic()
                || c == '_'
                || (c.is_ascii_digit()
                    && text[after..].trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(char::is_alphabetic))
        }) =>
        {
            let rest = &text[after..];
            let stop =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || fold::is_combining(c) || fold::is_hidden(c)));
            let stop = stop.unwrap_or(rest.len());
            tokens.push(text, at, after + stop, TokenKind::Hashtag, before);
            return after + stop;
        }
        _ => {}
    }
    tokens.push(text, at, after, TokenKind::Symbol, before);
    after
}

/// An address around the `@` at `at`: takes back the tokens of its local part. Invisible, styled and marked characters
/// count as what they stand for.
fn email(text: &str, at: usize, tokens: &mut Tokens) -> Option<usize> {
    let passed_over =
        |c: char| fold::is_hidden(c) || fold::is_combining(c) || fold::is_styled(c) || c.is_ascii_control();
    let local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let mut start = at;
    let mut letters = 0;
    for (i, c) in text[..at].char_indices().rev().take(4 * MAX_LOCAL) {
        let counts = local(fold::narrow(c)) || fold::is_styled(c);
        if !counts && (!passed_over(c) || c == '\n') || letters >= MAX_LOCAL {
            break;
        }
        letters += usize::from(counts);
        start = i;
    }
    // what is passed over belongs to the address only within it
    let lead = &text[start..at];
    start += lead.find(|c| local(fold::narrow(c)) || fold::is_styled(c)).unwrap_or(lead.len());
    let after = at + next_char(text, at).map_or(1, char::len_utf8);
    let rest = &text[after..];
    let domain_ends = |c: char| {
        let plain = fold::narrow(c);
        !(plain.is_alphanumeric() || matches!(plain, '.' | '-') || passed_over(c) && !matches!(c, '\n' | '\r' | '\t'))
    };
    let stop = rest.find(domain_ends).unwrap_or(rest.len());
    let behind = |c: char| matches!(fold::narrow(c), '.' | '-') || fold::is_hidden(c);
    let domain = rest[..stop].trim_end_matches(behind);
    let point = domain.find(|c| fold::narrow(c) == '.').filter(|i| *i > 0);
    if start == at || point.is_none() {
        return None;
    }
    let mut before = flag::SPACE_BEFORE;
    while let Some(last) = tokens.list.last() {
        if (last.start as usize) < start {
            break;
        }
        before = last.flags & flag::SPACE_BEFORE;
        tokens.folded.truncate(last.fold as usize);
        tokens.list.pop();
    }
    if tokens.list.last().is_some_and(|last| last.end as usize > start) {
        start = tokens.list.last().map_or(start, |last| last.end as usize);
    }
    let end = after + domain.len();
    tokens.push(text, start, end, TokenKind::Email, before);
    Some(end)
}

fn emoji_end(text: &str, start: usize) -> usize {
    let mut at = start;
    let mut joined = true;
    let mut flags = 0;
    while let Some(c) = next_char(text, at) {
        let regional = matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
        if matches!(c, '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}') {
            at += c.len_utf8();
        } else if c == '\u{200d}' {
            joined = true;
            at += c.len_utf8();
        } else if regional && flags == 1 {
            flags = 2;
            at += c.len_utf8();
        } else if joined && class(c) == EMOJI {
            joined = false;
            flags = i32::from(regional);
            at += c.len_utf8();
        } else {
            break;
        }
    }
    at.max(start + next_char(text, start).map_or(1, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let mut tokens = Tokens::default();
        tokenize(text, &mut tokens);
        tokens
            .list
            .iter()
            .map(|t| if t.kind == TokenKind::Mark { t.mark.to_string() } else { tokens.folded(t).to_string() })
            .collect()
    }

    #[test]
    fn cuts_as_editors_expect() {
        for (text, expected) in [
            ("L’entreprise n'a pas", "l'|entreprise|n'|a|pas"),
            ("We'll say we don't.", "we|'ll|say|we|do|n't|."),
            ("We don\u{200b}'t, we do\u{3b7}'t, we d\u{43e}n\u{ad}'t.", "we|do|n't|,|we|do|n't|,|we|do|n't|."),
            ("a win-win for all", "a|win|win|for|all"),
            ("1 200 salariés, dont 38 %", "1200|salariés|,|dont|38|%"),
            ("€41m, 12.5% at 10:30 on 12/03/2026", "€|41|m|,|12.5|%|at|10:30|on|12/03/2026"),
            ("mail jan.de-vries@example.org, please", "mail|jan.de-vries@example.org|,|please"),
            ("see https://example.org/a?b=c. Or example.com!", "see|https://example.org/a?b=c|.|or|example.com|!"),
            ("end.Next", "end|.|next"),
            ("@anna likes #growth 👩‍👩‍👧‍👦🇫🇷!", "@anna|likes|#growth|👩‍👩‍👧‍👦|🇫🇷|!"),
            ("горе-руководитель, т. е. я", "горе|руководитель|,|т|.|е|.|я"),
            ("Q3 and B2B", "q3|and|b2b"),
            ("foto's van zo'n dag", "foto|'s|van|zo'n|dag"),
            ("за 2 023 дня 300 400 500", "за|2023|дня|300400500"),
            ("２０３０ ａｎｄ １２．５％！", "2030|and|12.5|%|!"),
            ("𝟐𝟎𝟑𝟎 2\u{200b}0\u{2060}30", "2030|2030"),
            ("we\u{200b} gr\u{7}ow #gr\u{200b}ow", "we|grow|#grow"),
            ("1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}", "1|2"),
        ] {
            assert_eq!(cut(text).join("|"), expected, "{text}");
        }
    }
}
