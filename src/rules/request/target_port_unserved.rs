use super::parts;
use crate::manifest::workload::Role;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, PodSpec, Release, Reporter, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// A container that the service selects must offer the port that a function calls.
    ///
    /// ## Why
    /// The service looks for a container with the target port among its `ports`, in the pods that the Service selects. It
    /// refuses a container that listens without saying so, though Kubernetes would reach it.
    ///
    /// ```request bad service
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: unserved
    /// inferencePort: 8000
    /// ```
    /// ```request good service
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 8000
    /// ```
    ///
    /// ## Fix
    /// Declare the port in `ports` of the container, and select its pods in the Service.
    "REQ103" "target-port-unserved" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Error },
        fix: None,
        sources: &["service: validateServicePort"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = release.subject.request.as_ref().filter(|_| release.subject.extra_kinds.is_empty())
    else {
        return;
    };
    let Some(service) = parts::target(release) else { return };
    let wanted = parts::port(request);
    let matching =
        parts::ports(service).filter(|port| port.get("port").and_then(Node::as_i64) == Some(wanted));
    let targets: Vec<&Node> =
        matching.filter_map(|port| port.get("targetPort").or(port.get("port"))).collect();
    let selected: Vec<PodSpec<'_>> = release.pod_specs().filter(|pod| selects(service, pod)).collect();
    if targets.is_empty() || selected.iter().any(|pod| targets.iter().any(|target| serves(pod, target))) {
        return;
    }
    let message = match selected.first() {
        None => format!("{} selects no pod, nothing answers on port {wanted}", service.id),
        Some(pod) => format!("no container of {} declares the target of port {wanted}", pod.object.id),
    };
    r.report_on(service, FieldPath::root().keys(&["spec", "ports"]), message);
}

/// Whether the Service selects the pods; a missing selector selects every one, as the service has it.
fn selects(service: &Object<'_>, pod: &PodSpec<'_>) -> bool {
    const INDEX: &str = "apps.kubernetes.io/pod-index";
    let Some(selector) = service.node.at(&["spec", "selector"]) else { return true };
    let labels = pod.metadata.and_then(|metadata| metadata.get("labels"));
    let indexed = selector.get(INDEX).is_some();
    (!indexed || pod.object.is("apps/v1", "StatefulSet"))
        && selector.entries().iter().filter(|entry| entry.key != INDEX).all(|entry| {
            labels.and_then(|labels| labels.get(&entry.key)).and_then(Node::as_str) == entry.value.as_str()
        })
}

/// Whether a normal container of the pod declares the port, by number or by name.
fn serves(pod: &PodSpec<'_>, target: &Node) -> bool {
    let normal = pod.spec.containers.iter().filter(|container| container.role == Role::Normal);
    let mut ports = normal.flat_map(|container| container.node.get("ports").map_or(&[][..], Node::items));
    ports.any(|port| match &target.data {
        Data::Int(number) => port.get("containerPort").and_then(Node::as_i64) == Some(*number),
        Data::String(name) => port.get("name").and_then(Node::as_str) == Some(name),
        _ => false,
    })
}
