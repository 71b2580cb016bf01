use super::parts;
use crate::go::regexp;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// A health check must be whole.
    ///
    /// ## Why
    /// Where `health` is given, the control plane wants protocol, uri, port, timeout and expected status code, all of them.
    ///
    /// ```request bad
    /// health:
    ///   protocol: HTTP
    ///   uri: /health
    /// ```
    /// ```request good
    /// health:
    ///   protocol: HTTP
    ///   uri: /health
    ///   port: 8000
    ///   timeout: PT10S
    ///   expectedStatusCode: 200
    /// ```
    ///
    /// ## Fix
    /// Set all five, or leave `health` out and take `/v2/health/ready` on port 8000.
    "REQ109" "incomplete-health" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["control plane: validation of health"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let Some(health) = request.body.node.get("health").filter(|node| !node.is_null()) else { return };
    let path = parts::field("health");
    let missing = |field: &&str| health.get(field).is_none_or(Node::is_null);
    let fields = ["protocol", "uri", "port", "timeout", "expectedStatusCode"];
    let missing: Vec<&str> = fields.into_iter().filter(missing).collect();
    if !missing.is_empty() {
        r.report_field(&request.body, path.clone(), format!("health has no {}", missing.join(", ")));
    }
    let protocol = health.get("protocol").and_then(Node::as_str);
    if let Some(protocol) = protocol.filter(|name| !matches!(*name, "HTTP" | "gRPC")) {
        let message = format!("protocol of health is `{protocol}`, it must be HTTP or gRPC");
        r.report_field(&request.body, path.key("protocol"), message);
    }
    if health.get("uri").and_then(Node::as_str).is_some_and(|uri| uri.trim().is_empty()) {
        r.report_field(&request.body, path.key("uri"), "uri of health is blank");
    }
    if let Some(port) = health.get("port").and_then(Node::as_i64).filter(|port| *port < 1) {
        r.report_field(
            &request.body,
            path.key("port"),
            format!("port of health is {port}, it must be above 0"),
        );
    }
    let timeout = health.get("timeout").and_then(Node::as_str);
    if let Some(timeout) = timeout.filter(|text| !is_duration(text)) {
        let message = format!("timeout of health is `{timeout}`, it must be as PT10S");
        r.report_field(&request.body, path.key("timeout"), message);
    }
}

/// Whether it is an ISO 8601 duration as Java reads it: `PT10S`, `P1DT2H`, `PT0.5S`.
fn is_duration(text: &str) -> bool {
    const PATTERN: &[u8] =
        b"(?i)^[-+]?P([-+]?[0-9]+D)?(T([-+]?[0-9]+H)?([-+]?[0-9]+M)?([-+]?[0-9]+([.,][0-9]{0,9})?S)?)?$";
    let pattern = regexp::compile(PATTERN);
    pattern.is_ok_and(|pattern| pattern.is_match(text.as_bytes())) && !text.ends_with(['P', 'p', 'T', 't'])
}
