//! `common.Values`: the named map type of the dot, of `.Values` and of `.Template`, with the methods that templates can
//! call on it. Helm: pkg/chart/common/values.go.

use crate::go::strconv;
use crate::value::{Elem, ErrorObject, Map, MapMethod, MapType, Str, Type, Value};
use crate::yaml;

/// The type.
pub static VALUES: MapType = MapType::named(
    "common.Values",
    &[
        MapMethod::new("AsMap", &[], |map, _| Ok(Value::Map(as_map(map)))),
        MapMethod::new("Encode", &[Type::Named("io.Writer")], encode),
        MapMethod::new("PathValue", &[Type::String], path_value),
        MapMethod::new("Table", &[Type::String], table),
        MapMethod::new("YAML", &[], |map, _| Ok(yaml::to_yaml(&Value::Map(map.plain()))?.into())),
    ],
);

/// A nil map becomes one that can be written; so does an empty one, which is no longer shared then.
fn as_map(map: &Map) -> Map {
    if map.is_empty() { Map::new() } else { map.plain() }
}

/// No template has a writer; the nil one that it may give is written to, unless there is nothing to write.
fn encode(map: &Map, _: &[Value]) -> Result<Value, String> {
    match yaml::to_yaml(&Value::Map(map.plain())) {
        Ok(_) => Err("runtime error: invalid memory address or nil pointer dereference".to_owned()),
        Err(fault) => Ok(ErrorObject::new(String::from(fault)).into()),
    }
}

fn table(map: &Map, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    walk(map, path.split('.')).map(|table| Value::Map(table.named(&VALUES)))
}

fn walk<'a>(map: &Map, names: impl Iterator<Item = &'a str>) -> Result<Map, String> {
    names.into_iter().try_fold(map.clone(), |table, name| match table.get(name) {
        Some(Value::Map(inner)) if inner.elem() == Elem::Any => Ok(inner),
        _ => Err(format!("{} is not a table", strconv::quote(name))),
    })
}

fn path_value(map: &Map, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (tables, name) = match path.rsplit_once('.') {
        Some((tables, name)) => (walk(map, tables.split('.')), name),
        None => (Ok(map.clone()), &*path),
    };
    match tables.ok().and_then(|table| table.get(name)) {
        Some(value) if !is_table(&value) => Ok(value),
        _ => Err(format!("{} is not a value", strconv::quote(name))),
    }
}

/// Helm: common/values.go `istable`, to which `common.Values` is none.
fn is_table(value: &Value) -> bool {
    matches!(value, Value::Map(map) if !map.is_named() && map.elem() == Elem::Any)
}

fn argument(args: &[Value]) -> String {
    args.first().and_then(Value::as_text).map(Str::to_string).unwrap_or_default()
}
