//! `templated-service-name`

use crate::policy::{Check, Level, Release, Reporter, declare_rule};

declare_rule! {
    /// The name of the service that a function calls should stand in its template as it is.
    ///
    /// ## Why
    /// The page says that templated names are not supported. The service compares the name that was rendered, so one that
    /// depends on values works only as long as request and values agree.
    ///
    /// ```request templated bad
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 8000
    /// ```
    /// ```request service good
    /// helmChart: oci://registry.example.com/charts/web:1.0.0
    /// helmChartServiceName: entry
    /// inferencePort: 8000
    /// ```
    ///
    /// ## Fix
    /// Write the name into the template.
    "REQ115" "templated-service-name" {
        catalogue: &["NVCF026"],
        levels: [Level::Warning, Level::Advice, Level::Advice],
        fix: None,
        sources: &["page: templatized service names are not supported"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let (Some(service), Some(chart)) = (super::target(release), &release.subject.chart) else { return };
    let source = &service.document.source;
    let Some(file) = chart.templates.iter().find(|file| file.name() == source) else { return };
    if let Some(offset) = templated_name(file.text()) {
        r.report_in(file, offset, format!("the name of {} is templated", service.id));
    }
}

/// Where the first Service of a template has its name, if that is an expression.
fn templated_name(text: &str) -> Option<usize> {
    let mut at = 0;
    let documents = text.split("\n---").map(|part| {
        let start = at;
        at += part.len() + "\n---".len();
        (start, part)
    });
    let is_service = |part: &str| part.lines().any(|line| line.trim_end() == "kind: Service");
    let (start, part) = documents.into_iter().find(|(_, part)| is_service(part))?;
    let metadata = if part.starts_with("metadata:") { 0 } else { part.find("\nmetadata:")? + 1 };
    let name = metadata + part[metadata..].find("\n  name:")? + "\n  ".len();
    let line = part[name..].lines().next().unwrap_or_default();
    line.contains("{{").then_some(start + name)
}
