use crate::diagnostic::Severity;
use std::collections::BTreeMap;

use super::layout::{defaults, words};
use crate::kubernetes::Quantity;
use crate::policy::{Check, Level, Levels, Reporter, Values, declare_rule};
use crate::yaml::{Data, Node};

declare_rule! {
    /// Default resources are amounts, requests no larger than limits.
    ///
    /// ## Why
    /// They are those of every container of a runtime. An empty text among the limits is no limit; zero is a limit, of nothing. What an
    /// empty text among the requests means is not documented.
    ///
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         resources:
    ///           requests: {cpu: "2", memory: 256Mi}
    ///           limits: {cpu: "1", memory: ""}
    /// ```
    /// ```yaml bad
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         resources:
    ///           requests: {cpu: "", memory: 256Mi}
    /// ```
    /// ```yaml good
    /// config:
    ///   deployer:
    ///     config:
    ///       runtime:
    ///         resources:
    ///           requests: {cpu: 500m, memory: 256Mi}
    ///           limits: {cpu: "", memory: ""}
    /// ```
    ///
    /// ## Fix
    /// Write amounts as Kubernetes does (`500m`, `256Mi`), or `""` for no limit.
    "H2O025" "bad-default-resources" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: None,
        sources: &["page: H2O MLOps, Helm configuration for runtimes, default resource limits: an empty string means no limit", "Kubernetes: ParseQuantity"],
        check: Check::Values(check),
    }
}

fn check(values: &Values, r: &mut Reporter<'_>) {
    let Some(defaults) = defaults(values) else { return };
    let Some(resources) = defaults.get("resources") else { return };
    let path = defaults.path.key("resources");
    let mut amounts: BTreeMap<(&str, &str), Quantity> = BTreeMap::new();
    for part in ["requests", "limits"] {
        for entry in
            resources.get(part).map_or(&[][..], Node::entries).iter().filter(|entry| !entry.value.is_null())
        {
            let path = path.keys(&[part, &entry.key]);
            let what = format!("{part}.{}", entry.key);
            match (part, text(&entry.value).as_deref()) {
                ("limits", Some("")) => {}
                (_, Some("")) => {
                    r.report(path, format!("{what} is empty, which means nothing that is documented"))
                        .lowered();
                }
                (_, amount) => match amount.and_then(Quantity::parse).filter(|amount| *amount >= nothing()) {
                    None => {
                        let found = words(&entry.value);
                        r.report(
                            path,
                            format!("{what} is {found}, it must be an amount as `500m` or `256Mi`"),
                        );
                    }
                    Some(amount) => {
                        if part == "limits" && amount.is_zero() {
                            let message =
                                format!("{what} is 0, a limit of nothing; no limit is written `\"\"`");
                            r.report(path, message).lowered();
                        }
                        amounts.insert((part, &entry.key), amount);
                    }
                },
            }
        }
    }
    for ((_, key), request) in amounts.iter().filter(|((part, _), _)| *part == "requests") {
        let limit = amounts.get(&("limits", key)).filter(|limit| *limit < request && !limit.is_zero());
        if let Some(limit) = limit {
            let (request, limit) = (request.canonical(), limit.canonical());
            let message = format!("requests.{key} is {request}, more than the limit of {limit}");
            r.report(path.keys(&["requests", key]), message);
        }
    }
}

/// An amount as it is written, or a number.
fn text(node: &Node) -> Option<String> {
    match &node.data {
        Data::String(text) => Some(text.clone()),
        Data::Int(_) | Data::Uint(_) | Data::Float(_) => Some(node.to_json().to_string()),
        _ => None,
    }
}

fn nothing() -> Quantity {
    Quantity::parse("0").expect("zero is an amount")
}
