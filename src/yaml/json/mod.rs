//! JSON as Go's encoding/json reads and writes it: [`to_json`] and its sisters write, [`from_json`] reads.

mod error;
mod node;
mod read;
mod write;

pub use error::{Error, StreamError};
pub use node::node_prefix;
pub use read::{Build, Decoded, NoText, decode, from_json, from_json_prefix, read_prefix, text_from_json};
pub(super) use write::write_plain;
pub use write::{to_json, to_json_pretty, to_json_raw};

use crate::value::Value;

/// Go: encoding/json's `UnmarshalTypeError` for a value that does not fit the type.
pub fn mismatch(found: &Value, wanted: &str) -> Error {
    let kind = match found {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    Error::mismatch(kind, wanted)
}
