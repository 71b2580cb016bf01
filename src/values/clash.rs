//! Where two layers of values clash: [`compare`] holds two of them against each other, and [`Own`] knows what the files of
//! charts say before everything is merged.

use std::collections::BTreeSet;

use super::coalesce::GLOBAL;
use super::mark::{self, to_json};
use crate::chart::{Chart, Dependency};
use crate::path::FieldPath;
use crate::value::{List, Map, Value};

/// How two layers clash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// A table over what is none.
    Table,
    /// What is no table over one.
    Scalar,
    /// A list over one whose items are lost, and fields of items that both have.
    List {
        /// The names of items, and `name.field` of what the items of a name have in the lower list alone.
        lost: Vec<String>,
    },
    /// A null that does not take away what another layer sets.
    Null,
    /// A global of a dependency in whose place the one of a chart above it stands.
    Global,
}

/// The values of a chart and of those below it, as their files say them, as marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    values: Map,
    below: Vec<(String, Own)>,
}

/// What two layers say of a path.
#[derive(Clone, Debug)]
pub(super) struct Met {
    pub(super) path: FieldPath,
    pub(super) clash: Clash,
    pub(super) upper: Value,
    pub(super) lower: Value,
}

impl Own {
    /// Those of a chart whose values are marks.
    pub(super) fn of(chart: &Chart) -> Own {
        let mut below = Vec::new();
        for dependency in &chart.dependencies {
            let own = Own::of(dependency);
            let entries = chart.metadata.dependencies().iter();
            let keys: Vec<&str> =
                entries.filter(|entry| entry.name == dependency.name()).map(Dependency::key).collect();
            match keys.as_slice() {
                [] => below.push((dependency.name().to_owned(), own)),
                keys => below.extend(keys.iter().map(|key| ((*key).to_owned(), own.clone()))),
            }
        }
        Own { values: chart.values.clone(), below }
    }

    /// Looks for clashes of what stands above a chart with what it says itself.
    pub(super) fn under(&self, over: &Map, path: &FieldPath, met: &mut Vec<Met>) {
        compare(over, &self.values, path, met);
        let merged = merged(over, &self.values);
        for (key, own) in &self.below {
            let path = path.key(key.as_str());
            let block = merged.get(key.as_str());
            let block = block.as_ref().and_then(Value::as_map).cloned().unwrap_or_default();
            if let (Some(Value::Map(below)), Some(Value::Map(above))) =
                (block.get(GLOBAL), merged.get(GLOBAL))
            {
                hidden(&below, &above, &path.key(GLOBAL), met);
            }
            own.under(&block, &path, met);
        }
    }
}

/// What a layer says and what those below it say.
pub(super) fn compare(over: &Map, under: &Map, path: &FieldPath, met: &mut Vec<Met>) {
    for (key, upper) in mark::entries(over) {
        let Some(lower) = under.get(&key).filter(|lower| !mark::is_nil(lower)) else { continue };
        let path = path.key(key.to_string());
        let clash = match (mark::inner(&upper), mark::inner(&lower)) {
            (Value::Map(over), Value::Map(under)) => {
                compare(over, under, &path, met);
                continue;
            }
            (Value::Nil, _) => continue,
            (Value::Map(table), other) if is_filled(table) && mark::plain(other).truth() => Clash::Table,
            (Value::Map(_), _) => continue,
            (_, Value::Map(table)) if is_filled(table) => Clash::Scalar,
            (Value::List(over), Value::List(under)) => {
                let lost = lost(over, under);
                if lost.is_empty() {
                    continue;
                }
                Clash::List { lost }
            }
            _ => continue,
        };
        met.push(Met { path, clash, upper, lower });
    }
}

fn is_filled(table: &Map) -> bool {
    mark::entries(table).next().is_some()
}

/// What a variable has one of.
const INSTEAD: [&str; 2] = ["value", "valueFrom"];

/// What a list says that another does not which has some of its items.
fn lost(over: &List, under: &List) -> Vec<String> {
    let name = |item: &Value| {
        let name = mark::inner(item).as_map()?.get("name")?;
        mark::plain(&name).as_text().map(ToString::to_string)
    };
    let named = |list: &List| -> Vec<(String, Map)> {
        let items = list.items().iter();
        items.filter_map(|item| Some((name(item)?, mark::inner(item).as_map()?.clone()))).collect()
    };
    let (over, under) = (named(over), named(under));
    let kept: BTreeSet<&str> = over.iter().map(|(name, _)| name.as_str()).collect();
    if !under.iter().any(|(name, _)| kept.contains(name.as_str())) {
        return Vec::new();
    }
    let mut lost = Vec::new();
    for (name, item) in &under {
        let Some((_, own)) = over.iter().find(|(own, _)| own == name) else {
            lost.push(name.clone());
            continue;
        };
        let has_instead = INSTEAD.iter().any(|key| own.get(*key).is_some());
        let keys = mark::entries(item).map(|(key, _)| key.to_string());
        let missing = keys.filter(|key| own.get(key.as_str()).is_none());
        let missing = missing.filter(|key| !(has_instead && INSTEAD.contains(&key.as_str())));
        lost.extend(missing.map(|key| format!("{name}.{key}")));
    }
    lost
}

/// Globals of a dependency that those above it hide.
fn hidden(below: &Map, above: &Map, path: &FieldPath, met: &mut Vec<Met>) {
    for (key, lower) in mark::entries(below) {
        let Some(upper) = above.get(&key).filter(|upper| !mark::is_nil(upper)) else { continue };
        let path = path.key(key.to_string());
        match (mark::inner(&upper), mark::inner(&lower)) {
            (Value::Map(above), Value::Map(below)) => hidden(below, above, &path, met),
            (Value::Map(_), _) | (_, Value::Map(_)) => {}
            (one, other) => {
                let text = |value: &Value| to_json(&mark::plain(value));
                if text(one) != text(other) {
                    // What is told is the one that is hidden.
                    met.push(Met { path, clash: Clash::Global, upper: lower, lower: upper });
                }
            }
        }
    }
}

/// What stands above a chart with its own values under it.
fn merged(over: &Map, under: &Map) -> Map {
    let merged: Map = over.entries().into_iter().collect();
    for (key, lower) in under.entries() {
        match (merged.get(&key), &lower) {
            (None, _) => {
                merged.insert(key, lower.clone());
            }
            (Some(Value::Map(over)), Value::Map(under)) => {
                let table = self::merged(&over, under);
                merged.insert(key, Value::Map(table));
            }
            _ => {}
        }
    }
    merged
}
