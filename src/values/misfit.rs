//! [`Misfit`]: a value that does not fit the schema of its chart.

use std::rc::Rc;

use crate::schema;

/// What of a chart's values does not fit its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The full path of the chart.
    pub chart: String,
    /// The schema's file, by its path below the top chart as it lies on disk.
    pub file: String,
    /// The schema's text.
    pub text: Rc<[u8]>,
    /// What.
    pub what: schema::Misfit,
}
