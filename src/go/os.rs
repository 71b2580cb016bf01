//! The operating system's errors in Go's words.

use std::fmt;
use std::io;
use std::path::Path;

use super::raw;
use crate::system;

/// The text of Go's `syscall.Errno`: `no such file or directory`.
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    system::words_of(plain)
}

/// What the operating system refused to do with a path. Go: `io/fs.PathError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// What was tried: `open`, `stat`, `read`.
    pub operation: &'static str,
    /// The path, as it was tried.
    pub path: String,
    /// Why it failed, in Go's words: `no such file or directory`.
    pub reason: String,
}

impl PathError {
    /// An error of trying `operation` on `path`.
    pub fn new(operation: &'static str, path: impl AsRef<Path>, error: &io::Error) -> PathError {
        PathError { operation, path: raw::shown_path(path.as_ref()).into_owned(), reason: error_text(error) }
    }
}

impl fmt::Display for PathError {
    /// `open a.yaml: no such file or directory`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation, self.path, self.reason)
    }
}

impl std::error::Error for PathError {}
