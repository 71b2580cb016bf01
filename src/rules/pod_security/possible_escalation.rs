use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Containers must set `allowPrivilegeEscalation: false`.
    ///
    /// ## Why
    /// Without it a program with the setuid bit gives a process more rights than its parent has. Pods that say `os: {name:
    /// windows}` are excused from 1.25 on.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       runAsNonRoot: true
    ///       seccompProfile:
    ///         type: RuntimeDefault
    ///       capabilities:
    ///         drop: [ALL]
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       allowPrivilegeEscalation: false
    ///       runAsNonRoot: true
    ///       seccompProfile:
    ///         type: RuntimeDefault
    ///       capabilities:
    ///         drop: [ALL]
    /// ```
    ///
    /// ## Fix
    /// Set `securityContext.allowPrivilegeEscalation: false` on the container.
    "PSS102" "possible-escalation" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Restricted, Privilege Escalation"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::Escalation, |breach| vec![set(&breach.path, false)]);
}
