//! [`Error`]: why a text is not the JSON that was wanted, in the words of encoding/json.

use std::borrow::Cow;
use std::fmt;

use crate::go::strconv::quote;

/// An error of reading JSON. Its `Display` is Go's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A byte that cannot stand where it does. Go: `SyntaxError`.
    Character {
        /// The byte.
        byte: u8,
        /// What the reader was doing: `looking for beginning of value`.
        context: String,
    },
    /// The text ends too soon.
    End,
    /// The text ends too soon, and more of it could have come. Go: `io.ErrUnexpectedEOF`.
    EarlyEnd,
    /// It is too much for us; Go would go on.
    Limit(String),
    /// JSON of another type. Go: `UnmarshalTypeError`.
    Mismatch {
        /// What was found: `bool`, `number 1e999`.
        found: Cow<'static, str>,
        /// The Go type that was wanted.
        wanted: String,
    },
}

impl Error {
    /// It is too much for us.
    pub(in crate::yaml) fn limit(why: String) -> Error {
        Error::Limit(why)
    }

    /// Something was found that does not fit the Go type.
    pub(in crate::yaml) fn mismatch(found: impl Into<Cow<'static, str>>, wanted: &str) -> Error {
        Error::Mismatch { found: found.into(), wanted: wanted.to_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Character { byte, context } => {
                write!(f, "invalid character {} {context}", quote_char(*byte))
            }
            Error::End => f.write_str("unexpected end of JSON input"),
            Error::EarlyEnd => f.write_str("unexpected EOF"),
            Error::Limit(why) => f.write_str(why),
            Error::Mismatch { found, wanted } => {
                write!(f, "json: cannot unmarshal {found} into Go value of type {wanted}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// An error at the start of a stream of JSON values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamError {
    /// What is wrong.
    pub error: Error,
    /// How many bytes tell so, where the syntax is wrong. Go: `SyntaxError.Offset`.
    pub offset: Option<usize>,
}

/// A byte as encoding/json's errors show it. Go: encoding/json scanner.go `quoteChar`.
fn quote_char(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let quoted = quote(char::from(byte).encode_utf8(&mut [0; 4]));
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    }
}
