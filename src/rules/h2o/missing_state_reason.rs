use super::layout::{Item, images, runtimes, versions, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};

declare_rule! {
    /// What is not active says why.
    ///
    /// ## Why
    /// The reason is what users read who wonder where an image went. It is optional, and a text.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: DEPRECATED
    ///             - image: {repository: scorer, tag: v1.6.0}
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
    ///               state: DEPRECATED
    ///               stateReason: Superseded by v1.6.0
    ///             - image: {repository: scorer, tag: v1.6.0}
    ///               state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Write a `stateReason`.
    "H2O004" "missing-state-reason" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images: optional reason for the state"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values) {
        look(&image, r);
        for version in versions(&image) {
            look(&version, r);
        }
    }
    for runtime in runtimes(values) {
        look(&runtime, r);
    }
}

fn look(item: &Item<'_>, r: &mut Reporter<'_>) {
    let path = item.path.key("stateReason");
    match item.get("stateReason") {
        Some(reason) if reason.as_str().is_none() => {
            r.report(path, format!("the reason of a state is {}, it must be a text", words(reason)));
        }
        _ => {
            let state = item.text("state").filter(|state| matches!(*state, "DEPRECATED" | "DISABLED"));
            if let Some(state) = state.filter(|_| item.text("stateReason").is_none()) {
                r.report(path, format!("the state is {state} and nobody says why"));
            }
        }
    }
}
