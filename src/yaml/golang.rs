//! What Go prints of decoded values in the decoder's error texts (`%#v`), and Go's ways with bytes.

use std::collections::HashMap;

use super::key::Key;
use super::number;
use super::raw::{Id, Kind, Raw};
use super::resolve::{self, Scalar};
use crate::go::encoding::base64_decode;
use crate::go::runes;
use crate::go::strconv::quote;

/// How long a printed value may get before the rest is left out: error texts of aliases must not grow without bound.
const LONGEST: usize = 1 << 20;

/// A key as `%#v` prints it.
pub(super) fn key_syntax(key: &Key<'_>) -> String {
    match key {
        Key::Null => "<nil>".to_owned(),
        Key::Bool(b) => b.to_string(),
        Key::Int(n) => n.to_string(),
        Key::Uint(n) => format!("{n:#x}"),
        Key::Float(bits) => number::format_g(f64::from_bits(*bits)),
        Key::Text(text) => quote(text.as_ref()),
    }
}

/// What is wrong with the first key of a node, decoded, that JSON cannot have.
/// Go: sigs.k8s.io/yaml yaml.go `convertToJSONableObject`, which looks at keys in any order.
pub(super) fn bad_key(raw: &Raw<'_>, id: Id) -> Option<String> {
    match &raw.nodes[id as usize].kind {
        Kind::Alias { target, .. } => bad_key(raw, *target),
        Kind::Scalar { .. } => None,
        Kind::Seq(items) => items.iter().find_map(|item| bad_key(raw, *item)),
        Kind::Map(children) => entries(raw, children).iter().find_map(|(key, value)| {
            let kind = match key {
                Key::Null => "%!s(<nil>)",
                Key::Uint(_) => "uint64",
                _ => return bad_key(raw, *value),
            };
            let (key, value) = (key_syntax(key), syntax(raw, *value));
            Some(format!("unsupported map key of type: {kind}, key: {key}, value: {value}"))
        }),
    }
}

/// The keys of a mapping with their values; of equal keys the last wins, merged ones included.
fn entries<'r>(raw: &'r Raw<'_>, children: &[Id]) -> Vec<(Key<'r>, Id)> {
    let mut found: Vec<(Key<'r>, Id)> = Vec::new();
    let mut at = HashMap::new();
    add_entries(raw, children, &mut |key, value| {
        // A NaN is equal to nothing, itself included.
        let is_nan = matches!(&key, Key::Float(bits) if f64::from_bits(*bits).is_nan());
        let place = if is_nan { found.len() } else { *at.entry(key.clone()).or_insert(found.len()) };
        match found.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => found.push((key, value)),
        }
    });
    found
}

fn add_entries<'r>(raw: &'r Raw<'_>, children: &[Id], add: &mut impl FnMut(Key<'r>, Id)) {
    for pair in children.chunks_exact(2) {
        let &[key, value] = pair else { continue };
        if raw.is_merge(key) {
            match &raw.nodes[value as usize].kind {
                Kind::Seq(items) => items.iter().rev().for_each(|item| merge_entries(raw, *item, add)),
                _ => merge_entries(raw, value, add),
            }
        } else if let Some(key) = key_of(raw, key) {
            add(key, value);
        }
    }
}

fn merge_entries<'r>(raw: &'r Raw<'_>, id: Id, add: &mut impl FnMut(Key<'r>, Id)) {
    match &raw.nodes[id as usize].kind {
        Kind::Alias { target, .. } => merge_entries(raw, *target, add),
        Kind::Map(children) => add_entries(raw, children, add),
        _ => {}
    }
}

/// What a scalar says that is binary.
fn binary_of(raw: &Raw<'_>, id: Id) -> Option<Vec<u8>> {
    match &raw.nodes[id as usize].kind {
        Kind::Scalar { text, tag, .. } if tag.as_deref() == Some("tag:yaml.org,2002:binary") => {
            base64_decode(text.as_bytes()).ok()
        }
        _ => None,
    }
}

/// Bytes in quotes; those that are in no character as numbers.
fn quote_bytes(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        let quoted = quote(chunk.valid());
        out.push_str(&quoted[1..quoted.len() - 1]);
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out + "\""
}

/// A node, decoded, as `%#v` prints it.
pub(super) fn syntax(raw: &Raw<'_>, id: Id) -> String {
    if let Some(bytes) = binary_of(raw, id) {
        return quote_bytes(&bytes);
    }
    if let Some(key) = key_of(raw, id) {
        return key_syntax(&key);
    }
    let mut out = String::new();
    write_syntax(raw, id, &mut out);
    out
}

fn write_syntax(raw: &Raw<'_>, id: Id, out: &mut String) {
    if out.len() > LONGEST {
        return;
    }
    match &raw.nodes[id as usize].kind {
        Kind::Alias { target, .. } => write_syntax(raw, *target, out),
        Kind::Scalar { .. } => match (binary_of(raw, id), key_of(raw, id)) {
            (Some(bytes), _) => out.push_str(&quote_bytes(&bytes)),
            (None, None | Some(Key::Null)) => out.push_str("interface {}(nil)"),
            (None, Some(key)) => out.push_str(&key_syntax(&key)),
        },
        Kind::Seq(items) => {
            out.push_str("[]interface {}{");
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_syntax(raw, *item, out);
            }
            out.push('}');
        }
        Kind::Map(children) => {
            let mut entries = entries(raw, children);
            entries.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
            out.push_str("map[interface {}]interface {}{");
            for (at, (key, value)) in entries.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                match key {
                    Key::Null => out.push_str("interface {}(nil)"),
                    key => out.push_str(&key_syntax(key)),
                }
                out.push(':');
                write_syntax(raw, *value, out);
            }
            out.push('}');
        }
    }
}

impl Key<'_> {
    /// Go sorts keys of one type, and types by where the linker put them: this is how it was in Helm.
    fn order(&self) -> (u8, i128, &str) {
        match self {
            Key::Null => (0, 0, ""),
            Key::Int(n) => (3, i128::from(*n), ""),
            Key::Uint(n) => (2, i128::from(*n), ""),
            Key::Float(bits) => {
                let x = f64::from_bits(*bits);
                if x.is_nan() {
                    return (4, i128::MIN, "");
                }
                let size = i128::from(bits & (u64::MAX >> 1));
                (4, if x < 0.0 { -size } else { size }, "")
            }
            Key::Text(text) => (1, 0, text),
            Key::Bool(b) => (5, i128::from(*b), ""),
        }
    }
}

/// The typed value of a scalar, or of one that an alias stands for.
fn key_of<'r>(raw: &'r Raw<'_>, id: Id) -> Option<Key<'r>> {
    let (text, tag, implicit) = match &raw.nodes[id as usize].kind {
        Kind::Scalar { text, tag, implicit } => (text, tag, implicit),
        Kind::Alias { target, .. } => return key_of(raw, *target),
        Kind::Seq(_) | Kind::Map(_) => return None,
    };
    if tag.as_deref() == Some("tag:yaml.org,2002:binary") {
        return Some(Key::Text(runes::to_valid(&base64_decode(text.as_bytes()).ok()?).into_owned().into()));
    }
    let resolved = match (tag.as_deref(), implicit) {
        (None, false) => Scalar::Text,
        (tag, _) => resolve::resolve(tag.unwrap_or_default(), text).ok()?,
    };
    Some(match resolved {
        Scalar::Null => Key::Null,
        Scalar::Bool(b) => Key::Bool(b),
        Scalar::Int(n) => Key::Int(n),
        Scalar::Uint(n) => Key::Uint(n),
        Scalar::Float(x) => Key::Float(x.to_bits()),
        Scalar::Text => Key::Text(text.as_ref().into()),
    })
}
