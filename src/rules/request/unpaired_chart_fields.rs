use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// A function with a chart names its service, and nothing that belongs to a container.
    ///
    /// ## Why
    /// The control plane refuses `helmChart` without `helmChartServiceName` and the other way round, and a chart beside an
    /// image, its arguments or its environment.
    ///
    /// ```request service bad
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 8000
    /// containerImage: registry.example.com/app:1.0
    /// ```
    /// ```request good
    /// name: web
    /// ```
    ///
    /// ## Fix
    /// Remove the fields of the container; set what they said in the values.
    "REQ106" "unpaired-chart-fields" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["control plane: validation of function and task requests"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let body = &request.body;
    let chart = request.text("helmChart").is_some();
    if !chart && request.service_name().is_some() {
        r.report_field(
            body,
            parts::field("helmChartServiceName"),
            "helmChartServiceName is set without helmChart",
        );
    }
    if !chart {
        return;
    }
    if !request.is_task() && request.service_name().is_none() {
        let path = parts::field("helmChartServiceName");
        r.report_field(body, path, "helmChart is set without helmChartServiceName");
    }
    for field in ["containerImage", "containerArgs"] {
        if request.text(field).is_some() {
            r.report_field(body, parts::field(field), format!("{field} is set beside helmChart"));
        }
    }
    if body.node.get("containerEnvironment").is_some_and(|node| !node.is_null()) {
        let path = parts::field("containerEnvironment");
        r.report_field(body, path, "containerEnvironment is set beside helmChart");
    }
}
