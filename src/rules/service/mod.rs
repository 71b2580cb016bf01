//! Rules about Services.

use crate::policy::Rule;

mod exposed_service;
mod pod_index_selector;
mod selector;
mod service_without_selector;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] =
    &[&exposed_service::RULE, &service_without_selector::RULE, &pod_index_selector::RULE];
