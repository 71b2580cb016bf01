use crate::apiserver::pod_security::ENFORCE;
use crate::path::FieldPath;
use crate::policy::pod_security::{labels, namespaces, policy};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// A Namespace of the release should not ask less than the profile.
    ///
    /// ## Why
    /// The label of a Namespace holds for its pods, whatever the cluster asks elsewhere: they are judged by it here, too.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: web
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: privileged
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: web
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ```
    ///
    /// ## Fix
    /// Raise the level of the label, or judge by a profile that asks no more than it.
    "PSS202" "weak-security-label" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: what is asked should be what is judged"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let asked = policy(r.profile());
    for namespace in namespaces(release) {
        let Some(own) = labels(namespace).map(|labels| asked.labelled(labels)) else { continue };
        if own.level < asked.level {
            let path = FieldPath::root().keys(&["metadata", "labels", ENFORCE]);
            let message = format!(
                "pods of namespace {} are judged by {}, which is less than {}",
                namespace.id.name,
                own.level.name(),
                asked.level.name()
            );
            r.report_on(namespace, path, message);
        }
    }
}
