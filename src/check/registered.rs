//! Terms of the registry in a draft: where, and whether they are secret, embargoed or due.

use super::Raised;
use crate::document::block::Block;
use crate::document::sentence::{BlockWords, Sentence};
use crate::draft::Draft;
use crate::finding::Severity;
use crate::matcher::Asked;
use crate::options::Options;
use crate::registry::{Clock, DraftWord, Registry, Standing};
use crate::span::Span;
use crate::text::tokenize::{TokenKind, flag};

struct Found {
    span: Span,
    sentence: u32,
    standing: Standing,
    level: Option<Severity>,
}

/// The search of one draft; finds nothing without a registry.
pub struct Search<'o> {
    registry: Option<(&'o Registry, Clock)>,
    found: Vec<Found>,
    has_link: bool,
}

impl<'o> Search<'o> {
    /// Begins a draft.
    pub fn begin(draft: &Draft, options: &'o Options) -> Self {
        let written = draft.front_matter.date.as_deref().filter(|_| !options.as_of_wins);
        let day = written.and_then(crate::date::Date::parse).unwrap_or(options.as_of);
        let registry = options.registry.as_deref().map(|r| (r, Clock::new(written, day)));
        Self { registry, found: Vec::new(), has_link: false }
    }

    /// Looks at a sentence, quoted or not: whoever is quoted, the name is out.
    pub fn sentence(
        &mut self,
        asked: &Asked<'_, '_>,
        block_words: &BlockWords,
        sentence: &Sentence,
        block: &Block<'_>,
        number: u32,
    ) {
        let Some((registry, clock)) = self.registry else { return };
        let words: Vec<DraftWord<'_>> = asked
            .words
            .iter()
            .map(|w| DraftWord { folded: block_words.folded(w), kind: w.kind, hyphen: w.has(flag::HYPHEN_BEFORE) })
            .collect();
        let take = |span: Span, term: u32, found: &mut Vec<Found>| {
            let term = &registry.terms()[term as usize];
            found.push(Found {
                span,
                sentence: number,
                standing: clock.standing(term.until.as_ref()),
                level: term.level,
            });
        };
        for hit in registry.find(&words) {
            take(block.words_span(&asked.words[hit.first..hit.last]), hit.term, &mut self.found);
        }
        for link in block.links.iter().filter(|l| (sentence.start..sentence.end).contains(&l.flat.start)) {
            if let Some(term) = registry.within(&link.target) {
                take(block.source_span(link.flat.start as usize..link.flat.end as usize), term, &mut self.found);
            }
        }
        self.has_link |= !block.links.is_empty() || asked.words.iter().any(|w| w.kind == TokenKind::Url);
    }

    /// The findings of the rule for terms of this standing.
    pub fn raise(&self, rule: u32, standing: Standing, out: &mut Vec<Raised>) {
        for found in self.found.iter().filter(|f| f.standing == standing) {
            let mut raised = Raised::at(rule, found.span, Some(found.sentence));
            raised.severity = match standing {
                // the release is linked: a last look is all that is left to do
                Standing::Due if self.has_link => Some(Severity::Note),
                Standing::Due => None,
                _ => found.level,
            };
            out.push(raised);
        }
    }
}
