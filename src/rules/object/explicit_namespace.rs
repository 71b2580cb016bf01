//! `explicit-namespace`

use crate::diagnostic::Applicability;
use crate::manifest::FieldPath;
use crate::policy::{Check, Level, Object, Reporter, declare_rule, remove};

declare_rule! {
    /// Objects should not name a namespace.
    ///
    /// ## Why
    /// The agent puts every object into the namespace of the instance. Host names with a namespace in them, and the subjects
    /// of RoleBindings, are not rewritten and then point elsewhere.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: production
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    ///
    /// ## Fix
    /// Remove `metadata.namespace`.
    "OBJ105" "explicit-namespace" {
        catalogue: &["NVCF058"],
        levels: [Level::Advice, Level::Advice, Level::Advice],
        fix: Some(Applicability::Safe),
        sources: &["page: supported artifacts under the chart's namespace", "agent: overwrites the namespace"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let Some(namespace) = object.id.namespace.as_deref().filter(|name| !name.is_empty()) else { return };
    if namespace != r.subject().namespace {
        let path = FieldPath::root().keys(&["metadata", "namespace"]);
        r.report(path.clone(), format!("namespace `{namespace}` is overwritten")).fix([remove(&path)]);
    }
}
