use crate::apiserver::pod_security::Control;
use crate::policy::pod_security::report;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// Pods must mount no folder of the node.
    ///
    /// ## Why
    /// What is on the node belongs to other pods and to the node itself.
    /// At `restricted` [PSS101](PSS101-unrestricted-volume.md) tells it.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: logs
    ///     hostPath:
    ///       path: /var/log
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: logs
    ///     emptyDir: {}
    /// ```
    ///
    /// ## Fix
    /// Use a `persistentVolumeClaim`, `emptyDir`, `configMap` or `projected` volume.
    "PSS005" "node-path" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: Pod Security Standards, Baseline, HostPath Volumes"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, Control::HostPaths, |_| Vec::new());
}
