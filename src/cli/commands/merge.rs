//! `merge`: one report out of those of the shards of a run, as if one machine had judged all charts.

use std::fs::File;
use std::path::Path;

use clap::Args as ClapArgs;

use crate::cli::args::output::{FailOn, OutputArgs};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::outputs::Outputs;
use crate::files;
use crate::go::os::error_text;
use crate::judge::{ChartReport, Counts};
use crate::report::merge::{self, Parts};

/// Make one report of the JSON reports of all shards of a run
///
/// REPORT is what `check --shard INDEX/COUNT --format json=REPORT` wrote. The merged report is the one that `check` without
/// --shard would have written, in any format. A shard that is missing or there twice is an error, and so are reports of
/// different runs: other charts, flags, values or configurations, another version.
///
/// Exits as `check` would: with 0 where nothing is wrong, with 1 where something is at least as severe as --fail-on says, and
/// with 2 where a chart could not be judged or the reports are no run.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll merge REPORT... [flags]")]
pub(crate) struct Args {
    /// JSON reports of shards, in any order
    #[arg(value_name = "REPORT")]
    reports: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        if self.reports.is_empty() {
            return Err(Error::new("there is no report to merge")
                .hint("name the files of `check --shard INDEX/COUNT --format json=FILE`"));
        }
        let heads = self.reports.iter().map(|file| {
            let head = merge::head(file, open(file)?).map_err(|error| Error::from(error).hint(WRITTEN_BY));
            Ok((file.clone(), head?))
        });
        let parts = Parts::new(heads.collect::<Result<_, Error>>()?)?;
        if self.output.shows_release() && !parts.has_release() {
            let message = "a page of HTML shows the whole release, and the shards did not keep it";
            return Err(Error::new(message)
                .hint("run `check` with --format html=FILE, too: then its JSON holds the release"));
        }
        let mut outputs = Outputs::new(&self.output, context, false)?;
        let answers = self.output.answers_once() && !parts.answers_once();
        let (mut failed, mut reached) = (false, false);
        let mut take = |chart: ChartReport| -> Result<(), Error> {
            if answers && !chart.runs.is_empty() {
                return Err(Error::new(merge::Error::Several(chart.path))
                    .hint("run `check` with that format, too: then it judges one"));
            }
            failed |= chart.failed;
            let counts = Counts::of(&chart.diagnostics);
            let severity = self.output.fail_on.and_then(FailOn::severity);
            reached |= severity.is_some_and(|severity| counts.reach(severity));
            outputs.chart(&chart, context.out)
        };
        let readers = self.reports.iter().map(|file| open(file)).collect::<Result<Vec<_>, _>>()?;
        parts.charts(readers, &mut take)?;
        outputs.end(context.out)?;
        // Without the flag each chart's own configuration says what fails it.
        let found = if self.output.fail_on.is_some() { reached } else { parts.found() };
        Ok(match (failed, found) {
            (true, _) => Done::Unable,
            (false, true) => Done::Findings,
            (false, false) => Done::Clean,
        })
    }
}

const WRITTEN_BY: &str = "`check --shard INDEX/COUNT --format json=FILE` writes one";

fn open(file: &str) -> Result<File, Error> {
    files::open(Path::new(file))
        .map_err(|error| Error::new(format!("cannot read the report {file}: {}", error_text(&error))))
}
