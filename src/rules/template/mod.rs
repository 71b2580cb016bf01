//! Rules about what templates do.

use crate::policy::Rule;
use crate::template::calls::Call;

mod absent_file;
mod changing_output;
mod cluster_lookup;
mod default_over_false;
mod plain_secret;
mod printed_go_value;
mod redefined_template;
mod release_identity;
mod repeated_key;
mod rounded_number;
mod scalars;
mod swallowed_line;
mod text_as_condition;
mod undefined_template;
mod unexecuted_action;
mod unknown_hook_setting;
mod unused_template;

pub use plain_secret::RULE as PLAIN_SECRET;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &cluster_lookup::RULE,
    &release_identity::RULE,
    &printed_go_value::RULE,
    &rounded_number::RULE,
    &unexecuted_action::RULE,
    &repeated_key::RULE,
    &unknown_hook_setting::RULE,
    &changing_output::RULE,
    &default_over_false::RULE,
    &text_as_condition::RULE,
    &absent_file::RULE,
    &undefined_template::RULE,
    &unused_template::RULE,
    &redefined_template::RULE,
    &swallowed_line::RULE,
    &plain_secret::RULE,
];

/// The rules that look at what templates did that was hardly meant.
pub const ON_ODDITIES: &[&Rule] = &[
    &default_over_false::RULE,
    &text_as_condition::RULE,
    &absent_file::RULE,
    &undefined_template::RULE,
    &unused_template::RULE,
    &redefined_template::RULE,
    &swallowed_line::RULE,
];

/// The rules that look at calls.
pub const ON_CALLS: &[&Rule] = &[&cluster_lookup::RULE, &release_identity::RULE, &changing_output::RULE];

/// The functions about whose calls one of these rules may have something to say.
pub fn functions() -> impl Iterator<Item = &'static str> {
    cluster_lookup::FUNCTIONS.into_iter().chain(release_identity::FUNCTIONS).chain(changing_output::FUNCTIONS)
}

/// Whether one of these rules has something to say about a call, if it is executed.
pub fn asks_about(call: &Call) -> bool {
    cluster_lookup::is_meant(call)
        || release_identity::field(call).is_some()
        || changing_output::is_meant(call)
}
