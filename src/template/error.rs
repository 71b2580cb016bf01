//! [`Error`]: why a template did not parse or execute, kept as data; Helm's exact text is its `Display`.

use std::fmt;

/// A template error.
#[derive(Clone, Debug)]
pub struct Error {
    /// The text after the position.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
