//! Where a field of a rendered object came from. Finding that out is the work of [`crate::render::Origins`]; here the object
//! and the field are found.

use std::fmt;

use crate::chart::Chart;
use crate::diagnostic::{FileLine, Layer, ObjectId, Origin, ReplacedList, ValueOrigin};
use crate::manifest::{HelmVersion, Sorted, split, workload};
use crate::path::FieldPath;
use crate::render::{self, Executed};
use crate::suggest::closest;
use crate::yaml::{self, Found, Node};

use super::inputs::Inputs;

/// Why a field of an object, or the object, is as it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The object.
    pub object: ObjectId,
    /// The field; none for the object as a whole.
    pub field: Option<FieldPath>,
    /// The value of the field; null for the object as a whole.
    pub value: serde_json::Value,
    /// The template line that wrote it.
    pub location: Option<FileLine>,
    /// What stands there.
    pub excerpt: Option<String>,
    /// The calls and values that led there.
    pub origin: Origin,
}

/// Why there is no explanation.
#[derive(Debug)]
pub enum Error {
    /// The chart does not render.
    Render(render::Error),
    /// A file of `crds/` is no YAML.
    Crd(yaml::Error),
    /// The chart rendered once, and not a second time with somebody listening.
    NotRepeatable,
    /// There is no such object.
    NoObject {
        /// As it was asked for.
        wanted: String,
        /// All that there are.
        objects: Vec<ObjectId>,
    },
    /// The object has no such field.
    NoField(Box<NoField>),
}

/// A field that an object does not have.
#[derive(Clone, Debug)]
pub struct NoField {
    /// The object.
    pub object: ObjectId,
    /// The field.
    pub wanted: FieldPath,
    /// How far the path leads.
    pub reached: FieldPath,
    /// What kind of value stands there.
    pub kind: &'static str,
    /// What there is below it.
    pub below: Vec<FieldPath>,
    /// The value that would set it, or the list that lacks it, if that is known.
    pub value: Option<ValueOrigin>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Render(error) => error.fmt(f),
            Error::Crd(error) => error.fmt(f),
            Error::NotRepeatable => f.write_str("the chart does not render twice"),
            Error::NoObject { wanted, objects } if objects.is_empty() => {
                write!(f, "there is no object {wanted}: the chart renders to none")
            }
            Error::NoObject { wanted, objects } => {
                let names: Vec<String> = objects.iter().map(ToString::to_string).collect();
                let hint = did_you_mean(wanted, &names);
                let names = names.join("\n  ");
                write!(f, "there is no object {wanted}\nhint: {hint}the objects are\n  {names}")
            }
            Error::NoField(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for NoField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoField { object, wanted, reached, kind, below, value } = self;
        write!(f, "{object} has no field {wanted}")?;
        if let Some(value) = value {
            write_hint(value, f)?;
        }
        let names: Vec<String> = below.iter().map(ToString::to_string).collect();
        let hint = did_you_mean(&wanted.to_string(), &names);
        match names.as_slice() {
            [] if reached.is_root() => write!(f, "\nhint: {object} is {kind}"),
            [] => write!(f, "\nhint: {object} {reached} is {kind}"),
            _ => write!(f, "\nhint: {hint}there is\n  {}", names.join("\n  ")),
        }
    }
}

/// What to do for the field to be there.
fn write_hint(value: &ValueOrigin, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let path = value.path.to_set_expression();
    let Some(layer) = value.layer.as_ref().filter(|_| value.value.is_array()) else {
        return write!(f, "\nhint: the value {path} would set it");
    };
    let place = |layer: &Layer, line: Option<usize>| {
        line.map_or_else(|| layer.to_string(), |line| format!("{layer}:{line}"))
    };
    write!(f, "\nhint: the list {path} is set in {}", place(layer, value.line))?;
    for ReplacedList { layer, line, item, .. } in &value.replaced {
        write!(f, ", in place of the whole list in {}", place(layer, *line))?;
        if item.is_some() {
            write!(f, ", which has it ({})", place(layer, *item))?;
        }
    }
    f.write_str("; add the item there")
}

impl std::error::Error for Error {}

fn did_you_mean(wanted: &str, names: &[String]) -> String {
    let closest = closest(wanted, names.iter().map(String::as_str));
    closest.map_or(String::new(), |name| format!("did you mean {name}? "))
}

/// Says why a field of an object is as it is, or with the root as its path the object as a whole. The object is named
/// `KIND/NAME`, the kind in any case.
///
/// # Errors
/// The chart does not render, or has no such object or field.
pub fn why(chart: &Chart, inputs: &Inputs, object: &str, field: &FieldPath) -> Result<Explanation, Error> {
    let rendering = super::rendering(chart, inputs, &inputs.user, inputs.release.clone(), HelmVersion::Helm4);
    let executed = rendering.execute().map_err(|failed| Error::Render(failed.error))?;
    let sorted = executed
        .sort(HelmVersion::Helm4)
        .map_err(|error| Error::Render(render::Error::Yaml { error, outputs: executed.outputs.clone() }))?;
    let objects = objects(&executed, &sorted).map_err(Error::Crd)?;
    let object = find(&objects, object)?;
    let found = field.find(&object.node);
    let origins = rendering.origins().ok_or(Error::NotRepeatable)?;
    let cause = origins.field(&object.template, object.start, &object.node, field);
    if !found.exact {
        let value = cause.origin.values.into_iter().next();
        return Err(Error::NoField(Box::new(no_field(object, field, &found, value))));
    }
    Ok(Explanation {
        object: object.id.clone(),
        field: (!field.is_root()).then(|| field.clone()),
        value: if field.is_root() { serde_json::Value::Null } else { found.node.to_json() },
        excerpt: cause.excerpt,
        location: cause.source,
        origin: cause.origin,
    })
}

/// An object of the release.
pub(super) struct Object {
    pub(super) id: ObjectId,
    /// Its spans count from `start`.
    pub(super) node: Node,
    /// The template that wrote its document.
    pub(super) template: String,
    /// Where its document starts in what that template wrote.
    start: usize,
}

/// Every object that the release has, hooks and the files of `crds/` too.
pub(super) fn objects(executed: &Executed, sorted: &Sorted) -> Result<Vec<Object>, yaml::Error> {
    let mut found = Vec::new();
    let mut add = |node: &Node, template: &str, start: usize| {
        found.extend(workload::objects(node).into_iter().map(|object| Object {
            id: object.id,
            node: object.node.clone(),
            template: template.to_owned(),
            start,
        }));
    };
    let hooks = sorted.hooks.iter().map(|hook| &hook.manifest);
    for manifest in sorted.manifests.iter().chain(hooks) {
        add(&manifest.node, &manifest.source, manifest.start);
    }
    for crd in &executed.crds {
        let text = crd.text.to_str();
        for range in split::split(text.as_ref(), HelmVersion::Helm4) {
            add(&yaml::parse(&text[range.clone()])?, &crd.source, range.start);
        }
    }
    Ok(found)
}

/// The object that a word names.
fn find<'a>(objects: &'a [Object], word: &str) -> Result<&'a Object, Error> {
    objects.iter().find(|object| is_named(&object.id, word)).ok_or_else(|| Error::NoObject {
        wanted: word.to_owned(),
        objects: objects.iter().map(|object| object.id.clone()).collect(),
    })
}

/// Whether a word names an object.
pub(super) fn is_named(id: &ObjectId, word: &str) -> bool {
    word.split_once('/').is_some_and(|(kind, name)| id.kind.eq_ignore_ascii_case(kind) && id.name == name)
}

/// How far the path leads, and what there is.
fn no_field(object: &Object, path: &FieldPath, found: &Found<'_>, value: Option<ValueOrigin>) -> NoField {
    let reached = FieldPath::new(path.steps()[..found.depth].iter().cloned());
    let items = found.node.items();
    let below = match items {
        [] => found.node.entries().iter().map(|entry| reached.key(&entry.key)).collect(),
        _ => (0..items.len()).map(|index| reached.item(items, index)).collect(),
    };
    let kind = found.node.kind_name();
    NoField { object: object.id.clone(), wanted: path.clone(), reached, kind, below, value }
}
