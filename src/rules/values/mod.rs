//! Rules about a chart's values.

use crate::policy::Rule;

mod hidden_global;
mod kept_null;
mod mismatched_table;
mod misread_value;
mod repeated_value;
mod replaced_list;
mod task_values;
mod unread_value;
mod unset_value;

pub use repeated_value::RULE as REPEATED_VALUE;
pub use unread_value::RULE as UNREAD_VALUE;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &task_values::RULE,
    &unread_value::RULE,
    &repeated_value::RULE,
    &misread_value::RULE,
    &mismatched_table::RULE,
    &replaced_list::RULE,
    &kept_null::RULE,
    &hidden_global::RULE,
    &unset_value::RULE,
];

/// The rules that look at what layers of values do together and at what templates print of them.
pub const ON_ODDITIES: &[&Rule] = &[
    &misread_value::RULE,
    &mismatched_table::RULE,
    &replaced_list::RULE,
    &kept_null::RULE,
    &hidden_global::RULE,
    &unset_value::RULE,
];
