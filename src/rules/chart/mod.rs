//! Rules about `Chart.yaml` and what a chart consists of.

use crate::policy::Rule;

mod library_chart;
mod missing_dependency;
mod missing_import;
mod name_characters;
mod version_with_build_metadata;
mod version_with_hyphen;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &version_with_hyphen::RULE,
    &version_with_build_metadata::RULE,
    &name_characters::RULE,
    &library_chart::RULE,
    &missing_dependency::RULE,
    &missing_import::RULE,
];
