//! `show`: what a chart says of itself, as Helm prints it.

use std::io::Write;

use clap::{Args as ClapArgs, Subcommand};

use crate::chart::{self, Chart};
use crate::cli::args::count::check_count;
use crate::cli::args::{SourceArgs, Switch};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::kubernetes::jsonpath::{self, Template};
use crate::value::Value;
use crate::yaml;

/// Show information of a chart
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show all information of the chart
    All(ChartArgs),
    /// Show the chart's definition
    Chart(ChartArgs),
    /// Show the chart's CRDs
    Crds(ChartArgs),
    /// Show the chart's README
    Readme(ChartArgs),
    /// Show the chart's values
    Values(ValuesArgs),
}

impl What {
    fn name(&self) -> &'static str {
        match self {
            What::All(_) => "all",
            What::Chart(_) => "chart",
            What::Crds(_) => "crds",
            What::Readme(_) => "readme",
            What::Values(_) => "values",
        }
    }
}

/// Which chart's values are shown, and what of them.
#[derive(ClapArgs, Debug)]
struct ValuesArgs {
    #[command(flatten)]
    chart: ChartArgs,
    /// Supply a JSONPath expression to filter the output
    #[arg(long, value_name = "TEMPLATE")]
    jsonpath: Option<String>,
}

/// Which chart is shown.
#[derive(ClapArgs, Debug)]
struct ChartArgs {
    /// The chart: a folder or an archive
    #[arg(value_name = "CHART")]
    charts: Vec<String>,
    /// Use development versions, too
    #[arg(long)]
    devel: Switch,
    #[command(flatten)]
    source: SourceArgs,
}

impl Args {
    /// Helm: action/show.go `Run`.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let (args, jsonpath) = match &self.what {
            What::All(args) | What::Chart(args) | What::Crds(args) | What::Readme(args) => (args, None),
            What::Values(args) => (&args.chart, args.jsonpath.as_deref().filter(|text| !text.is_empty())),
        };
        check_count(&args.charts, 1..=1, &format!("show {} [CHART]", self.what.name()))?;
        let chart = &args.charts[0];
        context.debug(
            "original chart version",
            &[("version", args.source.version.as_deref().unwrap_or_default())],
        );
        let located = args.source.locate(chart, args.devel, context.globals);
        let (path, said) = located.map_err(Error::new)?;
        context.told(said);
        let chart = context.loaded(chart::load_any_version(path))?;
        context.log(&chart.warnings);
        let all = matches!(self.what, What::All(_));
        let out = &mut *context.out;
        if all || matches!(self.what, What::Chart(_)) {
            let metadata = Value::Map(chart.metadata.to_json(true));
            writeln!(out, "{}", yaml::to_yaml(&metadata).map_err(String::from).map_err(Error::new)?)?;
        }
        if all || matches!(self.what, What::Values(_)) {
            match jsonpath {
                Some(template) => part_of_values(&chart, template, out)?,
                None => values(&chart, all, out)?,
            }
        }
        if all || matches!(self.what, What::Readme(_)) {
            readme(&chart, all, out)?;
        }
        if all || matches!(self.what, What::Crds(_)) {
            crds(&chart, out)?;
        }
        Ok(Done::Clean)
    }
}

fn values(chart: &Chart, all: bool, out: &mut dyn Write) -> Result<(), Error> {
    let Some(file) = chart.raw_file("values.yaml") else { return Ok(()) };
    if all {
        writeln!(out, "---")?;
    }
    out.write_all(&file.data)?;
    writeln!(out)?;
    Ok(())
}

/// What a JSONPath template makes of the values.
fn part_of_values(chart: &Chart, template: &str, out: &mut dyn Write) -> Result<(), Error> {
    if chart.raw_file("values.yaml").is_none() {
        return Ok(());
    }
    let read = Template::parse(template)
        .map_err(|error| Error::new(format!("error parsing jsonpath {template}: {error}")))?;
    match read.execute(&Value::Map(chart.values.clone())) {
        Ok(text) => out.write_all(&text)?,
        // Helm does not ask whether it went well.
        Err(jsonpath::Error::Said(_)) => {}
        Err(jsonpath::Error::Refused(text)) => {
            return Err(Error::new(format!("jsonpath {template}: {text}")));
        }
    }
    Ok(())
}

fn readme(chart: &Chart, all: bool, out: &mut dyn Write) -> Result<(), Error> {
    let is_readme = |name: &str| {
        ["readme.md", "readme.txt", "readme"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let Some(file) = chart.files.iter().find(|file| is_readme(&file.name)) else { return Ok(()) };
    if all {
        writeln!(out, "---")?;
    }
    out.write_all(&file.data)?;
    writeln!(out)?;
    Ok(())
}

fn crds(chart: &Chart, out: &mut dyn Write) -> Result<(), Error> {
    for crd in chart.crds() {
        if !crd.file.data.starts_with(b"---") {
            writeln!(out, "---")?;
        }
        out.write_all(&crd.file.data)?;
        writeln!(out)?;
    }
    Ok(())
}
