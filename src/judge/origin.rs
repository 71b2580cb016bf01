//! Leads findings back to the lines of templates and values that caused them.

use crate::budget;
use crate::diagnostic::{Diagnostic, Location};
use crate::policy::Subject;
use crate::render::{Cause, Origins};

/// Gives each finding that has a place in the rendered text the template line that wrote it, the includes on the way and
/// the values that were read. Findings that know a line already keep it.
pub(super) fn explain(found: &mut [Diagnostic], subject: &Subject, origins: &Origins) {
    for diagnostic in found {
        // Whoever prints them hears of it.
        if budget::check().is_err() {
            return;
        }
        for related in diagnostic.related.iter_mut().filter(|related| !has_line(related)) {
            if let Some(Cause { source: Some(source), excerpt, .. }) = cause(related, subject, origins) {
                (related.source, related.source_excerpt) = (Some(source), excerpt);
            }
        }
        if has_line(&diagnostic.location) {
            continue;
        }
        if let Some(cause) = cause(&diagnostic.location, subject, origins) {
            apply(diagnostic, cause);
        }
    }
}

fn has_line(location: &Location) -> bool {
    location.source.as_ref().is_some_and(|source| source.line.is_some())
}

pub(super) fn apply(diagnostic: &mut Diagnostic, cause: Cause) {
    if cause.source.is_some() {
        diagnostic.location.source = cause.source;
        diagnostic.location.source_excerpt = cause.excerpt;
    }
    diagnostic.origin = cause.origin;
}

fn cause(location: &Location, subject: &Subject, origins: &Origins) -> Option<Cause> {
    let target = location.target.as_ref()?;
    let document = subject.documents.get(target.document).filter(|document| !document.template.is_empty())?;
    let object = target.path.lookup(&document.node)?;
    let at = |start: u32| document.offset + start as usize;
    match &location.field {
        Some(field) if location.is_presence => {
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
