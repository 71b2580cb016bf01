use super::layout::{volumes, words};
use crate::diagnostic::Severity;
use crate::kubernetes::Quantity;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, parameters};
use crate::yaml::Node;

declare_rule! {
    /// Volumes are of a type that is documented, an ephemeral one with its size.
    ///
    /// ## Why
    /// Documented are `emptyDir` and `ephemeral`. An ephemeral volume is a claim, and a claim asks for an amount.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           volumes:
    ///             scratch: {type: ephemeral, writable: true, properties: {}, paths: [/scratch]}
    /// ```
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           volumes:
    ///             scratch: {type: hostPath, writable: true, paths: [/scratch]}
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           volumes:
    ///             scratch:
    ///               type: ephemeral
    ///               writable: true
    ///               properties:
    ///                 size: 1Gi
    ///               paths: [/scratch]
    /// ```
    ///
    /// ## Fix
    /// Write `type: emptyDir`, or `type: ephemeral` with `properties.size`.
    "H2O019" "undocumented-volume-type" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes and default volumes: type emptyDir, type ephemeral with properties.size"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let known = r.profile().list(parameters::RUNTIME_VOLUME_TYPES);
    for volume in volumes(values) {
        let Some(name) = volume.text("type") else {
            let found = volume.get("type").map_or("none".to_owned(), words);
            let message =
                format!("type of volume `{}` is {found}, it may be {}", volume.key, known.join(" or "));
            r.report(volume.path.key("type"), message);
            continue;
        };
        if !known.iter().any(|known| known == name) {
            let message = format!(
                "type of volume `{}` is `{name}`; documented are {}",
                volume.key,
                known.join(" and ")
            );
            r.report(volume.path.key("type"), message).lowered();
        }
        let size = volume.node.at(&["properties", "size"]).filter(|node| !node.is_null());
        if name == "ephemeral" && size.and_then(amount).is_none() {
            let found = size.map_or("none".to_owned(), words);
            let message =
                format!("size of the ephemeral volume `{}` is {found}, it must be an amount", volume.key);
            r.report(volume.path.keys(&["properties", "size"]), message);
        }
    }
}

fn amount(node: &Node) -> Option<Quantity> {
    let text = node.as_str().map(str::to_owned);
    Quantity::parse(&text.or_else(|| node.as_i64().map(|number| number.to_string()))?)
}
