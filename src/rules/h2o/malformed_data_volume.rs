use super::layout::{Item, defaults, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Data;

declare_rule! {
    /// The default data volume has a type and properties.
    ///
    /// ## Why
    /// Every runtime gets it. Its type is a text, its properties a map.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         dataVolume:
    ///           type: emptyDir
    ///           properties: []
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         dataVolume:
    ///           type: emptyDir
    ///           properties: {}
    /// ```
    ///
    /// ## Fix
    /// Write `type` and, where there are any, `properties` as a map.
    "H2O024" "malformed-data-volume" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, default resource limits: default data volume configuration"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let Some(defaults) = defaults(values) else { return };
    let Some(node) = defaults.get("dataVolume") else { return };
    let path = defaults.path.key("dataVolume");
    if !matches!(node.data, Data::Map(_)) {
        r.report(path, format!("the data volume is {}, it must be a map", node.kind_name()));
        return;
    }
    let volume = Item { key: "dataVolume", path, node };
    if volume.text("type").is_none() {
        let found = volume.get("type").map_or("none".to_owned(), words);
        r.report(volume.path.key("type"), format!("type of the data volume is {found}, it must be a text"));
    }
    let properties = volume.get("properties").filter(|properties| !matches!(properties.data, Data::Map(_)));
    if let Some(properties) = properties {
        let message =
            format!("properties of the data volume are {}, they must be a map", properties.kind_name());
        r.report(volume.path.key("properties"), message);
    }
}
