//! What each template sees as its dot: the scopes of a chart and its dependencies.

use std::rc::Rc;

use super::common::VALUES;
use super::objects::Files;
use super::request::Request;
use crate::chart::{Chart, File};
use crate::go::{path, raw};
use crate::value::{Map, Value};
use crate::values::path::table;

/// A template with the dot that it gets.
pub(super) struct Renderable<'a> {
    /// The full path: `top/charts/redis/templates/a.yaml`.
    pub name: String,
    /// The file.
    pub file: &'a File,
    /// The scope of its chart, shared by all its templates.
    pub scope: Map,
    /// `.Template.BasePath`
    pub base_path: Rc<str>,
}

impl Renderable<'_> {
    /// Whether it is executed on its own, which partials are not.
    pub fn is_partial(&self) -> bool {
        path::base(&self.name).starts_with('_')
    }
}

/// Every template of a chart and its dependencies in the order in which Helm parses and executes them: deep ones first,
/// then by name from last to first. Helm: engine.go `allTemplates`, `sortTemplates`.
pub(super) fn renderables<'a>(chart: &'a Chart, values: &Map, request: &Request) -> Vec<Renderable<'a>> {
    let mut found = Vec::new();
    let shared = Shared {
        release: Value::Map(request.release.to_map()),
        capabilities: Value::Object(Rc::new(request.capabilities.clone())),
    };
    collect(chart, values, &shared, &mut found);
    let depth = |name: &str| name.bytes().filter(|byte| *byte == b'/').count();
    found.sort_by(|a, b| depth(&b.name).cmp(&depth(&a.name)).then_with(|| raw::compare(&b.name, &a.name)));
    // Of two files with one name the later wins, as in a Go map.
    found.reverse();
    found.dedup_by(|a, b| a.name == b.name);
    found.reverse();
    found
}

/// What is the same in every scope.
struct Shared {
    release: Value,
    capabilities: Value,
}

/// Makes the scope of a chart, and below it those of its dependencies. Helm: engine.go `recAllTpls`.
fn collect<'a>(chart: &'a Chart, values: &Map, shared: &Shared, found: &mut Vec<Renderable<'a>>) -> Map {
    let metadata = chart.metadata.to_map();
    metadata.insert("IsRoot", Value::Bool(chart.is_root));
    let subcharts = Map::new();
    let scope: Map = [
        ("Chart", Value::Map(metadata)),
        ("Files", Value::Object(Rc::new(Files::new(&chart.files)))),
        ("Release", shared.release.clone()),
        ("Capabilities", shared.capabilities.clone()),
        ("Values", Value::Map(values.named(&VALUES))),
        ("Subcharts", Value::Map(subcharts.clone())),
    ]
    .into_iter()
    .collect();
    for dependency in &chart.dependencies {
        let own = table(values, dependency.name()).unwrap_or_default();
        subcharts.insert(dependency.name(), Value::Map(collect(dependency, &own, shared, found)));
    }
    let base_path: Rc<str> = path::join(&[&chart.full_path, "templates"]).into();
    for file in &chart.templates {
        if chart.is_library() && !path::base(&file.name).starts_with('_') {
            continue;
        }
        let name = path::join(&[&chart.full_path, &file.name]);
        found.push(Renderable { name, file, scope: scope.clone(), base_path: base_path.clone() });
    }
    scope
}
