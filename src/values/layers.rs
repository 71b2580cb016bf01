//! [`Layers`]: where a value came from. Nothing is recorded while a chart renders. When somebody asks, the user's values,
//! `import-values` and coalescing run once more, over values that remember where they were set (see [`super::mark`]): what
//! wins at a place is then read off, and cannot differ from what a template saw.

use std::collections::HashMap;

use super::clash::{Met, Own, compare};
use super::coalesce::GLOBAL;
use super::mark::{self, Place};
use super::misread::{Misread, misread};
use super::read::{Content, User, UserLayer};
use super::{coalesce, path, process_dependencies, strvals};
use crate::budget;
use crate::chart::{self, Chart};
use crate::diagnostic::Layer;
use crate::manifest::HelmVersion;
use crate::path::{FieldPath, Step};
use crate::source::{SourceFile, Span};
use crate::value::{List, Map, Value};
use crate::yaml::{self, Data, Documents, Node};

/// Every layer of a release, and the values of each of its charts as marks.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    sources: Vec<Source>,
    charts: HashMap<String, Scope>,
    /// What the user says, and what the files of charts do, before they are merged.
    pub(super) inputs: Option<(Map, Own)>,
    /// Clashes among the user's layers.
    pub(super) met: Vec<Met>,
}

/// A layer.
#[derive(Clone, Debug)]
struct Source {
    layer: Layer,
    text: Option<SourceFile>,
    /// What of the text is read otherwise than it looks.
    misread: Vec<Misread>,
    /// How deep in the tree of charts: 0 for the user's.
    depth: usize,
}

/// What the templates of a chart see.
#[derive(Clone, Debug)]
struct Scope {
    /// The names that lead to the chart from the top one.
    names: Vec<Step>,
    values: Map,
    /// The version of what the chart installs, or else its own.
    version: Option<String>,
}

/// Where the value at a path came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The layer that set it; for a table the one that wins first of those that set a part of it.
    pub setting: Setting,
    /// What it hides in other layers, nearest first: of each layer what that one alone says. Tables hide nothing.
    pub shadows: Vec<Setting>,
    /// Nulls that would take the value away, and do not.
    pub nulls: Vec<Setting>,
    /// Lists of other layers in whose place stand lists on the way to it, with their paths in `.Values`.
    pub replaced: Vec<(FieldPath, Setting)>,
    /// Of the shadows those that are lists, with the lines of their items.
    pub hidden_lists: Vec<HiddenList>,
}

/// Units of work for an entry of what is set that is looked at.
const WALKED: u64 = 20;

/// A list that another hides.
#[derive(Clone, Debug)]
pub struct HiddenList {
    /// Where it was set.
    pub setting: Setting,
    items: Vec<(Option<String>, Option<usize>)>,
}

impl HiddenList {
    /// The line of the item that a step of a field leads to: that of the name, or at the index.
    pub fn line_of(&self, step: &Step) -> Option<usize> {
        let item = match step {
            Step::Index(index) => self.items.get(*index),
            Step::Key(name) | Step::Item(name) => {
                self.items.iter().find(|(own, _)| own.as_ref() == Some(name))
            }
        };
        item?.1
    }
}

/// What stands below a path of what is set.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its own path.
    pub path: &'a FieldPath,
    /// Whether it has entries itself.
    pub is_table: bool,
    /// Whether a chart says it too, above which somebody sets it.
    pub is_of_chart: bool,
}

/// Who goes through what is set: see [`Layers::walk`].
pub trait Walker {
    /// Which of the entries of the value at a path are told.
    fn told(&mut self, path: &FieldPath, entries: &[Entry<'_>]) -> Vec<bool>;

    /// Whether to look at what is below a path that is not told.
    fn enters(&mut self, path: &FieldPath) -> bool;
}

/// What one layer says of a path.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The layer.
    pub layer: Layer,
    /// The line in its file, if it is one.
    pub line: Option<usize>,
    /// The column in it.
    pub column: Option<usize>,
    /// The value there; of a table or a list that several layers made, what they make of it together, unless a single layer is
    /// asked for.
    pub value: Value,
}

impl Layers {
    /// The layers of a chart as it was loaded, under the user's values. Where the values cannot be had, nothing is known.
    pub fn new(chart: &Chart, user: &User, helm: HelmVersion) -> Layers {
        let mut layers = Layers::default();
        let user = layers.user(user);
        let marked = layers.chart(chart, 1);
        layers.inputs = Some((user.clone(), Own::of(&marked)));
        let mut unheard = Vec::new();
        let processed = process_dependencies(&marked, &user, helm, &mut unheard);
        let values = processed.and_then(|chart| Ok((coalesce(&chart, &user, helm, &mut unheard)?, chart)));
        if let Ok((values, chart)) = values {
            layers.scope(&chart, values, Vec::new());
        }
        layers
    }

    /// The layers of the user's values alone, which are then those of a chart without a name.
    pub fn of_user(user: &User) -> Layers {
        let mut layers = Layers::default();
        let values = layers.user(user);
        layers.charts.insert(String::new(), Scope { names: Vec::new(), values, version: None });
        layers
    }

    /// The full paths of the charts, the top one first.
    pub fn charts(&self) -> Vec<&str> {
        let mut charts: Vec<&str> = self.charts.keys().map(String::as_str).collect();
        charts.sort_unstable();
        charts
    }

    /// The version of what a chart installs, or else its own.
    pub fn version(&self, chart: &str) -> Option<&str> {
        self.charts.get(chart)?.version.as_deref()
    }

    /// All that a chart sees, without places.
    pub fn node(&self, chart: &str) -> Node {
        self.charts.get(chart).map_or_else(Node::null, |scope| mark::node(&Value::Map(scope.values.clone())))
    }

    /// The layers that are files, with their text.
    pub fn files(&self) -> impl Iterator<Item = (&Layer, &SourceFile)> {
        self.sources.iter().filter_map(|source| Some((&source.layer, source.text.as_ref()?)))
    }

    /// What is read otherwise than it looks in those files.
    pub fn misread(&self) -> impl Iterator<Item = (&Layer, &Misread)> {
        self.sources.iter().flat_map(|source| source.misread.iter().map(|it| (&source.layer, it)))
    }

    /// Where the value at the path came from, as the chart with that full path (`top/charts/redis`) sees its `.Values`.
    pub fn origin(&self, chart: &str, path: &[Step]) -> Option<Origin> {
        let mut value = Value::Map(self.charts.get(chart)?.values.clone());
        let (mut nulls, mut replaced) = (Vec::new(), Vec::new());
        for (depth, step) in path.iter().enumerate() {
            let next = match (step, mark::inner(&value)) {
                (Step::Key(key) | Step::Item(key), Value::Map(map)) => {
                    let (here, null) = (map.get(key), mark::erased(map, key));
                    let is_last = depth + 1 == path.len();
                    nulls = null.iter().filter(|_| is_last && here.is_some()).cloned().collect();
                    here.or(null.filter(|_| is_last))?
                }
                (Step::Index(index), Value::List(list)) => {
                    let hidden = mark::of(&value).into_iter().flat_map(|mark| &mark.hides);
                    let path = FieldPath::new(path[..depth].to_vec());
                    let lists = hidden.filter(|hidden| matches!(mark::inner(hidden), Value::List(_)));
                    replaced.extend(lists.filter_map(|list| Some((path.clone(), self.setting(list)?))));
                    list.items().get(*index)?.clone()
                }
                _ => return None,
            };
            value = next;
        }
        let mut hidden = Vec::new();
        hides(&value, &mut hidden);
        Some(Origin {
            setting: self.setting(&value)?,
            shadows: hidden.iter().flat_map(|it| self.settings(it)).collect(),
            nulls: nulls
                .iter()
                .filter(|null| self.rank(null) < self.rank(&value))
                .filter_map(|null| self.setting(null))
                .collect(),
            replaced,
            hidden_lists: hidden.iter().filter_map(|it| self.hidden_list(it)).collect(),
        })
    }

    fn hidden_list(&self, list: &Value) -> Option<HiddenList> {
        let items = mark::inner(list).as_list()?.items().iter();
        let item = |item: &Value| {
            let name =
                item.as_map().and_then(|map| Some(mark::plain(&map.get("name")?).as_text()?.to_string()));
            (name, self.setting(item).and_then(|setting| setting.line))
        };
        Some(HiddenList { setting: self.setting(list)?, items: items.map(item).collect() })
    }

    /// The value that a template finds at the path, if there is one.
    pub fn value(&self, chart: &str, path: &[Step]) -> Option<Value> {
        let values = Value::Map(self.charts.get(chart)?.values.clone());
        let found = path.iter().try_fold(values, |value, step| match (step, mark::inner(&value)) {
            (Step::Key(key) | Step::Item(key), Value::Map(map)) => map.get(key),
            (Step::Index(index), Value::List(list)) => list.items().get(*index).cloned(),
            _ => None,
        });
        found.map(|value| mark::plain(&value))
    }

    /// Where a user of the top chart sets the path of a chart's `.Values`.
    pub fn path(&self, chart: &str, path: &[Step]) -> Option<FieldPath> {
        let scope = self.charts.get(chart)?;
        let is_global = path.first() == Some(&Step::Key(GLOBAL.to_owned()));
        let names = if is_global { &[] } else { scope.names.as_slice() };
        Some(FieldPath::new(names.iter().chain(path).cloned()))
    }

    /// The charts of the release: the full path of each, and the keys that lead to its values from the top chart's.
    pub fn scopes(&self) -> impl Iterator<Item = (&str, &[Step])> {
        self.charts.iter().map(|(chart, scope)| (chart.as_str(), scope.names.as_slice()))
    }

    /// Goes through what is set of the values of a chart, each key before those below it, as long as `enters` says so of the
    /// path and its entries; gives what it said to tell, with the layer that wins and the text of its line.
    pub fn walk(&self, chart: &str, walker: &mut dyn Walker) -> Vec<(FieldPath, Setting, Option<String>)> {
        let mut found = Vec::new();
        if let Some(scope) = self.charts.get(chart) {
            self.walk_below(&FieldPath::root(), &Value::Map(scope.values.clone()), walker, &mut found);
        }
        found
    }

    fn walk_below(
        &self,
        path: &FieldPath,
        value: &Value,
        walker: &mut dyn Walker,
        found: &mut Vec<(FieldPath, Setting, Option<String>)>,
    ) {
        let entries: Vec<(FieldPath, Value)> = match mark::inner(value) {
            Value::Map(map) => {
                mark::entries(map).map(|(key, value)| (path.key(key.to_string()), value)).collect()
            }
            Value::List(list) => {
                let items = list.items().iter().enumerate();
                items.map(|(at, item)| (path.index(at), item.clone())).collect()
            }
            _ => return,
        };
        if budget::spend(WALKED * entries.len() as u64).is_err() {
            return;
        }
        let told: Vec<Entry<'_>> = entries.iter().map(|(path, value)| self.entry(path, value)).collect();
        let told = walker.told(path, &told);
        for ((below, value), is_told) in entries.iter().zip(told) {
            if budget::check().is_err() {
                return;
            }
            if !is_told {
                if walker.enters(below) {
                    self.walk_below(below, value, walker, found);
                }
            } else if let Some(setting) = self.setting(value) {
                let place = self.place(value).and_then(|place| self.sources.get(place.layer));
                let text = place.and_then(|source| source.text.as_ref());
                let line = setting.line.and_then(|line| text.map(|text| text.line(line).to_owned()));
                found.push((below.clone(), setting, line));
            }
        }
    }

    fn entry<'a>(&self, path: &'a FieldPath, value: &Value) -> Entry<'a> {
        let mut all = vec![value.clone()];
        hides(value, &mut all);
        let is_chart = |place: Place| matches!(self.sources[place.layer].layer, Layer::Chart(_));
        Entry {
            path,
            is_table: matches!(mark::inner(value), Value::Map(_) | Value::List(_)),
            is_of_chart: all.iter().any(|value| all_places(value).into_iter().any(is_chart)),
        }
    }

    /// The nulls that would take a value away and do not: where, the null, and the value.
    pub(super) fn kept_nulls(&self) -> Vec<(FieldPath, Setting, Setting)> {
        let mut found = Vec::new();
        if let Some(scope) = self.charts.values().find(|scope| scope.names.is_empty()) {
            self.kept_below(&scope.values, &FieldPath::root(), &mut found);
        }
        found
    }

    fn kept_below(&self, map: &Map, path: &FieldPath, found: &mut Vec<(FieldPath, Setting, Setting)>) {
        for (key, value) in mark::entries(map) {
            let path = path.key(key.to_string());
            let null = mark::erased(map, &key.to_str()).filter(|null| self.rank(null) < self.rank(&value));
            if let Some((null, value)) =
                null.and_then(|null| Some((self.setting(&null)?, self.setting(&value)?)))
            {
                found.push((path, null, value));
            } else if let Value::Map(below) = &value {
                self.kept_below(below, &path, found);
            }
        }
    }

    /// The user's values as marks.
    fn user(&mut self, user: &User) -> Map {
        let values = Map::new();
        for UserLayer { layer, .. } in user.layers.iter().rev() {
            self.sources.push(Source { layer: layer.clone(), text: None, misread: Vec::new(), depth: 0 });
        }
        for (number, UserLayer { content, .. }) in user.layers.iter().rev().enumerate().rev() {
            match content {
                Content::File(text) => {
                    let file = self.file(number, text, user.helm);
                    compare(&file, &values, &FieldPath::root(), &mut self.met);
                    lay_over(&values, &file);
                }
                Content::Object(map) => {
                    let marked =
                        mark::marked(Value::Map(map.clone()), Place { layer: number, document: 0, at: 0 });
                    if let Some(map) = marked.as_map() {
                        compare(map, &values, &FieldPath::root(), &mut self.met);
                        lay_over(&values, map);
                    }
                }
                Content::Expression { language, files, text } => {
                    let mut files = files.iter().cloned();
                    let mut read = |_: &str| Ok(files.next().unwrap_or_default());
                    // It was parsed before, without an error.
                    let _ = strvals::mark_into(text, language.mode(&mut read), number, &values);
                }
            }
        }
        values
    }

    /// A chart and its dependencies with marks for values.
    fn chart(&mut self, chart: &Chart, depth: usize) -> Chart {
        let folder = if chart.dir.is_empty() { String::new() } else { format!("{}/", chart.dir) };
        let layer = self.sources.len();
        let name = Layer::Chart(format!("{folder}values.yaml"));
        self.sources.push(Source { layer: name, text: None, misread: Vec::new(), depth });
        let values = match chart.raw_file("values.yaml") {
            Some(file) => self.file(layer, &file.data, chart.helm),
            None => chart.values.clone(),
        };
        let dependencies = chart.dependencies.iter().map(|it| self.chart(it, depth + 1)).collect();
        Chart { values, dependencies, ..chart.clone() }
    }

    /// A values file as marks.
    fn file(&mut self, layer: usize, text: &[u8], helm: HelmVersion) -> Map {
        let documents = match helm {
            HelmVersion::Helm4 => Documents::split(text),
            HelmVersion::Helm3 => Documents::first(text),
        };
        let values = Map::new();
        let mut read = Vec::new();
        for (document, range) in documents.ranges.iter().enumerate() {
            let marking = Marking { layer, document, start: range.start };
            let Ok(node) = yaml::parse(&documents.text[range.clone()]) else { continue };
            if let Value::Map(map) = marking.node(&node, None) {
                lay_over(&values, &map);
            }
            read.push((range.start, node));
        }
        let source = &mut self.sources[layer];
        let name = source.layer.file().unwrap_or_default();
        let text = String::from_utf8(documents.text);
        let text = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let text = SourceFile::new(name, text);
        source.misread = misread(text.text(), &read);
        source.text = Some(text);
        values
    }

    fn scope(&mut self, chart: &Chart, values: Map, names: Vec<Step>) {
        for dependency in &chart.dependencies {
            let below = path::table(&values, dependency.name()).unwrap_or_default();
            let name = Step::Key(dependency.name().to_owned());
            self.scope(dependency, below, names.iter().cloned().chain([name]).collect());
        }
        let versions = [&chart.metadata.app_version, &chart.metadata.version];
        let version = versions.into_iter().find(|version| !version.is_empty()).cloned();
        self.charts.insert(chart.full_path.clone(), Scope { names, values, version });
    }

    /// Where a value was set; a table where the layer that wins sets it or a part of it.
    fn place(&self, value: &Value) -> Option<Place> {
        match (mark::of(value), value) {
            (Some(mark), _) => Some(mark.place),
            (None, Value::Map(map)) => self.first(map),
            _ => None,
        }
    }

    /// What of two values of a path says which layer is above the other: the user's, then the charts' from the top down.
    fn rank(&self, value: &Value) -> Option<(usize, usize)> {
        self.place(value).map(|place| (self.sources[place.layer].depth, place.layer))
    }

    pub(super) fn setting(&self, value: &Value) -> Option<Setting> {
        Some(self.setting_at(self.place(value)?, mark::plain(value)))
    }

    /// What each document of a layer that has a part in a value says of it, the one that wins first.
    fn settings(&self, value: &Value) -> Vec<Setting> {
        let parts = mark::setters(value).into_iter().filter_map(|setter| mark::part(value, setter));
        let mut parts: Vec<(Place, Value)> = parts.collect();
        parts.sort_by_key(|(place, _)| (self.sources[place.layer].depth, place.setter()));
        parts.into_iter().map(|(place, part)| self.setting_at(place, part)).collect()
    }

    fn setting_at(&self, place: Place, value: Value) -> Setting {
        let Source { layer, text, .. } = &self.sources[place.layer];
        let position = text.as_ref().map(|text| text.position(place.at));
        Setting {
            layer: layer.clone(),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            value,
        }
    }

    /// Of the places where a table or a part of it is set, the one that wins: the table's own before its parts'.
    fn first(&self, map: &Map) -> Option<Place> {
        let rank = |place: &Place| (self.sources[place.layer].depth, place.layer);
        let own = mark::places(map).into_iter().min_by_key(|place| (rank(place), place.at));
        let parts = mark::entries(map).filter_map(|(_, value)| self.place(&value));
        let part = parts.min_by_key(|place| (rank(place), place.at));
        own.into_iter().chain(part).min_by_key(rank)
    }
}

/// Every place where a value was set: of a table each layer that has it.
fn all_places(value: &Value) -> Vec<Place> {
    match (mark::of(value), value) {
        (Some(mark), _) => vec![mark.place],
        (None, Value::Map(map)) => mark::places(map),
        _ => Vec::new(),
    }
}

/// What a value hides, nearest first.
fn hides(value: &Value, found: &mut Vec<Value>) {
    for hidden in mark::of(value).into_iter().flat_map(|mark| &mark.hides) {
        found.push(hidden.clone());
        hides(hidden, found);
    }
}

/// How the nodes of a document become marks.
struct Marking {
    layer: usize,
    /// Which document it is.
    document: usize,
    /// Where the document begins in the file.
    start: usize,
}

impl Marking {
    fn node(&self, node: &Node, key: Option<Span>) -> Value {
        let is_container = matches!(node.data, Data::Map(_) | Data::Seq(_));
        let span = key.filter(|_| is_container || node.is_null()).unwrap_or(node.span);
        let at = self.start + span.start as usize;
        let place = Place { layer: self.layer, document: self.document, at };
        match &node.data {
            Data::Map(entries) => {
                let map = Map::new();
                for entry in entries {
                    map.insert(entry.key.as_str(), self.node(&entry.value, Some(entry.key_span)));
                }
                mark::note(&map, place);
                Value::Map(map)
            }
            Data::Seq(items) => {
                let items = items.iter().map(|item| self.node(item, None)).collect();
                mark::around(Value::List(List::any(items)), place)
            }
            _ => mark::around(node.to_value(), place),
        }
    }
}

fn lay_over(values: &Map, over: &Map) {
    chart::lay_over(values, over, &|under, over| mark::over(over, under));
}
