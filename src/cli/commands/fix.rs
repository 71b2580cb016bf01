//! `fix`: applies the fixes of rules where a chart lies: in templates and values files, or in values files alone. What is
//! changed is worked out in [`crate::judge::fix`]; here are the flags, the files and what is printed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::chart::Chart;
use crate::cli::args::locate::{self, Found};
use crate::cli::args::{JudgedArgs, SetsArgs, Switch};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::rewrite;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::go::raw;
use crate::helm::HelmVersion;
use crate::judge::fix::{self, File, chart as mending};
use crate::judge::{self, ChartReport, Chosen, Report};
use crate::report::{Format, Look};
use crate::system;

/// Apply the fixes of rules to a chart in place
///
/// Judges as `check` does, with the same sets of values, and applies the safe fixes of what it finds to the chart's templates
/// and to the files that set the values: values.yaml, and those of -f. Comments, order, quoting and line ends stay as they are
/// to the byte. After each change every set of values is rendered again: one after which anything is different but what the
/// fix says is not made. Each change is said on standard error with the code of its rule and its place.
///
/// With --overlay, the chart stays as it is and a values file is written that does what values can.
///
/// With a profile that looks at values alone, such as h2o-mlops, the values files are mended; a chart need not be there.
///
/// Exits with 0 where the work is done, with 1 where a fix could not be applied, and with 2 where the work could not be done.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll fix [CHART] [flags]")]
pub(crate) struct Args {
    /// Chart: a folder, an archive, or any file inside a chart [default: the current folder, or the values files alone]
    #[arg(value_name = "CHART")]
    chart: Option<String>,
    /// Print what would change as a unified diff, and change nothing
    #[arg(long)]
    diff: Switch,
    /// Apply fixes too after which a program may behave differently
    #[arg(long = "unsafe")]
    risky: Switch,
    /// Write what values can mend into this values file, to give with -f after the others, and leave the chart as it is
    #[arg(long, value_name = "FILE")]
    overlay: Option<String>,
    #[command(flatten)]
    judged: JudgedArgs,
    #[command(flatten)]
    sets: SetsArgs,
}

/// The files that change: their names, and their texts before and after.
type Changed = BTreeMap<String, (String, String)>;

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let path = locate::chart_of(&raw::path(self.chart.as_deref().unwrap_or(".")));
        let profiles = self.judged.policy.profiles(&path);
        for file in self.judged.policy.configurations_in_words(&path) {
            context.say(format!("configuration: {file}"));
        }
        let is_on_values = profiles.as_ref().is_ok_and(|profiles| profiles.iter().all(Chosen::is_on_values));
        if is_on_values {
            return self.mend_values(context);
        }
        let mended = profiles.and_then(|profiles| self.mend_chart(&path, &profiles, context));
        match mended {
            Ok(mended) => self.tell(&path, mended, context),
            Err(why) => {
                let report =
                    Report { charts: vec![ChartReport::failed(raw::of_path(&path).into_owned(), *why)] };
                Format::Human.write(&report, Look::default(), context.err)?;
                Ok(Done::Unable)
            }
        }
    }

    fn least(&self) -> Applicability {
        if self.risky.is_on() { Applicability::Unsafe } else { Applicability::Safe }
    }

    /// Mends what is rendered, in the files of the chart.
    fn mend_chart(
        &self,
        path: &Path,
        profiles: &[Chosen],
        context: &Context,
    ) -> Result<mending::Mended, Box<Diagnostic>> {
        let chart: Chart = self
            .judged
            .chart(path, context.globals, HelmVersion::Helm4)?
            .map_err(|error| Box::new(judge::unloadable(&error)))?;
        let found = Found { path: path.to_owned(), ..Found::default() };
        let plans = self.sets.plan(&found, &self.judged, profiles, false)?;
        let set = |plan: crate::cli::args::sets::Plan| {
            let inputs = plan.judged.inputs(path, context.globals, HelmVersion::Helm4)?;
            Ok(mending::Set { name: plan.run.name, inputs })
        };
        let sets = plans.into_iter().map(set).collect::<Result<Vec<_>, Box<Diagnostic>>>()?;
        let overlay = self.overlay.as_ref().map(|name| {
            let text = match Path::new(name).exists() {
                true => rewrite::text_of(name)?,
                false => String::new(),
            };
            Ok((name.clone(), text))
        });
        let overlay =
            overlay.transpose().map_err(|error: Error| Box::new(judge::unusable_flag(error.to_string())))?;
        let options = mending::Options { least: self.least(), is_folder: path.is_dir(), overlay };
        mending::mend(&chart, sets, &options)
    }

    /// Says what was mended, and writes it.
    fn tell(&self, path: &Path, mended: mending::Mended, context: &mut Context) -> Result<Done, Error> {
        for (set, why) in &mended.unrendered {
            context.say(format!("with {set} the chart does not render, and nothing is compared: {why}"));
        }
        for change in &mended.changes {
            context.say(change);
        }
        for (fix, why) in &mended.left {
            context.say(format!("{fix} is not mended: {why}"));
        }
        if !mended.changes.is_empty() {
            let what = match mended.is_of_values {
                true => "rendered with the values that are mended",
                false => "rendered before and after, nothing else differs",
            };
            context.say(format!("{what}: {}", mended.compared.join(", ")));
        }
        match mended.withheld {
            0 => {}
            1 => context.say("hint: 1 more fix may change how a program behaves; --unsafe applies it"),
            more => context.say(format!(
                "hint: {more} more fixes may change how a program behaves; --unsafe applies them"
            )),
        }
        let mut changed = Changed::new();
        for (file, before, after) in mended.files {
            let name = match &file {
                File::Chart(name) => in_chart(path, name),
                File::Given(name) | File::Overlay(name) => name.clone(),
            };
            changed.insert(name.clone(), on_disk(&name, before, after)?);
        }
        self.write(&changed, context)?;
        Ok(if mended.left.is_empty() { Done::Clean } else { Done::Findings })
    }

    /// Prints what changes, or writes it.
    fn write(&self, changed: &Changed, context: &mut Context) -> Result<(), Error> {
        let files =
            || changed.iter().map(|(name, (before, after))| (name.as_str(), before.as_str(), after.as_str()));
        if self.diff.is_on() {
            return rewrite::print_diff(files(), context);
        }
        rewrite::all(files())?;
        Ok(())
    }

    /// Mends values files by a profile on values alone.
    fn mend_values(&self, context: &mut Context) -> Result<Done, Error> {
        if self.overlay.is_some() {
            return Err(Error::new(
                "--overlay mends what is rendered, and the profile looks at values alone",
            )
            .hint("leave --overlay out: the values files themselves are mended"));
        }
        let report = self.judge(context)?;
        if report.failed {
            Format::Human.write(&Report { charts: vec![report] }, Look::default(), context.err)?;
            return Ok(Done::Unable);
        }
        let mut texts = Changed::new();
        let mut is_refused = false;
        for fix::Wanted { file, rule, change, said } in fix::wanted(&report, self.least()) {
            let Some(file) = file else {
                context.say(format!(
                    "{rule} {said}: the value is set by a flag, or in an archive; change it there"
                ));
                is_refused = true;
                continue;
            };
            if !texts.contains_key(&file) {
                let text = rewrite::text_of(&file)?;
                texts.insert(file.clone(), (text.clone(), text));
            }
            let Some((_, after)) = texts.get_mut(&file) else { continue };
            match fix::apply(after, &change) {
                Ok(text) => {
                    *after = text;
                    context.say(format!("{rule} {file}: {said}"));
                }
                Err(why) => {
                    is_refused = true;
                    context.say(format!("{rule} {file}: {said} is left: {why}"));
                }
            }
        }
        self.write(&texts, context)?;
        Ok(if is_refused { Done::Findings } else { Done::Clean })
    }

    /// Judges the chart, or the values files alone.
    fn judge(&self, context: &Context) -> Result<ChartReport, Error> {
        let path = Path::new(self.chart.as_deref().unwrap_or("."));
        let helm = self.judged.helm(path);
        let inputs = self.judged.inputs(path, context.globals, helm);
        let Some(chart) = &self.chart else {
            if !self.judged.values.is_given() {
                return Err(Error::new("there is nothing to mend; give -f a values file, or name a chart"));
            }
            return Ok(judge::values(&self.judged.values.files.join(","), inputs));
        };
        Ok(match self.judged.chart(path, context.globals, helm) {
            Ok(loaded) => judge::chart(chart, loaded, inputs),
            Err(why) => ChartReport::failed(chart, *why),
        })
    }
}

/// The path of a file of a chart, as the user would type it.
fn in_chart(chart: &Path, name: &str) -> String {
    let path: PathBuf = if chart == Path::new(".") { PathBuf::from(name) } else { chart.join(name) };
    system::with_slashes(path).display().to_string()
}

/// The texts of a file as they lie on disk, a byte order mark and all.
///
/// # Errors
/// The file is not what was judged.
fn on_disk(name: &str, before: String, after: String) -> Result<(String, String), Error> {
    if before.is_empty() && !Path::new(name).exists() {
        return Ok((before, after));
    }
    let text = rewrite::text_of(name)?;
    match text.strip_suffix(before.as_str()) {
        Some(mark) if mark.is_empty() || mark == "\u{feff}" => Ok((text.clone(), format!("{mark}{after}"))),
        _ => Err(Error::new(format!("{name} has changed while it was judged")).hint("run fix again")),
    }
}
