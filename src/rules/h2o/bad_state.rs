use super::layout::{Item, images, runtimes, versions, words};
use crate::diagnostic::{Applicability, Severity};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, set};
use crate::suggest;
use crate::yaml::Data;

declare_rule! {
    /// A state is ACTIVE, DEPRECATED or DISABLED, in upper case.
    ///
    /// ## Why
    /// Images, their versions and runtimes have states. Another word is refused when the deployment server starts. Every sample
    /// writes the state; one that is missing is a matter of advice.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           state: active
    /// ```
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: ACTIVE
    ///             - image: {repository: scorer, tag: v1.6.0}
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Write one of the three words in upper case.
    "H2O003" "bad-state" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Advice),
        fix: Some(Applicability::Safe),
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtime images and runtimes: ACTIVE, DEPRECATED, or DISABLED"],
        check: Check::Values(check),
    }
}

const STATES: [&str; 3] = ["ACTIVE", "DEPRECATED", "DISABLED"];

fn check(values: &Values, r: &mut Reporter<'_>) {
    for image in images(values) {
        look(&image, &format!("runtime image `{}`", image.key), r);
        for version in versions(&image) {
            look(&version, &format!("a version of runtime image `{}`", image.key), r);
        }
    }
    for runtime in runtimes(values) {
        look(&runtime, &format!("runtime `{}`", runtime.key), r);
    }
}

fn look(item: &Item<'_>, what: &str, r: &mut Reporter<'_>) {
    if !matches!(item.node.data, Data::Map(_)) {
        return;
    }
    let path = item.path.key("state");
    let Some(state) = item.get("state") else {
        r.report(path, format!("{what} has no state, it may be {}", STATES.join(", "))).lowered();
        return;
    };
    let word = state.as_str().map(str::trim);
    if state.as_str().is_some_and(|word| STATES.contains(&word)) {
        return;
    }
    let message = format!("state of {what} is {}, it must be ACTIVE, DEPRECATED or DISABLED", words(state));
    let finding = r.report(path.clone(), message);
    let meant = word.and_then(|word| STATES.iter().find(|known| known.eq_ignore_ascii_case(word)));
    if let Some(meant) = meant {
        finding.fix([set(&path, *meant)]);
    } else if let Some(near) = word.and_then(|word| suggest::closest(word, STATES)) {
        finding.help(format!("did you mean `{near}`?"));
    }
}
