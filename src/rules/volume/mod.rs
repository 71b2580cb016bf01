//! Rules about volumes and claims.

use crate::policy::Rule;

mod projected_source;
mod reserved_volume;
mod several_volume_sources;
mod sources;
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
