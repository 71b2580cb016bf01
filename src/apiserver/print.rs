//! How the server shows a value in an error: as JSON since 1.33, before that as Go's `%#v`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::go::strconv::quote;

use super::known::{Known, Shape, Type};
use super::tree::Tree;

/// The value as `encoding/json` writes it: keys of maps sorted, HTML escaped.
pub fn json_of(tree: &Tree) -> String {
    let mut out = String::new();
    write_json(tree, &mut out);
    out
}

fn write_json(tree: &Tree, out: &mut String) {
    match tree {
        Tree::Null => out.push_str("null"),
        Tree::Bool(b) => out.push_str(&format!("{b}")),
        Tree::Int(n) => out.push_str(&format!("{n}")),
        Tree::Float(x) => out.push_str(&format!("{x}")),
        Tree::Str(text) => write_text(text, out),
        Tree::Bytes(bytes) => write_text(&STANDARD.encode(bytes), out),
        Tree::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Tree::Map(entries) => {
            let mut sorted: Vec<&(String, Tree)> = entries.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
    }
}

/// Go: encoding/json `appendString` with HTML escaped.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A value of an internal type, whose fields have no names but Go's: `{"Name":"","Port":80}`. Fields are matched by their Go
/// names with those of the decoded object.
pub fn internal_json(known: &Known, tree: &Tree, type_name: &'static str) -> String {
    let mut out = String::new();
    write_typed(known, tree, &known.type_of(type_name), &mut out);
    out
}

/// A value of a versioned type: its fields have the names of JSON, in the order of Go's struct, and empty ones are left out.
pub fn versioned_json(known: &Known, tree: &Tree, type_name: &'static str) -> String {
    let mut out = String::new();
    write_versioned(known, tree, &known.type_of(type_name), &mut out);
    out
}

fn write_versioned(known: &Known, tree: &Tree, kind: &Type, out: &mut String) {
    match &kind.shape {
        _ if tree.is_null() => out.push_str("null"),
        Shape::Pointer(inner) => write_versioned(known, tree, inner, out),
        Shape::List(inner) => {
            out.push('[');
            for (at, item) in tree.items().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_versioned(known, item, inner, out);
            }
            out.push(']');
        }
        Shape::Struct(index) => {
            out.push('{');
            let given = known.fields(*index).iter().filter(|field| !tree.get(field.name).is_zero());
            for (at, field) in given.enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(field.name, out);
                out.push(':');
                write_versioned(known, tree.get(field.name), &field.kind, out);
            }
            out.push('}');
        }
        _ => write_json(tree, out),
    }
}

fn write_struct(known: &Known, tree: &Tree, index: usize, out: &mut String) {
    out.push('{');
    let start = out.len();
    for field in known.fields(index) {
        // What is embedded without a name stands as it is written.
        if field.inlined.contains(&"TypeMeta") {
            continue;
        }
        if field.kind.name == "meta/v1.ObjectMeta" {
            let given = versioned_json(known, tree.get(field.name), field.kind.name);
            out.push_str(given.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default());
            continue;
        }
        if out.len() > start {
            out.push(',');
        }
        write_text(&field.go_name, out);
        out.push(':');
        write_typed(known, field_of(tree, &field.go_name), &field.kind, out);
    }
    out.push('}');
}

/// The field whose JSON name differs from Go's by the case of its first letters only: `IPFamilies` is `ipFamilies`. In schemas
/// `XMapType` is `x-kubernetes-map-type`, and `Ref` is `$ref`.
fn field_of<'a>(tree: &'a Tree, go_name: &str) -> &'a Tree {
    let is_it = |key: &str| match key.strip_prefix("x-kubernetes-") {
        Some(rest) => {
            go_name.strip_prefix('X').is_some_and(|go| go.eq_ignore_ascii_case(&rest.replace('-', "")))
        }
        None => key.strip_prefix('$').unwrap_or(key).eq_ignore_ascii_case(go_name),
    };
    let found = tree.entries().iter().find(|(key, _)| is_it(key));
    found.map_or(&Tree::Null, |(_, value)| value)
}

/// A schema where there may be something else: the fields of Go's struct that stand around it.
fn around_schema(known: &Known, tree: &Tree, kind: &Type, out: &mut String) -> bool {
    let (before, after) = match kind.name {
        "apiextensions.JSONSchemaPropsOrArray" => ("{\"Schema\":", ",\"JSONSchemas\":null}"),
        "apiextensions.JSONSchemaPropsOrBool" if *tree == Tree::Bool(false) => {
            ("{\"Allows\":false,\"Schema\":", "}")
        }
        "apiextensions.JSONSchemaPropsOrBool" => ("{\"Allows\":true,\"Schema\":", "}"),
        _ => return false,
    };
    out.push_str(before);
    match tree {
        Tree::Map(_) => write_typed(known, tree, &known.type_of("apiextensions.JSONSchemaProps"), out),
        _ => out.push_str("null"),
    }
    out.push_str(after);
    true
}

fn write_typed(known: &Known, tree: &Tree, kind: &Type, out: &mut String) {
    if around_schema(known, tree, kind, out) {
        return;
    }
    match &kind.shape {
        // What all versions share has the names of JSON everywhere.
        Shape::Struct(_) if kind.name.starts_with("meta/v1.") => write_versioned(known, tree, kind, out),
        Shape::Struct(index) => write_struct(known, tree, *index, out),
        Shape::Pointer(inner) if !tree.is_null() => write_typed(known, tree, inner, out),
        Shape::List(inner) if !tree.is_null() => {
            out.push('[');
            for (at, item) in tree.items().iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_typed(known, item, inner, out);
            }
            out.push(']');
        }
        Shape::Map(inner) if !tree.is_null() => {
            let mut sorted: Vec<&(String, Tree)> = tree.entries().iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write_typed(known, value, inner, out);
            }
            out.push('}');
        }
        Shape::Str if tree.is_null() => out.push_str("\"\""),
        Shape::Bool if tree.is_null() => out.push_str("false"),
        Shape::Int(_) | Shape::Uint(_) | Shape::Float | Shape::IntOrString if tree.is_null() => out.push('0'),
        Shape::Quantity if tree.is_null() => out.push_str("\"0\""),
        _ => write_json(tree, out),
    }
}

/// A value as Go's `%#v` shows it; the place of a pointer, which nobody can know, is `0x0`.
pub fn go_syntax(known: &Known, tree: &Tree, type_name: &'static str) -> String {
    let kind = known.type_of(type_name);
    let mut out = String::new();
    write_go(known, tree, &kind, &mut out);
    out
}

fn write_go(known: &Known, tree: &Tree, kind: &Type, out: &mut String) {
    match &kind.shape {
        Shape::Pointer(inner) => {
            let place = if tree.is_null() { "nil" } else { "0x0" };
            out.push_str(&format!("(*{})({place})", inner.go_name()));
        }
        Shape::List(_) | Shape::Map(_) if tree.is_null() => out.push_str(&format!("{}(nil)", kind.go_name())),
        Shape::List(inner) => {
            out.push_str(&format!("{}{{", kind.go_name()));
            for (at, item) in tree.items().iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write_go(known, item, inner, out);
            }
            out.push('}');
        }
        Shape::Map(inner) => {
            out.push_str(&format!("{}{{", kind.go_name()));
            let mut sorted: Vec<&(String, Tree)> = tree.entries().iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            for (at, (key, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                out.push_str(&quote(key));
                out.push(':');
                write_go(known, value, inner, out);
            }
            out.push('}');
        }
        Shape::Struct(index) => {
            out.push_str(&format!("{}{{", kind.go_name()));
            for (at, field) in known.fields(*index).iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                out.push_str(&field.go_name);
                out.push(':');
                write_go(known, field_of(tree, &field.go_name), &field.kind, out);
            }
            out.push('}');
        }
        Shape::IntOrString => {
            let (kind, number, text) = match tree {
                Tree::Str(text) => (1, 0, text.as_str()),
                other => (0, other.as_int().unwrap_or_default(), ""),
            };
            out.push_str(&format!(
                "intstr.IntOrString{{Type:{kind}, IntVal:{number}, StrVal:{}}}",
                quote(text)
            ));
        }
        Shape::Str => out.push_str(&quote(tree.text())),
        Shape::Bool => out.push_str(&format!("{}", *tree == Tree::Bool(true))),
        Shape::Int(_) | Shape::Uint(_) => out.push_str(&format!("{}", tree.as_int().unwrap_or_default())),
        _ => write_json(tree, out),
    }
}
