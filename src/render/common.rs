//! `common.Values`: the named map type of the dot, of `.Values` and of `.Template`, with the methods that templates can
//! call on it. Helm: pkg/chart/common/values.go.

use crate::go::strconv;
use crate::value::{Map, MapMethod, NamedMap, Str, Type, Value};
use crate::yaml;

/// The type.
pub static VALUES: NamedMap = NamedMap {
    name: "common.Values",
    methods: &[
        MapMethod { name: "AsMap", params: &[], call: |map, _| Ok(Value::Map(map.plain())) },
        MapMethod { name: "PathValue", params: &[Type::String], call: path_value },
        MapMethod { name: "Table", params: &[Type::String], call: table },
        MapMethod {
            name: "YAML",
            params: &[],
            call: |map, _| yaml::to_yaml(&Value::Map(map.plain())).map(Value::from),
        },
    ],
};

fn table(map: &Map, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    walk(map, path.split('.')).map(|table| Value::Map(table.named(&VALUES)))
}

fn walk<'a>(map: &Map, names: impl Iterator<Item = &'a str>) -> Result<Map, String> {
    names.into_iter().try_fold(map.clone(), |table, name| match table.get(name) {
        Some(Value::Map(inner)) => Ok(inner),
        _ => Err(format!("{} is not a table", strconv::quote(name))),
    })
}

fn path_value(map: &Map, args: &[Value]) -> Result<Value, String> {
    let path = argument(args);
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (tables, name) = path.rsplit_once('.').unwrap_or(("", &path));
    let table = if tables.is_empty() { Ok(map.clone()) } else { walk(map, tables.split('.')) };
    match table.ok().and_then(|table| table.get(name)) {
        Some(value) if !matches!(value, Value::Map(_)) => Ok(value),
        _ => Err(format!("{} is not a value", strconv::quote(name))),
    }
}

fn argument(args: &[Value]) -> String {
    args.first().and_then(Value::as_text).map(Str::to_string).unwrap_or_default()
}
