//! [`Layers`]: where a value came from. Nothing is recorded while values are merged; a path is looked up in every layer
//! when somebody asks, in the order in which Helm lets them win.

use std::collections::HashMap;

use super::coalesce::GLOBAL;
use super::read::{Content, User};
use crate::chart::{Chart, Import};
use crate::diagnostic::Layer;
use crate::path::{FieldPath, Step};
use crate::source::{SourceFile, Span};
use crate::value::{Map, Value};
use crate::yaml::{self, Data, Documents, Node};

/// Every layer of a release: the user's and each chart's.
#[derive(Clone, Debug)]
pub struct Layers {
    /// The user's, the one that wins first.
    user: Vec<Told>,
    charts: Vec<Place>,
    by_path: HashMap<String, usize>,
}

/// A chart in the tree of charts.
#[derive(Clone, Debug)]
struct Place {
    name: String,
    parent: Option<usize>,
    dependencies: Vec<usize>,
    layer: Option<Told>,
    /// What it imports: the dependency, the table there, the table here.
    imports: Vec<(usize, Vec<Step>, Vec<Step>)>,
}

/// One text or expression that sets values.
#[derive(Clone, Debug)]
struct Told {
    layer: Layer,
    /// The documents of a file, with where each begins in it; the last one wins.
    documents: Vec<(Node, usize)>,
    source: Option<SourceFile>,
    /// What an expression sets.
    values: Option<Map>,
}

/// Where the value at a path came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Where a user of the top chart sets it.
    pub path: FieldPath,
    /// The layer that set it.
    pub setting: Setting,
    /// The layers that it hides, nearest first.
    pub shadows: Vec<Setting>,
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
    /// The value there.
    pub value: Value,
}

impl Layers {
    /// The layers of a processed chart (see [`super::process_dependencies`]) under the user's values.
    pub fn new(chart: &Chart, user: &User) -> Layers {
        let user = user.layers.iter().rev().map(|layer| match &layer.content {
            Content::File(text) => Told::of_file(layer.layer.clone(), text),
            Content::Values(values) => Told {
                layer: layer.layer.clone(),
                documents: Vec::new(),
                source: None,
                values: Some(values.clone()),
            },
        });
        let mut layers = Layers { user: user.collect(), charts: Vec::new(), by_path: HashMap::new() };
        layers.add(chart, None);
        layers
    }

    /// Where the value at the path came from, as the chart with that full path (`top/charts/redis`) sees its `.Values`.
    pub fn origin(&self, chart: &str, path: &[Step]) -> Option<Origin> {
        let mut found = Found::default();
        let place = *self.by_path.get(chart)?;
        self.candidates(place, path, &mut found, 0);
        let mut settings = found.settings.into_iter();
        let setting = settings.next()?;
        Some(Origin { path: self.absolute(place, path), setting, shadows: settings.collect() })
    }

    /// Where a user of the top chart sets the path of a chart's `.Values`.
    pub fn path(&self, chart: &str, path: &[Step]) -> Option<FieldPath> {
        self.by_path.get(chart).map(|place| self.absolute(*place, path))
    }

    fn add(&mut self, chart: &Chart, parent: Option<usize>) -> usize {
        let file = if chart.dir.is_empty() {
            "values.yaml".to_owned()
        } else {
            format!("{}/values.yaml", chart.dir)
        };
        let text = chart.raw_file("values.yaml");
        let layer = text.map(|text| Told::of_file(Layer::Chart(file), &text.data));
        let name = chart.name().to_owned();
        let own = self.charts.len();
        self.charts.push(Place { name, parent, dependencies: Vec::new(), layer, imports: Vec::new() });
        self.by_path.insert(chart.full_path.clone(), own);
        for dependency in &chart.dependencies {
            let below = self.add(dependency, Some(own));
            self.charts[own].dependencies.push(below);
        }
        for request in chart.metadata.dependencies() {
            let below = self.charts[own].dependencies.iter().copied();
            let Some(below) = below.into_iter().find(|it| self.charts[*it].name == request.name) else {
                continue;
            };
            for import in &request.import_values {
                if let Import::Applied { child, parent } = import {
                    let parent = if parent == "." { Vec::new() } else { keys(parent) };
                    self.charts[own].imports.push((below, keys(child), parent));
                }
            }
        }
        own
    }

    /// What every layer says of a path of a chart's values, the one that wins first.
    fn candidates(&self, place: usize, path: &[Step], found: &mut Found, depth: usize) {
        // Imports may lead in circles only through charts that import from each other, which cannot be; be safe.
        if depth > self.charts.len() * 2 + 2 {
            return;
        }
        let chart = &self.charts[place];
        if let [Step::Key(key), rest @ ..] = path
            && let Some(below) = chart.dependencies.iter().find(|it| self.charts[**it].name == *key)
        {
            // A dependency's values, seen from above.
            self.above(*below, rest, found, depth);
            return self.own(*below, rest, found, depth);
        }
        self.above(place, path, found, depth);
        self.own(place, path, found, depth);
    }

    /// What the user and the parents say.
    fn above(&self, place: usize, path: &[Step], found: &mut Found, depth: usize) {
        let chart = &self.charts[place];
        let Some(parent) = chart.parent else {
            self.user.iter().for_each(|layer| found.hear(layer, path));
            found.is_over |= found.replaces_charts && found.settings.is_empty();
            return;
        };
        if path.first() == Some(&Step::Key(GLOBAL.to_owned())) {
            self.candidates(parent, path, found, depth + 1);
        }
        let mut from_parent = vec![Step::Key(chart.name.clone())];
        from_parent.extend_from_slice(path);
        self.above(parent, &from_parent, found, depth);
        self.charts[parent].layer.iter().for_each(|layer| found.hear(layer, &from_parent));
    }

    /// What the chart itself says, and what it imports.
    fn own(&self, place: usize, path: &[Step], found: &mut Found, depth: usize) {
        let chart = &self.charts[place];
        chart.layer.iter().for_each(|layer| found.hear(layer, path));
        for (below, child, parent) in &chart.imports {
            if let Some(rest) = path.strip_prefix(parent.as_slice()) {
                let mut route = child.clone();
                route.extend_from_slice(rest);
                self.candidates(*below, &route, found, depth + 1);
            }
        }
    }

    /// The path as a user of the top chart sets it.
    fn absolute(&self, place: usize, path: &[Step]) -> FieldPath {
        let mut names = Vec::new();
        let mut at = place;
        let is_global = path.first() == Some(&Step::Key(GLOBAL.to_owned()));
        while let (Some(parent), false) = (self.charts[at].parent, is_global) {
            names.push(Step::Key(self.charts[at].name.clone()));
            at = parent;
        }
        FieldPath::new(names.into_iter().rev().chain(path.iter().cloned()))
    }
}

impl Told {
    fn of_file(layer: Layer, text: &[u8]) -> Told {
        let documents = Documents::split(text);
        let parse = |range: &std::ops::Range<usize>| {
            Some((yaml::parse(&documents.text[range.clone()]).ok()?, range.start))
        };
        let nodes = documents.ranges.iter().filter_map(parse).collect();
        let source =
            SourceFile::new(layer.file().unwrap_or_default(), String::from_utf8_lossy(&documents.text));
        Told { layer, documents: nodes, source: Some(source), values: None }
    }

    fn said(&self, path: &[Step]) -> Said {
        if let Some(values) = &self.values {
            return self.set_by_expression(Value::Map(values.clone()), path);
        }
        let mut said = Said::Nothing;
        for (node, start) in self.documents.iter().rev() {
            match find(node, path) {
                Ok((node, key)) => return self.set_in_file(node, key, *start),
                Err(Said::Nothing) => {}
                Err(hides) => said = hides,
            }
        }
        said
    }

    fn set_in_file(&self, node: &Node, key: Option<Span>, start: usize) -> Said {
        let Some(source) = &self.source else { return Said::Nothing };
        let is_container = matches!(node.data, Data::Map(_) | Data::Seq(_));
        let span = key.filter(|_| is_container || node.is_null()).unwrap_or(node.span);
        let position = source.position(start + span.start as usize);
        Said::Value(Setting {
            layer: self.layer.clone(),
            line: Some(position.line),
            column: Some(position.column),
            value: node.to_value(),
        })
    }

    /// What an expression sets at a path. It writes into the lists of the user's other layers, where a null is a place that
    /// it does not touch, and takes the place of the charts' lists.
    fn set_by_expression(&self, mut value: Value, path: &[Step]) -> Said {
        let mut in_list = false;
        for step in path {
            let next = match (step, &value) {
                (Step::Key(key) | Step::Item(key), Value::Map(map)) => map.get(key),
                (Step::Index(index), Value::List(list)) => {
                    in_list = true;
                    list.items().get(*index).filter(|item| !matches!(item, Value::Nil)).cloned()
                }
                _ => return Said::Other,
            };
            match next {
                Some(next) => value = next,
                None if in_list => return Said::OtherThanCharts,
                None => return Said::Nothing,
            }
        }
        Said::Value(Setting { layer: self.layer.clone(), line: None, column: None, value })
    }
}

/// What a layer says of a path.
enum Said {
    /// Nothing: what is below it shows.
    Nothing,
    /// This.
    Value(Setting),
    /// Something in whose place the path is not: nothing below it shows.
    Other,
    /// A part of a list: nothing of the charts' shows.
    OtherThanCharts,
}

/// What the layers said so far.
#[derive(Default)]
struct Found {
    settings: Vec<Setting>,
    /// Whether the charts' values do not show.
    replaces_charts: bool,
    /// Whether nothing further shows.
    is_over: bool,
}

impl Found {
    fn hear(&mut self, layer: &Told, path: &[Step]) {
        if self.is_over {
            return;
        }
        match layer.said(path) {
            Said::Nothing => {}
            Said::Value(setting) => self.settings.push(setting),
            // Under a value that is known, all others are hidden anyway.
            Said::Other => self.is_over = self.settings.is_empty(),
            Said::OtherThanCharts => self.replaces_charts = true,
        }
    }
}

/// The node at a path with its key, where a map holds it; else whether the layer hides what is below it, as lists and
/// plain values do.
fn find<'a>(mut node: &'a Node, path: &[Step]) -> Result<(&'a Node, Option<Span>), Said> {
    let mut key = None;
    let mut in_list = false;
    for step in path {
        let next = match (step, &node.data) {
            (Step::Key(name) | Step::Item(name), Data::Map(_)) => {
                node.entry(name).map(|entry| (&entry.value, Some(entry.key_span)))
            }
            (Step::Index(index), Data::Seq(items)) => {
                in_list = true;
                items.get(*index).map(|item| (item, None))
            }
            _ => return Err(Said::Other),
        };
        (node, key) = next.ok_or(if in_list { Said::Other } else { Said::Nothing })?;
    }
    Ok((node, key))
}

fn keys(path: &str) -> Vec<Step> {
    path.split('.').map(|key| Step::Key(key.to_owned())).collect()
}
