//! What keeps objects and fields away that a chart could render: [`Origins::ways`] of conditions in templates, and
//! [`Origins::switched_off`] of dependencies.

use super::accounts::Files;
use super::origin::Origins;
use crate::chart::{Chart, Dependency};
use crate::diagnostic::{FileLine, ValueOrigin};
use crate::funcs;
use crate::path::{FieldPath, Step};
use crate::template::hurdles::{self, Demand};
use crate::template::reach::{Executed, Trees};
use crate::value::Value;
use crate::yaml;

/// A text that templates do not write with these values.
#[derive(Clone, Debug)]
pub struct Way {
    /// The template that is executed.
    pub template: String,
    /// The conditions that keep it away, outermost first.
    pub obstacles: Vec<Obstacle>,
}

/// Something that keeps a text away.
#[derive(Clone, Debug, PartialEq)]
pub struct Obstacle {
    /// Its place, in a file relative to the chart.
    pub place: FileLine,
    /// What stands in that line.
    pub excerpt: Option<String>,
    /// `if`, `with`, `range`, or of a dependency `condition` or `tags`.
    pub word: &'static str,
    /// What it asks.
    pub condition: String,
    /// Whether it would have to be true, or else false.
    pub wants: bool,
    /// The values that it reads, with the layers that set them.
    pub values: Vec<ValueOrigin>,
    /// What would make it hold, one of these; none where nobody knows.
    pub ways: Vec<Vec<Demand>>,
}

/// A dependency that is switched off.
#[derive(Clone, Debug)]
pub struct SwitchedOff {
    /// What switches it off; its demands are those of the top chart's values.
    pub obstacle: Obstacle,
    /// Whether one of its templates holds the text.
    pub holds: bool,
}

/// Whether a text is the one that is looked for, of a text and of whether an action follows it.
pub type Wanted<'a> = &'a dyn Fn(&[u8], bool) -> bool;

impl Origins {
    /// What keeps a text away, in one template or in all. `builtin` says what Helm puts beside the values: `Release.Name`.
    pub fn ways(
        &self,
        only: Option<&str>,
        builtin: &dyn Fn(&str) -> Option<String>,
        is_wanted: Wanted<'_>,
    ) -> Vec<Way> {
        let mut files = Files::default();
        files.enabled(&self.chart, &[]);
        files.sort();
        let parts = files.all.iter().map(|file| (file.name.as_str(), file.text));
        let Ok(trees) = Trees::parse(parts, &self.parsed, funcs::table()) else { return Vec::new() };
        let executed = Executed::of(self.outputs.values().map(|output| &output.trace));
        let mut found = Vec::new();
        let is_meant = |name: &&String| only.is_none_or(|only| only == name.as_str());
        let mut names: Vec<&String> = self.outputs.keys().filter(is_meant).collect();
        names.sort_unstable();
        for name in names {
            let chart = self.chart_of(name);
            let value = |path: &FieldPath| self.layers.value(chart, path.steps());
            for way in hurdles::ways(&trees, name, &executed, &value, builtin, is_wanted) {
                let obstacles = way.hurdles.into_iter().map(|hurdle| self.obstacle(name, hurdle)).collect();
                found.push(Way { template: name.clone(), obstacles });
            }
        }
        found
    }

    fn obstacle(&self, template: &str, hurdle: hurdles::Hurdle) -> Obstacle {
        let hurdles::Hurdle { place, word, condition, wants, reads, ways } = hurdle;
        Obstacle {
            excerpt: place.line.and_then(|line| self.line(&place.file, line)),
            place: FileLine { file: self.chart.on_disk(&place.file), ..place },
            word,
            condition,
            wants,
            values: reads.iter().map(|key| self.value(template, key)).collect(),
            ways,
        }
    }

    /// What a template of that name finds at a path below its `.Values`.
    pub fn value_of(&self, template: &str, path: &FieldPath) -> Option<Value> {
        self.layers.value(self.chart_of(template), path.steps())
    }

    /// The dependencies that are switched off, those of dependencies too. `chart` is the chart before they were processed.
    pub fn switched_off(&self, chart: &Chart, is_wanted: Wanted<'_>) -> Vec<SwitchedOff> {
        let mut found = Vec::new();
        self.off_below(chart, &self.chart, &FieldPath::root(), is_wanted, &mut found);
        found
    }

    fn off_below(
        &self,
        chart: &Chart,
        rendered: &Chart,
        names: &FieldPath,
        is_wanted: Wanted<'_>,
        found: &mut Vec<SwitchedOff>,
    ) {
        for (at, dependency) in chart.metadata.dependencies().iter().enumerate() {
            let Some(own) = chart.dependencies.iter().find(|own| own.name() == dependency.name) else {
                continue;
            };
            if let Some(rendered) = rendered.dependencies.iter().find(|own| own.name() == dependency.key()) {
                self.off_below(own, rendered, &names.key(dependency.key()), is_wanted, found);
            } else if let Some(obstacle) = self.switch(chart, at, dependency, names) {
                found.push(SwitchedOff { obstacle, holds: holds(own, is_wanted) });
            }
        }
    }

    /// What switches a dependency off.
    fn switch(&self, chart: &Chart, at: usize, entry: &Dependency, names: &FieldPath) -> Option<Obstacle> {
        let top = self.charts.first()?;
        let paths = entry.condition.trim().split(',').filter(|path| !path.is_empty());
        let paths: Vec<FieldPath> =
            paths.map(|path| names.keys(&path.split('.').collect::<Vec<_>>())).collect();
        let is_set = |path: &&FieldPath| self.layers.value(top, path.steps()).is_some();
        let condition = paths.iter().find(is_set).or(paths.first());
        let tag = entry.tags.first().map(|tag| FieldPath::root().key("tags").key(tag.as_str()));
        let (word, condition, path) = match (condition, tag) {
            (Some(path), _) => ("condition", entry.condition.clone(), path.clone()),
            (None, Some(tag)) => ("tags", entry.tags.join(", "), tag),
            (None, None) => return None,
        };
        let read = if word == "tags" {
            let tags = entry.tags.iter();
            tags.map(|tag| FieldPath::root().key("tags").key(tag.as_str())).collect()
        } else {
            vec![path.clone()]
        };
        let (place, excerpt) = place(chart, at, word);
        let to = hurdles::To::True { fields: Vec::new(), is_list: false };
        Some(Obstacle {
            place,
            excerpt,
            word,
            condition,
            wants: true,
            values: read.iter().map(|path| self.layers.told(top, path)).collect(),
            ways: vec![vec![Demand::Value { path, to }]],
        })
    }
}

/// Whether a template of a chart or of one below it holds the text.
fn holds(chart: &Chart, is_wanted: Wanted<'_>) -> bool {
    chart.templates.iter().any(|file| is_wanted(&file.data, false))
        || chart.dependencies.iter().any(|below| holds(below, is_wanted))
}

/// The line that says what a dependency asks, and what stands in it.
fn place(chart: &Chart, at: usize, word: &str) -> (FileLine, Option<String>) {
    let found = ["Chart.yaml", "requirements.yaml"].into_iter().find_map(|name| {
        let text = chart.raw_file(name)?.text().into_owned();
        let node = yaml::parse(&text).ok()?;
        let path = FieldPath::root().key("dependencies").index(at).then(Step::Key(word.to_owned()));
        let key = path.find(&node).key?;
        let line = text[..key.start as usize].matches('\n').count() + 1;
        Some((name, line, text.lines().nth(line - 1)?.trim_end().to_owned()))
    });
    let folder = if chart.dir.is_empty() { String::new() } else { format!("{}/", chart.dir) };
    let (name, line, excerpt) =
        found.map_or(("Chart.yaml", None, None), |(name, line, excerpt)| (name, Some(line), Some(excerpt)));
    (FileLine { file: format!("{folder}{name}"), line, column: None }, excerpt)
}
