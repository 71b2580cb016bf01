//! The keyring: a flag, or GnuPG's own.

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

/// The flag that says where keys are.
#[derive(Args, Clone, Debug, Default)]
pub struct KeyringArg {
    /// Location of the keys: as packets, armored, or a keybox (GnuPG's own pubring if none is given)
    #[arg(long, value_name = "FILE")]
    keyring: Option<String>,
}

impl KeyringArg {
    /// The file with the keys.
    pub fn path(&self) -> PathBuf {
        self.keyring.as_ref().map_or_else(default, PathBuf::from)
    }
}

/// GnuPG's keyring as it was called once, or as it is now if only that is there. Helm: cmd/dependency_build.go
/// `defaultKeyring`.
fn default() -> PathBuf {
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".gnupg");
    let folder = env::var_os("GNUPGHOME").map_or_else(home, PathBuf::from);
    let is_there = |file: &Path| !file.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    let (old, new) = (folder.join("pubring.gpg"), folder.join("pubring.kbx"));
    if !is_there(&old) && is_there(&new) { new } else { old }
}
