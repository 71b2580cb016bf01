//! `merge`: one report out of those of the shards of a run, as if one machine had judged all charts.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args as ClapArgs;

use crate::cli::args::cache::CacheArgs;
use crate::cli::args::coverage::{CoverageArgs, CoverageFile};
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
    /// Wait so many seconds for reports that are not there yet
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
    #[command(flatten)]
    coverage: CoverageArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    cache: CacheArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        if self.reports.is_empty() {
            return Err(Error::new("there is no report to merge")
                .hint("name the files of `check --shard INDEX/COUNT --format json=FILE`"));
        }
        let until = Instant::now() + Duration::from_secs(self.wait.unwrap_or_default());
        let heads = self.reports.iter().map(|file| {
            let head = merge::head(file, self.await_report(file, until)?)
                .map_err(|error| Error::from(error).hint(WRITTEN_BY));
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
        let mut covered = self.coverage.open()?;
        let (mut failed, mut reached, mut is_covered) = (false, false, false);
        let cache = self.cache.open(None)?;
        let mut paths = Vec::new();
        let mut take = |chart: ChartReport| -> Result<(), Error> {
            if answers && !chart.runs.is_empty() {
                return Err(Error::new(merge::Error::Several(chart.path))
                    .hint("run `check` with that format, too: then it judges one"));
            }
            failed |= chart.failed;
            if cache.is_some() {
                paths.push(chart.path.clone());
            }
            let counts = Counts::of(&chart.diagnostics);
            let severity = self.output.fail_on.and_then(FailOn::severity);
            reached |= severity.is_some_and(|severity| counts.reach(severity));
            is_covered |= chart.coverage.is_some();
            covered.iter_mut().try_for_each(|file| file.chart(&chart))?;
            outputs.chart(&chart, context.out)
        };
        let readers = self.reports.iter().map(|file| open(file)).collect::<Result<Vec<_>, _>>()?;
        parts.charts(readers, &mut take)?;
        if self.coverage.is_on() && !is_covered && !failed {
            return Err(
                Error::new("no report says what was reached").hint("run `check` with --coverage, too")
            );
        }
        covered.map_or(Ok(()), CoverageFile::end)?;
        outputs.end(context.out)?;
        if let Some(cache) = cache {
            // The next run is divided by these.
            cache.note_times(paths.into_iter().zip(parts.milliseconds()).collect());
        }
        // Without the flag each chart's own configuration says what fails it.
        let found = if self.output.fail_on.is_some() { reached } else { parts.found() };
        Ok(match (failed, found) {
            (true, _) => Done::Unable,
            (false, true) => Done::Findings,
            (false, false) => Done::Clean,
        })
    }
}

impl Args {
    /// Opens a report, which may not be there yet: one appears when all of it is written.
    fn await_report(&self, file: &str, until: Instant) -> Result<File, Error> {
        loop {
            match (files::open(Path::new(file)), self.wait) {
                (Err(error), Some(_)) if error.kind() == ErrorKind::NotFound && Instant::now() < until => {
                    thread::sleep(PAUSE.min(until.saturating_duration_since(Instant::now())));
                }
                (Err(error), Some(wait)) if error.kind() == ErrorKind::NotFound => {
                    let why = error_text(&error);
                    return Err(Error::new(format!("waited {wait} s for the report {file}: {why}")));
                }
                _ => return open(file),
            }
        }
    }
}

/// How often it is looked whether a report is there.
const PAUSE: Duration = Duration::from_millis(250);

const WRITTEN_BY: &str = "`check --shard INDEX/COUNT --format json=FILE` writes one";

fn open(file: &str) -> Result<File, Error> {
    files::open(Path::new(file))
        .map_err(|error| Error::new(format!("cannot read the report {file}: {}", error_text(&error))))
}
