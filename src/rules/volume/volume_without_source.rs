use serde_json::json;

use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, set};
use crate::yaml::Node;

declare_rule! {
    /// A volume must say what it is.
    ///
    /// ## Why
    /// Kubernetes makes an emptyDir of a volume with nothing but a name; the service refuses it.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: cache
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: cache
    ///     emptyDir: {}
    /// ```
    ///
    /// ## Fix
    /// Write `emptyDir: {}`.
    "VOL103" "volume-without-source" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: Some(Applicability::Safe),
        sources: &["service: validateVolumes"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let volumes = pod.field("volumes").map_or(&[][..], Node::items);
    for (index, volume) in volumes.iter().enumerate() {
        if super::sources::sources(volume).is_empty() {
            let path = pod.path_of("volumes").item(volumes, index);
            let name = volume.get("name").and_then(Node::as_str).unwrap_or_default();
            r.report(path.clone(), format!("volume `{name}` does not say what it is"))
                .fix([set(&path.key("emptyDir"), json!({}))]);
        }
    }
}
