use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// The priority of a pod is the platform's choice.
    ///
    /// ## Why
    /// The service clears `priorityClassName`.
    ///
    /// ```yaml bad
    /// priorityClassName: high
    /// ```
    /// ```yaml good
    /// restartPolicy: Always
    /// ```
    ///
    /// ## Fix
    /// Remove `priorityClassName`.
    "POD110" "priority-class" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["service: sanitizePodSpec"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let class = pod.field("priorityClassName").and_then(Node::as_str).unwrap_or_default();
    if !class.is_empty() {
        let path = pod.path_of("priorityClassName");
        r.report(path.clone(), format!("priority class `{class}` is removed by the platform"))
            .fix([remove(&path)]);
    }
}
