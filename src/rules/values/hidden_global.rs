use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::values::{Clash, Conflict};

declare_rule! {
    /// A global should not be set below a dependency where it is set above it.
    ///
    /// ## Why
    /// Globals go down the tree of charts, and the one from above wins: what stands below the name of a dependency in `global` has
    /// no effect as soon as a chart above it says the same key.
    ///
    /// ```chart bad
    /// --- values.yaml
    /// global:
    ///   registry: docker.io
    /// cache:
    ///   global:
    ///     registry: example.com
    /// --- templates/config.yaml
    /// registry: {{ .Values.global.registry }}
    /// --- charts/cache/Chart.yaml
    /// apiVersion: v2
    /// name: cache
    /// version: 1.0.0
    /// --- charts/cache/templates/config.yaml
    /// registry: {{ .Values.global.registry }}
    /// ```
    /// ```chart good
    /// --- values.yaml
    /// global:
    ///   registry: docker.io
    /// --- templates/config.yaml
    /// registry: {{ .Values.global.registry }}
    /// --- charts/cache/Chart.yaml
    /// apiVersion: v2
    /// name: cache
    /// version: 1.0.0
    /// --- charts/cache/templates/config.yaml
    /// registry: {{ .Values.global.registry }}
    /// ```
    ///
    /// ## Fix
    /// Set it in the `global` of the top chart, or use a key of the dependency that is no global.
    "VAL108" "hidden-global" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm lets the globals of a parent win"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for Conflict { clash, value, excerpt } in &chart.oddities.conflicts {
        if *clash == Clash::Global {
            let path = value.path.to_set_expression();
            let message = format!("`{path}` has no effect: the same global is set above it");
            r.report_set(value, excerpt.as_deref(), message);
        }
    }
}
