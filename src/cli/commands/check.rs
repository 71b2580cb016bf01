//! `check`: renders charts and judges them. What is judged is in [`crate::policy`] and [`crate::rules`], how it is told in
//! [`crate::report`]; here are the flags, the charts and the exit code.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::{Args as ClapArgs, ValueEnum};

use crate::budget::Run;
use crate::cli::args::globals::Globals;
use crate::cli::args::{JudgedArgs, Switch, ValuesArgs, locate};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::input::read_file;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files;
use crate::go::os::error_text;
use crate::judge::{self, ChartReport, Chosen, Inputs, Report, Root};
use crate::policy::Baseline;
use crate::report::{Format, Look};
use crate::{budget, stack, staged};

/// Render charts and judge them by a profile of rules
///
/// Without CHART, but with -f and a profile that looks at values alone, such as h2o-mlops, the values files are judged.
///
/// Exits with 0 where nothing is wrong, with 1 where something is at least as severe as --fail-on says, and with 2 where a
/// chart could not be judged.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll check [CHART...] [flags]")]
pub(crate) struct Args {
    /// Charts: folders, archives, or any files inside charts [default: the current folder]
    #[arg(value_name = "CHART")]
    charts: Vec<String>,
    /// Judge YAML that is already rendered: a file, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "charts")]
    manifests: Option<String>,
    /// Values before, to judge what changed; for profiles on values (can specify multiple)
    #[arg(long, value_name = "OLD-VALUES", conflicts_with = "manifests")]
    previous: Vec<String>,
    #[command(flatten)]
    judged: JudgedArgs,
    #[command(flatten)]
    tell: TellArgs,
}

/// How findings are told.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Report")]
struct TellArgs {
    /// Fail from this severity on [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    fail_on: Option<FailOn>,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: Format,
    /// Write the report to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave out the findings that this file holds
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings to the baseline file, and find nothing
    #[arg(long)]
    write_baseline: Switch,
    /// Number of charts to judge at the same time [default: the number of processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Advice,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Advice => Some(Severity::Advice),
            FailOn::Never => None,
        }
    }
}

/// The baseline where none is named.
const BASELINE: &str = ".plimsoll-baseline.json";

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let mut report = Report { charts: self.judge(context.globals)? };
        let Settings { fail_on: threshold, baseline } = self.settings();
        if self.tell.write_baseline.is_on() {
            return write_baseline(self, &report, baseline, context);
        }
        let hidden = apply_baseline(&mut report, baseline.as_deref())?;
        match &self.tell.output {
            None => self.tell.format.write(&report, context.look(), context.out)?,
            Some(path) => {
                let mut text = Vec::new();
                self.tell.format.write(&report, Look::default(), &mut text)?;
                write_whole(path, &text)?;
            }
        }
        if report.failed() {
            return Ok(Done::Unable);
        }
        // A verdict speaks of everything, what the baseline hides too.
        let mut verdicts = report.charts.iter().flat_map(|chart| &chart.verdicts);
        let refused = !hidden && verdicts.any(|verdict| !verdict.valid);
        let fails = threshold.is_some_and(|severity| refused || report.reaches(severity));
        Ok(if fails { Done::Findings } else { Done::Clean })
    }

    /// Judges everything, several charts at a time, and keeps the order in which they were given.
    fn judge(&self, globals: &Globals) -> Result<Vec<ChartReport>, Error> {
        if let Some(file) = &self.manifests {
            let text = read_file(file)?;
            let text = String::from_utf8(text)
                .map_err(|error| Error::new(format!("{file} is not UTF-8: {}", error.utf8_error())))?;
            // The configuration of a file of manifests is that of the folder one is in.
            return Ok(vec![match self.judged.inputs(Path::new("."), globals) {
                Ok(inputs) => judge::manifests(file, text, &inputs),
                Err(why) => ChartReport::failed(file, *why),
            }]);
        }
        if self.is_on_values_alone() {
            let files = self.judged.values.files.join(",");
            let path = if files.is_empty() { "values" } else { &files };
            return Ok(vec![judge::values(path, self.inputs(Path::new("."), globals))]);
        }
        let words = if self.charts.is_empty() { &[".".to_owned()][..] } else { &self.charts };
        let charts = locate::charts(words);
        let workers = self.workers(charts.len());
        if workers < 2 {
            return Ok(charts.iter().map(|path| self.judge_chart(path, globals)).collect());
        }
        let next = AtomicUsize::new(0);
        let done: Vec<Mutex<Option<ChartReport>>> = charts.iter().map(|_| Mutex::new(None)).collect();
        let work = || {
            while let Some((path, slot)) = {
                let at = next.fetch_add(1, Ordering::Relaxed);
                charts.get(at).zip(done.get(at))
            } {
                let report = self.judge_chart(path, globals);
                *slot.lock().expect("no worker panics while it holds a slot") = Some(report);
            }
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(|| stack::with_stack(work))).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|_| Err("judging stopped on an internal error".to_owned()))
            };
            threads.into_iter().map(join).collect::<Result<Vec<()>, String>>()
        })
        .map_err(Error::new)?;
        let report = |slot: Mutex<Option<ChartReport>>| {
            let report = slot.into_inner().expect("no worker panics while it holds a slot");
            report.expect("every chart is taken by a worker")
        };
        Ok(done.into_iter().map(report).collect())
    }

    /// Whether values are given without a chart, and every profile judges nothing else.
    fn is_on_values_alone(&self) -> bool {
        let profiles = || self.judged.policy.profiles(Path::new("."));
        self.charts.is_empty()
            && self.judged.values.is_given()
            && profiles().is_ok_and(|profiles| profiles.iter().all(Chosen::is_on_values))
    }

    /// What is judged, the values before among it.
    fn inputs(&self, path: &Path, globals: &Globals) -> Result<Inputs, Box<Diagnostic>> {
        let mut inputs = self.judged.inputs(path, globals)?;
        if self.previous.is_empty() {
            return Ok(inputs);
        }
        if !inputs.profiles.iter().any(Chosen::is_on_values) {
            let message = "--previous is read by profiles on values alone, such as h2o-mlops";
            return Err(Box::new(judge::unusable_flag(message.to_owned())));
        }
        let previous = ValuesArgs { files: self.previous.clone(), ..ValuesArgs::default() };
        let read = previous.read().map_err(|error| Box::new(judge::unreadable_values(&error.to_string())))?;
        inputs.previous = Some(read);
        Ok(inputs)
    }

    fn judge_chart(&self, path: &Path, globals: &Globals) -> ChartReport {
        let run = Run::of_chart();
        let shown = path.display().to_string();
        budget::work_on(|| shown.clone());
        let root = if path.is_dir() { Root::Folder } else { Root::Archive };
        let report = match self.judged.chart(path, globals) {
            Ok(chart) => judge::chart(&shown, chart, self.inputs(path, globals)),
            Err(why) => ChartReport::failed(shown.as_str(), *why),
        };
        // What was cut off over the budget is no report.
        let report = match run.over() {
            Some(over) if !report.failed => ChartReport::failed(shown, judge::too_much(over)),
            _ => report,
        };
        ChartReport { root, ..report }
    }

    /// How many charts are judged at the same time. Standard input can be read once only.
    fn workers(&self, charts: usize) -> usize {
        if self.judged.values.files.iter().any(|file| file.trim() == "-") {
            return 1;
        }
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        self.tell.jobs.unwrap_or_else(processors).min(charts)
    }

    /// What the flags say, or else the configuration of the first chart. One that cannot be read is reported by judging.
    fn settings(&self) -> Settings {
        let path = self.charts.first().map_or(".", String::as_str);
        let profiles = self.judged.policy.profiles(Path::new(path)).unwrap_or_default();
        let given = self.tell.fail_on.map(FailOn::severity);
        let configured = || profiles.iter().find_map(|chosen| chosen.profile.fail_on);
        let named = profiles.iter().find_map(|chosen| chosen.profile.baseline.clone());
        Settings {
            fail_on: given.or_else(configured).unwrap_or(Some(Severity::Error)),
            baseline: self.tell.baseline.clone().or(named.map(PathBuf::from)),
        }
    }
}

/// When a run fails, and what it need not find.
struct Settings {
    /// Nothing fails it where there is no severity.
    fail_on: Option<Severity>,
    baseline: Option<PathBuf>,
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, text: &[u8]) -> Result<(), Error> {
    staged::write(path, text).map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))
}

fn write_baseline(
    args: &Args,
    report: &Report,
    path: Option<PathBuf>,
    context: &mut Context,
) -> Result<Done, Error> {
    if report.failed() {
        args.tell.format.write(report, context.look(), context.out)?;
        return Ok(Done::Unable);
    }
    let mut baseline = Baseline::new();
    for chart in &report.charts {
        baseline.record(&chart.name, &chart.diagnostics);
    }
    let path = path.unwrap_or_else(|| PathBuf::from(BASELINE));
    write_whole(&path, baseline.to_json().as_bytes())?;
    let count = report.diagnostics().count();
    context.say(format!("wrote {count} findings to {}", path.display()));
    Ok(Done::Clean)
}

/// Takes the findings of the baseline out, and says whether there were any.
fn apply_baseline(report: &mut Report, path: Option<&Path>) -> Result<bool, Error> {
    let Some(path) = path else { return Ok(false) };
    let shown = path.display();
    let text = files::read_to_string(path)
        .map_err(|error| Error::new(format!("cannot read the baseline {shown}: {}", error_text(&error))))?;
    let baseline = Baseline::parse(&text).map_err(|why| Error::new(format!("{shown} {why}")))?;
    let before = report.diagnostics().count();
    for chart in report.charts.iter_mut().filter(|chart| !chart.failed) {
        chart.diagnostics = baseline.apply(&chart.name, std::mem::take(&mut chart.diagnostics));
    }
    Ok(report.diagnostics().count() < before)
}
