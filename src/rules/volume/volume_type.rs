use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// Volumes may be of the types configMap, secret, persistentVolumeClaim, emptyDir and projected only.
    ///
    /// ## Why
    /// Every other type reaches the node's files or devices, or a storage that the platform does not manage. Claim templates
    /// of a StatefulSet are claims, and allowed.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: models
    ///     hostPath:
    ///       path: /models
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: models
    ///     persistentVolumeClaim:
    ///       claimName: models
    /// ```
    ///
    /// ## Fix
    /// Use a persistentVolumeClaim for data that stays and an emptyDir for data that may go.
    "VOL101" "volume-type" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: None,
        sources: &["page: the only allowed pod or pod template volume types", "service: validateVolumes"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let volumes = pod.field("volumes").map_or(&[][..], Node::items);
    let allowed = r.profile().list(parameters::VOLUME_TYPES);
    for (index, volume) in volumes.iter().enumerate() {
        let sources = super::sources::sources(volume);
        if sources.iter().any(|source| allowed.iter().any(|name| name == source)) {
            continue;
        }
        let Some(source) = sources.first() else { continue };
        let path = pod.path_of("volumes").item(volumes, index).key(*source);
        let name = volume.get("name").and_then(Node::as_str).unwrap_or_default();
        r.report(
            path,
            format!("volume `{name}` is of type {source}, it must be one of {}", allowed.join(", ")),
        );
    }
}
