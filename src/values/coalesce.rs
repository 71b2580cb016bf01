//! Putting values over each other: a chart's own under its parent's and the user's, globals down the tree.
//! Helm: pkg/chart/common/util/coalesce.go, function by function.
//!
//! To Helm 3 (pkg/chartutil/coalesce.go) nulls of charts mean something else: `cleans_nulls` says where. What is hidden by
//! something above it is told to [`mark`], which does nothing unless somebody asks where values come from.
//!
//! Maps are shared where Helm shares them: a global table reaches every chart as a copy of its first level only, so that
//! a template that writes into a nested global map is seen by the others.

use super::mark::{self, is_nil};
use super::{Error, ErrorKind};
use crate::chart::Chart;
use crate::go::{slog, strconv};
use crate::manifest::HelmVersion;
use crate::value::{Cells, Elem, List, Map, Str, Value, print};

/// The key whose table reaches every chart. Helm: `GlobalKey`.
pub(super) const GLOBAL: &str = "global";

/// The values of the chart and its dependencies under the given ones; nulls take keys away. Helm: `CoalesceValues`.
/// What Helm logs on the way is added to `warnings`, one line each.
pub fn coalesce(
    chart: &Chart,
    values: &Map,
    helm: HelmVersion,
    warnings: &mut Vec<slog::Line>,
) -> Result<Map, Error> {
    Coalescing { warnings, helm, merge: false }.run(&chart.into(), values)
}

/// `under` below `over`, changing both; nulls take keys away. Helm: `CoalesceTables`.
pub fn coalesce_tables(over: &Map, under: &Map, helm: HelmVersion, warnings: &mut Vec<slog::Line>) {
    Coalescing { warnings, helm, merge: false }.tables(over, under, "", false);
}

/// What coalescing needs to know of a chart.
pub(super) struct Tree {
    pub(super) name: String,
    pub(super) values: Map,
    pub(super) dependencies: Vec<Tree>,
}

impl From<&Chart> for Tree {
    fn from(chart: &Chart) -> Tree {
        Tree {
            name: chart.name().to_owned(),
            values: chart.values.clone(),
            dependencies: chart.dependencies.iter().map(Tree::from).collect(),
        }
    }
}

pub(super) struct Coalescing<'a> {
    pub(super) warnings: &'a mut Vec<slog::Line>,
    /// Whose rules for nulls hold.
    pub(super) helm: HelmVersion,
    /// Whether nulls stay. Helm: `MergeValues`, `MergeTables`.
    pub(super) merge: bool,
}

impl Coalescing<'_> {
    pub(super) fn run(&mut self, chart: &Tree, values: &Map) -> Result<Map, Error> {
        let values = copy(values);
        let values = if values.is_nil() { Map::new() } else { values };
        self.chart(chart, &values, "", self.merge)?;
        Ok(values)
    }

    /// Helm: `coalesce`.
    fn chart(&mut self, chart: &Tree, over: &Map, prefix: &str, merge: bool) -> Result<(), Error> {
        self.own(chart, over, prefix, merge);
        self.dependencies(chart, over, prefix, merge)
    }

    /// Helm: `coalesceDeps`.
    fn dependencies(&mut self, chart: &Tree, over: &Map, prefix: &str, merge: bool) -> Result<(), Error> {
        for dependency in &chart.dependencies {
            let name = dependency.name.as_str();
            let below = match over.get(name) {
                None => {
                    let below = Map::new();
                    over.insert(name, Value::Map(below.clone()));
                    below
                }
                Some(Value::Map(below)) => below,
                Some(other) => {
                    let message = format!(
                        "type mismatch on {name}: {}",
                        print::sprintf("%t", &[mark::plain(&other)]).unwrap_or_default()
                    );
                    return Err(Error::new(ErrorKind::Type, message));
                }
            };
            let prefix = join(prefix, &chart.name);
            self.globals(&below, over, &prefix);
            self.chart(dependency, &below, &prefix, merge)?;
        }
        Ok(())
    }

    /// Helm: `coalesceGlobals`.
    fn globals(&mut self, below: &Map, above: &Map, prefix: &str) {
        let below_globals = match below.get(GLOBAL) {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(_) => {
                return self
                    .log(&format!("warning: skipping globals because destination {GLOBAL} is not a table."));
            }
        };
        let above_globals = match above.get(GLOBAL) {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(_) => {
                return self
                    .log(&format!("warning: skipping globals because source {GLOBAL} is not a table."));
            }
        };
        for (key, value) in above_globals.entries() {
            let old = below_globals.get(&key);
            match (value, old) {
                (Value::Map(table), None) => below_globals.insert(key, Value::Map(shallow(&table))),
                (Value::Map(table), Some(Value::Map(old))) => {
                    // What comes from above wins, so it is the one that is filled up.
                    let table = shallow(&table);
                    self.tables(&table, &old, &join(prefix, &key.to_str()), true);
                    below_globals.insert(key, Value::Map(table));
                }
                (Value::Map(_), Some(_)) => {
                    let key = strconv::quote(&key);
                    self.log(&format!("Conflict: cannot merge map onto non-map for {key}. Skipping."));
                }
                (_, Some(Value::Map(_))) => self.log(&format!("key {key} is table. Skipping")),
                (value, Some(old)) => below_globals.insert(key, mark::over(value, &old)),
                (value, None) => below_globals.insert(key, value),
            }
        }
        below.insert(GLOBAL, Value::Map(below_globals));
    }

    /// The chart's own values under what is there. Helm: `coalesceValues`.
    fn own(&mut self, chart: &Tree, over: &Map, prefix: &str, merge: bool) {
        let prefix = join(prefix, &chart.name);
        for (key, value) in copy(&chart.values).entries() {
            match over.get(&key) {
                Some(null) if is_nil(&null) && !merge => mark::erase(over, &key, &null, Some(&value)),
                Some(Value::Map(table)) => match value {
                    Value::Map(under) => {
                        let is_dependency = chart.dependencies.iter().any(|it| key == it.name.as_str());
                        let merge = merge || is_dependency;
                        if self.cleans_nulls(merge) {
                            clean_nils(&under);
                        }
                        self.tables(&table, &under, &join(&prefix, &key.to_str()), merge);
                    }
                    null if is_nil(&null) => {}
                    _ => self.log(&format!("warning: skipped value for {prefix}.{key}: Not a table.")),
                },
                Some(upper) => over.insert(key, mark::over(upper, &value)),
                None if !self.cleans_nulls(merge) => over.insert(key, value),
                None if is_nil(&value) => mark::erase(over, &key, &value, None),
                None => {
                    if let Value::Map(table) = &value {
                        clean_nils(table);
                    }
                    over.insert(key, value);
                }
            }
        }
    }

    /// Whether the nulls of a chart's own values vanish before they take anything away below; to Helm 3 they stay.
    /// Helm: `cleanNilValues`.
    fn cleans_nulls(&self, merge: bool) -> bool {
        !merge && self.helm == HelmVersion::Helm4
    }

    /// `under` below `over`, changing both. Helm: `coalesceTablesFullKey`.
    pub(super) fn tables(&mut self, over: &Map, under: &Map, prefix: &str, merge: bool) {
        if under.is_nil() || over.is_nil() {
            return;
        }
        let before = shallow(under);
        if self.helm == HelmVersion::Helm4 {
            for (key, value) in entries(over, is_nil) {
                under.insert(key, value);
            }
        }
        for (key, value) in under.entries() {
            let Some(old) = over.get(&key) else {
                over.insert(key, value);
                continue;
            };
            let lower = before.get(&key);
            let takes_away = self.helm == HelmVersion::Helm3 || lower.as_ref().is_some_and(|it| !is_nil(it));
            if !merge && is_nil(&old) && takes_away {
                mark::erase(over, &key, &old, lower.as_ref());
                continue;
            }
            let full = join(prefix, &key.to_str());
            match (&value, &old) {
                (Value::Map(under), Value::Map(over)) => self.tables(over, under, &full, merge),
                (Value::Map(_), _) => {
                    let value = print::sprint(&mark::plain(&value));
                    self.log(&format!("warning: cannot overwrite table with non table for {full} ({value})"));
                }
                (_, Value::Map(_)) if !is_nil(&value) => {
                    let value = print::sprint(&mark::plain(&value));
                    let text = format!(
                        "warning: destination for {full} is a table. Ignoring non-table value ({value})"
                    );
                    self.log(&text);
                }
                _ => {}
            }
            if let (Some(lower), false) = (lower, matches!(old, Value::Map(_))) {
                over.insert(key, mark::over(old, &lower));
            }
        }
    }

    fn log(&mut self, text: &str) {
        self.warnings.push(slog::Line::info(text, &[]));
    }
}

/// Those entries of a map whose value is such a one.
fn entries(map: &Map, wanted: impl Fn(&Value) -> bool) -> Vec<(Str, Value)> {
    map.with(|cells| {
        let wanted = cells.iter().filter(|(_, value)| wanted(value));
        wanted.map(|(key, value)| (key.clone(), value.clone())).collect()
    })
}

/// Helm: `concatPrefix`.
fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

/// Helm: `cleanNilValues`.
fn clean_nils(map: &Map) {
    for (key, value) in entries(map, |value| matches!(value, Value::Map(_)) || is_nil(value)) {
        match value {
            Value::Map(map) => clean_nils(&map),
            null => mark::erase(map, &key, &null, None),
        }
    }
}

/// A copy of the first level. Helm: `copyMap`.
fn shallow(map: &Map) -> Map {
    Map::of(Elem::Any, map.with(Cells::clone))
}

/// A copy of everything. Helm: `copystructure.Copy`.
pub(super) fn copy(map: &Map) -> Map {
    if map.is_nil() {
        return map.clone();
    }
    Map::of(map.elem(), map.with(|cells| cells.mapped(copy_value)))
}

fn copy_value(value: &Value) -> Value {
    match value {
        Value::Map(map) => Value::Map(copy(map)),
        Value::List(list) if !list.is_nil() && list.items().iter().any(holds_map) => {
            let items = list.items().iter().map(copy_value).collect();
            Value::List(List::of(list.elem(), items).with_capacity(list.capacity()))
        }
        other => other.clone(),
    }
}

fn holds_map(value: &Value) -> bool {
    matches!(value, Value::Map(_) | Value::List(_))
}
