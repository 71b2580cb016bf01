//! Groups of flags that several commands share, a file a group, and the types of their values.

pub mod capabilities;
pub mod globals;
pub mod inert;
pub mod judged;
pub mod keyring;
pub mod locate;
pub mod name;
pub mod policy;
pub mod post_render;
mod remote_schema;
pub mod repeat;
pub mod sign;
pub mod source;
pub mod switch;
pub mod validation_policy;
pub mod values;

use clap::ValueEnum;

pub use capabilities::CapabilitiesArgs;
pub use judged::JudgedArgs;
pub use keyring::KeyringArg;
pub use repeat::RepeatArgs;
pub use source::SourceArgs;
pub use switch::Switch;
pub use values::ValuesArgs;

use crate::go::strconv;

pub use crate::go::os::error_text as go_io_error;

/// How a command of ours answers: for people or for programs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AnswerFormat {
    /// Text.
    Human,
    /// One JSON document.
    Json,
}

/// Go's reading of an `int` flag; the error is its text.
pub fn signed(text: &str) -> Result<i64, String> {
    strconv::parse_int(text, 0, 64).map_err(|error| error.to_string())
}

/// Go's reading of a `uint` flag; the error is its text.
pub fn unsigned(text: &str) -> Result<u64, String> {
    strconv::parse_uint(text, 0, 64).map_err(|error| error.to_string())
}

/// Go's reading of a `float32` flag; the error is its text.
pub fn float(text: &str) -> Result<f32, String> {
    strconv::parse_float(text).map(|x| x as f32).map_err(|error| error.to_string())
}

/// A file that the user named, or standard input for `-`; the error is Go's text.
pub fn read_file(path: &str) -> Result<Vec<u8>, String> {
    if path.trim() == "-" {
        let mut data = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut data)
            .map_err(|error| format!("read /dev/stdin: {}", go_io_error(&error)))?;
        return Ok(data);
    }
    if let Some((scheme, _)) = path.split_once("://")
        && matches!(scheme, "http" | "https" | "oci")
    {
        return Err(format!("{path} is not fetched: download it and give the file"));
    }
    std::fs::read(path).map_err(|error| {
        let doing = if error.kind() == std::io::ErrorKind::IsADirectory { "read" } else { "open" };
        format!("{doing} {path}: {}", go_io_error(&error))
    })
}
