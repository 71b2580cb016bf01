use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Pods or their containers must have the seccomp profile `RuntimeDefault` or `Localhost`.
    ///
    /// ## Why
    /// Without a profile a program may ask the kernel for everything. The standards know it from 1.19 on; pods that say
    /// `os: {name: windows}` are excused from 1.25 on.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       allowPrivilegeEscalation: false
    ///       runAsNonRoot: true
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
    /// Set `securityContext.seccompProfile.type: RuntimeDefault` on the pod.
    "PSS105" "missing-seccomp" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Restricted, Seccomp"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::NeededSeccomp, |breach| vec![set(&breach.path, "RuntimeDefault")]);
}
