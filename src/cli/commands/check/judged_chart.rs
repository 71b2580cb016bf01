//! [`Judged`]: a chart that was judged, with what its configuration says of the run.

use std::path::PathBuf;
use std::time::Duration;

use crate::diagnostic::Severity;
use crate::judge::ChartReport;

/// A chart that was judged, and what the configuration around it says of the run.
pub(super) struct Judged {
    pub(super) report: ChartReport,
    pub(super) settings: Settings,
    /// How long it took.
    pub(super) time: Duration,
}

/// When a run fails, and what it need not find.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Nothing fails it where there is no severity.
    pub(super) fail_on: Option<Severity>,
    pub(super) baseline: Option<PathBuf>,
}
