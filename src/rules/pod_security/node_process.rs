use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Pods must not run as processes of a Windows node.
    ///
    /// ## Why
    /// A HostProcess container has the rights of the node itself.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   windowsOptions:
    ///     hostProcess: true
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   windowsOptions:
    ///     hostProcess: false
    /// ```
    ///
    /// ## Fix
    /// Remove `hostProcess`; what needs the node is not for this namespace.
    "PSS001" "node-process" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, HostProcess"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::HostProcess, |breach| vec![set(&breach.path, false)]);
}
