//! [`Outcome`]: what a part of a schema says of a value, with how much of it was looked at: of several alternatives that all
//! fail, the one that came furthest is told.
//!
//! Go: k8s.io/kube-openapi `pkg/validation/validate/result.go`.

use crate::apiserver::error::FieldError;

/// What is wrong with a value.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What the validator says; the same thing is told once.
    pub text: String,
    /// What the server makes of it.
    pub error: FieldError,
}

/// What was found, and how much was looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// What is wrong.
    pub found: Vec<Found>,
    /// How many parts of the schema looked at the value.
    pub matches: usize,
}

impl Outcome {
    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds what is wrong, unless it is there.
    pub fn push(&mut self, new: Found) {
        if !self.found.iter().any(|old| old.text == new.text) {
            self.found.push(new);
        }
    }

    /// Adds another outcome.
    pub fn merge(&mut self, other: Outcome) {
        self.matches += other.matches;
        other.found.into_iter().for_each(|found| self.push(found));
    }

    /// Adds what a part of the schema says.
    pub fn looked(&mut self, other: Outcome) {
        self.merge(other);
        self.matches += 1;
    }
}

impl From<Found> for Outcome {
    fn from(found: Found) -> Outcome {
        Outcome { found: vec![found], matches: 0 }
    }
}
