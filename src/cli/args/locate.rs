//! From the words of the command line to charts: a folder, an archive, or any file inside a chart, as pre-commit hands them
//! over. Each chart is judged once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The charts that the words mean, in the order in which they first appear.
pub(crate) fn charts(words: &[String]) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut charts = Vec::new();
    for word in words {
        let chart = chart_of(Path::new(word));
        let identity = chart.canonicalize().unwrap_or_else(|_| chart.clone());
        if seen.insert(identity) {
            charts.push(chart);
        }
    }
    charts
}

/// The chart that a path belongs to; the path itself where it belongs to none, for the error to name it.
pub(crate) fn chart_of(path: &Path) -> PathBuf {
    let elsewhere = path.to_str().is_some_and(|text| text.contains("://"));
    if elsewhere || is_chart(path) || is_archive(path) {
        return path.to_owned();
    }
    let above = path.ancestors().skip(1).map(|folder| match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    });
    let Some(mut chart) = above.into_iter().find(|folder| is_chart(folder)).map(Path::to_owned) else {
        return path.to_owned();
    };
    // A file of a subchart belongs to the chart that brings it.
    while let Some(parent) = parent_chart(&chart) {
        chart = parent;
    }
    chart
}

/// The chart in whose `charts/` this one lies.
fn parent_chart(chart: &Path) -> Option<PathBuf> {
    let folder = chart.parent().filter(|folder| folder.file_name().is_some_and(|name| name == "charts"))?;
    let parent = folder.parent()?;
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    is_chart(parent).then(|| parent.to_owned())
}

fn is_chart(folder: &Path) -> bool {
    folder.join("Chart.yaml").is_file()
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("tgz") || end.eq_ignore_ascii_case("gz"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lead_to_their_chart_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("web/charts/redis/templates")).unwrap();
        std::fs::write(root.join("web/Chart.yaml"), "").unwrap();
        std::fs::write(root.join("web/charts/redis/Chart.yaml"), "").unwrap();
        let words = ["web/values.yaml", "web/charts/redis/templates/a.yaml", "web", "none/a.yaml"];
        let words: Vec<String> = words.iter().map(|word| root.join(word).display().to_string()).collect();
        assert_eq!(charts(&words), [root.join("web"), root.join("none/a.yaml")]);
        let sub = root.join("web/charts/redis").display().to_string();
        assert_eq!(charts(&[sub]), [root.join("web/charts/redis")]);
    }
}
