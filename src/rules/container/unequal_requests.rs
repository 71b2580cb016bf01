use crate::diagnostic::Applicability;
use crate::kubernetes::Quantity;
use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule, set};
use crate::yaml::{Data, Node};

declare_rule! {
    /// Requests that differ from the limits do not hold.
    ///
    /// ## Why
    /// Where the platform enforces limits, it sets every request to its limit, and makes a limit of a request that has
    /// none. A pod that was to share a node then needs all that it may use.
    ///
    /// ```yaml bad
    /// resources:
    ///   requests:
    ///     cpu: 100m
    ///   limits:
    ///     cpu: "1"
    /// ```
    /// ```yaml good
    /// resources:
    ///   requests:
    ///     cpu: "1"
    ///   limits:
    ///     cpu: "1"
    /// ```
    ///
    /// ## Fix
    /// Write the request as large as the limit, or leave it out.
    "CTR116" "unequal-requests" {
        levels: Levels::all(Level::Advice),
        fix: Some(Applicability::Safe),
        sources: &["agent: mutating webhook sets requests to limits"],
        check: Check::AnyContainer(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let requests = container.at(&["resources", "requests"]).map_or(&[][..], Node::entries);
    for request in requests {
        let limit = container.at(&["resources", "limits", &request.key]);
        let Some(asked) = quantity(&request.value) else { continue };
        let amount = |text: &String| Quantity::parse(text);
        let equal =
            limit.and_then(quantity).is_some_and(|limit| limit == asked || amount(&limit) == amount(&asked));
        if equal {
            continue;
        }
        let path = container.path_of(&["resources", "requests", &request.key]);
        let (message, edit) = match limit.and_then(quantity) {
            Some(limit) => (
                format!("the request of {asked} {} becomes {limit}, the limit", request.key),
                set(&path, limit),
            ),
            None => (
                format!("the request of {asked} {} becomes a limit too", request.key),
                set(&container.path_of(&["resources", "limits", &request.key]), asked),
            ),
        };
        r.report(path, message).fix([edit]);
    }
}

/// A quantity as it is written; `1` and `"1"` are the same.
fn quantity(node: &Node) -> Option<String> {
    match &node.data {
        Data::String(text) => Some(text.clone()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number.to_string()),
        _ => None,
    }
}
