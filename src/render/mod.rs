//! A chart and values become a rendered release: which templates run in which order with which dot, and what becomes of
//! what they write. Nothing here reads files or prints.
//!
//! Read [`render`], the whole way; [`templates`] is the part of it that only executes templates, [`host`] the door to
//! clock, chance and cluster.

mod accounts;
pub mod capabilities;
pub mod common;
mod coverage;
mod error;
pub mod fixtures;
pub mod host;
pub mod lint;
mod meant;
mod objects;
mod odd;
mod origin;
mod output;
mod release;
mod request;
mod scope;
mod ways;

pub use crate::template::trace::Part;
pub use accounts::{Accounts, Unread};
pub use capabilities::{Capabilities, KubeVersion};
pub use coverage::{BranchCoverage, Coverage, DefineCoverage, FileCoverage, KeyCoverage, Share};
pub use error::Error;
pub use origin::{Called, Cause, Origins};
pub use output::Output;
pub use release::Release;
pub use request::Request;
pub use ways::{Obstacle, SwitchedOff};

use std::rc::Rc;

use common::VALUES;
use host::Listening;

use crate::chart::Chart;
use crate::go::{raw, semver, slog};
use crate::manifest::{self, HelmVersion, Hook, Manifest, ParseError, Sorted};
use crate::template::host::Host;
use crate::template::{self, Set, Tracer};
use crate::value::{Map, Str, Value};
use crate::{budget, funcs, values};

/// A rendered release.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// What is installed, in the order of installing.
    pub manifests: Vec<Manifest>,
    /// What runs at a moment of the release's life, in the order in which Helm prints it.
    pub hooks: Vec<Hook>,
    /// The files of `crds/` of the chart and its dependencies, as they are.
    pub crds: Vec<Crd>,
    /// What the chart's own `NOTES.txt` says.
    pub notes: Str,
    /// What Helm's log would say, a line each.
    pub warnings: Vec<slog::Line>,
}

/// A file of `crds/`, which is not a template.
#[derive(Clone, Debug)]
pub struct Crd {
    /// Its path with that of its chart: `top/charts/redis/crds/a.yaml`.
    pub source: String,
    /// Its text.
    pub text: Str,
}

/// What the templates of a chart wrote, before documents are made of it.
#[derive(Clone, Debug, Default)]
pub struct Executed {
    /// What each wrote, `NOTES.txt` left out.
    pub outputs: Vec<Output>,
    /// The files of `crds/` of the chart and its dependencies, as they are.
    pub crds: Vec<Crd>,
    /// What the chart's own `NOTES.txt` says.
    pub notes: Str,
    /// What Helm's log would say, a line each.
    pub warnings: Vec<slog::Line>,
}

impl Executed {
    /// The outputs in the order in which Helm reads them, partials left out.
    pub fn in_order(&self) -> Vec<&Output> {
        let is_partial =
            |output: &&Output| output.name.rsplit('/').next().is_some_and(|base| base.starts_with('_'));
        let mut outputs: Vec<&Output> = self.outputs.iter().filter(|output| !is_partial(output)).collect();
        outputs.sort_unstable_by(|a, b| raw::compare(&a.name, &b.name));
        outputs
    }

    /// The documents of the outputs that are YAML, as that Helm splits and orders them, and those that are not.
    pub fn sort_each(&self, helm: HelmVersion) -> (Sorted, Vec<ParseError>) {
        let outputs = self.in_order().into_iter();
        manifest::sort_each(outputs.map(|output| (output.name.as_str(), &output.text)), helm)
    }

    /// The documents of the outputs, as that Helm splits and orders them.
    ///
    /// # Errors
    /// The first document that is no YAML.
    pub fn sort(&self, helm: HelmVersion) -> Result<Sorted, Box<ParseError>> {
        let outputs = self.in_order().into_iter();
        manifest::sort(outputs.map(|output| (output.name.as_str(), &output.text)), helm)
    }
}

/// Renders a chart with the user's values. Helm: action/install.go `RunWithContext` and what cmd/install.go `runInstall`
/// does before it.
///
/// # Errors
/// Those of [`execute`], and a document that is no YAML.
pub fn render(chart: &Chart, user: &Map, request: &Request, host: &mut dyn Host) -> Result<Rendered, Failed> {
    let executed = execute(chart, user, request, host)?;
    let sorted = executed.sort(request.helm);
    let Executed { outputs, crds, notes, mut warnings } = executed;
    match sorted {
        Ok(Sorted { manifests, hooks, dropped_hooks }) => {
            let dropped = dropped_hooks
                .iter()
                .map(|(_, names)| slog::Line::info("skipping unknown hooks", &[("hookTypes", names)]));
            warnings.extend(dropped);
            Ok(Rendered { manifests, hooks, crds, notes, warnings })
        }
        Err(error) => Err(Failed { error: Error::Yaml { error, outputs }, warnings }),
    }
}

/// Executes the templates of a chart with the user's values: [`render`] without the last step.
///
/// # Errors
/// Why the chart cannot be rendered, with what Helm would have logged.
pub fn execute(
    chart: &Chart,
    user: &Map,
    request: &Request,
    host: &mut dyn Host,
) -> Result<Executed, Failed> {
    let mut warnings = chart.warnings.clone();
    let executed = prepare(chart, user, request, &mut warnings)
        .and_then(|(chart, values)| execute_prepared(&chart, &values, request, host, &mut warnings));
    match executed {
        Ok(executed) => Ok(Executed { warnings, ..executed }),
        Err(error) => Err(Failed { error, warnings }),
    }
}

/// As [`execute`], but a template that fails leaves the others to execute: what failed stands beside what did not.
///
/// # Errors
/// Those of what comes before templates.
pub fn execute_each(
    chart: &Chart,
    user: &Map,
    request: &Request,
    host: &mut dyn Host,
) -> Result<(Executed, Vec<template::Error>), Failed> {
    let (chart, _, Attempt { outputs, failures }, warnings) = attempt_each::<()>(chart, user, request, host)?;
    let failures = failures.into_iter().map(|failure| failure.error).collect();
    Ok((Executed { warnings, ..written(&chart, outputs) }, failures))
}

/// Prepares a chart and executes its templates, each on its own: the chart with the dependencies that hold, its values, what
/// came of the templates, and what Helm logs.
fn attempt_each<T: Tracer + Default>(
    chart: &Chart,
    user: &Map,
    request: &Request,
    host: &mut dyn Host,
) -> Result<(Chart, Map, Attempt<T>, Vec<slog::Line>), Failed> {
    let mut warnings = chart.warnings.clone();
    let prepared = prepare(chart, user, request, &mut warnings).and_then(|(chart, values)| {
        check_kube_version(&chart, &request.capabilities.kube_version)?;
        Ok((chart, values))
    });
    match prepared {
        Ok((chart, values)) => {
            let mut listening = Listening { host, warnings: &mut warnings };
            let attempt = attempt(&chart, &values, request, &mut listening, false);
            Ok((chart, values, attempt, warnings))
        }
        Err(error) => Err(Failed { error, warnings }),
    }
}

/// A rendering that failed.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub error: Error,
    /// What Helm's log would say, a line each.
    pub warnings: Vec<slog::Line>,
}

/// The chart with the dependencies that hold, and its values: everything that comes before templates.
///
/// What Helm logs is added to `warnings`.
pub fn prepare(
    chart: &Chart,
    user: &Map,
    request: &Request,
    warnings: &mut Vec<slog::Line>,
) -> Result<(Chart, Map), Error> {
    match chart.metadata.kind.as_str() {
        "" | "application" => {}
        other => return Err(Error::NotInstallable(other.to_owned())),
    }
    if chart.metadata.deprecated {
        warnings.push(slog::Line::warn("this chart is deprecated", &[]));
    }
    let missing = missing_dependencies(chart);
    if !missing.is_empty() {
        return Err(Error::MissingDependencies(missing));
    }
    let name = &request.release.name;
    Release::check_name(name).map_err(|text| {
        Error::Name(format!("release name {}: {text}", crate::go::strconv::quote(raw::bytes(name))))
    })?;
    let chart =
        values::process_dependencies(chart, user, request.helm, warnings).map_err(Error::Dependencies)?;
    let values = values::to_render_values(&chart, user, request.helm, request.schema, warnings)
        .map_err(Error::Values)?;
    Ok((chart, values))
}

/// The dependencies that `Chart.yaml` names and `charts/` does not hold. Helm: action/install.go `CheckDependencies`.
pub fn missing_dependencies(chart: &Chart) -> Vec<String> {
    let wanted = chart.metadata.dependencies().iter().map(|dependency| dependency.name.clone());
    wanted.filter(|name| chart.dependencies.iter().all(|own| own.name() != name)).collect()
}

/// Executes the templates. Helm: action/action.go `renderResources`.
fn execute_prepared(
    chart: &Chart,
    values: &Map,
    request: &Request,
    host: &mut dyn Host,
    warnings: &mut Vec<slog::Line>,
) -> Result<Executed, Error> {
    check_kube_version(chart, &request.capabilities.kube_version)?;
    let outputs = templates::<()>(chart, values, request, &mut Listening { host, warnings });
    let outputs = outputs.map_err(|error| Error::Template(Box::new(error)))?;
    Ok(written(chart, outputs))
}

/// What templates wrote, notes apart.
fn written(chart: &Chart, mut outputs: Vec<Output>) -> Executed {
    let own_notes = crate::go::path::join(&[&chart.full_path, "templates", NOTES]);
    let notes = outputs.iter().find(|output| output.name == own_notes);
    let notes = notes.map(|output| output.text.clone()).unwrap_or_default();
    outputs.retain(|output| !output.name.ends_with(NOTES));
    budget::wrote(outputs.iter().map(|output| output.text.len()).sum());
    Executed { outputs, crds: crds(chart), notes, warnings: Vec::new() }
}

/// The file that speaks to the user and is no manifest, wherever it lies.
const NOTES: &str = "NOTES.txt";

fn crds(chart: &Chart) -> Vec<Crd> {
    let files = chart.crds().into_iter();
    files.map(|crd| Crd { source: crd.filename, text: Str::from(&*crd.file.data) }).collect()
}

/// Helm: chart/v2/util/compatible.go `IsCompatibleRange`: what cannot be read is not compatible.
fn check_kube_version(chart: &Chart, version: &KubeVersion) -> Result<(), Error> {
    let wanted = &chart.metadata.kube_version;
    let fits = |version| Some(semver::Constraints::parse(wanted).ok()?.check(&version));
    if wanted.is_empty() || semver::Version::parse(&version.normalized).ok().and_then(fits) == Some(true) {
        return Ok(());
    }
    Err(Error::KubeVersion { wanted: wanted.clone(), given: version.version.clone() })
}

/// Parses every template of a chart and its dependencies, and executes those that are no partials, in Helm's order.
/// The chart and values are as [`prepare`] gives them; each output carries the tracer that listened to it.
///
/// Helm: engine.go `RenderWithContext`.
pub fn templates<T: Tracer + Default>(
    chart: &Chart,
    values: &Map,
    request: &Request,
    host: &mut dyn Host,
) -> Result<Vec<Output<T>>, template::Error> {
    let Attempt { outputs, failures } = attempt(chart, values, request, host, true);
    match failures.into_iter().next() {
        Some(failure) => Err(failure.error),
        None => Ok(outputs),
    }
}

/// What came of templates of which each was executed whatever became of the others.
pub struct Attempt<T = ()> {
    /// What those wrote that did not fail.
    pub outputs: Vec<Output<T>>,
    /// Those that failed.
    pub failures: Vec<Failure<T>>,
}

/// A template that failed.
pub struct Failure<T = ()> {
    /// The template: `top/charts/redis/templates/a.yaml`.
    pub name: String,
    /// Why.
    pub error: template::Error,
    /// What the tracer learned until then.
    pub trace: T,
}

/// As [`templates`], but unless it `stops` a template that fails leaves the others to execute. Where a file is no template,
/// none is executed, since what it defines is wanted by others.
pub fn attempt<T: Tracer + Default>(
    chart: &Chart,
    values: &Map,
    request: &Request,
    host: &mut dyn Host,
    stops: bool,
) -> Attempt<T> {
    let _run = budget::Run::start();
    let renderables = scope::renderables(chart, values, request);
    let mut attempt = Attempt { outputs: Vec::with_capacity(renderables.len()), failures: Vec::new() };
    let mut set = Set::new(funcs::table_of(request.helm), request.engine.clone());
    for renderable in &renderables {
        if let Err(error) = set.parse_file(&renderable.name, Rc::clone(&renderable.file.data)) {
            attempt.failures.push(Failure { name: renderable.name.clone(), error, trace: T::default() });
        }
        if stops && !attempt.failures.is_empty() {
            break;
        }
    }
    if !attempt.failures.is_empty() {
        return attempt;
    }
    for renderable in &renderables {
        if renderable.is_partial() {
            continue;
        }
        let template: Map = [
            ("Name", Value::Str(Str::of_name(&renderable.name))),
            ("BasePath", Value::Str(Str::of_name(&renderable.base_path))),
        ]
        .into_iter()
        .collect();
        renderable.scope.insert("Template", Value::Map(template.named(&VALUES)));
        budget::work_on(|| renderable.name.clone());
        let mut trace = T::default();
        let dot = Value::Map(renderable.scope.named(&VALUES));
        let name = renderable.name.clone();
        match template::execute(&set, &renderable.name, &dot, host, &mut trace) {
            Ok(text) => attempt.outputs.push(Output { name, text, trace }),
            Err(error) => attempt.failures.push(Failure { name, error, trace }),
        }
        if stops && !attempt.failures.is_empty() {
            break;
        }
    }
    attempt
}
