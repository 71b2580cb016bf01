//! `--coverage`: which lines, branches and values the sets of values reach, told with the report or written to a file.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::cli::error::Error;
use crate::cli::outputs::{create, unwritable};
use crate::judge::ChartReport;
use crate::report::coverage;
use crate::staged::Replacing;

/// Whether it is said what was reached, and where.
#[derive(Args, Debug)]
#[command(next_help_heading = "Report")]
pub(super) struct CoverageArgs {
    /// Say which lines, branches and values the sets of values reach; with `=FILE` write it there, as JSON where FILE ends with
    /// .json, for lcov where it ends with .info or .lcov
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "",
        conflicts_with_all = ["manifests", "shard"])]
    coverage: Option<PathBuf>,
}

impl CoverageArgs {
    /// Whether it is asked for.
    pub(super) fn is_on(&self) -> bool {
        self.coverage.is_some()
    }

    /// The file that it is written to.
    pub(super) fn file(&self) -> Option<&Path> {
        self.coverage.as_deref().filter(|file| !file.as_os_str().is_empty())
    }

    /// Opens the file.
    ///
    /// # Errors
    /// Its name does not say how to write, or it cannot be written.
    pub(super) fn open(&self) -> Result<Option<CoverageFile>, Error> {
        let Some(path) = self.file() else { return Ok(None) };
        let is_json = match path.extension().and_then(|end| end.to_str()) {
            Some("json") => true,
            Some("info" | "lcov") => false,
            _ => {
                let message = format!("--coverage={} does not say in which format", path.display());
                return Err(Error::new(message)
                    .hint("end the name with .info for lcov, or with .json; leave it out for people"));
            }
        };
        Ok(Some(CoverageFile { path: path.to_owned(), file: create(path)?, is_json, charts: Vec::new() }))
    }
}

/// The file that coverage is written to.
pub(super) struct CoverageFile {
    path: PathBuf,
    file: BufWriter<Replacing>,
    is_json: bool,
    /// The charts so far, as JSON.
    charts: Vec<serde_json::Value>,
}

impl CoverageFile {
    /// Writes what was reached of a chart.
    pub(super) fn chart(&mut self, chart: &ChartReport) -> Result<(), Error> {
        let Some(reached) = &chart.coverage else { return Ok(()) };
        if self.is_json {
            self.charts.push(coverage::json(chart, reached));
            return Ok(());
        }
        coverage::write_lcov(chart, reached, &mut self.file).map_err(|error| unwritable(&self.path, &error))
    }

    /// Has the file be there.
    pub(super) fn end(mut self) -> Result<(), Error> {
        if self.is_json {
            let text = format!("{:#}\n", json!({"version": 1, "charts": self.charts}));
            self.file.write_all(text.as_bytes()).map_err(|error| unwritable(&self.path, &error))?;
        }
        self.file.flush().map_err(|error| unwritable(&self.path, &error))?;
        let file = self.file.into_inner().map_err(|error| unwritable(&self.path, error.error()))?;
        file.keep().map_err(|error| Error::new(format!("cannot write {}: {error}", self.path.display())))
    }
}
