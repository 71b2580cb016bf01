//! Plimsoll's own JSON, stable: keys are added, never renamed or removed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use crate::diagnostic::{
    Applicability, Diagnostic, Edit, FileLine, Fix, IncludeSite, Layer, NearestValue, ObjectId,
    RenderedPosition, ReplacedList, Severity, ShadowedValue, ValueOrigin,
};

use crate::path::FieldPath;

use crate::judge::{ChartReport, Counts, Report, Verdict};

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
    mode: String,
    valid: bool,
    reason: &'a str,
}

impl Profile<'_> {
    fn of(verdict: &Verdict) -> Profile<'_> {
        let Verdict { profile, mode, valid, reason } = verdict;
        Profile { name: profile, mode: mode.to_string(), valid: *valid, reason }
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
    field: Option<String>,
    value: Option<&'a Json>,
    location: Option<&'a FileLine>,
    rendered: Option<RenderedPosition>,
    includes: &'a [IncludeSite],
    values: Vec<Value<'a>>,
    conditions: Vec<Value<'a>>,
    suggestions: Vec<String>,
    help: Option<&'a str>,
    fix: Option<Mend<'a>>,
    sources: &'a [String],
}

/// A value that was read, as the contract in `docs/why.md` has it.
#[derive(Serialize)]
#[allow(clippy::struct_field_names, reason = "the names are the contract's")]
pub(super) struct Value<'a> {
    key: String,
    path: String,
    value: &'a Json,
    layer: Option<&'a Layer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    shadows: Vec<Shadow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nulls: Vec<Shadow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replaced: Vec<Replaced<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<Nearest<'a>>,
}

impl Value<'_> {
    /// The form of a value's origin.
    pub(super) fn of(origin: &ValueOrigin) -> Value<'_> {
        Value {
            key: origin.template_key(),
            path: origin.path.to_set_expression(),
            value: &origin.value,
            layer: origin.layer.as_ref(),
            file: origin.layer.as_ref().and_then(Layer::file),
            line: origin.line,
            column: origin.column,
            shadows: origin.shadows.iter().map(Shadow::of).collect(),
            nulls: origin.nulls.iter().map(Shadow::of).collect(),
            replaced: origin.replaced.iter().map(Replaced::of).collect(),
            nearest: origin.nearest.as_ref().map(Nearest::of),
        }
    }
}

#[derive(Serialize)]
struct Shadow<'a> {
    layer: &'a Layer,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    value: &'a Json,
}

impl Shadow<'_> {
    fn of(shadow: &ShadowedValue) -> Shadow<'_> {
        let ShadowedValue { layer, line, value } = shadow;
        Shadow { layer, file: layer.file(), line: *line, value }
    }
}

/// A list that was replaced whole; `item` is the line there of an item that was asked for.
#[derive(Serialize)]
struct Replaced<'a> {
    path: String,
    layer: &'a Layer,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<usize>,
}

impl Replaced<'_> {
    fn of(list: &ReplacedList) -> Replaced<'_> {
        let ReplacedList { path, layer, line, item } = list;
        let path = path.to_set_expression();
        Replaced { path, layer, file: layer.file(), line: *line, item: *item }
    }
}

#[derive(Serialize)]
struct Nearest<'a> {
    path: String,
    layer: &'a Layer,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

impl Nearest<'_> {
    fn of(nearest: &NearestValue) -> Nearest<'_> {
        let NearestValue { path, layer, line } = nearest;
        Nearest { path: path.to_set_expression(), layer, file: layer.file(), line: *line }
    }
}

#[derive(Serialize)]
struct Mend<'a> {
    applicability: Applicability,
    edits: Vec<Change<'a>>,
}

impl Mend<'_> {
    fn of(fix: &Fix) -> Mend<'_> {
        Mend { applicability: fix.applicability, edits: fix.edits.iter().map(Change::of).collect() }
    }
}

#[derive(Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Change<'a> {
    Set { path: String, value: &'a Json },
    Remove { path: String },
    Drop,
    Expand,
}

impl Change<'_> {
    fn of(edit: &Edit) -> Change<'_> {
        match edit {
            Edit::Set { path, value } => Change::Set { path: path.to_string(), value },
            Edit::Remove { path } => Change::Remove { path: path.to_string() },
            Edit::Drop => Change::Drop,
            Edit::Expand => Change::Expand,
        }
    }
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    advice: usize,
    unjudged: usize,
}

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.diagnostics());
    let document = Document {
        schema_version: 1,
        charts: report.charts.iter().map(chart).collect(),
        summary: Summary {
            errors: counts.errors,
            warnings: counts.warnings,
            advice: counts.advice,
            unjudged: report.charts.iter().filter(|chart| chart.failed).count(),
        },
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
        field: location.field.as_ref().map(ToString::to_string),
        value: diagnostic.value.as_ref(),
        location: location.source.as_ref(),
        rendered: location.rendered,
        includes: &diagnostic.origin.includes,
        values: diagnostic.origin.values.iter().map(Value::of).collect(),
        conditions: diagnostic.origin.conditions.iter().map(Value::of).collect(),
        suggestions: diagnostic.suggestions.iter().map(FieldPath::to_set_expression).collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(Mend::of),
        sources: &diagnostic.sources,
    }
}
