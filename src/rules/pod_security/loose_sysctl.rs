use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove};

declare_rule! {
    /// Pods must set no sysctls but the safe ones.
    ///
    /// ## Why
    /// Other sysctls change the node for all its pods. Which are safe grows from version to version.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   sysctls:
    ///     - name: kernel.msgmax
    ///       value: "65536"
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   sysctls:
    ///     - name: net.ipv4.tcp_syncookies
    ///       value: "1"
    /// ```
    ///
    /// ## Fix
    /// Remove the sysctl.
    "PSS012" "loose-sysctl" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Sysctls"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    // The whole item: a sysctl without a name is none.
    report(release, r, Control::Sysctls, |breach| breach.path.parent().iter().map(remove).collect());
}
