//! What the rules look at together: fields of the request, the Service that it calls, the GPUs that a release asks for.

use crate::kubernetes::Quantity;
use crate::manifest::workload::Role;
use crate::path::FieldPath;
use crate::policy::{Container, INFERENCE_PORT, Object, PodSpec, Profile, Release, Request, parameters};
use crate::yaml::Node;

/// The path of a field of the request.
pub(super) fn field(name: &str) -> FieldPath {
    FieldPath::root().key(name)
}

/// The port that the request calls.
pub(super) fn port(request: &Request) -> i64 {
    request.service_port().unwrap_or(INFERENCE_PORT)
}

/// The Service that the request calls, if the release has it.
pub(super) fn target<'a>(release: &Release<'a>) -> Option<&'a Object<'a>> {
    let name = release.subject.request.as_ref()?.service_name()?;
    let is_target = |object: &&Object<'_>| object.is("v1", "Service") && object.id.name == name;
    release.objects().find(is_target)
}

/// The ports of a Service.
pub(super) fn ports<'a>(service: &Object<'a>) -> impl Iterator<Item = &'a Node> {
    service.node.at(&["spec", "ports"]).map_or(&[][..], Node::items).iter()
}

/// The GPUs that a pod asks for: the sum over its containers, or the most that an init container takes at a time.
pub(super) fn gpus(pod: &PodSpec<'_>, profile: &Profile) -> i64 {
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
pub(super) fn replicas(pod: &PodSpec<'_>) -> i64 {
    let route: &[&str] = match pod.object.id.kind.as_str() {
        "Deployment" | "ReplicaSet" | "StatefulSet" => &["spec", "replicas"],
        "Job" => &["spec", "parallelism"],
        "CronJob" => &["spec", "jobTemplate", "spec", "parallelism"],
        _ => return 1,
    };
    pod.object.node.at(route).and_then(Node::as_i64).unwrap_or(1).max(0)
}
