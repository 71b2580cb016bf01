//! What the rules about the namespaces of a node have in common.

use crate::policy::{PodSpec, Reporter, remove};
use crate::yaml::Node;

/// Reports the field of a pod spec that puts the pod into a namespace of the node's, and mends it by removing it.
pub(super) fn shares_with_node(pod: &PodSpec<'_>, field: &str, r: &mut Reporter<'_>) {
    if pod.field(field).and_then(Node::as_bool) == Some(true) {
        let path = pod.path_of(field);
        let message = format!("{field} is true, it must be unset or false");
        r.report(path.clone(), message).unsafe_fix([remove(&path)]);
    }
}
