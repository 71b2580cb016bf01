use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// Each deployment needs an instance type and sensible numbers of instances.
    ///
    /// ## Why
    /// The control plane refuses a deployment with no GPU or instance type, with at most no instances, with a negative least
    /// number or one above the most, and one that names both a backend and clusters.
    ///
    /// ```request bad
    /// deploymentSpecifications:
    ///   - gpu: H100
    ///     instanceType: AWS.GPU.H100_8x
    ///     minInstances: 2
    ///     maxInstances: 1
    /// ```
    /// ```request good
    /// deploymentSpecifications:
    ///   - gpu: H100
    ///     instanceType: AWS.GPU.H100_8x
    ///     minInstances: 1
    ///     maxInstances: 2
    /// ```
    ///
    /// ## Fix
    /// Name GPU and instance type, and set `minInstances` to at least 0 and `maxInstances` to at least 1 and `minInstances`.
    "REQ107" "bad-instances" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["control plane: validation of deployments"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let Some(request) = &release.subject.request else { return };
    let body = &request.body;
    for (node, path) in request.parts() {
        for (field, message) in problems(node) {
            r.report_field(body, path.key(field), message);
        }
    }
    let wanted: &[&str] = match request.is_task() {
        true => &["gpu", "instanceType"],
        false => &["gpu", "instanceType", "minInstances", "maxInstances"],
    };
    for (node, path) in request.deployments() {
        let missing = |field: &&str| match node.get(field) {
            Some(value) => value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()),
            None => true,
        };
        let missing: Vec<&str> = wanted.iter().copied().filter(missing).collect();
        if !missing.is_empty() {
            r.report_field(body, path, format!("deployment has no {}", missing.join(", ")));
        }
    }
    let list = body.node.get("deploymentSpecifications");
    if list.is_some_and(|list| list.items().is_empty()) {
        r.report_field(body, parts::field("deploymentSpecifications"), "there is no deployment in the list");
    }
}

fn problems(node: &Node) -> Vec<(&'static str, String)> {
    let number = |field: &str| node.get(field).and_then(Node::as_i64);
    let mut found = Vec::new();
    let (least, most) = (number("minInstances"), number("maxInstances"));
    if let Some(most) = most.filter(|most| *most < 1) {
        found.push(("maxInstances", format!("maxInstances is {most}, it must be at least 1")));
    }
    if let Some(least) = least.filter(|least| *least < 0) {
        found.push(("minInstances", format!("minInstances is {least}, it must be at least 0")));
    }
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        found.push((
            "minInstances",
            format!("minInstances is {least}, more than maxInstances, which is {most}"),
        ));
    }
    let clusters = node.get("clusters").is_some_and(|clusters| !clusters.items().is_empty());
    let concurrency = number("maxRequestConcurrency");
    if let Some(number) = concurrency.filter(|number| *number < 1) {
        let message = format!("maxRequestConcurrency is {number}, it must be at least 1");
        found.push(("maxRequestConcurrency", message));
    }
    if clusters && node.get("backend").and_then(Node::as_str).is_some_and(|name| !name.trim().is_empty()) {
        found.push(("backend", "backend and clusters are both set, it must be one".to_owned()));
    }
    if let Some(configuration) = node.get("configuration").filter(|node| !node.is_null())
        && !matches!(configuration.data, Data::Map(_))
    {
        let message = format!("configuration is {}, it must be a map", configuration.kind_name());
        found.push(("configuration", message));
    }
    found
}
