use super::layout::{Item, global, images, versions, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// There is a global registry where an image has none of its own.
    ///
    /// ## Why
    /// An image without a registry is pulled from `global.imageRegistry`. Without that one, nobody knows from where.
    ///
    /// ```yaml bad
    /// global:
    ///   imageRegistry: ""
    /// ```
    /// ```yaml good
    /// global:
    ///   imageRegistry: registry.example.com
    /// ```
    ///
    /// ## Fix
    /// Set `global.imageRegistry`, or the `registry` of each image.
    "H2O010" "missing-image-registry" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, image pull secrets and registry allowlist: the global registry is always included"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let path = global("imageRegistry");
    let registry = path.lookup(&values.node).filter(|node| !node.is_null());
    if registry.and_then(Node::as_str).is_some_and(|name| !name.trim().is_empty()) {
        return;
    }
    let is_bare = |version: &Item<'_>| {
        let own = version.node.at(&["image", "registry"]).filter(|node| !node.is_null());
        version.node.get("image").is_some() && own.is_none_or(|own| own.as_str() == Some(""))
    };
    let bare = images(values).into_iter().find(|image| versions(image).iter().any(is_bare));
    if let Some(image) = bare {
        let found = registry.map_or("not set".to_owned(), words);
        r.report(
            path,
            format!("global registry is {found}, and runtime image `{}` has none of its own", image.key),
        );
    }
}
