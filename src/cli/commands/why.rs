//! `why`: where a field of an object came from: the template line, the includes on the way to it, the values and their
//! layers. Finding that out is the work of [`crate::render::Origins`]; here the object and the field are found.

use std::path::Path;

use clap::Args as ClapArgs;

use crate::chart::{self, Chart, File};
use crate::cli::args::globals::Globals;
use crate::cli::args::locate::chart_of;
use crate::cli::args::{AnswerFormat, CapabilitiesArgs, RepeatArgs, SourceArgs, Switch, ValuesArgs};
use crate::cli::context::{Context, Done, Failure};
use crate::cli::rendering::Rendering;
use crate::diagnostic::{FileLine, ObjectId};
use crate::manifest::{HelmVersion, split, workload};
use crate::path::FieldPath;
use crate::render::{Release, Rendered};
use crate::report::Explanation;
use crate::suggest::closest;
use crate::yaml::Found;
use crate::yaml::{self, Node};

/// Say where a field of a rendered object comes from
///
/// Shows the template line that wrote it, the includes on the way, and each value that was read with the layer that set it
/// and the layers that it hides. Without FIELD it says so of the whole object.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll why CHART KIND/NAME [FIELD] [flags]")]
pub(crate) struct Args {
    /// The chart: a folder, an archive, or any file inside a chart
    #[arg(value_name = "CHART")]
    chart: String,
    /// The object, such as Deployment/web
    #[arg(value_name = "KIND/NAME")]
    object: String,
    /// The field, such as `spec.template.spec.containers[main].image`
    #[arg(value_name = "FIELD")]
    field: Option<String>,
    /// Format of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: AnswerFormat,
    /// Name of the release
    #[arg(long, value_name = "NAME", default_value = "mini-service")]
    release: String,
    #[command(flatten)]
    values: ValuesArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    #[command(flatten)]
    repeat: RepeatArgs,
    #[command(flatten)]
    source: SourceArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Failure> {
        let path: FieldPath = self.field.as_deref().unwrap_or("").parse().map_err(Failure::error)?;
        let rendering = self.rendering(context.globals)?;
        let rendered = rendering.render().map_err(|failed| Failure::error(failed.error))?;
        let objects = objects(&rendered)?;
        let object = find(&objects, &self.object)?;
        let found = path.find(&object.node);
        let origins = rendering.origins().ok_or_else(|| Failure::error("the chart does not render twice"))?;
        let cause = origins.field(&object.template, object.start, &object.node, &path);
        if !found.exact {
            let key = cause.origin.values.first().map(|value| value.path.to_set_expression());
            return Err(no_field(object, &path, &found, key.as_deref()));
        }
        let explanation = Explanation {
            object: object.id.clone(),
            field: (!path.is_root()).then(|| path.clone()),
            value: if path.is_root() { serde_json::Value::Null } else { found.node.to_json() },
            excerpt: cause.source.as_ref().and_then(|source| excerpt(&rendering.chart, source)),
            location: cause.source,
            origin: cause.origin,
        };
        match self.format {
            AnswerFormat::Human => explanation.write_human(context.color(), context.out)?,
            AnswerFormat::Json => explanation.write_json(context.out)?,
        }
        Ok(Done::Clean)
    }

    fn rendering(&self, globals: &Globals) -> Result<Rendering, Failure> {
        let path = chart_of(Path::new(&self.chart));
        let located = self.source.locate(&path.display().to_string(), Switch(false), globals);
        let (located, _) = located.map_err(Failure::Error)?;
        let user = self.values.read().map_err(Failure::Error)?;
        let chart = chart::load(&located).map_err(Failure::error)?;
        let release = Release::new(&self.release, globals.namespace());
        let flags = (&self.capabilities, &self.repeat);
        Rendering::new(chart, user, release, HelmVersion::Helm4, flags).map_err(Failure::Error)
    }
}

/// An object of the release.
struct Object {
    id: ObjectId,
    /// Its spans count from `start`.
    node: Node,
    /// The template that wrote its document.
    template: String,
    /// Where its document starts in what that template wrote.
    start: usize,
}

/// Every object that the release has, hooks and the files of `crds/` too.
fn objects(rendered: &Rendered) -> Result<Vec<Object>, Failure> {
    let mut found = Vec::new();
    let mut add = |node: &Node, template: &str, start: usize| {
        found.extend(workload::objects(node).into_iter().map(|object| Object {
            id: object.id,
            node: object.node.clone(),
            template: template.to_owned(),
            start,
        }));
    };
    let hooks = rendered.hooks.iter().map(|hook| &hook.manifest);
    for manifest in rendered.manifests.iter().chain(hooks) {
        add(&manifest.node, &manifest.source, manifest.start);
    }
    for crd in &rendered.crds {
        let text = crd.text.to_str();
        for range in split::split(&text, HelmVersion::Helm4) {
            let node = yaml::parse(&text[range.clone()]).map_err(Failure::error)?;
            add(&node, &crd.source, range.start);
        }
    }
    Ok(found)
}

/// The object that a word names; the kind may be written in small letters.
fn find<'a>(objects: &'a [Object], word: &str) -> Result<&'a Object, Failure> {
    let is_named = |object: &&Object| {
        word.split_once('/')
            .is_some_and(|(kind, name)| object.id.kind.eq_ignore_ascii_case(kind) && object.id.name == name)
    };
    objects.iter().find(is_named).ok_or_else(|| {
        let names: Vec<String> = objects.iter().map(|object| object.id.to_string()).collect();
        if names.is_empty() {
            return Failure::Error(format!("there is no object {word}: the chart renders to none"));
        }
        let hint = match closest(word, names.iter().map(String::as_str)) {
            Some(name) => format!("did you mean {name}? "),
            None => String::new(),
        };
        Failure::Error(format!(
            "there is no object {word}\nhint: {hint}the objects are\n  {}",
            names.join("\n  ")
        ))
    })
}

/// A field that the object does not have: how far the path leads, and what there is.
fn no_field(object: &Object, path: &FieldPath, found: &Found<'_>, key: Option<&str>) -> Failure {
    let mut steps = FieldPath::root();
    for step in &path.steps()[..found.depth] {
        steps = steps.then(step.clone());
    }
    let place = if steps.is_root() { object.id.to_string() } else { format!("{} {steps}", object.id) };
    let items = found.node.items();
    let names: Vec<String> = match items {
        [] => found.node.entries().iter().map(|entry| steps.key(&entry.key).to_string()).collect(),
        _ => (0..items.len()).map(|index| steps.item(items, index).to_string()).collect(),
    };
    let there = match names.as_slice() {
        [] => format!("{place} is {}", found.node.kind_name()),
        _ => format!("there is\n  {}", names.join("\n  ")),
    };
    let wanted = path.to_string();
    let hint = match closest(&wanted, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean {name}? {there}"),
        None => there,
    };
    let key = key.map_or(String::new(), |key| format!("\nhint: the value {key} would set it"));
    Failure::Error(format!("{} has no field {wanted}{key}\nhint: {hint}", object.id))
}

/// The line of a template of the chart or of its dependencies.
fn excerpt(chart: &Chart, source: &FileLine) -> Option<String> {
    let file = file_on_disk(chart, &source.file)?;
    let text = file.text();
    text.lines().nth(source.line?.checked_sub(1)?).map(|line| line.trim_end().to_owned())
}

fn file_on_disk<'a>(chart: &'a Chart, path: &str) -> Option<&'a File> {
    let below = if chart.dir.is_empty() { Some(path) } else { path.strip_prefix(&chart.dir) };
    let own = below.map(|below| below.trim_start_matches('/'));
    let own = own.and_then(|name| chart.templates.iter().find(|file| file.name == name));
    own.or_else(|| chart.dependencies.iter().find_map(|dependency| file_on_disk(dependency, path)))
}
