//! From what was found to what is said: evidence beyond the sentence, levels, what gives way to what, doubles.

use super::{Pending, Run, conditions, has};
use crate::compiler::layout::NONE;
use crate::finding::{Category, Confidence, Finding, Language, Scope, Severity};
use crate::pack::Lexis;
use crate::report::Report;
use crate::span::Span;
use crate::specificity::Weights;
use std::collections::BTreeMap;

impl Run<'_, '_> {
    /// Looks at the evidence beyond the sentence, settles levels, and takes out doubles within a rule.
    pub(super) fn report(mut self, language: Language, allowed: &[Span]) -> Report {
        let pending = std::mem::take(&mut self.pending);
        // by family and sentence: the gravest thing that is said there; a classifier speaks after all others
        let mut said: BTreeMap<(u32, u32), Severity> = BTreeMap::new();
        let (late, first): (Vec<_>, Vec<_>) = pending.into_iter().partition(|p| self.linter.is_classified(p.rule));
        for p in first.into_iter().chain(late) {
            let sentence = self.sentences.get(p.sentence as usize);
            let spoken = sentence.map_or(language, |s| s.language);
            let lexis = self.linter.pack.lexis(spoken);
            if self.is_excused_beyond(&lexis, &p) {
                continue;
            }
            let (severity, confidence) = self.level(&lexis, &p);
            let document = p.sentence == NONE;
            let rule = self.linter.pack.rule(p.rule);
            let family = rule.family() as u32;
            let mut severity = Severity::ALL[severity as usize];
            let confidence = Confidence::ALL[confidence as usize];
            // what an error about a person costs, another pays: that is not doubted away
            let spared = severity == Severity::Error && rule.category() == Category::PersonalData;
            let doubts = self.linter.doubts(p.rule);
            let doubt = if confidence < Confidence::High && !spared { doubts.weak } else { doubts.sure };
            if severity > Severity::Note && doubt.is_some_and(|more| self.is_doubted(p.sentence, family, more)) {
                severity = Severity::Note;
            }
            if rule.opening() && !document && self.opening.is_some_and(|first| p.sentence > first) {
                severity = Severity::Note;
            }
            // what a rule of the family says of a sentence, or of one beside it in the paragraph, it says better
            if self.linter.is_classified(p.rule)
                && self.beside(p.sentence).any(|at| said.get(&(family, at)).is_some_and(|other| *other >= severity))
            {
                continue;
            }
            if !document {
                let gravest = said.entry((family, p.sentence)).or_insert(severity);
                *gravest = severity.max(*gravest);
            }
            let span = if document { self.sentences.first().map_or(p.span, |s| s.span) } else { p.span };
            self.done.push(Finding {
                rule: p.rule,
                span,
                severity,
                confidence,
                scope: if document { Scope::Document } else { Scope::Span },
                language: spoken,
                labels: p.labels,
                fix: None,
                sentence: sentence.map_or(span, |s| s.span),
                detail: None,
            });
        }
        let mut findings = self.done;
        if !allowed.is_empty() {
            findings.retain(|f| !self.linter.is_allowed(f, allowed));
        }
        findings.sort_by(|a, b| {
            (a.rule, b.severity, b.confidence, a.span.start, a.span.end).cmp(&(
                b.rule,
                a.severity,
                a.confidence,
                b.span.start,
                b.span.end,
            ))
        });
        let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
        // what the rule at hand has found so far: stretches that do not overlap, by their start
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        for finding in findings {
            if kept.last().is_none_or(|k| k.rule != finding.rule) {
                taken.clear();
            }
            let once = !taken.is_empty() && self.linter.pack.rule(finding.rule).once();
            let before = taken.range(..finding.span.end.max(finding.span.start + 1)).next_back();
            if !once && before.is_none_or(|(_, end)| *end <= finding.span.start) {
                taken.insert(finding.span.start, finding.span.end);
                kept.push(finding);
            }
        }
        kept.sort_by_key(|f| (f.span.start, f.span.end, f.rule));
        let weights = self.linter.options.weights.as_ref().unwrap_or_else(|| Weights::shipped());
        let (specificity, missing) = self.tally.score(weights, language);
        Report {
            language,
            as_of: self.as_of,
            words: self.prose_words,
            specificity,
            missing,
            channel_count: None,
            findings: kept,
            suppressed: Vec::new(),
        }
    }

    /// Whether classifiers have judged a sentence, and found nothing near what the family looks for in it and beside it: nothing
    /// that is so much above the score below which they doubt.
    fn is_doubted(&self, sentence: u32, family: u32, more: f32) -> bool {
        let belief = |at: u32| self.sentences.get(at as usize).and_then(|s| s.belief[family as usize]);
        belief(sentence).is_some() && self.beside(sentence).filter_map(belief).all(|belief| belief < more)
    }

    /// A sentence and those before and after it in its block.
    fn beside(&self, sentence: u32) -> impl Iterator<Item = u32> {
        let block = |at: u32| self.sentences.get(at as usize).map(|s| s.block);
        let own = block(sentence);
        (sentence.saturating_sub(1)..=sentence.saturating_add(1)).filter(move |at| own.is_some() && block(*at) == own)
    }

    /// Whether a scope beyond the sentence (3 neighbours, 4 paragraph, 5 post) holds what `bit` stands for, with or without
    /// the sentence itself: what the sentence holds outside a match was looked at with its words.
    fn holds_beyond(&self, sentence: u32, language: Language, within: u32, others: bool, bit: u32) -> bool {
        let own = self.sentences.get(sentence as usize);
        let own_holds = own.is_some_and(|s| s.language == language && has(&s.bits, bit));
        let all = self.scoped_counts[language as usize].get(bit as usize).copied().unwrap_or(0);
        if all == 0 || !others && own_holds {
            return all > 0;
        }
        let at = sentence as usize;
        let near = match (within, own) {
            (3, Some(_)) => at.saturating_sub(1)..(at + 2).min(self.sentences.len()),
            (4, Some(own)) => {
                let block = own.block;
                self.sentences.partition_point(|s| s.block < block)
                    ..self.sentences.partition_point(|s| s.block <= block)
            }
            _ => return all > u32::from(others && own_holds),
        };
        near.into_iter().any(|i| {
            let record = &self.sentences[i];
            record.language == language && has(&record.bits, bit) && !(others && i == at)
        })
    }

    fn is_excused_beyond(&self, lexis: &Lexis<'_>, p: &Pending) -> bool {
        let language = self.sentences.get(p.sentence as usize).map(|s| s.language);
        conditions(lexis, p.unless, 3).any(|c| {
            let within = c[1] & 15;
            within >= 3 && {
                match language {
                    Some(language) => self.holds_beyond(p.sentence, language, within, c[1] >> 8 & 1 == 1, c[2]),
                    None => self.holds_beyond(NONE, self.main_language(), 5, false, c[2]),
                }
            }
        })
    }

    fn main_language(&self) -> Language {
        (0..5).max_by_key(|i| self.words_in[*i]).map_or(Language::Unknown, |i| Language::ALL[i])
    }

    fn level(&self, lexis: &Lexis<'_>, p: &Pending) -> (u32, u32) {
        for (i, r) in conditions(lexis, p.raise, 7).enumerate() {
            let [status, jurisdiction, kinds, symbol, within, bit, level] = *r else { continue };
            let company = (status == 0 || self.linter.status & status != 0)
                && (jurisdiction == 0
                    || self.linter.jurisdictions == 0
                    || self.linter.jurisdictions & jurisdiction != 0);
            let evidence = symbol == NONE
                || if within < 3 {
                    p.raised & 1 << i.min(31) != 0
                } else {
                    let language =
                        self.sentences.get(p.sentence as usize).map_or_else(|| self.main_language(), |s| s.language);
                    self.holds_beyond(p.sentence, language, within, false, bit)
                };
            if company && evidence && (kinds == 0 || kinds & self.kind != 0) {
                return (level & 255, level >> 8);
            }
        }
        (p.severity, p.confidence)
    }
}
