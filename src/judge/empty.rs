//! Why there is nothing to judge: YAML without documents, or a chart that renders nothing. That is never clean; here is what
//! the likely reason is.

use std::collections::BTreeMap;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, FileLine, Severity};
use crate::path::FieldPath;
use crate::policy::ChartSubject;
use crate::source::SourceFile;

/// YAML that somebody rendered, and that holds no document.
pub(super) fn manifests(path: &str) -> Diagnostic {
    let mut diagnostic = nothing("there are no manifests to judge, only blanks or comments");
    let from = if path == "-" { "what writes to standard input" } else { "what wrote the file" };
    diagnostic.help = Some(format!(
        "see whether {from} failed; `plimsoll check CHART` renders the chart itself and says why it does not render"
    ));
    diagnostic
}

/// A chart that renders nothing.
pub(super) fn chart(chart: &Chart, subject: &ChartSubject) -> Diagnostic {
    let switches = switches(chart, subject);
    let has_own = !chart.templates.is_empty() || !chart.dependencies.is_empty();
    let misnamed = chart.raw.iter().find_map(|file| {
        let folder = file.name.split_once('/')?.0;
        matches!(folder, "template" | "Templates" | "tempaltes" | "templetes" | "manifests").then_some(folder)
    });
    if let Some(folder) = misnamed.filter(|_| chart.templates.is_empty()) {
        let mut diagnostic = nothing(&format!("the chart renders nothing: its files lie in `{folder}/`"));
        diagnostic.help = Some("call the folder `templates/`, which is the one that Helm reads".to_owned());
        return diagnostic;
    }
    if !has_own && switches.is_empty() {
        let mut diagnostic = nothing("the chart renders nothing: it has no templates");
        diagnostic.help =
            Some("write templates into `templates/`, or name the chart that is meant".to_owned());
        return diagnostic;
    }
    let Some((key, place)) = switches.first() else {
        let mut diagnostic = nothing("the chart renders nothing with these values");
        diagnostic.help = Some("give values with which it renders something, with -f or --set".to_owned());
        return diagnostic;
    };
    let more = match switches.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let mut diagnostic =
        nothing(&format!("the chart renders nothing with these values: all stands behind `{key}`{more}"));
    diagnostic.location.source.clone_from(place);
    diagnostic.help = Some(format!(
        "judge it with values that switch it on: `--set {key}=true`, -f FILE, or a set of values (`ci/on-values.yaml`)"
    ));
    diagnostic
}

fn nothing(message: &str) -> Diagnostic {
    Diagnostic::new("LOD002", "nothing-to-judge", Severity::Error, message)
}

/// The keys that stand in the conditions of dependencies and at the head of templates, the most frequent first, and where
/// `values.yaml` sets them.
fn switches(chart: &Chart, subject: &ChartSubject) -> Vec<(String, Option<FileLine>)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let conditions = chart.metadata.dependencies().iter().map(|dependency| dependency.condition.as_str());
    for key in conditions.flat_map(|condition| condition.split(',')).filter(|key| !key.is_empty()) {
        *counts.entry(key.trim().to_owned()).or_default() += 1;
    }
    for key in
        subject.templates.iter().filter(|file| !file.name().contains("charts/")).filter_map(first_switch)
    {
        *counts.entry(key).or_default() += 1;
    }
    let mut keys: Vec<(String, usize)> = counts.into_iter().collect();
    keys.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let place = |key: &str| {
        let values = subject.values.as_ref()?.open()?;
        let path = key.split('.').fold(FieldPath::root(), |path, step| path.key(step));
        let found = path.find(&values.node);
        let position = values.file.position(found.key.filter(|_| found.exact)?.start as usize);
        Some(FileLine {
            file: values.file.name().to_owned(),
            line: Some(position.line),
            column: Some(position.column),
        })
    };
    keys.into_iter().map(|(key, _)| (key.clone(), place(&key))).collect()
}

/// The value that the first `if` or `with` of a template reads.
fn first_switch(template: &SourceFile) -> Option<String> {
    let text = template.text();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        rest = &rest[at + 2..];
        let action = rest.split("}}").next()?.trim_start_matches('-').trim_start();
        let Some(condition) = action.strip_prefix("if ").or_else(|| action.strip_prefix("with ")) else {
            continue;
        };
        let mut words = condition.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
        let key = words.find_map(|word| word.strip_prefix(".Values."))?;
        return Some(key.trim_end_matches('-').to_owned());
    }
    None
}
