//! Rules about the function or task request. They are silent without one.

use crate::kubernetes::Quantity;
use crate::manifest::workload::Role;
use crate::path::FieldPath;
use crate::policy::Rule;
use crate::policy::{Container, INFERENCE_PORT, Object, PodSpec, Profile, Release, Request, parameters};
use crate::yaml::Node;

mod bad_chart_address;
mod bad_instance_type;
mod bad_instances;
mod bad_request_name;
mod bad_validation_policy;
mod default_port;
mod incomplete_health;
mod partial_node;
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
    let is_target = |object: &&Object<'_>| object.is("v1", "Service") && object.id.name == name;
    release.objects().find(is_target)
}

/// The ports of a Service.
fn ports<'a>(service: &Object<'a>) -> impl Iterator<Item = &'a Node> {
    service.node.at(&["spec", "ports"]).map_or(&[][..], Node::items).iter()
}

/// The GPUs that a pod asks for: the sum over its containers, or the most that an init container takes at a time.
fn gpus(pod: &PodSpec<'_>, profile: &Profile) -> i64 {
    let is_gpu = |key: &str| {
        let mut known = profile.list(parameters::GPU_RESOURCES).iter();
        known.any(|name| name.strip_suffix('*').map_or(name == key, |start| key.starts_with(start)))
    };
    let of = |container: &Container<'_>| -> i64 {
        let part = |name: &str| container.at(&["resources", name]).map_or(&[][..], Node::entries);
        let amounts =
            if part("limits").iter().any(|entry| is_gpu(&entry.key)) { "limits" } else { "requests" };
        let gpus = part(amounts).iter().filter(|entry| is_gpu(&entry.key));
        gpus.filter_map(|entry| amount(&entry.value)).fold(0, i64::saturating_add)
    };
    let sum = |role| pod.each_container().filter(move |c| c.container.role == role).map(|c| of(&c));
    sum(Role::Normal).fold(0, i64::saturating_add).max(sum(Role::Init).max().unwrap_or(0))
}

/// A whole amount, as a number or in quotes.
fn amount(node: &Node) -> Option<i64> {
    node.as_i64().or_else(|| Some(Quantity::parse(node.as_str()?)?.ceil()))
}

/// How many pods of its kind a workload runs at a time.
fn replicas(pod: &PodSpec<'_>) -> i64 {
    let route: &[&str] = match pod.object.id.kind.as_str() {
        "Deployment" | "ReplicaSet" | "StatefulSet" => &["spec", "replicas"],
        "Job" => &["spec", "parallelism"],
        "CronJob" => &["spec", "jobTemplate", "spec", "parallelism"],
        _ => return 1,
    };
    pod.object.node.at(route).and_then(Node::as_i64).unwrap_or(1).max(0)
}
