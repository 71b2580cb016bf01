//! Whose kinds are whose.

use crate::apiserver::known::{Known, NEWEST};

use super::subject::Object;

/// Whether the group is one of Kubernetes' own. A group without a dot is nobody else's.
pub fn is_of_kubernetes(object: &Object<'_>) -> bool {
    let version = &object.id.api_version;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    !version.is_empty()
        && !object.id.kind.is_empty()
        && (!group.contains('.') || Known::of(NEWEST).kinds().any(|kind| kind.group() == group))
}
