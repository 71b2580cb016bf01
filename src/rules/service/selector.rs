//! Selectors of Services.

use crate::yaml::Node;

/// Whether a selector's labels, but for one key, are among the labels in the metadata of pods.
pub(super) fn selects(selector: &Node, metadata: Option<&Node>, but: Option<&str>) -> bool {
    let labels = metadata.and_then(|metadata| metadata.get("labels"));
    selector.entries().iter().filter(|entry| Some(entry.key.as_str()) != but).all(|entry| {
        let label = labels.and_then(|labels| labels.get(&entry.key)).and_then(Node::as_str);
        label == entry.value.as_str()
    })
}
