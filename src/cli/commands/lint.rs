//! `lint`: Helm's checks of charts in Helm's form. The checks are in [`crate::render::lint`].

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::chart;
use crate::cli::args::capabilities::kube_version;
use crate::cli::args::count::check_count;
use crate::cli::args::source::absolute;
use crate::cli::args::{RepeatArgs, Switch, ValuesArgs};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::expand::expand;
use crate::files;
use crate::go;
use crate::go::os::PathError;
use crate::go::raw;
use crate::render::lint::{Level, Lint, lint};
use crate::staged::StagedFolder;

/// Examine a chart for possible issues
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll lint PATH [flags]")]
pub(crate) struct Args {
    /// Charts: folders or archives
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Fail on lint warnings
    #[arg(long)]
    strict: Switch,
    /// Lint dependent charts
    #[arg(long)]
    with_subcharts: Switch,
    /// Print only warnings and errors
    #[arg(long)]
    quiet: Switch,
    /// Disable JSON schema validation
    #[arg(long)]
    skip_schema_validation: Switch,
    /// Kubernetes version used for capabilities and deprecation checks
    #[arg(long, value_name = "VERSION")]
    kube_version: Option<String>,
    #[command(flatten)]
    values: ValuesArgs,
    #[command(flatten)]
    repeat: RepeatArgs,
}

impl Args {
    /// Helm: cmd/lint.go.
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        check_count(&self.paths, 1..=usize::MAX, "lint PATH")?;
        let version = kube_version(self.kube_version.as_deref())?.unwrap_or_default();
        let paths = self.all_paths();
        let user = self.values.read()?;
        let mut host = self.repeat.host(false)?;
        let mut text = String::new();
        let (mut failed, mut noticed) = (0, 0);
        for path in &paths {
            let lint_context = crate::render::lint::Context {
                values: &user.values,
                namespace: context.globals.namespace(),
                kube_version: &version,
                schema: (!self.skip_schema_validation.is_on()).then(|| self.repeat.schemas()),
            };
            let result = chart_folder(path).map(|folder| lint(&folder.path(), &lint_context, host.as_mut()));
            if let Ok(lint) = &result {
                context.log(&lint.warnings);
            }
            let is_failed = self.is_failed(&result);
            let is_noticed = is_failed || worst(&result) > Some(Level::Info);
            failed += usize::from(is_failed);
            noticed += usize::from(is_noticed);
            if is_noticed || !self.quiet.is_on() {
                self.tell(path, &result, &mut text);
            }
        }
        context.out.write_all(&raw::bytes(&text))?;
        let summary = format!("{} chart(s) linted, {failed} chart(s) failed", paths.len());
        if failed > 0 {
            return Err(Error::new(summary));
        }
        if !self.quiet.is_on() || noticed > 0 {
            writeln!(context.out, "{summary}")?;
        }
        Ok(Done::Clean)
    }

    fn is_failed(&self, result: &Result<Lint, Error>) -> bool {
        let tolerated = if self.strict.is_on() { Level::Info } else { Level::Warning };
        result.is_err() || worst(result) > Some(tolerated)
    }

    fn tell(&self, path: &str, result: &Result<Lint, Error>, text: &mut String) {
        text.push_str(&format!("==> Linting {path}\n"));
        match result {
            Err(error) => text.push_str(&format!("Error {error}\n")),
            Ok(lint) => {
                let told = lint.messages.iter();
                for message in told.filter(|message| !self.quiet.is_on() || message.level > Level::Info) {
                    text.push_str(&format!("{message}\n"));
                }
            }
        }
        text.push('\n');
    }

    /// The given paths and, where they are wanted, those of the charts below their `charts/`.
    fn all_paths(&self) -> Vec<String> {
        let mut paths = self.paths.clone();
        if !self.with_subcharts.is_on() {
            return paths;
        }
        for path in &self.paths {
            let folder = go::path::join(&[path, "charts"]);
            let walk = walkdir::WalkDir::new(raw::path(&folder)).sort_by_file_name();
            for entry in walk.into_iter().flatten() {
                let found = raw::of_path(entry.path()).into_owned();
                if entry.file_name() == "Chart.yaml" {
                    paths.push(go::path::dir(&found));
                } else if is_archive(&found) {
                    paths.push(found);
                }
            }
        }
        paths
    }
}

fn worst(result: &Result<Lint, Error>) -> Option<Level> {
    let lint = result.as_ref().ok()?;
    lint.messages.iter().map(|message| message.level).max()
}

fn is_archive(path: &str) -> bool {
    [".tgz", ".tar.gz"].iter().any(|ending| path.ends_with(ending))
}

/// A chart in a folder, its own or one that it was unpacked into.
enum Folder {
    Own(PathBuf),
    Unpacked(StagedFolder, String),
}

impl Folder {
    fn path(&self) -> PathBuf {
        match self {
            Folder::Own(path) => path.clone(),
            Folder::Unpacked(folder, name) => folder.path().join(name),
        }
    }
}

/// The folder of the chart at the path. Helm: action/lint.go `lintChart`.
fn chart_folder(path: &str) -> Result<Folder, Error> {
    let folder = if is_archive(path) { unpack(path)? } else { Folder::Own(absolute(path)) };
    // Helm asks for the file below the path as it was given.
    let chart_file = match &folder {
        Folder::Own(_) => raw::path(&go::path::join(&[path, "Chart.yaml"])).into_owned(),
        Folder::Unpacked(..) => folder.path().join("Chart.yaml"),
    };
    std::fs::metadata(&chart_file).map_err(|error| {
        let error = PathError::new("stat", &chart_file, &error);
        Error::new(format!("unable to check Chart.yaml file in chart: {error}"))
    })?;
    Ok(folder)
}

/// Unpacks an archive into a folder that lasts as long as it is used.
fn unpack(path: &str) -> Result<Folder, Error> {
    let file = files::open(&raw::path(path)).map_err(|error| {
        let error = PathError::new("open", path, &error);
        Error::new(format!("unable to open tarball: {error}"))
    })?;
    let failed = |error: &dyn std::fmt::Display| Error::new(format!("unable to extract tarball: {error}"));
    let files = chart::load_archive_files(file).map_err(|error| failed(&error))?;
    let metadata = files.iter().find(|file| file.name == "Chart.yaml");
    let metadata = metadata.ok_or_else(|| failed(&"chart name not specified"))?;
    let name = chart::Metadata::parse(&metadata.data).map_err(|error| failed(&error))?.name;
    if name.is_empty() || name.contains('/') || matches!(name.as_str(), "." | "..") {
        return Err(failed(&"chart name not specified"));
    }
    let folder = StagedFolder::inside(&std::env::temp_dir())
        .map_err(|error| Error::new(format!("unable to create temp dir to extract tarball: {error}")))?;
    expand(&files, &folder.path().join(&name)).map_err(|error| failed(&error))?;
    Ok(Folder::Unpacked(folder, name))
}
