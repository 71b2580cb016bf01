//! Rules about pod specs, of whatever kind of workload.

use crate::policy::Rule;

mod automount_token;
mod empty_pull_secret;
mod host_ipc;
mod host_network;
mod host_pid;
mod label_reference;
mod masked_pod_security;
mod node_namespace;
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
