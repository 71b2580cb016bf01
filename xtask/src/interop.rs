//! `cargo xtask interop`: the tests against Debian's `docker-registry` and an installed Helm, where leaving anything out is a
//! failure.

use std::process::Command;

use crate::{Outcome, root};

/// Runs the task.
pub fn run() -> Outcome {
    let status = Command::new(env!("CARGO"))
        .args(["test", "--test", "registry", "--", "interop"])
        .current_dir(root())
        .env("PLIMSOLL_REQUIRED", "registry,helm")
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("the tests against a real registry failed".to_owned()) }
}
