//! Which rules run and at which level: by rule, category or family; the nearer name wins.

use crate::finding::{Category, Family, Severity};
use crate::pack::{Pack, Rule};

/// A name that selects rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Every rule.
    All,
    /// A family, and the category of the same name where there is one.
    Family(Family),
    /// A category.
    Category(Category),
    /// One rule, by its index.
    Rule(u32),
}

impl Selector {
    /// Reads a selector; the error says what is allowed and what is near.
    pub fn parse(name: &str, pack: &Pack) -> Result<Self, String> {
        if name.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        if let Some(family) = Family::from_name(name) {
            return Ok(Self::Family(family));
        }
        if let Some(category) = Category::from_name(name) {
            return Ok(Self::Category(category));
        }
        if let Some(rule) = pack.find_rule(name) {
            return Ok(Self::Rule(rule));
        }
        let groups = Family::ALL.iter().map(|f| f.name()).chain(Category::ALL.iter().map(|c| c.name()));
        let near = crate::compiler::nearest(name, groups).or_else(|| pack.nearest_rule(name));
        let hint =
            near.map_or_else(|| "; `draftlint rules` lists them".to_owned(), |n| format!("; did you mean `{n}`?"));
        Err(format!("no rule, category or family is called `{name}`{hint}"))
    }

    /// How near this name is to the rule: 0 not meant, 4 the rule itself.
    fn nearness(&self, rule: Rule<'_>) -> u8 {
        match self {
            Self::All => 1,
            Self::Family(family) => 2 * u8::from(rule.family() == *family || rule.category().name() == family.name()),
            Self::Category(category) => 3 * u8::from(rule.category() == *category),
            Self::Rule(index) => 4 * u8::from(rule.index() == *index),
        }
    }
}

/// The lists of one settings layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// What runs; `None` means everything.
    pub select: Option<Vec<Selector>>,
    /// What does not.
    pub ignore: Vec<Selector>,
}

impl Selection {
    /// Whether a rule runs: of the names that mean it the nearest wins, `ignore` on a draw.
    pub fn runs(&self, rule: Rule<'_>) -> bool {
        let best = |list: &[Selector]| list.iter().map(|s| s.nearness(rule)).max().unwrap_or(0);
        let wanted = self.select.as_ref().map_or(1, |list| best(list));
        wanted > best(&self.ignore)
    }
}

/// The level a settings file gives to rules; `None` switches them off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Which rules.
    pub of: Selector,
    /// Which level.
    pub severity: Option<Severity>,
}

/// For each rule of the pack: whether it runs, and the level it is given.
pub fn resolve(pack: &Pack, selection: &Selection, levels: &[Level]) -> (Vec<bool>, Vec<Option<Severity>>) {
    let mut runs = Vec::with_capacity(pack.rule_count());
    let mut given = Vec::with_capacity(pack.rule_count());
    for rule in pack.rules() {
        let level = levels.iter().filter(|l| l.of.nearness(rule) > 0).max_by_key(|l| l.of.nearness(rule));
        let off = level.is_some_and(|l| l.severity.is_none());
        runs.push(selection.runs(rule) && !off);
        given.push(level.and_then(|l| l.severity));
    }
    (runs, given)
}
