use crate::apiserver::pod_security::{Breach, Control, Part};
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove, set};

declare_rule! {
    /// Containers must drop all capabilities, and may add `NET_BIND_SERVICE` alone.
    ///
    /// ## Why
    /// A container starts with many of the powers of root. The standards know it from 1.22 on; pods that say `os: {name:
    /// windows}` are excused from 1.25 on.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     securityContext:
    ///       allowPrivilegeEscalation: false
    ///       runAsNonRoot: true
    ///       seccompProfile:
    ///         type: RuntimeDefault
    ///       capabilities:
    ///         drop: [NET_RAW]
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
    /// Set `securityContext.capabilities.drop: [ALL]` on the container.
    "PSS106" "kept-power" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Restricted, Capabilities"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let edit = |breach: &Breach| match breach.part {
        Part::Missing => set(&breach.path, serde_json::json!(["ALL"])),
        _ => remove(&breach.path),
    };
    report(release, r, Control::AllCapabilities, |breach| vec![edit(breach)]);
}
