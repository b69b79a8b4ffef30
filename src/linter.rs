//! Everything over a draft, once: blocks, language, sentences, evidence, patterns, classifiers, detectors, whole-document
//! rules. What was found is settled in `settle`.

mod settle;

pub use crate::options::Options;

use crate::check::{Checks, Outcome, Raised};
use crate::classifier;
use crate::compiler::OTHERS;
use crate::compiler::layout::{self, NONE};
use crate::date::Date;
use crate::detector;
use crate::document::block::{Block, BlockKind, blocks};
use crate::document::disguise;
use crate::document::sentence::{BlockWords, CuttingSymbols, Sentence, cut};
use crate::draft::Draft;
use crate::evidence::{self, Context, EvidenceSymbols};
use crate::finding::{Confidence, Family, Finding, Label, Language, Scope, Severity};
use crate::language::{Vote, vote};
use crate::matcher::{Asked, Match, Scratch};
use crate::pack::{Lexis, Pack, Rule, kind_bit};
use crate::report::Report;
use crate::span::Span;
use crate::specificity::{self, Tally};
use crate::text::plain::PlainText;
use crate::text::tokenize::{TokenKind, Tokens, tokenize};
use crate::voice::features::Vector;
use crate::voice::{House, Houses};

/// Evidence beyond the sentence is kept as bits; so many 64-bit words of them.
const BIT_WORDS: usize = layout::MAX_SCOPED / 64;
type Bits = [u64; BIT_WORDS];

/// Judges drafts by a pack and options.
pub struct Linter<'p> {
    pack: &'p Pack,
    options: Options,
    status: u32,
    jurisdictions: u32,
    cutting: [CuttingSymbols; 5],
    evidence: [EvidenceSymbols; 5],
    /// The rule of each detector, in the order of [`detector::names`].
    detectors: Vec<Option<u32>>,
    checks: Checks<'p>,
    specificity: [specificity::Symbols; 5],
    houses: Houses,
    /// By rule: whether a classifier decides it.
    classified: Vec<bool>,
    /// By rule: whether a classifier of its family that finds nothing may make a note of what it says.
    doubts: Vec<Doubts>,
}

/// Buffers that outlive a draft; one a thread.
#[derive(Default)]
pub struct Buffers {
    tokens: Tokens,
    /// The first blocks of a draft, cut to tell its language; each is taken when its turn comes.
    ahead: Vec<(usize, Tokens, Vote)>,
    block: BlockWords,
    languages: [Scratch; 5],
}

/// A finding whose evidence beyond the sentence is still to be looked at.
struct Pending {
    rule: u32,
    severity: u32,
    confidence: u32,
    span: Span,
    labels: Vec<Label>,
    sentence: u32,
    unless: u32,
    raise: u32,
    raised: u32,
}

struct SentenceRecord {
    bits: Bits,
    /// By family: how far the sentence is above the score below which a family's findings are doubted; `None` where no
    /// classifier has judged it.
    belief: [Option<f32>; layout::FAMILIES.len()],
    span: Span,
    block: u32,
    language: Language,
}

fn mask(names: &[String], known: &[&str]) -> u32 {
    names.iter().filter_map(|n| known.iter().position(|k| k == n)).fold(0, |m, i| m | 1 << i)
}

impl<'p> Linter<'p> {
    /// A linter for these rules and options.
    pub fn new(pack: &'p Pack, options: Options) -> Self {
        let each = |i: usize| Language::ALL[i];
        Self {
            status: mask(&options.status, &layout::STATUSES),
            jurisdictions: mask(&options.jurisdictions, &layout::JURISDICTIONS),
            cutting: std::array::from_fn(|i| CuttingSymbols::new(pack, each(i))),
            evidence: std::array::from_fn(|i| EvidenceSymbols::new(pack, each(i))),
            specificity: std::array::from_fn(|i| specificity::Symbols::new(pack, each(i))),
            houses: Houses::new(options.profile.as_ref()),
            detectors: detector::names()
                .iter()
                .map(|name| pack.rules().find(|r| r.detector() == Some(name)).map(|r| r.index()))
                .collect(),
            checks: Checks::new(pack),
            classified: pack.rules().map(Rule::is_classified).collect(),
            doubts: pack.rules().map(|rule| Doubts::of(pack, rule)).collect(),
            pack,
            options,
        }
    }

    /// The rules.
    pub fn pack(&self) -> &'p Pack {
        self.pack
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Whether a finding is about a term that the profile allows. Disclosures and tone are never excused by a word.
    fn is_allowed(&self, finding: &Finding, allowed: &[Span]) -> bool {
        let excusable = matches!(self.pack.rule(finding.rule).family(), Family::Vague | Family::Voice)
            && finding.scope == Scope::Span;
        excusable && allowed.iter().any(|term| term.overlaps(&finding.span) && 2 * term.len() >= finding.span.len())
    }

    /// How far classifiers of its family doubt what a rule says.
    fn doubts(&self, rule: u32) -> Doubts {
        self.doubts.get(rule as usize).copied().unwrap_or_default()
    }

    /// Whether a classifier decides this rule.
    fn is_classified(&self, rule: u32) -> bool {
        self.classified.get(rule as usize).copied().unwrap_or(false)
    }

    /// The features of a draft's specificity, in the order of [`specificity::feature_names`].
    pub fn specificity_features(&self, draft: &Draft, buffers: &mut Buffers) -> Vec<f64> {
        let mut run = Run::new(self, draft);
        run.read(buffers);
        run.tally.features()
    }

    /// The language and the features of each sentence of a draft, as the weights of classifiers name them.
    pub fn sentence_features(&self, draft: &Draft, buffers: &mut Buffers) -> Vec<(Language, Vec<String>)> {
        let mut run = Run::new(self, draft);
        run.sentence_features = Some(Vec::new());
        run.read(buffers);
        run.sentence_features.unwrap_or_default()
    }

    /// The features of a draft's voice, with its language; `None` for a draft without words.
    pub fn voice_features(&self, draft: &Draft, buffers: &mut Buffers) -> Option<(Language, Vector)> {
        let mut run = Run::new(self, draft);
        run.counts_features = true;
        let (language, outcome) = run.read(buffers);
        Some((run.main_language_or(language), outcome.features?))
    }

    /// Judges one draft.
    pub fn lint(&self, draft: &Draft) -> Report {
        self.lint_with(draft, &mut Buffers::default())
    }

    /// Judges one draft with buffers that are used again.
    pub fn lint_with(&self, draft: &Draft, buffers: &mut Buffers) -> Report {
        Run::new(self, draft).run(buffers)
    }
}

struct Run<'r, 'p> {
    linter: &'r Linter<'p>,
    draft: &'r Draft,
    house: &'r House,
    as_of: Date,
    kind: u32,
    declared: Option<Language>,
    wanted: Vec<bool>,
    pending: Vec<Pending>,
    done: Vec<Finding>,
    sentences: Vec<SentenceRecord>,
    /// The first sentence that is no heading.
    opening: Option<u32>,
    /// Hits of each density rule that counts over the whole post.
    density: [Vec<u32>; 5],
    /// How many sentences hold what each scoped bit stands for.
    scoped_counts: [Vec<u32>; 5],
    words_in: [usize; 5],
    prose_words: usize,
    tally: Tally,
    counts_features: bool,
    /// What the sentences hold, when that is asked for.
    sentence_features: Option<Vec<(Language, Vec<String>)>>,
}

impl<'r, 'p> Run<'r, 'p> {
    fn new(linter: &'r Linter<'p>, draft: &'r Draft) -> Self {
        let front = &draft.front_matter;
        let options = &linter.options;
        let dated = front.date.as_deref().and_then(Date::parse);
        let as_of =
            draft.dated.unwrap_or(if options.as_of_wins { options.as_of } else { dated.unwrap_or(options.as_of) });
        let kind = options.kind.as_deref().or(front.kind.as_deref());
        let declared = options
            .language
            .or_else(|| {
                front.lang.as_deref().and_then(|l| Language::from_name(l.split(['-', '_']).next().unwrap_or(l)))
            })
            .filter(|l| *l != Language::Unknown);
        let runs = |r: &Rule<'_>| options.runs.get(r.index() as usize).copied().unwrap_or(true);
        let wanted = linter.pack.rules().map(|r| runs(&r) && r.runs_for(kind)).collect();
        Self {
            linter,
            draft,
            house: linter.houses.of(options.author.as_deref().or(front.author.as_deref())),
            as_of,
            kind: kind_bit(kind),
            declared,
            wanted,
            pending: Vec::new(),
            done: Vec::new(),
            sentences: Vec::new(),
            opening: None,
            density: std::array::from_fn(|_| Vec::new()),
            scoped_counts: std::array::from_fn(|_| Vec::new()),
            words_in: [0; 5],
            prose_words: 0,
            tally: Tally::default(),
            counts_features: false,
            sentence_features: None,
        }
    }

    fn run(mut self, buffers: &mut Buffers) -> Report {
        let (fallback, outcome) = self.read(buffers);
        let language = self.main_language_or(fallback);
        self.density_rules(language);
        self.document_rules(language);
        for raised in outcome.raised {
            self.raise_check(raised);
        }
        let mut report = self.report(language, &outcome.allowed);
        report.channel_count = outcome.channel_count;
        report
    }

    fn main_language_or(&self, fallback: Language) -> Language {
        if self.prose_words == 0 {
            return fallback;
        }
        (0..5)
            .max_by_key(|i| (self.words_in[*i], usize::from(*i == fallback as usize), 5 - i))
            .map_or(Language::Unknown, |i| Language::ALL[i])
    }

    /// Goes through the blocks once; gives the draft's language as a whole and what the checks found.
    fn read(&mut self, buffers: &mut Buffers) -> (Language, Outcome) {
        let (blocks, _directives) = blocks(self.draft);
        buffers.ahead.clear();
        let prose = blocks.iter().filter(|b| b.kind != BlockKind::Code).count();
        // a draft of one block is cut once: its vote is the draft's
        let fallback = if prose == 1 && self.declared.is_none() {
            Language::Unknown
        } else {
            self.document_language(&blocks, buffers)
        };
        let mut whole = fallback;
        let mut checks =
            self.linter.checks.begin(self.draft, &self.linter.options, self.house, self.as_of, self.counts_features);
        for (index, block) in blocks.iter().enumerate() {
            if block.kind == BlockKind::Code {
                self.detect(block);
                continue;
            }
            let known = buffers.ahead.iter().position(|(of, ..)| *of == index).map(|i| buffers.ahead.swap_remove(i));
            let mut language = match known {
                Some((_, tokens, vote)) => {
                    buffers.block.tokens = tokens;
                    self.block_language(&vote, fallback)
                }
                None => {
                    tokenize(&block.text, &mut buffers.block.tokens);
                    self.block_language(&vote(self.linter.pack, &buffers.block.tokens), fallback)
                }
            };
            if prose == 1 && self.declared.is_none() {
                if language == Language::Unknown && buffers.block.tokens.list.len() <= 24 {
                    language = self.document_language(&blocks, buffers);
                }
                whole = language;
            }
            disguise::uncover(&mut buffers.block.tokens, &block.text, &self.linter.pack.lexis(language), language);
            self.block(index as u32, block, language, buffers, &mut checks);
            self.detect(block);
        }
        let language = self.main_language_or(whole);
        (whole, checks.finish(language, self.prose_words))
    }

    /// The language of the draft as a whole, for blocks too short to tell.
    fn document_language(&self, blocks: &[Block<'_>], buffers: &mut Buffers) -> Language {
        if let Some(language) = self.declared {
            return language;
        }
        let mut all = Vote::default();
        for (index, block) in blocks.iter().enumerate().filter(|(_, b)| b.kind != BlockKind::Code) {
            let text: &str = &block.text;
            let end = text.char_indices().nth(4_000).map_or(text.len(), |(i, _)| i);
            let mut tokens = Tokens::default();
            tokenize(&text[..end], &mut tokens);
            let voted = vote(self.linter.pack, &tokens);
            all.add(&voted);
            if end == text.len() {
                buffers.ahead.push((index, tokens, voted));
            }
            if all.words > 400 {
                break;
            }
        }
        match all.winner() {
            // a post of a few words may hold no function word: then the words that only one language's rules know decide
            (Language::Unknown, _) if all.words <= 12 && all.cyrillic == 0 => {
                self.language_of_vocabulary(blocks, buffers)
            }
            (language, _) => language,
        }
    }

    fn language_of_vocabulary(&self, blocks: &[Block<'_>], buffers: &mut Buffers) -> Language {
        let mut known = [0usize; 3];
        for block in blocks.iter().filter(|b| b.kind != BlockKind::Code) {
            tokenize(&block.text, &mut buffers.tokens);
            for token in buffers.tokens.list.iter().filter(|t| t.kind == TokenKind::Word) {
                let word = buffers.tokens.folded(token);
                for (count, language) in known.iter_mut().zip([Language::En, Language::Fr, Language::Nl]) {
                    *count += usize::from(self.linter.pack.lexis(language).knows(word, true));
                }
            }
        }
        let best = (0..3).max_by_key(|i| (known[*i], 3 - i)).unwrap_or(0);
        let rival = (0..3).filter(|i| *i != best).map(|i| known[i]).max().unwrap_or(0);
        if known[best] > rival { Language::KNOWN[best] } else { Language::Unknown }
    }

    fn block_language(&self, vote: &Vote, fallback: Language) -> Language {
        let (language, sure) = vote.winner();
        match self.declared {
            // a declared language gives way only to a block that is plainly written in another
            Some(declared) if sure && vote.words >= 20 => language_or(language, declared),
            Some(declared) => declared,
            None if sure || fallback == Language::Unknown => language,
            None => fallback,
        }
    }

    fn block(
        &mut self,
        index: u32,
        block: &Block<'_>,
        language: Language,
        buffers: &mut Buffers,
        checks: &mut crate::check::Running<'_, '_>,
    ) {
        let l = language as usize;
        let lexis = self.linter.pack.lexis(language);
        let quoted = block.kind == BlockKind::Quote;
        let heading = matches!(block.kind, BlockKind::Heading | BlockKind::TableCell);
        cut(&mut buffers.block, &block.text, &lexis, &self.linter.cutting[l], quoted, heading);
        let scratch = &mut buffers.languages[l];
        scratch.prepare(&lexis);
        let context = Context { lexis, symbols: self.linter.evidence[l], language, as_of: self.as_of };
        self.scoped_counts[l].resize(lexis.scoped.len(), 0);
        if self.density[l].is_empty() {
            self.density[l].resize_with(lexis.density.len() / layout::DENSITY_WORDS, || 0);
        }
        let names =
            self.sentence_features.as_ref().map(|_| self.linter.pack.symbol_names(language)).unwrap_or_default();
        for n in 0..buffers.block.sentences.len() {
            let sentence = buffers.block.sentences[n];
            let words = &buffers.block.words[sentence.first..sentence.last];
            let counted = words.iter().filter(|w| matches!(w.kind, TokenKind::Word | TokenKind::Number)).count();
            self.words_in[l] += counted;
            self.prose_words += counted;
            scratch.marks.reset(words.len());
            evidence::collect(&context, &buffers.block, &sentence, &mut scratch.marks);
            self.house.mark(&buffers.block, &sentence, &mut scratch.marks);
            scratch.run(&lexis, &buffers.block, &sentence, &self.wanted);
            let asked = scratch.asked(&lexis, &buffers.block, &sentence);
            let record = self.sentences.len() as u32;
            if !heading {
                self.opening.get_or_insert(record);
            }
            let mut bits: Bits = [0; BIT_WORDS];
            for (bit, symbol) in lexis.scoped.iter().enumerate() {
                if asked.sees(*symbol) {
                    bits[bit / 64] |= 1 << (bit % 64);
                    self.scoped_counts[l][bit] += 1;
                }
            }
            let span = Span::new(block.source_start(sentence.start as usize), block.source_end(sentence.end as usize));
            self.sentences.push(SentenceRecord {
                bits,
                belief: [None; layout::FAMILIES.len()],
                span,
                block: index,
                language,
            });
            for found in &scratch.matches {
                self.matched(found, &asked, block, record);
            }
            self.count_density(&asked, &lexis, block, record, l);
            self.classify(&asked, &lexis, &buffers.block, &sentence, block, record);
            if let Some(all) = &mut self.sentence_features {
                all.push((language, classifier::features::named(&asked, &buffers.block, &sentence, &names)));
            }
            if !quoted {
                self.tally.sentence(&asked, &buffers.block, &self.linter.specificity[l]);
            }
            checks.sentence(&asked, &buffers.block, &sentence, block, language, record);
        }
    }

    fn matched(&mut self, found: &Match, asked: &Asked<'_, '_>, block: &Block<'_>, sentence: u32) {
        let lexis = asked.lexis;
        let entry = &lexis.entries[found.entry as usize * layout::ENTRY_WORDS..][..layout::ENTRY_WORDS];
        let (rule, severity, confidence, quotes, unless, raise) =
            (entry[0], entry[1], entry[2], entry[3], entry[4], entry[5]);
        if quotes == 0 && asked.words[found.start].quoted && asked.words[found.end - 1].quoted {
            return;
        }
        if is_excused(lexis, asked, found.start, found.end, unless) {
            return;
        }
        let labels = found
            .slots
            .iter()
            .map(|(at, len, from, to)| Label {
                span: block.words_span(&asked.words[*from..*to]),
                role: self.linter.pack.role(*at, *len).to_owned(),
            })
            .collect();
        self.pending.push(Pending {
            rule,
            severity,
            confidence,
            span: block.words_span(&asked.words[found.start..found.end]),
            labels,
            sentence,
            unless,
            raise,
            raised: raised_by(lexis, asked, found.start, found.end, raise),
        });
    }

    /// What classifiers say of a sentence; of a family's, the one that is surest.
    fn classify(
        &mut self,
        asked: &Asked<'_, '_>,
        lexis: &Lexis<'_>,
        words: &BlockWords,
        sentence: &Sentence,
        block: &Block<'_>,
        record: u32,
    ) {
        let rules = lexis.classified.chunks_exact(layout::CLASSIFIED_WORDS);
        if !rules.clone().any(|rule| self.wanted[rule[0] as usize]) {
            return;
        }
        let Some(scores) = classifier::scores(asked, words, sentence) else { return };
        let mut surest: [Option<(f32, &[u32])>; layout::FAMILIES.len()] = [None; layout::FAMILIES.len()];
        for rule in rules.filter(|rule| self.wanted[rule[0] as usize]) {
            let score = scores[rule[6] as usize];
            let beyond = score - f32::from_bits(rule[7]);
            let family = self.linter.pack.rule(rule[0]).family() as usize;
            if let Some(belief) = self.sentences.get_mut(record as usize).map(|s| &mut s.belief[family]) {
                let above = score - f32::from_bits(rule[8]);
                *belief = Some(belief.map_or(above, |other| other.max(above)));
            }
            let of_family = &mut surest[family];
            if beyond > 0.0 && of_family.is_none_or(|(other, _)| other < beyond) {
                *of_family = Some((beyond, rule));
            }
        }
        let quoted = asked.words.iter().filter(|word| word.quoted).count();
        for (_, rule) in surest.into_iter().flatten() {
            let [index, severity, confidence, quotes, unless, raise, ..] = *rule else { continue };
            let (start, end) = (0, asked.words.len());
            if quotes == 0 && 2 * quoted > end || is_excused(lexis, asked, start, end, unless) {
                continue;
            }
            self.pending.push(Pending {
                rule: index,
                severity,
                confidence,
                span: block.words_span(asked.words),
                labels: Vec::new(),
                sentence: record,
                unless,
                raise,
                raised: raised_by(lexis, asked, start, end, raise),
            });
        }
    }

    fn count_density(&mut self, asked: &Asked<'_, '_>, lexis: &Lexis<'_>, block: &Block<'_>, sentence: u32, l: usize) {
        for (i, rule) in lexis.density.chunks_exact(layout::DENSITY_WORDS).enumerate() {
            let [index, severity, confidence, symbol, _, _, at_least, _, post, quotes, unless, raise] = *rule else {
                continue;
            };
            if !asked.sees(symbol) || !self.wanted[index as usize] {
                continue;
            }
            let mut hits: Vec<(usize, usize)> = Vec::new();
            let mut i_word = 0;
            while i_word < asked.words.len() {
                let len = asked.longest(i_word, symbol);
                if len > 0 && (quotes == 1 || !asked.words[i_word].quoted) {
                    hits.push((i_word, i_word + len));
                    i_word += len;
                } else {
                    i_word += 1;
                }
            }
            let Some((first, last)) = hits.first().zip(hits.last()) else { continue };
            if post == 1 {
                let count = &mut self.density[l][i];
                *count += hits.len() as u32;
            } else if different(asked, block, &hits) >= at_least && !is_excused(lexis, asked, first.0, last.1, unless) {
                let span = block.words_span(&asked.words[first.0..last.1]);
                let raised = raised_by(lexis, asked, first.0, last.1, raise);
                self.pending.push(Pending {
                    rule: index,
                    severity,
                    confidence,
                    span,
                    labels: Vec::new(),
                    sentence,
                    unless,
                    raise,
                    raised,
                });
            }
        }
    }

    fn density_rules(&mut self, language: Language) {
        let l = language as usize;
        let lexis = self.linter.pack.lexis(language);
        let words = self.words_in[l] as f64;
        for (i, rule) in lexis.density.chunks_exact(layout::DENSITY_WORDS).enumerate() {
            let [index, severity, confidence, _, per_words, above, at_least, min_words, post, _, unless, raise] = *rule
            else {
                continue;
            };
            let Some(count) = self.density[l].get(i).copied() else { continue };
            let own = self
                .house
                .profile
                .limits
                .cliche_per_words
                .filter(|_| self.linter.pack.rule(index).slug() == "stock-word-density");
            let dense = match own {
                Some(per) => f64::from(count) * per > words,
                None => f64::from(count) * f64::from(per_words) / words.max(1.0) > f64::from(above) / 100.0,
            };
            if post == 1 && count >= at_least && dense && words >= f64::from(min_words) {
                self.push_document(index, severity, confidence, unless, raise);
            }
        }
    }

    fn document_rules(&mut self, language: Language) {
        let lexis = self.linter.pack.lexis(language);
        let words = self.prose_words as u32;
        let mut all: Bits = [0; BIT_WORDS];
        let own: Vec<usize> = (0..self.sentences.len()).filter(|i| self.sentences[*i].language == language).collect();
        for i in &own {
            or(&mut all, &self.sentences[*i].bits);
        }
        let mut rest = lexis.document;
        while rest.len() >= 11 {
            let (head, tail) = rest.split_at(11);
            let mut lists: [&[u32]; 4] = [&[]; 4];
            let mut tail = tail;
            for list in &mut lists {
                let count = tail[0] as usize;
                *list = &tail[1..1 + count];
                tail = &tail[1 + count..];
            }
            rest = tail;
            let [
                index,
                severity,
                confidence,
                min_words,
                max_words,
                fewer_than,
                last,
                share_bit,
                share_least,
                unless,
                raise,
            ] = *head
            else {
                continue;
            };
            let [any, every, none, of] = lists;
            if !self.wanted[index as usize]
                || own.is_empty()
                || words < min_words
                || (max_words > 0 && words > max_words)
            {
                continue;
            }
            let mut looked = all;
            if last > 0 {
                looked = [0; BIT_WORDS];
                for i in own.iter().rev().take(last as usize) {
                    or(&mut looked, &self.sentences[*i].bits);
                }
            }
            let share_holds = share_bit == NONE || {
                let holding = own.iter().filter(|i| has(&self.sentences[**i].bits, share_bit)).count();
                holding * 1000 >= share_least as usize * own.len()
            };
            let holds = (any.is_empty() || any.iter().any(|b| has(&all, *b)))
                && every.iter().all(|b| has(&all, *b))
                && !none.iter().any(|b| has(&looked, *b))
                && (of.is_empty() || (of.iter().filter(|b| has(&all, **b)).count() as u32) < fewer_than)
                && share_holds;
            if holds {
                self.push_document(index, severity, confidence, unless, raise);
            }
        }
    }

    fn push_document(&mut self, rule: u32, severity: u32, confidence: u32, unless: u32, raise: u32) {
        let Some(first) = self.sentences.first() else { return };
        let span = first.span;
        self.pending.push(Pending {
            rule,
            severity,
            confidence,
            span,
            labels: Vec::new(),
            sentence: NONE,
            unless,
            raise,
            raised: 0,
        });
    }

    fn raise_check(&mut self, raised: Raised) {
        let Raised { rule, span, sentence, severity, confidence, fix, detail, document } = raised;
        let pack_rule = self.linter.pack.rule(rule);
        if !self.wanted[rule as usize] {
            return;
        }
        self.done.push(Finding {
            rule,
            span,
            severity: severity.unwrap_or(pack_rule.severity()),
            confidence: confidence.unwrap_or(pack_rule.confidence()),
            scope: if document { Scope::Document } else { Scope::Span },
            language: sentence.and_then(|s| self.sentences.get(s as usize)).map_or(Language::Unknown, |s| s.language),
            labels: Vec::new(),
            fix,
            sentence: sentence.and_then(|s| self.sentences.get(s as usize)).map_or(span, |s| s.span),
            detail,
        });
    }

    /// Structured personal data and secrets; language-neutral. The address of a link is looked at too and reported at its words.
    fn detect(&mut self, block: &Block<'_>) {
        // detectors read plain spaces and composed letters: the rest is made so, and the places are led back
        let plain = PlainText::of(&block.text);
        let text: &str = plain.as_ref().map_or(&block.text, |p| &p.text);
        for (detector, mut detection) in detector::detect_all(text) {
            if let Some(plain) = &plain {
                detection.span = plain.source_start(detection.span.start)..plain.source_end(detection.span.end);
            }
            let span = Span::new(block.source_start(detection.span.start), block.source_end(detection.span.end));
            self.detected(detector, span, &block.text[detection.span.clone()], &detection);
        }
        for link in &block.links {
            for (detector, detection) in detector::detect_all(&link.target) {
                let span =
                    Span::new(block.source_start(link.flat.start as usize), block.source_end(link.flat.end as usize));
                self.detected(detector, span, &link.target[detection.span.clone()], &detection);
            }
        }
    }

    fn detected(&mut self, detector: usize, span: Span, value: &str, detection: &detector::Detection) {
        let Some(rule) = self.linter.detectors.get(detector).copied().flatten() else { return };
        let public = self.house.profile.is_public(value);
        if !self.wanted[rule as usize] || public {
            return;
        }
        let rule = self.linter.pack.rule(rule);
        let sentence = self.sentences.iter().rev().find(|s| s.span.overlaps(&span));
        self.done.push(Finding {
            rule: rule.index(),
            span,
            severity: if detection.confidence == Confidence::Low {
                Severity::Note
            } else {
                detection.severity.unwrap_or(rule.severity())
            },
            confidence: detection.confidence,
            scope: Scope::Span,
            language: sentence.map_or(Language::Unknown, |s| s.language),
            labels: Vec::new(),
            fix: None,
            sentence: sentence.map_or(span, |s| s.span),
            detail: None,
        });
    }
}

fn language_or(language: Language, declared: Language) -> Language {
    if language == Language::Unknown { declared } else { language }
}

fn or(bits: &mut Bits, other: &Bits) {
    for (a, b) in bits.iter_mut().zip(other) {
        *a |= b;
    }
}

fn has(bits: &Bits, bit: u32) -> bool {
    bits.get(bit as usize / 64).is_some_and(|word| word & 1 << (bit % 64) != 0)
}

/// The records of a condition list, `width` words each.
fn conditions<'l>(lexis: &Lexis<'l>, at: u32, width: usize) -> std::slice::ChunksExact<'l, u32> {
    if at == NONE {
        return [].chunks_exact(width);
    }
    let at = at as usize;
    let count = lexis.conditions[at] as usize;
    lexis.conditions[at + 1..at + 1 + count * width].chunks_exact(width)
}

/// How many different words are among the hits; forms of one word ("innovation", "innovative") are one.
fn different(asked: &Asked<'_, '_>, block: &Block<'_>, hits: &[(usize, usize)]) -> u32 {
    let mut keys: Vec<String> = hits
        .iter()
        .map(|(from, to)| {
            let (start, end) = (asked.words[*from].start as usize, asked.words[to - 1].end as usize);
            let most = if to - from == 1 { 5 } else { usize::MAX };
            block.text[start..end].chars().flat_map(char::to_lowercase).take(most).collect()
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys.len() as u32
}

/// What is added to the score below which the classifiers of its family doubt a rule; `None`: they do not.
#[derive(Clone, Copy, Debug, Default)]
struct Doubts {
    /// For what the rule says without high confidence.
    weak: Option<f32>,
    /// For what it says for sure.
    sure: Option<f32>,
}

impl Doubts {
    fn of(pack: &Pack, rule: Rule<'_>) -> Self {
        let mut doubts = Self::default();
        for classified in pack.rules().filter(|r| r.is_classified() && r.family() == rule.family()) {
            let of = |slug: &str| classified.doubts().find(|(doubted, _)| *doubted == slug).map(|(_, more)| more);
            let others = if classified.doubts().next().is_none() { Some(0.0) } else { of(OTHERS) };
            let others = others.filter(|_| classified.category() == rule.category());
            let named = of(rule.slug());
            doubts.sure = larger(doubts.sure, named);
            doubts.weak = larger(doubts.weak, larger(named, others));
        }
        doubts
    }
}

fn larger(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    [a, b].into_iter().flatten().reduce(f32::max)
}

/// Whether evidence inside the sentence speaks against a match of the words `start..end`.
fn is_excused(lexis: &Lexis<'_>, asked: &Asked<'_, '_>, start: usize, end: usize, unless: u32) -> bool {
    conditions(lexis, unless, 3).any(|c| {
        let (symbol, within, side, outside) = (c[0], c[1] & 15, c[1] >> 4 & 15, c[1] >> 8 & 1);
        if !asked.sees(symbol) || (within >= 3 && outside == 0) {
            return false;
        }
        let (mut from, mut to) = match within {
            0 => (start, end),
            1 => asked.clause(start, end),
            _ => (0, asked.words.len()),
        };
        match side {
            1 => to = start,
            2 => from = end,
            _ => {}
        }
        asked.occurs(symbol, from, to, (outside == 1).then_some((start, end)))
    })
}

/// Which of a raise list's evidence inside the sentence is there, as bits.
fn raised_by(lexis: &Lexis<'_>, asked: &Asked<'_, '_>, start: usize, end: usize, raise: u32) -> u32 {
    let mut bits = 0;
    for (i, r) in conditions(lexis, raise, 7).enumerate().take(32) {
        let (symbol, within) = (r[3], r[4]);
        if symbol == NONE || within >= 3 {
            continue;
        }
        let (from, to) = match within {
            0 => (start, end),
            1 => asked.clause(start, end),
            _ => (0, asked.words.len()),
        };
        if asked.occurs(symbol, from, to, None) {
            bits |= 1 << i;
        }
    }
    bits
}
