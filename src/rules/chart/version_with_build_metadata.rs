use crate::diagnostic::Severity;
use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// The version of a chart should not contain a plus.
    ///
    /// ## Why
    /// Tags of OCI registries cannot hold one. Helm pushes `1.0.0+5` as `1.0.0_5`, and who asks for the version as it is
    /// written does not find it. It is a warning where the request has an `oci://` address.
    ///
    /// ```yaml bad
    /// version: 1.0.0+5
    /// ```
    /// ```yaml good
    /// version: 1.0.0
    /// ```
    ///
    /// ## Fix
    /// Leave the part after the plus out, or write `_` for `+` in the chart's `oci://` address.
    "CHT102" "version-with-build-metadata" {
        levels: Levels::all(Level::Warning),
        lowered_to: Some(Severity::Advice),
        fix: None,
        sources: &["control plane: patterns of OCI registries"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let version = chart.text("version");
    if version.contains('+') {
        let request = r.subject().request.as_ref().and_then(|request| request.text("helmChart"));
        let is_oci = request.is_some_and(|address| address.to_ascii_lowercase().starts_with("oci:"));
        let message = format!("chart version `{version}` contains a plus");
        let finding = r.report(FieldPath::root().key("version"), message);
        if !is_oci {
            finding.lowered();
        }
    }
}
