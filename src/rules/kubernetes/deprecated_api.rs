use crate::path::FieldPath;
use crate::policy::answers::{Told, report};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// The version of the API is deprecated and will be removed, or has a successor.
    ///
    /// ## Why
    /// The server still takes the object and warns; a later version may serve it no more.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Endpoints
    /// metadata:
    ///   name: web
    /// ```
    /// ```yaml good
    /// apiVersion: discovery.k8s.io/v1
    /// kind: EndpointSlice
    /// metadata:
    ///   name: web
    /// addressType: IPv4
    /// endpoints: []
    /// ```
    ///
    /// ## Fix
    /// Write the version that the warning names, and compare its fields.
    "API106" "deprecated-api" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Kubernetes: k8s.io/api, the life cycle of each version"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, |answer, _| {
        let warnings = answer.warnings.iter().filter(|warning| warning.of_kind);
        warnings.map(|warning| Told::new(FieldPath::root().key("apiVersion"), &warning.text)).collect()
    });
}
