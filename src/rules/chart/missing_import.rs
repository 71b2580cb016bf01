use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// What `import-values` takes over should be there.
    ///
    /// ## Why
    /// Helm logs a warning and goes on without it: the name of the table is misspelt, or the dependency has none of that name.
    ///
    /// ```chart bad
    /// --- Chart.yaml
    /// apiVersion: v2
    /// name: example
    /// version: 1.0.0
    /// dependencies:
    ///   - name: cache
    ///     version: 1.0.0
    ///     import-values:
    ///       - child: defaults
    ///         parent: cache-defaults
    /// --- charts/cache/Chart.yaml
    /// apiVersion: v2
    /// name: cache
    /// version: 1.0.0
    /// --- charts/cache/values.yaml
    /// default:
    ///   size: 1
    /// ```
    /// ```chart good
    /// --- Chart.yaml
    /// apiVersion: v2
    /// name: example
    /// version: 1.0.0
    /// dependencies:
    ///   - name: cache
    ///     version: 1.0.0
    ///     import-values:
    ///       - child: default
    ///         parent: cache-defaults
    /// --- charts/cache/Chart.yaml
    /// apiVersion: v2
    /// name: cache
    /// version: 1.0.0
    /// --- charts/cache/values.yaml
    /// default:
    ///   size: 1
    /// ```
    ///
    /// ## Fix
    /// Name a table that the values of the dependency have.
    "CHT106" "missing-import" {
        levels: Levels::all(Level::Warning),
        fix: None,
        sources: &["Plimsoll: Helm imports nothing"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let dependencies = chart.metadata.node.get("dependencies").map_or(&[][..], Node::items);
    for (at, dependency) in dependencies.iter().enumerate() {
        let text = |key: &str| dependency.get(key).and_then(Node::as_str);
        let Some(name) = text("alias").or(text("name")) else { continue };
        let imports = dependency.get("import-values").map_or(&[][..], Node::items);
        for (number, import) in imports.iter().enumerate() {
            let child = match import.as_str() {
                Some(name) => format!("exports.{name}"),
                None => import.get("child").and_then(Node::as_str).unwrap_or_default().to_owned(),
            };
            if chart.missing_imports.contains(&format!("{name}.{child}")) {
                let path = FieldPath::root().key("dependencies").item(dependencies, at);
                let path = path.key("import-values").index(number);
                r.report(path, format!("the values of `{name}` have no table `{child}` to import"));
            }
        }
    }
}
