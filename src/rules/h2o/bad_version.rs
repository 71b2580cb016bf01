use super::layout::{images, semantic, versions, words};
use crate::diagnostic::Severity;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A version is a semantic version, the one of its tag.
    ///
    /// ## Why
    /// Deployments are brought from version to version by it. One that differs from a tag that is a version itself misleads.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: nightly}
    ///               version: newest
    ///               state: ACTIVE
    /// ```
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.6.0}
    ///               version: v1.5.4
    ///               state: ACTIVE
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.6.0}
    ///               version: v1.6.0
    ///               state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Write the version as `v1.2.3`, and the same as in the tag.
    "H2O007" "bad-version" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images: explicit semantic version"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values) {
        for version in versions(&image) {
            let Some(written) = version.get("version").filter(|version| version.as_str() != Some("")) else {
                continue;
            };
            let path = version.path.key("version");
            let Some(own) = written.as_str().and_then(semantic) else {
                r.report(path, format!("version is {}, it must be a semantic version", words(written)));
                continue;
            };
            let tag = version.node.at(&["image", "tag"]).and_then(Node::as_str);
            let differs = |tag: &&str| semantic(tag).is_some_and(|tag| tag.to_string() != own.to_string());
            if let Some(tag) = tag.filter(differs) {
                r.report(path, format!("version is {own}, but the tag says `{tag}`")).lowered();
            }
        }
    }
}
