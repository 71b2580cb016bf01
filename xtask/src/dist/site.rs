//! [`Site`]: where packages are tried, and [`Installed`]: what came of one.

use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

use crate::{Outcome, root};

use super::target::Target;

/// Where something is tried.
pub struct Site {
    /// What `dist` made.
    pub out: PathBuf,
    /// A folder that is removed afterwards.
    pub scratch: PathBuf,
    /// The version that is tried.
    pub version: String,
    /// The target that it was made for.
    pub target: &'static Target,
}

/// What was installed.
pub struct Installed {
    /// The file that it came from.
    pub file: PathBuf,
    /// How it is run, and on which chart.
    pub line: Vec<String>,
    /// The chart, as the program sees it.
    pub chart: String,
    /// Variables that it is run with.
    pub variables: Vec<(&'static str, PathBuf)>,
}

impl Installed {
    /// Something that is run from this repository.
    pub fn here(file: PathBuf, line: Vec<String>) -> Installed {
        Installed { file, line, chart: chart().display().to_string(), variables: Vec::new() }
    }
}

impl Site {
    /// The one file of the version with that beginning and end.
    pub fn file(&self, begin: &str, end: &str) -> Result<PathBuf, String> {
        let files = WalkDir::new(&self.out).sort_by_file_name().into_iter().flatten();
        let found = files.map(walkdir::DirEntry::into_path).find(|path| {
            let name = path.strip_prefix(&self.out).unwrap_or(path).display().to_string();
            name.starts_with(begin) && name.contains(&self.version) && name.ends_with(end)
        });
        found.ok_or_else(|| format!("{} has no {begin}{}…{end}", self.out.display(), self.version))
    }
}

/// The chart that everything is tried on.
pub fn chart() -> PathBuf {
    root().join("charts/mini-service")
}

/// What a command prints, if it ends well.
pub fn said(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().display().to_string();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{name}: {}: {text}{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) -> Outcome {
    for entry in WalkDir::new(from).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let place = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        let made = if entry.file_type().is_dir() {
            std::fs::create_dir_all(&place)
        } else {
            std::fs::copy(entry.path(), &place).map(|_| ())
        };
        made.map_err(|error| format!("{}: {error}", place.display()))?;
    }
    Ok(())
}
