use crate::diagnostic::Applicability;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// A Job must not bring its own selector.
    ///
    /// ## Why
    /// Kubernetes makes the selector, and refuses one that is written unless `manualSelector` is true. The service removes
    /// it from CronJobs and leaves it in Jobs.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: load
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: load
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: load
    /// spec:
    ///   backoffLimit: 0
    /// ```
    ///
    /// ## Fix
    /// Remove `selector`.
    "OBJ106" "job-selector" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["Kubernetes: selector is generated unless manualSelector is true"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let route: &[&str] = match object.id.kind.as_str() {
        "Job" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec"],
        _ => return,
    };
    let Some(spec) = object.node.at(route) else { return };
    let manual = spec.get("manualSelector").and_then(Node::as_bool) == Some(true);
    if !manual && spec.get("selector").is_some_and(|selector| !selector.is_null()) {
        let path = FieldPath::root().keys(route).key("selector");
        r.report(path.clone(), "selector is set without manualSelector").fix([remove(&path)]);
    }
}
