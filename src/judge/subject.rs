//! What rules look at of a chart: its metadata, values and templates as they lie on disk.

use rustc_hash::FxHashSet;

use super::rendering::Rendering;
use crate::chart::{Chart, Import};
use crate::diagnostic::{FileLine, Layer, ValueOrigin};
use crate::go::slog;
use crate::manifest::Sorted;
use crate::policy::{ChartSubject, ClosedFile, OddUse, Oddities, TemplateCall, UnreadKey, YamlFile};
use crate::render::{Accounts, Called, Origins, Unread};
use crate::rules;
use crate::source::SourceFile;
use crate::template::Parsed;
use crate::value::Value;
use crate::values::{Misread, path};
use crate::yaml;

/// What was loaded of a chart.
///
/// # Errors
/// `Chart.yaml` is no YAML, which a chart that was loaded cannot be.
pub(super) fn of_chart(chart: &Chart) -> Result<ChartSubject, yaml::Error> {
    let file = |name: &str| chart.raw_file(name).map(|file| YamlFile::parse(name, &file.text())).transpose();
    let metadata = match file("Chart.yaml")? {
        Some(metadata) => metadata,
        None => YamlFile::parse("Chart.yaml", "")?,
    };
    let mut templates = Vec::new();
    collect_templates(chart, &mut templates);
    let vendored = chart.dependencies.iter().map(|dependency| dependency.name().to_owned()).collect();
    let values = chart.raw_file("values.yaml").map(|file| ClosedFile::new("values.yaml", file.text()));
    Ok(ChartSubject {
        metadata,
        values,
        templates,
        calls: Vec::new(),
        unread: Vec::new(),
        oddities: Oddities::default(),
        repeated: Vec::new(),
        vendored,
        missing_imports: Vec::new(),
    })
}

/// The calls that rules ask about, as far as they were executed for a release that was sorted so. `origins` renders once more,
/// and is asked only where there is such a call at all.
pub(super) fn executed_calls<'a>(
    templates: &[SourceFile],
    parsed: &Parsed,
    sorted: &Sorted,
    origins: impl FnOnce() -> Option<&'a Origins>,
) -> Vec<TemplateCall> {
    let functions: FxHashSet<&str> = rules::template::functions().collect();
    let is_meant = |function: &str| functions.contains(function);
    let all = TemplateCall::all_in(templates, parsed, &is_meant);
    let calls: Vec<TemplateCall> = all.filter(|call| rules::template::asks_about(&call.call)).collect();
    if calls.is_empty() {
        return calls;
    }
    let places = calls.iter().map(|call| (templates[call.file].name(), call.call.offset)).collect();
    let called = origins().map(|origins| origins.called(&places)).unwrap_or_default();
    let upgraded: FxHashSet<&str> = sorted.upgraded().map(|manifest| &*manifest.source).collect();
    let executed = |call: TemplateCall| {
        let place = (templates[call.file].name().to_owned(), call.call.offset);
        let Called { includes, templates } = called.get(&place)?;
        let is_upgraded = templates.iter().any(|template| upgraded.contains(template.as_str()));
        Some(TemplateCall { includes: includes.clone(), is_upgraded, ..call })
    };
    calls.into_iter().filter_map(executed).collect()
}

/// What is read of the values, and the keys that are set and that nothing reads; nothing where that is not known.
pub(super) fn unread(rendering: &Rendering<'_>) -> Option<(Accounts, Vec<UnreadKey>)> {
    let origins = rendering.origins()?;
    let accounts = Accounts::new(origins, rendering.chart)?;
    let key =
        |Unread { value, excerpt, is_own, suggestions }| UnreadKey { value, excerpt, is_own, suggestions };
    let keys = accounts.unread(origins).into_iter().map(key).collect();
    Some((accounts, keys))
}

/// What templates did with values that was hardly meant.
pub(super) fn oddities(origins: &Origins, chart: &Chart) -> Oddities {
    let odd = |(value, place): (ValueOrigin, Option<FileLine>)| OddUse {
        excerpt: origins.line_of(&value),
        value,
        place,
    };
    Oddities {
        overruled: origins.overruled().into_iter().map(odd).collect(),
        texts: origins.texts_as_conditions().into_iter().map(odd).collect(),
        unset: origins.unset().into_iter().map(odd).collect(),
        templates: origins.odd_templates(chart),
        conflicts: origins.layers().conflicts(),
        misread: misread_of(origins),
    }
}

/// What a chart imports of its dependencies and is not there, as far as Helm logs that something is not.
pub(super) fn missing_imports(chart: &Chart, log: &[slog::Line]) -> Vec<String> {
    let missing = log.iter().filter(|line| line.message.starts_with("ImportValues missing table"));
    let errors: Vec<&str> = missing
        .flat_map(|line| line.attributes.iter().filter(|(key, _)| key == "error"))
        .map(|(_, error)| error.as_str())
        .collect();
    if errors.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for entry in chart.metadata.dependencies() {
        let Some(own) = chart.dependencies.iter().find(|own| own.name() == entry.name) else { continue };
        for import in &entry.import_values {
            let child = match import {
                Import::Read(Value::Str(name)) => format!("exports.{name}"),
                Import::Read(Value::Map(map)) => match map.get("child").as_ref().and_then(Value::as_text) {
                    Some(child) => child.to_string(),
                    None => continue,
                },
                Import::Read(_) | Import::Applied { .. } => continue,
            };
            let path = format!("{}.{child}", entry.key());
            let is_said =
                |error: &&str| child.split('.').any(|name| error.starts_with(&format!("\"{name}\"")));
            let is_there =
                path::table(&own.values, &child).is_ok() || path::table(&chart.values, &path).is_ok();
            if !is_there && errors.iter().any(is_said) {
                found.push(path);
            }
        }
    }
    found
}

/// What the user's files and that of the chart say that is read as something else.
fn misread_of(origins: &Origins) -> Vec<(Layer, Misread)> {
    let is_meant = |layer: &Layer| !matches!(layer, Layer::Chart(file) if file != "values.yaml");
    let files = origins.layers().misread().filter(|(layer, _)| is_meant(layer));
    files.map(|(layer, it)| (layer.clone(), it.clone())).collect()
}

fn collect_templates(chart: &Chart, found: &mut Vec<SourceFile>) {
    for file in &chart.templates {
        let below = if chart.dir.is_empty() { String::new() } else { format!("{}/", chart.dir) };
        found.push(SourceFile::new(format!("{below}{}", file.name), &*file.text()));
    }
    for dependency in &chart.dependencies {
        collect_templates(dependency, found);
    }
}
