use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, PodSpec, Reporter, declare_rule, remove};
use crate::yaml::Node;

declare_rule! {
    /// Pull secrets must have a name.
    ///
    /// ## Why
    /// The platform adds its pull secrets to those of the chart. An item without a name is what a missing value leaves in a
    /// template, and stays as an empty item.
    ///
    /// ```yaml bad
    /// imagePullSecrets:
    ///   - name: ""
    /// ```
    /// ```yaml good
    /// imagePullSecrets:
    ///   - name: registry
    /// ```
    ///
    /// ## Fix
    /// Leave `imagePullSecrets` out; credentials are given to the platform.
    "POD115" "empty-pull-secret" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["page: pod specs are updated with pull secrets at runtime", "agent: mutating webhook"],
        check: Check::PodSpec(check),
    }
}

fn check(pod: &PodSpec<'_>, r: &mut Reporter<'_>) {
    let secrets = pod.field("imagePullSecrets").map_or(&[][..], Node::items);
    for (index, secret) in secrets.iter().enumerate() {
        let name = secret.get("name").and_then(Node::as_str).unwrap_or_default();
        if name.is_empty() {
            let path = pod.path_of("imagePullSecrets").index(index);
            r.report(path.clone(), "pull secret has no name").fix([remove(&path)]);
        }
    }
}
