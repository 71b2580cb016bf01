//! Rules about pod specs, of whatever kind of workload.

use crate::policy::{PodSpec, Reporter, Rule, remove};
use crate::yaml::Node;

mod automount_token;
mod empty_pull_secret;
mod host_ipc;
mod host_network;
mod host_pid;
mod label_reference;
mod masked_pod_security;
mod node_placement;
mod priority_class;
mod scheduler_name;
mod service_account;
mod task_retries;
mod termination_grace;
mod unsafe_sysctl;
mod windows_host_process;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &host_network::RULE,
    &host_pid::RULE,
    &host_ipc::RULE,
    &automount_token::RULE,
    &windows_host_process::RULE,
    &unsafe_sysctl::RULE,
    &masked_pod_security::RULE,
    &node_placement::RULE,
    &service_account::RULE,
    &priority_class::RULE,
    &scheduler_name::RULE,
    &label_reference::RULE,
    &termination_grace::RULE,
    &task_retries::RULE,
    &empty_pull_secret::RULE,
];

/// Reports the field of a pod spec that puts the pod into a namespace of the node's, and mends it by removing it.
fn shares_with_node(pod: &PodSpec<'_>, field: &str, r: &mut Reporter<'_>) {
    if pod.field(field).and_then(Node::as_bool) == Some(true) {
        let path = pod.path_of(field);
        let message = format!("{field} is true, it must be unset or false");
        r.report(path.clone(), message).unsafe_fix([remove(&path)]);
    }
}
