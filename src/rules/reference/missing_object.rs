use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

use super::missing::{self, SERVICE};

declare_rule! {
    /// What a pod or binding of the release cannot do without should be in the release.
    ///
    /// ## Why
    /// A pod does not start before its ConfigMaps, Secrets, claims and service account are there; a binding to a Role that is
    /// not there gives no rights. Of a chart only names are told that its templates make up by themselves: one that values set
    /// is that of an object that is there already. Secrets are told where their name holds that of the release and no program
    /// of the release may make them; of rendered YAML nobody knows whence their names are, so that nothing is said. Nothing is
    /// said either where the release has custom resources, whose controllers may make the object. Who names an object that is
    /// made elsewhere allows the rule with the reason.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: List
    /// items:
    ///   - apiVersion: v1
    ///     kind: Pod
    ///     metadata: {name: web}
    ///     spec:
    ///       containers: [{name: main, image: "web:1", envFrom: [{configMapRef: {name: web}}]}]
    ///   - apiVersion: v1
    ///     kind: ConfigMap
    ///     metadata: {name: web}
    /// ```
    ///
    /// ## Fix
    /// Write the name of an object of the release.
    "REF106" "missing-object" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["Plimsoll: references between the objects of a release"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    missing::report(release, |kind| kind != SERVICE, r);
}
