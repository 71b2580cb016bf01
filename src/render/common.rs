//! `common.Values`: the named map type of the dot, of `.Values` and of `.Template`, with the methods that templates can
//! call on it. Helm: pkg/chart/common/values.go.

use crate::go::strconv;
use crate::value::{ErrorObject, Map, MapMethod, MapType, Str, Type, Value};
use crate::values::path;
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
    match path::table(map, &path) {
        Ok(table) => Ok(Value::Map(table.named(&VALUES))),
        Err(error) => Err(error.to_string()),
    }
}

fn path_value(map: &Map, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let name = path.rsplit('.').next().unwrap_or_default();
    path::value(map, &path).ok_or_else(|| format!("{} is not a value", strconv::quote(name)))
}

fn argument(args: &[Value]) -> String {
    args.first().and_then(Value::as_text).map(Str::to_string).unwrap_or_default()
}
