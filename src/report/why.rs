//! What `why` found out, told to people and to machines.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;

use super::json::Value as ValueJson;
use super::look::{Look, cut, flat};
use super::place::{in_chart, layer_line};
use crate::diagnostic::{FileLine, IncludeSite, ObjectId, ValueOrigin};
use crate::judge::ChartReport;
use crate::judge::why::Explanation;

#[derive(Serialize)]
struct Document<'a> {
    object: &'a ObjectId,
    field: Option<String>,
    value: &'a Json,
    location: Option<&'a FileLine>,
    includes: &'a [IncludeSite],
    values: Vec<ValueJson<'a>>,
    conditions: Vec<ValueJson<'a>>,
}

/// Writes it as JSON: keys are added, never renamed or removed.
///
/// # Errors
/// Those of the writer.
pub fn write_json(explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let Explanation { object, field, value, location, origin, .. } = explanation;
    let document = Document {
        object,
        field: field.as_ref().map(ToString::to_string),
        value,
        location: location.as_ref(),
        includes: &origin.includes,
        values: origin.values.iter().map(ValueJson::of).collect(),
        conditions: origin.conditions.iter().map(ValueJson::of).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// Writes it for people. Files of the chart, of which only path and kind matter, are named as one would type them.
///
/// # Errors
/// Those of the writer.
pub fn write_human(
    explanation: &Explanation,
    chart: &ChartReport,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Explanation { object, field, value, origin, .. } = explanation;
    let shown = field.as_ref().map_or(String::new(), |field| format!(" {field}"));
    writeln!(out, "{}{}", look.bold(&flat(&object.to_string())), flat(&shown))?;
    if field.is_some() {
        writeln!(out, "  = {}", cut(&value.to_string(), look.columns() - 4))?;
    }
    write_place(explanation, chart, look, out)?;
    for site in &origin.includes {
        let called =
            format!("{}:{}, which includes {}", in_chart(chart, &site.file), site.line, site.template);
        writeln!(out, "  {} {}", look.dim("from"), flat(&called))?;
    }
    for value in &origin.values {
        writeln!(out)?;
        write_value(value, chart, look, out)?;
    }
    if !origin.conditions.is_empty() {
        writeln!(out)?;
    }
    origin.conditions.iter().try_for_each(|value| write_condition(value, chart, look, out))
}

fn write_place(
    explanation: &Explanation,
    chart: &ChartReport,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(location) = &explanation.location else { return Ok(()) };
    let line = location.line.map_or(String::new(), |line| format!(":{line}"));
    writeln!(out, "  {} {}{line}", look.dim("-->"), flat(&in_chart(chart, &location.file)))?;
    if let (Some(excerpt), Some(line)) = (&explanation.excerpt, location.line) {
        let number = line.to_string();
        let room = look.columns().saturating_sub(number.len() + 6);
        writeln!(out, "  {} {} {}", look.dim(&number), look.dim("|"), cut(excerpt, room))?;
    }
    Ok(())
}

/// A value, the layer that set it and the layers that it hides.
pub(super) fn write_value(
    value: &ValueOrigin,
    chart: &ChartReport,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let aside = match value.key == value.path {
        true => String::new(),
        false => format!("  (set it as {})", value.path.to_set_expression()),
    };
    writeln!(out, "{}{}", look.bold(&flat(&value.template_key())), flat(&aside))?;
    let shown = |value: &serde_json::Value| cut(&value.to_string(), 40);
    match (&value.layer, &value.nearest) {
        (Some(layer), _) => {
            writeln!(
                out,
                "  = {}  {} {}",
                shown(&value.value),
                look.dim("-->"),
                flat(&layer_line(chart, layer, value.line))
            )?;
        }
        (None, None) => writeln!(out, "  is not set")?,
        (None, Some(nearest)) => {
            let place = flat(&layer_line(chart, &nearest.layer, nearest.line));
            let text = format!("is not set; {} is in {place}", nearest.path.to_set_expression());
            writeln!(out, "  {}", look.fit(&flat(&text), 4).replace('\n', "\n    "))?;
        }
    }
    for shadow in &value.shadows {
        let place = flat(&layer_line(chart, &shadow.layer, shadow.line));
        writeln!(out, "  {} {}  {} {place}", look.dim("hides"), shown(&shadow.value), look.dim("-->"))?;
    }
    for list in &value.replaced {
        let (path, place) =
            (flat(&list.path.to_set_expression()), flat(&layer_line(chart, &list.layer, list.line)));
        writeln!(out, "  {} the whole list {path}  {} {place}", look.dim("replaces"), look.dim("-->"))?;
    }
    for null in &value.nulls {
        let place = flat(&layer_line(chart, &null.layer, null.line));
        writeln!(out, "  {} null  {} {place}", look.dim("in spite of"), look.dim("-->"))?;
    }
    Ok(())
}

/// A value that decided that the field is there, on one line.
fn write_condition(
    value: &ValueOrigin,
    chart: &ChartReport,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = value
        .layer
        .as_ref()
        .map_or("not set".to_owned(), |layer| flat(&layer_line(chart, layer, value.line)));
    let what = cut(&value.value.to_string(), 20);
    writeln!(out, "{} {} = {what}  {} {place}", look.dim("if"), flat(&value.template_key()), look.dim("-->"))
}
