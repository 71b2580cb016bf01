use crate::diagnostic::Severity;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A Service that selects a pod by its index must select the pods of a StatefulSet.
    ///
    /// ## Why
    /// Only the pods of a StatefulSet have the label `apps.kubernetes.io/pod-index`. The service looks for one whose pods
    /// have the other labels of the selector.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: entry
    /// spec:
    ///   selector:
    ///     app: web
    ///     apps.kubernetes.io/pod-index: "0"
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
    /// Make the workload a StatefulSet, or remove the index from the selector.
    "SVC103" "pod-index-selector" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Warning },
        lowered_to: Some(Severity::Advice),
        fix: None,
        sources: &["service: matches such a selector against StatefulSets only"],
        check: Check::Release(check),
    }
}

const INDEX: &str = "apps.kubernetes.io/pod-index";

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for service in release.objects().filter(|object| object.is("v1", "Service")) {
        let Some(selector) = service.node.at(&["spec", "selector"]) else { continue };
        if selector.get(INDEX).and_then(Node::as_str).unwrap_or_default().is_empty() {
            continue;
        }
        let mut sets = release.pod_specs().filter(|pod| {
            pod.object.is("apps/v1", "StatefulSet")
                && super::selector::selects(selector, pod.metadata, Some(INDEX))
        });
        let path = FieldPath::root().keys(&["spec", "selector"]).key(INDEX);
        let Some(set) = sets.next() else {
            r.report_on(service, path, "service selects a pod by index, and no StatefulSet has its labels");
            continue;
        };
        let replicas = set.object.node.at(&["spec", "replicas"]).and_then(Node::as_i64).unwrap_or(1);
        let index = selector.get(INDEX).and_then(Node::as_str).and_then(|text| text.parse::<i64>().ok());
        if index.is_some_and(|index| index >= replicas) {
            let message = format!("{} runs {replicas} pods, counted from 0", set.object.id);
            r.report_on(service, path, message).lowered();
        }
    }
}
