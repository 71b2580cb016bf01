//! Judges: a chart, or YAML that is already rendered, and what to judge it by ([`Inputs`]) become a [`ChartReport`]; the same
//! for the question where a field comes from ([`why`]) and for mending ([`patch`]). Nothing here reads flags, prints or exits.
//!
//! Read [`chart()`], the whole way: render, put the documents together ([`documents`]), ask the rules and the platform's
//! service, lead findings back to lines ([`origin`]).

pub mod absent;
mod broken;
mod cluster;
pub mod codes;
mod config_schema;
mod documents;
mod empty;
mod failed;
mod failure;
pub mod fix;
mod fold;
mod helm3;
mod inputs;
mod misfits;
mod names;
mod origin;
pub mod patch;
pub mod record;
mod rendering;
mod report;
pub mod secret;
mod service;
mod subject;
mod unreadable;
mod upgrade;
mod values;
pub mod view;
pub mod why;

pub use config_schema::config_schema;
pub use failure::{
    not_found, too_much, unloadable, unreadable_layer, unreadable_manifests, unreadable_request,
    unreadable_values, unusable_flag,
};
pub use fold::{OWN, fold};
pub use helm3::helm_of;
pub use inputs::{Before, Chosen, Inputs, Known, ValidationPolicy};
pub use report::{Answer, ChartReport, Counts, Report, Root, Run, Tally, Verdict};
pub use values::values;

use std::borrow::Cow;
use std::cell::OnceCell;

use documents::{Documents, service_text};
use rendering::Rendering;

use crate::chart::{self, Chart};
use crate::diagnostic::{Diagnostic, FileLine, Severity};
use crate::go::slog;
use crate::manifest::{HelmVersion, ParseError};
use crate::nvcf::reval::Decoded;
use crate::policy::{self, ChartSubject, Judgement, Mode, Role, Subject};
use crate::render::host::FixedHost;
use crate::render::{self, Accounts, Capabilities, Coverage, KubeVersion, Release};
use crate::rules;
use crate::template;
use crate::template::odd::Spot;
use crate::values::User;

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
        Err(error) => return ChartReport::failed(path, unloadable(&error)),
    };
    let mut report = ChartReport {
        path: path.to_owned(),
        name: chart.metadata.name.clone(),
        version: chart.metadata.version.clone(),
        ..ChartReport::default()
    };
    let judged = inputs.and_then(|mut inputs| {
        known_version(&inputs)?;
        match helm_of(&inputs.profiles) {
            HelmVersion::Helm3 => {
                helm3::user(&mut inputs.user)?;
                judge_chart(&helm3::chart(&chart), &inputs, &mut report)
            }
            HelmVersion::Helm4 => judge_chart(&chart, &inputs, &mut report),
        }
    });
    if let Err(why) = judged {
        report.fail(*why);
    }
    secret::hide_values(&mut report.diagnostics);
    report
}

/// Refuses a version whose API server nobody knows, where a profile asks it.
fn known_version(inputs: &Inputs) -> Result<(), Box<Diagnostic>> {
    let asks = |chosen: &Chosen| cluster::asks_servers(&chosen.profile, chosen.mode);
    match cluster::known(inputs.kube_version.as_ref()) {
        Err(why) if inputs.profiles.iter().any(asks) => Err(Box::new(unusable_flag(why))),
        _ => Ok(()),
    }
}

/// Judges YAML that is already rendered.
pub fn manifests(path: &str, text: String, inputs: &Inputs) -> ChartReport {
    let mut report = ChartReport { path: path.to_owned(), root: Root::Manifests, ..ChartReport::default() };
    if let Err(why) = known_version(inputs) {
        report.fail(*why);
        return report;
    }
    match Documents::of_yaml(text, inputs.threads) {
        Ok(documents) if documents.is_empty() => report.fail(empty::manifests(path)),
        Ok(documents) => {
            let service_text = documents.without_hooks();
            let subject = match upgraded(subject_of(documents, None, inputs), None, inputs) {
                Ok(subject) => subject,
                Err(why) => {
                    report.fail(*why);
                    return report;
                }
            };
            let subject = ask_all(subject, &service_text, None, inputs, &mut report);
            secret::hide(&mut report.diagnostics, &subject);
            report.view = inputs.view.then(|| view::of(&subject, None));
        }
        Err(error) => {
            let told = unreadable::in_file(unreadable_manifests(path, &error), &error);
            for why in told.into_iter().rev() {
                let found = std::mem::take(&mut report.diagnostics);
                report.fail(why);
                report.diagnostics.extend(found);
            }
        }
    }
    report
}

fn judge_chart(chart: &Chart, inputs: &Inputs, report: &mut ChartReport) -> Result<(), Box<Diagnostic>> {
    if inputs.is_on_values() {
        values::of_chart(chart, inputs, report);
        return Ok(());
    }
    let prepared = prepare(chart, inputs, helm_of(&inputs.profiles));
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(failed) => {
            report.answer = failed.words.map(Answer::refusal);
            report.fail(*failed.why);
            report.diagnostics.extend(failed.others);
            return Ok(());
        }
    };
    let Prepared { documents, subject: chart_subject, service_text, rendering, log, .. } = prepared;
    let Prepared { version_refusal, faults, .. } = prepared;
    report.reads = report::Reads(prepared.accounts);
    let is_whole = faults.is_empty();
    if inputs.coverage && is_whole {
        let accounts = report.reads.0.as_ref();
        report.coverage = rendering.origins().and_then(|origins| Coverage::new(origins, chart, accounts));
    }
    if documents.is_empty() && is_whole {
        return Err(Box::new(empty::chart(chart, &chart_subject)));
    }
    let subject = Subject { log, ..subject_of(documents, Some(chart_subject), inputs) };
    let mut subject = upgraded(subject, Some(chart), inputs)?;
    if inputs.asks(rules::reference::ON_NAMES) {
        subject.own_names = Some(names::own(&subject, &rendering, inputs));
    }
    if inputs.profiles.iter().any(Chosen::is_on_values) {
        subject.values = Some(values::subject(chart, inputs));
    }
    let refusal = version_refusal.as_ref().map(|(_, words)| Answer::refusal(words.clone()));
    let subject = match faults.words {
        None => ask_all(subject, &service_text, refusal, inputs, report),
        Some(words) => {
            report.failed = true;
            report.answer = refusal.or_else(|| Some(Answer::refusal(words)));
            ask_of_parts(subject, inputs, report)
        }
    };
    if !report.diagnostics.is_empty()
        && let Some(origins) = rendering.origins()
    {
        origin::explain(&mut report.diagnostics, &subject, origins);
    }
    secret::hide(&mut report.diagnostics, &subject);
    if !is_whole {
        report.diagnostics.splice(0..0, faults.told);
    }
    if inputs.view {
        report.view = Some(view::of(&subject, rendering.origins()));
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
    /// What is read of the values, where a rule asks.
    accounts: Option<Accounts>,
    service_text: String,
    rendering: Rendering<'a>,
    /// What Helm logs.
    log: Vec<slog::Line>,
    /// The service's refusal of the chart for the Kubernetes version that it assumes, and its words.
    version_refusal: Option<(Box<Diagnostic>, String)>,
    faults: Faults,
}

/// Templates that fail and documents that are no YAML; the others are judged.
#[derive(Default)]
struct Faults {
    told: Vec<Diagnostic>,
    /// The service's words for the first of them.
    words: Option<String>,
}

impl Faults {
    fn is_empty(&self) -> bool {
        self.words.is_none()
    }
}

/// A chart that cannot be rendered.
struct Failed {
    why: Box<Diagnostic>,
    /// What else is wrong.
    others: Vec<Diagnostic>,
    /// The service's words for it, where it would have come so far.
    words: Option<String>,
}

impl From<Diagnostic> for Failed {
    fn from(why: Diagnostic) -> Failed {
        Failed { why: Box::new(why), others: Vec::new(), words: None }
    }
}

/// Renders a chart as that Helm does.
fn prepare<'a>(chart: &'a Chart, inputs: &'a Inputs, helm: HelmVersion) -> Result<Prepared<'a>, Failed> {
    let mut subject = subject::of_chart(chart).map_err(|error| unusable_flag(error.to_string()))?;
    let listens = inputs.coverage || inputs.asks(&[&rules::values::UNREAD_VALUE]);
    let Rendered { rendering, executed, failures, version_refusal } =
        rendered(chart, inputs, &inputs.user, helm, listens)?;
    let (sorted, unreadable) = executed.sort_each(HelmVersion::Helm4);
    let faults = faults(failures, unreadable, &rendering);
    let service_text = match faults.is_empty() {
        true => service_text(&executed, &sorted).map_err(|error| {
            let error = render::Error::Yaml { error, outputs: Vec::new() };
            Failed {
                why: Box::new(failure::unrenderable(&error)),
                others: Vec::new(),
                words: Some(failure::service_words(&error)),
            }
        })?,
        false => String::new(),
    };
    let mut accounts = None;
    if listens {
        let (read, unread) = subject::unread(&rendering).unzip();
        (accounts, subject.unread) = (read, unread.unwrap_or_default());
    }
    if inputs.asks(rules::template::ON_ODDITIES) || inputs.asks(rules::values::ON_ODDITIES) {
        let odd = |origins| subject::oddities(origins, chart);
        subject.oddities = rendering.origins().map(odd).unwrap_or_default();
        // What keeps a document from being read is told of it already.
        let files: Vec<&FileLine> =
            faults.told.iter().filter_map(|told| told.location.source.as_ref()).collect();
        let is_told = |spot: &Spot| files.iter().any(|place| place.file == spot.place.file);
        subject.oddities.templates.glued.retain(|spot| !is_told(spot));
    }
    if inputs.asks(&[&rules::values::REPEATED_VALUE]) {
        subject.repeated = policy::repeated(&rendering.layers());
    }
    if inputs.asks(rules::template::ON_CALLS) {
        subject.calls = subject::executed_calls(&subject.templates, &inputs.known.templates, &sorted, || {
            rendering.origins()
        });
    }
    subject.missing_imports = subject::missing_imports(chart, &executed.warnings);
    let documents = Documents::of_release(&executed, &sorted, &inputs.known.crds, |name| chart.on_disk(name))
        .map_err(|error| failure::unreadable_crd(&error))?;
    let dropped = sorted.dropped_hooks.iter();
    let dropped =
        dropped.map(|(_, names)| slog::Line::info("skipping unknown hooks", &[("hookTypes", names)]));
    let log = executed.warnings.iter().cloned().chain(dropped).collect();
    Ok(Prepared { documents, subject, accounts, service_text, rendering, log, version_refusal, faults })
}

/// What rules look at of a chart that is rendered with these values, for tests of rules.
///
/// # Errors
/// The chart cannot be rendered.
pub fn subject_of_chart(chart: &Chart, user: User) -> Result<ChartSubject, String> {
    let host = FixedHost::new("subject", 0);
    let inputs = Inputs { user, ..Inputs::new(Release::new("mini-service", "default"), host) };
    let prepared = prepare(chart, &inputs, HelmVersion::Helm4).map_err(|failed| failed.why.message)?;
    match prepared.faults.told.into_iter().next() {
        Some(fault) => Err(fault.message),
        None => Ok(prepared.subject),
    }
}

/// A chart whose templates were executed.
struct Rendered<'a> {
    rendering: Rendering<'a>,
    executed: render::Executed,
    failures: Vec<template::Error>,
    /// The service's refusal of the chart for the Kubernetes version that it assumes, and its words.
    version_refusal: Option<(Box<Diagnostic>, String)>,
}

/// Executes the templates of a chart as that Helm does, with these values.
///
/// Where it is clear that somebody will ask where things came from, it `listens` at once.
fn rendered<'a>(
    chart: &'a Chart,
    inputs: &'a Inputs,
    user: &'a User,
    helm: HelmVersion,
    listens: bool,
) -> Result<Rendered<'a>, Failed> {
    let mut rendering = rendering(chart, inputs, user, inputs.release.clone(), helm);
    let mut executed = rendering.execute_each(listens);
    let mut version_refusal = None;
    // The service assumes an old Kubernetes; what else is to be said of the chart is said for Helm's.
    if let Err(render::Failed { error: error @ render::Error::KubeVersion { .. }, .. }) = &executed
        && inputs.kube_version.is_none()
        && helm == HelmVersion::Helm3
    {
        let words = error.to_string();
        version_refusal = Some((Box::new(failure::assumed_version(error)), words));
        rendering.request.capabilities = Capabilities::new(KubeVersion::default(), &inputs.api_versions);
        executed = rendering.execute_each(listens);
    }
    let (executed, failures) = executed.map_err(|failed| {
        let mut told = misfits::told(&failed.error, &rendering);
        let why = if told.is_empty() { failure::unrenderable(&failed.error) } else { told.remove(0) };
        Failed { why: Box::new(why), others: told, words: Some(failure::service_words(&failed.error)) }
    })?;
    Ok(Rendered { rendering, executed, failures, version_refusal })
}

/// Tells of all templates that fail and all documents that are no YAML.
fn faults(failures: Vec<template::Error>, unreadable: Vec<ParseError>, rendering: &Rendering<'_>) -> Faults {
    let mut faults = Faults::default();
    let failed = failures.into_iter().map(|error| render::Error::Template(Box::new(error)));
    let unreadable = unreadable
        .into_iter()
        .map(|error| render::Error::Yaml { error: Box::new(error), outputs: Vec::new() });
    for error in failed.chain(unreadable) {
        let words = || failure::service_words(&error);
        faults.words.get_or_insert_with(words);
        let told = failed::explain(failure::unrenderable(&error), &error, || rendering.origins());
        faults.told.extend(told.into_iter().filter(|new| !faults.told.contains(new)).collect::<Vec<_>>());
    }
    faults
}

fn rendering<'a>(
    chart: &'a Chart,
    inputs: &'a Inputs,
    user: &'a User,
    release: Release,
    helm: HelmVersion,
) -> Rendering<'a> {
    rendering_of(chart, inputs, Cow::Borrowed(user), release, helm)
}

/// The same with values that are not the inputs' own.
fn rendering_of<'a>(
    chart: &'a Chart,
    inputs: &'a Inputs,
    user: Cow<'a, User>,
    release: Release,
    helm: HelmVersion,
) -> Rendering<'a> {
    let assumed = match helm {
        HelmVersion::Helm3 => KubeVersion::of_service(),
        HelmVersion::Helm4 => KubeVersion::default(),
    };
    let version = inputs.kube_version.clone().unwrap_or(assumed);
    let request = render::Request {
        capabilities: Capabilities::new(version, &inputs.api_versions),
        schema: inputs.schema,
        helm,
        engine: template::Options { parsed: inputs.known.templates.clone(), ..template::Options::default() },
        ..render::Request::new(release)
    };
    Rendering::new(chart, user, request, &inputs.host)
}

fn subject_of(documents: Documents, chart: Option<ChartSubject>, inputs: &Inputs) -> Subject {
    let kinds = &inputs.policy.extra_kinds;
    let kinds = kinds.iter().map(|kind| format!("{}/{}", kind.api_version(), kind.kind)).collect();
    let clusters = cluster::clusters(inputs.kube_version.as_ref());
    let clusters = clusters.with(inputs.definitions.clone()).on(inputs.threads);
    let subject = documents.subject(chart, inputs.request.clone(), &inputs.release.namespace, kinds);
    Subject { clusters, ..subject }
}

/// The same, with what the release was before, where somebody says so.
fn upgraded(subject: Subject, chart: Option<&Chart>, inputs: &Inputs) -> Result<Subject, Box<Diagnostic>> {
    let Some(before) = &inputs.before else { return Ok(subject) };
    let objects = upgrade::objects(before, chart, inputs)?;
    let clusters = subject.clusters.before(objects, &inputs.release.namespace);
    Ok(Subject { clusters, ..subject })
}

/// Asks the rules about what is there of a release that does not render whole: those alone that look at one part of it,
/// since what they miss may stand in what failed.
fn ask_of_parts(subject: Subject, inputs: &Inputs, report: &mut ChartReport) -> Subject {
    report.objects = count_objects(&subject);
    let rules: Vec<&policy::Rule> =
        rules::all().into_iter().filter(|rule| !matches!(rule.check, policy::Check::Release(_))).collect();
    for Chosen { profile, mode } in &inputs.profiles {
        let found = policy::check(&subject, &rules, profile, inputs.rules_mode(*mode));
        fold::add(&mut report.diagnostics, found);
    }
    subject
}

fn count_objects(subject: &Subject) -> usize {
    let is_counted = |document: &&policy::Document| !document.node.is_null() && document.role != Role::Hook;
    subject.documents.iter().filter(is_counted).count()
}

/// Asks the rules of each profile, and the service, unless its refusal is known.
fn ask_all(
    mut subject: Subject,
    service_text: &str,
    refusal: Option<Answer>,
    inputs: &Inputs,
    report: &mut ChartReport,
) -> Subject {
    let decoded = OnceCell::new();
    let decode = || Decoded::new(service_text);
    let ask = |mode| {
        let answer = || service::ask(inputs, decoded.get_or_init(decode), mode);
        refusal.clone().unwrap_or_else(answer)
    };
    report.objects = count_objects(&subject);
    let of_cluster = subject.extra_kinds.clone();
    for chosen @ Chosen { profile, mode } in &inputs.profiles {
        let mode = *mode;
        subject.extra_kinds.clone_from(&of_cluster);
        // The page says that the policy of a request adds kinds; no service reads it.
        if mode == Mode::Documented {
            let of_request = subject.request.as_ref().map(policy::Request::extra_kinds);
            subject.extra_kinds.extend(of_request.unwrap_or_default());
        }
        let rules_mode = inputs.rules_mode(mode);
        let Judgement { mut found, allowed } = policy::judge(&subject, &rules::all(), profile, rules_mode);
        if chosen.is_on_values() {
            report.allowed += allowed.len();
            let left_out = profile.left_out(&rules::all(), rules_mode);
            let verdict = values::verdict(&profile.name, mode, &found);
            report.verdicts.push(verdict.unless_hidden(left_out, &allowed));
            fold::add(&mut report.diagnostics, found);
            continue;
        }
        let servers = cluster::asks_servers(profile, mode).then(|| subject.api_answers());
        if let Some(answers) = servers
            && report.api_answers.is_empty()
        {
            report.api_answers = answers.to_vec();
        }
        if !cluster::asks_service(profile, mode) {
            report.allowed += allowed.len();
            let left_out = profile.left_out(&rules::all(), rules_mode);
            let verdict = cluster::verdict(&profile.name, mode, &found, servers);
            report.verdicts.push(verdict.unless_hidden(left_out, &allowed));
            fold::add(&mut report.diagnostics, found);
            continue;
        }
        let stock = ask(Mode::Service);
        let answer = match mode {
            Mode::Service => stock.clone(),
            Mode::Strict | Mode::Documented => ask(Mode::Strict),
        };
        let left_out = profile.left_out(&rules::all(), rules_mode);
        if mode != Mode::Documented && refusal.is_none() && left_out.0 == 0 && allowed.is_empty() {
            service::tell_refusal(&mut found, &answer, &profile.name);
        }
        let mut verdict = service::verdict(&profile.name, mode, &found, &answer, &stock);
        if profile.base.is_none() && mode == Mode::Documented {
            // It is nobody's page but the user's own.
            let verb = if verdict.valid { "allow" } else { "do not allow" };
            verdict.reason = format!("the rules of the configuration {verb} this");
        }
        report.verdicts.push(verdict.unless_hidden(left_out, &allowed));
        report.allowed += allowed.len();
        report.answer = Some(answer);
        fold::add(&mut report.diagnostics, found);
    }
    subject
}
