use super::layout::{Item, images, runtimes, versions};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};

declare_rule! {
    /// A runtime that is enabled and active has an image that can be used.
    ///
    /// ## Why
    /// Of a disabled image, or one without an active version, nothing new can be deployed.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           state: DISABLED
    ///           stateReason: CVE-2024-12345
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           state: DISABLED
    ///           stateReason: CVE-2024-12345
    ///       runtimes:
    ///         scorer:
    ///           enabled: false
    /// ```
    ///
    /// ## Fix
    /// Disable the runtime too, or name an image with an active version.
    "H2O014" "disabled-runtime-image" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: states of an image against those of the runtimes that name it"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let images = images(values);
    for runtime in runtimes(values) {
        let is_enabled = runtime.get("enabled").is_none_or(|enabled| enabled.as_bool() != Some(false));
        let named = runtime.text("runtimeImage").filter(|_| is_enabled && runtime.is_active());
        let Some(image) = named.and_then(|name| images.iter().find(|image| image.key == name)) else {
            continue;
        };
        let versions = versions(image);
        let why = if image.text("state") == Some("DISABLED") {
            "is disabled"
        } else if !versions.is_empty() && !versions.iter().any(Item::is_active) {
            "has no active version"
        } else {
            continue;
        };
        let message = format!("runtime `{}` is active, but its image `{}` {why}", runtime.key, image.key);
        r.report(runtime.path.key("runtimeImage"), message);
    }
}
