use crate::manifest::workload;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule};

declare_rule! {
    /// An object must have a name.
    ///
    /// ## Why
    /// The service refuses a release with a nameless object, `generateName` or not.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   generateName: settings-
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    ///
    /// ## Fix
    /// Set `metadata.name`; put a name of digits only in quotes.
    "OBJ103" "missing-name" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["service: decode", "Kubernetes: name or generateName is required"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let untyped = object.id.kind.is_empty() || object.id.api_version.is_empty();
    if untyped || !object.id.name.is_empty() || workload::is_list(object.node) {
        return;
    }
    let found = match object.node.at(&["metadata", "name"]) {
        Some(name) if name.as_str().is_none() && !name.is_null() => "whose name is no string",
        Some(_) => "with an empty name",
        None if object.node.get("metadata").is_none() => "without metadata",
        None => "without a name",
    };
    r.report(FieldPath::root().keys(&["metadata", "name"]), format!("{} {found}", object.id.kind));
}
