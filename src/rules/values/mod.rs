//! Rules about a chart's values.

use crate::policy::Rule;

mod task_values;
mod unread_value;

pub use unread_value::RULE as UNREAD_VALUE;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[&task_values::RULE, &unread_value::RULE];
