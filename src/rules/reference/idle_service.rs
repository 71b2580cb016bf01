use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A Service should select a pod of the release.
    ///
    /// ## Why
    /// A Service whose selector matches no pod has no endpoints: connections to it hang or are refused. Nothing is said where
    /// the release has custom resources, whose controllers may make the pods, has no pods at all, or none with the label, which
    /// may be set while they run.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web}
    ///     spec: {selector: {app: web}, ports: [{port: 80}]}
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web, labels: {app: website}}
    ///     spec: {containers: [{name: main, image: "web:1"}]}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web}
    ///     spec: {selector: {app: web}, ports: [{port: 80}]}
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web, labels: {app: web, tier: front}}
    ///     spec: {containers: [{name: main, image: "web:1"}]}
    /// ```
    ///
    /// ## Fix
    /// Write labels that the template of the pods has.
    "REF101" "idle-service" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let parts = release.parts();
    if parts.pods().is_empty() || !parts.is_whole() {
        return;
    }
    for service in parts.objects().filter(|object| object.is("v1", "Service")) {
        let is_name = service.node.at(&["spec", "type"]).and_then(Node::as_str) == Some("ExternalName");
        let selector = service.node.at(&["spec", "selector"]).filter(|node| !node.entries().is_empty());
        let Some(selector) = selector.filter(|_| !is_name) else { continue };
        let is_written = selector.entries().iter().all(|entry| parts.is_written(&entry.key));
        if is_written && parts.labelled(service, selector.entries()).is_empty() {
            let path = FieldPath::root().keys(&["spec", "selector"]);
            r.report_on(service, path, "the Service selects no pod of the release");
        }
    }
}
