//! [`Reporter`]: what a rule reports through. A rule says the field and the sentence; object, position, rendered line and
//! excerpt are filled in here.

use serde_json::Value as Json;

use crate::budget;
use crate::diagnostic::{
    Applicability, Diagnostic, Edit, FileLine, Fix, Layer, Location, RenderedPosition, Severity, Target,
    ValueOrigin,
};
use crate::path::FieldPath;
use crate::source::{SourceFile, Span};
use crate::template::odd::Spot;
use crate::yaml::{Data, Node};

use super::level::Mode;
use super::profile::Profile;
use super::subject::{ChartSubject, Object, Subject, TemplateCall};
use super::values::{RepeatedKey, Values};
use super::yaml_file::YamlFile;

/// Where the driver stands while a rule looks.
#[derive(Clone, Copy)]
pub(super) enum Site<'a> {
    /// At the chart's `Chart.yaml`.
    Chart(&'a YamlFile),
    /// At the values of a chart.
    Values(&'a Values),
    /// At an object.
    Object(&'a Object<'a>),
    /// At the release as a whole.
    Release,
}

/// Collects the findings of a rule.
pub struct Reporter<'a> {
    /// A finding of the rule as far as it does not depend on what is found.
    pub(super) prepared: Diagnostic,
    /// What [`Finding::lowered`] lowers to; nothing where somebody set how severe the rule is.
    pub(super) lowered_to: Option<Severity>,
    pub(super) profile: &'a Profile,
    pub(super) mode: Mode,
    pub(super) subject: &'a Subject,
    pub(super) site: Site<'a>,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Reporter<'a> {
    /// The profile: parameters such as the allowed kinds are there.
    pub fn profile(&self) -> &'a Profile {
        self.profile
    }

    /// The mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Everything that is judged, for the few rules that look beyond their part.
    pub fn subject(&self) -> &'a Subject {
        self.subject
    }

    /// Reports a field of the part that the rule looks at. It need not exist: then the place is the nearest ancestor.
    pub fn report(&mut self, path: FieldPath, message: impl Into<String>) -> Finding<'_> {
        match self.site {
            Site::Chart(file) => self.push(in_file(file, &path), message),
            Site::Values(values) => self.report_value(values, &path, message),
            Site::Object(object) => self.report_on(object, path, message),
            Site::Release => {
                self.push((Location { field: named(&path), ..Location::default() }, None), message)
            }
        }
    }

    /// Reports a key that stands twice, where it stands again.
    pub fn report_repeated(&mut self, key: &RepeatedKey, message: impl Into<String>) {
        let values = self.subject.values.as_ref();
        let origin = values.and_then(|values| Some(values.origin(values.charts().first()?, &key.path)));
        let finding = self.push((key.location(), None), message);
        finding.diagnostic.origin.values.extend(origin);
    }

    /// A plain scalar of the values as it is written, where a file sets it.
    pub fn written(&self, path: &FieldPath) -> Option<String> {
        let Site::Values(values) = self.site else { return None };
        self.subject.values.as_ref()?.written(values, path)
    }

    /// Reports a value, at the layer that sets it, or at the nearest table where none does.
    fn report_value(&mut self, values: &Values, path: &FieldPath, message: impl Into<String>) -> Finding<'_> {
        let Some(subject) = self.subject.values.as_ref() else {
            return self.push((Location::default(), None), message);
        };
        let origin = subject.origin(values, path);
        let scalar = Some(&origin.value)
            .filter(|value| origin.layer.is_some() && !value.is_array() && !value.is_object());
        let place = (subject.location(&origin), scalar.cloned());
        let finding = self.push(place, message);
        finding.diagnostic.origin.values = vec![origin];
        finding
    }

    /// Reports a field of another object.
    pub fn report_on(
        &mut self,
        object: &Object<'_>,
        path: FieldPath,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.push(in_object(self.subject, object, &path), message)
    }

    /// Reports a place in a file of the chart.
    pub fn report_in(&mut self, file: &SourceFile, offset: usize, message: impl Into<String>) -> Finding<'_> {
        let location = Location { source: Some(file_line(file, offset)), ..Location::default() };
        let line = file.line(file.line_of(offset));
        self.push((Location { source_excerpt: Some(line.to_owned()), ..location }, None), message)
    }

    /// Reports a call in a template.
    pub fn report_call(&mut self, chart: &ChartSubject, call: &TemplateCall, message: impl Into<String>) {
        if let Some(file) = chart.templates.get(call.file) {
            let finding = self.report_in(file, call.call.offset, message);
            finding.diagnostic.origin.includes.clone_from(&call.includes);
        }
    }

    /// Reports a key of values where its layer sets it.
    pub fn report_set(
        &mut self,
        value: &ValueOrigin,
        excerpt: Option<&str>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        let file = value.layer.as_ref().and_then(Layer::file);
        let source =
            file.map(|file| FileLine { file: file.to_owned(), line: value.line, column: value.column });
        let location = Location {
            field: named(&value.path),
            source,
            source_excerpt: excerpt.map(str::to_owned),
            is_given: !matches!(value.layer, Some(Layer::Chart(_))),
            ..Location::default()
        };
        let finding = self.push((location, None), message);
        finding.diagnostic.origin.values = vec![value.clone()];
        finding
    }

    /// Reports a place in a template.
    pub fn report_spot(&mut self, spot: &Spot, message: impl Into<String>) -> Finding<'_> {
        let location = Location {
            source: Some(spot.place.clone()),
            source_excerpt: spot.excerpt.clone(),
            ..Location::default()
        };
        let finding = self.push((location, None), message);
        finding.diagnostic.origin.includes.clone_from(&spot.includes);
        finding.at(spot.beside.clone())
    }

    /// Reports a field of a YAML file of the chart.
    pub fn report_field(
        &mut self,
        file: &YamlFile,
        path: FieldPath,
        message: impl Into<String>,
    ) -> Finding<'_> {
        let (mut location, value) = in_file(file, &path);
        // What the user named lies where he says, not below the chart.
        let request = self.subject.request.as_ref();
        location.is_given = request.is_some_and(|request| request.body.file.name() == file.file.name());
        self.push((location, value), message)
    }

    /// Reports a place in the rendered text that is no field of an object.
    pub fn report_text(&mut self, offset: usize, message: impl Into<String>) -> Finding<'_> {
        let target = Target { document: self.document_at(offset), path: FieldPath::root() };
        let location = Location { target: Some(target), ..at_text(&self.subject.text, offset) };
        self.push((location, None), message)
    }

    /// The document that holds the offset, counted from 0.
    fn document_at(&self, offset: usize) -> usize {
        self.subject.documents.partition_point(|document| document.start <= offset).saturating_sub(1)
    }

    fn push(&mut self, place: (Location, Option<Json>), message: impl Into<String>) -> Finding<'_> {
        let at = self.found.len();
        // Whoever asks next hears of it.
        let _ = budget::make(FINDING);
        let (location, value) = place;
        self.found.push(Diagnostic { message: message.into(), location, value, ..self.prepared.clone() });
        Finding { diagnostic: &mut self.found[at], lowered_to: self.lowered_to }
    }
}

/// What a finding takes, with all that is told of it.
const FINDING: usize = 4 << 10;

/// A finding that was just reported: say what is known beyond the sentence.
pub struct Finding<'a> {
    diagnostic: &'a mut Diagnostic,
    /// What [`Finding::lowered`] lowers it to.
    lowered_to: Option<Severity>,
}

impl Finding<'_> {
    /// Keys of values that were likely meant.
    pub fn suggestions(self, paths: &[FieldPath]) -> Self {
        self.diagnostic.suggestions = paths.to_vec();
        self
    }

    /// The line of a template that matters.
    pub fn at(self, place: Option<FileLine>) -> Self {
        let location = place.map(|place| Location { source: Some(place), ..Location::default() });
        self.diagnostic.related.extend(location);
        self
    }

    /// The value that it is about.
    pub fn about(self, value: &ValueOrigin) -> Self {
        self.diagnostic.origin.values = vec![value.clone()];
        self
    }

    /// Says nothing of what stands there.
    pub fn unshown(self) -> Self {
        self.diagnostic.value = None;
        self.diagnostic.location.excerpt = None;
        self
    }

    /// What to do, in the imperative; without it, the first sentence of the rule's `## Fix`.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// A mend that leaves the meaning as it is on the platform.
    pub fn fix(self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.mend(Applicability::Safe, edits)
    }

    /// A mend after which the program may behave differently.
    pub fn unsafe_fix(self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.mend(Applicability::Unsafe, edits)
    }

    /// Says that the field is wrong because it is there: what it says was set by values that do not matter.
    pub fn for_its_presence(self) -> Self {
        self.diagnostic.location.is_presence = true;
        self
    }

    /// Lowers the severity to what the rule declares as `lowered_to`, unless somebody set the rule's: for a finding that is
    /// less certain than the rest.
    pub fn lowered(self) -> Self {
        if let Some(severity) = self.lowered_to {
            self.diagnostic.severity = self.diagnostic.severity.min(severity);
        }
        self
    }

    /// Another object that matters.
    pub fn related(self, object: &Object<'_>, path: &FieldPath) -> Self {
        let source = FileLine { file: object.document.source.clone(), line: None, column: None };
        self.diagnostic.related.push(Location {
            object: Some(object.id.clone()),
            target: Some(Target { document: object.number, path: object.path.clone() }),
            field: named(path),
            source: Some(source).filter(|source| !source.file.is_empty()),
            ..Location::default()
        });
        self
    }

    fn mend(self, applicability: Applicability, edits: impl IntoIterator<Item = Edit>) -> Self {
        if self.diagnostic.location.target.is_some() {
            self.diagnostic.fix = Some(Fix { applicability, edits: edits.into_iter().collect() });
        } else if let [value] = self.diagnostic.origin.values.as_slice() {
            // A user sets a value where the top chart has it. Other files of a chart have no fixes.
            let moved = |edit| match edit {
                Edit::Set { path, value: new } if path == value.key => {
                    Edit::Set { path: value.path.clone(), value: new }
                }
                edit => edit,
            };
            self.diagnostic.fix = Some(Fix { applicability, edits: edits.into_iter().map(moved).collect() });
        }
        self
    }
}

/// The edit that sets a field.
pub fn set(path: &FieldPath, value: impl Into<Json>) -> Edit {
    Edit::Set { path: path.clone(), value: value.into() }
}

/// The edit that removes a field.
pub fn remove(path: &FieldPath) -> Edit {
    Edit::Remove { path: path.clone() }
}

fn named(path: &FieldPath) -> Option<FieldPath> {
    (!path.is_root()).then(|| path.clone())
}

fn file_line(file: &SourceFile, offset: usize) -> FileLine {
    let position = file.position(offset);
    FileLine { file: file.name().to_owned(), line: Some(position.line), column: Some(position.column) }
}

/// Where to point for a path: at the key of the field, or at the value where no key leads to it.
fn pointed(root: &Node, path: &FieldPath) -> (Span, Option<Json>) {
    let found = path.find(root);
    let value = if found.exact { scalar(found.node) } else { None };
    (found.key.unwrap_or(found.node.span), value)
}

fn in_file(yaml: &YamlFile, path: &FieldPath) -> (Location, Option<Json>) {
    let (span, value) = pointed(&yaml.node, path);
    let source = file_line(&yaml.file, span.start as usize);
    let line = yaml.file.line(yaml.file.line_of(span.start as usize));
    let location = Location {
        field: named(path),
        source: Some(source),
        source_excerpt: Some(line.to_owned()),
        ..Location::default()
    };
    (location, value)
}

fn in_object(subject: &Subject, object: &Object<'_>, path: &FieldPath) -> (Location, Option<Json>) {
    let (span, value) = pointed(object.node, path);
    let offset = object.document.start + span.start as usize;
    let source = (!object.document.source.is_empty()).then(|| FileLine {
        file: object.document.source.clone(),
        line: None,
        column: None,
    });
    let location = Location {
        object: Some(object.id.clone()),
        target: Some(Target { document: object.number, path: object.path.clone() }),
        field: named(path),
        source,
        ..at_text(&subject.text, offset)
    };
    (location, value)
}

fn at_text(text: &SourceFile, offset: usize) -> Location {
    let position = text.position(offset);
    Location {
        rendered: Some(RenderedPosition { line: position.line, column: position.column }),
        excerpt: Some(text.line(position.line).to_owned()),
        ..Location::default()
    }
}

/// The value as JSON, if it is a plain one.
fn scalar(node: &Node) -> Option<Json> {
    Some(match &node.data {
        Data::Null => Json::Null,
        Data::Bool(b) => Json::from(*b),
        Data::Int(n) => Json::from(*n),
        Data::Uint(n) => Json::from(*n),
        Data::Float(x) => Json::from(*x),
        Data::String(text) => Json::from(text.as_str()),
        Data::Seq(_) | Data::Map(_) => return None,
    })
}
