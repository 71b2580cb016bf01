//! Leads findings back to the lines of templates and values that caused them.

use crate::diagnostic::Diagnostic;
use crate::policy::Subject;
use crate::render::{Cause, Origins};

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
