//! `check`: renders charts and judges them. What is judged is in [`crate::policy`] and [`crate::rules`], how it is told in
//! [`crate::report`]; here are the flags and the exit code. Which charts are judged says [`crate::cli::args::locate`], with
//! which values [`crate::cli::args::sets`], how several are judged at a time [`pool`], which of them on which machine [`shard`], and where reports
//! go [`crate::cli::outputs`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args as ClapArgs;

mod baseline;
mod depfile;
mod judged_chart;
mod pool;
mod progress;
mod shard;
mod since;
mod tell;
mod upgrade;

use crate::budget::{self, Over, Run};
use crate::cache::{Attested, Cache, ChartDigest, Times};
use crate::cli::args::cache::CacheArgs;
use crate::cli::args::configuration::is_within;
use crate::cli::args::coverage::CoverageArgs;
use crate::cli::args::globals::Globals;
use crate::cli::args::locate::{self, Found};
use crate::cli::args::output::FailOn;
use crate::cli::args::repeat::RepeatArgs;
use crate::cli::args::sets::{OF_SETS, kube_versions};
use crate::cli::args::{JudgedArgs, SetsArgs, ValuesArgs, judged};
use crate::cli::context::{Context, Done};
use crate::cli::environment;
use crate::cli::error::Error;
use crate::cli::input::read_file;
use crate::cli::outputs::Outputs;
use crate::diagnostic::{Diagnostic, Severity};
use crate::go::raw;
use crate::judge::{self, ChartReport, Chosen, Counts, Inputs, Known, Root};
use crate::report::Shard;
use crate::signing::Keyring;
use crate::values;
use baseline::Baselines;
use depfile::DepfileArgs;
use judged_chart::{Judged, Settings};
use progress::Progress;
use shard::Given;
use tell::TellArgs;

/// Render charts and judge them by a profile of rules
///
/// CHART is a folder or archive of a chart, any file inside one, a folder with charts below it, or a pattern. A values file
/// of a chart is a set of values that the chart is judged with.
///
/// Without CHART, but with -f and a profile that looks at values alone, such as h2o-mlops, the values files are judged.
///
/// Exits with 0 where nothing is wrong, with 1 where something is at least as severe as --fail-on says, and with 2 where a
/// chart could not be judged or there is nothing to judge.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll check [CHART...] [flags]")]
pub(crate) struct Args {
    /// Charts, folders with charts, or files inside charts [default: the current folder]
    #[arg(value_name = "CHART")]
    charts: Vec<String>,
    /// Judge YAML that is already rendered: a file, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "charts", conflicts_with_all = judged::OF_CHARTS,
        conflicts_with_all = OF_SETS, conflicts_with = "coverage")]
    manifests: Option<String>,
    /// Values before, to judge what changed; for profiles on values (can specify multiple)
    #[arg(long, value_name = "OLD-VALUES", conflicts_with = "manifests")]
    previous: Vec<String>,
    /// What the release was before: another chart or a reference to one, or the values that it had; with --manifests what was
    /// rendered. What a server would refuse to change is told
    #[arg(long, value_name = "CHART|REF|VALUES")]
    upgrade_from: Option<String>,
    /// Judge this part of the charts only, such as 3/8, or the part that the environment says: auto
    #[arg(long, value_name = "INDEX/COUNT", conflicts_with = "manifests")]
    shard: Option<shard::Word>,
    #[command(flatten)]
    judged: JudgedArgs,
    #[command(flatten)]
    sets: SetsArgs,
    #[command(flatten)]
    tell: TellArgs,
    #[command(flatten)]
    coverage: CoverageArgs,
    #[command(flatten)]
    depfile: DepfileArgs,
    #[command(flatten)]
    cache: CacheArgs,
    /// Believe the results below this place in a registry that a key of --keyring signed: what `push --attest` put there
    #[arg(long, value_name = "oci://HOST/PATH", help_heading = "Cache", conflicts_with = "manifests")]
    attested: Option<String>,
}

/// How many times the work of one rendering there is for all of a chart.
const RUNS: u64 = 5;

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let depfile = self.depfile.begin(self.tell.output.files())?;
        let done = self.judge(context)?;
        if let Some(depfile) = depfile {
            depfile.write()?;
        }
        Ok(done)
    }

    fn judge(&self, context: &mut Context) -> Result<Done, Error> {
        let (mut charts, libraries) = self.charts(context)?;
        match &self.tell.since {
            Some(since) if charts.is_empty() => context.say(format!("no chart changed since {since}")),
            None if charts.is_empty() && self.manifests.is_none() && !self.is_on_values_alone() => {
                return Err(Error::new("there is no chart to judge"));
            }
            _ => {}
        }
        self.check_standard_input(&charts)?;
        if let [first, _, ..] = charts.as_slice() {
            self.check_flags(&first.path, charts.len())?;
        }
        // What a run reached is not kept with its result.
        let cache = match self.coverage.is_on() {
            true => None,
            false => self.cache.open(self.attested(context.globals)?)?,
        };
        let mut covered = self.coverage.open()?;
        let mut shard = self.keep_shard(&mut charts, cache.as_ref(), context.globals)?;
        let mut outputs = Outputs::new(&self.tell.output, context, shard.is_some())?;
        let mut baselines =
            Baselines::new(self.tell.write_baseline.is_on(), self.tell.prune_baseline.is_on());
        let mut times = Times::new();
        let (mut failed, mut found) = (false, false);
        let progress = Progress::new(charts.len());
        let globals = context.globals;
        let mut read = BTreeSet::new();
        let mut unanswered = Vec::new();
        let mut take = |judged: Judged| -> Result<(), Error> {
            let Judged { mut report, settings, time } = judged;
            read.extend(report.configurations.iter().cloned());
            baselines.apply(&mut report, settings.baseline()?)?;
            failed |= report.failed;
            let counts = Counts::of(&report.diagnostics);
            found |= settings.fail_on.is_some_and(|severity| counts.reach(severity));
            let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            if let Some(shard) = &mut shard {
                shard.milliseconds.push(milliseconds);
            } else if cache.is_some() {
                times.insert(report.path.clone(), milliseconds);
            }
            if !self.tell.write_baseline.is_on() || report.failed {
                progress.hide();
                outputs.chart(&report, context.out)?;
            }
            if let Some(covered) = &mut covered {
                covered.chart(&report)?;
            }
            unanswered.extend(self.unanswered(&report));
            progress.told(&report);
            Ok(())
        };
        if let Some(file) = &self.manifests {
            take(self.judge_manifests(file, globals)?)?;
        } else if self.is_on_values_alone() {
            take(self.judge_values(globals))?;
        } else {
            let work = |at: usize| {
                progress.while_judging(&charts[at].path, || {
                    self.judge_chart(&charts[at], cache.as_ref(), globals)
                })
            };
            pool::in_order(charts.len(), self.workers(charts.len()), &progress, work, &mut take)?;
        }
        progress.hide();
        let hidden = read.iter().filter(|_| self.tell.output.hides_configurations());
        for line in hidden.map(|file| format!("configuration: {file}")).chain(unanswered) {
            context.say(line);
        }
        if let Some(said) = baselines.write(self.tell.baseline.as_deref(), failed)? {
            context.say(said);
        }
        if self.tell.write_baseline.is_on() {
            return Ok(if failed { Done::Unable } else { Done::Clean });
        }
        let is_whole = shard.is_none();
        if let Some(shard) = shard {
            outputs.shard(&Shard { found, ..shard });
        }
        outputs.end(context.out)?;
        if let Some(covered) = covered {
            covered.end()?;
        }
        if self.tell.verbose.is_on() {
            progress.say_times(context.err);
        }
        if let Some(cache) = cache {
            cache.told().into_iter().for_each(|line| context.say(format!("warning: {line}")));
            if self.tell.verbose.is_on() {
                let (known, asked) = cache.known();
                context.say(format!("{known} of {asked} results were in the cache"));
            }
            cache.end(is_whole.then_some(times));
        }
        self.say_libraries(libraries, context);
        Ok(match (failed, found) {
            (true, _) => Done::Unable,
            (false, true) => Done::Findings,
            (false, false) => Done::Clean,
        })
    }

    /// Whether charts or manifests are named.
    pub(crate) fn names_something(&self) -> bool {
        !self.charts.is_empty() || self.manifests.is_some()
    }

    /// What is found in a chart.
    pub(crate) fn report(&self, found: &Found, cache: &Cache, globals: &Globals) -> ChartReport {
        self.judge_chart(found, Some(cache), globals).report
    }

    /// The results in a registry that are believed.
    fn attested(&self, globals: &Globals) -> Result<Option<Attested>, Error> {
        let Some(base) = &self.attested else { return Ok(None) };
        if !base.starts_with("oci://") {
            return Err(Error::new(format!("--attested {base} is no place in a registry"))
                .hint("write it as `push` does: oci://HOST/PATH"));
        }
        let source = &self.judged.source;
        let keyring = Keyring::read(&source.keyring.path())?;
        Ok(Some(Attested::new(source.fetcher(globals), base, keyring)))
    }

    /// Says how many library charts are judged with others.
    fn say_libraries(&self, libraries: usize, context: &mut Context) {
        if libraries > 0 && !self.tell.output.quiet.is_on() {
            context.say(match libraries {
                1 => "1 library chart is judged with the charts that depend on it".to_owned(),
                many => format!("{many} library charts are judged with the charts that depend on them"),
            });
        }
    }

    /// Leaves the charts to other machines that are not of the shard, where there is one.
    fn keep_shard(
        &self,
        charts: &mut Vec<Found>,
        cache: Option<&Cache>,
        globals: &Globals,
    ) -> Result<Option<Shard>, Error> {
        let Some(word) = self.shard else { return Ok(None) };
        if self.is_on_values_alone() {
            return Err(Error::new("--shard shares charts out, and here are values alone"));
        }
        let part = word.part(environment::variable)?;
        let times = cache.map(Cache::times).unwrap_or_default();
        let given = Given {
            judged: &self.judged,
            previous: &self.previous,
            upgrade_from: &self.upgrade_from,
            sets: &self.sets,
            tell: &self.tell,
            globals,
        };
        Ok(Some(shard::keep(&given, part, charts, &times)))
    }

    /// The charts that are to be judged.
    fn charts(&self, context: &mut Context) -> Result<(Vec<Found>, usize), Error> {
        if self.manifests.is_some() || self.is_on_values_alone() {
            return Ok((Vec::new(), 0));
        }
        let words = if self.charts.is_empty() { &[".".to_owned()][..] } else { &self.charts };
        let (mut charts, libraries) = locate::charts(words);
        if let Some(revision) = &self.tell.since {
            let shared = self.sets.named_files().chain(self.judged.values.files.iter().cloned());
            charts = since::changed(charts, revision, shared, self.judged.policy.config.as_deref())?;
        }
        if self.tell.verbose.is_on() {
            context.say(format!("{} charts to judge", charts.len()));
        }
        Ok((charts, libraries))
    }

    /// Standard input can be read once, so it can give the values of one rendering only.
    fn check_standard_input(&self, charts: &[Found]) -> Result<(), Error> {
        let reads = self.judged.values.files.iter().any(|file| file.trim() == "-");
        let renderings = charts.len() * kube_versions(&self.judged, &[]).len().max(1);
        if reads && renderings > 1 {
            return Err(Error::new("standard input gives the values of one rendering, here are several")
                .hint("write the values to a file and name it with -f"));
        }
        Ok(())
    }

    /// What is wrong with a flag is told once, not of each of several charts.
    fn check_flags(&self, first: &Path, count: usize) -> Result<(), Error> {
        if self.upgrade_from.is_some() {
            let message = format!("--upgrade-from is about one chart, here are {count}");
            return Err(Error::new(message).hint("name the chart that is upgraded"));
        }
        if let Err(why) = self.judged.policy.profiles(first)
            && why.location.source.is_none()
        {
            let error = Error::new(why.message);
            return Err(match why.help {
                Some(help) => error.hint(help),
                None => error,
            });
        }
        // A file that cannot be understood is shown with its line, in the report.
        let is_shown = |error: &Error| {
            error.is::<values::Error>().is_some_and(|error| error.kind == values::ErrorKind::Yaml)
        };
        match self.judged.values.read() {
            Err(error) if !is_shown(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// The configuration of a file of manifests is that of the folder one is in.
    fn judge_manifests(&self, file: &str, globals: &Globals) -> Result<Judged, Error> {
        let text = read_file(file)?;
        let text = String::from_utf8(text)
            .map_err(|error| Error::new(format!("{file} is not UTF-8: {}", error.utf8_error())))?;
        let here = Path::new(".");
        let report = match self.inputs(&self.judged, here, globals) {
            Ok(inputs) => {
                judge::manifests(file, text, &Inputs { threads: self.workers(usize::MAX), ..inputs })
            }
            Err(why) => ChartReport::failed(file, *why),
        };
        Ok(self.judged(report, here))
    }

    /// A report with what is said of the run in the configuration of that folder.
    fn judged(&self, report: ChartReport, path: &Path) -> Judged {
        let configurations = self.judged.policy.configurations_in_words(path);
        let report = ChartReport { configurations, ..report };
        Judged { report, settings: self.settings(path), time: Duration::ZERO }
    }

    /// Whether values are given without a chart, and every profile judges nothing else.
    fn is_on_values_alone(&self) -> bool {
        let profiles = || self.judged.policy.profiles(Path::new("."));
        self.charts.is_empty()
            && self.judged.values.is_given()
            && profiles().is_ok_and(|profiles| profiles.iter().all(Chosen::is_on_values))
    }

    fn judge_values(&self, globals: &Globals) -> Judged {
        let here = Path::new(".");
        let files = self.judged.values.files.join(",");
        let path = if files.is_empty() { "values" } else { &files };
        let report = judge::values(path, self.inputs(&self.judged, here, globals));
        self.judged(report, here)
    }

    /// What is judged, the values before among it.
    fn inputs(&self, judged: &JudgedArgs, path: &Path, globals: &Globals) -> Result<Inputs, Box<Diagnostic>> {
        let mut inputs = judged.inputs(path, globals, judged.helm(path))?;
        inputs.view = self.tell.output.shows_release();
        if !inputs.host.is_given {
            inputs.host = inputs.host.sharing(RepeatArgs::costly());
        }
        inputs.coverage = self.coverage.is_on();
        if let Some(from) = &self.upgrade_from {
            inputs = upgrade::put(from, inputs, judged, self.manifests.is_some(), globals)?;
        }
        if self.previous.is_empty() {
            return Ok(inputs);
        }
        if !inputs.profiles.iter().any(Chosen::is_on_values) {
            let message = "--previous is read by profiles on values alone, such as h2o-mlops";
            return Err(Box::new(judge::unusable_flag(message.to_owned())));
        }
        let previous = ValuesArgs { files: self.previous.clone(), ..ValuesArgs::default() };
        let read = previous.read().map_err(judged::unreadable)?;
        inputs.previous = Some(read);
        Ok(inputs)
    }

    /// Judges a chart with each of its sets of values, for each version of Kubernetes.
    fn judge_chart(&self, found: &Found, cache: Option<&Cache>, globals: &Globals) -> Judged {
        let path = &found.path;
        let shown = raw::of_path(path).into_owned();
        let root = if path.is_dir() { Root::Folder } else { Root::Archive };
        let (report, time) = match &found.missing {
            Some(message) => {
                let why = Diagnostic { message: message.clone(), ..judge::not_found(path, "") };
                (ChartReport::failed(shown, why), Duration::ZERO)
            }
            None => self
                .judge_runs(found, &shown, cache, globals)
                .unwrap_or_else(|why| (ChartReport::failed(shown, *why), Duration::ZERO)),
        };
        Judged { time, ..self.judged(ChartReport { root, ..report }, path) }
    }

    fn judge_runs(
        &self,
        found: &Found,
        shown: &str,
        cache: Option<&Cache>,
        globals: &Globals,
    ) -> Result<(ChartReport, Duration), Box<Diagnostic>> {
        let (path, start) = (&found.path, Instant::now());
        let load = Run::of_chart();
        budget::work_on(|| shown.to_owned());
        let helm = self.judged.helm(path);
        let loaded = self.judged.chart(path, globals, helm)?;
        if let Some(over) = load.over() {
            return Ok((ChartReport::failed(shown, judge::too_much(over)), start.elapsed()));
        }
        drop(load);
        let chart = match loaded {
            Ok(chart) => chart,
            Err(error) => {
                let report = judge::chart(shown, Err(error), self.judged.inputs(path, globals, helm));
                return Ok((report, start.elapsed()));
            }
        };
        let profiles = self.judged.policy.profiles(path)?;
        let answers_once = self.tell.output.answers_once();
        let plans = self.sets.plan(found, &self.judged, &profiles, answers_once)?;
        let cache = cache.map(|cache| (cache, ChartDigest::of(&chart)));
        let limits = format!("{:?}", globals.limits);
        let mut time = start.elapsed();
        let known = Known::default();
        // A chart may come with any number of sets of values. Each has a budget, and all of them have one too.
        let mut left = budget::limits().steps().saturating_mul(RUNS);
        let mut reports = Vec::new();
        for plan in plans {
            let run = Run::of_chart();
            budget::work_on(|| shown.to_owned());
            let inputs = self.inputs(&plan.judged, path, globals);
            let inputs = inputs.map(|inputs| Inputs { known: known.clone(), ..inputs });
            let (report, took) = match (&cache, inputs) {
                (Some((cache, digest)), Ok(inputs)) => cache.judge(shown, &chart, digest, inputs, &limits),
                (_, inputs) => {
                    let start = Instant::now();
                    (judge::chart(shown, Ok(chart.clone()), inputs), start.elapsed())
                }
            };
            time += took;
            // What was cut off over the budget is no report.
            let spent = left.checked_sub(run.spent());
            let over = run.over().or_else(|| spent.is_none().then(|| Over::Steps(budget::limits().steps())));
            let report = match over {
                Some(over) if !report.failed => ChartReport::failed(shown, judge::too_much(over)),
                _ => report,
            };
            let report = report.reached_with(&plan.run.name);
            reports.push((plan.run, report));
            left = spent.unwrap_or_default();
            if spent.is_none() {
                break;
            }
        }
        let report = judge::fold(reports);
        Ok((report, time))
    }

    /// How many charts are judged at the same time.
    fn workers(&self, charts: usize) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.tell.jobs.map_or_else(processors, usize::from).min(charts)
    }

    /// What the flags say, or else the configuration of the chart. One that cannot be read is reported by judging.
    fn settings(&self, path: &Path) -> Settings {
        let profiles = self.judged.policy.profiles(path).unwrap_or_default();
        let given = self.tell.output.fail_on.map(FailOn::severity);
        let configured = || profiles.iter().find_map(|chosen| chosen.profile.fail_on);
        let named = || {
            let name = profiles.iter().find_map(|chosen| chosen.profile.baseline.clone())?;
            // As the configuration names it, beside the configuration.
            let config = self.judged.policy.config_file(path)?;
            Some((config.parent()?.join(name), config))
        };
        let usual = || Some(PathBuf::from(baseline::USUAL)).filter(|file| file.is_file());
        let baseline = match (&self.tell.baseline, named()) {
            (Some(file), _) => Ok(Some(file.clone())),
            (None, Some((file, config))) if !is_within(&file, &config) => Err((file, config)),
            (None, Some((file, _))) => Ok(Some(file)),
            (None, None) => Ok(usual()),
        };
        Settings { fail_on: given.or_else(configured).unwrap_or(Some(Severity::Error)), baseline }
    }

    /// Why a chart has no answer of an API server, where the report is made of those.
    fn unanswered(&self, report: &ChartReport) -> Option<String> {
        if !self.tell.output.hides_failures() || !report.api_answers.is_empty() {
            return None;
        }
        let is_why = |diagnostic: &&Diagnostic| report.failed && diagnostic.severity == Severity::Error;
        let why = report.diagnostics.iter().find(is_why).map(|diagnostic| diagnostic.message.as_str());
        let why = why.unwrap_or("no API server was asked; --profile kubernetes asks one");
        Some(format!("{}: {why}", raw::shown(&report.path)))
    }
}
