use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A volume must have one source.
    ///
    /// ## Why
    /// Kubernetes refuses a volume with two. The service looks at the first that it allows, and so a hostPath behind an
    /// emptyDir passes it unseen and fails on the cluster.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: models
    ///     emptyDir: {}
    ///     hostPath:
    ///       path: /models
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: models
    ///     emptyDir: {}
    /// ```
    ///
    /// ## Fix
    /// Keep the source that is meant.
    "VOL104" "several-volume-sources" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Warning },
        fix: None,
        sources: &["Kubernetes: may not specify more than 1 volume type"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let volumes = pod.field("volumes").map_or(&[][..], Node::items);
    for (index, volume) in volumes.iter().enumerate() {
        let sources = super::sources::sources(volume);
        if let [_, second, ..] = sources[..] {
            let path = pod.path_of("volumes").item(volumes, index).key(second);
            let name = volume.get("name").and_then(Node::as_str).unwrap_or_default();
            r.report(
                path,
                format!("volume `{name}` is {} at once, it must be one thing", sources.join(" and ")),
            );
        }
    }
}
