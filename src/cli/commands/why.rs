//! `why`: where a field of an object came from: the template line, the includes on the way to it, the values and their
//! layers. Finding that out is the work of [`crate::judge::why`]; here are the flags.

use clap::Args as ClapArgs;

use crate::chart;
use crate::cli::args::globals::Globals;
use crate::cli::args::locate::chart_of;
use crate::cli::args::{AnswerFormat, CapabilitiesArgs, RepeatArgs, SourceArgs, Switch, ValuesArgs};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::go::raw;
use crate::judge::why::{self, Explanation, why};
use crate::judge::{ChartReport, Inputs, Root, absent};
use crate::path::FieldPath;
use crate::render::Release;
use crate::report;

/// Say where a field of a rendered object comes from
///
/// Shows the template line that wrote it, the includes on the way, and each value that was read with the layer that set it
/// and the layers that it hides. Without FIELD it says so of the whole object. Of an object or field that is not there it
/// names the conditions that keep it away, the values that they read, and the flags that would bring it.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll why CHART KIND/NAME [FIELD] [flags]")]
pub(crate) struct Args {
    /// The chart: a folder, an archive, or any file inside a chart
    #[arg(value_name = "CHART")]
    chart: String,
    /// The object, such as Deployment/web
    #[arg(value_name = "KIND/NAME")]
    object: String,
    /// The field, such as `spec.template.spec.containers[main].image`
    #[arg(value_name = "FIELD")]
    field: Option<String>,
    /// Format of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human", value_enum)]
    format: AnswerFormat,
    /// Name of the release
    #[arg(long, value_name = "NAME", default_value = "mini-service")]
    release: String,
    #[command(flatten)]
    values: ValuesArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    #[command(flatten)]
    repeat: RepeatArgs,
    #[command(flatten)]
    source: SourceArgs,
}

/// How many objects are named that would be there with other values.
const OTHERS: usize = 3;

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let field: FieldPath = self.field.as_deref().unwrap_or("").parse()?;
        let path = chart_of(&raw::path(&self.chart));
        let located = self.source.locate(&raw::of_path(&path), Switch(false), context.globals);
        let (located, _) = located.map_err(Error::new)?;
        let inputs = self.inputs(context.globals)?;
        let chart = chart::load(&located)?;
        let root = if path.is_dir() { Root::Folder } else { Root::Archive };
        let named = ChartReport { path: raw::of_path(&path).into_owned(), root, ..ChartReport::default() };
        let explanation = match why(&chart, &inputs, &self.object, &field) {
            Ok(explanation) => explanation,
            Err(error @ (why::Error::NoObject { .. } | why::Error::NoField(_))) => {
                let absence = absent::explain(&chart, &inputs, &self.object, &field);
                let absence = absence.map_err(|others| {
                    let hint = |(object, flags): &absent::Other| {
                        format!("{object} is there with {}", report::absent::command_line(flags))
                    };
                    others.iter().take(OTHERS).map(hint).fold(Error::from(error), Error::hint)
                })?;
                match self.format {
                    AnswerFormat::Human => {
                        report::absent::write_human(&absence, &named, context.look(), context.out)?;
                    }
                    AnswerFormat::Json => report::absent::write_json(&absence, context.out)?,
                }
                return Ok(Done::Clean);
            }
            Err(error) => return Err(error.into()),
        };
        match self.format {
            AnswerFormat::Human => {
                report::why::write_human(&explanation, &named, context.look(), context.out)?;
            }
            AnswerFormat::Json => report::why::write_json(&explanation, context.out)?,
        }
        Ok(Done::Clean)
    }

    /// The names of all objects; none where the chart does not render.
    pub(crate) fn objects(&self, globals: &Globals) -> Vec<String> {
        match self.explained(globals, "", &FieldPath::root()) {
            Some(Err(why::Error::NoObject { objects, .. })) => {
                objects.iter().map(ToString::to_string).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The fields of the object that go on with what is typed, by one step; none where there is no such object.
    pub(crate) fn fields(&self, globals: &Globals, typed: &str) -> Vec<String> {
        let Ok(above) = typed[..last_step(typed)].parse::<FieldPath>() else { return Vec::new() };
        // What is asked for is nowhere, so that all is told that is there.
        match self.explained(globals, &self.object, &above.key("\0")) {
            Some(Err(why::Error::NoField(found))) => found.below.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }

    fn explained(
        &self,
        globals: &Globals,
        object: &str,
        field: &FieldPath,
    ) -> Option<Result<Explanation, why::Error>> {
        let chart = chart::load(chart_of(&raw::path(&self.chart))).ok()?;
        Some(why(&chart, &self.inputs(globals).ok()?, object, field))
    }

    fn inputs(&self, globals: &Globals) -> Result<Inputs, Error> {
        let host = self.repeat.repeatable()?;
        let release = Release::new(&self.release, globals.namespace());
        Ok(Inputs {
            user: self.values.read()?,
            kube_version: self.capabilities.named_kube_version()?,
            api_versions: self.capabilities.api_versions()?,
            schema: Some(self.repeat.schemas()),
            ..Inputs::new(release, host)
        })
    }
}

/// Where the last step of a path begins that may not be whole yet, its dot or bracket with it.
fn last_step(typed: &str) -> usize {
    let (mut begins, mut is_inside) = (0, false);
    for (at, c) in typed.char_indices() {
        match c {
            '.' | '[' if !is_inside => (begins, is_inside) = (at, c == '['),
            ']' => is_inside = false,
            _ => {}
        }
    }
    begins
}
