//! Suppressions in the draft: `<!-- draftlint: allow RULE[, RULE] [approved-by ROLE] [until DATE] -- reason -->`.
//!
//! What a directive says is read in `document::directive`; here it is judged: does the rule exist, may it be allowed
//! that way, has its day passed, does it still allow anything.

use super::Judged;
use crate::date::Date;
use crate::document::directive::Directive;
use crate::finding::Family;
use crate::pack::Pack;
use crate::report::Suppression;

/// What is wrong with a directive; each is a rule of its own in `rules/purpose/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It cannot be read, names no rule, or one that does not exist.
    Unknown,
    /// Without a reason; for a disclosure rule also without a known role or a day.
    Unreasoned,
    /// Its day has passed.
    Expired,
    /// It allows nothing any more.
    Stale,
}

impl Fault {
    /// The slug of the rule that reports it.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "unreadable-suppression",
            Self::Unreasoned => "incomplete-suppression",
            Self::Expired => "expired-suppression",
            Self::Stale => "stale-suppression",
        }
    }
}

/// Marks the findings that valid directives cover and says what is wrong with the others.
pub fn apply(
    pack: &Pack,
    directives: &[Directive],
    findings: &mut [Judged],
    roles: &[String],
    today: Date,
) -> Vec<(Fault, usize)> {
    let mut faults = Vec::new();
    for (number, directive) in directives.iter().enumerate() {
        let mut rules = Vec::new();
        let mut unknown = directive.rules.is_empty() || !directive.problems.is_empty();
        for name in &directive.rules {
            match pack.find_rule(name) {
                Some(rule) => rules.push(rule),
                None => unknown = true,
            }
        }
        if unknown {
            faults.push((Fault::Unknown, number));
        }
        // on the safe side: what cannot be read as written allows nothing
        if rules.is_empty() || !directive.problems.is_empty() {
            continue;
        }
        let day = directive.until.as_deref().map(Date::parse);
        let reason = directive.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
        let approved =
            directive.approved_by.as_deref().is_some_and(|role| roles.iter().any(|r| r.eq_ignore_ascii_case(role)));
        let strict = rules.iter().any(|r| pack.rule(*r).family() == Family::Disclosure);
        let incomplete = reason.is_none()
            || matches!(day, Some(None))
            || strict && (!approved || day.is_none())
            || !strict && directive.approved_by.is_some() && !approved;
        if incomplete {
            faults.push((Fault::Unreasoned, number));
            continue;
        }
        if matches!(day, Some(Some(day)) if day < today) {
            faults.push((Fault::Expired, number));
            continue;
        }
        let mut used = false;
        for judged in findings.iter_mut() {
            let covered =
                directive.covers.contains(&judged.finding.span) || directive.covers.overlaps(&judged.finding.span);
            if covered && rules.contains(&judged.finding.rule) {
                used = true;
                judged.suppression.get_or_insert_with(|| Suppression {
                    external: false,
                    reason: reason.map(str::to_owned),
                    approved_by: directive.approved_by.clone(),
                    until: directive.until.clone(),
                });
            }
        }
        if !used {
            faults.push((Fault::Stale, number));
        }
    }
    faults
}
