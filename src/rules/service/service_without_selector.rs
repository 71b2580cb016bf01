use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule};

declare_rule! {
    /// A Service should select pods.
    ///
    /// ## Why
    /// Without a selector Kubernetes waits for endpoints that somebody writes, and the platform allows no such object. The
    /// service takes it as one that selects every pod, and where it rewrites metadata it makes it so.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: entry
    /// spec:
    ///   ports:
    ///     - port: 8000
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: entry
    /// spec:
    ///   selector:
    ///     app: web
    ///   ports:
    ///     - port: 8000
    /// ```
    ///
    /// ## Fix
    /// Set `spec.selector` to labels of the pods that serve.
    "SVC102" "service-without-selector" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["service: an empty selector matches every workload"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !object.is("v1", "Service") {
        return;
    }
    let selector = object.node.at(&["spec", "selector"]);
    if selector.is_none_or(|selector| selector.entries().is_empty()) {
        r.report(FieldPath::root().keys(&["spec", "selector"]), "service selects no pods");
    }
}
