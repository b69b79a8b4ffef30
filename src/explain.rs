//! Rules for people.
use crate::finding::Language;
use crate::pack::{Pack, Rule};
pub fn json(_rule: Rule<'_>) -> String { String::new() }
pub fn markdown(_rule: Rule<'_>) -> String { String::new() }
pub fn page(_rule: Rule<'_>, _l: Option<Language>, _w: usize) -> String { String::new() }
pub fn list_json(_p: &Pack) -> String { String::new() }
pub fn list(_p: &Pack) -> String { String::new() }
pub fn reference(_p: &Pack) -> String { String::new() }
