use std::collections::BTreeMap;

use super::layout::{Item, default_volumes, items, own_volumes, runtimes, words};
use crate::go::path::clean;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// Volumes are mounted at absolute paths, each path once in a runtime.
    ///
    /// ## Why
    /// Kubernetes refuses a container with two mounts at one path, and one whose path is not absolute is mounted somewhere else. A runtime
    /// with volumes of its own has those, any other the default ones.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           volumes:
    ///             scratch: {type: emptyDir, writable: true, paths: [/scratch]}
    ///             cache: {type: emptyDir, writable: true, paths: [/scratch/]}
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           volumes:
    ///             scratch: {type: emptyDir, writable: true, paths: [/scratch]}
    ///             cache: {type: emptyDir, writable: true, paths: [/cache]}
    /// ```
    ///
    /// ## Fix
    /// Give each volume absolute paths of its own.
    "H2O020" "bad-volume-paths" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, default volumes: individual runtimes override them by their own volumes", "Kubernetes: volume mounts of a container"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    look(&default_volumes(values), r);
    for runtime in runtimes(values) {
        look(&own_volumes(&runtime), r);
    }
}

/// Looks at the volumes that a runtime has together.
fn look(volumes: &[Item<'_>], r: &mut Reporter<'_>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for volume in volumes {
        let path = volume.path.key("paths");
        let list = volume.get("paths");
        if !list.is_some_and(|list| matches!(&list.data, Data::Seq(items) if !items.is_empty())) {
            let found = list.map_or("none", Node::kind_name);
            let message = format!(
                "paths of volume `{}` are {found}, they must be a list of absolute paths",
                volume.key
            );
            r.report(path, message);
            continue;
        }
        for item in items(list, &path) {
            let Some(mount) = item.node.as_str().filter(|path| path.starts_with('/')) else {
                let message =
                    format!("a path of volume `{}` is {}, it must be absolute", volume.key, words(item.node));
                r.report(item.path, message);
                continue;
            };
            if let Some(other) = seen.insert(clean(mount), volume.key) {
                let message =
                    format!("volume `{}` is mounted at {mount}, where volume `{other}` is", volume.key);
                r.report(item.path, message);
            }
        }
    }
}
