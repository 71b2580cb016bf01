use super::layout::{images, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Data;

declare_rule! {
    /// A runtime image has a name to be shown.
    ///
    /// ## Why
    /// Users pick images by their display name. One without is a blank line to them.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           displayName: ""
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           displayName: H2O-3 MOJO Scorer
    /// ```
    ///
    /// ## Fix
    /// Write a `displayName` that says what the image is for.
    "H2O002" "missing-display-name" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images: display name in UI"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values) {
        if image.text("displayName").is_none() && matches!(image.node.data, Data::Map(_)) {
            let found = image.get("displayName").map_or("none".to_owned(), words);
            let message =
                format!("display name of runtime image `{}` is {found}, it must be a text", image.key);
            r.report(image.path.key("displayName"), message);
        }
    }
}
