use super::layout::{images, images_path};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Data;

declare_rule! {
    /// Runtime images are a map, and each id stands in it once.
    ///
    /// ## Why
    /// An image is known by its key. Of two that have the same one, the later takes the place of the earlier without a word, and its
    /// versions with it.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           displayName: Scorer
    ///           state: ACTIVE
    ///           versions: [{image: {repository: scorer, tag: v1.5.4}, state: ACTIVE}]
    ///         scorer-image:
    ///           displayName: Other scorer
    ///           state: ACTIVE
    ///           versions: [{image: {repository: other, tag: v1.5.4}, state: ACTIVE}]
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           displayName: Scorer
    ///           state: ACTIVE
    ///           versions: [{image: {repository: scorer, tag: v1.5.4}, state: ACTIVE}]
    ///         other-image:
    ///           displayName: Other scorer
    ///           state: ACTIVE
    ///           versions: [{image: {repository: other, tag: v1.5.4}, state: ACTIVE}]
    /// ```
    ///
    /// ## Fix
    /// Give each image an id of its own.
    "H2O001" "malformed-runtime-images" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images: unique runtime image ID"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let path = images_path();
    if let Some(node) =
        path.lookup(&values.node).filter(|node| !node.is_null() && !matches!(node.data, Data::Map(_)))
    {
        r.report(path.clone(), format!("runtime images are {}, they must be a map by id", node.kind_name()));
    }
    for image in images(values).iter().filter(|image| !matches!(image.node.data, Data::Map(_))) {
        let message =
            format!("runtime image `{}` is {}, it must be a map", image.key, image.node.kind_name());
        r.report(image.path.clone(), message);
    }
    for key in values.repeated_in(&path) {
        let message =
            format!("the id of runtime image `{}` stands here again, after line {}", key.key(), key.first);
        r.report_repeated(key, message);
    }
}
