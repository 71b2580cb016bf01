use super::node_namespace::shares_with_node;
use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule};

declare_rule! {
    /// Pods must not join the node's network.
    ///
    /// ## Why
    /// A pod on the host network reaches every service that is bound to the node, and others reach its ports past every
    /// network policy. The platform places several tenants on a node.
    ///
    /// ```yaml bad
    /// hostNetwork: true
    /// ```
    /// ```yaml good
    /// hostNetwork: false
    /// ```
    ///
    /// ## Fix
    /// Remove `hostNetwork`, and reach the pod through a Service.
    "POD101" "host-network" {
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
    shares_with_node(pod, "hostNetwork", r);
}
