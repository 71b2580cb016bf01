//! [`Decoder`]: from a [`Node`] into the fields of Go's structs, as sigs.k8s.io/yaml and encoding/json decode: keys in any
//! case, numbers and booleans as texts where a text is wanted, the first mismatch told in their words.
//!
//! Whoever decodes writes each field into a struct of their own: see `manifest::head` for a small example.

use super::error::Error;
use super::{Data, Entry, Node};
use crate::go::strconv;

/// Decodes on after a mismatch, as encoding/json does, and keeps the first.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The fields on the way, outermost first.
    fields: Vec<&'static str>,
    /// The innermost struct on the way.
    structure: &'static str,
    error: Option<Mismatch>,
    /// Whether a key that is no field is an error.
    strict: bool,
    /// Whether a number or a boolean is an error where a text is wanted.
    exact: bool,
    /// Whether keys come as they are written, and not in order and each once.
    as_written: bool,
}

/// Something that does not fit the type that it is decoded into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What is wrong, in the words of encoding/json.
    pub message: String,
    /// Where it stands in the text, in bytes.
    pub at: usize,
}

impl Mismatch {
    /// As the error of decoding the YAML text that the node was read from.
    pub fn in_text(self, text: &[u8]) -> Error {
        let before = text.get(..self.at).unwrap_or(text);
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        Error::decoding(self.message, Some(line))
    }
}

impl Decoder {
    /// A decoder for which a key that is no field is an error. Go: `yaml.UnmarshalStrict`.
    pub fn strict() -> Decoder {
        Decoder { strict: true, ..Decoder::default() }
    }

    /// A decoder of JSON: where a text is wanted, a number is an error. Go: `json.Unmarshal`.
    pub fn of_json() -> Decoder {
        Decoder { exact: true, as_written: true, ..Decoder::default() }
    }

    /// What was wrong first, if anything was.
    pub fn finish(self) -> Result<(), Mismatch> {
        self.error.map_or(Ok(()), Err)
    }

    /// Hands each known field of a mapping to `each`, in the order of the keys, as JSON has them.
    /// `name` is that of the struct, `type_name` its type as Go prints it.
    pub fn structure<'n>(
        &mut self,
        node: &'n Node,
        name: &'static str,
        type_name: &str,
        fields: &[&'static str],
        mut each: impl FnMut(&mut Decoder, &'static str, &'n Node),
    ) {
        let known = |entry: &'n Entry| (field_named(fields, &entry.key), entry);
        let is_wanted = |(field, _): &(Option<&str>, &Entry)| self.strict || field.is_some();
        let entries = match &node.data {
            Data::Map(entries) => entries.iter().map(known).filter(is_wanted).collect(),
            Data::Null => return,
            _ => return self.mismatch(node, type_name),
        };
        let outer = std::mem::replace(&mut self.structure, name);
        for (field, entry) in self.in_order(entries, |(_, entry)| entry) {
            if let Some(field) = field {
                self.fields.push(field);
                each(self, field, &entry.value);
                self.fields.pop();
            } else {
                let message = format!("json: unknown field {}", strconv::quote(&entry.key));
                self.error.get_or_insert(Mismatch { message, at: entry.key_span.start as usize });
            }
        }
        self.structure = outer;
    }

    /// Decodes a field of a struct that is embedded, under that name, in the one on the way. sigs.k8s.io/yaml does not see
    /// behind it: where a text is wanted a number is none.
    pub fn embedded(&mut self, name: &'static str, decode: impl FnOnce(&mut Decoder)) {
        let at = self.fields.len().saturating_sub(1);
        self.fields.insert(at, name);
        let exact = std::mem::replace(&mut self.exact, true);
        decode(self);
        self.exact = exact;
        self.fields.remove(at);
    }

    /// A `string`; null leaves what is there.
    pub fn text(&mut self, node: &Node, into: &mut String) {
        match scalar(node).filter(|_| !self.exact || matches!(node.data, Data::String(_))) {
            Some(text) => *into = text,
            None if node.is_null() => {}
            None => self.mismatch(node, "string"),
        }
    }

    /// A `[]string`.
    pub fn texts(&mut self, node: &Node, into: &mut Vec<String>) {
        let Some(items) = self.items(node, "[]string") else { return into.clear() };
        into.clear();
        into.resize_with(items.len(), String::new);
        items.iter().zip(into).for_each(|(node, into)| self.text(node, into));
    }

    /// The entries of a `map[string]string`, in the order of the keys; none for null and for anything else, which is told.
    pub fn text_map(&mut self, node: &Node) -> Vec<(String, String)> {
        let entries = match &node.data {
            Data::Map(entries) => entries.iter().collect(),
            Data::Null => return Vec::new(),
            _ => {
                self.mismatch(node, "map[string]string");
                return Vec::new();
            }
        };
        let texts = self.in_order(entries, |entry| entry).into_iter().map(|entry| {
            let mut text = String::new();
            self.text(&entry.value, &mut text);
            (entry.key.clone(), text)
        });
        texts.collect()
    }

    /// A `bool`; null leaves what is there.
    pub fn bool(&mut self, node: &Node, into: &mut bool) {
        match node.data {
            Data::Bool(b) => *into = b,
            Data::Null => {}
            _ => self.mismatch(node, "bool"),
        }
    }

    /// The items of a slice of that type; `None` for null and for anything else, which is told.
    pub fn items<'n>(&mut self, node: &'n Node, type_name: &str) -> Option<&'n [Node]> {
        match &node.data {
            Data::Seq(items) => return Some(items),
            Data::Null => {}
            _ => self.mismatch(node, type_name),
        }
        None
    }

    /// The entries as encoding/json meets them; behind sigs.k8s.io/yaml they are sorted, each key once with its last value.
    fn in_order<'n, T>(&self, mut entries: Vec<T>, entry: impl Fn(&T) -> &'n Entry) -> Vec<T> {
        if !self.as_written {
            // Of equal keys the last comes first, and stays.
            entries.reverse();
            entries.sort_by(|a, b| entry(a).key.cmp(&entry(b).key));
            entries.dedup_by(|later, first| entry(later).key == entry(first).key);
        }
        entries
    }

    /// Tells that the node does not fit the type. Go: encoding/json `UnmarshalTypeError`.
    pub fn mismatch(&mut self, node: &Node, type_name: &str) {
        let found = node.data.json_type();
        let place = if self.fields.is_empty() {
            "Go value".to_owned()
        } else {
            format!("Go struct field {}.{}", self.structure, self.fields.join("."))
        };
        self.keep(format!("json: cannot unmarshal {found} into {place} of type {type_name}"), node);
    }

    /// Keeps the message of an error at the node, unless there is one already.
    pub fn keep(&mut self, message: impl ToString, node: &Node) {
        let at = node.span.start as usize;
        self.error.get_or_insert_with(|| Mismatch { message: message.to_string(), at });
    }
}

/// The field as encoding/json finds it: written so, else in any case.
fn field_named(fields: &[&'static str], key: &str) -> Option<&'static str> {
    let exact = fields.iter().find(|field| **field == key);
    exact.or_else(|| fields.iter().find(|field| field.eq_ignore_ascii_case(key))).copied()
}

/// The text of a scalar where a text is wanted. sigs.k8s.io/yaml: `convertToJSONableObject`.
fn scalar(node: &Node) -> Option<String> {
    match &node.data {
        Data::String(text) => Some(text.clone()),
        Data::Bool(b) => Some(b.to_string()),
        Data::Int(n) => Some(n.to_string()),
        Data::Uint(n) => Some(n.to_string()),
        Data::Float(x) => Some(strconv::format_float(*x, b'g', None, 32)),
        Data::Null | Data::Seq(_) | Data::Map(_) => None,
    }
}
