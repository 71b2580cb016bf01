//! Values of flags that may not be UTF-8: [`crate::go::raw`] says how they are kept. The words of the command line come as such
//! text already; what the environment says in place of a flag does not.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::go::raw;

/// A text that may be a name.
pub fn text() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new()
        .map(|text| text.into_string().unwrap_or_else(|text| raw::of_path(&text).into_owned()))
}

/// A path of the system.
pub fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(|path| match path.to_str() {
        Some(text) => raw::path(text).into_owned(),
        None => PathBuf::from(path),
    })
}
