//! The comment that says which template wrote a document: `# Source: chart/templates/a.yaml`.

use memchr::memmem;

const COMMENT: &str = "# Source: ";

/// What Helm prints before a document of that template. Helm: action/action.go `renderResources`.
pub fn head(template: &str) -> String {
    format!("---\n{COMMENT}{template}\n")
}

/// The template that the first such comment of a document names, without the name of the chart.
pub fn path_in_chart(document: &str) -> Option<&str> {
    let begins = |at: &usize| *at == 0 || document.as_bytes()[at - 1] == b'\n';
    let start = memmem::find_iter(document.as_bytes(), COMMENT).find(begins)? + COMMENT.len();
    let template = document[start..].lines().next()?;
    template.split_once('/').map(|(_, path)| path.trim_end())
}
