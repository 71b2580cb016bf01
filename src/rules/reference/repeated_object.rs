use std::collections::HashMap;

use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

use super::parts;

declare_rule! {
    /// No two objects of a release may be the same.
    ///
    /// ## Why
    /// Two objects of one kind, name and namespace are one to the cluster: Helm fails because the second is there already, or
    /// the second takes the place of the first.
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
    "REF107" "repeated-object" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["Kubernetes: an object is known by its group, kind, namespace and name"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let mut seen = HashMap::new();
    for object in release.objects().filter(|object| !object.id.name.is_empty()) {
        let group = object.id.api_version.split_once('/').map_or("", |(group, _)| group);
        // What no namespace holds is one in the whole cluster, whatever it says.
        let namespace = match parts::is_cluster_wide(object) {
            true => "",
            false => object.id.namespace.as_deref().unwrap_or(&release.subject.namespace),
        };
        if let Some(first) = seen.insert((group, &object.id.kind, namespace, &object.id.name), object) {
            let path = FieldPath::root().keys(&["metadata", "name"]);
            let message = format!("there are two of {}", object.id);
            r.report_on(object, path.clone(), message).related(first, &path);
        }
    }
}
