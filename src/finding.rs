//! What a check says of a draft, and the words that every layer shares.

use crate::span::Span;
use serde::Serialize;

macro_rules! named_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The name used in rules, JSON and on the command line.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $text),+ } }
            /// The value of that name.
            pub fn from_name(name: &str) -> Option<Self> { Self::ALL.iter().copied().find(|v| v.name() == name) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.name()) }
        }
    };
}

named_enum! {
    /// What it would cost to post the draft as it stands.
    Severity { Note = "note", Warning = "warning", Error = "error" }
}
named_enum! {
    /// How sure the rule is.
    Confidence { Low = "low", Medium = "medium", High = "high" }
}
named_enum! {
    /// The folder a rule lives in, and the first half of its full name.
    Family { Vague = "vague", Disclosure = "disclosure", Tone = "tone", Voice = "voice", Purpose = "purpose" }
}
named_enum! {
    /// The question a finding belongs to.
    Category {
        Vague = "vague", Overclaim = "overclaim", ForwardLooking = "forward-looking", Confidential = "confidential",
        PersonalData = "personal-data", Combative = "combative", Voice = "voice", Purpose = "purpose",
    }
}
named_enum! {
    /// Whom to ask before posting.
    Ask {
        Legal = "legal", InvestorRelations = "investor-relations", DataProtection = "data-protection", Hr = "hr",
        Security = "security", Communications = "communications",
    }
}
named_enum! {
    /// Whether a finding is about a stretch of words or about the draft as a whole.
    Scope { Span = "span", Document = "document" }
}
named_enum! {
    /// Whether a fix may be applied without reading it.
    Applicability { Safe = "safe", Unsafe = "unsafe" }
}
named_enum! {
    /// The languages draftlint knows; `unknown` runs the language-neutral rules.
    Language { En = "en", Fr = "fr", Nl = "nl", Ru = "ru", Unknown = "unknown" }
}

impl Language {
    /// The languages that have rules of their own.
    pub const KNOWN: [Language; 4] = [Language::En, Language::Fr, Language::Nl, Language::Ru];

    /// One of four phrases: English (for an unknown language too), French, Dutch, Russian.
    pub fn say(self, phrases: [&'static str; 4]) -> &'static str {
        phrases[match self {
            Language::Fr => 1,
            Language::Nl => 2,
            Language::Ru => 3,
            Language::En | Language::Unknown => 0,
        }]
    }

    /// The name for people, in English.
    pub fn english_name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::Fr => "French",
            Language::Nl => "Dutch",
            Language::Ru => "Russian",
            Language::Unknown => "unknown language",
        }
    }
}

/// A second place that belongs to a finding: one slot of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where, in bytes of the text.
    pub span: Span,
    /// The slot's name in the rule: `subject`, `act`, `object`, `figure`, …
    pub role: String,
}

/// A mechanical change that would satisfy the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced, in bytes of the text.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
    /// Whether it may be applied unread.
    pub applicability: Applicability,
}

/// One thing a rule found in one draft. Its words (message, advice) are the rule's and never quote the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule, by its index in the pack.
    pub rule: u32,
    /// The shortest stretch that proves it, in bytes of the text.
    pub span: Span,
    /// What it would cost.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// A stretch of words, or the whole draft.
    pub scope: Scope,
    /// The language whose rule found it (that of the block).
    pub language: Language,
    /// Slots of the frame.
    pub labels: Vec<Label>,
    /// A mechanical change, where there is one.
    pub fix: Option<Fix>,
    /// The sentence it lies in, in bytes of the text: what the fingerprint is made of.
    pub sentence: Span,
    /// A detail in words that holds nothing of the draft ("231/280"), set by checks that count.
    pub detail: Option<String>,
}
