//! [`Layers`]: where a value came from. Nothing is recorded while values are merged; a path is looked up in every layer
//! when somebody asks, in the order in which Helm lets them win.

use std::collections::HashMap;

use super::coalesce::GLOBAL;
use super::read::{Content, User};
use crate::chart::documents::Documents;
use crate::chart::{Chart, Import};
use crate::source::SourceFile;
use crate::value::{List, Map, Value};
use crate::yaml::{self, Node};

/// Every layer of a release: the user's and each chart's.
#[derive(Clone, Debug)]
pub struct Layers {
    /// The user's, the one that wins first.
    user: Vec<Layer>,
    charts: Vec<Place>,
    by_path: HashMap<String, usize>,
}

/// A chart in the tree of charts.
#[derive(Clone, Debug)]
struct Place {
    name: String,
    parent: Option<usize>,
    dependencies: Vec<usize>,
    layer: Option<Layer>,
    /// What it imports: the dependency, the table there, the table here.
    imports: Vec<(usize, Vec<Step>, Vec<Step>)>,
}

/// One text or expression that sets values.
#[derive(Clone, Debug)]
struct Layer {
    name: String,
    /// The documents of a file, with where each begins in it; the last one wins.
    documents: Vec<(Node, usize)>,
    source: Option<SourceFile>,
    /// What an expression sets.
    values: Option<Map>,
}

/// Where the value at a path came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Where a user of the top chart sets it: `redis.image.tag`.
    pub path: String,
    /// The layer that set it.
    pub setting: Setting,
    /// The layers that it hides, nearest first.
    pub shadows: Vec<Setting>,
}

/// What one layer says of a path.
#[derive(Clone, Debug)]
pub struct Setting {
    /// `values.yaml`, `charts/redis/values.yaml`, `-f prod.yaml`, `--set a=1`.
    pub layer: String,
    /// The file of the layer, if it is one.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<usize>,
    /// The column in it.
    pub column: Option<usize>,
    /// The value there.
    pub value: Value,
}

/// A step of a path into values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// An index of a list.
    Index(usize),
}

impl Layers {
    /// The layers of a processed chart (see [`super::process_dependencies`]) under the user's values.
    pub fn new(chart: &Chart, user: &User) -> Layers {
        let user = user.layers.iter().rev().map(|layer| match &layer.content {
            Content::File { name, text } => Layer::of_file(layer.name.clone(), name, text),
            Content::Values(values) => Layer {
                name: layer.name.clone(),
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
        let mut found = Vec::new();
        let place = *self.by_path.get(chart)?;
        self.candidates(place, path, &mut found, 0);
        let mut settings = found.into_iter();
        let setting = settings.next()?;
        Some(Origin { path: self.absolute(place, path), setting, shadows: settings.collect() })
    }

    fn add(&mut self, chart: &Chart, parent: Option<usize>) -> usize {
        let file = if chart.dir.is_empty() {
            "values.yaml".to_owned()
        } else {
            format!("{}/values.yaml", chart.dir)
        };
        let text = chart.raw_file("values.yaml");
        let layer = text.map(|text| Layer::of_file(file.clone(), &file, &text.data));
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
    fn candidates(&self, place: usize, path: &[Step], found: &mut Vec<Setting>, depth: usize) {
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
    fn above(&self, place: usize, path: &[Step], found: &mut Vec<Setting>, depth: usize) {
        let chart = &self.charts[place];
        let Some(parent) = chart.parent else {
            return found.extend(self.user.iter().filter_map(|layer| layer.get(path)));
        };
        if path.first() == Some(&Step::Key(GLOBAL.to_owned())) {
            self.candidates(parent, path, found, depth + 1);
        }
        let mut from_parent = vec![Step::Key(chart.name.clone())];
        from_parent.extend_from_slice(path);
        self.above(parent, &from_parent, found, depth);
        found.extend(self.charts[parent].layer.iter().filter_map(|layer| layer.get(&from_parent)));
    }

    /// What the chart itself says, and what it imports.
    fn own(&self, place: usize, path: &[Step], found: &mut Vec<Setting>, depth: usize) {
        let chart = &self.charts[place];
        found.extend(chart.layer.iter().filter_map(|layer| layer.get(path)));
        for (below, child, parent) in &chart.imports {
            if let Some(rest) = path.strip_prefix(parent.as_slice()) {
                let mut route = child.clone();
                route.extend_from_slice(rest);
                let mut imported = Vec::new();
                self.candidates(*below, &route, &mut imported, depth + 1);
                found.extend(imported);
            }
        }
    }

    /// The path as a user of the top chart sets it.
    fn absolute(&self, place: usize, path: &[Step]) -> String {
        let mut names = Vec::new();
        let mut at = place;
        let is_global = path.first() == Some(&Step::Key(GLOBAL.to_owned()));
        while let (Some(parent), false) = (self.charts[at].parent, is_global) {
            names.push(Step::Key(self.charts[at].name.clone()));
            at = parent;
        }
        names.reverse();
        names.extend_from_slice(path);
        let mut out = String::new();
        for step in names {
            match step {
                Step::Index(index) => out.push_str(&format!("[{index}]")),
                Step::Key(key) => {
                    out.push_str(if out.is_empty() { "" } else { "." });
                    out.push_str(&key);
                }
            }
        }
        out
    }
}

impl Layer {
    fn of_file(name: String, file: &str, text: &[u8]) -> Layer {
        let documents = Documents::split(text);
        let parse = |range: &std::ops::Range<usize>| {
            Some((yaml::parse(&documents.text[range.clone()]).ok()?, range.start))
        };
        let nodes = documents.ranges.iter().filter_map(parse).collect();
        let source = SourceFile::new(file, String::from_utf8_lossy(&documents.text));
        Layer { name, documents: nodes, source: Some(source), values: None }
    }

    fn get(&self, path: &[Step]) -> Option<Setting> {
        if let Some(values) = &self.values {
            let value = step_into(Value::Map(values.clone()), path)?;
            return Some(Setting { layer: self.name.clone(), file: None, line: None, column: None, value });
        }
        let source = self.source.as_ref()?;
        let (node, start) = self
            .documents
            .iter()
            .rev()
            .find_map(|(node, start)| path.iter().try_fold(node, into_node).map(|node| (node, *start)))?;
        let position = source.position(start + node.span.start as usize);
        Some(Setting {
            layer: self.name.clone(),
            file: Some(source.name().to_owned()),
            line: Some(position.line),
            column: Some(position.column),
            value: node.to_value(),
        })
    }
}

fn into_node<'a>(node: &'a Node, step: &Step) -> Option<&'a Node> {
    match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.items().get(*index),
    }
}

/// What an expression sets at a path. A null in a list is a place that it does not touch.
fn step_into(value: Value, path: &[Step]) -> Option<Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.as_map()?.get(key),
        Step::Index(index) => {
            let list: &List = value.as_list()?;
            list.items().get(*index).filter(|item| !matches!(item, Value::Nil)).cloned()
        }
    })
}

fn keys(path: &str) -> Vec<Step> {
    path.split('.').map(|key| Step::Key(key.to_owned())).collect()
}
