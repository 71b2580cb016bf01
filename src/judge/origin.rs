//! Leads findings back to the lines of templates and values that caused them.

use crate::diagnostic::{Diagnostic, IncludeSite};
use crate::manifest::ParseError;
use crate::policy::Subject;
use crate::render::{Cause, Error, Origins};
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

fn apply(diagnostic: &mut Diagnostic, cause: Cause) {
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

/// Leads a failure to render back to where it came from.
pub(super) fn explain_failure<'a>(
    diagnostic: &mut Diagnostic,
    error: &Error,
    origins: impl FnOnce() -> Option<&'a Origins>,
) {
    match error {
        Error::Template(error) => {
            if let Some(origins) = origins() {
                in_template(diagnostic, error, origins);
            }
        }
        Error::Yaml { error, .. } => {
            if let Some(origins) = origins() {
                in_output(diagnostic, error, origins);
            }
        }
        _ => {}
    }
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
    diagnostic.origin.values = origins.named_value(&outermost.file.to_str(), node).into_iter().collect();
}

/// Output that is not YAML: who wrote the line.
fn in_output(diagnostic: &mut Diagnostic, error: &ParseError, origins: &Origins) {
    let Some(number) = error.line else { return };
    let before: usize =
        error.document.split_inclusive('\n').take(number.saturating_sub(1)).map(str::len).sum();
    let line = error.document[before..].lines().next().unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    let start = error.start + before;
    apply(diagnostic, origins.range(&error.source, start + indent..start + line.len().max(indent + 1)));
}
