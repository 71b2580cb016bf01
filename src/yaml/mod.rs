//! YAML exactly as sigs.k8s.io/yaml reads and writes it, and JSON as encoding/json does.
//!
//! Read [`Node`] first: it is what parsing gives. [`parse`] and [`from_str`] read, [`to_yaml`] and [`to_yaml_pretty`]
//! write; [`json`] and [`toml`] are the two other notations that templates convert to and from.

mod decode;
mod documents;
pub mod edit;
mod emit;
mod error;
mod events;
mod fault;
mod field;
mod golang;
pub mod json;
mod key;
mod node;
mod number;
mod quick;
mod raw;
mod reader;
mod resolve;
mod scan;
mod scan_scalar;
mod scan_tag;
pub mod toml;
mod unmarshal;

pub use documents::{Documents, SeparatorError};
pub use emit::{to_yaml, to_yaml_pretty};
pub use error::Error;
pub use fault::Fault;
pub use field::Found;
pub use node::{Data, Entry, Node};
pub use unmarshal::{Decoder, Mismatch};

use std::borrow::Cow;

use crate::value::{List, Map, Value};
use decode::Target;
use events::{Events, Step};
use raw::Raw;
use reader::Source;
use scan::Scanner;

/// The first document of the text; `Null` if there is none. Go: `sigs.k8s.io/yaml.YAMLToJSON`.
pub fn parse(text: impl AsRef<[u8]>) -> Result<Node, Error> {
    Ok(first(text.as_ref(), false)?.unwrap_or_else(Node::null))
}

/// The part of a text that [`parse`] looks at, up to what ends the first document; all of it where that is not known.
pub fn first_document(text: &[u8]) -> &[u8] {
    let source = Source::new(text);
    let Cow::Borrowed(inside) = &source.text else { return text };
    if source.problem.is_none() && quick::read(inside, source.skipped).is_some() {
        return text;
    }
    let scanner = Scanner::new(inside, source.limit, source.problem.unwrap_or_default());
    let mut events = Events::new(scanner);
    while let Ok(event) = events.next() {
        match event.step {
            Step::DocumentEnd => return &text[..source.skipped + event.end.offset as usize],
            Step::StreamEnd => break,
            _ => {}
        }
    }
    text
}

/// As [`parse`], but of a mapping only the entries at the keys that are wanted; what is wrong with the rest is an error as well.
pub fn parse_parts(text: impl AsRef<[u8]>, wanted: fn(&str) -> bool) -> Result<Node, Error> {
    let mut found = Node::null();
    documents(text.as_ref(), |raw| {
        found = decode::Decoder::run_parts(raw, wanted)?;
        Ok(false)
    })?;
    Ok(found)
}

/// As [`parse`], but a key that stands twice in a mapping is an error. Go: `YAMLToJSONStrict`.
pub fn parse_strict(text: impl AsRef<[u8]>) -> Result<Node, Error> {
    Ok(first(text.as_ref(), true)?.unwrap_or_else(Node::null))
}

/// Every document of the text.
pub fn parse_all(text: impl AsRef<[u8]>) -> Result<Vec<Node>, Error> {
    let mut nodes = Vec::new();
    documents(text.as_ref(), |raw| {
        nodes.push(decode::Decoder::run(raw, false)?);
        Ok(true)
    })?;
    Ok(nodes)
}

/// The first document as templates see it, numbers being float64. Go: `sigs.k8s.io/yaml.Unmarshal` into `any`.
pub fn from_str(text: impl AsRef<[u8]>) -> Result<Value, Error> {
    Ok(first(text.as_ref(), false)?.unwrap_or_default())
}

/// The first document, which must be a map or null, as templates see it.
/// Go: `sigs.k8s.io/yaml.Unmarshal` into an empty `map[string]any`, which null leaves as it is.
pub fn map_from_str(text: impl AsRef<[u8]>) -> Result<Map, Error> {
    named_map_from_str(text, "map[string]interface {}")
}

/// As [`map_from_str`] where Go reads into a map type of that name.
pub fn named_map_from_str(text: impl AsRef<[u8]>, type_name: &str) -> Result<Map, Error> {
    match from_str(text)? {
        Value::Map(map) => Ok(map),
        Value::Nil => Ok(Map::new()),
        other => Err(mismatch(&other, type_name)),
    }
}

/// As [`map_from_str`], but a key that stands twice in a mapping is an error. Go: `UnmarshalStrict`.
pub fn map_from_str_strict(text: impl AsRef<[u8]>) -> Result<Map, Error> {
    match first(text.as_ref(), true)?.unwrap_or_default() {
        Value::Map(map) => Ok(map),
        Value::Nil => Ok(Map::new()),
        other => Err(mismatch(&other, "map[string]interface {}")),
    }
}

/// The first document, which must be a list or null, as templates see it.
/// Go: `sigs.k8s.io/yaml.Unmarshal` into an empty `[]any`, which null leaves as it is.
pub fn list_from_str(text: impl AsRef<[u8]>) -> Result<List, Error> {
    match from_str(text)? {
        Value::List(list) => Ok(list),
        Value::Nil => Ok(List::any(Vec::new())),
        other => Err(mismatch(&other, "[]interface {}")),
    }
}

/// Go: encoding/json's `UnmarshalTypeError`.
fn mismatch(found: &Value, wanted: &str) -> Error {
    Error::decoding(json::mismatch(found, wanted).to_string(), None)
}

/// Reads document after document for as long as `take` wants more.
fn documents(bytes: &[u8], mut take: impl FnMut(&Raw<'_>) -> Result<bool, Error>) -> Result<(), Error> {
    let source = Source::new(bytes);
    if source.problem.is_none()
        && let Some(raw) = quick::read(&source.text, source.skipped)
    {
        return take(&raw).map(drop);
    }
    let scanner = Scanner::new(&source.text, source.limit, source.problem.unwrap_or_default());
    let mut events = Events::new(scanner);
    while let Some(raw) = Raw::read(&mut events, source.skipped)? {
        if !take(&raw)? {
            break;
        }
    }
    Ok(())
}

fn first<T: Target>(bytes: &[u8], strict: bool) -> Result<Option<T>, Error> {
    let mut found = None;
    documents(bytes, |raw| {
        found = Some(decode::Decoder::run(raw, strict)?);
        Ok(false)
    })?;
    Ok(found)
}
