use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

use super::parts::text_at;

declare_rule! {
    /// What a HorizontalPodAutoscaler scales should be in the release.
    ///
    /// ## Why
    /// An autoscaler whose target is not there scales nothing. Often the name of the target is made in another way than that
    /// of the workload.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata: {name: web}
    /// spec:
    ///   maxReplicas: 3
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: autoscaling/v2
    ///     kind: HorizontalPodAutoscaler
    ///     metadata: {name: web}
    ///     spec:
    ///       maxReplicas: 3
    ///       scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   - apiVersion: apps/v1
    ///     kind: Deployment
    ///     metadata: {name: web}
    ///     spec:
    ///       selector: {matchLabels: {app: web}}
    ///       template:
    ///         metadata: {labels: {app: web}}
    ///         spec: {containers: [{name: main, image: "web:1"}]}
    /// ```
    ///
    /// ## Fix
    /// Write the kind and name of a workload of the release.
    "REF103" "missing-scale-target" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    const SCALED: [&str; 4] = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
    let parts = release.parts();
    for scaler in parts.objects().filter(|object| object.id.kind == "HorizontalPodAutoscaler") {
        let kind = scaler.node.at(&["spec", "scaleTargetRef", "kind"]).and_then(Node::as_str);
        let name = text_at(scaler.node, &FieldPath::root(), &["spec", "scaleTargetRef", "name"]);
        let (Some(kind), Some((name, path))) = (kind, name) else { continue };
        if SCALED.contains(&kind) && parts.beside(scaler, kind, name).is_none() {
            r.report_on(scaler, path, format!("there is no {kind} {name} in the release"));
        }
    }
}
