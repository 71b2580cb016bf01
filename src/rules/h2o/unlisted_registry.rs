use super::layout::{global, images, registries, versions, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::suggest;
use crate::yaml::Node;

declare_rule! {
    /// Images come from registries that are listed.
    ///
    /// ## Why
    /// Images from registries that are listed nowhere are rejected when deployments or versions are made, those from public registries
    /// too. The name must be the exact host, with its port if it has one and without a path.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4, registry: quay.io}
    ///               state: ACTIVE
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4, registry: ghcr.io}
    ///               state: ACTIVE
    ///     config:
    ///       runtime:
    ///         registries:
    ///           - name: ghcr.io
    ///             secrets: [ghcr-secret]
    /// ```
    ///
    /// ## Fix
    /// Add the registry to `config.deployer.config.runtime.registries`, or use one that is there.
    "H2O009" "unlisted-registry" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, image pull secrets and registry allowlist: images from unlisted registries are rejected"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let registries = registries(values);
    let mut listed: Vec<&str> = registries.iter().filter_map(|registry| registry.text("name")).collect();
    listed.extend(
        global("imageRegistry").lookup(&values.node).and_then(Node::as_str).filter(|name| !name.is_empty()),
    );
    for image in images(values) {
        for version in versions(&image) {
            let registry = version.node.at(&["image", "registry"]).filter(|node| !node.is_null());
            let Some(node) = registry.filter(|node| node.as_str() != Some("")) else { continue };
            let name = node.as_str().unwrap_or_default();
            if listed.contains(&name) {
                continue;
            }
            let message = format!("registry {} of runtime image `{}` is not listed", words(node), image.key);
            let finding = r.report(version.path.keys(&["image", "registry"]), message);
            if let Some(host) = host(name).filter(|host| listed.contains(host)) {
                finding.help(format!("write the host alone, `{host}`"));
            } else if let Some(near) = suggest::closest(name, listed.iter().copied()) {
                finding.help(format!("did you mean `{near}`? otherwise list the registry"));
            }
        }
    }
}

/// The host of a name that says more.
fn host(name: &str) -> Option<&str> {
    name.split_once("://").map_or(name, |(_, rest)| rest).split('/').next()
}
