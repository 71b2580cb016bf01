//! `patch`: prints manifests with the fixes of rules applied, or with what the platform itself will change. How fixes are
//! applied is in [`policy::mend`], what the platform does in [`crate::nvcf`]; here are the flags and what is printed.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::Value;
use similar::TextDiff;

use crate::cli::args::globals::Globals;
use crate::cli::args::locate;
use crate::cli::args::policy::Chosen;
use crate::cli::args::{self, JudgedArgs, Switch};
use crate::cli::commands::check::judge::{self, Unable};
use crate::cli::commands::check::subject::Text;
use crate::cli::context::{Context, Done, Failure};
use crate::diagnostic::Applicability;
use crate::manifest::{HelmVersion, edit, workload};
use crate::nvcf::agent::{self, Deployment};
use crate::nvcf::reval;
use crate::policy::{self, ChartSubject, Mode, Request, Role, Subject};
use crate::report::{ChartReport, Format, Report};
use crate::rules;

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
    #[arg(long, value_name = "FILE", conflicts_with = "chart")]
    manifests: Option<String>,
    /// Apply fixes too after which a program may behave differently
    #[arg(long = "unsafe")]
    risky: Switch,
    /// Print what changed as a unified diff
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

/// How far the platform's own changes are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mutations {
    /// What the service's `/v1/render` gives back.
    Service,
    /// What runs after agent and admission.
    Cluster,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Failure> {
        let mut report = ChartReport::default();
        match self.patch(&mut report, context)? {
            Ok(done) => Ok(done),
            Err(unable) => {
                report.failed = true;
                report.diagnostics = vec![*unable];
                Format::Human.write(&Report { charts: vec![report] }, false, context.err)?;
                Ok(Done::Unable)
            }
        }
    }

    /// Does the work; the inner error is why a chart or a flag does not allow it.
    fn patch(
        &self,
        report: &mut ChartReport,
        context: &mut Context,
    ) -> Result<Result<Done, Unable>, Failure> {
        let (path, given) = self.source()?;
        report.path = path.display().to_string();
        let globals = context.globals;
        let read = match given {
            Some(text) => judge::read_yaml(&report.path.clone(), text).map(|text| (text, None)),
            None => self.load(&path, globals, report),
        };
        let work = read.and_then(|(text, chart)| {
            let for_service = self.mutations.map(|_| text.for_service());
            let mut subject = text.subject(chart, globals.namespace());
            judge::complete(&self.judged, &mut subject)?;
            // The configuration of a file of manifests is that of the folder one is in.
            let configured = if self.manifests.is_some() { Path::new(".") } else { &path };
            Ok((subject, for_service, self.judged.policy.profiles(configured)?))
        });
        let (subject, for_service, profiles) = match work {
            Ok(work) => work,
            Err(unable) => return Ok(Err(unable)),
        };
        Ok(Ok(match (self.mutations, for_service) {
            (Some(how_far), Some(text)) => {
                let mode = profiles.first().map_or(Mode::default(), |chosen| chosen.mode);
                self.mutate(&subject, &text, mode, how_far, context)?
            }
            _ => self.mend(subject, &profiles, context)?,
        }))
    }

    /// The chart, or the file of manifests with its text.
    fn source(&self) -> Result<(PathBuf, Option<String>), Failure> {
        let Some(file) = &self.manifests else {
            let words = [self.chart.clone().unwrap_or_else(|| ".".to_owned())];
            let chart = locate::charts(&words).pop();
            return Ok((chart.unwrap_or_else(|| PathBuf::from(".")), None));
        };
        let text = args::read_file(file).map_err(Failure::Error)?;
        let text = String::from_utf8(text)
            .map_err(|error| Failure::Error(format!("{file} is not UTF-8: {}", error.utf8_error())))?;
        Ok((PathBuf::from(file), Some(text)))
    }

    /// Renders the chart: for the service as it does it, for people as `plimsoll template --include-crds` does.
    fn load(
        &self,
        path: &Path,
        globals: &Globals,
        report: &mut ChartReport,
    ) -> Result<(Text, Option<ChartSubject>), Unable> {
        let helm = if self.mutations.is_some() { HelmVersion::Helm3 } else { HelmVersion::Helm4 };
        let (text, chart) = judge::load(&self.judged, globals, path, helm, report)?;
        Ok((text, Some(chart)))
    }

    /// Applies the fixes of every profile.
    fn mend(
        &self,
        mut subject: Subject,
        profiles: &[Chosen],
        context: &mut Context,
    ) -> Result<Done, Failure> {
        let before = subject.text.clone();
        let least = if self.risky.is_on() { Applicability::Unsafe } else { Applicability::Safe };
        let mut withheld = 0;
        for Chosen { profile, mode } in profiles {
            let mode = judge::judging(&self.judged, *mode);
            let mended = policy::mend(subject, &rules::all(), profile, mode, least);
            for change in &mended.changes {
                context.say(change);
            }
            for refusal in &mended.refused {
                context.say(format!("{} is not mended: {}", refusal.fix, refusal.why));
            }
            withheld += mended.withheld;
            subject = mended.subject;
        }
        if withheld > 0 {
            let s = if withheld == 1 { "" } else { "es" };
            let text =
                format!("hint: {withheld} more fix{s} may change how a program behaves; --unsafe applies");
            context.say(format!("{text} {}", if withheld == 1 { "it" } else { "them" }));
        }
        let objects = || {
            let nodes = subject.documents.iter().map(|document| &document.node);
            nodes.filter(|node| !node.is_null()).map(crate::yaml::Node::to_json).collect()
        };
        self.print(before.text(), subject.text.text(), objects, context)?;
        Ok(Done::Clean)
    }

    /// Prints what the platform makes of the objects.
    fn mutate(
        &self,
        subject: &Subject,
        text: &str,
        mode: Mode,
        how_far: Mutations,
        context: &mut Context,
    ) -> Result<Done, Failure> {
        let answer = reval::answer(text, &judge::options(&self.judged, subject.request.as_ref(), mode));
        if !answer.valid {
            for error in &answer.errors {
                context.say(format!("error: {error}"));
            }
            context.say("hint: the service refuses this release; `plimsoll check` says where and what to do");
            return Ok(Done::Findings);
        }
        let mut objects = answer.objects;
        if how_far == Mutations::Cluster {
            let request = subject.request.as_ref();
            let deployment = Deployment {
                is_task: request.is_some_and(Request::is_task),
                namespace: subject.namespace.clone(),
                instance_type: request.and_then(Request::instance_type).map(str::to_owned),
                enforce_limits: mode != Mode::Service,
            };
            let (changed, changes) = agent::apply(objects, &deployment);
            objects = changed;
            for change in changes {
                context.say(format!("{}: {} {}", change.step, change.object, change.what));
            }
        }
        let rendered = subject.documents.iter().filter(|document| document.role != Role::Hook);
        let rendered = rendered.flat_map(|document| workload::objects(&document.node));
        let rendered: Vec<Value> = rendered.map(|object| object.node.to_json()).collect();
        self.print(&yaml(&rendered), &yaml(&objects), || objects.clone(), context)?;
        Ok(Done::Clean)
    }

    fn print(
        &self,
        before: &str,
        after: &str,
        objects: impl Fn() -> Vec<Value>,
        context: &mut Context,
    ) -> Result<(), Failure> {
        if self.diff.is_on() {
            let diff = TextDiff::from_lines(before, after);
            let mut unified = diff.unified_diff();
            write!(context.out, "{}", unified.header("rendered", "patched"))?;
        } else if self.format == Syntax::Json {
            serde_json::to_writer_pretty(&mut *context.out, &objects()).map_err(std::io::Error::from)?;
            writeln!(context.out)?;
        } else {
            context.out.write_all(after.as_bytes())?;
        }
        Ok(())
    }
}

/// The objects as YAML documents.
fn yaml(objects: &[Value]) -> String {
    objects.iter().map(|object| format!("---\n{}\n", edit::block(object))).collect()
}
