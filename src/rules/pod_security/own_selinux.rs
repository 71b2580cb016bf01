use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove};

declare_rule! {
    /// SELinux options must have a type for containers, and neither user nor role.
    ///
    /// ## Why
    /// With a type, user or role of its own a container leaves what SELinux holds it in. The type `container_engine_t` is
    /// allowed from 1.31 on.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   seLinuxOptions:
    ///     type: spc_t
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seLinuxOptions:
    ///     type: container_t
    /// ```
    ///
    /// ## Fix
    /// Remove `type`, `user` or `role`.
    "PSS009" "own-selinux" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, SELinux"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::SeLinux, |breach| vec![remove(&breach.path)]);
}
