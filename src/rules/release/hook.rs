//! `hook`

use crate::diagnostic::Applicability;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Release, Reporter, Role, declare_rule};

declare_rule! {
    /// Hooks are not run.
    ///
    /// ## Why
    /// The service renders without hooks: an object with the annotation `helm.sh/hook`, tests too, is dropped without a
    /// word. A migration or a check before the upgrade will not happen.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     helm.sh/hook: pre-install
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   annotations:
    ///     helm.sh/hook-weight: "1"
    /// ```
    ///
    /// ## Fix
    /// Do the work in an init container, or in the program when it starts.
    "REL106" "hook" {
        catalogue: &["NVCF009"],
        levels: [Level::Warning, Level::Warning, Level::Warning],
        fix: Some(Applicability::Safe),
        sources: &["page: no chart hooks are allowed, they will not be executed", "service: DisableHooks"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for object in release.objects.iter().filter(|object| object.document.role == Role::Hook) {
        let events = object.node.at(&["metadata", "annotations", "helm.sh/hook"]);
        let events = events.and_then(crate::yaml::Node::as_str).unwrap_or_default();
        let path = FieldPath::root().keys(&["metadata", "annotations"]).key("helm.sh/hook");
        r.report_on(object, path, format!("{} is a hook ({events}) and will not run", object.id))
            .fix([crate::diagnostic::Edit::Drop]);
    }
}
