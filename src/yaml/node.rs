//! [`Node`]: a YAML document as a tree that remembers where everything stood, its aliases resolved and its scalars typed
//! as sigs.k8s.io/yaml types them. Rules, values layers and fixes read this; templates read `Value`.

use crate::source::Span;
use crate::value::{List, Value};

/// A part of a YAML document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands in the text that was parsed.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// The content of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean of YAML 1.1: `yes` and `off` too.
    Bool(bool),
    /// An integer that fits an `i64`.
    Int(i64),
    /// An integer above `i64::MAX` that fits a `u64`.
    Uint(u64),
    /// A float.
    Float(f64),
    /// Anything else that is a scalar.
    String(String),
    /// A sequence.
    Seq(Vec<Node>),
    /// A mapping in the order of the text, keys as JSON would have them; of equal keys the last wins.
    Map(Vec<Entry>),
}

impl Data {
    /// What encoding/json calls a value of this type in its errors.
    pub fn json_type(&self) -> &'static str {
        match self {
            Data::Null => "null",
            Data::Bool(_) => "bool",
            Data::Int(_) | Data::Uint(_) | Data::Float(_) => "number",
            Data::String(_) => "string",
            Data::Seq(_) => "array",
            Data::Map(_) => "object",
        }
    }
}

/// A key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as a JSON object key (`true` for `yes:`).
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A document that says nothing.
    pub fn null() -> Node {
        Node { span: Span::default(), data: Data::Null }
    }

    /// The value at the key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry at the key, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key == key)
    }

    /// The node at the end of a route of mapping keys.
    pub fn at(&self, route: &[&str]) -> Option<&Node> {
        route.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries, none if this is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items, none if this is no sequence.
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::Seq(items) => items,
            _ => &[],
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self.data {
            Data::Int(n) => Some(n),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// The node as JSON; of equal keys the last wins. Numbers that JSON cannot tell become null.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.data {
            Data::Null => serde_json::Value::Null,
            Data::Bool(b) => (*b).into(),
            Data::Int(n) => (*n).into(),
            Data::Uint(n) => (*n).into(),
            // Go writes a whole float without its fraction.
            Data::Float(x) if x.fract() == 0.0 && x.abs() < 9e18 => (*x as i64).into(),
            Data::Float(x) => (*x).into(),
            Data::String(text) => text.as_str().into(),
            Data::Seq(items) => items.iter().map(Node::to_json).collect(),
            Data::Map(entries) => {
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
            }
        }
    }

    /// The word for what it is, for messages.
    pub fn kind_name(&self) -> &'static str {
        match self.data {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Int(_) | Data::Uint(_) | Data::Float(_) => "a number",
            Data::String(_) => "a string",
            Data::Seq(_) => "a list",
            Data::Map(_) => "a map",
        }
    }
}

impl Node {
    /// As templates see it: numbers are float64, and of equal keys the last wins.
    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Null => Value::Nil,
            Data::Bool(b) => Value::Bool(*b),
            Data::Int(n) => Value::Float64(*n as f64),
            Data::Uint(n) => Value::Float64(*n as f64),
            Data::Float(x) => Value::Float64(*x),
            Data::String(text) => Value::from(text.as_str()),
            Data::Seq(items) => Value::List(List::any(items.iter().map(Node::to_value).collect()).grown()),
            Data::Map(entries) => {
                Value::Map(entries.iter().map(|entry| (entry.key.as_str(), entry.value.to_value())).collect())
            }
        }
    }
}
