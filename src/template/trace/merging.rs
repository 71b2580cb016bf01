//! What the values of a map came from into which others were merged. The map is changed in place, and is no longer what
//! its path says; which of its values another brought follows from the rules of the merge, applied to what was there
//! before. Go: dario.cat/mergo merge.go `deepMerge`.

use rustc_hash::FxHashMap;

use super::paths::{Paths, Step, address};
use super::pieces::PathId;
use crate::budget;
use crate::value::compare::deep_equal;
use crate::value::{Map, Str, Value};

/// What a map and the maps in it held, by their addresses.
pub type Before = FxHashMap<usize, Vec<(Str, Value)>>;

/// Remembers what a map holds now.
pub fn remember(value: &Value, before: &mut Before) {
    let (Value::Map(map), Some(address)) = (value, address(value)) else { return };
    let mut left = vec![(address, map.clone())];
    while let Some((address, map)) = left.pop() {
        if before.contains_key(&address) || budget::spend(ENTRY * map.len() as u64).is_err() {
            continue;
        }
        let entries = map.entries();
        left.extend(
            entries.iter().filter_map(|(_, value)| Some((self::address(value)?, value.as_map()?.clone()))),
        );
        before.insert(address, entries);
    }
}

/// Says of each value that another map brought that it came from there; gives the number of the map.
pub fn merged(
    overwrites: bool,
    target: PathId,
    args: &[Value],
    before: &Before,
    answer: &Value,
    paths: &mut Paths,
) -> PathId {
    let Value::Map(map) = answer else { return 0 };
    let target = if target == 0 { paths.record(answer, Vec::new()) } else { target };
    let sources = args.iter().skip(1).filter_map(|source| Some((source.as_map()?.clone(), paths.of(source))));
    let sources: Vec<(Map, PathId)> = sources.collect();
    below(overwrites, target, map, &sources, before, paths, MOST);
    target
}

/// How deep maps are followed.
const MOST: usize = 64;
/// The units of work that an entry takes.
const ENTRY: u64 = 20;

fn below(
    overwrites: bool,
    target: PathId,
    map: &Map,
    sources: &[(Map, PathId)],
    before: &Before,
    paths: &mut Paths,
    depth: usize,
) {
    let old = before.get(&map.address()).map(Vec::as_slice).unwrap_or_default();
    let old: FxHashMap<&Str, &Value> = old.iter().map(|(name, value)| (name, value)).collect();
    for (key, now) in map.entries() {
        let step = Step::Name(key.clone());
        if budget::spend(ENTRY * sources.len() as u64).is_err() {
            return;
        }
        let mut current = old.get(&key).map(|value| Value::clone(value));
        let mut brought = None;
        let mut nested = Vec::new();
        for (source, origin) in sources {
            let Some(value) = source.get(&key) else { continue };
            match (&current, &value) {
                // A map that is there takes in what the other has.
                (Some(Value::Map(own)), Value::Map(from)) if !(from.is_empty() && was_empty(own, before)) => {
                    let origin = paths.child(*origin, step.clone(), &value);
                    nested.push((from.clone(), origin));
                }
                (present, _) if replaces(overwrites, present.as_ref(), &value) => {
                    brought = Some(*origin);
                    nested.clear();
                    current = Some(value);
                }
                _ => {}
            }
        }
        let is_explained = current.as_ref().is_some_and(|value| is_same(value, &now));
        match (brought, is_explained) {
            (Some(source), true) => {
                let origin = paths.child(source, step.clone(), &now);
                paths.put(target, step.clone(), origin);
            }
            (_, false) => paths.put(target, step.clone(), paths.of(&now)),
            (None, true) => {}
        }
        if let (Value::Map(inner), false, 1..) = (&now, nested.is_empty(), depth) {
            let inner_path = paths.child(target, step, &now);
            if inner_path != 0 {
                below(overwrites, inner_path, inner, &nested, before, paths, depth - 1);
            }
        }
    }
}

fn was_empty(map: &Map, before: &Before) -> bool {
    before.get(&map.address()).is_none_or(Vec::is_empty)
}

/// Whether the value of a source takes the place of what is there.
fn replaces(overwrites: bool, present: Option<&Value>, value: &Value) -> bool {
    if matches!(value, Value::Nil) {
        return overwrites;
    }
    overwrites || !present.is_some_and(Value::truth)
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (address(one), address(other)) {
        (None, None) => deep_equal(one, other),
        (one, other) => one == other,
    }
}
