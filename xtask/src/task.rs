//! What every task needs: how it ends, and where the repository is.

use std::path::{Path, PathBuf};

/// What a task ends with: nothing, or why it failed.
pub type Outcome = Result<(), String>;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
}
