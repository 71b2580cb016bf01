//! Rules about the function or task request. They are silent without one.

use crate::policy::Rule;

mod bad_chart_address;
mod bad_instance_type;
mod bad_instances;
mod bad_request_name;
mod bad_validation_policy;
mod default_port;
mod incomplete_health;
mod partial_node;
mod parts;
mod target_port_unserved;
mod target_service_missing;
mod target_service_port;
mod templated_service_name;
mod too_many_gpus;
mod unknown_value;
mod unpaired_chart_fields;
mod unwelcome_details;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &target_service_missing::RULE,
    &target_service_port::RULE,
    &target_port_unserved::RULE,
    &bad_chart_address::RULE,
    &bad_request_name::RULE,
    &unpaired_chart_fields::RULE,
    &bad_instances::RULE,
    &bad_instance_type::RULE,
    &incomplete_health::RULE,
    &bad_validation_policy::RULE,
    &unknown_value::RULE,
    &too_many_gpus::RULE,
    &partial_node::RULE,
    &default_port::RULE,
    &templated_service_name::RULE,
    &unwelcome_details::RULE,
];
