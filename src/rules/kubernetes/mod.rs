//! Rules about what the Kubernetes API server answers.

use crate::policy::Rule;

mod deprecated_api;
mod refused_change;
mod refused_field;
mod server_warning;
mod undeclared_field;
mod undecodable_field;
mod undefined_kind;
mod unserved_kind;

pub use undefined_kind::RULE as UNDEFINED_KIND;
pub use unserved_kind::RULE as UNSERVED_KIND;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &unserved_kind::RULE,
    &undecodable_field::RULE,
    &undeclared_field::RULE,
    &refused_field::RULE,
    &server_warning::RULE,
    &deprecated_api::RULE,
    &undefined_kind::RULE,
    &refused_change::RULE,
];
