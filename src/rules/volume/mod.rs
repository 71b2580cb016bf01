//! Rules about volumes and claims.

use crate::policy::Rule;
use crate::yaml::Node;

mod projected_source;
mod reserved_volume;
mod several_volume_sources;
mod storage_class;
mod volume_type;
mod volume_without_source;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &volume_type::RULE,
    &projected_source::RULE,
    &volume_without_source::RULE,
    &several_volume_sources::RULE,
    &reserved_volume::RULE,
    &storage_class::RULE,
];

/// The types of a volume: its keys but the name, in the order of the text; `null` sets nothing.
fn sources(volume: &Node) -> Vec<&str> {
    set_fields(volume).filter(|key| *key != "name").collect()
}

/// The keys that are set to something.
fn set_fields(node: &Node) -> impl Iterator<Item = &str> {
    node.entries().iter().filter(|entry| !entry.value.is_null()).map(|entry| entry.key.as_str())
}
