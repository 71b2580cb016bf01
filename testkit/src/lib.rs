//! What tests, benches and `xtask` share: the one format of recorded cases, the one way to record them, and what renders
//! them. Nothing here is part of what users get.
//!
//! Read [`cases`] for the format, [`record`] for how a driver runs and records cases, [`examples`] for what rules are tested
//! on.

pub mod archive;
pub mod cases;
pub mod damage;
pub mod difference;
pub mod edits;
pub mod engine;
pub mod examples;
pub mod layers;
pub mod origins;
pub mod random;
pub mod record;
pub mod schema;
pub mod small;
pub mod targets;

use std::path::PathBuf;

/// The folder `testdata` of the repository.
pub fn testdata() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).with_file_name("testdata")
}
