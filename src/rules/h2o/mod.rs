//! Rules about the values of H2O MLOps: runtime images, runtimes, registries, volumes and defaults, as its administrators
//! write them into `values.yaml`. Nothing is rendered for them. Read [`layout`], which knows where things stand.

use crate::policy::Rule;

mod bad_default_resources;
mod bad_log_level;
mod bad_pull_policy;
mod bad_scoring_endpoint;
mod bad_state;
mod bad_version;
mod bad_volume_paths;
mod disabled_runtime_image;
mod duplicate_version;
mod incomplete_runtime;
mod incomplete_version;
mod layout;
mod malformed_data_volume;
mod malformed_registry;
mod malformed_runtime_images;
mod missing_display_name;
mod missing_image_registry;
mod missing_state_reason;
mod old_runtime_image;
mod quoted_boolean;
mod removed_runtime;
mod underivable_version;
mod undocumented_volume_type;
mod unknown_placeholder;
mod unknown_runtime_image;
mod unknown_security_field;
mod unlisted_registry;
mod unquoted_environment;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &malformed_runtime_images::RULE,
    &missing_display_name::RULE,
    &bad_state::RULE,
    &missing_state_reason::RULE,
    &incomplete_version::RULE,
    &underivable_version::RULE,
    &bad_version::RULE,
    &duplicate_version::RULE,
    &unlisted_registry::RULE,
    &missing_image_registry::RULE,
    &malformed_registry::RULE,
    &incomplete_runtime::RULE,
    &unknown_runtime_image::RULE,
    &disabled_runtime_image::RULE,
    &quoted_boolean::RULE,
    &bad_scoring_endpoint::RULE,
    &unquoted_environment::RULE,
    &unknown_placeholder::RULE,
    &undocumented_volume_type::RULE,
    &bad_volume_paths::RULE,
    &unknown_security_field::RULE,
    &bad_pull_policy::RULE,
    &bad_log_level::RULE,
    &malformed_data_volume::RULE,
    &bad_default_resources::RULE,
    &removed_runtime::RULE,
    &old_runtime_image::RULE,
];
