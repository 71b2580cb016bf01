//! Values: what the user gives over what the charts say, and what each chart and dependency sees of it.
//!
//! Read [`Sources`] and [`read()`] for the user's side, then [`process_dependencies`], which drops what is
//! switched off and imports values upwards, and [`to_render_values`], which gives `.Values`. [`Layers`] answers where a
//! value came from.

mod clash;
mod coalesce;
mod conflicts;
mod dependencies;
mod layers;
mod mark;
mod misfit;
mod misread;
pub mod path;
pub mod read;
pub mod strvals;
mod told;
mod validate;

pub use clash::Clash;
pub use coalesce::{coalesce, coalesce_tables};
pub use conflicts::Conflict;
pub use dependencies::process_dependencies;
pub use layers::{Entry, Layers, Setting, Walker};
pub use misfit::Misfit;
pub use misread::{Misread, Slip};
pub use read::{Content, Sources, User, UserLayer, read, split_list};
pub use validate::to_render_values;

use std::fmt;

/// Why values cannot be had. Its `Display` is Helm's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The file, as the user gave it, where it is one.
    pub file: Option<Box<str>>,
    /// The line in it, where it is known.
    pub line: Option<usize>,
    /// What stands in it, where it is no YAML.
    pub text: Option<Box<[u8]>>,
    /// What of the values does not fit a schema.
    pub misfits: Box<[Misfit]>,
    message: Box<str>,
}

/// What is wrong with values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A values file cannot be read.
    Io,
    /// A values file is not YAML, or no map.
    Yaml,
    /// An expression of the `--set` family is wrong.
    Expression,
    /// A dependency's values are no map.
    Type,
    /// They do not fit a schema.
    Schema,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error {
            kind,
            file: None,
            line: None,
            text: None,
            misfits: Box::default(),
            message: message.into().into_boxed_str(),
        }
    }

    fn in_file(mut self, file: &str, line: Option<usize>) -> Error {
        self.file = Some(file.into());
        self.line = line;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
