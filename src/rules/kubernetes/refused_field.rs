use crate::apiserver::FieldError;
use crate::policy::answers::{Told, report};
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule, field_path};

declare_rule! {
    /// The server refuses the object for the value of a field.
    ///
    /// ## Why
    /// What the server decodes it validates: names, words from a list, ranges, fields that exclude or need each other. No
    /// schema says all of it; the finding has the server's own words.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: clusterIP
    ///   ports:
    ///     - port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: ClusterIP
    ///   ports:
    ///     - port: 80
    /// ```
    ///
    /// ## Fix
    /// Give the field a value that the message allows.
    "API104" "refused-field" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: the validation of each kind"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    report(release, r, |answer, _| {
        let is_change = |cause: &&FieldError| answer.changes.iter().any(|change| change.error == **cause);
        let causes = answer.causes.iter().filter(|cause| !is_change(cause));
        causes
            .map(|cause| Told::new(field_path(&cause.path), format!("{}: {}", cause.path, cause.message)))
            .collect()
    });
}
