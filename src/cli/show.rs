//! `show`: what a chart says of itself, as Helm prints it.

use std::io::Write;

use clap::{Args as ClapArgs, Subcommand};

use super::args::{SourceArgs, Switch};
use super::{Done, Failure, Session};
use crate::chart::{self, Chart};

/// Show information of a chart
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
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
    Values(ChartArgs),
}

/// Which chart is shown.
#[derive(ClapArgs, Debug)]
struct ChartArgs {
    /// The chart: a folder or an archive
    chart: String,
    /// Use development versions, too
    #[arg(long)]
    devel: Switch,
    #[command(flatten)]
    source: SourceArgs,
}

impl Args {
    /// Helm: action/show.go `Run`.
    pub(super) fn run(&self, session: &mut Session) -> Result<Done, Failure> {
        let (What::All(args)
        | What::Chart(args)
        | What::Crds(args)
        | What::Readme(args)
        | What::Values(args)) = &self.what;
        let located = args.source.locate(&args.chart, args.devel, session.globals);
        let (path, said) = located.map_err(Failure::Error)?;
        super::template::say_all(session, &said);
        let chart = chart::load(path).map_err(Failure::error)?;
        super::template::say_all(session, &chart.warnings);
        let all = matches!(self.what, What::All(_));
        let out = &mut *session.out;
        if all || matches!(self.what, What::Chart(_)) {
            writeln!(out, "{}", chart.metadata.to_yaml())?;
        }
        if all || matches!(self.what, What::Values(_)) {
            values(&chart, all, out)?;
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

fn values(chart: &Chart, all: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(file) = chart.raw_file("values.yaml") else { return Ok(()) };
    if all {
        writeln!(out, "---")?;
    }
    out.write_all(&file.data)?;
    writeln!(out)?;
    Ok(())
}

fn readme(chart: &Chart, all: bool, out: &mut dyn Write) -> Result<(), Failure> {
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

fn crds(chart: &Chart, out: &mut dyn Write) -> Result<(), Failure> {
    for crd in chart.crds() {
        if !crd.file.data.starts_with(b"---") {
            writeln!(out, "---")?;
        }
        out.write_all(&crd.file.data)?;
        writeln!(out)?;
    }
    Ok(())
}
