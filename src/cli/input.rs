//! What the user named to be read: a file, or standard input.

use std::fmt;
use std::io::ErrorKind;

use crate::files;
use crate::go::os::PathError;
use crate::go::raw;

/// Why it cannot be read.
#[derive(Debug)]
pub(crate) enum Error {
    /// The system says so.
    Path(PathError),
    /// It is the address of something that would have to be fetched.
    Elsewhere(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Path(error) => error.fmt(f),
            Error::Elsewhere(address) => {
                write!(f, "{address} is not fetched: download it and give the file")
            }
        }
    }
}

impl std::error::Error for Error {}

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn read_file(path: &str) -> Result<Vec<u8>, Error> {
    if path.trim() == "-" {
        let read = files::read_stdin();
        return read.map_err(|error| Error::Path(PathError::new("read", "/dev/stdin", &error)));
    }
    if let Some((scheme, _)) = path.split_once("://")
        && matches!(scheme, "http" | "https" | "oci")
    {
        return Err(Error::Elsewhere(path.to_owned()));
    }
    files::read_given(&raw::path(path)).map_err(|error| {
        let operation = if error.kind() == ErrorKind::IsADirectory { "read" } else { "open" };
        Error::Path(PathError::new(operation, path, &error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_it_cannot_be_read() {
        let said = |path: &str| read_file(path).unwrap_err().to_string();
        assert_eq!(said("no/such"), "open no/such: no such file or directory");
        assert_eq!(said("."), "read .: is a directory");
        assert_eq!(said("oci://a/b"), "oci://a/b is not fetched: download it and give the file");
    }
}
