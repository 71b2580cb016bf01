//! What rules about references share: what selects, and texts that name something.

use crate::apiserver::known::{Known, NEWEST};
use crate::path::FieldPath;
use crate::policy::Object;
use crate::yaml::Node;

/// Whether objects of that kind are in no namespace.
pub(super) fn is_cluster_wide(object: &Object<'_>) -> bool {
    let known = Known::of(NEWEST).kind(&object.id.api_version, &object.id.kind);
    known.is_some_and(|kind| kind.served && !kind.namespaced)
}

/// Whether the `matchExpressions` of a selector find labels.
pub(super) fn matches(labels: Option<&Node>, selector: &Node) -> bool {
    let word = |expression: &Node| {
        let text = |field: &str| expression.get(field).and_then(Node::as_str).unwrap_or_default().to_owned();
        let label = labels.and_then(|labels| labels.get(&text("key"))).and_then(Node::as_str);
        let values = expression.get("values").map_or(&[][..], Node::items);
        let is_listed = label.is_some_and(|label| values.iter().any(|value| value.as_str() == Some(label)));
        match text("operator").as_str() {
            "In" => is_listed,
            "NotIn" => !is_listed,
            "Exists" => label.is_some(),
            _ => label.is_none(),
        }
    };
    selector.get("matchExpressions").map_or(&[][..], Node::items).iter().all(word)
}

/// A text at the end of a way, with its path.
pub(super) fn text_at<'a>(node: &'a Node, path: &FieldPath, route: &[&str]) -> Option<(&'a str, FieldPath)> {
    let text = node.at(route)?.as_str().filter(|text| !text.is_empty())?;
    Some((text, path.keys(route)))
}
