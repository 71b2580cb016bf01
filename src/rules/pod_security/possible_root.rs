use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Pods or their containers must set `runAsNonRoot: true`.
    ///
    /// ## Why
    /// Only then does the kubelet refuse to start what would run as root. From 1.35 on pods with users of their own
    /// (`hostUsers: false`) are excused.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsNonRoot: false
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsNonRoot: true
    /// ```
    ///
    /// ## Fix
    /// Set `securityContext.runAsNonRoot: true` on the pod, and give the image a user that is not root.
    "PSS103" "possible-root" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Restricted, Running as Non-root"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::NonRoot, |breach| vec![set(&breach.path, true)]);
}
