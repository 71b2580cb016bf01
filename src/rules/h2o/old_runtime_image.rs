use std::cmp::Ordering;

use super::layout::{Item, images, runtimes, semantic, version_of, versions};
use crate::go::semver::Version;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, parameters};

declare_rule! {
    /// Runtimes use images that belong to the version of H2O MLOps.
    ///
    /// ## Why
    /// From 0.69.0 on all runtime images must be updated to at least those that were released with that version: 1.5.3 for 0.69.0, 1.5.4
    /// for 0.69.1. With a chart its `appVersion`, or else its `version`, says which; without one the least that 0.69.0 asks for holds.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.4.2}
    ///               state: ACTIVE
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimeImages:
    ///         scorer-image:
    ///           versions:
    ///             - image: {repository: scorer, tag: v1.4.2}
    ///               state: DEPRECATED
    ///               stateReason: Superseded by v1.5.4
    ///             - image: {repository: scorer, tag: v1.5.4}
    ///               state: ACTIVE
    /// ```
    ///
    /// ## Fix
    /// Add the version that was released with H2O MLOps, and deprecate the old one.
    "H2O027" "old-runtime-image" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["page: H2O MLOps, migration guide, from 0.68.x to 0.69.0: all runtime images must be updated to at least version 1.5.3"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let Some((release, least)) = least(values, r) else { return };
    let runtimes = runtimes(values);
    let is_used = |image: &Item<'_>| {
        let uses = |runtime: &Item<'_>| {
            runtime.text("runtimeImage") == Some(image.key)
                && runtime.get("enabled").is_none_or(|enabled| enabled.as_bool() != Some(false))
        };
        runtimes.iter().any(uses)
    };
    for image in images(values).iter().filter(|image| is_used(image)) {
        for version in versions(image).iter().filter(|version| version.is_active()) {
            let own = version_of(version).filter(|own| own.compare(&least) == Ordering::Less);
            if let Some(own) = own {
                let message = format!(
                    "runtime image `{}` has version {own}; {release} wants at least {least}",
                    image.key
                );
                r.report(version.path.keys(&["image", "tag"]), message);
            }
        }
    }
}

/// The least version for the chart: that of the last release which is not after it.
fn least(values: &Values, r: &Reporter<'_>) -> Option<(String, Version)> {
    let rows = r.profile().list(parameters::RUNTIME_IMAGE_VERSIONS).iter();
    let rows = rows.filter_map(|row| {
        let (release, least) = row.split_once(' ')?;
        Some((release.to_owned(), semantic(release)?, semantic(least)?))
    });
    let of_chart = values.version.as_deref().map(Version::parse);
    let mut rows = rows.filter(|(_, release, _)| match &of_chart {
        Some(Ok(chart)) => release.compare(chart) != Ordering::Greater,
        Some(Err(_)) => false,
        None => true,
    });
    // Without a chart the first row is the least that any release asks for.
    let row = if of_chart.is_none() { rows.next() } else { rows.next_back() };
    row.map(|(release, _, least)| (release, least))
}
