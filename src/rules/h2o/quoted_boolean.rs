use super::layout::{Item, runtimes, volumes, words};
use crate::diagnostic::Applicability;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule, set};

declare_rule! {
    /// Switches of runtimes and volumes are booleans.
    ///
    /// ## Why
    /// In quotes `"false"` is a text, and a text that is not empty counts as true wherever a template asks.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           writableVolume: "true"
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           writableVolume: true
    /// ```
    ///
    /// ## Fix
    /// Write `true` or `false` without quotes.
    "H2O015" "quoted-boolean" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: enabled, writableVolume, volumes.*.writable"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for runtime in runtimes(values) {
        look(&runtime, "enabled", r);
        look(&runtime, "writableVolume", r);
    }
    for volume in volumes(values) {
        look(&volume, "writable", r);
    }
}

fn look(item: &Item<'_>, field: &str, r: &mut Reporter<'_>) {
    let Some(value) = item.get(field).filter(|value| value.as_bool().is_none()) else { return };
    let path = item.path.key(field);
    let finding = r
        .report(path.clone(), format!("{field} of `{}` is {}, it must be a boolean", item.key, words(value)));
    let meant = match value.as_str().map(|text| text.trim().to_lowercase()).as_deref() {
        Some("true") => true,
        Some("false") => false,
        _ => return,
    };
    finding.fix([set(&path, meant)]);
}
