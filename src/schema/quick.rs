//! [`fits`]: the short way for schemas of a few plain keywords, as nearly all charts have them. It knows what their
//! metaschemas ask of these, so that neither the metaschema nor the schema has to be compiled; of anything else, and of
//! whatever does not fit, the long way has to say what it is.

use std::cmp::Ordering;

use super::compiled::Types;
use super::document::{Json, Object, duplicates};
use super::draft::Draft;
use crate::stack;

/// Keywords that neither a metaschema nor a validation looks at, or only to see that there is a value.
const ANNOTATIONS: [&str; 7] =
    ["default", "form", "hidden", "render", "sliderMax", "sliderMin", "sliderUnit"];

/// Whether the schema is surely sound and the value surely fits it. That it does not give `true` says nothing.
pub fn fits(schema: &Json, value: &Json) -> bool {
    let has_known_draft = match schema.as_object().and_then(|schema| schema.get("$schema")) {
        None => true,
        Some(Json::String(url)) => url
            .as_str()
            .and_then(Draft::from_url)
            .is_some_and(|draft| matches!(draft, Draft::Draft7 | Draft::Draft2020)),
        Some(_) => false,
    };
    has_known_draft && is_met(schema, Some(value), 0)
}

/// Whether a schema that lies so deep is sound and the value, if there is one, fits it.
fn is_met(schema: &Json, value: Option<&Json>, depth: usize) -> bool {
    let schema = match schema {
        Json::Bool(all) => return *all || value.is_none(),
        Json::Object(schema) => schema,
        _ => return false,
    };
    !stack::is_too_deep(depth)
        && schema.iter().all(|(keyword, wanted)| {
            let Some(keyword) = keyword.as_str() else { return false };
            match keyword {
                "$schema" => depth == 0,
                "title" | "description" => matches!(wanted, Json::String(_)),
                _ if ANNOTATIONS.contains(&keyword) => true,
                "type" => has_type(wanted, value),
                "enum" => is_one_of(wanted, value),
                "required" => has_required(wanted, value),
                "properties" => has_properties(wanted, value, depth),
                "additionalProperties" => has_additional(schema, wanted, value, depth),
                "items" => has_items(wanted, value, depth),
                "minimum" => is_bounded(wanted, value, Ordering::is_ge),
                "maximum" => is_bounded(wanted, value, Ordering::is_le),
                _ => false,
            }
        })
}

fn has_type(wanted: &Json, value: Option<&Json>) -> bool {
    let names = match wanted {
        Json::Array(names) if !names.is_empty() && duplicates(names).is_none() => &names[..],
        Json::String(_) => std::slice::from_ref(wanted),
        _ => return false,
    };
    let mut types = Types::default();
    for name in names {
        let Json::String(name) = name else { return false };
        let named = name.as_str().map(Types::named).unwrap_or_default();
        if named.is_empty() {
            return false;
        }
        types = types.with(named);
    }
    let Some(value) = value else { return true };
    let is_integer = matches!(value, Json::Number(number) if number.is_integer());
    types.contains(Types::of(value)) || is_integer && types.contains(Types::INTEGER)
}

fn is_one_of(wanted: &Json, value: Option<&Json>) -> bool {
    match wanted {
        Json::Array(choices) => value.is_none_or(|value| choices.iter().any(|choice| choice.equals(value))),
        _ => false,
    }
}

fn has_required(wanted: &Json, value: Option<&Json>) -> bool {
    let Json::Array(names) = wanted else { return false };
    let object = value.and_then(Json::as_object);
    duplicates(names).is_none()
        && names.iter().all(|name| match name {
            Json::String(name) => object.is_none_or(|object| object.contains(name.as_bytes())),
            _ => false,
        })
}

fn has_properties(wanted: &Json, value: Option<&Json>, depth: usize) -> bool {
    let Json::Object(properties) = wanted else { return false };
    let object = value.and_then(Json::as_object);
    properties
        .iter()
        .all(|(key, schema)| is_met(schema, object.and_then(|object| object.get(key.as_bytes())), depth + 1))
}

fn has_additional(schema: &Object, wanted: &Json, value: Option<&Json>, depth: usize) -> bool {
    let properties = schema.get("properties").and_then(Json::as_object);
    let is_own = |key: &[u8]| properties.is_some_and(|properties| properties.contains(key));
    let others = value.and_then(Json::as_object).into_iter().flat_map(Object::iter);
    is_met(wanted, None, depth + 1)
        && others
            .filter(|(key, _)| !is_own(key.as_bytes()))
            .all(|(_, value)| is_met(wanted, Some(value), depth + 1))
}

fn has_items(wanted: &Json, value: Option<&Json>, depth: usize) -> bool {
    let items = match value {
        Some(Json::Array(items)) => &items[..],
        _ => &[],
    };
    is_met(wanted, None, depth + 1) && items.iter().all(|item| is_met(wanted, Some(item), depth + 1))
}

/// Whether the bound is a number, and the value, if it is one too, on its right side.
fn is_bounded(bound: &Json, value: Option<&Json>, is_right: fn(Ordering) -> bool) -> bool {
    let Json::Number(bound) = bound else { return false };
    match value {
        Some(Json::Number(value)) => value.compare(bound).is_some_and(is_right),
        _ => !bound.is_unreadable(),
    }
}
