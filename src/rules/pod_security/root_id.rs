use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove};

declare_rule! {
    /// Pods and containers must not run as the user 0.
    ///
    /// ## Why
    /// The user 0 is root. The standards know it from 1.23 on; from 1.35 on pods with users of their own (`hostUsers:
    /// false`) are excused.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsUser: 0
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsUser: 1000
    /// ```
    ///
    /// ## Fix
    /// Write the id of another user, or remove `runAsUser`.
    "PSS104" "root-id" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Restricted, Running as Non-root user"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::RootUser, |breach| vec![remove(&breach.path)]);
}
