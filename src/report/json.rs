//! Plimsoll's own JSON, stable: keys are added, never renamed or removed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use crate::diagnostic::{
    Diagnostic, FileLine, Fix, IncludeSite, ObjectId, RenderedPosition, Severity, ValueOrigin,
};

use super::{ChartReport, Counts, Report, Verdict};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    charts: Vec<Chart<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Chart<'a> {
    path: &'a str,
    name: &'a str,
    version: &'a str,
    objects: usize,
    judged: bool,
    profiles: Vec<Profile<'a>>,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Profile<'a> {
    name: &'a str,
    mode: &'a str,
    valid: bool,
    reason: &'a str,
}

impl Profile<'_> {
    fn of(verdict: &Verdict) -> Profile<'_> {
        let Verdict { profile, mode, valid, reason } = verdict;
        Profile { name: profile, mode: mode.name(), valid: *valid, reason }
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    message: &'a str,
    profile: Option<&'a str>,
    object: Option<&'a ObjectId>,
    field: Option<&'a str>,
    value: Option<&'a Json>,
    location: Option<&'a FileLine>,
    rendered: Option<RenderedPosition>,
    includes: &'a [IncludeSite],
    values: &'a [ValueOrigin],
    conditions: &'a [ValueOrigin],
    help: Option<&'a str>,
    fix: Option<&'a Fix>,
    sources: &'a [String],
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    advice: usize,
}

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.diagnostics());
    let document = Document {
        schema_version: 1,
        charts: report.charts.iter().map(chart).collect(),
        summary: Summary { errors: counts.errors, warnings: counts.warnings, advice: counts.advice },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn chart(chart: &ChartReport) -> Chart<'_> {
    Chart {
        path: &chart.path,
        name: &chart.name,
        version: &chart.version,
        objects: chart.objects,
        judged: !chart.failed,
        profiles: chart.verdicts.iter().map(Profile::of).collect(),
        diagnostics: chart.diagnostics.iter().map(finding).collect(),
    }
}

fn finding(diagnostic: &Diagnostic) -> Finding<'_> {
    let location = &diagnostic.location;
    Finding {
        code: diagnostic.code,
        name: diagnostic.name,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        profile: diagnostic.profile.as_deref(),
        object: location.object.as_ref(),
        field: location.field.as_deref(),
        value: diagnostic.value.as_ref(),
        location: location.source.as_ref(),
        rendered: location.rendered,
        includes: &diagnostic.origin.includes,
        values: &diagnostic.origin.values,
        conditions: &diagnostic.origin.conditions,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref(),
        sources: &diagnostic.sources,
    }
}
