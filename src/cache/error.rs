//! Why there is no cache.

use std::fmt;
use std::path::PathBuf;

/// Why a cache cannot be used.
#[derive(Debug)]
pub enum Error {
    /// A file or folder cannot be read or made; what was wanted and why it is not.
    Io(&'static str, PathBuf, String),
    /// The folder holds something else than a cache.
    NoCache(PathBuf),
    /// The secret is too short to be one.
    Short(PathBuf),
    /// Others may write the secret.
    Open(PathBuf),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(what, path, why) => write!(f, "cannot {what} {}: {why}", path.display()),
            Error::NoCache(path) => {
                write!(f, "{} holds something else than a cache; name an empty or new folder", path.display())
            }
            Error::Short(path) => {
                write!(f, "the key {} has fewer than 32 bytes; write random ones there", path.display())
            }
            Error::Open(path) => {
                write!(
                    f,
                    "others than its owner may write the key {}; take that away with chmod go-w",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for Error {}
