use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Pods must not share the namespaces of the node.
    ///
    /// ## Why
    /// With `hostNetwork`, `hostPID` or `hostIPC` a pod sees the traffic, the processes or the memory of others.
    ///
    /// ```yaml bad
    /// hostPID: true
    /// ```
    /// ```yaml good
    /// hostPID: false
    /// ```
    ///
    /// ## Fix
    /// Remove `hostNetwork`, `hostPID` and `hostIPC`.
    "PSS002" "node-namespaces" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Host Namespaces"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::HostNamespaces, |breach| vec![set(&breach.path, false)]);
}
