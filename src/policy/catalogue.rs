//! [`Row`]: a row of the catalogue that a profile was made of, and the rules that judge it.

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
