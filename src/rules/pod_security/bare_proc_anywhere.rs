use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Containers must not take the masks off `/proc`, with users of their own neither.
    ///
    /// ## Why
    /// From 1.35 on `baseline` excuses pods with users of their own (`hostUsers: false`); `restricted` does not.
    ///
    /// ```yaml bad
    /// hostUsers: false
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
    ///       procMount: Unmasked
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
    /// Remove `procMount`, or write `Default`.
    "PSS107" "bare-proc-anywhere" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Restricted, /proc Mount Type"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::ProcMountAlways, |breach| vec![set(&breach.path, "Default")]);
}
