//! What a volume is made of.

use crate::yaml::Node;

/// The types of a volume: its keys but the name, in the order of the text; `null` sets nothing.
pub(super) fn sources(volume: &Node) -> Vec<&str> {
    set_fields(volume).filter(|key| *key != "name").collect()
}

/// The keys that are set to something.
pub(super) fn set_fields(node: &Node) -> impl Iterator<Item = &str> {
    node.entries().iter().filter(|entry| !entry.value.is_null()).map(|entry| entry.key.as_str())
}
