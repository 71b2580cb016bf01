use crate::path::FieldPath;
use crate::policy::{ChartSubject, Check, Level, Levels, Reporter, declare_rule};

declare_rule! {
    /// The version of a chart must not contain a hyphen.
    ///
    /// ## Why
    /// The page says so: older agents find name and version in the chart's address by its last hyphen, and
    /// `web-1.0.0-rc1.tgz` falls apart at the wrong one. Today's services cope.
    ///
    /// ```yaml bad
    /// version: 1.0.0-rc.1
    /// ```
    /// ```yaml good
    /// version: 1.0.0
    /// ```
    ///
    /// ## Fix
    /// Release it as a version without a pre-release part, such as `1.0.0`.
    "CHT101" "version-with-hyphen" {
        levels: Levels { documented: Level::Error, service: Level::Advice, strict: Level::Advice },
        fix: None,
        sources: &["page: ensure that your Helm chart's version does not contain -", "agent: legacy parser of chart URLs"],
        check: Check::Chart(check),
    }
}

fn check(chart: &ChartSubject, r: &mut Reporter<'_>) {
    let version = chart.text("version");
    if version.contains('-') {
        r.report(FieldPath::root().key("version"), format!("chart version `{version}` contains a hyphen"));
    }
    let Some(request) = &r.subject().request else { return };
    let address = request.text("helmChart").unwrap_or_default();
    if let Some(asked) = version_of(address, chart.text("name")).filter(|asked| asked.contains('-')) {
        let message = format!("chart version `{asked}` contains a hyphen");
        r.report_field(&request.body, FieldPath::root().key("helmChart"), message);
    }
}

/// The version in the address of a chart: behind the colon of an OCI reference, or behind the name in that of an archive.
fn version_of<'a>(address: &'a str, chart: &str) -> Option<&'a str> {
    let file = address.rsplit('/').next()?;
    match file.strip_suffix(".tgz") {
        Some(archive) => archive.strip_prefix(chart)?.strip_prefix('-'),
        None => file.split('@').next()?.split_once(':').map(|(_, tag)| tag),
    }
}
