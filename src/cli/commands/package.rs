//! `package`: a chart's folder as an archive, as `helm package` writes it, signed if that is asked ([`super::sign`]). The
//! archive appears whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::chart::package::Times;
use crate::chart::{self, Chart, package};
use crate::cli::args::Switch;
use crate::cli::args::access::AccessArgs;
use crate::cli::args::sign::{SignArgs, Signing};
use crate::cli::context::{Context, Done};
use crate::cli::environment::times;
use crate::cli::error::Error;
use crate::fetch;
use crate::fetch::dependencies::Dependencies;
use crate::fetch::provenance::Proof;
use crate::go::os::PathError;
use crate::go::{path, raw, semver};
use crate::render;
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
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        if self.charts.is_empty() {
            return Err(Error::new("need at least one argument, the path to the chart"));
        }
        let times = times()?;
        let mut signing = self.sign.begin()?;
        let fetcher = self.access.source().fetcher(context.globals);
        for folder in &self.charts {
            if self.dependency_update.is_on() {
                let folder = &path::clean(folder);
                let mut update = Dependencies {
                    fetcher: &fetcher,
                    folder,
                    skip_refresh: false,
                    times,
                    proof: Proof::Never,
                    listener: &mut |_| {},
                };
                update.update()?;
            }
            let chart = self.load(folder, context)?;
            let written = self.save(&chart, times, signing.as_mut(), context)?;
            let told = format!("Successfully packaged chart and saved it to: {}\n", raw::of_path(&written));
            context.out.write_all(&raw::bytes(&told))?;
        }
        Ok(Done::Clean)
    }

    fn load(&self, folder: &str, context: &mut Context) -> Result<Chart, Error> {
        let metadata =
            std::fs::metadata(raw::path(folder)).map_err(|error| PathError::new("stat", folder, &error))?;
        if !metadata.is_dir() {
            let file = std::path::absolute(raw::path(folder))?.join("Chart.yaml");
            let file = raw::shown_path(&file);
            let text = format!("unable to detect chart at {file}: open {file}: not a directory");
            return Err(Error::new(text));
        }
        let mut chart = context.loaded(chart::load(raw::path(folder)))?;
        context.log(&chart.warnings);
        if let Some(version) = self.version.as_ref().filter(|version| !version.is_empty()) {
            chart.metadata.version.clone_from(version);
        }
        semver::Version::parse(&chart.metadata.version).map_err(Error::new)?;
        if let Some(version) = self.app_version.as_ref().filter(|version| !version.is_empty()) {
            chart.metadata.app_version.clone_from(version);
        }
        let missing = render::missing_dependencies(&chart);
        if !missing.is_empty() {
            let missing = missing.join(", ");
            let text = format!("found in Chart.yaml, but missing in charts/ directory: {missing}");
            return Err(Error::new(text));
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
    ) -> Result<PathBuf, Error> {
        let folder = match self.destination.as_str() {
            "." => raw::of_path(&std::env::current_dir()?).into_owned(),
            folder => folder.to_owned(),
        };
        let name = package::file_name(chart);
        let target = raw::path(&path::join(&[&folder, &name])).into_owned();
        let archive = write(chart, times, &target).map_err(not_saved)?;
        let mut beside = None;
        if let Some(signing) = signing {
            let text = signing.sign(archive.path(), &name, context)?;
            let mut staged = Staged::beside(&raw::path(&path::join(&[&folder, &format!("{name}.prov")])))?;
            staged.writer().write_all(&text)?;
            beside = Some(staged);
        }
        archive.keep().map_err(not_saved)?;
        beside.map_or(Ok(()), Staged::keep)?;
        Ok(target)
    }
}

fn write(chart: &Chart, times: Times, target: &Path) -> Result<Staged, fetch::Error> {
    let mut staged = Staged::beside(target)?;
    package::write(chart, times, staged.writer()).map_err(fetch::Error::other)?;
    Ok(staged)
}

fn not_saved(error: impl std::fmt::Display) -> Error {
    Error::new(format!("failed to save: {error}"))
}
