//! [`Shape`]: a schema as expressions see it.
//!
//! Go: k8s.io/apiserver `pkg/cel/common/schemas.go`, `pkg/cel/types.go`, `pkg/cel/escaping.go`.

use std::collections::HashMap;

use crate::apiserver::tree::Tree;

use super::check::{Fields, Known};
use super::types::Type;

/// The largest object that a server reads.
const REQUEST: i64 = 3 << 20;

/// A schema as expressions see it.
#[derive(Debug)]
pub struct Shape {
    pub sort: Sort,
    /// Its type; nothing where expressions cannot see it.
    pub kind: Option<Type>,
    /// How many items, entries or characters there may be.
    pub most: i64,
    /// How short it may be as JSON.
    pub least: i64,
    pub nullable: bool,
}

#[derive(Debug)]
pub enum Sort {
    IntOrString,
    /// A struct: its fields by their own names.
    Struct(Vec<(String, Shape)>),
    Map(Box<Shape>),
    /// An object whose fields are not known.
    Loose,
    List {
        items: Box<Shape>,
        kind: ListKind,
    },
    Text(TextForm),
    Number,
    Integer,
    Bool,
    Kept,
    /// What the server cannot read.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListKind {
    Plain,
    Set,
    /// By these fields.
    Map(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    Plain,
    Bytes,
    Duration,
    Date,
    Time,
}

impl Shape {
    /// The schema at a place; `is_root` where it is that of a whole object. `name` is the name that its type gets.
    pub fn of(schema: &Tree, is_root: bool, name: &str) -> Shape {
        let nullable = schema.is("nullable");
        let new = |sort, kind, most, least| Shape { sort, kind, most, least, nullable };
        if schema.is("x-kubernetes-int-or-string") {
            let most = schema.int("maxLength").map_or(REQUEST - 2, |most| most.max(0).saturating_mul(4));
            return new(Sort::IntOrString, Some(Type::Dyn), most, 1);
        }
        match schema.str("type") {
            "array" => list(schema, name),
            "object" => object(schema, is_root, name),
            "string" => text(schema),
            "boolean" => new(Sort::Bool, Some(Type::Bool), 0, 4),
            "number" => new(Sort::Number, Some(Type::Double), 0, 1),
            "integer" => new(Sort::Integer, Some(Type::Int), 0, 1),
            _ if schema.is("x-kubernetes-preserve-unknown-fields") => new(Sort::Kept, None, 0, 0),
            _ => new(Sort::None, None, 0, 0),
        }
    }

    /// What is known of a field of that name.
    pub fn property(&self, key: &str) -> Option<&Shape> {
        match &self.sort {
            Sort::Struct(fields) => fields.iter().find(|(own, _)| own == key).map(|(_, shape)| shape),
            Sort::Map(values) => Some(values),
            _ => None,
        }
    }

    /// The items, or the values of a map.
    pub fn below(&self) -> Option<&Shape> {
        match &self.sort {
            Sort::Map(values) => Some(values),
            Sort::List { items, .. } => Some(items),
            _ => None,
        }
    }

    /// The field that expressions know by a name.
    pub fn field(&self, name: &str) -> Option<&Shape> {
        let Sort::Struct(fields) = &self.sort else { return None };
        let named = |name: &str| fields.iter().find(|(own, _)| escape(own).as_deref() == Some(name));
        // A word of the language may be written as it is behind a dot.
        let field =
            named(name).or_else(|| RESERVED.contains(&name).then(|| named(&format!("__{name}__"))).flatten());
        field.map(|(_, shape)| shape).filter(|shape| shape.kind.is_some())
    }

    /// A key as expressions see it.
    pub fn key(&self, key: &str) -> String {
        match self.sort {
            Sort::Struct(_) => escape(key).unwrap_or_else(|| key.to_owned()),
            _ => key.to_owned(),
        }
    }

    /// Every struct within, by the name of its type.
    pub fn structs<'a>(&'a self, found: &mut HashMap<String, &'a Shape>) {
        if let Some(Type::Message(name)) = &self.kind {
            found.insert(name.to_string(), self);
        }
        match &self.sort {
            Sort::Struct(fields) => fields.iter().for_each(|(_, field)| field.structs(found)),
            Sort::Map(below) | Sort::List { items: below, .. } => below.structs(found),
            _ => {}
        }
    }
}

/// The structs of a schema, for the checker.
pub struct Structs<'a>(pub HashMap<String, &'a Shape>);

impl Fields for Structs<'_> {
    fn field(&self, message: &str, field: &str) -> Known {
        let Some(shape) = self.0.get(message) else { return Known::NoType };
        shape.field(field).and_then(|field| field.kind.clone()).map_or(Known::NoField, Known::Field)
    }
}

fn list(schema: &Tree, name: &str) -> Shape {
    let items = schema.get("items");
    let nullable = schema.is("nullable");
    if !matches!(items, Tree::Map(_)) {
        return Shape { sort: Sort::None, kind: None, most: 0, least: 0, nullable };
    }
    let items = Shape::of(items, items.is("x-kubernetes-embedded-resource"), &format!("{name}.@idx"));
    let kind = match schema.str("x-kubernetes-list-type") {
        "set" => ListKind::Set,
        "map" => {
            let keys = schema.list("x-kubernetes-list-map-keys").iter();
            ListKind::Map(keys.map(|key| key.text().to_owned()).collect())
        }
        _ => ListKind::Plain,
    };
    let most = schema.int("maxItems").map_or((REQUEST - 2) / (items.least + 1), |most| most.max(0));
    let own = items.kind.clone().map(Type::list);
    Shape { sort: Sort::List { items: Box::new(items), kind }, kind: own, most, least: 2, nullable }
}

/// What every object has, for expressions.
///
/// Go: `WithTypeAndObjectMeta`
fn with_metadata(fields: &mut Vec<(String, Shape)>, name: &str) {
    const LONGEST_NAME: i64 = 253;
    let text = || text(&Tree::Map(vec![("type".to_owned(), Tree::Str("string".to_owned()))]));
    // A name has a length that the server knows; what it is made from is one character shorter.
    let names = [("name", LONGEST_NAME), ("generateName", LONGEST_NAME - 1)]
        .map(|(field, most)| (field.to_owned(), Shape { most: 4 * most, ..text() }));
    let metadata = Shape {
        sort: Sort::Struct(names.into()),
        kind: Some(Type::message(&format!("{name}.metadata"))),
        most: 0,
        least: 2,
        nullable: false,
    };
    fields.retain(|(field, _)| !matches!(field.as_str(), "kind" | "apiVersion" | "metadata"));
    fields.extend([
        ("kind".to_owned(), text()),
        ("apiVersion".to_owned(), text()),
        ("metadata".to_owned(), metadata),
    ]);
}

fn has_metadata(schema: &Tree) -> bool {
    let of = |names: &[&str], kind: &str| schema.get("properties").at(names).str("type") == kind;
    of(&["kind"], "string")
        && of(&["apiVersion"], "string")
        && of(&["metadata"], "object")
        && of(&["metadata", "properties", "name"], "string")
        && of(&["metadata", "properties", "generateName"], "string")
}

fn object(schema: &Tree, is_root: bool, name: &str) -> Shape {
    let nullable = schema.is("nullable");
    let additional = schema.get("additionalProperties");
    if matches!(additional, Tree::Map(_)) {
        let is_resource = additional.is("x-kubernetes-embedded-resource");
        let values = Shape::of(additional, is_resource, &format!("{name}.@elem"));
        let most = schema.int("maxProperties").map_or((REQUEST - 2) / (values.least + 6), |most| most.max(0));
        let kind = values.kind.clone().map(|kind| Type::map(Type::Text, kind));
        return Shape { sort: Sort::Map(Box::new(values)), kind, most, least: 2, nullable };
    }
    let properties = schema.map("properties");
    let mut fields: Vec<(String, Shape)> = properties
        .iter()
        .map(|(field, property)| {
            let is_resource = property.is("x-kubernetes-embedded-resource");
            let below = format!("{name}.{}", escape(field).unwrap_or_default());
            (field.clone(), Shape::of(property, is_resource, &below))
        })
        .collect();
    if is_root && !has_metadata(schema) {
        with_metadata(&mut fields, name);
    }
    let required = schema.list("required");
    let is_required = |field: &str| required.iter().any(|name| name.text() == field);
    let mut least = 2;
    for (field, shape) in &fields {
        let has_default = !schema.get("properties").get(field).get("default").is_null();
        if shape.kind.is_some() && is_required(field) && !has_default {
            least += field.len() as i64 + shape.least + 4;
        }
    }
    let is_known = is_root || matches!(schema.get("properties"), Tree::Map(_));
    let sort = if is_known { Sort::Struct(fields) } else { Sort::Loose };
    Shape { sort, kind: Some(Type::message(name)), most: 0, least, nullable }
}

fn text(schema: &Tree) -> Shape {
    const SHORT: i64 = 32;
    let most = schema.int("maxLength").map(|most| most.max(0));
    let (form, kind, most, least) = match schema.str("format") {
        "byte" => (TextForm::Bytes, Type::Bytes, most.unwrap_or(REQUEST - 2), 2),
        "duration" => (TextForm::Duration, Type::Duration, SHORT, 3),
        "date" => (TextForm::Date, Type::Timestamp, 12, 12),
        "date-time" => (TextForm::Time, Type::Timestamp, SHORT, 21),
        _ => {
            let words = schema.list("enum");
            let longest = words.iter().map(|word| word.text().len() as i64).max();
            let most = most.map(|most| most.saturating_mul(4)).or(longest).unwrap_or(REQUEST - 2);
            (TextForm::Plain, Type::Text, most, 2)
        }
    };
    Shape { sort: Sort::Text(form), kind: Some(kind), most, least, nullable: schema.is("nullable") }
}

/// Words that no expression can use as a name. Go: cel-go `parser` and Kubernetes' `celReservedSymbols`.
pub const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

const ESCAPES: [(&str, &str); 4] =
    [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

/// The name by which expressions know a field; nothing where they cannot name it.
///
/// Go: `cel.Escape`
pub fn escape(name: &str) -> Option<String> {
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(name.to_owned());
    }
    let mut out = String::new();
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if let Some((sign, escaped)) = ESCAPES.iter().find(|(sign, _)| rest.starts_with(sign)) {
            out.push_str(escaped);
            rest = &rest[sign.len()..];
        } else if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
            rest = &rest[1..];
        } else {
            return None;
        }
    }
    Some(out)
}

/// The field that expressions know by a name.
///
/// Go: `cel.Unescape`
pub fn unescape(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = name;
    while !rest.is_empty() {
        let inner = rest.strip_prefix("__").and_then(|inner| {
            let end = inner.find('_')?;
            (end > 0 && inner[end..].starts_with("__")).then_some(&inner[..end])
        });
        let Some(word) = inner else {
            let c = rest.chars().next()?;
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let length = word.len() + 4;
        match ESCAPES.iter().find(|(_, escaped)| escaped[2..escaped.len() - 2] == *word) {
            Some((sign, _)) => out.push_str(sign),
            None if RESERVED.contains(&word) && length == name.len() => out.push_str(word),
            None => return None,
        }
        rest = &rest[length..];
    }
    Some(out)
}
