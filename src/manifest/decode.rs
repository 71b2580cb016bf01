//! [`check`]: the error that Go's decoder raises when a document does not have the shape of a struct, and [`field`], which
//! finds a field as it does. Go: sigs.k8s.io/yaml `Unmarshal` over encoding/json.

use std::collections::BTreeMap;

use crate::yaml::{Data, Entry, Node};

/// The Go type that a node is decoded into.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `string`; plain scalars are taken for strings.
    Text,
    /// `map[string]string`
    TextMap,
    /// A slice: its Go type and its items.
    List(&'static str, &'static Shape),
    /// A struct: the name that errors give its fields' owner (none if it is anonymous), its Go type, its fields.
    Struct(&'static str, &'static str, &'static [(&'static str, Shape)]),
}

/// The error of decoding into the shape: that of the first mismatch in the order of sorted keys.
pub fn check(node: &Node, shape: &Shape) -> Result<(), String> {
    match mismatch(node, shape, "", &mut Vec::new()) {
        None => Ok(()),
        Some(text) => Err(format!("error unmarshaling JSON: while decoding JSON: json: {text}")),
    }
}

fn mismatch(node: &Node, shape: &Shape, owner: &str, route: &mut Vec<&'static str>) -> Option<String> {
    let raise = |wanted: &str, route: &[&str]| {
        let place = match route {
            [] => "Go value".to_owned(),
            _ => format!("Go struct field {owner}.{}", route.join(".")),
        };
        Some(format!("cannot unmarshal {} into {place} of type {wanted}", node.data.json_type()))
    };
    match (shape, &node.data) {
        (_, Data::Null) => None,
        (Shape::Text, Data::Seq(_) | Data::Map(_)) => raise("string", route),
        (Shape::Text, _) => None,
        (Shape::TextMap, Data::Map(entries)) => {
            sorted(entries).find_map(|entry| mismatch(&entry.value, &Shape::Text, owner, route))
        }
        (Shape::TextMap, _) => raise("map[string]string", route),
        (Shape::List(_, items), Data::Seq(nodes)) => {
            nodes.iter().find_map(|node| mismatch(node, items, owner, route))
        }
        (Shape::List(name, _), _) => raise(name, route),
        (Shape::Struct(owner, _, fields), Data::Map(entries)) => sorted(entries).find_map(|entry| {
            let (name, shape) = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(&entry.key))?;
            route.push(name);
            let found = mismatch(&entry.value, shape, owner, route);
            route.pop();
            found
        }),
        (Shape::Struct(_, name, _), _) => raise(name, route),
    }
}

/// The field as encoding/json finds it: in any case, the last by key where several fit.
pub fn field<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let fitting = node.entries().iter().filter(|entry| name.eq_ignore_ascii_case(&entry.key));
    fitting.max_by(|a, b| a.key.cmp(&b.key)).map(|entry| &entry.value)
}

/// A string field; empty where there is none or it is null.
pub fn text(node: &Node, name: &str) -> String {
    field(node, name).and_then(scalar).unwrap_or_default()
}

/// A plain scalar as sigs.k8s.io/yaml hands it to a string field; `None` for null and collections.
pub fn scalar(node: &Node) -> Option<String> {
    Some(match &node.data {
        Data::String(text) => text.clone(),
        Data::Bool(b) => b.to_string(),
        Data::Int(n) => n.to_string(),
        Data::Uint(n) => n.to_string(),
        Data::Float(x) => crate::go::strconv::format_float(*x, b'g', None, 64),
        Data::Null | Data::Seq(_) | Data::Map(_) => return None,
    })
}

/// The entries as encoding/json meets them: sorted, each key once with its last value.
pub fn sorted(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().map(|entry| (entry.key.as_str(), entry)).collect::<BTreeMap<_, _>>().into_values()
}
