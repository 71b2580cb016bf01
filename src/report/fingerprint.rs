//! What tells a finding from another although lines move: trackers of findings compare it from run to run.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;

use super::place::subject_of;

/// Makes fingerprints, and counts what would have the same.
#[derive(Default)]
pub(super) struct Fingerprints(HashMap<String, usize>);

impl Fingerprints {
    /// The fingerprint of the next finding in a file: that of its code, file, object and field. Findings that differ in
    /// nothing but their line are told apart by their number.
    pub(super) fn next(&mut self, diagnostic: &Diagnostic, file: &str) -> String {
        let key = format!("{}\n{file}\n{}", diagnostic.code, subject_of(diagnostic));
        let number = self.0.entry(key.clone()).or_default();
        *number += 1;
        hex::encode(Sha256::digest(format!("{key}\n{number}")))
    }
}
