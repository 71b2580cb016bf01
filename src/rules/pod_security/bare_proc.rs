use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, set};

declare_rule! {
    /// Containers must not take the masks off `/proc`.
    ///
    /// ## Why
    /// The masks keep what the kernel tells there from the container. From 1.35 on a pod with users of its own
    /// (`hostUsers: false`) may; at `restricted` [PSS107](PSS107-bare-proc-anywhere.md) says no all the same.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       procMount: Unmasked
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       procMount: Default
    /// ```
    ///
    /// ## Fix
    /// Remove `procMount`, or write `Default`.
    "PSS010" "bare-proc" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, /proc Mount Type"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::ProcMount, |breach| vec![set(&breach.path, "Default")]);
}
