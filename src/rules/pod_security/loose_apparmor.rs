use crate::apiserver::pod_security::{Breach, By, Control};
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// The AppArmor profile must be `RuntimeDefault` or `Localhost`.
    ///
    /// ## Why
    /// Without the profile of the runtime a container reaches files of the kernel that it should not.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   appArmorProfile:
    ///     type: Unconfined
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   appArmorProfile:
    ///     type: RuntimeDefault
    /// ```
    ///
    /// ## Fix
    /// Remove the profile, or name that of the runtime.
    "PSS008" "loose-apparmor" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, AppArmor"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let edit = |breach: &Breach| match breach.by {
        By::Annotation(_) => set(&breach.path, "runtime/default"),
        _ => set(&breach.path, "RuntimeDefault"),
    };
    report(release, r, Control::AppArmor, |breach| vec![edit(breach)]);
}
