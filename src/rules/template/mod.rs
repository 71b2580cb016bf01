//! Rules about what templates do.

use crate::policy::Rule;
use crate::template::calls::Call;

mod cluster_lookup;
mod release_identity;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[&cluster_lookup::RULE, &release_identity::RULE];

/// What stands in every template that one of these rules has something to say about.
pub const WORDS: [&str; 4] = ["lookup", "getHostByName", ".Release.Name", ".Release.Namespace"];

/// Whether one of these rules has something to say about a call, if it is executed.
pub fn asks_about(call: &Call) -> bool {
    cluster_lookup::is_meant(call) || release_identity::field(call).is_some()
}
