use super::node_namespace::shares_with_node;
use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule};

declare_rule! {
    /// Pods must not share memory with the node.
    ///
    /// ## Why
    /// In the node's IPC namespace a container reads and writes the shared memory of others.
    ///
    /// ```yaml bad
    /// hostIPC: true
    /// ```
    /// ```yaml good
    /// hostIPC: false
    /// ```
    ///
    /// ## Fix
    /// Remove `hostIPC`; containers of one pod share memory through an `emptyDir` with `medium: Memory` at `/dev/shm`.
    "POD103" "host-ipc" {
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
    shares_with_node(pod, "hostIPC", r);
}
