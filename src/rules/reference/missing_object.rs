use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

use super::needs;
use super::parts::text_at;

declare_rule! {
    /// What a pod or binding of the release cannot do without should be in the release.
    ///
    /// ## Why
    /// A pod does not start before its ConfigMaps, claims and service account are there; a binding to a Role that is not there
    /// gives no rights. Who names an object that is made elsewhere allows the rule with the reason. Secrets are not judged,
    /// which are often made elsewhere, and nothing is said where the release has custom resources, whose controllers may make
    /// the object.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web}
    ///     spec:
    ///       containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    ///   - apiVersion: v1
    ///     kind: ConfigMap
    ///     metadata: {name: web}
    /// ```
    ///
    /// ## Fix
    /// Write the name of an object of the release.
    "REF106" "missing-object" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = release.parts();
    if !parts.is_whole() {
        return;
    }
    for pod in parts.pods().iter().copied() {
        let mut told: Vec<(&str, &str)> = Vec::new();
        for (kind, name, path) in needs::of(pod).into_iter().filter(|(kind, ..)| *kind != needs::SECRET) {
            // The first place that names it is enough.
            if parts.named(kind, name).is_empty() && !told.contains(&(kind, name)) {
                told.push((kind, name));
                r.report_on(pod.object, path, format!("there is no {kind} {name} in the release"));
            }
        }
    }
    for binding in parts.objects().filter(|object| object.id.kind == "RoleBinding") {
        let kind = binding.node.at(&["roleRef", "kind"]).and_then(Node::as_str);
        let name = text_at(binding.node, &FieldPath::root(), &["roleRef", "name"]);
        // What is there is Kubernetes' own.
        let is_of_system = matches!(parts.namespace(binding), "kube-system" | "kube-public");
        let Some((name, path)) = name.filter(|_| kind == Some("Role") && !is_of_system) else { continue };
        if parts.named("Role", name).is_empty() {
            r.report_on(binding, path, format!("there is no Role {name} in the release"));
        }
    }
}
