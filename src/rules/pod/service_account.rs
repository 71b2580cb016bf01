use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// The service account of a pod is the platform's choice.
    ///
    /// ## Why
    /// The service clears `serviceAccountName` and the agent sets its own, whatever the chart says. What the chart's account
    /// was allowed to do, the pod may not.
    ///
    /// ```yaml bad
    /// serviceAccountName: web
    /// ```
    /// ```yaml good
    /// restartPolicy: Always
    /// ```
    ///
    /// ## Fix
    /// Remove `serviceAccountName`.
    "POD109" "service-account" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["service: sanitizePodSpec", "agent: sets the account of the instance"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    for field in ["serviceAccountName", "serviceAccount"] {
        let name = pod.field(field).and_then(Node::as_str).unwrap_or_default();
        if !name.is_empty() {
            let path = pod.path_of(field);
            r.report(path.clone(), format!("{field} `{name}` is replaced by the platform"))
                .for_its_presence()
                .fix([remove(&path)]);
        }
    }
}
