//! How each channel counts a post. The rules are data (`channels.toml`), with the day they were read.

use super::emoji::{is_emoji, is_emoji_or_sign};
use lazy_static::lazy_static;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What a channel counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Unit {
    Weighted,
    #[serde(rename = "utf-16")]
    Utf16,
    Grapheme,
    CodePoint,
}

/// One channel: its counting rule and its limits.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Channel {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// Other names for it.
    also: Vec<String>,
    unit: Unit,
    /// The longest post, in its unit.
    pub limit: Option<usize>,
    /// So many units stand before the fold.
    pub fold: Option<usize>,
    /// The most hashtags.
    pub hashtags: Option<usize>,
    /// The most bytes of UTF-8, beside the limit.
    pub bytes: Option<usize>,
    url: Option<usize>,
    #[serde(default)]
    bare_url: bool,
    #[serde(default)]
    light: Vec<(u32, u32)>,
    #[serde(default)]
    emoji_bytes: bool,
    mention_domain: Option<bool>,
    /// Whether the warning before the post counts.
    #[serde(default)]
    pub warning: bool,
    /// The day the rule was read.
    pub read: String,
    /// Where it was read.
    pub source: String,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "schema")]
    _schema: u32,
    #[serde(flatten)]
    channels: BTreeMap<String, Channel>,
}

/// Endings of names that are links without `https://`, as far as posts have them; names in all letters.
const ENDINGS: &str = "com|org|net|edu|gov|info|biz|io|ai|co|app|dev|tech|shop|store|online|site|blog|news|media|agency|group|team|work|jobs|live|tv|me|ly|link|page|cloud|digital|solutions|services|consulting|company|global|world|academy|school|health|energy|finance|bank|eu|uk|us|ca|au|de|at|ch|fr|be|nl|lu|it|es|pt|ie|dk|se|no|fi|pl|cz|gr|ru|by|kz|ua|am|ge|рф|москва|brussels|paris|amsterdam|gent|vlaanderen";

lazy_static! {
    static ref CHANNELS: Vec<Channel> = {
        let file: File = toml::from_str(include_str!("channels.toml")).unwrap_or(File { _schema: 0, channels: BTreeMap::new() });
        file.channels.into_iter().map(|(name, channel)| Channel { name, ..channel }).collect()
    };
    static ref LINK: Regex = Regex::new(r#"(?i)https?://[^\s<>"«»“”]+"#).unwrap_or_else(|_| unreachable!());
    static ref BARE: Regex = Regex::new(&format!(r#"(?i)(?:https?://[^\s<>"«»“”]+|(?:[\p{{L}}\d](?:[\p{{L}}\d-]*[\p{{L}}\d])?\.)+(?:{ENDINGS})\b(?:/[^\s<>"«»“”]*)?)"#)).unwrap_or_else(|_| unreachable!());
    static ref MENTION: Regex = Regex::new(r"(?i)@[a-z0-9_]+(@[a-z0-9.-]*[a-z0-9])").unwrap_or_else(|_| unreachable!());
}

/// The channel of that name, its other names and any case included.
pub fn find(name: &str) -> Option<&'static Channel> {
    let name = name.trim().to_lowercase();
    CHANNELS.iter().find(|c| c.name == name || c.also.contains(&name))
}

/// All channels.
pub fn all() -> &'static [Channel] {
    &CHANNELS
}

/// A stretch of the text and what it counts.
struct Piece {
    range: Range<usize>,
    count: usize,
}

impl Channel {
    /// Its other names.
    pub fn other_names(&self) -> &[String] {
        &self.also
    }

    /// What the text counts here.
    pub fn count(&self, text: &str) -> usize {
        self.pieces(text).iter().map(|p| p.count).sum()
    }

    /// The byte at which the text goes beyond `limit`; `None` when it does not.
    pub fn beyond(&self, text: &str, limit: usize) -> Option<usize> {
        let mut sum = 0;
        self.pieces(text).into_iter().find_map(|piece| {
            sum += piece.count;
            (sum > limit).then_some(piece.range.start)
        })
    }

    fn link_ranges(&self, text: &str) -> Vec<Range<usize>> {
        let pattern: &Regex = if self.bare_url { &BARE } else { &LINK };
        let mut out = Vec::new();
        for found in pattern.find_iter(text) {
            let before = text[..found.start()].chars().next_back();
            // an e-mail address, the middle of a word, a name after a sign that cannot stand before a link
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '$' | '#' | '_' | '-' | '.' | '/'))
                || text[found.end()..].starts_with('@')
            {
                continue;
            }
            let mut end = found.end();
            // X reads Cyrillic and accented letters in a path, not in a query
            if let Some(query) = found.as_str().find('?').filter(|_| self.bare_url) {
                let wide = found.as_str()[query..].find(|c: char| !c.is_ascii());
                end = found.start() + wide.map_or(found.len(), |at| query + at);
            }
            loop {
                let link = &text[found.start()..end];
                let Some(last) = link.chars().next_back() else { break };
                let unpaired = last == ')' && link.matches(')').count() > link.matches('(').count();
                if unpaired || matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | ']' | '*') {
                    end -= last.len_utf8();
                } else {
                    break;
                }
            }
            if end > found.start() {
                out.push(found.start()..end);
            }
        }
        out
    }

    fn pieces(&self, text: &str) -> Vec<Piece> {
        let mut fixed: Vec<Piece> = Vec::new();
        if let Some(count) = self.url {
            fixed.extend(self.link_ranges(text).into_iter().map(|range| Piece { range, count }));
        }
        if self.mention_domain == Some(false) {
            for found in MENTION.captures_iter(text) {
                let (Some(whole), Some(domain)) = (found.get(0), found.get(1)) else { continue };
                let before = text[..whole.start()].chars().next_back();
                if before.is_some_and(|c| c == '/' || c.is_alphanumeric() || c == '_')
                    || fixed.iter().any(|p| p.range.contains(&whole.start()))
                {
                    continue;
                }
                fixed.push(Piece { range: domain.range(), count: 0 });
            }
            fixed.sort_by_key(|p| p.range.start);
        }
        let mut out = Vec::new();
        let mut at = 0;
        for piece in fixed {
            self.plain(text, at..piece.range.start, &mut out);
            at = piece.range.end;
            out.push(piece);
        }
        self.plain(text, at..text.len(), &mut out);
        out
    }

    fn plain(&self, text: &str, range: Range<usize>, out: &mut Vec<Piece>) {
        let from = range.start;
        for (i, cluster) in text[range].grapheme_indices(true) {
            let count = if cluster == "\r\n" { 1 } else { self.cluster(cluster) };
            out.push(Piece { range: from + i..from + i + cluster.len(), count });
        }
    }

    fn cluster(&self, cluster: &str) -> usize {
        match self.unit {
            Unit::Grapheme => 1,
            Unit::Utf16 => cluster.encode_utf16().count(),
            Unit::CodePoint if self.emoji_bytes && is_emoji(cluster) => cluster.len(),
            Unit::CodePoint => cluster.chars().count(),
            Unit::Weighted if is_emoji_or_sign(cluster) => 2,
            Unit::Weighted => {
                let light = |c: char| self.light.iter().any(|(first, last)| (*first..=*last).contains(&(c as u32)));
                cluster.nfc().map(|c| if light(c) { 1 } else { 2 }).sum()
            }
        }
    }
}
