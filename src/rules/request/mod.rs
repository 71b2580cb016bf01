//! Rules about the function or task request. They are silent without one.

use crate::policy::Rule;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[];
