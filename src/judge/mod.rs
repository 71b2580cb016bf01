//! Judges: a chart, or YAML that is already rendered, and what to judge it by ([`Inputs`]) become a [`ChartReport`]; the same
//! for the question where a field comes from ([`why`]) and for mending ([`patch`]). Nothing here reads flags, prints or exits.
//!
//! Read [`chart()`], the whole way: render, put the documents together ([`documents`]), ask the rules and the platform's
//! service, lead findings back to lines ([`origin`]).

mod documents;
mod failure;
mod inputs;
mod origin;
pub mod patch;
mod rendering;
mod report;
mod service;
mod subject;
pub mod why;

pub use failure::{not_found, unreadable_manifests, unreadable_request, unreadable_values, unusable_flag};
pub use inputs::{Chosen, Inputs, ValidationPolicy};
pub use report::{Answer, ChartReport, Counts, Report, Root, Verdict};

use documents::{Documents, service_text};
use rendering::Rendering;

use crate::chart::{self, Chart};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::HelmVersion;
use crate::policy::{self, ChartSubject, Mode, Role, Subject};
use crate::render::{self, Capabilities, KubeVersion};
use crate::rules;

/// Judges the chart at the path, which is named so in the report. Never fails: a chart that cannot be judged has a report that
/// says why.
///
/// The inputs may be an error too: what is wrong with a flag or a configuration is told of each chart.
pub fn chart(
    path: &str,
    chart: Result<Chart, chart::Error>,
    inputs: Result<Inputs, Box<Diagnostic>>,
) -> ChartReport {
    let chart = match chart {
        Ok(chart) => chart,
        Err(error) => return ChartReport::failed(path, failure::unloadable(&error)),
    };
    let mut report = ChartReport {
        path: path.to_owned(),
        name: chart.metadata.name.clone(),
        version: chart.metadata.version.clone(),
        ..ChartReport::default()
    };
    if let Err(why) = inputs.and_then(|inputs| judge_chart(&chart, &inputs, &mut report)) {
        report.fail(*why);
    }
    report
}

/// Judges YAML that is already rendered.
pub fn manifests(path: &str, text: String, inputs: &Inputs) -> ChartReport {
    let mut report = ChartReport { path: path.to_owned(), root: Root::Manifests, ..ChartReport::default() };
    match Documents::of_yaml(text) {
        Ok(documents) => {
            let service_text = documents.without_hooks();
            let subject = subject_of(documents, None, inputs);
            ask_all(subject, &service_text, None, inputs, &mut report);
        }
        Err(error) => report.fail(unreadable_manifests(path, &error)),
    }
    report
}

fn judge_chart(chart: &Chart, inputs: &Inputs, report: &mut ChartReport) -> Result<(), Box<Diagnostic>> {
    let prepared = prepare(chart, inputs, HelmVersion::Helm3);
    let Prepared { documents, subject: chart_subject, service_text, rendering, version_refusal } =
        prepared.map_err(|failed| {
            report.answer = failed.words.map(Answer::refusal);
            failed.why
        })?;
    let subject = subject_of(documents, Some(chart_subject), inputs);
    let refusal = version_refusal.as_ref().map(|(_, words)| Answer::refusal(words.clone()));
    let subject = ask_all(subject, &service_text, refusal, inputs, report);
    if !report.diagnostics.is_empty()
        && let Some(origins) = rendering.origins()
    {
        origin::explain(&mut report.diagnostics, &subject, origins);
    }
    if let Some((mut why, _)) = version_refusal {
        // The page asks nothing about versions; the service does.
        let is_only_page = inputs.profiles.iter().all(|chosen| chosen.mode == Mode::Documented);
        why.severity = if is_only_page { Severity::Warning } else { Severity::Error };
        report.diagnostics.insert(0, *why);
    }
    Ok(())
}

/// A chart that was rendered, with what is needed to render it again.
struct Prepared<'a> {
    documents: Documents,
    subject: ChartSubject,
    service_text: String,
    rendering: Rendering<'a>,
    /// The service's refusal of the chart for the Kubernetes version that it assumes, and its words.
    version_refusal: Option<(Box<Diagnostic>, String)>,
}

/// A chart that cannot be rendered.
struct Failed {
    why: Box<Diagnostic>,
    /// The service's words for it, where it would have come so far.
    words: Option<String>,
}

impl From<Diagnostic> for Failed {
    fn from(why: Diagnostic) -> Failed {
        Failed { why: Box::new(why), words: None }
    }
}

/// Renders a chart as that Helm does.
fn prepare<'a>(chart: &'a Chart, inputs: &'a Inputs, helm: HelmVersion) -> Result<Prepared<'a>, Failed> {
    let mut subject = subject::of_chart(chart).map_err(|error| unusable_flag(error.to_string()))?;
    let mut rendering = rendering(chart, inputs, helm);
    let mut executed = rendering.execute();
    let mut version_refusal = None;
    // The service assumes an old Kubernetes; what else is to be said of the chart is said for Helm's.
    if let Err(render::Failed { error: error @ render::Error::KubeVersion { .. }, .. }) = &executed
        && inputs.kube_version.is_none()
        && helm == HelmVersion::Helm3
    {
        let words = error.to_string();
        version_refusal = Some((Box::new(failure::assumed_version(error)), words));
        rendering.request.capabilities = Capabilities::new(KubeVersion::default(), &inputs.api_versions);
        executed = rendering.execute();
    }
    let explained = |error: &render::Error| {
        let mut why = failure::unrenderable(error);
        origin::explain_failure(&mut why, error, || rendering.origins());
        Failed { why: Box::new(why), words: Some(failure::service_words(error)) }
    };
    let executed = executed.map_err(|failed| explained(&failed.error))?;
    let no_yaml = |error| explained(&render::Error::Yaml { error, outputs: executed.outputs.clone() });
    let sorted = executed.sort(HelmVersion::Helm4).map_err(no_yaml)?;
    let service_text = service_text(&executed, &sorted).map_err(no_yaml)?;
    subject.calls = subject::executed_calls(&subject.templates, || rendering.origins());
    let documents = Documents::of_release(&executed, &sorted, |name| chart.on_disk(name))
        .map_err(|error| failure::unreadable_crd(&error))?;
    Ok(Prepared { documents, subject, service_text, rendering, version_refusal })
}

fn rendering<'a>(chart: &'a Chart, inputs: &'a Inputs, helm: HelmVersion) -> Rendering<'a> {
    let assumed = match helm {
        HelmVersion::Helm3 => KubeVersion::of_service(),
        HelmVersion::Helm4 => KubeVersion::default(),
    };
    let version = inputs.kube_version.clone().unwrap_or(assumed);
    let request = render::Request {
        capabilities: Capabilities::new(version, &inputs.api_versions),
        schema: inputs.schema,
        helm,
        ..render::Request::new(inputs.release.clone())
    };
    Rendering::new(chart, &inputs.user, request, &inputs.host)
}

fn subject_of(documents: Documents, chart: Option<ChartSubject>, inputs: &Inputs) -> Subject {
    let kinds = &inputs.policy.extra_kinds;
    let kinds = kinds.iter().map(|kind| format!("{}/{}", kind.api_version(), kind.kind)).collect();
    documents.subject(chart, inputs.request.clone(), &inputs.release.namespace, kinds)
}

/// Asks the rules of each profile, and the service, unless its refusal is known.
fn ask_all(
    mut subject: Subject,
    service_text: &str,
    refusal: Option<Answer>,
    inputs: &Inputs,
    report: &mut ChartReport,
) -> Subject {
    let ask = |mode| refusal.clone().unwrap_or_else(|| service::ask(inputs, service_text, mode));
    let is_counted = |document: &&policy::Document| !document.node.is_null() && document.role != Role::Hook;
    report.objects = subject.documents.iter().filter(is_counted).count();
    let of_cluster = subject.extra_kinds.clone();
    for Chosen { profile, mode } in &inputs.profiles {
        let mode = *mode;
        subject.extra_kinds.clone_from(&of_cluster);
        // The page says that the policy of a request adds kinds; no service reads it.
        if mode == Mode::Documented {
            let of_request = subject.request.as_ref().map(policy::Request::extra_kinds);
            subject.extra_kinds.extend(of_request.unwrap_or_default());
        }
        let found = policy::check(&subject, &rules::all(), profile, inputs.rules_mode(mode));
        let stock = ask(Mode::Service);
        let answer = match mode {
            Mode::Service => stock.clone(),
            Mode::Strict | Mode::Documented => ask(Mode::Strict),
        };
        report.verdicts.push(service::verdict(&profile.name, mode, &found, &answer, &stock));
        report.answer = Some(answer);
        report.diagnostics.extend(found);
    }
    subject
}
