//! [`Row`]: a row of the catalogue that a profile was made of, and the rules that judge it.

use super::super::rule::Rule;

/// A row of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is called: `NVCF058`.
    pub name: String,
    /// Whether it is judged.
    pub verdict: Verdict,
}

/// Whether a row is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// By these rules, by name or code.
    Judged(Vec<String>),
    /// By none, for this reason.
    Unjudged(String),
}

impl Row {
    /// Whether the rule judges it.
    pub fn names(&self, rule: &Rule) -> bool {
        match &self.verdict {
            Verdict::Judged(rules) => rules.iter().any(|name| rule.is(name)),
            Verdict::Unjudged(_) => false,
        }
    }
}
