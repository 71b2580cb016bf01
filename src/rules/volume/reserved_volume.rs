use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// Volumes and mounts that the platform makes itself are taken out of the chart's pods.
    ///
    /// ## Why
    /// With secrets, assets, model caches or task results the agent mounts its own volumes, and removes what the chart has
    /// under the same names and at the same paths.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: secrets-data
    ///     emptyDir: {}
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: credentials
    ///     emptyDir: {}
    /// ```
    ///
    /// ## Fix
    /// Give the volume another name and mount it at another path.
    "VOL105" "reserved-volume" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["agent: shared-storage webhook"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let volumes = pod.field("volumes").map_or(&[][..], Node::items);
    for (index, volume) in volumes.iter().enumerate() {
        let Some(name) = volume.get("name").and_then(Node::as_str) else { continue };
        if r.profile().lists(parameters::RESERVED_VOLUMES, name) {
            let path = pod.path_of("volumes").item(volumes, index).key("name");
            r.report(path, format!("the platform has a volume `{name}` of its own and may remove this one"));
        }
    }
    for container in pod.each_container() {
        let mounts = container.at(&["volumeMounts"]).map_or(&[][..], Node::items);
        for (index, mount) in mounts.iter().enumerate() {
            let Some(at) = mount.get("mountPath").and_then(Node::as_str) else { continue };
            if r.profile().lists(parameters::RESERVED_MOUNT_PATHS, at.trim_end_matches('/')) {
                let path = container.path_of(&["volumeMounts"]).index(index).key("mountPath");
                r.report(path, format!("the platform mounts at `{at}` itself and may remove this mount"));
            }
        }
    }
}
