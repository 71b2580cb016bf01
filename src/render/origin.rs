//! [`Origins`]: where each place of a rendered release came from: the template line, the includes on the way to it, and
//! the values that were read, each with the layer that set it. Made by rendering once more with somebody listening, and only
//! when something has to be explained.
//!
//! Read [`Origins::field`], which knows where to look for a field and what to say of one that is not there.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Attempt, Error, Executed, Failed, Failure, Output, Request};
use super::{attempt, attempt_each, prepare, written};
use crate::chart::Chart;
use crate::diagnostic::{FileLine, IncludeSite, Origin, ReplacedList, ValueOrigin};
use crate::path::{FieldPath, Step};
use crate::template::error::ErrorKind;
use crate::template::host::Host;
use crate::template::trace::{self, Trace};
use crate::template::{self};
use crate::value::{Map, Str, Value};
use crate::values::{Layers, User};
use crate::yaml::{Data, Found, Node};

/// How a place in a template came to be executed.
pub struct Called {
    /// The includes that first led there, outermost first.
    pub includes: Vec<IncludeSite>,
    /// The templates of which it was a part, as Helm names them: `top/templates/a.yaml`.
    pub templates: Vec<String>,
}

/// Where the places of a release came from.
pub struct Origins {
    /// The chart as it was rendered, dependencies under their aliases.
    pub(super) chart: Chart,
    /// The full paths of it and its dependencies.
    pub(super) charts: Vec<String>,
    pub(super) layers: Layers,
    pub(super) outputs: FxHashMap<String, Output<Trace>>,
    /// The templates that failed, with what was learnt until then.
    pub(super) failures: FxHashMap<String, Failure<Trace>>,
    /// What templates require and nobody sets, with the template that was executed.
    missing: Vec<(String, trace::Missing)>,
    /// The files that are known from rendering.
    pub(super) parsed: template::Parsed,
    lines: RefCell<FxHashMap<String, Rc<[u32]>>>,
}

/// All that the templates require that fail because of it: they are executed once more as if it did not matter.
fn missing(
    failures: &[Failure<Trace>],
    chart: &Chart,
    values: &Map,
    request: &Request,
    host: &mut dyn Host,
) -> Vec<(String, trace::Missing)> {
    let requires = |failure: &&Failure<Trace>| *failure.error.kind() == ErrorKind::Required;
    if failures.iter().all(|failure| !requires(&failure)) {
        return Vec::new();
    }
    let engine = template::Options { lint: true, ..request.engine.clone() };
    let request = Request { engine, ..request.clone() };
    let again = attempt::<Trace>(chart, values, &request, host, false);
    let outputs = again.outputs.into_iter().map(|output| (output.name, output.trace));
    let failed = again.failures.into_iter().map(|failure| (failure.name, failure.trace));
    let traces: Vec<(String, Trace)> = outputs.chain(failed).collect();
    let requiring = failures.iter().filter(requires).map(|failure| &failure.name);
    requiring
        .filter_map(|name| traces.iter().find(|(own, _)| own == name))
        .flat_map(|(name, trace)| trace.missing().iter().map(|missing| (name.clone(), missing.clone())))
        .collect()
}

/// Why a place reads as it does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cause {
    /// The line that wrote it, in a file relative to the chart as it lies on disk.
    pub source: Option<FileLine>,
    /// What stands in that line.
    pub excerpt: Option<String>,
    /// The calls and values that led there.
    pub origin: Origin,
}

impl Origins {
    /// Renders a chart and listens. The host must give what it gave when the chart was rendered before. Where templates
    /// fail, layers of values are all that is known.
    ///
    /// # Errors
    /// Those of what comes before templates.
    pub fn new(chart: &Chart, user: &User, request: &Request, host: &mut dyn Host) -> Result<Origins, Error> {
        let (prepared, values) = prepare(chart, &user.values, request, &mut Vec::new())?;
        let attempt = attempt::<Trace>(&prepared, &values, request, host, false);
        Ok(Origins::of(attempt, chart, user, (prepared, &values), request, host))
    }

    /// Renders a chart and listens from the start: the origins beside what
    /// [`execute_each`](super::execute_each) gives.
    ///
    /// # Errors
    /// Those of what comes before templates.
    pub fn execute_each(
        chart: &Chart,
        user: &User,
        request: &Request,
        host: &mut dyn Host,
    ) -> Result<(Origins, Executed, Vec<template::Error>), Failed> {
        let (prepared, values, attempt, warnings) =
            attempt_each::<Trace>(chart, &user.values, request, host)?;
        let without_trace = |output: &Output<Trace>| {
            let Output { name, text, trace: _ } = output;
            Output { name: name.clone(), text: text.clone(), trace: () }
        };
        let outputs = attempt.outputs.iter().map(without_trace).collect();
        let errors = attempt.failures.iter().map(|failure| failure.error.clone()).collect();
        let executed = Executed { warnings, ..written(&prepared, outputs) };
        Ok((Origins::of(attempt, chart, user, (prepared, &values), request, host), executed, errors))
    }

    fn of(
        attempt: Attempt<Trace>,
        chart: &Chart,
        user: &User,
        (prepared, values): (Chart, &Map),
        request: &Request,
        host: &mut dyn Host,
    ) -> Origins {
        let layers = Layers::new(chart, user, request.helm);
        let Attempt { outputs, failures } = attempt;
        let outputs = outputs.into_iter().map(|output| (output.name.clone(), output)).collect();
        let missing = missing(&failures, &prepared, values, request, host);
        let failures = failures.into_iter().map(|failure| (failure.name.clone(), failure)).collect();
        let mut charts = Vec::new();
        collect(&prepared, &mut charts);
        let parsed = request.engine.parsed.clone();
        Origins {
            chart: prepared,
            charts,
            layers,
            outputs,
            failures,
            missing,
            parsed,
            lines: RefCell::default(),
        }
    }

    /// Why a field of an object is as it is. The spans of the object count from `start` in what the template wrote. Of a
    /// field that is not there, where the nearest one around it came from, and the value that would set it, if that is
    /// known.
    pub fn field(&self, template: &str, start: usize, object: &Node, path: &FieldPath) -> Cause {
        let found = path.find(object);
        let whole = span_of(&found);
        let mut cause = self.range(template, shifted(&whole, start));
        if !found.exact {
            cause.origin.values = self.missing(template, start, &found, path);
            cause.origin.conditions.clear();
            return cause;
        }
        if !is_container(found.node) {
            let own = value_span(&found, &whole, |at| self.byte(template, start + at));
            let precise = self.range(template, shifted(&own, start));
            // What a key says for its value: `{{ $key }}: true`.
            let of_line = std::mem::replace(&mut cause, precise).origin.values;
            if cause.origin.values.is_empty() {
                cause.origin.values = of_line;
            }
        }
        cause
    }

    /// Where a range of bytes of what a template wrote came from: its beginning, with the values read for all of it.
    pub fn range(&self, template: &str, range: Range<usize>) -> Cause {
        let Some(output) = self.outputs.get(template) else {
            return self.in_plain_file(template, range.start);
        };
        let trace::Origin { source, includes, keys, mut conditions } = output.trace.range(range);
        // A `with` around what it prints says nothing new.
        conditions.retain(|condition| !keys.iter().any(|key| key.steps().starts_with(condition.steps())));
        let include = |site: IncludeSite| IncludeSite { file: self.chart.on_disk(&site.file), ..site };
        Cause {
            excerpt: source.as_ref().and_then(|source| self.line(&source.file, source.line?)),
            source: source.map(|source| FileLine { file: self.chart.on_disk(&source.file), ..source }),
            origin: Origin {
                includes: includes.into_iter().map(include).collect(),
                values: keys.iter().map(|key| self.value(template, key)).collect(),
                conditions: conditions.iter().map(|key| self.value(template, key)).collect(),
            },
        }
    }

    /// Who wrote each part of a range of bytes of what a template wrote. Files are named as Helm names them.
    pub fn parts(&self, template: &str, range: Range<usize>) -> Vec<trace::Part> {
        self.outputs.get(template).map_or_else(Vec::new, |output| output.trace.parts(range))
    }

    /// Which layer set a value that a template reads, and what it hides.
    pub fn value(&self, template: &str, key: &FieldPath) -> ValueOrigin {
        self.layers.told(self.chart_of(template), key)
    }

    /// Every value of the chart and of its dependencies, down to what is no table, as a user of the top chart sets it.
    pub fn leaves(&self) -> Vec<ValueOrigin> {
        let mut found = Vec::new();
        let top = self.charts.first().map_or("", String::as_str);
        if let Some(values) = self.layers.value(top, &[]) {
            self.leaves_of(&format!("{top}/"), &FieldPath::root(), &values, &mut found);
        }
        found
    }

    fn leaves_of(&self, template: &str, path: &FieldPath, value: &Value, found: &mut Vec<ValueOrigin>) {
        match value {
            Value::Map(map) if !map.is_empty() => {
                for (key, value) in map.entries() {
                    self.leaves_of(template, &path.key(key.to_str()), &value, found);
                }
            }
            _ if path.is_root() => {}
            _ => found.push(self.value(template, path)),
        }
    }

    /// The value that a failing action named, as `.Values.a.b`.
    pub fn named_value(&self, template: &str, node: &str) -> Option<ValueOrigin> {
        let path = node.strip_prefix(".Values.").or_else(|| node.strip_prefix("$.Values."))?;
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let names: Vec<&str> = path.split('.').collect();
        let key = || FieldPath::root().keys(&names);
        names.iter().all(|name| is_word(name)).then(|| self.value(template, &key()))
    }

    /// The values that a failing template is about, and those that decided that it came to the place.
    pub fn blamed(&self, template: &str) -> Option<(Vec<ValueOrigin>, Vec<ValueOrigin>)> {
        let (keys, conditions) = self.failures.get(template)?.trace.blamed();
        let values = |keys: Vec<FieldPath>| keys.iter().map(|key| self.value(template, key)).collect();
        Some((values(keys), values(conditions)))
    }

    /// What templates require and nobody sets, beyond what made them fail first: where it is asked for, in whose words, and
    /// the values.
    pub fn missing_values(&self) -> impl Iterator<Item = (String, Cause, Vec<ValueOrigin>)> {
        self.missing.iter().map(|(template, missing)| {
            let include =
                |site: &IncludeSite| IncludeSite { file: self.chart.on_disk(&site.file), ..site.clone() };
            let values: Vec<ValueOrigin> = missing.keys.iter().map(|key| self.value(template, key)).collect();
            let source = &missing.source;
            let cause = Cause {
                excerpt: source.line.and_then(|line| self.line(&source.file, line)),
                source: Some(FileLine { file: self.chart.on_disk(&source.file), ..source.clone() }),
                origin: Origin {
                    includes: missing.includes.iter().map(include).collect(),
                    values: values.clone(),
                    conditions: Vec::new(),
                },
            };
            (missing.message.clone(), cause, values)
        })
    }

    /// The keys that stand beside a value that nobody sets, as a user of the top chart sets them.
    pub fn beside(&self, template: &str, key: &FieldPath) -> Vec<FieldPath> {
        let chart = self.chart_of(template);
        let steps = key.steps();
        let table = (0..steps.len()).rev().find_map(|len| match self.layers.value(chart, &steps[..len])? {
            Value::Map(map) => Some((len, map)),
            _ => None,
        });
        let Some((len, map)) = table else { return Vec::new() };
        let above = FieldPath::new(steps[..len].to_vec());
        let names = map.entries().into_iter().map(|(name, _)| above.key(name.to_string()));
        names.filter_map(|path| self.layers.path(chart, path.steps())).collect()
    }

    /// Where the templates called functions, of these places: the file on disk and the offset in it.
    pub fn called(&self, places: &FxHashSet<(&str, usize)>) -> FxHashMap<(String, usize), Called> {
        let offsets: FxHashSet<usize> = places.iter().map(|(_, offset)| *offset).collect();
        let is_near = |_: &Str, offset: usize| offsets.contains(&offset);
        let mut called: FxHashMap<_, Called> = FxHashMap::default();
        for (name, output) in &self.outputs {
            for (file, offset, includes) in output.trace.called(is_near) {
                let place = (self.chart.on_disk(&file.to_str()), offset);
                if places.contains(&(place.0.as_str(), offset)) {
                    let include =
                        |site: IncludeSite| IncludeSite { file: self.chart.on_disk(&site.file), ..site };
                    let first = || Called {
                        includes: includes.into_iter().map(include).collect(),
                        templates: Vec::new(),
                    };
                    called.entry(place).or_insert_with(first).templates.push(name.clone());
                }
            }
        }
        called
    }

    /// The names that templates of the release define.
    pub fn defined(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        collect_defined(&self.chart, &mut names);
        names
    }

    /// The layers of values.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// Values in whose place `default` put another, since they are `false` or 0, with the place in the template.
    pub fn overruled(&self) -> Vec<(ValueOrigin, Option<FileLine>)> {
        self.each(Trace::overruled)
    }

    /// Texts that say `false`, decided as true and are printed nowhere.
    pub fn texts_as_conditions(&self) -> Vec<(ValueOrigin, Option<FileLine>)> {
        self.each(|trace| trace.texts_as_conditions().into_iter().map(|key| (key, None)).collect())
    }

    /// Values that are printed and that no layer sets, not even to null.
    pub fn unset(&self) -> Vec<(ValueOrigin, Option<FileLine>)> {
        self.each_of(Trace::printed_nothing, |value| value.layer.is_none())
    }

    /// What a release's traces say of values: each value once, in the order of its path.
    fn each(
        &self,
        of: impl Fn(&Trace) -> Vec<(FieldPath, Option<FileLine>)>,
    ) -> Vec<(ValueOrigin, Option<FileLine>)> {
        self.each_of(of, |value| value.layer.is_some())
    }

    fn each_of(
        &self,
        of: impl Fn(&Trace) -> Vec<(FieldPath, Option<FileLine>)>,
        is_meant: impl Fn(&ValueOrigin) -> bool,
    ) -> Vec<(ValueOrigin, Option<FileLine>)> {
        let mut names: Vec<&String> = self.outputs.keys().collect();
        names.sort_unstable();
        let (mut found, mut known) = (Vec::new(), FxHashSet::default());
        for name in names {
            for (key, place) in of(&self.outputs[name].trace) {
                let value = self.value(name, &key);
                let place = place.map(|place| FileLine { file: self.chart.on_disk(&place.file), ..place });
                if is_meant(&value) && known.insert(value.path.clone()) {
                    found.push((value, place));
                }
            }
        }
        found.sort_by(|one: &(ValueOrigin, _), other| one.0.path.cmp(&other.0.path));
        found
    }

    /// What stands in the line that sets a value.
    pub fn line_of(&self, value: &ValueOrigin) -> Option<String> {
        let layer = value.layer.as_ref()?;
        let (_, text) = self.layers.files().find(|(own, _)| *own == layer)?;
        Some(text.line(value.line?).to_owned())
    }

    /// The path on disk of a file by the name that Helm gives it.
    pub fn on_disk(&self, template: &str) -> String {
        self.chart.on_disk(template)
    }

    /// Where the lines of a file end: many findings ask for lines of one file.
    fn line_ends(&self, name: &str, content: &[u8]) -> Rc<[u32]> {
        let ends = || memchr::memchr_iter(b'\n', content).map(|end| end as u32).collect();
        Rc::clone(self.lines.borrow_mut().entry(name.to_owned()).or_insert_with(ends))
    }

    /// A line, from 1, of a file by the name that Helm gives it; none where there is no such line.
    pub fn line(&self, template: &str, number: usize) -> Option<String> {
        let content = self.chart.content(template)?;
        let ends = self.line_ends(template, content);
        let at = number.checked_sub(1)?;
        let start = if at == 0 { 0 } else { *ends.get(at - 1)? as usize + 1 };
        let end = ends.get(at).map_or(content.len(), |end| *end as usize);
        Some(String::from_utf8_lossy(content.get(start..end)?).trim_end().to_owned())
    }

    /// The value that would set a missing field: where the fields around it were printed from a table of values, it stands
    /// beside theirs.
    fn missing(&self, template: &str, start: usize, found: &Found<'_>, path: &FieldPath) -> Vec<ValueOrigin> {
        let Some(output) = self.outputs.get(template) else { return Vec::new() };
        let keys_at = |offset: usize| {
            let at = start + offset;
            output.trace.range(at..at + 1).keys
        };
        let from_sibling = found.node.entries().iter().find_map(|entry| {
            let keys = keys_at(entry.key_span.start as usize);
            let beside = |key: FieldPath| match key.steps().split_last() {
                Some((step, table)) if *step == Step::Key(entry.key.clone()) => {
                    Some(FieldPath::new(table.to_vec()))
                }
                _ => None,
            };
            keys.into_iter().find_map(beside)
        });
        if let Some(list) = self.missing_item(template, start, found, path) {
            return vec![list];
        }
        let empty = || {
            let is_empty = is_container(found.node) && found.node.entries().is_empty();
            let mut keys = keys_at(found.node.span.start as usize);
            (is_empty && keys.len() == 1).then(|| keys.remove(0))
        };
        let Some(table) = from_sibling.or_else(empty).filter(|table| !table.is_root()) else {
            return Vec::new();
        };
        let key = table.join(&FieldPath::new(path.steps()[found.depth..].to_vec()));
        vec![self.value(template, &key)]
    }

    /// The list of values out of which a list was printed that lacks an item, with the lists that it replaces.
    fn missing_item(
        &self,
        template: &str,
        start: usize,
        found: &Found<'_>,
        path: &FieldPath,
    ) -> Option<ValueOrigin> {
        let first = found.node.items().first()?;
        let at = start + first.span.start as usize;
        let keys = self.outputs.get(template)?.trace.range(at..at + 1).keys;
        let list = keys.iter().find_map(|key| {
            let last = key.steps().iter().rposition(|step| matches!(step, Step::Index(_)))?;
            Some(FieldPath::new(key.steps()[..last].to_vec()))
        })?;
        let chart = self.chart_of(template);
        let mut value = self.value(template, &list);
        let wanted = path.steps().get(found.depth)?;
        for list in self.layers.origin(chart, list.steps())?.hidden_lists {
            value.replaced.push(ReplacedList {
                path: value.path.clone(),
                layer: list.setting.layer.clone(),
                line: list.setting.line,
                item: list.line_of(wanted),
            });
        }
        Some(value)
    }

    /// A place in a file of `crds/`, which is no template.
    fn in_plain_file(&self, name: &str, offset: usize) -> Cause {
        let crd = self.chart.crds().into_iter().find(|crd| crd.filename == name);
        let line = |crd: crate::chart::Crd<'_>| {
            self.line_ends(name, &crd.file.data).partition_point(|end| (*end as usize) < offset) + 1
        };
        let number = crd.map(line);
        Cause {
            source: number.map(|line| FileLine {
                file: self.chart.on_disk(name),
                line: Some(line),
                column: None,
            }),
            excerpt: number.and_then(|line| self.line(name, line)),
            origin: Origin::default(),
        }
    }

    /// The full path of the chart that a template belongs to.
    pub(super) fn chart_of(&self, template: &str) -> &str {
        let holds =
            |chart: &&String| template.strip_prefix(chart.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.charts.iter().filter(holds).max_by_key(|chart| chart.len()).map_or("", String::as_str)
    }

    fn byte(&self, template: &str, offset: usize) -> Option<u8> {
        self.outputs.get(template)?.text.as_bytes().get(offset).copied()
    }
}

fn collect(chart: &Chart, found: &mut Vec<String>) {
    found.push(chart.full_path.clone());
    chart.dependencies.iter().for_each(|dependency| collect(dependency, found));
}

fn is_container(node: &Node) -> bool {
    matches!(node.data, Data::Map(_) | Data::Seq(_))
}

/// From the key of a node, if it has one, to its end. What an anchor brought from elsewhere is only its key.
fn span_of(found: &Found<'_>) -> Range<usize> {
    let node = found.node.span.range();
    let start = found.key.map_or(node.start, |key| key.start as usize);
    if node.start < start {
        let end = found.key.map_or(start, |key| key.end as usize);
        return start..end;
    }
    start..node.end.max(start)
}

/// The value of a scalar without a quote before it; the key where nothing is written.
fn value_span(found: &Found<'_>, whole: &Range<usize>, byte: impl Fn(usize) -> Option<u8>) -> Range<usize> {
    let value = found.node.span.range();
    if value.is_empty() || value.start < whole.start {
        return whole.clone();
    }
    let is_quoted = value.len() > 2 && matches!(byte(value.start), Some(b'"' | b'\''));
    value.start + usize::from(is_quoted)..value.end
}

fn shifted(range: &Range<usize>, start: usize) -> Range<usize> {
    start + range.start..start + range.end
}

fn collect_defined(chart: &Chart, names: &mut BTreeSet<String>) {
    for file in &chart.templates {
        let text = file.text();
        for (at, word) in text.match_indices("define ") {
            let name = text[at + word.len()..].trim_start().strip_prefix(['"', '`']);
            names.extend(name.and_then(|name| name.split(['"', '`']).next()).map(str::to_owned));
        }
    }
    chart.dependencies.iter().for_each(|below| collect_defined(below, names));
}
