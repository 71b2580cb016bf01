use super::layout::{images, versions, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// A runtime image has versions, and each says its repository and tag.
    ///
    /// ## Why
    /// Without them there is nothing to pull, and no deployment can use the image.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: ""}
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
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Write `versions`, and in each `image.repository` and `image.tag`; a number in quotes.
    "H2O005" "incomplete-version" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images: versions, image.repository and image.tag"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values).iter().filter(|image| matches!(image.node.data, Data::Map(_))) {
        let list = image.node.get("versions").map(|node| &node.data);
        if !matches!(list, Some(Data::Seq(items)) if !items.is_empty()) {
            let message =
                format!("runtime image `{}` has no versions, it must have a list of them", image.key);
            r.report(image.path.key("versions"), message);
        }
        for version in versions(image) {
            for field in ["repository", "tag"] {
                let value = version.node.at(&["image", field]).filter(|node| !node.is_null());
                if value.and_then(Node::as_str).is_none_or(|text| text.trim().is_empty()) {
                    let found = value.map_or("none".to_owned(), words);
                    let message =
                        format!("{field} of a version of `{}` is {found}, it must be a text", image.key);
                    r.report(version.path.keys(&["image", field]), message);
                }
            }
        }
    }
}
