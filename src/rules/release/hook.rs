use crate::diagnostic::Applicability;
use crate::manifest::workload;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Release, Reporter, declare_rule};

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
        levels: Levels::all(Level::Warning),
        fix: Some(Applicability::Safe),
        sources: &["page: no chart hooks are allowed, they will not be executed", "service: DisableHooks"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    for object in release.hooks() {
        let events = object.node.at(&["metadata", "annotations", "helm.sh/hook"]);
        let events = events.and_then(crate::yaml::Node::as_str).unwrap_or_default();
        let path = FieldPath::root().keys(&["metadata", "annotations"]).key("helm.sh/hook");
        let message = format!("{} is a hook ({events}) and will not run", object.id);
        r.report_on(object, path, message).help(help(object, events)).fix([crate::diagnostic::Edit::Drop]);
    }
}

/// What to do instead of the hook.
fn help(object: &Object<'_>, events: &str) -> &'static str {
    if events.split(',').all(|event| event.trim().starts_with("test")) {
        "leave it, or drop it: the platform runs no tests of charts"
    } else if workload::pod_spec(object.node).is_some() {
        "do the work in an init container, or in the program when it starts"
    } else {
        "remove the annotation, so that the object is installed with the others, or drop it with the hook that needs it"
    }
}
