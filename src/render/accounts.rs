//! [`Accounts`]: what becomes of each value that somebody sets: whether a template reads it, could read it in a branch that
//! was not taken, or nothing ever does. What was read the tracer says, what could be [`reach`](crate::template::reach).
//!
//! Read [`Accounts::unread`].

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::meant::Meant;
use super::origin::Origins;
use crate::budget;
use crate::chart::{Chart, Import};
use crate::diagnostic::{Layer, ValueOrigin};
use crate::funcs;
use crate::go::path;
use crate::go::raw;
use crate::path::{FieldPath, Step};
use crate::suggest;
use crate::template::reach::{Executed, Trees};
use crate::template::reads::{Reads, Way};
use crate::value::Value;
use crate::values::{Entry, Setting, Walker};

/// The key whose table reaches every chart.
const GLOBAL: &str = "global";

/// How many texts with `{{` in them are read as templates.
const TEXTS: usize = 400;

/// Units of work for asking a chart about a path.
const ASKED: u64 = 10;

/// What is read of the values of each chart.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    charts: Vec<Scope>,
    /// The full path of the top chart.
    top: String,
    /// Where blocks for dependencies would stand by their names that have an alias, and where they do.
    aliases: Vec<(FieldPath, FieldPath)>,
}

/// What is read of the values of a chart.
#[derive(Clone, Debug, Default)]
struct Scope {
    /// The keys that lead to them from those of the top chart.
    names: Vec<Step>,
    /// What was read.
    reads: Reads,
    /// What would be read where no execution came.
    possible: Reads,
}

/// A key that is set and that nothing reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// The key, with the layer that sets it.
    pub value: ValueOrigin,
    /// What stands in its line.
    pub excerpt: Option<String>,
    /// Whether the chart sets it for itself; others set it in vain.
    pub is_own: bool,
    /// Keys that are read and likely meant, likeliest first.
    pub suggestions: Vec<FieldPath>,
}

impl Accounts {
    /// What is read of a release that was listened to; nothing where templates failed, since nobody knows what they would
    /// have read. `chart` is the chart before its dependencies were processed.
    pub fn new(origins: &Origins, chart: &Chart) -> Option<Accounts> {
        if !origins.failures.is_empty() {
            return None;
        }
        let mut files = Files::default();
        files.enabled(&origins.chart, &[]);
        files.sort();
        let mut switched_off = Files::default();
        switched_off.disabled(chart, &origins.chart, &[]);
        let all: Vec<&TemplateFile<'_>> = switched_off.all.iter().chain(&files.all).collect();
        let parts = all.iter().map(|file| (file.name.as_str(), file.text));
        let trees = Trees::parse(parts, &origins.parsed, funcs::table()).ok()?;
        let executed = Executed::of(origins.outputs.values().map(|output| &output.trace));
        let mut accounts = Accounts { top: origins.chart.full_path.clone(), ..Accounts::default() };
        for (name, output) in &origins.outputs {
            let names = origins.layers.scopes().find(|(chart, _)| *chart == origins.chart_of(name));
            let names = names.map(|(_, names)| names.to_vec()).unwrap_or_default();
            accounts.scope(&names).reads.absorb(output.trace.reads());
        }
        let scopes: BTreeSet<&[Step]> = all.iter().map(|file| file.names.as_slice()).collect();
        for names in scopes {
            let own = all.iter().filter(|file| file.names == names && !file.is_partial);
            let possible = trees.possible(own.map(|file| file.name.as_str()), &executed);
            accounts.scope(names).possible.absorb(possible);
        }
        accounts.read_in_values(origins, &trees);
        accounts.read_by_helm(chart, &[]);
        Some(accounts)
    }

    fn scope(&mut self, names: &[Step]) -> &mut Scope {
        let at = self.charts.iter().position(|scope| scope.names == names).unwrap_or_else(|| {
            self.charts.push(Scope { names: names.to_vec(), ..Scope::default() });
            self.charts.len() - 1
        });
        &mut self.charts[at]
    }

    /// What texts among the values would read, each of which a template may give to `tpl`.
    fn read_in_values(&mut self, origins: &Origins, trees: &Trees) {
        for (chart, names) in origins.layers.scopes() {
            let mut texts = Vec::new();
            if let Some(values) = origins.layers.value(chart, &[]) {
                collect_texts(&values, &mut texts);
            }
            for text in texts {
                let reads = trees.possible_in_text(&text, funcs::table());
                self.scope(names).possible.absorb(reads);
            }
        }
    }

    /// What Helm itself reads: conditions, tags, and what is imported.
    fn read_by_helm(&mut self, chart: &Chart, names: &[Step]) {
        for dependency in chart.metadata.dependencies() {
            let own = [names, &[Step::Key(dependency.key().to_owned())]].concat();
            if !dependency.alias.is_empty() {
                let by_name = FieldPath::new(names.iter().cloned()).key(dependency.name.as_str());
                self.aliases.push((by_name, FieldPath::new(own.iter().cloned())));
            }
            let top = &mut self.scope(&[]).reads;
            top.at(own.iter().cloned().map(Way::To)).is_touched = true;
            for condition in dependency.condition.trim().split(',').filter(|it| !it.is_empty()) {
                top.at(names.iter().cloned().map(Way::To).chain(ways(condition))).is_touched = true;
            }
            for tag in &dependency.tags {
                top.at(ways("tags").chain([Way::To(Step::Key(tag.clone()))])).is_touched = true;
            }
            for import in &dependency.import_values {
                if let Some(child) = imported(import) {
                    self.scope(&own).reads.at(ways(&child)).is_whole = true;
                }
            }
            if let Some(below) = chart.dependencies.iter().find(|below| below.name() == dependency.name) {
                self.read_by_helm(below, &own);
            }
        }
    }

    /// Adds what is read with other values.
    pub fn add(&mut self, other: &Accounts) {
        for scope in &other.charts {
            let own = self.scope(&scope.names);
            own.reads.add(&scope.reads);
            own.possible.add(&scope.possible);
        }
    }

    /// Whether something asks of the reads of a chart what is to be asked of a path of the top chart's values.
    fn any(&self, path: &[Step], asks: impl Fn(&Scope, &[Step]) -> bool) -> bool {
        // Whoever goes on hears of it.
        let _ = budget::spend(ASKED * self.charts.len() as u64);
        let global = path.iter().position(is_global);
        self.charts.iter().any(|scope| {
            let own = path.strip_prefix(scope.names.as_slice());
            if own.is_some_and(|own| (scope.names.is_empty() || !own.is_empty()) && asks(scope, own)) {
                return true;
            }
            // The globals of a chart are those of all charts below it.
            global.is_some_and(|at| scope.names.starts_with(&path[..at]) && asks(scope, &path[at..]))
        })
    }

    /// Whether something reads the value at a path, or could.
    fn is_read(&self, path: &[Step], is_table: bool) -> bool {
        let is_chart = self.charts.iter().any(|scope| scope.names.starts_with(path));
        is_chart
            || path.last().is_some_and(is_global)
            || self.any(path, |scope, own| scope.each().iter().any(|reads| reads.reaches(own, is_table)))
    }

    /// Whether a template read the value at a path, or Helm did.
    pub fn was_read(&self, path: &[Step], is_table: bool) -> bool {
        self.any(path, |scope, own| scope.reads.reaches(own, is_table))
    }

    /// Whether a key that a user has made up is that of a name which is read beside it, with a slip of the hand: a branch that
    /// is not taken would read whatever stands there, and no template names it.
    fn is_slip(&self, path: &[Step]) -> bool {
        let Some((Step::Key(key), above)) = path.split_last() else { return false };
        let is_named = |scope: &Scope, own: &[Step]| {
            scope.reads.reaches(own, true) || scope.each().iter().any(|reads| reads.names(own))
        };
        let is_slip_of = |scope: &Scope, above: &[Step]| {
            let names = scope.reads.named_below(above);
            names.iter().any(|name| suggest::is_slip(key, &name.as_key()))
        };
        !self.any(path, is_named) && self.any(above, is_slip_of)
    }

    /// Whether something reads a key that was told as one that nothing reads, by what was known then.
    pub fn reads(&self, key: &ValueOrigin) -> bool {
        let is_table = key.value.is_object() || key.value.is_array();
        let steps = key.path.steps();
        let is_of_chart = std::iter::once(&key.layer)
            .flatten()
            .chain(key.shadows.iter().map(|shadow| &shadow.layer))
            .any(|layer| matches!(layer, Layer::Chart(_)));
        self.is_read(steps, is_table) && (is_of_chart || !self.is_slip(steps))
    }

    /// The keys that are set and that nothing reads, those of users and of the top chart.
    pub fn unread(&self, origins: &Origins) -> Vec<Unread> {
        // Most charts set nothing in vain, and nobody asks what is meant.
        let mut meant = None;
        let found = origins.layers.walk(&self.top, &mut &*self);
        let told = found.into_iter().filter_map(|(path, setting, excerpt)| {
            let is_chart = matches!(&setting.layer, Layer::Chart(file) if file == "values.yaml");
            if !is_chart && matches!(setting.layer, Layer::Chart(_))
                || self.is_handed_down(origins, &path, &setting)
            {
                return None;
            }
            let is_of =
                |scope: &Scope| scope.names.first().is_some_and(|name| path.steps().first() == Some(name));
            let is_own = is_chart && !self.charts.iter().any(is_of);
            let value = origins.layers.told(&self.top, &path);
            let aliases = self.aliases.iter().filter(|(name, _)| *name == path);
            let mut suggestions: Vec<FieldPath> = aliases.map(|(_, alias)| alias.clone()).collect();
            let meant = meant.get_or_insert_with(|| Meant::new(self.known()));
            suggestions.extend(meant.by(&path).into_iter().filter(|it| !self.is_alias_of(it, &path)));
            Some(Unread { value, excerpt, is_own, suggestions })
        });
        told.collect()
    }

    /// Whether a path is that of a dependency which stands under this name.
    fn is_alias_of(&self, path: &FieldPath, name: &FieldPath) -> bool {
        self.aliases.iter().any(|(own, alias)| own == name && alias == path)
    }

    /// Whether a value of a chart's globals is one of those of a chart above it, which Helm hands down.
    fn is_handed_down(&self, origins: &Origins, path: &FieldPath, setting: &Setting) -> bool {
        let steps = path.steps();
        let Some(at @ 1..) = steps.iter().position(|step| *step == Step::Key(GLOBAL.to_owned())) else {
            return false;
        };
        (0..at).any(|above| {
            let upper = [&steps[..above], &steps[at..]].concat();
            let origin = origins.layers.origin(&self.top, &upper);
            let place = |of: &Setting| (of.layer.clone(), of.line, of.column);
            origin.is_some_and(|origin| place(&origin.setting) == place(setting))
        })
    }

    /// All that is read or could be, as a user of the top chart sets it.
    fn known(&self) -> FxHashSet<FieldPath> {
        let mut known = FxHashSet::default();
        for scope @ Scope { names, .. } in &self.charts {
            let above = FieldPath::new(names.iter().cloned());
            if !names.is_empty() {
                known.insert(above.clone());
            }
            for path in scope.each().iter().flat_map(|reads| reads.paths()) {
                let is_own = names.is_empty() || path.steps().first().is_some_and(is_global);
                known.insert(if is_own { path } else { above.join(&path) });
            }
        }
        known
    }
}

impl Scope {
    /// What was read, and what could be.
    fn each(&self) -> [&Reads; 2] {
        [&self.reads, &self.possible]
    }
}

impl Walker for &Accounts {
    fn told(&mut self, path: &FieldPath, entries: &[Entry<'_>]) -> Vec<bool> {
        let is_unread = |entry: &Entry<'_>| {
            let steps = entry.path.steps();
            matches!(steps.last(), Some(Step::Key(_)))
                && (!self.is_read(steps, entry.is_table) || !entry.is_of_chart && self.is_slip(steps))
        };
        let unread: Vec<bool> = entries.iter().map(is_unread).collect();
        // Without any of them the value would be empty, which somebody looks at.
        let is_tested = |scope: &Scope, own: &[Step]| scope.each().iter().any(|it| it.is_tested_at(own));
        if unread.iter().all(|unread| *unread) && self.any(path.steps(), is_tested) {
            return vec![false; entries.len()];
        }
        unread
    }

    fn enters(&mut self, path: &FieldPath) -> bool {
        // What was printed whole was read whole; of what would be, names may still be slips.
        !self.any(path.steps(), |scope, own| scope.reads.is_whole_at(own))
            && (matches!(path.steps().last(), Some(Step::Key(_))) || self.is_read(path.steps(), true))
    }
}

/// Whether a step is the key of what every chart sees.
fn is_global(step: &Step) -> bool {
    matches!(step, Step::Key(key) if key == GLOBAL)
}

fn ways(path: &str) -> impl Iterator<Item = Way> {
    path.split('.').map(|key| Way::To(Step::Key(key.to_owned())))
}

/// The table of a dependency that is imported.
fn imported(import: &Import) -> Option<String> {
    match import {
        Import::Read(Value::Str(name)) => Some(format!("exports.{name}")),
        Import::Read(Value::Map(map)) => map.get("child")?.as_text().map(ToString::to_string),
        Import::Read(_) => None,
        Import::Applied { child, .. } => Some(child.clone()),
    }
}

fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    if texts.len() >= TEXTS {
        return;
    }
    match value {
        Value::Str(text) if memchr::memmem::find(text.as_bytes(), b"{{").is_some() => {
            texts.push(text.to_string());
        }
        Value::Map(map) => map.entries().iter().for_each(|(_, value)| collect_texts(value, texts)),
        Value::List(list) => list.items().iter().for_each(|value| collect_texts(value, texts)),
        _ => {}
    }
}

/// The templates of charts.
#[derive(Default)]
pub(super) struct Files<'a> {
    pub(super) all: Vec<TemplateFile<'a>>,
}

/// A template of a chart.
pub(super) struct TemplateFile<'a> {
    /// As Helm names it.
    pub(super) name: String,
    pub(super) text: &'a [u8],
    names: Vec<Step>,
    is_partial: bool,
}

impl<'a> Files<'a> {
    /// Those of a chart as it was rendered.
    pub(super) fn enabled(&mut self, chart: &'a Chart, names: &[Step]) {
        self.add(chart, names);
        for dependency in &chart.dependencies {
            let below = [names, &[Step::Key(dependency.name().to_owned())]].concat();
            self.enabled(dependency, &below);
        }
    }

    /// Those of dependencies that are switched off.
    pub(super) fn disabled(&mut self, chart: &'a Chart, rendered: &Chart, names: &[Step]) {
        for dependency in chart.metadata.dependencies() {
            let below = [names, &[Step::Key(dependency.key().to_owned())]].concat();
            let Some(own) = chart.dependencies.iter().find(|own| own.name() == dependency.name) else {
                continue;
            };
            match rendered.dependencies.iter().find(|own| own.name() == dependency.key()) {
                Some(rendered) => self.disabled(own, rendered, &below),
                None => self.enabled(own, &below),
            }
        }
    }

    fn add(&mut self, chart: &'a Chart, names: &[Step]) {
        for file in &chart.templates {
            let is_partial = path::base(&file.name).starts_with('_');
            if chart.is_library() && !is_partial {
                continue;
            }
            let name = path::join(&[&chart.full_path, &file.name]);
            self.all.push(TemplateFile { name, text: &file.data, names: names.to_vec(), is_partial });
        }
    }

    /// In the order in which Helm parses them.
    pub(super) fn sort(&mut self) {
        let depth = |name: &str| name.bytes().filter(|byte| *byte == b'/').count();
        self.all
            .sort_by(|a, b| depth(&b.name).cmp(&depth(&a.name)).then_with(|| raw::compare(&b.name, &a.name)));
    }
}
