//! Plimsoll renders Helm charts exactly as Helm does, says whether they may be deployed, and says where to mend them.

#![warn(clippy::disallowed_methods, reason = "the environment is read in `cli` alone")]

pub mod chart;
pub mod cli;
pub mod diagnostic;
pub mod fetch;
pub mod funcs;
pub mod go;
pub mod judge;
pub mod kubernetes;
pub mod manifest;
pub mod nvcf;
pub mod oci;
pub mod path;
pub mod policy;
pub mod render;
pub mod report;
pub mod rules;
pub mod schema;
pub mod signing;
pub mod source;
pub mod stack;
pub mod staged;
pub mod suggest;
pub mod template;
pub mod value;
pub mod values;
pub mod yaml;
