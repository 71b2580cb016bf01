use crate::diagnostic::Applicability;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, Request, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// The Job of a task should run once.
    ///
    /// ## Why
    /// The platform counts a task's attempts itself. Kubernetes retries a Job six times unless it is told otherwise, each
    /// time writing over the progress of the last. Without a request, or with that of a function, this rule is silent.
    ///
    /// ```yaml bad task
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: train
    /// spec:
    ///   backoffLimit: 6
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers: []
    /// ```
    /// ```yaml good task
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: train
    /// spec:
    ///   backoffLimit: 0
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers: []
    /// ```
    ///
    /// ## Fix
    /// Set `backoffLimit: 0` and `restartPolicy: Never`.
    "POD114" "task-retries" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["page: tasks are Jobs with backoffLimit 0 and restartPolicy Never"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !r.subject().request.as_ref().is_some_and(Request::is_task) || !object.is("batch/v1", "Job") {
        return;
    }
    let spec = FieldPath::root().key("spec");
    if object.node.at(&["spec", "backoffLimit"]).and_then(Node::as_i64) != Some(0) {
        let path = spec.key("backoffLimit");
        r.report(path.clone(), "backoffLimit of a task's Job should be 0").fix([set(&path, 0)]);
    }
    let policy = object.node.at(&["spec", "template", "spec", "restartPolicy"]).and_then(Node::as_str);
    if policy != Some("Never") {
        let path = spec.keys(&["template", "spec", "restartPolicy"]);
        r.report(path.clone(), "restartPolicy of a task's Job should be Never").fix([set(&path, "Never")]);
    }
}
