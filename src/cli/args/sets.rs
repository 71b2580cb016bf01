//! With which values, and for which versions of Kubernetes, a chart is judged: its own values, the sets that flags and the
//! configuration name, and the files beside it that are usually sets.

use std::path::{Path, PathBuf};

use clap::Args;

use super::judged::{self, JudgedArgs};
use super::locate::Found;
use super::switch::Switch;
use crate::diagnostic::Diagnostic;
use crate::go::raw;
use crate::judge::{self, Chosen, OWN, Run};
use crate::system;

/// The flags of it, which mean something for charts only.
pub const OF_SETS: [&str; 2] = ["values_set", "no_values_sets"];

/// Which sets of values a chart is judged with.
#[derive(Args, Debug)]
#[command(next_help_heading = "Sets of values")]
pub struct SetsArgs {
    /// Judge each chart with this set of values too (can specify multiple)
    #[arg(long, value_name = "NAME=FILE,...")]
    values_set: Vec<String>,
    /// Leave out the files `ci/*-values.yaml` and `values-*.yaml` of a chart, which are sets of values otherwise
    #[arg(long)]
    no_values_sets: Switch,
}

/// A rendering that is to be judged.
pub struct Plan {
    pub run: Run,
    pub judged: JudgedArgs,
}

/// A set of values: its name, and its files, lowest first.
struct Set {
    name: String,
    files: Vec<PathBuf>,
}

impl SetsArgs {
    /// The files that flags name.
    pub fn named_files(&self) -> impl Iterator<Item = String> {
        let sets = self.values_set.iter().filter_map(|set| set.split_once('='));
        sets.flat_map(|(_, files)| files.split(',')).map(str::to_owned)
    }

    /// The renderings of a chart, that with its own values first. Where -f names values, or an answer of somebody else is
    /// asked for, the chart has no other sets than those that are named.
    ///
    /// # Errors
    /// A set that names no file, or one that is not there.
    pub fn plan(
        &self,
        found: &Found,
        judged: &JudgedArgs,
        profiles: &[Chosen],
        answers_once: bool,
    ) -> Result<Vec<Plan>, Box<Diagnostic>> {
        let mut sets = vec![Set { name: OWN.to_owned(), files: Vec::new() }];
        sets.extend(self.named()?);
        sets.extend(found.values.iter().map(|file| file_set(&found.path, file)));
        let looks_around = !self.no_values_sets.is_on() && judged.values.files.is_empty() && !answers_once;
        if looks_around {
            sets.extend(configured(&found.path, judged, profiles)?);
            sets.extend(beside(&found.path));
        }
        let mut kept: Vec<Set> = Vec::new();
        for set in sets {
            let is_known = kept.iter().any(|known| known.name == set.name || same(&known.files, &set.files));
            if !is_known {
                kept.push(set);
            }
        }
        let versions = kube_versions(judged, profiles);
        let versions: Vec<Option<String>> =
            if versions.is_empty() { vec![None] } else { versions.into_iter().map(Some).collect() };
        let several = versions.len() > 1;
        let mut plans = Vec::new();
        for set in &kept {
            for version in &versions {
                let name = match version {
                    Some(version) if several => format!("{} on Kubernetes {version}", set.name),
                    _ => set.name.clone(),
                };
                let mut judged = judged.clone();
                judged.values.files.splice(0..0, set.files.iter().map(|file| judged::as_argument(file)));
                if version.is_some() {
                    judged.capabilities.kube_version.clone_from(version);
                }
                let run = Run {
                    name,
                    values_set: set.name.clone(),
                    kube_version: version.clone(),
                    ..Run::default()
                };
                plans.push(Plan { run, judged });
            }
        }
        Ok(plans)
    }

    /// The sets of the flag.
    fn named(&self) -> Result<Vec<Set>, Box<Diagnostic>> {
        let read = |text: &String| {
            let (name, files) = text
                .split_once('=')
                .filter(|(name, files)| !name.is_empty() && !files.is_empty())
                .ok_or_else(|| {
                    Box::new(judge::unusable_flag(format!(
                        "--values-set {text} is no set of values; write NAME=FILE,FILE"
                    )))
                })?;
            Ok(Set {
                name: name.to_owned(),
                files: files.split(',').map(|file| raw::path(file).into_owned()).collect(),
            })
        };
        self.values_set.iter().map(read).collect()
    }
}

/// The versions of Kubernetes that the flag names, or else the configuration.
pub fn kube_versions(judged: &JudgedArgs, profiles: &[Chosen]) -> Vec<String> {
    let given = judged.capabilities.kube_version.as_deref().unwrap_or_default();
    let given: Vec<String> =
        given.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect();
    let configured = || profiles.iter().find(|chosen| !chosen.profile.kube_versions.is_empty());
    if given.is_empty() {
        return configured().map(|chosen| chosen.profile.kube_versions.clone()).unwrap_or_default();
    }
    given
}

/// The sets of the configuration. A file is looked for in the chart, then beside the configuration.
fn configured(chart: &Path, judged: &JudgedArgs, profiles: &[Chosen]) -> Result<Vec<Set>, Box<Diagnostic>> {
    let mut sets = Vec::new();
    let config = judged.policy.config_file(chart);
    let folder = config.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
    let named = profiles.iter().find(|chosen| !chosen.profile.values_sets.is_empty());
    for set in named.iter().flat_map(|chosen| &chosen.profile.values_sets) {
        let mut files = Vec::new();
        for file in &set.files {
            let places = [chart.join(file), folder.join(file)];
            let found = places.into_iter().find(|file| file.is_file()).ok_or_else(|| {
                Box::new(judge::unusable_flag(format!(
                    "the set of values `{}` names {file}, which is neither in {} nor beside {}",
                    set.name,
                    chart.display(),
                    config.as_deref().unwrap_or(Path::new("the configuration")).display(),
                )))
            })?;
            files.push(system::with_slashes(found));
        }
        sets.push(Set { name: set.name.clone(), files });
    }
    Ok(sets)
}

/// The files of a chart that are sets of values by their names. Helm's chart-testing: `ci/*-values.yaml`.
fn beside(chart: &Path) -> Vec<Set> {
    let names = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| raw::of_path(&entry.file_name()).into_owned()).collect();
        names.sort();
        names
    };
    let stem =
        |name: &str| name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).map(str::to_owned);
    let in_root = names(chart.to_owned()).into_iter().filter(|name| {
        stem(name).is_some_and(|stem| stem.starts_with("values-") || stem.starts_with("values."))
    });
    let in_ci = names(chart.join("ci")).into_iter().filter(|name| {
        stem(name)
            .is_some_and(|stem| stem.ends_with("-values") || stem == "values" || stem.starts_with("values-"))
    });
    let files = in_root
        .map(|name| chart.join(raw::path(&name)))
        .chain(in_ci.map(|name| chart.join("ci").join(raw::path(&name))));
    files.filter(|file| file.is_file()).map(|file| file_set(chart, &file)).collect()
}

/// The set that is one file of a chart, called as it lies there.
fn file_set(chart: &Path, file: &Path) -> Set {
    let name = file.strip_prefix(chart).unwrap_or(file).to_owned();
    let [name, file] = [name, file.to_owned()].map(system::with_slashes);
    Set { name: raw::of_path(&name).into_owned(), files: vec![file] }
}

/// Whether two sets are made of the same files.
fn same(one: &[PathBuf], other: &[PathBuf]) -> bool {
    let real = |file: &PathBuf| file.canonicalize().unwrap_or_else(|_| file.clone());
    !one.is_empty() && one.len() == other.len() && one.iter().zip(other).all(|(a, b)| real(a) == real(b))
}
