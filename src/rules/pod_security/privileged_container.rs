use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Containers must not be privileged.
    ///
    /// ## Why
    /// A privileged container has the rights of root on the node; no other control holds for it.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       privileged: true
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       privileged: false
    /// ```
    ///
    /// ## Fix
    /// Remove `privileged`, and add the capabilities that the program needs.
    "PSS003" "privileged-container" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Privileged Containers"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::Privileged, |breach| vec![set(&breach.path, false)]);
}
