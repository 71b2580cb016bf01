use super::node_namespace::shares_with_node;
use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule};

declare_rule! {
    /// Pods must not see the node's processes.
    ///
    /// ## Why
    /// In the node's process namespace a container can signal and inspect what others run.
    ///
    /// ```yaml bad
    /// hostPID: true
    /// ```
    /// ```yaml good
    /// hostPID: false
    /// ```
    ///
    /// ## Fix
    /// Remove `hostPID`; containers of one pod see each other's processes with `shareProcessNamespace: true`.
    "POD102" "host-pid" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Unsafe),
        sources: &[
            "page: hostIPC, hostPID and hostNetwork must be unset or false",
            "service: validatePodSpecSecurityFeatures",
        ],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    shares_with_node(pod, "hostPID", r);
}
