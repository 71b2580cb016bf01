use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// Templates must not ask the cluster or the name service.
    ///
    /// ## Why
    /// The service renders away from any cluster: `lookup` gives nothing and `getHostByName` an empty string, whatever is
    /// there.
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
    for file in &chart.templates {
        for action in super::actions(file.text()) {
            for function in ["lookup", "getHostByName"] {
                for offset in super::calls(file.text(), &action, function) {
                    r.report_in(file, offset, format!("`{function}` finds nothing on the platform"));
                }
            }
        }
    }
}
