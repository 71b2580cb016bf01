use std::collections::HashMap;

use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// No two objects of a kind may have the same name.
    ///
    /// ## Why
    /// All objects go into one namespace, whatever they say. The second of a name is passed over because it is already
    /// there.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: more-settings
    /// ```
    ///
    /// ## Fix
    /// Rename one, or merge the two.
    "REL104" "duplicate-object" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["agent: passes over an object that exists"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let mut seen = HashMap::new();
    for object in release.objects().filter(|object| !object.id.name.is_empty()) {
        if let Some(first) = seen.insert((object.kind(), &object.id.name), object) {
            let path = FieldPath::root().keys(&["metadata", "name"]);
            let message = format!("there are two of {}, and the second is passed over", object.id);
            r.report_on(object, path.clone(), message).related(first, &path);
        }
    }
}
