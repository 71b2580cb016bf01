//! Sprig's merging of dictionaries, which is dario.cat/mergo v1.0.1's `deepMerge` on maps: merge.go, `case reflect.Map`.
//! The first dictionary is changed in place, and so are the dictionaries within it.

use super::visit::{VISIT, visit};
use crate::budget;
use crate::func;
use crate::template::func::Func;
use crate::value::{Elem, Kind, Map, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("merge", "merge DICT SOURCE...: fills what DICT lacks (sprig: dict.go merge)", merge(map; map) => Makes Merge),
    func!("mustMerge", "mustMerge DICT SOURCE...: as merge, with errors", must_merge(map; map) => Makes Merge),
    func!(
        "mergeOverwrite",
        "mergeOverwrite DICT SOURCE...: the later source wins (sprig: dict.go mergeOverwrite)",
        merge_overwrite(map; map) => Makes MergeOverwrite
    ),
    func!(
        "mustMergeOverwrite",
        "mustMergeOverwrite DICT SOURCE...: as mergeOverwrite, with errors",
        must_merge_overwrite(map; map) => Makes MergeOverwrite
    ),
];

fn merge(target: Map, sources: &[Value]) -> Result<Value, String> {
    merge_all(target, sources, false)
}

fn must_merge(target: Map, sources: &[Value]) -> Result<Value, String> {
    merge_all(target, sources, false)
}

fn merge_overwrite(target: Map, sources: &[Value]) -> Result<Value, String> {
    merge_all(target, sources, true)
}

fn must_merge_overwrite(target: Map, sources: &[Value]) -> Result<Value, String> {
    merge_all(target, sources, true)
}

/// Merges each source. A nil target becomes an empty map; the nil map that was handed in stays nil.
/// Mergo's own errors, which `merge` swallows, come of pointers only; what can fail here panics in Go, in both twins.
fn merge_all(target: Map, sources: &[Value], overwrite: bool) -> Result<Value, String> {
    let mut target = target;
    for source in sources.iter().filter_map(Value::as_map) {
        if target.is_nil() && !source.is_nil() {
            target = Map::new();
        }
        deep_merge(&target, source, overwrite, 0)?;
    }
    Ok(target.into())
}

/// mergo: merge.go `deepMerge`, for two maps.
fn deep_merge(target: &Map, source: &Map, overwrite: bool, depth: usize) -> Result<(), String> {
    // Go has no such limit, and overflows its stack on a dictionary that holds itself.
    visit(depth, "merge")?;
    if target.is_nil() {
        return Ok(());
    }
    for (key, value) in source.entries() {
        budget::spend(VISIT).map_err(|over| over.to_string())?;
        let present = target.get(&key);
        let insert = |value: &Value| set_index(target, source.elem(), &key, value);
        if matches!(value, Value::Nil) || source.elem() != Elem::Any && value.is_nil() {
            if overwrite {
                insert(&value)?;
            }
            continue;
        }
        if let (Value::Map(from), Some(Value::Map(into))) = (&value, &present) {
            deep_merge(into, from, overwrite, depth + 1)?;
        }
        // A list replaces what is there only when overwriting; mergo asks whether the whole target is empty, too.
        if value.kind() == Kind::Slice && present.is_some() && (overwrite || target.is_empty()) {
            insert(&value)?;
        }
        let filled = present.as_ref().filter(|present| !is_empty(present));
        let kept = match filled {
            Some(_) if value.kind() == Kind::Slice => true,
            Some(present) => value.kind() == Kind::Map && present.kind() == Kind::Map,
            None => false,
        };
        if !kept && (overwrite || filled.is_none()) {
            insert(&value)?;
        }
    }
    Ok(())
}

/// mergo: mergo.go `isEmptyValue`: as templates have truth, but that a struct is never empty.
fn is_empty(value: &Value) -> bool {
    !value.truth()
}

/// Go: `reflect.Value.SetMapIndex`, which panics where the value is not of the map's type.
fn set_index(target: &Map, from: Elem, key: &crate::value::Str, value: &Value) -> Result<(), String> {
    if target.elem() != Elem::Any && target.elem() != from {
        return Err(format!(
            "reflect.Value.SetMapIndex: value of type {} is not assignable to type {}",
            from.name(),
            target.elem().name()
        ));
    }
    target.insert(key.clone(), value.clone());
    Ok(())
}
