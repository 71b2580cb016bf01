//! Rules about containers, init and ephemeral ones included.

use crate::policy::Rule;

mod added_capability;
mod apparmor_profile;
mod ephemeral_container;
mod foreign_limit;
mod gpu_resource;
mod host_port;
mod kept_capabilities;
mod may_be_root;
mod missing_limits;
mod privilege_escalation;
mod privileged;
mod proc_mount;
mod reserved_container;
mod reserved_environment;
mod root_user;
mod seccomp_profile;
mod selinux_options;
mod unequal_requests;
mod writable_root;

/// Every rule of this folder, by code.
pub const RULES: &[&Rule] = &[
    &privileged::RULE,
    &privilege_escalation::RULE,
    &kept_capabilities::RULE,
    &added_capability::RULE,
    &proc_mount::RULE,
    &writable_root::RULE,
    &may_be_root::RULE,
    &root_user::RULE,
    &seccomp_profile::RULE,
    &apparmor_profile::RULE,
    &selinux_options::RULE,
    &host_port::RULE,
    &ephemeral_container::RULE,
    &missing_limits::RULE,
    &foreign_limit::RULE,
    &unequal_requests::RULE,
    &gpu_resource::RULE,
    &reserved_environment::RULE,
    &reserved_container::RULE,
];
