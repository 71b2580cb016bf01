use crate::apiserver::pod_security::{Breach, By, Control};
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// The seccomp profile, where there is one, must be `RuntimeDefault` or `Localhost`.
    ///
    /// ## Why
    /// Unconfined, a program may ask the kernel for everything. At `restricted` [PSS105](PSS105-missing-seccomp.md) asks
    /// for a profile from 1.19 on.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   seccompProfile:
    ///     type: Unconfined
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seccompProfile:
    ///     type: RuntimeDefault
    /// ```
    ///
    /// ## Fix
    /// Remove the profile, or name that of the runtime.
    "PSS011" "loose-seccomp" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Seccomp"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let edit = |breach: &Breach| match breach.by {
        By::Annotation(_) => set(&breach.path, "runtime/default"),
        _ => set(&breach.path, "RuntimeDefault"),
    };
    report(release, r, Control::Seccomp, |breach| vec![edit(breach)]);
}
