//! Where a finding is, as a user would type it, and what it is about, in a line: what the formats share.

use crate::diagnostic::{Diagnostic, Layer, Location};
use crate::judge::{ChartReport, Root};

/// A place in a file as a user would type it; a finding of a chart that has no file leads to the chart.
pub(super) struct Place {
    pub file: String,
    pub line: Option<usize>,
    pub column: Option<usize>,
}

/// The place that a finding leads to, for people. What lies in an archive is shown as if that were a folder.
pub(super) fn place_of(chart: &ChartReport, diagnostic: &Diagnostic) -> Place {
    let location = &diagnostic.location;
    match (&location.source, location.rendered) {
        (_, Some(rendered)) if chart.root == Root::Manifests => {
            Place { file: chart.path.clone(), line: Some(rendered.line), column: Some(rendered.column) }
        }
        (Some(source), _) => {
            let file = if location.is_given { source.file.clone() } else { in_chart(chart, &source.file) };
            Place { file, line: source.line, column: source.column }
        }
        (None, _) => Place { file: chart.path.clone(), line: None, column: None },
    }
}

/// The same for programs that look for the file: what lies in an archive leads to the archive.
pub(super) fn artifact_of(chart: &ChartReport, diagnostic: &Diagnostic) -> Place {
    let Place { file, line, column } = place_of(chart, diagnostic);
    if chart.root == Root::Archive && !diagnostic.location.is_given {
        return Place { file: chart.path.clone(), line: None, column: None };
    }
    outside_archives(Place { file, line, column })
}

/// The place of the archive, where a file is a member of one that lies in the chart.
fn outside_archives(place: Place) -> Place {
    match place.file.find(".tgz/") {
        Some(at) => Place { file: place.file[..at + ".tgz".len()].to_owned(), line: None, column: None },
        None => place,
    }
}

/// A place in a file of the chart, for such programs.
pub(super) fn artifact(chart: &ChartReport, file: &str, line: Option<usize>, column: Option<usize>) -> Place {
    match chart.root {
        Root::Archive => Place { file: chart.path.clone(), line: None, column: None },
        _ => outside_archives(Place { file: in_chart(chart, file), line, column }),
    }
}

/// The path of a file of the chart, below the chart. What was rendered before has no chart.
pub(super) fn in_chart(chart: &ChartReport, file: &str) -> String {
    let folder = chart.path.trim_end_matches('/');
    if chart.root == Root::Manifests || matches!(folder, "." | "") || file.starts_with('/') {
        return file.to_owned();
    }
    format!("{folder}/{file}")
}

/// A layer of values with the line in it, a file of the chart as a user would type it.
pub(super) fn layer_line(chart: &ChartReport, layer: &Layer, line: Option<usize>) -> String {
    let layer = match layer {
        Layer::Chart(file) => in_chart(chart, file),
        other => other.to_string(),
    };
    line.map_or_else(|| layer.clone(), |line| format!("{layer}:{line}"))
}

/// Object, field and sentence: `Deployment/web spec.hostNetwork: hostNetwork is true`.
pub(super) fn message_of(diagnostic: &Diagnostic) -> String {
    match subject_of(diagnostic) {
        subject if subject.is_empty() => diagnostic.message.clone(),
        subject => format!("{subject}: {}", diagnostic.message),
    }
}

/// The object and field of a finding in a line: `Deployment/web spec.hostNetwork`.
pub(super) fn subject_of(diagnostic: &Diagnostic) -> String {
    subject(&diagnostic.location)
}

/// The object and field of a place in a line.
pub(super) fn subject(location: &Location) -> String {
    let object = location.object.as_ref().map(ToString::to_string);
    let field = location.field.as_ref().map(ToString::to_string);
    object.into_iter().chain(field).collect::<Vec<String>>().join(" ")
}
