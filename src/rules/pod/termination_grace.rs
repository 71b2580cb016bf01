use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, Request, declare_rule, remove};

declare_rule! {
    /// The grace period of a task's pods is the task's.
    ///
    /// ## Why
    /// The agent overwrites `terminationGracePeriodSeconds` with what the task asks for, and with 0 where it asks for
    /// nothing. Without a request, or with that of a function, this rule is silent.
    ///
    /// ```yaml bad task
    /// terminationGracePeriodSeconds: 60
    /// ```
    /// ```yaml good task
    /// restartPolicy: Never
    /// ```
    ///
    /// ## Fix
    /// Remove it, and set `terminationGracePeriodDuration` in the request of the task.
    "POD113" "termination-grace" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["agent: overwrites terminationGracePeriodSeconds of tasks"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let is_task = r.subject().request.as_ref().is_some_and(Request::is_task);
    if is_task && pod.field("terminationGracePeriodSeconds").is_some() {
        let path = pod.path_of("terminationGracePeriodSeconds");
        r.report(path.clone(), "terminationGracePeriodSeconds is overwritten by that of the task")
            .fix([remove(&path)]);
    }
}
