use crate::policy::answers::{Told, report};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, field_path};

declare_rule! {
    /// A value has a type that the server cannot read.
    ///
    /// ## Why
    /// The server reads an object into the types of its kind. A number where a text must stand, an amount that is none or a
    /// number that is too large ends the request before anything is judged.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: 8000
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: "8000"
    /// ```
    ///
    /// ## Fix
    /// Write a value of the type that the field has; texts that look like numbers need quotes.
    "API102" "undecodable-field" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: sigs.k8s.io/json, strict decoding"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, |answer, _| {
        let faults = answer.faults.iter().filter(|fault| !fault.is_strict);
        faults.map(|fault| Told::new(field_path(&fault.path), &fault.message)).collect()
    });
}
