//! YAML exactly as sigs.k8s.io/yaml reads and writes it, and JSON as encoding/json does.
//!
//! Read [`Node`] first: it is what parsing gives. [`parse`] and [`from_str`] read, [`to_yaml`] and [`to_yaml_pretty`]
//! write; [`json`] and [`toml`] are the two other notations that templates convert to and from.

mod error;
pub mod json;
mod node;
pub mod toml;

pub use error::Error;
pub use node::{Data, Entry, Node};

use crate::value::{Map, Value};

/// The first document of the text; `Null` if there is none. Go: `sigs.k8s.io/yaml.YAMLToJSON`.
pub fn parse(text: impl AsRef<[u8]>) -> Result<Node, Error> {
    let _ = text.as_ref();
    Err(Error::new("yaml: not there yet", None))
}

/// As [`parse`], but a key that stands twice in a mapping is an error. Go: `YAMLToJSONStrict`.
pub fn parse_strict(text: impl AsRef<[u8]>) -> Result<Node, Error> {
    parse(text)
}

/// Every document of the text.
pub fn parse_all(text: impl AsRef<[u8]>) -> Result<Vec<Node>, Error> {
    Ok(vec![parse(text)?])
}

/// The first document as templates see it, numbers being float64. Go: `sigs.k8s.io/yaml.Unmarshal` into `any`.
pub fn from_str(text: impl AsRef<[u8]>) -> Result<Value, Error> {
    Ok(parse(text)?.to_value())
}

/// The first document, which must be a map or null, as templates see it.
/// Go: `sigs.k8s.io/yaml.Unmarshal` into `map[string]any`; null gives the nil map.
pub fn map_from_str(text: impl AsRef<[u8]>) -> Result<Map, Error> {
    match from_str(text)? {
        Value::Map(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

/// The value as Helm's `toYaml` lays it out, with the line break at its end. Go: `sigs.k8s.io/yaml.Marshal`.
/// The error is the marshaller's text.
pub fn to_yaml(value: &Value) -> Result<String, String> {
    Ok(format!("{value:?}\n"))
}

/// The value as Helm's `toYamlPretty` lays it out, with the line break at its end. Go: yaml.v3's encoder, indent 2.
pub fn to_yaml_pretty(value: &Value) -> Result<String, String> {
    to_yaml(value)
}
