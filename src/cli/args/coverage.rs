//! `--coverage`: which lines, branches and values the sets of values reach, told with the report or written to a file.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::error::Error;
use crate::cli::outputs::{create, unwritable};
use crate::go::raw;
use crate::judge::ChartReport;
use crate::report::coverage;
use crate::staged::Replacing;

/// Whether it is said what was reached, and where.
#[derive(Args, Debug)]
#[command(next_help_heading = "Report")]
pub(crate) struct CoverageArgs {
    /// Say which lines, branches and values the sets of values reach; with `=FILE` write it there, as JSON where FILE ends with
    /// .json, for lcov where it ends with .info or .lcov
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "",
        value_parser = target)]
    coverage: Option<Target>,
}

/// Where it is said.
#[derive(Clone, Debug)]
enum Target {
    /// In the report.
    Report,
    /// In a file for lcov.
    Lcov(PathBuf),
    /// In a file of JSON.
    Json(PathBuf),
}

fn target(text: &str) -> Result<Target, String> {
    let path = raw::path(text).into_owned();
    match path.extension().and_then(|end| end.to_str()) {
        _ if text.is_empty() => Ok(Target::Report),
        Some("json") => Ok(Target::Json(path)),
        Some("info" | "lcov") => Ok(Target::Lcov(path)),
        _ => Err("the name of the file must end with .info or .lcov, for lcov, or with .json".to_owned()),
    }
}

impl CoverageArgs {
    /// Whether it is asked for.
    pub(crate) fn is_on(&self) -> bool {
        self.coverage.is_some()
    }

    /// Opens the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn open(&self) -> Result<Option<CoverageFile>, Error> {
        let (path, is_json) = match &self.coverage {
            None | Some(Target::Report) => return Ok(None),
            Some(Target::Lcov(path)) => (path, false),
            Some(Target::Json(path)) => (path, true),
        };
        Ok(Some(CoverageFile { path: path.clone(), file: create(path)?, is_json, charts: Vec::new() }))
    }
}

/// The file that coverage is written to.
pub(crate) struct CoverageFile {
    path: PathBuf,
    file: BufWriter<Replacing>,
    is_json: bool,
    /// The charts so far, as JSON.
    charts: Vec<serde_json::Value>,
}

impl CoverageFile {
    /// Writes what was reached of a chart.
    pub(crate) fn chart(&mut self, chart: &ChartReport) -> Result<(), Error> {
        let Some(reached) = &chart.coverage else { return Ok(()) };
        if self.is_json {
            self.charts.push(coverage::json(chart, reached));
            return Ok(());
        }
        coverage::write_lcov(chart, reached, &mut self.file).map_err(|error| unwritable(&self.path, &error))
    }

    /// Has the file be there.
    pub(crate) fn end(mut self) -> Result<(), Error> {
        if self.is_json {
            let text = format!("{:#}\n", json!({"version": 1, "charts": self.charts}));
            self.file.write_all(text.as_bytes()).map_err(|error| unwritable(&self.path, &error))?;
        }
        self.file.flush().map_err(|error| unwritable(&self.path, &error))?;
        let file = self.file.into_inner().map_err(|error| unwritable(&self.path, error.error()))?;
        file.keep().map_err(|error| Error::new(format!("cannot write {}: {error}", self.path.display())))
    }
}
