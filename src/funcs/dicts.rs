//! Sprig's functions on dictionaries but for merging (`merge`). Maps are shared: `set` and `unset` change what every
//! other holder sees. Where Go's order is random (`keys`, `values`), ours is by key.

use super::visit::visit;
use crate::func;
use crate::template::func::Func;
use crate::value::convert::strval;
use crate::value::print::Endless;
use crate::value::{Cells, Elem, List, Map, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("dict", "dict KEY VALUE...: a new dictionary (sprig: dict.go dict)", dict(; any) => Makes Dict),
    func!(
        "get",
        "get DICT KEY: the value, the empty string if there is none (sprig: dict.go get)",
        get(map, str) => Selects Keys
    ),
    func!("set", "set DICT KEY VALUE: changes DICT and gives it (sprig: dict.go set)", set(map, str, any) => Makes Set),
    func!(
        "unset",
        "unset DICT KEY: takes KEY out of DICT and gives it (sprig: dict.go unset)",
        unset(map, str) => Makes Unset
    ),
    func!("hasKey", "hasKey DICT KEY: whether it is there (sprig: dict.go hasKey)", has_key(map, str) => Looks Key),
    func!("pluck", "pluck KEY DICT...: the values that they have at KEY (sprig: dict.go pluck)", pluck(str; map) => Makes Pluck),
    func!("keys", "keys DICT...: all their keys (sprig: dict.go keys)", keys(; map) => Looks Keys),
    func!("values", "values DICT: all its values (sprig: dict.go values)", values(map) => Makes Values),
    func!("pick", "pick DICT KEY...: a new dictionary of these keys (sprig: dict.go pick)", pick(map; str) => Makes Some),
    func!("omit", "omit DICT KEY...: a new dictionary without these keys (sprig: dict.go omit)", omit(map; str) => Makes Some),
    func!("dig", "dig KEY... DEFAULT DICT: the value at the path, or DEFAULT (sprig: dict.go dig)", dig(; any) => Selects Dig),
    func!("deepCopy", "deepCopy VALUE: a copy that shares nothing (sprig: dict.go deepCopy)", deep_copy(any) => Makes Copy),
    func!("mustDeepCopy", "mustDeepCopy VALUE: as deepCopy", must_deep_copy(any) => Makes Copy),
];

fn dict(values: &[Value]) -> Result<Map, Endless> {
    let value = |pair: &[Value]| pair.get(1).cloned().unwrap_or_else(|| "".into());
    let cells = values.chunks(2).map(|pair| Ok((strval(&pair[0])?, value(pair))));
    Ok(Map::of(Elem::Any, cells.collect::<Result<Cells, Endless>>()?))
}

fn get(dict: Map, key: &Str) -> Value {
    dict.get(key).unwrap_or_else(|| "".into())
}

fn set(dict: Map, key: &Str, value: &Value) -> Result<Map, &'static str> {
    if dict.try_insert(key.clone(), value.clone()) { Ok(dict) } else { Err("assignment to entry in nil map") }
}

fn unset(dict: Map, key: &Str) -> Map {
    dict.remove(key);
    dict
}

fn has_key(dict: Map, key: &Str) -> bool {
    dict.contains(key)
}

fn pluck(key: &Str, dicts: &[Value]) -> List {
    List::any(dicts.iter().filter_map(|dict| dict.as_map()?.get(key)).collect()).grown()
}

fn keys(dicts: &[Value]) -> List {
    List::strings(dicts.iter().filter_map(Value::as_map).flat_map(Map::keys)).grown()
}

fn values(dict: Map) -> List {
    List::any(dict.entries().into_iter().map(|(_, value)| value).collect()).grown()
}

fn pick(dict: Map, keys: &[Value]) -> Map {
    let keys = keys.iter().filter_map(Value::as_text);
    keys.filter_map(|key| Some((key.clone(), dict.get(key)?))).collect()
}

fn omit(dict: Map, keys: &[Value]) -> Map {
    let omitted = |key: &Str| keys.iter().any(|omit| omit.as_text() == Some(key));
    dict.entries().into_iter().filter(|(key, _)| !omitted(key)).collect()
}

/// Go's panic of a type assertion.
fn conversion(value: &Value, wanted: &str) -> String {
    let name = value.type_name();
    let name = if matches!(value, Value::Nil) { "nil" } else { &name };
    format!("interface conversion: interface {{}} is {name}, not {wanted}")
}

fn dig(arguments: &[Value]) -> Result<Value, String> {
    const MAP: &str = "map[string]interface {}";
    let [keys @ .., default, dict] = arguments else {
        return Err("dig needs at least three arguments".to_owned());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".to_owned());
    }
    let is_dict = |value: &Value| value.type_name() == MAP;
    let as_dict = |value: &Value| {
        value.as_map().filter(|_| is_dict(value)).cloned().ok_or_else(|| conversion(value, MAP))
    };
    let mut dict = as_dict(dict)?;
    let keys = keys.iter().map(|key| key.as_text().ok_or_else(|| conversion(key, "string")));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    for (place, key) in keys.iter().enumerate() {
        let Some(step) = dict.get(key) else { return Ok(default.clone()) };
        if place + 1 == keys.len() {
            return Ok(step);
        }
        dict = as_dict(&step)?;
    }
    Ok(default.clone())
}

fn deep_copy(value: &Value) -> Result<Value, String> {
    must_deep_copy(value)
}

/// mitchellh/copystructure: `Copy`.
fn must_deep_copy(value: &Value) -> Result<Value, String> {
    match value {
        Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        _ => copied(value, 0),
    }
}

fn copied(value: &Value, depth: usize) -> Result<Value, String> {
    // Go has no such limit, and overflows its stack on a dictionary that holds itself.
    visit(depth, "copy")?;
    Ok(match value {
        Value::List(list) if !list.is_nil() => {
            let items = list.items().iter().map(|item| copied(item, depth + 1));
            List::of(list.elem(), items.collect::<Result<_, _>>()?).with_capacity(list.capacity()).into()
        }
        Value::Map(map) if !map.is_nil() => {
            let cells = map.entries().into_iter().map(|(key, value)| Ok((key, copied(&value, depth + 1)?)));
            let cells = cells.collect::<Result<Cells, String>>()?;
            Value::Map(Map::of(map.elem(), cells).named(map.map_type()))
        }
        Value::Object(object) => Value::Object(object.deep_copied().unwrap_or_else(|| object.clone())),
        other => other.clone(),
    })
}
