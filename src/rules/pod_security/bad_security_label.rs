use crate::apiserver::pod_security::faults;
use crate::path::FieldPath;
use crate::policy::pod_security::{labels, namespaces};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// The labels of a Namespace that set Pod Security must be levels and versions.
    ///
    /// ## Why
    /// The server refuses a Namespace whose label it cannot read, and judges the pods of one that has it already by
    /// `restricted`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: web
    ///   labels:
    ///     pod-security.kubernetes.io/enforce-version: "1.31"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: web
    ///   labels:
    ///     pod-security.kubernetes.io/enforce-version: v1.31
    /// ```
    ///
    /// ## Fix
    /// Write `privileged`, `baseline` or `restricted` as a level, `latest` or `v1.31` as a version.
    "PSS201" "bad-security-label" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: Pod Security admission, PolicyToEvaluate"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for namespace in namespaces(release) {
        for fault in labels(namespace).map(faults).unwrap_or_default() {
            let path = FieldPath::root().keys(&["metadata", "labels"]).key(&fault.key);
            let message = format!("`{}` says \"{}\"; it {}", fault.key, fault.value, fault.wanted);
            r.report_on(namespace, path, message);
        }
    }
}
