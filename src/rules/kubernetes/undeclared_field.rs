use crate::policy::answers::{Told, report};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, field_path};

declare_rule! {
    /// A field is none of the kind's, or stands there twice.
    ///
    /// ## Why
    /// Helm and kubectl ask the server to refuse fields that it does not know. Without that they would be dropped without a
    /// word: a misspelt field, or one that is indented too far.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// date:
    ///   port: "8000"
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
    /// Correct the name or the indentation, or remove the field.
    "API103" "undeclared-field" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: strict field validation"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, |answer, _| {
        let faults = answer.faults.iter().filter(|fault| fault.is_strict);
        faults.map(|fault| Told::new(field_path(&fault.path), &fault.message)).collect()
    });
}
