use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::template::calls::Call;

declare_rule! {
    /// Templates must not ask the cluster or the name service.
    ///
    /// ## Why
    /// The service renders away from any cluster: `lookup` gives nothing and `getHostByName` an empty string, whatever is
    /// there. What the chart does not execute with these values is not told.
    ///
    /// ```template bad
    /// {{ if lookup "v1" "Secret" .Release.Namespace "token" }}{{ end }}
    /// ```
    /// ```template good
    /// {{ if .Values.token }}{{ end }}
    /// ```
    ///
    /// ## Fix
    /// Take what the template must know from values.
    "TPL101" "cluster-lookup" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["service: ClientOnly, and EnableDNS is false"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    for call in chart.calls.iter().filter(|call| is_meant(&call.call)) {
        r.report_call(chart, call, format!("`{}` finds nothing on the platform", call.call.function));
    }
}

/// Whether a call asks the cluster or the name service.
pub fn is_meant(call: &Call) -> bool {
    FUNCTIONS.contains(&call.function)
}

/// The functions that ask them.
pub const FUNCTIONS: [&str; 2] = ["lookup", "getHostByName"];
