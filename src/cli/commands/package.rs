//! `package`: a chart's folder as an archive, as `helm package` writes it, signed if that is asked ([`super::sign`]). The
//! archive appears whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::chart::package::Times;
use crate::chart::{self, Chart, package};
use crate::cli::args::access::AccessArgs;
use crate::cli::args::sign::{SignArgs, Signing};
use crate::cli::args::{Switch, go_io_error};
use crate::cli::context::{Context, Done, Failure};
use crate::cli::environment::times;
use crate::fetch::dependencies::Dependencies;
use crate::fetch::provenance::Proof;
use crate::go::{path, semver};
use crate::staged::Staged;

/// Package a chart directory into a chart archive
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// The folders of the charts
    #[arg(value_name = "CHART_PATH")]
    charts: Vec<String>,
    /// Set the version on the chart to this semver version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Set the appVersion on the chart to this version
    #[arg(long, value_name = "VERSION")]
    app_version: Option<String>,
    /// Location to write the chart
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    destination: String,
    /// Update dependencies from "Chart.yaml" to dir "charts/" before packaging
    #[arg(short = 'u', long)]
    dependency_update: Switch,
    #[command(flatten)]
    access: AccessArgs,
    #[command(flatten)]
    sign: SignArgs,
}

impl Args {
    /// Helm: cmd/package.go and action/package.go `Run`.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Failure> {
        if self.charts.is_empty() {
            return Err(Failure::error("need at least one argument, the path to the chart"));
        }
        let times = times().map_err(Failure::Error)?;
        let mut signing = self.sign.begin().map_err(Failure::Error)?;
        let fetcher = self.access.source().fetcher(context.globals);
        for folder in &self.charts {
            if self.dependency_update.is_on() {
                let folder = &path::clean(folder);
                let update = Dependencies {
                    fetcher: &fetcher,
                    folder,
                    skip_refresh: false,
                    times,
                    proof: Proof::Never,
                };
                update.update().map_err(Failure::Error)?;
            }
            let chart = self.load(folder, context)?;
            let written = self.save(&chart, times, signing.as_mut(), context)?;
            writeln!(context.out, "Successfully packaged chart and saved it to: {}", written.display())?;
        }
        Ok(Done::Clean)
    }

    fn load(&self, folder: &str, context: &mut Context) -> Result<Chart, Failure> {
        let metadata = std::fs::metadata(folder)
            .map_err(|error| Failure::Error(format!("stat {folder}: {}", go_io_error(&error))))?;
        if !metadata.is_dir() {
            let file = std::path::absolute(folder)?.join("Chart.yaml");
            let file = file.display();
            let text = format!("unable to detect chart at {file}: open {file}: not a directory");
            return Err(Failure::Error(text));
        }
        let mut chart = context.loaded(chart::load(folder))?;
        context.log(&chart.warnings);
        if let Some(version) = self.version.as_ref().filter(|version| !version.is_empty()) {
            chart.metadata.version.clone_from(version);
        }
        semver::Version::parse(&chart.metadata.version).map_err(Failure::Error)?;
        if let Some(version) = self.app_version.as_ref().filter(|version| !version.is_empty()) {
            chart.metadata.app_version.clone_from(version);
        }
        let missing = missing_dependencies(&chart);
        if !missing.is_empty() {
            let missing = missing.join(", ");
            let text = format!("found in Chart.yaml, but missing in charts/ directory: {missing}");
            return Err(Failure::Error(text));
        }
        Ok(chart)
    }

    /// The archive and, if it is signed, its provenance file; without the one the other is not written, either.
    /// Helm: chart/v2/util/save.go `Save`, action/package.go `Clearsign`.
    fn save(
        &self,
        chart: &Chart,
        times: Times,
        signing: Option<&mut Signing>,
        context: &mut Context,
    ) -> Result<PathBuf, Failure> {
        let folder = match self.destination.as_str() {
            "." => std::env::current_dir()?.display().to_string(),
            folder => folder.to_owned(),
        };
        let name = package::file_name(chart);
        let target = PathBuf::from(path::join(&[&folder, &name]));
        let archive =
            write(chart, times, &target).map_err(|text| Failure::Error(format!("failed to save: {text}")))?;
        let mut beside = None;
        if let Some(signing) = signing {
            let text = signing.sign(archive.path(), &name, context).map_err(Failure::Error)?;
            let mut staged = Staged::beside(&PathBuf::from(path::join(&[&folder, &format!("{name}.prov")])))
                .map_err(Failure::Error)?;
            staged.writer().write_all(&text)?;
            beside = Some(staged);
        }
        archive.keep().map_err(|text| Failure::Error(format!("failed to save: {text}")))?;
        beside.map_or(Ok(()), Staged::keep).map_err(Failure::Error)?;
        Ok(target)
    }
}

fn write(chart: &Chart, times: Times, target: &Path) -> Result<Staged, String> {
    let mut staged = Staged::beside(target)?;
    package::write(chart, times, staged.writer()).map_err(|error| error.to_string())?;
    Ok(staged)
}

/// Helm: action/install.go `CheckDependencies`.
fn missing_dependencies(chart: &Chart) -> Vec<String> {
    let wanted = chart.metadata.dependencies().iter().map(|dependency| dependency.name.clone());
    wanted.filter(|name| chart.dependencies.iter().all(|it| it.name() != name)).collect()
}
