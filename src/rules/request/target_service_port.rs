use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// The service that a function calls must have the port that the request names.
    ///
    /// ## Why
    /// Requests go to `inferencePort` of the Service, 8000 where the request names none. It is compared with `port`, not
    /// with `targetPort`.
    ///
    /// ```request bad service
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 9000
    /// ```
    /// ```request good service
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 8000
    /// ```
    ///
    /// ## Fix
    /// Set `inferencePort` to a port of the Service.
    "REQ102" "target-service-port" {
        levels: Levels { documented: Level::Error, service: Level::Warning, strict: Level::Error },
        fix: None,
        sources: &["page: servicePort should be used as the inferencePort", "service: validateServicePortMatch"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let Some(service) = parts::target(release) else { return };
    let wanted = parts::port(request);
    let ports: Vec<i64> =
        parts::ports(service).filter_map(|port| port.get("port").and_then(Node::as_i64)).collect();
    if !ports.contains(&wanted) {
        let there: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let message = format!("{} has no port {wanted}; it has {}", service.id, there.join(", "));
        r.report_field(&request.body, parts::field("inferencePort"), message);
    }
}
