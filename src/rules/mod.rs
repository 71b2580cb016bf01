//! The rules: one file each, in a folder for each thing that is judged. A rule is added by writing its file and its line in
//! the folder's `mod.rs`; `cargo xtask new-rule` writes both.
//!
//! Read [`all`] for the list, and any file for how a rule reads.

use crate::policy::Rule;

pub mod chart;
pub mod container;
pub mod h2o;
pub mod image;
pub mod kubernetes;
pub mod object;
pub mod pod;
pub mod pod_security;
pub mod reference;
pub mod release;
pub mod request;
pub mod service;
pub mod template;
pub mod values;
pub mod volume;

#[cfg(test)]
mod tests;

/// The folders, in the order in which `plimsoll rules` lists them.
const FOLDERS: [&[&Rule]; 15] = [
    chart::RULES,
    values::RULES,
    template::RULES,
    release::RULES,
    object::RULES,
    service::RULES,
    pod::RULES,
    container::RULES,
    volume::RULES,
    image::RULES,
    request::RULES,
    h2o::RULES,
    kubernetes::RULES,
    pod_security::RULES,
    reference::RULES,
];

/// Every rule, by subject and code.
pub fn all() -> Vec<&'static Rule> {
    FOLDERS.concat()
}

/// The rule of that code or name.
pub fn find(selector: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.name == selector || rule.code.eq_ignore_ascii_case(selector))
}
