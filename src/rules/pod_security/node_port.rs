use crate::apiserver::pod_security::Control;
use crate::diagnostic::Applicability;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, remove};

declare_rule! {
    /// Containers must take no port of the node.
    ///
    /// ## Why
    /// A port of the node is open to everybody who reaches the node, past every Service and most network policies.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     ports:
    ///       - containerPort: 80
    ///         hostPort: 80
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: main
    ///     image: web:1
    ///     ports:
    ///       - containerPort: 80
    /// ```
    ///
    /// ## Fix
    /// Remove `hostPort`, and make a Service for the port.
    "PSS006" "node-port" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Unsafe),
        sources: &["Kubernetes: Pod Security Standards, Baseline, Host Ports"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::HostPorts, |breach| vec![remove(&breach.path)]);
}
