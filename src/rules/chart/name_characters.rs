use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// The name of a chart may have lower-case letters, digits and hyphens, and must start and end with a letter or digit.
    ///
    /// ## Why
    /// The page allows no underscores or other signs. The name also becomes part of the names of containers and objects, where
    /// Kubernetes refuses them.
    ///
    /// ```yaml bad
    /// name: my_chart
    /// ```
    /// ```yaml good
    /// name: my-chart
    /// ```
    ///
    /// ## Fix
    /// Rename the chart, and its folder with it.
    "CHT103" "name-characters" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Advice },
        fix: None,
        sources: &[
            "page: the chart name should not contain underscores or other special symbols",
            "control plane: pattern of NGC chart URLs",
        ],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let name = chart.text("name");
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let found = match name.chars().find(|c| !good(*c)) {
        Some(bad) => format!("chart name `{name}` contains `{bad}`"),
        None if name.starts_with('-') || name.ends_with('-') => {
            format!("chart name `{name}` starts or ends with a hyphen")
        }
        None => return,
    };
    r.report(FieldPath::root().key("name"), found);
}
