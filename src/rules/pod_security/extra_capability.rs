use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove};

declare_rule! {
    /// Containers must add no capability beyond the usual ones.
    ///
    /// ## Why
    /// Capabilities such as `SYS_ADMIN` or `NET_RAW` are most of root. At `restricted` [PSS106](PSS106-kept-power.md) asks
    /// more from 1.22 on.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       capabilities:
    ///         add: [SYS_ADMIN]
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       capabilities:
    ///         add: [CHOWN]
    /// ```
    ///
    /// ## Fix
    /// Remove the capability.
    "PSS004" "extra-capability" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Capabilities"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::Capabilities, |breach| vec![remove(&breach.path)]);
}
