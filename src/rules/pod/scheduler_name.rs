use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// The scheduler of a pod is the platform's choice.
    ///
    /// ## Why
    /// The agent sets `schedulerName` to the KAI scheduler where the cluster has it, and clears it elsewhere.
    ///
    /// ```yaml bad
    /// schedulerName: volcano
    /// ```
    /// ```yaml good
    /// restartPolicy: Always
    /// ```
    ///
    /// ## Fix
    /// Remove `schedulerName`.
    "POD111" "scheduler-name" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["agent: mutating webhook"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let name = pod.field("schedulerName").and_then(Node::as_str).unwrap_or_default();
    if !name.is_empty() {
        let path = pod.path_of("schedulerName");
        r.report(path.clone(), format!("scheduler `{name}` is replaced by the platform"))
            .fix([remove(&path)]);
    }
}
