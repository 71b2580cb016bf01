use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Every dependency must lie in `charts/`.
    ///
    /// ## Why
    /// The service fetches nothing: what is not in the chart's archive is missing.
    ///
    /// ```yaml bad
    /// dependencies:
    ///   - name: redis
    ///     version: 1.0.0
    ///     repository: https://charts.example.com
    /// ```
    /// ```yaml good
    /// dependencies: []
    /// ```
    ///
    /// ## Fix
    /// Run `helm dependency build` before packaging.
    "CHT105" "missing-dependency" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["service: no dependency update is done"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let dependencies = chart.metadata.node.get("dependencies").map_or(&[][..], Node::items);
    for (index, dependency) in dependencies.iter().enumerate() {
        let Some(name) = dependency.get("name").and_then(Node::as_str) else { continue };
        if !chart.vendored.iter().any(|vendored| vendored == name) {
            let path = FieldPath::root().key("dependencies").item(dependencies, index);
            r.report(path, format!("dependency `{name}` is not in charts/"));
        }
    }
}
