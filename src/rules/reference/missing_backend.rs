use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

use super::missing::{self, SERVICE};

declare_rule! {
    /// The Services that an Ingress or a route leads to should be in the release.
    ///
    /// ## Why
    /// An Ingress or HTTPRoute whose Service is not there answers with an error. Often the name of the Service is made in
    /// another way than in its own template. Of a chart only names are told that its templates make up by themselves: one that
    /// values set is that of a Service that is there already. Nothing is said where the release has custom resources, whose
    /// controllers may make the Service, or no Service at all.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: networking.k8s.io/v1
    ///     kind: Ingress
    ///     metadata: {name: web}
    ///     spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web-http}
    ///     spec: {ports: [{name: http, port: 80}]}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: networking.k8s.io/v1
    ///     kind: Ingress
    ///     metadata: {name: web}
    ///     spec: {defaultBackend: {service: {name: web-http, port: {number: 80}}}}
    ///   - apiVersion: v1
    ///     kind: Service
    ///     metadata: {name: web-http}
    ///     spec: {ports: [{name: http, port: 80}]}
    /// ```
    ///
    /// ## Fix
    /// Write the name of a Service of the release.
    "REF109" "missing-backend" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    missing::report(release, |kind| kind == SERVICE, r);
}
