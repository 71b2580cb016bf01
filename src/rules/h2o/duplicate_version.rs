use crate::diagnostic::Severity;
use std::collections::BTreeSet;

use super::layout::{Item, images, version_of, versions};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};

declare_rule! {
    /// A runtime image has each version once, and an active one if it is active itself.
    ///
    /// ## Why
    /// A deployment names image and version. Of two that are the same nobody can say which runs; an active image without an active
    /// version offers nothing.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: ACTIVE
    ///             - image: {repository: scorer, tag: nightly}
    ///               version: 1.5.4
    ///               state: ACTIVE
    /// ```
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           state: ACTIVE
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: DISABLED
    ///               stateReason: CVE-2024-12345
    ///         spare-image:
    ///           displayName: Spare
    ///           state: ACTIVE
    ///           versions: [{image: {repository: spare, tag: v1.5.4}, state: ACTIVE}]
    ///       runtimes:
    ///         scorer:
    ///           runtimeImage: spare-image
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: DEPRECATED
    ///               stateReason: Superseded by v1.6.0
    ///             - image: {repository: scorer, tag: v1.6.0}
    ///               state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Take one of the two out, or make a version active.
    "H2O008" "duplicate-version" {
        levels: Levels::all(Level::Warning),
        lowered_to: Some(Severity::Advice),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, multiple versions: successive releases of the same scorer"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values) {
        let versions = versions(&image);
        let mut seen = BTreeSet::new();
        for version in &versions {
            let Some(number) = version_of(version).map(|version| version.to_string()) else { continue };
            if !seen.insert(number.clone()) {
                let field = if version.text("version").is_some() { "version" } else { "image" };
                let message = format!("runtime image `{}` has version {number} already", image.key);
                r.report(version.path.key(field), message);
            }
        }
        if image.is_active() && !versions.is_empty() && !versions.iter().any(Item::is_active) {
            let message = format!("runtime image `{}` is active and has no active version", image.key);
            r.report(image.path.key("versions"), message).lowered();
        }
    }
}
