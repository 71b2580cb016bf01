use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::values::{Clash, Conflict};

declare_rule! {
    /// A null that is to take a value away should do so.
    ///
    /// ## Why
    /// A null in the user's values takes away what a chart sets. One in the values of a chart that is to take away what a chart
    /// below it sets does not: Helm 4 keeps the value of the dependency.
    ///
    /// ```chart bad
    /// --- values.yaml
    /// cache:
    ///   probe: null
    /// --- charts/cache/Chart.yaml
    /// apiVersion: v2
    /// name: cache
    /// version: 1.0.0
    /// --- charts/cache/values.yaml
    /// probe:
    ///   path: /
    /// --- charts/cache/templates/config.yaml
    /// probe: {{ toJson .Values.probe }}
    /// ```
    /// ```chart good
    /// --- charts/cache/Chart.yaml
    /// apiVersion: v2
    /// name: cache
    /// version: 1.0.0
    /// --- charts/cache/values.yaml
    /// probe:
    ///   path: /
    /// --- charts/cache/templates/config.yaml
    /// probe: {{ toJson .Values.probe }}
    /// ```
    ///
    /// ## Fix
    /// Set the null in a values file of the user, or set what the dependency takes for off.
    "VAL107" "kept-null" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm 4 keeps what a dependency sets in spite of the null of a chart above it"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for Conflict { clash, value, excerpt } in &chart.oddities.conflicts {
        if *clash == Clash::Null {
            let message = format!("the null in `{}` takes nothing away", value.path.to_set_expression());
            r.report_set(value, excerpt.as_deref(), message);
        }
    }
}
