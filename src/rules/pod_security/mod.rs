//! Rules about what Pod Security admission forbids: those of `baseline` below PSS100, those of `restricted` below PSS200, then
//! those about the labels of namespaces.

use crate::policy::Rule;

mod bad_security_label;
mod bare_proc;
mod bare_proc_anywhere;
mod extra_capability;
mod kept_power;
mod loose_apparmor;
mod loose_seccomp;
mod loose_sysctl;
mod missing_seccomp;
mod node_namespaces;
mod node_path;
mod node_port;
mod node_process;
mod own_selinux;
mod possible_escalation;
mod possible_root;
mod privileged_container;
mod probe_host;
mod root_id;
mod unrestricted_volume;
mod weak_security_label;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &node_process::RULE,
    &node_namespaces::RULE,
    &privileged_container::RULE,
    &extra_capability::RULE,
    &node_path::RULE,
    &node_port::RULE,
    &probe_host::RULE,
    &loose_apparmor::RULE,
    &own_selinux::RULE,
    &bare_proc::RULE,
    &loose_seccomp::RULE,
    &loose_sysctl::RULE,
    &unrestricted_volume::RULE,
    &possible_escalation::RULE,
    &possible_root::RULE,
    &root_id::RULE,
    &missing_seccomp::RULE,
    &kept_power::RULE,
    &bare_proc_anywhere::RULE,
    &bad_security_label::RULE,
    &weak_security_label::RULE,
];
