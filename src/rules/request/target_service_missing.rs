use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

declare_rule! {
    /// The service that a function calls must be one of the chart's.
    ///
    /// ## Why
    /// Requests go to the Service that `helmChartServiceName` names. Without it the function deploys and answers nothing. The
    /// service does not look where the validation policy adds kinds, whose operators may make the Service later.
    ///
    /// ```request bad
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// ```
    /// ```request service good
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// ```
    ///
    /// ## Fix
    /// Name a Service that the chart renders with the release name `mini-service`.
    "REQ101" "target-service-missing" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Error },
        fix: None,
        sources: &["page: must match the service name of your mini-service", "service: validateReleaseObjects"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let Some(name) = request.service_name().filter(|_| release.subject.extra_kinds.is_empty()) else {
        return;
    };
    if parts::target(release).is_none() {
        let services: Vec<&str> = release
            .objects()
            .filter(|object| object.is("v1", "Service"))
            .map(|object| object.id.name.as_str())
            .collect();
        let path = parts::field("helmChartServiceName");
        let there = if services.is_empty() { "none".to_owned() } else { services.join(", ") };
        r.report_field(&request.body, path, format!("the chart has no service `{name}`; it has {there}"));
    }
}
