//! Plimsoll's own JSON, stable: keys are added, never renamed or removed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use crate::diagnostic::{
    Applicability, Diagnostic, Edit, FileLine, Fix, IncludeSite, Layer, Location, NearestValue, ObjectId,
    RenderedPosition, ReplacedList, Severity, ShadowedValue, ValueOrigin,
};

use super::shard::Shard;
use super::stream::Style;
use crate::judge::{ChartReport, OWN, Run, Tally, Verdict, record};
use crate::path::FieldPath;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chart<'a> {
    path: &'a str,
    name: &'a str,
    version: &'a str,
    objects: usize,
    judged: bool,
    /// The set of values, where the chart was judged with one only; else `runs` says with which.
    values_set: Option<&'a str>,
    allowed: usize,
    in_baseline: usize,
    /// The configuration files that were read, where there was one.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    configurations: &'a [String],
    profiles: Vec<Profile<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    runs: Vec<RunJson<'a>>,
    diagnostics: Vec<Finding<'a>>,
}

/// One of several things that the chart was judged with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunJson<'a> {
    name: &'a str,
    values_set: &'a str,
    kube_version: Option<&'a str>,
    objects: usize,
    judged: bool,
}

impl RunJson<'_> {
    fn of(run: &Run) -> RunJson<'_> {
        let Run { name, values_set, kube_version, objects, failed } = run;
        RunJson {
            name,
            values_set,
            kube_version: kube_version.as_deref(),
            objects: *objects,
            judged: !failed,
        }
    }
}

/// What a profile says; nothing of whether the chart is valid where that cannot be said.
#[derive(Serialize)]
struct Profile<'a> {
    name: &'a str,
    mode: String,
    valid: Option<bool>,
    reason: &'a str,
}

impl Profile<'_> {
    fn of(verdict: &Verdict) -> Profile<'_> {
        let Verdict { profile, mode, valid, reason, withheld } = verdict;
        Profile { name: profile, mode: mode.to_string(), valid: (!withheld).then_some(*valid), reason }
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
    /// Other places that matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    suggestions: Vec<String>,
    help: Option<&'a str>,
    fix: Option<Mend<'a>>,
    sources: &'a [String],
    /// The runs that found it, where not all did.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    runs: &'a [String],
}

/// A place that matters besides.
#[derive(Serialize)]
struct Related<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a ObjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a FileLine>,
}

impl Related<'_> {
    fn of(location: &Location) -> Related<'_> {
        Related {
            object: location.object.as_ref(),
            field: location.field.as_ref().map(ToString::to_string),
            location: location.source.as_ref(),
        }
    }
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
#[serde(rename_all = "camelCase")]
struct Summary {
    charts: usize,
    errors: usize,
    warnings: usize,
    advice: usize,
    unjudged: usize,
    allowed: usize,
    in_baseline: usize,
}

/// Writes the document, a chart at a time. That of a shard holds the record of each chart besides, and which shard it is.
#[derive(Default)]
pub(super) struct Stream {
    has_begun: bool,
    shard: Option<Shard>,
    has_records: bool,
}

impl Stream {
    pub(super) fn new(style: Style) -> Stream {
        Stream { has_records: style.has_records, ..Stream::default() }
    }
}

const HEAD: &str = "{\n  \"schemaVersion\": 1,\n  \"charts\": [";

impl super::stream::Stream for Stream {
    fn chart(&mut self, report: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        let head = if std::mem::replace(&mut self.has_begun, true) { "," } else { HEAD };
        let text = serde_json::to_string_pretty(&chart(report))?;
        let text = text.replace('\n', "\n    ");
        if self.has_records
            && let Some(open) = text.strip_suffix("\n    }")
        {
            let record = record::write(report);
            return write!(out, "{head}\n    {open},\n      \"record\": {record}\n    }}");
        }
        write!(out, "{head}\n    {text}")
    }

    fn shard(&mut self, shard: &Shard) {
        self.shard = Some(shard.clone());
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let summary = Summary {
            charts: tally.charts,
            errors: tally.counts.errors,
            warnings: tally.counts.warnings,
            advice: tally.counts.advice,
            unjudged: tally.failed,
            allowed: tally.allowed,
            in_baseline: tally.in_baseline,
        };
        let end = if self.has_begun { "\n  ]" } else { "]" };
        let head = if self.has_begun { "" } else { HEAD };
        let summary = serde_json::to_string_pretty(&summary)?.replace('\n', "\n  ");
        let shard = match &self.shard {
            Some(shard) => format!(",\n  \"shard\": {}", serde_json::to_string(shard)?),
            None => String::new(),
        };
        writeln!(out, "{head}{end},\n  \"summary\": {summary}{shard}\n}}")
    }
}

fn chart(chart: &ChartReport) -> Chart<'_> {
    Chart {
        path: &chart.path,
        name: &chart.name,
        version: &chart.version,
        objects: chart.objects,
        judged: !chart.failed,
        values_set: chart.runs.is_empty().then_some(OWN),
        allowed: chart.allowed,
        in_baseline: chart.in_baseline,
        configurations: &chart.configurations,
        runs: chart.runs.iter().map(RunJson::of).collect(),
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
        related: diagnostic.related.iter().map(Related::of).collect(),
        suggestions: diagnostic.suggestions.iter().map(FieldPath::to_set_expression).collect(),
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(Mend::of),
        sources: &diagnostic.sources,
        runs: &diagnostic.runs,
    }
}
