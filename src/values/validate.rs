//! What a render sees as `.Values`: everything coalesced and checked against the schemas.

use std::rc::Rc;

use super::misfit::Misfit;
use super::{Error, ErrorKind, coalesce};
use crate::chart::Chart;
use crate::go::slog;
use crate::manifest::HelmVersion;
use crate::schema;
use crate::value::{Map, Value};

/// The values of the top chart, coalesced and, unless `schema` is `None`, checked against the schemas of all charts.
/// Helm: `ToRenderValuesWithSchemaValidation`.
pub fn to_render_values(
    chart: &Chart,
    values: &Map,
    helm: HelmVersion,
    schema: Option<schema::Options>,
    warnings: &mut Vec<slog::Line>,
) -> Result<Map, Error> {
    let values = coalesce(chart, values, helm, warnings)?;
    if let Some(options) = schema {
        validate(chart, &values, options, warnings).map_err(|error| {
            let message = format!(
                "values don't meet the specifications of the schema(s) in the following chart(s):\n{error}"
            );
            Error { misfits: error.misfits, ..Error::new(ErrorKind::Schema, message) }
        })?;
    }
    Ok(values)
}

/// Checks coalesced values against the schemas of the chart and of its dependencies; what Helm logs is added to the
/// warnings. Helm: `ValidateAgainstSchema`, which also logs the whole text of each schema.
pub fn validate(
    chart: &Chart,
    values: &Map,
    options: schema::Options,
    warnings: &mut Vec<slog::Line>,
) -> Result<(), Error> {
    let mut misfits = Vec::new();
    let report = faults(chart, values, options, warnings, &mut misfits);
    if report.is_empty() {
        Ok(())
    } else {
        Err(Error { misfits: misfits.into(), ..Error::new(ErrorKind::Schema, report) })
    }
}

fn faults(
    chart: &Chart,
    values: &Map,
    options: schema::Options,
    warnings: &mut Vec<slog::Line>,
    misfits: &mut Vec<Misfit>,
) -> String {
    let mut report = String::new();
    let debug = |message, attributes: &[_]| slog::Line::debug(message, attributes);
    if chart.schema.is_some() {
        warnings.push(debug("chart name", &[("chart-name", chart.name())]));
    }
    if let Some(schema) = &chart.schema
        && let Err(refusal) = schema::validate(values, schema, options, chart.folder.as_deref(), warnings)
    {
        report = format!("{}:\n{refusal}", chart.name());
        let below = if chart.dir.is_empty() { String::new() } else { format!("{}/", chart.dir) };
        misfits.extend(refusal.misfits.into_iter().map(|what| Misfit {
            chart: chart.full_path.clone(),
            file: format!("{below}values.schema.json"),
            text: Rc::clone(schema),
            what,
        }));
    }
    let count = chart.dependencies.len().to_string();
    warnings.push(debug(
        "number of dependencies in the chart",
        &[("chart", chart.name()), ("dependencies", &count)],
    ));
    for dependency in &chart.dependencies {
        match values.get(dependency.name()) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(below)) => {
                report.push_str(&faults(dependency, &below, options, warnings, misfits));
            }
            Some(other) => report.push_str(&format!(
                "{}:\ninvalid type for values: expected object (map), got {}\n",
                dependency.name(),
                other.type_name()
            )),
        }
    }
    report
}
