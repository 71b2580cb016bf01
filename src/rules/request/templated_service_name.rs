use super::parts;
use crate::policy::{Check, Level, Levels, Release, Reporter, declare_rule};

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
        levels: Levels { documented: Level::Warning, service: Level::Advice, strict: Level::Advice },
        fix: None,
        sources: &["page: templatized service names are not supported"],
        check: Check::Release(check),
    }
}

fn check(release: &Release<'_>, r: &mut Reporter<'_>) {
    let (Some(service), Some(chart)) = (parts::target(release), &release.subject.chart) else { return };
    let source = &service.document.source;
    let Some(file) = chart.templates.iter().find(|file| file.name() == source) else { return };
    let services = release.objects().filter(|object| object.is("v1", "Service"));
    let mut here = services.filter(|object| object.document.source == *source);
    let place = here.position(|object| std::ptr::eq(object, service)).unwrap_or_default();
    if let Some(offset) = templated_name(file.text(), place) {
        r.report_in(file, offset, format!("the name of {} is templated", service.id));
    }
}

/// Where the Service at that place among those of a template has its name, if that is an expression.
fn templated_name(text: &str, place: usize) -> Option<usize> {
    let mut at = 0;
    let documents = text.split("\n---").map(|part| {
        let start = at;
        at += part.len() + "\n---".len();
        (start, part)
    });
    let is_service = |part: &str| part.lines().any(|line| line.trim_end() == "kind: Service");
    let (start, part) = documents.filter(|(_, part)| is_service(part)).nth(place)?;
    let metadata = if part.starts_with("metadata:") { 0 } else { part.find("\nmetadata:")? + 1 };
    let name = metadata + part[metadata..].find("\n  name:")? + "\n  ".len();
    let line = part[name..].lines().next().unwrap_or_default();
    line.contains("{{").then_some(start + name)
}
