//! Rules about a chart's values.

use crate::policy::Rule;

mod repeated_value;
mod task_values;
mod unread_value;

pub use repeated_value::RULE as REPEATED_VALUE;
pub use unread_value::RULE as UNREAD_VALUE;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[&task_values::RULE, &unread_value::RULE, &repeated_value::RULE];
