use super::layout::{runtimes, words};
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};

declare_rule! {
    /// The version of the scoring endpoint is a text.
    ///
    /// ## Why
    /// It becomes part of an address. The one that is known is `v1`.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           scoringEndpoint: 1
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     composition:
    ///       runtimes:
    ///         scorer:
    ///           scoringEndpoint: v1
    /// ```
    ///
    /// ## Fix
    /// Write `scoringEndpoint: "v1"`.
    "H2O016" "bad-scoring-endpoint" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, runtimes: scoring API endpoint version"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    for runtime in runtimes(values) {
        let endpoint = runtime.get("scoringEndpoint");
        if let Some(endpoint) = endpoint.filter(|_| runtime.text("scoringEndpoint").is_none()) {
            let message = format!(
                "scoring endpoint of runtime `{}` is {}, it must be a text",
                runtime.key,
                words(endpoint)
            );
            r.report(runtime.path.key("scoringEndpoint"), message);
        }
    }
}
