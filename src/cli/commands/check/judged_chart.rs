//! [`Judged`]: a chart that was judged, with what its configuration says of the run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::args::configuration::typed;
use crate::cli::error::Error;
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
    /// The baseline; or that which a configuration names outside its own checkout, and that configuration.
    pub(super) baseline: Result<Option<PathBuf>, (PathBuf, PathBuf)>,
}

impl Settings {
    /// The baseline.
    ///
    /// # Errors
    /// The configuration names one that is not its own to name: it would be read, and perhaps written.
    pub(super) fn baseline(&self) -> Result<Option<&Path>, Error> {
        self.baseline.as_ref().map(Option::as_deref).map_err(|(file, config)| {
            let (file, config) = (file.display(), typed(config).display());
            Error::new(format!("{config} names the baseline {file}, which lies outside what it belongs to"))
                .hint("name a file in its checkout, or in its folder; or write --baseline FILE")
        })
    }
}
