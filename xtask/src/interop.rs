//! `cargo xtask interop`: the tests against Debian's `docker-registry`, an installed Helm and GnuPG, where leaving anything
//! out is a failure. With `--record` what Helm does is written to `testdata/registry` first.

use std::process::Command;

use crate::{Outcome, root};

/// Runs the task.
pub fn run(record: bool) -> Outcome {
    let mut command = Command::new(env!("CARGO"));
    if record {
        command.env(testkit::record::VARIABLE, "1");
    }
    let status = command
        .args(["test", "--test", "registry", "--", "interop", "recorded"])
        .current_dir(root())
        .env("PLIMSOLL_REQUIRED", "registry,helm,gpg")
        .status()
        .map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("the tests against a real registry failed".to_owned()) }
}
