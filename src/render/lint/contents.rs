//! The checks of `values.yaml`, of dependencies and of `crds/`.
//! Helm: lint/rules/values.go, dependencies.go, crds.go.

use std::path::Path;

use super::documents;
use super::messages::Level::{Error, Info, Warning};
use super::messages::{Context, Lint};
use crate::chart::{self, Chart};
use crate::files;
use crate::go::os::PathError;
use crate::manifest::HelmVersion;
use crate::render::common::VALUES;
use crate::schema;
use crate::value::Map;
use crate::{values, yaml};

/// Checks that `values.yaml` is there, is YAML and, with the user's values over it, fits the schema.
pub(super) fn check_values(folder: &Path, context: &Context, lint: &mut Lint) {
    const FILE: &str = "values.yaml";
    let file = folder.join(FILE);
    if !file.exists() {
        return lint.say(Info, FILE, "file does not exist");
    }
    let read = files::read(&file)
        .map_err(|error| PathError::new("read", &file, &error).to_string())
        .and_then(|text| yaml::named_map_from_str(text, VALUES.name).map_err(|error| error.to_string()));
    let values = match read {
        Ok(values) => values,
        Err(error) => return lint.say(Error, FILE, format!("unable to parse YAML: {error}")),
    };
    // Only the first level is a copy, so that the checks that follow see the user's tables filled up, as in Helm.
    let coalesced: Map = context.values.entries().into_iter().collect();
    values::coalesce_tables(&coalesced, &values, HelmVersion::default(), &mut lint.warnings);
    let Ok(text) = files::read(&folder.join("values.schema.json")) else { return };
    let Some(options) = context.schema.filter(|_| !text.is_empty()) else { return };
    if let Err(error) = schema::validate(&coalesced, &text, options, Some(folder), &mut lint.warnings) {
        lint.say(Error, FILE, error.to_string());
    }
}

/// Checks that metadata and `charts/` name the same dependencies, each once.
pub(super) fn check_dependencies(folder: &Path, lint: &mut Lint) {
    let Some(chart) = lint.load(folder, "", "unable to load chart\n\t") else { return };
    let path = folder.display().to_string();
    let declared = chart.metadata.dependencies();
    let undeclared = chart.dependencies.iter().map(Chart::name);
    let undeclared = undeclared.filter(|name| declared.iter().all(|it| it.name != *name));
    lint.check(Error, &path, complaint("chart metadata is missing these dependencies", undeclared));
    let keys: Vec<&str> = declared.iter().map(chart::Dependency::key).collect();
    let repeated = keys.iter().enumerate().filter(|(at, key)| keys[..*at].contains(key));
    let repeated = repeated.map(|(_, key)| *key);
    lint.check(Error, &path, complaint("multiple dependencies with name or alias", repeated));
    let missing = declared.iter().map(|it| it.name.as_str());
    let missing = missing.filter(|name| chart.dependencies.iter().all(|own| own.name() != *name));
    lint.check(Warning, &path, complaint("chart directory is missing these dependencies", missing));
}

fn complaint<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| format!("{text}: {}", names.join(",")))
}

/// Checks that `crds/` holds custom resource definitions.
pub(super) fn check_crds(folder: &Path, lint: &mut Lint) {
    const FOLDER: &str = "crds/";
    let crds = folder.join("crds");
    if !crds.exists() {
        return;
    }
    if !crds.is_dir() {
        return lint.say(Error, FOLDER, "not a directory");
    }
    let Some(chart) = lint.load(folder, FOLDER, "") else { return };
    for crd in chart.crds() {
        let name = &crd.file.name;
        for document in documents::read(&crd.file.data) {
            match document {
                Err(error) => return lint.say(Error, name.as_str(), error.to_string()),
                Ok(None) => {}
                Ok(Some(document)) => {
                    if !document.api_version.starts_with("apiextensions.k8s.io") {
                        lint.say(Error, name.as_str(), "apiVersion is not in 'apiextensions.k8s.io'");
                    }
                    if document.kind != "CustomResourceDefinition" {
                        lint.say(Error, name.as_str(), "object kind is not 'CustomResourceDefinition'");
                    }
                }
            }
        }
    }
}
