//! Leads findings back to the lines of templates and values that caused them.

use super::unreadable;
use crate::diagnostic::{Diagnostic, IncludeSite};
use crate::path::FieldPath;
use crate::policy::Subject;
use crate::render::{Cause, Error, Origins};
use crate::suggest::closest;
use crate::template::error::ErrorKind;
use crate::template::{self, error::Frame, error::Place};
use crate::value::Str;

/// Gives each finding that has a place in the rendered text the template line that wrote it, the includes on the way and
/// the values that were read. Findings that know a line already keep it.
pub(super) fn explain(found: &mut [Diagnostic], subject: &Subject, origins: &Origins) {
    for diagnostic in found {
        let has_line = diagnostic.location.source.as_ref().is_some_and(|source| source.line.is_some());
        if has_line {
            continue;
        }
        if let Some(cause) = cause(diagnostic, subject, origins) {
            apply(diagnostic, cause);
        }
    }
}

pub(super) fn apply(diagnostic: &mut Diagnostic, cause: Cause) {
    if cause.source.is_some() {
        diagnostic.location.source = cause.source;
        diagnostic.location.source_excerpt = cause.excerpt;
    }
    diagnostic.origin = cause.origin;
}

fn cause(diagnostic: &Diagnostic, subject: &Subject, origins: &Origins) -> Option<Cause> {
    let target = diagnostic.location.target.as_ref()?;
    let document = subject.documents.get(target.document).filter(|document| !document.template.is_empty())?;
    let object = target.path.lookup(&document.node)?;
    let at = |start: u32| document.offset + start as usize;
    match &diagnostic.location.field {
        Some(field) if diagnostic.location.is_presence => {
            let found = field.find(object);
            let start = at(found.key.map_or(found.node.span.start, |key| key.start));
            Some(origins.range(&document.template, start..start + 1))
        }
        Some(field) => Some(origins.field(&document.template, document.offset, object, field)),
        None => {
            // Of an object as a whole, all that was read for it would say nothing.
            let start = at(object.span.start);
            let mut cause = origins.range(&document.template, start..start + 1);
            cause.origin.values.clear();
            Some(cause)
        }
    }
}

/// Leads a failure to render back to where it came from; what is told of it may be several faults.
pub(super) fn explain_failure<'a>(
    mut diagnostic: Diagnostic,
    error: &Error,
    origins: impl FnOnce() -> Option<&'a Origins>,
) -> Vec<Diagnostic> {
    match (error, origins()) {
        (Error::Template(error), Some(origins)) => {
            in_template(&mut diagnostic, error, origins);
            if *error.kind() == ErrorKind::Required {
                let others = missing(origins, &diagnostic);
                return std::iter::once(diagnostic).chain(others).collect();
            }
        }
        (Error::Yaml { error, .. }, Some(origins)) => return unreadable::explain(diagnostic, error, origins),
        _ => {}
    }
    vec![diagnostic]
}

/// A failing template: the way to the innermost place in a file, and the value that it names.
fn in_template(diagnostic: &mut Diagnostic, error: &template::Error, origins: &Origins) {
    let line = |place: &Place| origins.line(&place.file.to_str(), place.line);
    diagnostic.location.source_excerpt = error.place().and_then(line);
    let places = error.frames().filter_map(|frame| match frame {
        Frame::Exec { place, executing, node, .. } => Some((place, executing, node)),
        _ => None,
    });
    // The text of a `tpl` is no file: what happens in it happens where it is called.
    let places: Vec<_> = places.filter(|(place, ..)| place.file != template::trace::ROOT).collect();
    let (Some((outermost, ..)), Some((innermost, _, node))) = (places.first(), places.last()) else { return };
    if let Some(source) = &mut diagnostic.location.source {
        source.file = origins.on_disk(&innermost.file.to_str());
        source.line = Some(innermost.line);
        source.column = innermost.column.map(|column| column + 1);
        diagnostic.location.source_excerpt = line(innermost);
    }
    let steps = places.windows(2).filter(|pair| pair[0].1 != pair[1].1);
    let include = |pair: &[(&Place, &Str, &String)]| IncludeSite {
        template: pair[1].1.to_string(),
        file: origins.on_disk(&pair[0].0.file.to_str()),
        line: pair[0].0.line,
    };
    diagnostic.origin.includes = steps.map(include).collect();
    let template = outermost.file.to_str();
    let named = origins.named_value(&template, node);
    let (blamed, conditions) = origins.blamed(&template).unwrap_or_default();
    let is_named = named
        .as_ref()
        .is_some_and(|named| !blamed.iter().any(|value| named.key.steps().starts_with(value.key.steps())));
    diagnostic.origin.values = if is_named { named.into_iter().collect() } else { blamed };
    diagnostic.origin.conditions = conditions;
    suggest(diagnostic, &template, origins);
}

/// What stands beside a value that nobody sets and is much like it.
fn suggest(diagnostic: &mut Diagnostic, template: &str, origins: &Origins) {
    for value in diagnostic.origin.values.iter().filter(|value| value.layer.is_none()) {
        let beside: Vec<String> =
            origins.beside(template, &value.key).iter().map(FieldPath::to_set_expression).collect();
        let Some(meant) = closest(&value.path.to_set_expression(), beside.iter().map(String::as_str)) else {
            continue;
        };
        if let Ok(meant) = meant.parse::<FieldPath>() {
            diagnostic.suggestions.push(meant);
        }
    }
}

/// The other values that templates require which failed because of one.
pub(super) fn missing(origins: &Origins, first: &Diagnostic) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (message, cause, values) in origins.missing_values() {
        if cause.source == first.location.source {
            continue;
        }
        let mut diagnostic = Diagnostic { message: message.clone(), related: Vec::new(), ..first.clone() };
        apply(&mut diagnostic, cause);
        diagnostic.origin.values = values;
        diagnostic.suggestions.clear();
        found.push(diagnostic);
    }
    found
}
