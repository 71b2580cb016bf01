use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// Pods must not ask for a token of the Kubernetes API.
    ///
    /// ## Why
    /// Workloads have no business with the cluster's API, and a token in the file system is the first thing an intruder
    /// looks for. The agent takes it away even where validation is off.
    ///
    /// ```yaml bad
    /// automountServiceAccountToken: true
    /// ```
    /// ```yaml good
    /// automountServiceAccountToken: false
    /// ```
    ///
    /// ## Fix
    /// Remove `automountServiceAccountToken` or set it to false.
    "POD104" "automount-token" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &[
            "page: automountServiceAccountToken must be unset or false",
            "service: validatePodSpecSecurityFeatures",
            "agent: sets it to false on every pod",
        ],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    if pod.field("automountServiceAccountToken").and_then(Node::as_bool) == Some(true) {
        let path = pod.path_of("automountServiceAccountToken");
        r.report(path.clone(), "automountServiceAccountToken is true, it must be unset or false")
            .fix([set(&path, false)]);
    }
}
