use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// A chart that is deployed must be an application, not a library.
    ///
    /// ## Why
    /// A library renders nothing; Helm and the service refuse to install it.
    ///
    /// ```yaml bad
    /// type: library
    /// ```
    /// ```yaml good
    /// type: application
    /// ```
    ///
    /// ## Fix
    /// Set `type: application`, or deploy a chart that depends on this one.
    "CHT104" "library-chart" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["service: checkIfInstallable"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let kind = chart.text("type");
    if !matches!(kind, "" | "application") {
        r.report(FieldPath::root().key("type"), format!("chart is of type {kind}, it must be application"));
    }
}
