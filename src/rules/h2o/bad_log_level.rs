use super::layout::{defaults, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};

declare_rule! {
    /// The log level is a text.
    ///
    /// ## Why
    /// It is handed to the containers of runtimes. The samples have `INFO`; no list of levels is documented.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         logLevel: ""
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         logLevel: INFO
    /// ```
    ///
    /// ## Fix
    /// Write a level such as `INFO`, or leave the key out.
    "H2O023" "bad-log-level" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, default resource limits: default log level for runtime containers"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let Some(defaults) = defaults(values) else { return };
    let level = defaults.get("logLevel").filter(|_| defaults.text("logLevel").is_none());
    if let Some(level) = level {
        r.report(defaults.path.key("logLevel"), format!("log level is {}, it must be a text", words(level)));
    }
}
