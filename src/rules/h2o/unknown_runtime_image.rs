use super::layout::{images, runtimes};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::suggest;

declare_rule! {
    /// A runtime names an image that is there.
    ///
    /// ## Why
    /// The image is found by its key below `runtimeImages`. A name that is no key there leads nowhere, and no deployment of the runtime
    /// starts.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           runtimeImage: scorer-imag
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           runtimeImage: scorer-image
    /// ```
    ///
    /// ## Fix
    /// Name a key of `config.deployer.composition.runtimeImages`.
    "H2O013" "unknown-runtime-image" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: runtimeImage references runtimeImages key"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let images = images(values);
    for runtime in runtimes(values) {
        let Some(name) = runtime.text("runtimeImage") else { continue };
        if images.iter().any(|image| image.key == name) {
            continue;
        }
        let message = format!("runtime `{}` names the image `{name}`, which is not there", runtime.key);
        let finding = r.report(runtime.path.key("runtimeImage"), message);
        if let Some(near) = suggest::closest(name, images.iter().map(|image| image.key)) {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}
