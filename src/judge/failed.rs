//! Leads failures to render back to the templates and values that caused them: what the failing action worked on, and what
//! else is missing.

use crate::diagnostic::{Diagnostic, IncludeSite};
use crate::go::raw;
use crate::path::FieldPath;
use crate::render::{Error, Origins};
use crate::suggest::closest;
use crate::template;
use crate::template::error::{ErrorKind, Frame, Place};
use crate::value::Str;

use super::origin::apply;
use super::unreadable;

/// Leads a failure to render back to where it came from; what is told of it may be several faults.
pub(super) fn explain<'a>(
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
    let line = |place: &Place| origins.line(&raw::text(place.file.as_bytes()), place.line);
    diagnostic.location.source_excerpt = error.place().and_then(line);
    let places = error.frames().filter_map(|frame| match frame {
        Frame::Exec { place, executing, node, .. } => Some((place, executing, node)),
        _ => None,
    });
    // The text of a `tpl` is no file: what happens in it happens where it is called.
    let places: Vec<_> = places.filter(|(place, ..)| place.file != template::trace::ROOT).collect();
    let (Some((outermost, ..)), Some((innermost, _, node))) = (places.first(), places.last()) else { return };
    if let Some(source) = &mut diagnostic.location.source {
        source.file = origins.on_disk(&raw::text(innermost.file.as_bytes()));
        source.line = Some(innermost.line);
        source.column = innermost.column.map(|column| column + 1);
        diagnostic.location.source_excerpt = line(innermost);
    }
    let steps = places.windows(2).filter(|pair| pair[0].1 != pair[1].1);
    let include = |pair: &[(&Place, &Str, &String)]| IncludeSite {
        template: pair[1].1.to_string(),
        file: origins.on_disk(&raw::text(pair[0].0.file.as_bytes())),
        line: pair[0].0.line,
    };
    diagnostic.origin.includes = steps.map(include).collect();
    let template = raw::text(outermost.file.as_bytes());
    let named = origins.named_value(&template, node);
    let (blamed, conditions) = origins.blamed(&template).unwrap_or_default();
    let is_named = named
        .as_ref()
        .is_some_and(|named| !blamed.iter().any(|value| named.key.steps().starts_with(value.key.steps())));
    diagnostic.origin.values = if is_named { named.into_iter().collect() } else { blamed };
    diagnostic.origin.conditions = conditions;
    suggest(diagnostic, &template, origins);
    if let ErrorKind::UndefinedTemplate(name) = error.kind()
        && let Some(meant) = closest(name, origins.defined().iter().map(String::as_str))
    {
        let help = diagnostic.help.take().unwrap_or_default();
        diagnostic.help = Some(format!("did you mean `{meant}`? Otherwise {help}"));
    }
}

/// What stands beside a value that nobody sets and is much like it.
fn suggest(diagnostic: &mut Diagnostic, template: &str, origins: &Origins) {
    for value in diagnostic.origin.values.iter().filter(|value| value.layer.is_none()) {
        let beside = origins.beside(template, &value.key);
        let words: Vec<String> = beside.iter().map(FieldPath::to_set_expression).collect();
        let meant = closest(&value.path.to_set_expression(), words.iter().map(String::as_str));
        let at = meant.and_then(|meant| words.iter().position(|word| word == meant));
        diagnostic.suggestions.extend(at.map(|at| beside[at].clone()));
    }
    if let Some(meant) = diagnostic.suggestions.first() {
        let help = diagnostic.help.take().unwrap_or_default();
        diagnostic.help = Some(format!("did you mean `{}`? Otherwise {help}", meant.to_set_expression()));
    }
}

/// The other values that templates require which failed because of one.
fn missing(origins: &Origins, first: &Diagnostic) -> Vec<Diagnostic> {
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
