//! Rules about a chart's values.

use crate::policy::Rule;

mod task_values;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[&task_values::RULE];
