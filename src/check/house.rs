//! Checks of the house voice: what the profile declares, what it learned, what the channel takes.

use super::Raised;
use crate::compiler::layout::{NONE, mark};
use crate::date::Date;
use crate::document::block::{self, Block};
use crate::document::sentence::{BlockWords, Sentence};
use crate::draft::{Draft, Format};
use crate::evidence::fact;
use crate::finding::{Applicability, Fix, Language, Severity};
use crate::matcher::Asked;
use crate::options::Options;
use crate::pack::Pack;
use crate::span::Span;
use crate::text::tokenize::{TokenKind, flag};
use crate::voice::channel::{self, Channel};
use crate::voice::features::{Counter, Symbols, Vector};
use crate::voice::{Account, Address, FirstPerson, Found, House, bare, is_capitals, is_emoji, symbol};
use unicode_segmentation::UnicodeSegmentation;

macro_rules! checks {
    ($($variant:ident $name:literal)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Check { $($variant),+ }
        /// Names of the checks, in the order of [`Check`].
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

checks! {
    Banned "banned-term"
    Preferred "preferred-term"
    NameCasing "name-casing"
    CompanyI "first-person-on-company-account"
    FirstPerson "first-person"
    Address "address-form"
    Contractions "contractions"
    Exclamation "exclamation-limit"
    Emoji "emoji-limit"
    Hashtags "hashtag-limit"
    Mentions "mention-limit"
    Capitals "capitals-limit"
    OffTopic "off-topic"
    Competitor "competitor-mention"
    Campaign "campaign-tag"
    Goal "goal"
    Readability "readability"
    ChannelLength "channel-length"
    ChannelFold "channel-fold"
    ChannelHashtags "channel-hashtags"
    Deviation "learned-deviation"
    NearCopy "near-copy"
}

/// The lists of one language that these checks ask for.
#[derive(Clone, Copy)]
struct Lists {
    i: u32,
    we: u32,
    polite: u32,
    familiar: u32,
}

/// The rules of the house voice in a pack.
pub(super) struct HouseRules {
    rules: [Option<u32>; NAMES.len()],
    lists: [Lists; 5],
    features: [Symbols; 5],
}

impl HouseRules {
    pub(super) fn new(pack: &Pack) -> Self {
        let mut rules = [None; NAMES.len()];
        for rule in pack.rules() {
            if let Some(at) = rule.check().and_then(|(name, _)| NAMES.iter().position(|n| *n == name)) {
                rules[at] = Some(rule.index());
            }
        }
        let lists = |i: usize| {
            let get = |name: &str| pack.symbol(Language::ALL[i], name).unwrap_or(NONE);
            Lists { i: get("#i"), we: get("#we"), polite: get("@formal-you"), familiar: get("@informal-you") }
        };
        Self {
            rules,
            lists: std::array::from_fn(lists),
            features: std::array::from_fn(|i| Symbols::new(pack, Language::ALL[i])),
        }
    }
}

/// A place: where, and in which sentence.
type Place = (Span, u32);

/// What the checks leave behind.
#[derive(Default)]
pub struct Outcome {
    /// What was found.
    pub raised: Vec<Raised>,
    /// Stretches that the profile allows.
    pub allowed: Vec<Span>,
    /// Channel, count and limit.
    pub channel_count: Option<(String, usize, Option<usize>)>,
    /// The features of the voice, when they were asked for.
    pub features: Option<Vector>,
}

/// The checks at work on one draft.
pub(super) struct HouseRun<'c> {
    rules: &'c HouseRules,
    house: &'c House,
    draft: &'c Draft,
    options: &'c Options,
    as_of: Date,
    kind: &'c str,
    company: bool,
    channel: Option<&'static Channel>,
    active: bool,
    out: Outcome,
    found: Vec<Found>,
    exclamations: Vec<Place>,
    emoji: Vec<Place>,
    hashtags: Vec<(Place, String)>,
    mentions: Vec<Place>,
    capitals: Vec<Place>,
    i: Vec<Place>,
    we: usize,
    familiar: Vec<(Place, bool)>,
    polite: Vec<(Place, bool)>,
    address_language: Option<usize>,
    contractions: Vec<Place>,
    open_forms: usize,
    facts: Vec<usize>,
    first: Option<Place>,
    syllables: usize,
    words: usize,
    sentences: usize,
    counter: Option<Counter>,
    posted: String,
    unquoted: String,
    last_block: Option<usize>,
}

impl<'c> HouseRun<'c> {
    pub(super) fn new(
        rules: &'c HouseRules,
        draft: &'c Draft,
        options: &'c Options,
        house: &'c House,
        as_of: Date,
    ) -> Self {
        let front = &draft.front_matter;
        let profile = &house.profile;
        let channel = options
            .channel
            .as_deref()
            .or(front.channel.as_deref())
            .or(profile.channel.as_deref())
            .and_then(channel::find);
        let company = match front.account.as_deref() {
            Some("company") => true,
            Some("executive") => false,
            _ => profile.account == Some(Account::Company),
        };
        let kind = options.kind.as_deref().or(front.kind.as_deref()).unwrap_or("post");
        let learns =
            house.profile.learned.is_some() && kind != "crisis" && rules.rules[Check::Deviation as usize].is_some();
        Self {
            rules,
            house,
            draft,
            options,
            as_of,
            kind,
            company,
            channel,
            active: house.is_declared() || company || channel.is_some() || options.earlier.is_some(),
            out: Outcome::default(),
            found: Vec::new(),
            exclamations: Vec::new(),
            emoji: Vec::new(),
            hashtags: Vec::new(),
            mentions: Vec::new(),
            capitals: Vec::new(),
            i: Vec::new(),
            we: 0,
            familiar: Vec::new(),
            polite: Vec::new(),
            address_language: None,
            contractions: Vec::new(),
            open_forms: 0,
            facts: Vec::new(),
            first: None,
            syllables: 0,
            words: 0,
            sentences: 0,
            counter: learns.then(Counter::default),
            posted: String::new(),
            unquoted: String::new(),
            last_block: None,
        }
    }

    /// Counts features whatever the profile says: for learning.
    pub(super) fn count_features(&mut self) {
        self.active = true;
        self.counter = Some(Counter::default());
    }

    fn rule(&self, check: Check) -> Option<u32> {
        self.rules.rules[check as usize]
    }

    fn raise(&mut self, check: Check, place: Place) -> Option<&mut Raised> {
        let rule = self.rule(check)?;
        self.out.raised.push(Raised::at(rule, place.0, Some(place.1)));
        self.out.raised.last_mut()
    }

    pub(super) fn sentence(
        &mut self,
        asked: &Asked<'_, '_>,
        words: &BlockWords,
        sentence: &Sentence,
        block: &Block<'_>,
        language: Language,
        number: u32,
    ) {
        if !self.active {
            return;
        }
        let l = language as usize;
        let at = |from: usize, to: usize| block.words_span(&asked.words[from..to]);
        self.first.get_or_insert((at(0, asked.words.len()), number));
        let text = &block.text[sentence.start as usize..sentence.end as usize];
        if self.draft.format == Format::Html && self.last_block.replace(block.span.start) != Some(block.span.start) {
            self.posted.push_str(&block.text);
            self.posted.push_str("\n\n");
        }
        if let Some(counter) = &mut self.counter {
            counter.sentence(asked, words, sentence, block, &self.rules.features[l]);
        }
        if self.channel.is_some_and(|c| c.fold.is_some()) {
            self.facts.extend(
                asked
                    .marks
                    .all()
                    .iter()
                    .filter(|m| FACTS.contains(&m.symbol))
                    .map(|m| at(m.start as usize, m.start as usize + 1).start),
            );
        }
        if self.options.earlier.is_some() && !asked.words.iter().all(|w| w.quoted) {
            self.unquoted.push_str(text);
            self.unquoted.push(' ');
        }
        if asked.words.iter().all(|w| w.quoted) {
            return;
        }
        self.signs(asked, text, sentence, block, number, &at);
        self.persons(asked, words, language, number, &at);
        if self.house.is_declared() {
            self.terms(asked, words, block, l, number, &at);
            if self.house.profile.limits.readability_floor[l].is_some() {
                self.sentences += 1;
                for word in asked.words.iter().filter(|w| w.kind == TokenKind::Word) {
                    self.words += 1;
                    self.syllables += syllables(words.folded(word));
                }
            }
        }
    }

    /// Exclamation marks, emoji, tags, mentions, capitals.
    fn signs(
        &mut self,
        asked: &Asked<'_, '_>,
        text: &str,
        sentence: &Sentence,
        block: &Block<'_>,
        number: u32,
        at: &impl Fn(usize, usize) -> Span,
    ) {
        let place = |offset: usize, len: usize| {
            let start = sentence.start as usize + offset;
            (Span::new(block.source_start(start), block.source_end(start + len)), number)
        };
        if text.contains('!') {
            self.exclamations.extend(text.match_indices('!').map(|(i, _)| place(i, 1)));
        }
        if !text.is_ascii() {
            self.emoji.extend(text.grapheme_indices(true).filter(|(_, g)| is_emoji(g)).map(|(i, g)| place(i, g.len())));
        }
        for (i, word) in asked.words.iter().enumerate() {
            match word.kind {
                TokenKind::Hashtag => {
                    let tag = block.text[word.start as usize..word.end as usize].to_lowercase();
                    self.hashtags.push(((at(i, i + 1), number), tag));
                }
                TokenKind::Mention => self.mentions.push((at(i, i + 1), number)),
                TokenKind::Word
                    if word.has(flag::CAPITALS)
                        && !word.quoted
                        && asked.marks.at(i).any(|m| m.symbol == fact::CAPITALS) =>
                {
                    self.capitals.push((at(i, i + 1), number));
                }
                _ => {}
            }
        }
    }

    /// First person, form of address, contractions.
    fn persons(
        &mut self,
        asked: &Asked<'_, '_>,
        words: &BlockWords,
        language: Language,
        number: u32,
        at: &impl Fn(usize, usize) -> Span,
    ) {
        let l = language as usize;
        let lists = self.rules.lists[l];
        let limits = &self.house.profile.limits;
        let speaks = self.company || limits.first_person.is_some();
        if !speaks && limits.address[l].is_none() && limits.contractions.is_none() {
            return;
        }
        for (i, word) in asked.words.iter().enumerate().filter(|(_, w)| w.kind == TokenKind::Word && !w.quoted) {
            let folded = words.folded(word);
            let is = |symbol: u32| symbol != NONE && asked.longest(i, symbol) > 0;
            if speaks && is(lists.i) && !is_roman(asked, words, i) {
                self.i.push((at(i, i + 1), number));
            }
            if speaks && is(lists.we) {
                self.we += 1;
            }
            if limits.address[l].is_some() {
                if is(lists.familiar) && !is_noun(asked, words, i) {
                    self.address_language = Some(l);
                    let certain = !matches!(folded, "ton" | "ta" | "tes" | "tien" | "tienne" | "tiens");
                    self.familiar.push(((at(i, i + 1), number), certain));
                } else if is(lists.polite) {
                    self.address_language = Some(l);
                    // vous and вы speak to many as well; a capital inside a sentence speaks to one
                    let certain = language == Language::Nl
                        || language == Language::Ru
                            && i > 0
                            && word.has(flag::CAPITALISED)
                            && !word.has(flag::CAPITALS);
                    self.polite.push(((at(i, i + 1), number), certain));
                }
            }
            if language == Language::En && limits.contractions.is_some() {
                let before = i.checked_sub(1).map_or("", |b| words.folded(&asked.words[b]));
                if folded == "n't"
                    || matches!(folded, "'ll" | "'re" | "'ve" | "'m")
                    || folded == "'s"
                        && matches!(before, "it" | "that" | "he" | "she" | "there" | "here" | "what" | "who" | "let")
                {
                    self.contractions.push((at(i.saturating_sub(1), i + 1), number));
                }
                let verb = matches!(
                    before,
                    "do" | "does"
                        | "did"
                        | "is"
                        | "are"
                        | "was"
                        | "were"
                        | "has"
                        | "have"
                        | "had"
                        | "would"
                        | "could"
                        | "should"
                        | "can"
                        | "will"
                );
                let pronoun = matches!(before, "i" | "we" | "you" | "they" | "it" | "that" | "he" | "she");
                self.open_forms += usize::from(
                    folded == "not" && verb || pronoun && matches!(folded, "am" | "are" | "will" | "have" | "is"),
                );
            }
        }
    }

    /// Banned and preferred terms, names, topics, competitors, what is allowed.
    fn terms(
        &mut self,
        asked: &Asked<'_, '_>,
        words: &BlockWords,
        block: &Block<'_>,
        l: usize,
        number: u32,
        at: &impl Fn(usize, usize) -> Span,
    ) {
        let house = self.house;
        let mut found = std::mem::take(&mut self.found);
        let find = |terms: &crate::voice::Terms, found: &mut Vec<Found>| {
            found.clear();
            terms.find(words, asked.words, found);
        };
        let mut context = Vec::new();
        for (check, terms, unless, list) in [
            (Check::Banned, &house.banned[l], &house.banned_unless, &house.profile.banned),
            (Check::Preferred, &house.preferred[l], &house.preferred_unless, &house.profile.preferred),
        ] {
            find(terms, &mut found);
            // the longest of the terms at one place
            found.sort_by_key(|f| (f.start, std::cmp::Reverse(f.end)));
            let mut end = 0;
            for term in found.iter().filter(|f| !asked.words[f.start..f.end].iter().all(|w| w.quoted)) {
                context.clear();
                unless[term.value as usize].find(words, asked.words, &mut context);
                if term.start < end || !context.is_empty() {
                    continue;
                }
                end = term.end;
                let declared = &list[term.value as usize];
                let span = at(term.start, term.end);
                let capital = asked.words[term.start].has(flag::CAPITALISED);
                if let Some(raised) = self.raise(check, (span, number)) {
                    raised.severity = declared.severity;
                    // endings, articles and agreement are the writer's to mend
                    raised.fix = declared.instead.as_ref().map(|text| Fix {
                        span,
                        text: cased(text, capital),
                        applicability: Applicability::Unsafe,
                    });
                }
            }
        }
        find(&house.wrong_names, &mut found);
        let mut named: Vec<(usize, usize)> = Vec::new();
        for wrong in &found {
            let name = &house.profile.names[wrong.value as usize];
            self.name(asked, block, wrong.start, wrong.end, &name.canonical, number, at, false);
            named.push((wrong.start, wrong.end));
        }
        self.names(asked, words, block, number, at, &named);
        find(&house.allowed, &mut found);
        self.out.allowed.extend(found.iter().map(|f| at(f.start, f.end)));
        self.found = found;
        for (check, name) in [(Check::OffTopic, "off-topic"), (Check::Competitor, "competitor")] {
            let symbol = symbol(name);
            if asked.sees(symbol) {
                let first = asked.marks.all().iter().filter(|m| m.symbol == symbol).min_by_key(|m| m.start);
                if let Some(first) = first.filter(|m| !asked.words[m.start as usize].quoted) {
                    self.raise(check, (at(first.start as usize, (first.start + first.len) as usize), number));
                }
            }
        }
    }

    /// Names of the house by their letters, whatever their case, spaces and hyphens.
    fn names(
        &mut self,
        asked: &Asked<'_, '_>,
        words: &BlockWords,
        block: &Block<'_>,
        number: u32,
        at: &impl Fn(usize, usize) -> Span,
        named: &[(usize, usize)],
    ) {
        if self.house.names.is_empty() {
            return;
        }
        let house = self.house;
        let mut start = 0;
        while start < asked.words.len() {
            let mut letters = String::new();
            let mut hit = None;
            for end in start + 1..=(start + house.name_words).min(asked.words.len()) {
                let word = &asked.words[end - 1];
                let inside = matches!(word.kind, TokenKind::Word | TokenKind::Number | TokenKind::Symbol)
                    && (end - 1 == start || word.marks & !(mark::BREAK | mark::QUOTE) == 0);
                if !inside || word.quoted {
                    break;
                }
                letters.push_str(&bare(words.folded(word)));
                if let Some(name) = house.names.get(&letters) {
                    hit = Some((end, *name));
                }
            }
            let Some((end, name)) = hit.filter(|(end, _)| !named.iter().any(|(a, b)| *a < *end && start < *b)) else {
                start += 1;
                continue;
            };
            self.name(asked, block, start, end, &house.profile.names[name as usize].canonical, number, at, true);
            start = end;
        }
    }

    /// Raises a name that is not written as registered.
    #[allow(clippy::too_many_arguments)]
    fn name(
        &mut self,
        asked: &Asked<'_, '_>,
        block: &Block<'_>,
        start: usize,
        end: usize,
        canonical: &str,
        number: u32,
        at: &impl Fn(usize, usize) -> Span,
        by_letters: bool,
    ) {
        let written = &asked.words[start..end];
        let raw = &block.text[written[0].start as usize..written[end - start - 1].end as usize];
        let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if spaced(raw) == spaced(canonical) {
            return;
        }
        if by_letters {
            // a headline in capitals, and a common word that a name was made of
            let shouted = is_capitals(written)
                && asked.words.iter().filter(|w| w.has(flag::CAPITALS)).count() * 2 > asked.words.len();
            let plain_name = end - start == 1 && canonical.chars().skip(1).all(char::is_lowercase);
            if shouted || plain_name && raw.chars().all(|c| !c.is_uppercase()) {
                return;
            }
        }
        let span = at(start, end);
        if written.iter().any(|w| w.quoted) {
            return;
        }
        if let Some(raised) = self.raise(Check::NameCasing, (span, number)) {
            // a declined form needs the writer's hand
            let applicability = if by_letters { Applicability::Safe } else { Applicability::Unsafe };
            raised.fix = Some(Fix { span, text: canonical.to_owned(), applicability });
        }
    }

    /// More of something than the profile allows: the first one too many.
    fn over(&mut self, check: Check, places: &[Place], most: Option<usize>) {
        if let Some((most, place)) = most.and_then(|most| Some((most, *places.get(most)?))) {
            let count = places.len();
            if let Some(raised) = self.raise(check, place) {
                raised.detail = Some(format!("{count}/{most}"));
            }
        }
    }

    fn whole(&mut self, check: Check, detail: Option<String>) -> Option<&mut Raised> {
        let place = self.first?;
        let raised = self.raise(check, place)?;
        raised.document = true;
        raised.detail = detail;
        Some(raised)
    }

    pub(super) fn finish(mut self, language: Language) -> Outcome {
        if !self.active {
            return self.out;
        }
        self.count_limits();
        self.speakers(language);
        self.plan(language);
        self.channel();
        if let Some(earlier) = &self.options.earlier {
            if let Some(copy) = earlier.repeated(&self.draft.name, &self.unquoted) {
                let detail = format!("{:.0} %, {}", copy.overlap * 100.0, copy.name);
                self.whole(Check::NearCopy, Some(detail));
            }
        }
        let profile = &self.house.profile;
        if let (Some(floor), true) = (profile.limits.readability_floor[language as usize], self.words >= 100) {
            let (per_sentence, per_word) =
                (self.words as f64 / self.sentences.max(1) as f64, self.syllables as f64 / self.words as f64);
            let ease = ease(language, per_sentence, per_word);
            if ease < floor {
                self.whole(Check::Readability, Some(format!("{ease:.0}/{floor:.0}")));
            }
        }
        self.out.features = self.counter.take().and_then(Counter::finish);
        if let (Some(learned), Some(vector)) = (&profile.learned, self.out.features) {
            let channel = self.channel.map(|c| c.name.as_str());
            if let Some(deviation) = learned.deviation(language, channel, &vector) {
                let detail = deviation.words(self.options.message_language.unwrap_or(language));
                if let Some(raised) = self.whole(Check::Deviation, Some(detail)) {
                    if deviation.grave {
                        raised.severity = Some(Severity::Warning);
                        raised.confidence = Some(crate::finding::Confidence::Medium);
                    }
                }
            }
        }
        self.out
    }

    fn count_limits(&mut self) {
        let limits = self.house.profile.limits.clone();
        let hashtags: Vec<Place> = self.hashtags.iter().map(|h| h.0).collect();
        let (exclamations, emoji, mentions, capitals) = (
            std::mem::take(&mut self.exclamations),
            std::mem::take(&mut self.emoji),
            std::mem::take(&mut self.mentions),
            std::mem::take(&mut self.capitals),
        );
        self.over(Check::Exclamation, &exclamations, limits.max_exclamation);
        self.over(Check::Emoji, &emoji, limits.max_emoji);
        self.over(Check::Hashtags, &hashtags, limits.max_hashtags);
        self.over(Check::Mentions, &mentions, limits.max_mentions);
        self.over(Check::Capitals, &capitals, limits.max_capitals);
        if let Some(channel) = self.channel {
            let most = self.house.profile.channel_limits(&channel.name).hashtags.or(channel.hashtags);
            self.over(Check::ChannelHashtags, &hashtags, most);
        }
    }

    fn speakers(&mut self, language: Language) {
        let limits = self.house.profile.limits.clone();
        let first = self.i.first().copied();
        if self.company {
            if let Some(place) = first.filter(|_| !self.is_signed()) {
                self.raise(Check::CompanyI, place);
            }
        } else if limits.first_person == Some(FirstPerson::We) {
            if let Some(place) = first {
                self.raise(Check::FirstPerson, place);
            }
        } else if limits.first_person == Some(FirstPerson::I) && first.is_none() && self.we > 0 {
            self.whole(Check::FirstPerson, None);
        }
        if let Some(wanted) = self.address_language.and_then(|l| limits.address[l]) {
            let (wrong, right) =
                if wanted == Address::Polite { (&self.familiar, &self.polite) } else { (&self.polite, &self.familiar) };
            let certain = wrong.iter().any(|w| w.1);
            // "vous" beside "tu": then it speaks to the same reader
            let mixed = wanted == Address::Familiar && right.iter().any(|r| r.1);
            let place = wrong.iter().find(|w| w.1 || mixed || certain && wanted == Address::Polite).map(|w| w.0);
            if let Some(place) = place {
                self.raise(Check::Address, place);
            }
        }
        match limits.contractions {
            Some(false) => {
                let contractions = std::mem::take(&mut self.contractions);
                self.over(Check::Contractions, &contractions, Some(0));
            }
            Some(true) if language == Language::En && self.contractions.is_empty() && self.open_forms >= 3 => {
                self.whole(Check::Contractions, None);
            }
            _ => {}
        }
    }

    /// Whether the last line names who speaks: "— Ellen, service desk".
    fn is_signed(&self) -> bool {
        let body = self.draft.text[self.draft.body.start..self.draft.body.end].trim_end();
        let last = body.rsplit('\n').next().unwrap_or("").trim();
        let name = last.trim_start_matches(['—', '–', '-', '^', ' ']);
        last.len() > name.len()
            && body.len() > last.len()
            && name.chars().next().is_some_and(char::is_uppercase)
            && name.split_whitespace().count() <= 6
    }

    fn plan(&mut self, language: Language) {
        let profile = &self.house.profile;
        if profile.require_goal && self.draft.front_matter.goal.is_none() && self.kind != "reply" {
            self.whole(Check::Goal, None);
        }
        if matches!(self.kind, "reply" | "crisis" | "statement" | "notice") {
            return;
        }
        let running: Vec<_> = profile
            .campaigns
            .iter()
            .filter(|c| c.from <= self.as_of && self.as_of <= c.to && c.lang.is_none_or(|l| l == language))
            .collect();
        for campaign in running {
            let is = |tag: &str, found: &str| tag.to_lowercase() == found;
            if self.hashtags.iter().any(|(_, tag)| is(&campaign.tag, tag)) {
                continue;
            }
            let instead = self
                .hashtags
                .iter()
                .find(|(_, tag)| campaign.instead_of.iter().any(|wrong| is(wrong, tag)))
                .map(|h| h.0);
            match instead {
                Some(place) => {
                    if let Some(raised) = self.raise(Check::Campaign, place) {
                        raised.fix = Some(Fix {
                            span: place.0,
                            text: campaign.tag.clone(),
                            applicability: Applicability::Unsafe,
                        });
                    }
                }
                None => {
                    self.whole(Check::Campaign, None);
                }
            }
        }
    }

    fn channel(&mut self) {
        let Some(channel) = self.channel else { return };
        let own = self.house.profile.channel_limits(&channel.name);
        let (limit, fold) = (own.limit.or(channel.limit), own.fold.or(channel.fold));
        let (text, offset) = self.posted();
        let warning = if channel.warning { self.warning() } else { 0 };
        let count = channel.count(&text) + warning;
        self.out.channel_count = Some((channel.name.clone(), count, limit));
        let bytes = channel.bytes.filter(|most| text.len() > *most);
        let over = limit.filter(|limit| count > *limit);
        if over.is_some() || bytes.is_some() {
            let detail = match (over, bytes) {
                (Some(limit), _) => format!("{count}/{limit}"),
                (None, most) => format!("{}/{} UTF-8", text.len(), most.unwrap_or_default()),
            };
            let from = over.and_then(|limit| channel.beyond(&text, limit.saturating_sub(warning))).zip(offset);
            match from {
                Some((from, offset)) => {
                    // from the first word that does not fit as a whole
                    let word = text[..from]
                        .rfind(char::is_whitespace)
                        .map_or(from, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
                    let from = if from - word <= 40 { word } else { from };
                    let rest = &text[from..];
                    let line = rest.find('\n').unwrap_or(rest.len()).max(rest.chars().next().map_or(0, char::len_utf8));
                    let end = rest.char_indices().nth(60).map_or(line, |(i, _)| i.min(line));
                    let span = Span::new(offset + from, offset + from + end);
                    if let Some(rule) = self.rule(Check::ChannelLength) {
                        let mut raised = Raised::at(rule, span, None);
                        raised.detail = Some(detail);
                        self.out.raised.push(raised);
                    }
                }
                None => {
                    self.whole(Check::ChannelLength, Some(detail));
                }
            }
        }
        if let (Some(fold), Some(offset)) = (fold, offset) {
            let Some(at) = channel.beyond(&text, fold).map(|at| offset + at) else { return };
            self.facts.sort_unstable();
            if let Some(fact) = self.facts.first().copied().filter(|first| *first >= at) {
                let end =
                    self.draft.text[fact..].split(|c: char| c.is_whitespace()).next().map_or(fact, |w| fact + w.len());
                if let Some(rule) = self.rule(Check::ChannelFold) {
                    let mut raised = Raised::at(rule, Span::new(fact, end), None);
                    raised.detail = Some(format!("{}/{fold}", channel.count(&text[..fact - offset])));
                    self.out.raised.push(raised);
                }
            }
        }
    }

    /// The text to post, and where it begins in the draft when it is a stretch of it.
    fn posted(&self) -> (String, Option<usize>) {
        if self.draft.format == Format::Html {
            return (self.posted.trim().to_owned(), None);
        }
        let body = &self.draft.text[self.draft.body.start..self.draft.body.end];
        if body.contains("draftlint") {
            return (block::clean(self.draft).trim().to_owned(), None);
        }
        let text = body.trim();
        (text.to_owned(), Some(self.draft.body.start + body.len() - body.trim_start().len()))
    }

    /// What a warning before the post counts.
    fn warning(&self) -> usize {
        let other = &self.draft.front_matter.other;
        ["warning", "cw", "content_warning", "content-warning"]
            .iter()
            .filter_map(|key| other.get(*key))
            .map(|text| text.trim().graphemes(true).count())
            .sum()
    }
}

/// What a reader can hold on to before the fold.
const FACTS: [u32; 7] = [fact::MEASURE, fact::MONEY, fact::PERCENT, fact::DATE, fact::TIME, fact::NAME, fact::YEAR];

fn cased(text: &str, capital: bool) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if capital => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// Words that a Roman number stands behind.
const NUMBERED: &[&str] = &[
    "phase", "part", "chapter", "war", "act", "book", "volume", "level", "tier", "type", "class", "stage", "article",
    "title", "division",
];

/// "Phase I", "World War I.": a number, not a speaker.
fn is_roman(asked: &Asked<'_, '_>, words: &BlockWords, i: usize) -> bool {
    let Some(before) = i
        .checked_sub(1)
        .map(|b| &asked.words[b])
        .filter(|_| words.folded(&asked.words[i]) == "i" && asked.words[i].marks == 0)
    else {
        return false;
    };
    NUMBERED.contains(&words.folded(before))
        || before.has(flag::CAPITALISED) && asked.words.get(i + 1).is_none_or(|next| next.marks != 0)
}

/// "le ton", "un ton": the noun.
fn is_noun(asked: &Asked<'_, '_>, words: &BlockWords, i: usize) -> bool {
    let before = i.checked_sub(1).map_or("", |b| words.folded(&asked.words[b]));
    words.folded(&asked.words[i]) == "ton"
        && matches!(
            before,
            "le" | "un" | "du" | "de" | "ce" | "au" | "notre" | "votre" | "son" | "leur" | "bon" | "même" | "quel"
        )
}

/// Syllables of a folded word: groups of vowels (every vowel in Russian).
fn syllables(word: &str) -> usize {
    let mut count = 0;
    let mut before = false;
    for c in word.chars() {
        let cyrillic = matches!(c, 'а' | 'е' | 'ё' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я');
        let latin =
            matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'à'..='æ' | 'è'..='ï' | 'ò'..='ö' | 'ù'..='ü' | 'œ');
        count += usize::from(cyrillic || latin && !before);
        before = latin;
    }
    count.max(1)
}

/// Reading ease: Flesch (en), Kandel and Moles (fr), Douma (nl), Oborneva (ru).
fn ease(language: Language, words: f64, syllables: f64) -> f64 {
    match language {
        Language::Fr => 207.0 - 1.015 * words - 73.6 * syllables,
        Language::Nl => 206.84 - 0.93 * words - 77.0 * syllables,
        Language::Ru => 206.835 - 1.3 * words - 60.1 * syllables,
        Language::En | Language::Unknown => 206.835 - 1.015 * words - 84.6 * syllables,
    }
}
