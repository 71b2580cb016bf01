use crate::kubernetes::{find_kind, typed};
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, parameters};

declare_rule! {
    /// Fields that Kubernetes does not know are dropped.
    ///
    /// ## Why
    /// The service reads objects into Kubernetes' types, and what has no place there is gone: a misspelt field, or one that
    /// is indented too far.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// date:
    ///   port: "8000"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: "8000"
    /// ```
    ///
    /// ## Fix
    /// Correct the name or the indentation, or remove the field.
    "OBJ113" "unknown-field" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["service: unknown fields disappear when objects are read"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !r.profile().lists(parameters::ALLOWED_KINDS, &object.kind()) {
        return;
    }
    let Some(kind) = find_kind(&object.id.api_version, &object.id.kind) else { return };
    for path in typed::unknown_fields(kind, &object.node.to_json()) {
        let message = format!("{} has no field `{path}`", object.id.kind);
        r.report(path, message);
    }
}
