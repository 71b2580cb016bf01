//! What the user named to be read: a file, or standard input.

use std::io::{self, ErrorKind, Read};

use crate::go::os::PathError;

/// The bytes of a file, or of standard input for `-`; the error is Go's text.
pub(crate) fn read_file(path: &str) -> Result<Vec<u8>, String> {
    if path.trim() == "-" {
        let mut data = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut data);
        read.map_err(|error| PathError::new("read", "/dev/stdin", &error).to_string())?;
        return Ok(data);
    }
    if let Some((scheme, _)) = path.split_once("://")
        && matches!(scheme, "http" | "https" | "oci")
    {
        return Err(format!("{path} is not fetched: download it and give the file"));
    }
    std::fs::read(path).map_err(|error| {
        let operation = if error.kind() == ErrorKind::IsADirectory { "read" } else { "open" };
        PathError::new(operation, path, &error).to_string()
    })
}
