//! Rules about references between the objects of a release.

use crate::policy::Rule;

pub use missing::{Missing, of as missing};
pub use needs::SECRET;

mod idle_disruption_budget;
mod idle_service;
mod missing;
mod missing_backend;
mod missing_backend_port;
mod missing_object;
mod missing_scale_target;
mod mixed_namespaces;
mod needs;
mod parts;
mod repeated_object;
mod unknown_target_port;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &idle_service::RULE,
    &unknown_target_port::RULE,
    &missing_scale_target::RULE,
    &missing_backend_port::RULE,
    &idle_disruption_budget::RULE,
    &missing_object::RULE,
    &repeated_object::RULE,
    &mixed_namespaces::RULE,
    &missing_backend::RULE,
];

/// The rules that go by which names templates make up.
pub const ON_NAMES: &[&Rule] = &[&missing_object::RULE, &missing_backend::RULE];
