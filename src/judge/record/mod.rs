//! The record of a chart's report: all of it as JSON, from which the same report can be made again. Shards hand records to
//! whoever merges them, and the cache keeps them. Whatever is its default is left out; what is not known here is refused,
//! since a record is read by the version of the program that wrote it.
//!
//! Read [`Record`] for the two directions, `types` for which fields there are, `plain` for texts, numbers and lists.

mod answers;
mod form;
mod origins;
mod plain;
mod types;
mod words;

pub use form::Record;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Value as Json;

use super::report::ChartReport;
use crate::diagnostic::Diagnostic;

/// The record of a report.
pub fn write(report: &ChartReport) -> Json {
    discreet(report).put().unwrap_or_default()
}

/// The report of a record; none where it is no record of this version.
pub fn read(record: Json) -> Option<ChartReport> {
    ChartReport::take(Some(record))
}

/// The report without what Secrets hold: no format shows it, so that it need not lie about.
fn discreet(report: &ChartReport) -> Cow<'_, ChartReport> {
    let tells = |diagnostic: &Diagnostic| {
        let location = &diagnostic.location;
        let is_secret = location.object.as_ref().is_some_and(|object| object.kind == "Secret");
        let is_shown = || {
            let pages = report.view.iter().flat_map(|view| &view.documents);
            let at = location.rendered.map(|at| at.line);
            pages.flat_map(|page| &page.lines).any(|line| Some(line.number) == at && line.text.is_some())
        };
        is_secret && location.excerpt.is_some() && !is_shown()
    };
    if !report.diagnostics.iter().any(tells) {
        return Cow::Borrowed(report);
    }
    let mut kept = report.clone();
    let telling = kept.diagnostics.iter_mut().filter(|diagnostic| tells(diagnostic));
    telling.for_each(|diagnostic| diagnostic.location.excerpt = None);
    Cow::Owned(kept)
}
