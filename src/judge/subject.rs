//! What rules look at of a chart: its metadata, values and templates as they lie on disk.

use crate::chart::Chart;
use crate::policy::{ChartSubject, YamlFile};
use crate::source::SourceFile;
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
    Ok(ChartSubject { metadata, values: file("values.yaml").unwrap_or_default(), templates, vendored })
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
