use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// The sources of a projected volume may be ConfigMaps and Secrets only.
    ///
    /// ## Why
    /// A projected service account token or the downward API hands the pod what the platform keeps from it.
    ///
    /// ```yaml bad
    /// volumes:
    ///   - name: token
    ///     projected:
    ///       sources:
    ///         - serviceAccountToken:
    ///             path: token
    /// ```
    /// ```yaml good
    /// volumes:
    ///   - name: settings
    ///     projected:
    ///       sources:
    ///         - configMap:
    ///             name: settings
    /// ```
    ///
    /// ## Fix
    /// Remove the source; hand names and labels to the program in environment variables.
    "VOL102" "projected-source" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Error },
        fix: None,
        sources: &["page: projected.sources.* of any of the above", "service: validateVolumes"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let volumes = pod.field("volumes").map_or(&[][..], Node::items);
    let allowed = r.profile().list(parameters::PROJECTED_SOURCES);
    for (index, volume) in volumes.iter().enumerate() {
        let Some(sources) = volume.at(&["projected", "sources"]).map(Node::items) else { continue };
        let name = volume.get("name").and_then(Node::as_str).unwrap_or_default();
        let list = pod.path_of("volumes").item(volumes, index).keys(&["projected", "sources"]);
        for (at, source) in sources.iter().enumerate() {
            let set: Vec<&str> = super::sources::set_fields(source).collect();
            if set.iter().any(|kind| allowed.iter().any(|name| name == kind)) {
                continue;
            }
            let kind = set.first().copied().unwrap_or("nothing");
            let message =
                format!("volume `{name}` projects {kind}, it may project {} only", allowed.join(" and "));
            r.report(list.index(at), message);
        }
    }
}
