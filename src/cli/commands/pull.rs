//! `pull`: a chart from a registry or a repository as a file on this disk, or unpacked.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::chart;
use crate::cli::args::{SourceArgs, Switch};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::expand::expand;
use crate::fetch::{self, Fetcher, Listener};
use crate::files;
use crate::go::os::PathError;
use crate::go::{path, strconv};
use crate::signing::Verification;
use crate::staged::StagedFolder;

/// Download a chart from a repository and (optionally) unpack it in local directory
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// The charts: `oci://HOST/PATH/NAME[:TAG|@DIGEST]`, `https://…tgz`, `REPO/NAME`, or a name with --repo
    #[arg(value_name = "CHART")]
    charts: Vec<String>,
    /// Use development versions, too: as `--version '>0.0.0-0'`
    #[arg(long)]
    devel: Switch,
    /// Unpack the chart after downloading it
    #[arg(long)]
    untar: Switch,
    /// The folder into which the chart is unpacked, below that of --destination
    #[arg(long, value_name = "DIR", default_value = ".")]
    untardir: String,
    /// Fetch the provenance file, but don't perform verification
    #[arg(long)]
    prov: Switch,
    /// Location to write the chart
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    destination: String,
    #[command(flatten)]
    source: SourceArgs,
}

impl Args {
    /// Helm: cmd/pull.go and action/pull.go `Run`.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        if self.charts.is_empty() {
            return Err(Error::new(
                "\"plimsoll pull\" requires at least 1 argument\n\nUsage:  plimsoll pull [chart URL | repo/chartname] \
                 [...] [flags]",
            ));
        }
        let fetcher = self.source.fetcher(context.globals);
        for chart in &self.charts {
            let verification = context.telling(|listener| self.pull(&fetcher, chart, listener))?;
            for line in verification.iter().flat_map(Verification::lines) {
                writeln!(context.out, "{line}")?;
            }
        }
        Ok(Done::Clean)
    }

    /// Brings the chart and tells who signed it, if that is asked.
    fn pull(
        &self,
        fetcher: &Fetcher,
        chart: &str,
        listener: Listener<'_>,
    ) -> Result<Option<Verification>, fetch::Error> {
        let located = self.source.find(fetcher, chart, self.devel, listener)?;
        let proof = self.source.proof(self.prov);
        // The chart of a repository that is given by its address goes by its own address from here on.
        let chart = &self.source.repository().map_or_else(|| chart.to_owned(), |_| located.place());
        if !self.untar.is_on() {
            let pulled = fetcher.pull(&located, chart, Path::new(&self.destination), &proof, listener)?;
            return Ok(pulled.verification);
        }
        let folder = StagedFolder::inside(&std::env::temp_dir()).map_err(untar)?;
        let pulled = fetcher.pull(&located, chart, folder.path(), &proof, listener)?;
        let target = match path::is_abs(&self.untardir) {
            true => self.untardir.clone(),
            false => path::join(&[&self.destination, &self.untardir]),
        };
        unpack(&pulled.path, &target)?;
        Ok(pulled.verification)
    }
}

/// Unpacks an archive into a folder of the chart's name below `target`: first beside it, then it is given its name, so
/// that it is there whole or not at all. Helm: chart/v2/util/expand.go.
fn unpack(archive: &Path, target: &str) -> Result<(), fetch::Error> {
    let input = files::open(archive).map_err(|error| untar(PathError::new("open", archive, &error)))?;
    let files = chart::load_archive_files(input)?;
    let name = chart::load_metadata(archive)?.name;
    if name == "." || name == ".." || path::base(&name) != name {
        return Err(fetch::Error::other(format!("chart name {} is not allowed", strconv::quote(&name))));
    }
    let place = PathBuf::from(path::join(&[target, &name]));
    if place.symlink_metadata().is_ok() {
        let place = place.display();
        let text = format!("a file or directory with the name {place} already exists");
        return Err(untar(fetch::Error::Other(text)));
    }
    let target = Path::new(target);
    make_folder(target).map_err(|error| fetch::Error::from(error).while_doing("failed to untar (mkdir)"))?;
    let staged = StagedFolder::inside(target).map_err(untar)?;
    expand(&files, staged.path()).map_err(untar)?;
    staged.keep_at(&place, 0o755).map_err(untar)
}

fn untar(error: impl Into<fetch::Error>) -> fetch::Error {
    error.into().while_doing("failed to untar")
}

/// Go: `os.MkdirAll`.
fn make_folder(path: &Path) -> Result<(), PathError> {
    fs::create_dir_all(path).map_err(|error| {
        let mut error_in_go = PathError::new("mkdir", path, &error);
        if error.kind() == ErrorKind::AlreadyExists {
            // Go says what is in the way, not that something is there.
            "not a directory".clone_into(&mut error_in_go.reason);
        }
        error_in_go
    })
}
