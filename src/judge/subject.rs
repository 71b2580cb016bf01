//! What rules look at of a chart: its metadata, values and templates as they lie on disk.

use memchr::memmem;

use super::rendering::Rendering;
use crate::chart::Chart;
use crate::diagnostic::{FileLine, ValueOrigin};
use crate::policy::{ChartSubject, OddUse, Oddities, TemplateCall, UnreadKey, YamlFile};
use crate::render::{Accounts, Origins, Unread};
use crate::rules;
use crate::source::SourceFile;
use crate::template::Parsed;
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
    let values = file("values.yaml").unwrap_or_default();
    Ok(ChartSubject {
        metadata,
        values,
        templates,
        calls: Vec::new(),
        unread: Vec::new(),
        oddities: Oddities::default(),
        repeated: Vec::new(),
        vendored,
    })
}

/// The calls that rules ask about, as far as they were executed. `origins` renders once more, and is asked only where there
/// is such a call at all.
pub(super) fn executed_calls<'a>(
    templates: &[SourceFile],
    parsed: &Parsed,
    origins: impl FnOnce() -> Option<&'a Origins>,
) -> Vec<TemplateCall> {
    let words: Vec<memmem::Finder<'_>> = rules::template::words().map(memmem::Finder::new).collect();
    let has_word = |file: &SourceFile| words.iter().any(|word| word.find(file.text().as_bytes()).is_some());
    let all = TemplateCall::all_in(templates, parsed, has_word);
    let calls: Vec<TemplateCall> = all.filter(|call| rules::template::asks_about(&call.call)).collect();
    if calls.is_empty() {
        return calls;
    }
    let called = origins().map(Origins::called).unwrap_or_default();
    let executed = |call: TemplateCall| {
        let place = (templates[call.file].name().to_owned(), call.call.offset);
        called.get(&place).map(|includes| TemplateCall { includes: includes.clone(), ..call })
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
pub(super) fn oddities(origins: &Origins) -> Oddities {
    let odd = |(value, place): (ValueOrigin, Option<FileLine>)| OddUse {
        excerpt: origins.line_of(&value),
        value,
        place,
    };
    Oddities {
        overruled: origins.overruled().into_iter().map(odd).collect(),
        texts: origins.texts_as_conditions().into_iter().map(odd).collect(),
    }
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
