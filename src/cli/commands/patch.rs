//! `patch`: prints manifests with the fixes of rules applied, or with what the platform itself will change. The work is done
//! in [`crate::judge::patch`]; here are the flags and what is printed.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::Value;
use similar::TextDiff;

use crate::cli::args::globals::Globals;
use crate::cli::args::judged;
use crate::cli::args::{JudgedArgs, Switch, locate};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::input::read_file;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::go::raw;
use crate::helm::HelmVersion;
use crate::judge::patch::{Mutations, Patchable, Refused};
use crate::judge::secret::masked;
use crate::judge::{ChartReport, Inputs, Report};
use crate::report::{Format, Look, page};

/// Print manifests with the fixes of rules applied
///
/// Every safe fix of a finding is applied, with --unsafe the risky ones too, and said on standard error with the code of its
/// rule. Fixes go by object in the order of the text, then by the code of the rule, then from the last place to the first. Of
/// two that touch the same field the first wins, and the next round sees the result, until no round changes anything. A fix
/// after which its finding is still there is taken back, which is said.
///
/// With --mutations, no rule is applied: `service` prints the objects as the platform's service gives them back (exit code 1
/// and its errors where it refuses them), `cluster` as they run after the agent and admission have changed them. In the modes
/// documented and strict that is a service that does all that it can, in the mode service a stock one.
///
/// Exits with 0 where the work is done, and with 2 where it could not be, such as for a chart that does not render.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll patch [CHART] [flags]")]
pub(crate) struct Args {
    /// Chart: a folder, an archive, or any file inside a chart [default: the current folder]
    #[arg(value_name = "CHART")]
    chart: Option<String>,
    /// Patch YAML that is already rendered: a file, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "chart", conflicts_with_all = judged::OF_CHARTS)]
    manifests: Option<String>,
    /// Apply fixes too after which a program may behave differently
    #[arg(long = "unsafe")]
    risky: Switch,
    /// Print what changed as a unified diff, without what Secrets and environment variables hold
    #[arg(long)]
    diff: Switch,
    /// Format of the manifests
    #[arg(long, value_name = "FORMAT", default_value = "yaml", value_enum)]
    format: Syntax,
    /// Print what the platform makes of the objects
    #[arg(long, value_name = "HOW FAR", value_enum)]
    mutations: Option<Mutations>,
    #[command(flatten)]
    judged: JudgedArgs,
}

/// How manifests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Syntax {
    /// Documents, as they were.
    Yaml,
    /// One array of objects.
    Json,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let (path, given) = self.source()?;
        let configured = if given.is_some() { Path::new(".") } else { &path };
        for file in self.judged.policy.configurations_in_words(configured) {
            context.say(format!("configuration: {file}"));
        }
        match self.load(&path, given, context.globals) {
            Ok((release, inputs)) => match self.mutations {
                Some(how_far) => self.mutate(&release, &inputs, how_far, context),
                None => self.mend(release, &inputs, context),
            },
            Err(why) => {
                let report =
                    Report { charts: vec![ChartReport::failed(raw::of_path(&path).into_owned(), *why)] };
                Format::Human.write(&report, Look::default(), context.err)?;
                Ok(Done::Unable)
            }
        }
    }

    /// The chart, or the file of manifests with its text.
    fn source(&self) -> Result<(PathBuf, Option<String>), Error> {
        let Some(file) = &self.manifests else {
            let chart = self.chart.as_deref().unwrap_or(".");
            return Ok((locate::chart_of(&raw::path(chart)), None));
        };
        let text = read_file(file)?;
        let text = String::from_utf8(text)
            .map_err(|error| Error::new(format!("{file} is not UTF-8: {}", error.utf8_error())))?;
        Ok((raw::path(file).into_owned(), Some(text)))
    }

    /// The release, and what it is mended by.
    fn load(
        &self,
        path: &Path,
        given: Option<String>,
        globals: &Globals,
    ) -> Result<(Patchable, Inputs), Box<Diagnostic>> {
        if let Some(text) = given {
            // The configuration of a file of manifests is that of the folder one is in.
            let inputs = self.judged.inputs(Path::new("."), globals, HelmVersion::Helm4)?;
            return Ok((Patchable::manifests(&path.display().to_string(), text, &inputs)?, inputs));
        }
        let chart = self.judged.chart(path, globals, HelmVersion::Helm4)?;
        let inputs = self.judged.inputs(path, globals, HelmVersion::Helm4)?;
        Ok((Patchable::chart(chart, &inputs)?, inputs))
    }

    /// Applies the fixes of every profile.
    fn mend(&self, release: Patchable, inputs: &Inputs, context: &mut Context) -> Result<Done, Error> {
        let least = if self.risky.is_on() { Applicability::Unsafe } else { Applicability::Safe };
        let patched = release.mend(inputs, least);
        for change in &patched.changes {
            context.say(change);
        }
        for refusal in &patched.refused {
            context.say(format!("{} is not mended: {}", refusal.fix, refusal.why));
        }
        match patched.withheld {
            0 => {}
            1 => context.say("hint: 1 more fix may change how a program behaves; --unsafe applies it"),
            more => context.say(format!(
                "hint: {more} more fixes may change how a program behaves; --unsafe applies them"
            )),
        }
        self.print(&patched.before, &patched.after, &patched.objects, context)?;
        Ok(Done::Clean)
    }

    /// Prints what the platform makes of the objects.
    fn mutate(
        &self,
        release: &Patchable,
        inputs: &Inputs,
        how_far: Mutations,
        context: &mut Context,
    ) -> Result<Done, Error> {
        let mutated = match release.mutate(inputs, how_far) {
            Ok(mutated) => mutated,
            Err(Refused(errors)) => {
                for error in &errors {
                    context.say(format!("error: {error}"));
                }
                context.say(
                    "hint: the service refuses this release; `plimsoll check` says where and what to do",
                );
                return Ok(Done::Findings);
            }
        };
        for change in &mutated.changes {
            context.say(format!("{}: {} {}", change.step, change.object, change.what));
        }
        self.print(&mutated.before, &mutated.after, &mutated.objects, context)?;
        Ok(Done::Clean)
    }

    fn print(
        &self,
        before: &str,
        after: &str,
        objects: &[Value],
        context: &mut Context,
    ) -> Result<(), Error> {
        if self.diff.is_on() {
            // A difference is looked at, and not applied.
            let (before, after) = (masked(before), masked(after));
            let diff = TextDiff::from_lines(&before, &after);
            let mut unified = diff.unified_diff();
            let text = unified.header("rendered", "patched").to_string();
            write!(context.out, "{}", page::diff(&text, context.look()))?;
        } else if self.format == Syntax::Json {
            serde_json::to_writer_pretty(&mut *context.out, objects).map_err(std::io::Error::from)?;
            writeln!(context.out)?;
        } else {
            context.out.write_all(after.as_bytes())?;
        }
        Ok(())
    }
}
