//! Reads the custom resource definitions that `--crd` names.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::chart;
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::go::os::error_text;
use crate::judge;
use crate::manifest::{HelmVersion, split, workload};
use crate::yaml::{self, Node};

/// The definitions in the files, folders and charts.
///
/// # Errors
/// What cannot be read, or holds none.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Node>, Box<Diagnostic>> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        for text in texts(path).map_err(|why| unusable(path, &why))? {
            add(&text, &mut found).map_err(|why| unusable(path, &why))?;
        }
        if found.len() == before {
            let why = "there is no CustomResourceDefinition of apiextensions.k8s.io/v1 in it";
            return Err(unusable(path, why));
        }
    }
    Ok(found)
}

/// The texts that a path stands for: a file, the `crds` of a chart and its dependencies, all YAML below a folder.
fn texts(path: &Path) -> Result<Vec<String>, String> {
    let read = |path: &Path| files::read_to_string(path).map_err(|error| error_text(&error));
    let is_archive = path.extension().is_some_and(|end| end == "tgz");
    if is_archive || path.join("Chart.yaml").is_file() {
        let chart = chart::load(path).map_err(|error| error.to_string())?;
        let crds = chart.crds().into_iter();
        return Ok(crds.map(|crd| String::from_utf8_lossy(&crd.file.data).into_owned()).collect());
    }
    if path.is_file() {
        return Ok(vec![read(path)?]);
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let is_yaml = entry.path().extension().is_some_and(|end| end == "yaml" || end == "yml");
        if is_yaml && entry.file_type().is_file() {
            found.push(read(entry.path())?);
        }
    }
    Ok(found)
}

/// The files that the paths stand for, to tell whether they are those of another machine.
pub fn definition_files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let below = |path: &PathBuf| WalkDir::new(path).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = paths.iter().flat_map(below).filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

/// Adds the definitions of a text.
fn add(text: &str, found: &mut Vec<Node>) -> Result<(), String> {
    for range in split::split(text, HelmVersion::Helm4) {
        let text = &text[range];
        // Most of a folder may be something else.
        if !text.contains("CustomResourceDefinition") {
            continue;
        }
        let document = yaml::parse(text).map_err(|error| error.to_string())?;
        let objects = workload::objects(&document).into_iter();
        let is_definition = |object: &workload::Object<'_>| {
            object.id.kind == "CustomResourceDefinition" && object.id.api_version == "apiextensions.k8s.io/v1"
        };
        found.extend(objects.filter(is_definition).map(|object| object.node.clone()));
    }
    Ok(())
}

fn unusable(path: &Path, why: &str) -> Box<Diagnostic> {
    Box::new(judge::unusable_flag(format!("--crd {}: {why}", path.display())))
}
