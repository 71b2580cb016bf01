use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Annotations for the KAI scheduler do not survive where the service rewrites metadata.
    ///
    /// ## Why
    /// The service keeps only annotations that its configuration names. The scheduler also makes a group of each pod of a
    /// Deployment, so that topology has no effect there.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     kai.scheduler/topology: cluster
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    ///
    /// ## Fix
    /// Put it on a StatefulSet with `podManagementPolicy: Parallel`, and have the operator preserve the annotation.
    "OBJ111" "kai-annotation" {
        levels: Levels { documented: Level::Warning, service: Level::Advice, strict: Level::Warning },
        fix: None,
        sources: &["service: getPreservedSet"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    for key in ["kai.scheduler/topology", "kai.scheduler/topology-required-placement"] {
        if object.node.at(&["metadata", "annotations", key]).is_some_and(|node| !Node::is_null(node)) {
            let path = FieldPath::root().keys(&["metadata", "annotations"]).key(key);
            r.report(path, format!("annotation `{key}` is removed unless the service preserves it"));
        }
    }
}
