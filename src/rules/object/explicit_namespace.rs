use crate::diagnostic::{Applicability, Severity};
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, remove};
use crate::yaml::Node;

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
        levels: Levels::all(Level::Warning),
        lowered_to: Some(Severity::Advice),
        fix: Some(Applicability::Safe),
        sources: &["page: supported artifacts under the chart's namespace", "agent: overwrites the namespace"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if object.is("rbac.authorization.k8s.io/v1", "RoleBinding") {
        look_at_subjects(object, r);
    }
    let Some(namespace) = object.id.namespace.as_deref().filter(|name| !name.is_empty()) else { return };
    if namespace != r.subject().namespace {
        let path = FieldPath::root().keys(&["metadata", "namespace"]);
        r.report(path.clone(), format!("namespace `{namespace}` is overwritten"))
            .lowered()
            .fix([remove(&path)]);
    }
}

/// The subjects of a binding keep the namespace that they name, and then point elsewhere.
fn look_at_subjects(object: &Object<'_>, r: &mut Reporter<'_>) {
    let subjects = object.node.get("subjects").map_or(&[][..], Node::items);
    for (index, subject) in subjects.iter().enumerate() {
        let Some(namespace) = subject.get("namespace").and_then(Node::as_str) else { continue };
        if namespace != r.subject().namespace && !namespace.is_empty() {
            let path = FieldPath::root().key("subjects").item(subjects, index).key("namespace");
            r.report(path, format!("subject stays in namespace `{namespace}`, where nothing of this is"))
                .help("write {{ .Release.Namespace }}, or leave the binding out");
        }
    }
}
