//! Rules about the function or task request. They are silent without one.

use crate::manifest::FieldPath;
use crate::policy::Rule;
use crate::policy::{Object, Release, Request};
use crate::yaml::Node;

mod bad_chart_address;
mod bad_instance_type;
mod bad_instances;
mod bad_request_name;
mod bad_validation_policy;
mod incomplete_health;
mod target_port_unserved;
mod target_service_missing;
mod target_service_port;
mod unpaired_chart_fields;

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
];

/// The port that requests go to where the request names none.
const INFERENCE_PORT: i64 = 8000;

/// The path of a field of the request.
fn field(name: &str) -> FieldPath {
    FieldPath::root().key(name)
}

/// The port that the request calls.
fn port(request: &Request) -> i64 {
    request.service_port().unwrap_or(INFERENCE_PORT)
}

/// The Service that the request calls, if the release has it.
fn target<'a>(release: &Release<'a>) -> Option<&'a Object<'a>> {
    let name = release.subject.request.as_ref()?.service_name()?;
    let is_target =
        |object: &&Object<'_>| object.is("v1", "Service") && object.id.name == name && !object.is_hook();
    release.objects.iter().find(is_target)
}

/// The ports of a Service.
fn ports<'a>(service: &Object<'a>) -> impl Iterator<Item = &'a Node> {
    service.node.at(&["spec", "ports"]).map_or(&[][..], Node::items).iter()
}

/// What a request says about where and how often it runs: in a list of deployments, in one of a task, or at the top.
fn deployments(request: &Request) -> Vec<(&Node, FieldPath)> {
    let body = &request.body.node;
    let mut found = vec![(body, FieldPath::root())];
    for key in ["deploymentSpecifications", "gpuSpecifications"] {
        let list = body.get(key).map_or(&[][..], Node::items);
        found.extend(list.iter().enumerate().map(|(at, node)| (node, field(key).index(at))));
    }
    found.extend(body.get("gpuSpecification").map(|node| (node, field("gpuSpecification"))));
    found
}
