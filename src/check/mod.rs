//! Checks that count or compare rather than match: shouting, hashtag piles, doubled words, long sentences, residue.
//!
//! A rule names its check and its parameters; the check says where, the rule says what it means.

mod house;
mod marks;
mod registered;
mod residue;

use crate::compiler::layout::NONE;
use crate::date::Date;
use crate::document::block::Block;
use crate::document::sentence::{BlockWords, Sentence};
use crate::draft::Draft;
use crate::evidence::fact;
use crate::finding::{Applicability, Confidence, Fix, Language, Severity};
use crate::matcher::Asked;
use crate::options::Options;
use crate::pack::Pack;
use crate::registry::Standing;
use crate::span::Span;
use crate::text::fold;
use crate::text::tokenize::{TokenKind, flag};
use crate::voice::{House, Limits};
pub use house::Outcome;
use house::{HouseRules, HouseRun};

/// What a check found.
pub struct Raised {
    /// The rule that runs it.
    pub rule: u32,
    /// Where, in bytes of the text.
    pub span: Span,
    /// The sentence (by its number in the draft), where there is one.
    pub sentence: Option<u32>,
    /// Another severity than the rule's.
    pub severity: Option<Severity>,
    /// Another confidence than the rule's.
    pub confidence: Option<Confidence>,
    /// A mechanical change.
    pub fix: Option<Fix>,
    /// A count in words that holds nothing of the draft.
    pub detail: Option<String>,
    /// Whether it is about the draft as a whole.
    pub document: bool,
}

impl Raised {
    fn at(rule: u32, span: Span, sentence: Option<u32>) -> Self {
        Self { rule, span, sentence, severity: None, confidence: None, fix: None, detail: None, document: false }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Shouting,
    HashtagPile,
    DoubledWord,
    LongSentence,
    SelfPromotion,
    DraftResidue,
    HiddenCharacters,
    BrokenTag,
    StyledLetters,
    Registered(Standing),
}

const NAMES: &[(&str, Kind)] = &[
    ("shouting", Kind::Shouting),
    ("hashtag-pile", Kind::HashtagPile),
    ("doubled-word", Kind::DoubledWord),
    ("long-sentence", Kind::LongSentence),
    ("self-promotion", Kind::SelfPromotion),
    ("draft-residue", Kind::DraftResidue),
    ("hidden-characters", Kind::HiddenCharacters),
    ("broken-tag", Kind::BrokenTag),
    ("styled-letters", Kind::StyledLetters),
    ("registered-term", Kind::Registered(Standing::Secret)),
    ("embargoed-term", Kind::Registered(Standing::Embargoed)),
    ("release-due", Kind::Registered(Standing::Due)),
];

/// The checks that the rules of a pack ask for.
pub struct Checks<'p> {
    wanted: Vec<(u32, Kind, serde_json::Value)>,
    own: [u32; 5],
    reader: [u32; 5],
    house: HouseRules,
    _pack: std::marker::PhantomData<&'p Pack>,
}

/// The checks at work on one draft.
pub struct Running<'c, 'p> {
    checks: &'c Checks<'p>,
    draft: &'c Draft,
    raised: Vec<Raised>,
    hashtags: Vec<Span>,
    registered: registered::Search<'c>,
    own: u32,
    reader: u32,
    first_sentence: Option<Span>,
    /// The block that is being read, and up to where its signs were looked at.
    looked_at: (usize, usize),
    /// The block that was last asked for an override, and whether it holds one.
    turned: (usize, bool),
    limits: &'c Limits,
    house: HouseRun<'c>,
}

impl<'p> Checks<'p> {
    /// Reads which checks the rules ask for. Names that no check has are left out here and reported by `rules --test`.
    pub fn new(pack: &'p Pack) -> Self {
        let wanted = pack
            .rules()
            .filter_map(|rule| {
                let (name, params) = rule.check()?;
                let kind = NAMES.iter().find(|(n, _)| *n == name)?.1;
                Some((rule.index(), kind, serde_json::from_str(params).unwrap_or_default()))
            })
            .collect();
        let lists = |name: &str| std::array::from_fn(|i| pack.symbol(Language::ALL[i], name).unwrap_or(NONE));
        Self {
            wanted,
            own: lists("#we"),
            reader: lists("#you"),
            house: HouseRules::new(pack),
            _pack: std::marker::PhantomData,
        }
    }

    /// Begins a draft.
    pub fn begin<'c>(
        &'c self,
        draft: &'c Draft,
        options: &'c Options,
        house: &'c House,
        as_of: Date,
        counts_features: bool,
    ) -> Running<'c, 'p> {
        let limits = &house.profile.limits;
        let mut house = HouseRun::new(&self.house, draft, options, house, as_of);
        if counts_features {
            house.count_features();
        }
        Running {
            limits,
            house,
            checks: self,
            draft,
            raised: Vec::new(),
            hashtags: Vec::new(),
            registered: registered::Search::begin(draft, options),
            own: 0,
            reader: 0,
            first_sentence: None,
            looked_at: (usize::MAX, 0),
            turned: (usize::MAX, false),
        }
    }
}

/// Longest sentence by language, in words (voice.md, section 5).
fn sentence_limit(language: Language) -> usize {
    match language {
        Language::Fr => 32,
        Language::Nl => 26,
        Language::Ru => 24,
        Language::En | Language::Unknown => 28,
    }
}

/// Doublings that are right.
const RIGHT_DOUBLES: &[&str] = &[
    "had",
    "that",
    "nous",
    "vous",
    "très",
    "very",
    "really",
    "bye",
    "no",
    "ha",
    "he",
    "die",
    "dat",
    "je",
    "ze",
    "wel",
    "heel",
    "да",
    "нет",
    "очень",
    "еле",
    "чуть",
    "now",
    "there",
    "knock",
    "so",
    "many",
    "blah",
    "bla",
    "much",
    "long",
    "было",
    "так",
    "вот",
    "что",
    "как",
    "ну",
    "и",
];

/// Whether words of a block stand behind an override: such a word has no place of its own that a fix could replace. A block
/// is searched once, not once a sentence.
fn is_turned(known: &mut (usize, bool), block: &Block<'_>) -> bool {
    if known.0 != block.span.start {
        *known = (block.span.start, block.text.contains('\u{202e}'));
    }
    known.1
}

impl Running<'_, '_> {
    /// Looks at a sentence.
    pub fn sentence(
        &mut self,
        asked: &Asked<'_, '_>,
        block_words: &BlockWords,
        sentence: &Sentence,
        block: &Block<'_>,
        language: Language,
        number: u32,
    ) {
        let span_of = |from: usize, to: usize| block.words_span(&asked.words[from..to]);
        self.first_sentence.get_or_insert(span_of(0, asked.words.len()));
        self.house.sentence(asked, block_words, sentence, block, language, number);
        let l = language as usize;
        self.registered.sentence(asked, block_words, sentence, block, number);
        for (rule, kind, params) in &self.checks.wanted {
            match kind {
                Kind::Shouting => {
                    let capitals: Vec<usize> = (0..asked.words.len())
                        .filter(|i| !asked.words[*i].quoted && asked.marks.at(*i).any(|m| m.symbol == fact::CAPITALS))
                        .collect();
                    let run = capitals
                        .windows(2)
                        .find(|w| w[1] - w[0] <= 2)
                        .map(|w| (w[0], *capitals.last().unwrap_or(&w[1]) + 1));
                    let shouted = asked.end_marks & crate::compiler::layout::mark::EXCLAMATION != 0 && {
                        let end = &self.draft.text[..block.source_end(sentence.end as usize)];
                        let marks = end.chars().rev().take_while(|c| matches!(c, '!' | '?')).collect::<String>();
                        marks.chars().filter(|c| *c == '!').count() >= 2
                    };
                    if let Some((from, to)) = run {
                        self.raised.push(Raised::at(*rule, span_of(from, to), Some(number)));
                    } else if shouted {
                        let last = asked.words.len();
                        let span = Span::new(span_of(last - 1, last).start, block.source_end(sentence.end as usize));
                        self.raised.push(Raised::at(*rule, span, Some(number)));
                    }
                }
                Kind::HashtagPile => {
                    for (i, word) in asked.words.iter().enumerate() {
                        if word.kind == TokenKind::Hashtag {
                            self.hashtags.push(span_of(i, i + 1));
                        }
                    }
                }
                Kind::DoubledWord => {
                    for i in 1..asked.words.len() {
                        let (a, b) = (&asked.words[i - 1], &asked.words[i]);
                        let text = block_words.folded(b);
                        if a.kind == TokenKind::Word
                            && b.kind == TokenKind::Word
                            && b.marks == 0
                            && !b.has(flag::HYPHEN_BEFORE)
                            && b.has(flag::SPACE_BEFORE)
                            && text.len() > 1
                            && text == block_words.folded(a)
                            && !RIGHT_DOUBLES.contains(&text)
                            && !b.quoted
                            && !(a.has(flag::CAPITALISED) && b.has(flag::CAPITALISED) && i > 1)
                        {
                            let mut raised = Raised::at(*rule, span_of(i - 1, i + 1), Some(number));
                            let gap = Span::new(span_of(i - 1, i).end, span_of(i, i + 1).end);
                            raised.fix =
                                Some(Fix { span: gap, text: String::new(), applicability: Applicability::Unsafe });
                            self.raised.push(raised);
                        }
                    }
                }
                Kind::LongSentence => {
                    let limit = params
                        .get("words")
                        .and_then(|w| w.get(language.name()))
                        .and_then(serde_json::Value::as_u64)
                        .map_or(sentence_limit(language), |n| n as usize);
                    let limit = self.limits.max_sentence_words[l].unwrap_or(limit);
                    let words = asked
                        .words
                        .iter()
                        .filter(|w| {
                            matches!(w.kind, TokenKind::Word | TokenKind::Number)
                                && !w.has(flag::HYPHEN_BEFORE)
                                && !(w.kind == TokenKind::Word && block_words.folded(w).ends_with('\''))
                        })
                        .count();
                    let listed =
                        asked.words.iter().filter(|w| w.marks & crate::compiler::layout::mark::SEMICOLON != 0).count()
                            >= 2;
                    if words > limit && !listed && !asked.words.iter().all(|w| w.quoted) {
                        let mut raised = Raised::at(*rule, span_of(0, asked.words.len()), Some(number));
                        raised.detail = Some(format!("{words}/{limit}"));
                        self.raised.push(raised);
                    }
                }
                Kind::SelfPromotion => {
                    self.own += asked.count(self.checks.own[l]);
                    self.reader += asked.count(self.checks.reader[l]);
                }
                Kind::HiddenCharacters => {
                    if let Some(i) = asked.words.iter().position(|w| w.has(flag::HIDDEN) || w.has(flag::LOOK_ALIKE)) {
                        let hidden = asked.words[i];
                        let raw = &block.text[hidden.start as usize..hidden.end as usize];
                        // a soft hyphen alone is typography, not disguise
                        let harmless = hidden.has(flag::HIDDEN)
                            && !hidden.has(flag::LOOK_ALIKE)
                            && raw.contains(fold::is_hidden)
                            && raw
                                .chars()
                                .filter(|c| fold::is_hidden(*c) || c.is_control())
                                .all(|c| matches!(c, '\u{ad}' | '\u{feff}' | '\u{200d}' | '\u{200c}'));
                        if !harmless {
                            let mut raised = Raised::at(*rule, span_of(i, i + 1), Some(number));
                            raised.fix = marks::plain(raw, block_words.folded(&hidden))
                                .filter(|_| !is_turned(&mut self.turned, block))
                                .map(|text| Fix { span: raised.span, text, applicability: Applicability::Unsafe });
                            self.raised.push(raised);
                        }
                    }
                }
                Kind::BrokenTag => {
                    // signs between sentences belong to the one behind them
                    let from = if self.looked_at.0 == block.span.start { self.looked_at.1 } else { 0 };
                    let to = sentence.end as usize;
                    self.looked_at = (block.span.start, to.max(from));
                    for range in marks::broken_tags(&block.text, from, to) {
                        let span = Span::new(block.source_start(range.start), block.source_end(range.end));
                        self.raised.push(Raised::at(*rule, span, Some(number)));
                    }
                }
                Kind::StyledLetters => {
                    // a single letter is a symbol (𝕏, ℏ), not a dress
                    let dressed = |w: &crate::document::sentence::Word| {
                        w.has(flag::STYLED) && !w.has(flag::SINGLE) && block_words.folded(w).chars().count() > 1
                    };
                    if let Some(from) = asked.words.iter().position(dressed) {
                        let to = asked.words.iter().rposition(dressed).unwrap_or(from) + 1;
                        let mut raised = Raised::at(*rule, span_of(from, to), Some(number));
                        if to == from + 1 && !is_turned(&mut self.turned, block) {
                            let word = &asked.words[from];
                            raised.fix = Some(Fix {
                                span: raised.span,
                                text: block_words.folded(word).to_owned(),
                                applicability: Applicability::Unsafe,
                            });
                        }
                        self.raised.push(raised);
                    }
                }
                Kind::Registered(_) => {}
                Kind::DraftResidue => {
                    let flat = &block.text[sentence.start as usize..sentence.end as usize];
                    for range in residue::find(flat) {
                        let at = sentence.start as usize;
                        let span = Span::new(block.source_start(at + range.start), block.source_end(at + range.end));
                        self.raised.push(Raised::at(*rule, span, Some(number)));
                    }
                }
            }
        }
    }

    /// What holds of the draft as a whole.
    pub fn finish(mut self, language: Language, words: usize) -> Outcome {
        for (rule, kind, params) in &self.checks.wanted {
            match kind {
                Kind::HashtagPile => {
                    let most = params.get("most").and_then(serde_json::Value::as_u64).unwrap_or(5) as usize;
                    // the house's own limit stands instead
                    if self.hashtags.len() > most && self.limits.max_hashtags.is_none() {
                        let span = Span::new(
                            self.hashtags[most].start,
                            self.hashtags[self.hashtags.len() - 1].end.max(self.hashtags[most].end),
                        );
                        let mut raised = Raised::at(*rule, span, None);
                        raised.detail = Some(format!("{}/{most}", self.hashtags.len()));
                        self.raised.push(raised);
                    }
                }
                Kind::SelfPromotion => {
                    let ratio = params.get("ratio").and_then(serde_json::Value::as_f64).unwrap_or(4.0);
                    let declared = self.limits.max_self_ratio;
                    let ratio = declared.unwrap_or(ratio);
                    if words >= 40
                        && self.own >= 6
                        && f64::from(self.own) > ratio * f64::from(self.reader.max(1))
                        && (self.reader == 0 || declared.is_some())
                    {
                        if let Some(span) = self.first_sentence {
                            let mut raised = Raised::at(*rule, span, None);
                            raised.document = true;
                            raised.detail = Some(format!("{}:{}", self.own, self.reader));
                            self.raised.push(raised);
                        }
                    }
                }
                Kind::Registered(standing) => self.registered.raise(*rule, *standing, &mut self.raised),
                _ => {}
            }
        }
        let mut outcome = self.house.finish(language);
        outcome.raised.splice(0..0, self.raised);
        outcome
    }
}
