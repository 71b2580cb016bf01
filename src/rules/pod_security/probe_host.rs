use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove};

declare_rule! {
    /// Probes and lifecycle handlers must name no host.
    ///
    /// ## Why
    /// The kubelet asks where the probe says: with a host of its own, a pod has it call any address that the node reaches.
    /// The standards know it from 1.34 on.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     livenessProbe:
    ///       httpGet:
    ///         host: 169.254.169.254
    ///         port: 80
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     livenessProbe:
    ///       httpGet:
    ///         port: 80
    /// ```
    ///
    /// ## Fix
    /// Remove `host`; without it the kubelet asks the pod itself.
    "PSS007" "probe-host" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Host Probes / Lifecycle Hooks"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::ProbeHosts, |breach| vec![remove(&breach.path)]);
}
