use serde_json::json;

use crate::diagnostic::Applicability;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, remove, set};
use crate::yaml::Node;

declare_rule! {
    /// Services must be of type ClusterIP.
    ///
    /// ## Why
    /// A function is reached through the platform only, which calls the service inside the cluster. NodePort and
    /// LoadBalancer open another way in; ExternalName leads out.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: entry
    /// spec:
    ///   type: NodePort
    ///   selector:
    ///     app: web
    ///   ports:
    ///     - port: 8000
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: entry
    /// spec:
    ///   selector:
    ///     app: web
    ///   ports:
    ///     - port: 8000
    /// ```
    ///
    /// ## Fix
    /// Remove `type` or set it to `ClusterIP`, and remove the node ports.
    "SVC101" "exposed-service" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &["page: only type ClusterIP or none", "service: validateServiceSpec"],
        check: Check::Object(check),
    }
}

/// Fields that only services have that are reached from outside.
const OF_EXPOSED: [&str; 6] = [
    "allocateLoadBalancerNodePorts",
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "loadBalancerClass",
    "loadBalancerIP",
    "loadBalancerSourceRanges",
];

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !object.is("v1", "Service") {
        return;
    }
    let kind = object.node.at(&["spec", "type"]).and_then(Node::as_str).unwrap_or_default();
    if matches!(kind, "" | "ClusterIP") {
        return;
    }
    let path = FieldPath::root().keys(&["spec", "type"]);
    let message = format!("service is of type {kind}, it must be ClusterIP");
    let mut edits = vec![set(&path, json!("ClusterIP"))];
    // Kubernetes refuses these for any other type, or has no use for them.
    for field in OF_EXPOSED.iter().filter(|field| object.node.at(&["spec", field]).is_some()) {
        edits.push(remove(&FieldPath::root().keys(&["spec", field])));
    }
    let ports = object.node.at(&["spec", "ports"]).map_or(&[][..], Node::items);
    let list = FieldPath::root().keys(&["spec", "ports"]);
    for (at, port) in ports.iter().enumerate() {
        if port.get("nodePort").is_some() {
            edits.push(remove(&list.item(ports, at).key("nodePort")));
        }
    }
    let finding = r.report(path, message);
    // An ExternalName service selects nothing: as ClusterIP it would lead nowhere.
    if kind != "ExternalName" {
        finding.fix(edits);
    }
}
