use super::layout::runtimes_path;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A runtime that is taken out of the values is disabled, not deleted.
    ///
    /// ## Why
    /// Runtimes from Helm cannot be deleted: the deployment server disables those that are gone from the values. With `--previous` the
    /// values are compared with those before.
    ///
    /// ```values previous bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           modelType: dai_mojo
    ///           runtimeImage: scorer-image
    /// ---
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer: null
    /// ```
    /// ```values previous good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           enabled: true
    /// ---
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           enabled: false
    /// ```
    ///
    /// ## Fix
    /// Keep the runtime with `enabled: false` where its end is meant, so that the values say what is there.
    "H2O026" "removed-runtime" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, removing a runtime from values.yaml and redeploying the chart disables it rather than deleting it"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let Some(previous) = &values.previous else { return };
    let path = runtimes_path();
    let now = path.lookup(&values.node);
    for old in path.lookup(previous).map_or(&[][..], Node::entries).iter().filter(|old| !old.value.is_null())
    {
        if now.and_then(|now| now.get(&old.key)).is_none_or(Node::is_null) {
            let message =
                format!("runtime `{}` is gone from the values; it is disabled, not deleted", old.key);
            r.report(path.key(&old.key), message);
        }
    }
}
