//! Rules about Services.

use crate::policy::Rule;
use crate::yaml::Node;

mod exposed_service;
mod pod_index_selector;
mod service_without_selector;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] =
    &[&exposed_service::RULE, &service_without_selector::RULE, &pod_index_selector::RULE];

/// Whether a selector's labels, but for one key, are among the labels in the metadata of pods.
fn selects(selector: &Node, metadata: Option<&Node>, but: Option<&str>) -> bool {
    let labels = metadata.and_then(|metadata| metadata.get("labels"));
    selector.entries().iter().filter(|entry| Some(entry.key.as_str()) != but).all(|entry| {
        let label = labels.and_then(|labels| labels.get(&entry.key)).and_then(Node::as_str);
        label == entry.value.as_str()
    })
}
