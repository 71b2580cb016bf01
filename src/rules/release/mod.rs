//! Rules about all that a chart renders to.

use crate::policy::Rule;

mod custom_resource_definition;
mod duplicate_object;
mod helm_warning;
mod hook;
mod large_object;
mod object_quota;
mod too_many_objects;
mod untyped_document;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &too_many_objects::RULE,
    &large_object::RULE,
    &untyped_document::RULE,
    &duplicate_object::RULE,
    &object_quota::RULE,
    &hook::RULE,
    &custom_resource_definition::RULE,
    &helm_warning::RULE,
];
