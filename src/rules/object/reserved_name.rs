use crate::diagnostic::{Applicability, Edit};
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// Objects must not have the names of those that the platform creates itself.
    ///
    /// ## Why
    /// The platform's objects are there first, and the chart's of the same kind and name is passed over in silence. A pull
    /// secret named `workload-…` keeps the platform from adding others.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: nvcf-miniservice-metadata
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    ///
    /// ## Fix
    /// Rename the object.
    "OBJ107" "reserved-name" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["agent: creates its objects first and passes over the chart's"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let path = FieldPath::root().keys(&["metadata", "name"]);
    if r.profile().lists(parameters::RESERVED_NAMES, &object.id.to_string()) {
        r.report(path, format!("the platform creates {} itself, this one is passed over", object.id))
            .unsafe_fix([Edit::Drop]);
        return;
    }
    let pull_secret =
        object.node.get("type").and_then(Node::as_str) == Some("kubernetes.io/dockerconfigjson");
    if object.is("v1", "Secret") && pull_secret && object.id.name.starts_with("workload-") {
        r.report(path, format!("pull secret `{}` keeps the platform from adding others", object.id.name));
    }
}
