use super::parts;
use crate::policy::{Check, INFERENCE_PORT, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// A function with a chart should say which port of its service is called.
    ///
    /// ## Why
    /// Where the request has no `inferencePort`, requests go to port 8000.
    ///
    /// ```request service bad
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// ```
    /// ```request service good
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 8000
    /// ```
    ///
    /// ## Fix
    /// Set `inferencePort` to a port of the Service.
    "REQ114" "default-port" {
        levels: Levels::all(Level::Advice),
        fix: None,
        sources: &["control plane: inferencePort is 8000 where it is not given"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    if request.service_name().is_some() && request.service_port().is_none() {
        let message = format!("no inferencePort is given, requests go to port {INFERENCE_PORT}");
        r.report_field(&request.body, parts::field("inferencePort"), message);
    }
}
