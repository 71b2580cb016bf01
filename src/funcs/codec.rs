//! Values to and from YAML, JSON and TOML: Helm's own functions, and sprig's where Helm has none.
//!
//! Those that say `must` fail; the others give an empty text, or the error as `Error` in the map that they give.

use crate::func;
use crate::template::func::{Failure, Func};
use crate::value::{Elem, List, Map, Str, Value};
use crate::yaml::Fault;
use crate::yaml::{self, json, toml};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("fromJson", "fromJson TEXT: the map that the JSON says (Helm: funcs.go fromJSON)", from_json(str) => Decodes),
    func!(
        "fromJsonArray",
        "fromJsonArray TEXT: the JSON's list (Helm: funcs.go fromJSONArray)",
        from_json_array(str) => Decodes
    ),
    func!("fromToml", "fromToml TEXT: the map that the TOML says (Helm: funcs.go fromTOML)", from_toml(str)),
    func!("fromYaml", "fromYaml TEXT: the map that the YAML says (Helm: funcs.go fromYAML)", from_yaml(str) => Decodes),
    func!(
        "fromYamlArray",
        "fromYamlArray TEXT: the YAML's list (Helm: funcs.go fromYAMLArray)",
        from_yaml_array(str) => Decodes
    ),
    func!(
        "mustFromJson",
        "mustFromJson TEXT: any value that the JSON says (sprig: defaults.go)",
        must_from_json(str) => Decodes
    ),
    func!("mustToJson", "mustToJson VALUE: as JSON (Helm: funcs.go mustToJSON)", must_to_json(any) => Encodes),
    func!(
        "mustToPrettyJson",
        "mustToPrettyJson VALUE: as indented JSON (sprig: defaults.go)",
        must_to_pretty_json(any) => Encodes
    ),
    func!(
        "mustToRawJson",
        "mustToRawJson VALUE: as JSON, `<` kept (sprig: defaults.go)",
        must_to_raw_json(any) => Encodes
    ),
    func!("mustToToml", "mustToToml VALUE: as TOML (Helm: funcs.go mustToTOML)", must_to_toml(any)),
    func!("mustToYaml", "mustToYaml VALUE: as YAML (Helm: funcs.go mustToYAML)", must_to_yaml(any) => Encodes),
    func!("toJson", "toJson VALUE: as JSON, empty on errors (Helm: funcs.go toJSON)", to_json(any) => Encodes),
    func!(
        "toPrettyJson",
        "toPrettyJson VALUE: as indented JSON, empty on errors (sprig: defaults.go)",
        to_pretty_json(any) => Encodes
    ),
    func!("toRawJson", "toRawJson VALUE: as JSON, `<` kept (sprig: defaults.go)", must_to_raw_json(any) => Encodes),
    func!("toToml", "toToml VALUE: as TOML, or the error's text (Helm: funcs.go toTOML)", to_toml(any)),
    func!("toYaml", "toYaml VALUE: as YAML, empty on errors (Helm: funcs.go toYAML)", to_yaml(any) => Encodes),
    func!(
        "toYamlPretty",
        "toYamlPretty VALUE: as YAML, lists indented (Helm: funcs.go toYAMLPretty)",
        to_yaml_pretty(any) => Encodes
    ),
];

/// Go: `strings.TrimSuffix(text, "\n")`.
fn trim_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
    }
    text
}

/// What was written, or nothing where Helm swallows the error. It does not swallow a panic.
fn or_empty(written: Result<String, Fault>) -> Result<String, Fault> {
    match written {
        Err(Fault::Error(_)) => Ok(String::new()),
        written => written,
    }
}

fn to_yaml(value: &Value) -> Result<String, Fault> {
    or_empty(yaml::to_yaml(value).map(trim_line_end))
}

fn must_to_yaml(value: &Value) -> Result<String, Fault> {
    yaml::to_yaml(value).map(trim_line_end)
}

fn to_yaml_pretty(value: &Value) -> Result<String, Fault> {
    or_empty(yaml::to_yaml_pretty(value).map(trim_line_end))
}

/// A map with nothing but an error in it.
fn error_map(text: impl Into<Str>) -> Map {
    [("Error", Value::Str(text.into()))].into_iter().collect()
}

fn error_list(text: impl Into<Str>) -> List {
    List::any(vec![Value::Str(text.into())])
}

fn from_yaml(text: &Str) -> Map {
    yaml::map_from_str(text).unwrap_or_else(|error| error_map(error.to_string()))
}

fn from_yaml_array(text: &Str) -> List {
    yaml::list_from_str(text).unwrap_or_else(|error| error_list(error.to_string()))
}

fn to_json(value: &Value) -> Result<String, Fault> {
    or_empty(json::to_json(value))
}

fn must_to_json(value: &Value) -> Result<String, Fault> {
    json::to_json(value)
}

fn to_pretty_json(value: &Value) -> Result<String, Fault> {
    or_empty(json::to_json_pretty(value))
}

fn must_to_pretty_json(value: &Value) -> Result<String, Fault> {
    json::to_json_pretty(value)
}

fn must_to_raw_json(value: &Value) -> Result<String, Fault> {
    json::to_json_raw(value)
}

fn from_json(text: &Str) -> Map {
    let decoded = match json::decode(text.as_bytes()) {
        Ok(decoded) => decoded,
        Err(error) => return error_map(error.to_string()),
    };
    match (decoded.value, decoded.error) {
        (Value::Map(map), None) => map,
        (Value::Map(map), Some(error)) => {
            map.insert("Error", error.to_string().into());
            map
        }
        (Value::Nil, None) => Map::nil(Elem::Any),
        (other, _) => error_map(json::mismatch(&other, "map[string]interface {}").to_string()),
    }
}

fn from_json_array(text: &Str) -> List {
    let decoded = match json::decode(text.as_bytes()) {
        Ok(decoded) => decoded,
        Err(error) => return error_list(error.to_string()),
    };
    match (decoded.value, decoded.error) {
        (Value::List(list), None) => list,
        (Value::List(_), Some(error)) => error_list(error.to_string()),
        (Value::Nil, None) => List::nil(Elem::Any),
        (other, _) => error_list(json::mismatch(&other, "[]interface {}").to_string()),
    }
}

fn must_from_json(text: &Str) -> Result<Value, Failure> {
    json::from_json(text.as_bytes()).map_err(|error| Failure::Text(error.to_string()))
}

fn to_toml(value: &Value) -> Result<Str, Failure> {
    match toml::to_toml(value) {
        Ok(text) => Ok(text),
        Err(Fault::Error(text)) => Ok(text.into()),
        Err(fault) => Err(fault.into()),
    }
}

fn must_to_toml(value: &Value) -> Result<Str, Failure> {
    match toml::to_toml(value) {
        Ok(text) => Ok(text),
        Err(fault) => Err(fault.into()),
    }
}

fn from_toml(text: &Str) -> Map {
    toml::from_toml(text.as_bytes()).unwrap_or_else(|error| error_map(error.to_string()))
}
