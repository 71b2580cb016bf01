//! Rules about any object.

use crate::policy::Rule;

mod deprecated_kind;
mod explicit_namespace;
mod job_selector;
mod json_document;
mod kai_annotation;
mod list;
mod malformed_field;
mod missing_name;
mod nvlink_annotation;
mod reserved_metadata;
mod reserved_name;
mod unknown_field;
mod unsupported_kind;
mod workload_config;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &unsupported_kind::RULE,
    &deprecated_kind::RULE,
    &missing_name::RULE,
    &list::RULE,
    &explicit_namespace::RULE,
    &job_selector::RULE,
    &reserved_name::RULE,
    &reserved_metadata::RULE,
    &workload_config::RULE,
    &nvlink_annotation::RULE,
    &kai_annotation::RULE,
    &malformed_field::RULE,
    &unknown_field::RULE,
    &json_document::RULE,
];
