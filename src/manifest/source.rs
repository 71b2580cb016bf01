//! The comment that says which template wrote a document: `# Source: chart/templates/a.yaml`.

const COMMENT: &str = "# Source: ";

/// What Helm prints before a document of that template. Helm: action/action.go `renderResources`.
pub fn head(template: &str) -> String {
    format!("---\n{COMMENT}{template}\n")
}

/// The template that the first such comment of a document names, without the name of the chart.
pub fn path_in_chart(document: &str) -> Option<&str> {
    let template = document.lines().find_map(|line| line.strip_prefix(COMMENT))?;
    template.split_once('/').map(|(_, path)| path.trim_end())
}
