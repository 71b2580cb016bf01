use super::layout::{images, semantic, versions};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A version whose tag is no semantic version says its version.
    ///
    /// ## Why
    /// The version is taken from the tag where it is not written. From `latest` or `nightly` there is none to take.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: nightly}
    ///               state: ACTIVE
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: nightly}
    ///               version: v1.6.0
    ///               state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Write `version` with a semantic version, or use a tag that is one.
    "H2O006" "underivable-version" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images: the version is extracted from the tag where it is omitted"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values) {
        for version in versions(&image) {
            let tag = version
                .node
                .at(&["image", "tag"])
                .and_then(Node::as_str)
                .filter(|tag| !tag.trim().is_empty());
            let is_written = version.get("version").is_some_and(|version| version.as_str() != Some(""));
            if let Some(tag) = tag.filter(|tag| !is_written && semantic(tag).is_none()) {
                let message = format!("tag `{tag}` is no semantic version, so `version` must say one");
                r.report(version.path.keys(&["image", "tag"]), message);
            }
        }
    }
}
