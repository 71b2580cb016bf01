use crate::policy::answers::{Told, report};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, field_path};

declare_rule! {
    /// The server takes the object and warns of a field.
    ///
    /// ## Why
    /// A warning names what is taken but does not do what it says: fields that are ignored, duplicates that are lost,
    /// annotations that no longer work.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: web:1
    ///       env:
    ///         - name: PORT
    ///           value: "80"
    ///         - name: PORT
    ///           value: "81"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: web:1
    ///       env:
    ///         - name: PORT
    ///           value: "81"
    /// ```
    ///
    /// ## Fix
    /// Remove what the server warns of, or write what it asks for instead.
    "API105" "server-warning" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Kubernetes: the warnings of each kind"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, |answer, _| {
        let warnings = answer.warnings.iter().filter(|warning| !warning.of_kind);
        warnings.map(|warning| Told::new(field_path(&warning.path), &warning.text)).collect()
    });
}
