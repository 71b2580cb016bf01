//! Judges one chart, or rendered YAML: loads, renders, asks the rules and the platform's own service.

use std::path::Path;

use crate::chart;
use crate::diagnostic::{Diagnostic, Layer, Severity};
use crate::manifest::HelmVersion;
use crate::nvcf::reval::{self, Options, PolicyName, Target};
use crate::policy::{self, ChartSubject, Mode, Request, Role, Subject, YamlFile};
use crate::render::Release;
use crate::report::{Answer, ChartReport, Verdict};
use crate::rules;
use crate::values::User;

use super::subject::Text;
use super::{failure, origin, subject};
use crate::cli::args::globals::Globals;
use crate::cli::args::policy::Chosen;
use crate::cli::args::{JudgedArgs, Switch};
use crate::cli::rendering::Rendering;

/// What could not be done, boxed because it is large and rare.
pub(crate) type Unable = Box<Diagnostic>;

/// Judges the chart at the path. Never fails: a chart that cannot be judged has a report that says why.
pub(crate) fn chart(args: &JudgedArgs, globals: &Globals, path: &Path) -> ChartReport {
    let mut report = ChartReport { path: path.display().to_string(), ..ChartReport::default() };
    if let Err(unable) = try_chart(args, globals, path, &mut report) {
        fail(&mut report, *unable);
    }
    report
}

/// Judges YAML that is already rendered.
pub(crate) fn manifests(args: &JudgedArgs, globals: &Globals, file: &str, text: String) -> ChartReport {
    let mut report = ChartReport { path: file.to_owned(), ..ChartReport::default() };
    let judged = read_yaml(file, text).and_then(|text| {
        let service_text = text.for_service();
        judge(args, text.subject(None, globals.namespace()), &service_text, Path::new("."), &mut report)
    });
    if let Err(unable) = judged {
        fail(&mut report, *unable);
    }
    report
}

fn fail(report: &mut ChartReport, unable: Diagnostic) {
    // A failure knows the service's words for it, where the service would have come so far.
    if report.answer.is_none() {
        report.answer = Some(Answer { valid: false, errors: vec![unable.message.clone()], policy: None });
    }
    report.diagnostics = vec![unable];
    report.failed = true;
}

fn try_chart(
    args: &JudgedArgs,
    globals: &Globals,
    path: &Path,
    report: &mut ChartReport,
) -> Result<(), Unable> {
    let (text, chart, rendering) = prepare(args, globals, path, HelmVersion::Helm3, report)?;
    let service_text = text.for_service();
    let subject = judge(args, text.subject(Some(chart), globals.namespace()), &service_text, path, report)?;
    if !report.diagnostics.is_empty()
        && let Some(origins) = rendering.origins()
    {
        origin::explain(&mut report.diagnostics, &subject, &origins);
    }
    Ok(())
}

/// The documents of YAML that is already rendered.
pub(crate) fn read_yaml(file: &str, text: String) -> Result<Text, Unable> {
    Text::of_yaml(text).map_err(|(above, error)| {
        let line = error.line().map(|line| line + above);
        Box::new(failure::manifests(file, &error.to_string(), line))
    })
}

/// Loads the chart at the path and renders it with the documents of that Helm.
pub(crate) fn load(
    args: &JudgedArgs,
    globals: &Globals,
    path: &Path,
    helm: HelmVersion,
    report: &mut ChartReport,
) -> Result<(Text, ChartSubject), Unable> {
    prepare(args, globals, path, helm, report).map(|(text, chart, _)| (text, chart))
}

/// Loads and renders, and keeps what is needed to render again. The words of the service for a failure go into the report.
fn prepare(
    args: &JudgedArgs,
    globals: &Globals,
    path: &Path,
    helm: HelmVersion,
    report: &mut ChartReport,
) -> Result<(Text, ChartSubject, Rendering), Unable> {
    let located = args.source.locate(&path.display().to_string(), Switch(false), globals);
    let (located, _) = located.map_err(|error| Box::new(failure::not_found(path, &error)))?;
    let user = user_values(args)?;
    let chart = chart::load(&located).map_err(|error| Box::new(failure::load(&error)))?;
    chart.metadata.name.clone_into(&mut report.name);
    chart.metadata.version.clone_into(&mut report.version);
    let unreadable = |error: crate::yaml::Error| Box::new(failure::flag(error.to_string()));
    let looked_at = subject::chart(&chart).map_err(unreadable)?;
    let release = Release::new(&args.release, globals.namespace());
    let rendering = Rendering::new(chart, user, release, helm, (&args.capabilities, &args.repeat));
    let rendering = rendering.map_err(|error| Box::new(failure::flag(error)))?;
    let rendered = rendering.render().map_err(|failed| {
        let errors = vec![failure::service_words(&failed.error)];
        report.answer = Some(Answer { valid: false, errors, policy: None });
        let mut diagnostic = failure::render(&failed.error);
        origin::explain_failure(&mut diagnostic, &failed.error, || rendering.origins());
        Box::new(diagnostic)
    })?;
    let text = Text::of(&rendered, |name| rendering.chart.on_disk(name)).map_err(unreadable)?;
    Ok((text, looked_at, rendering))
}

/// The values that the flags give, laid over the configuration of the request: the platform renders with it.
fn user_values(args: &JudgedArgs) -> Result<User, Unable> {
    let unreadable = |error: String| Box::new(failure::user_values(&error));
    let request = args.request.as_deref().map(read_request).transpose()?;
    let configuration = request.as_ref().and_then(Request::configuration);
    let (Some(path), Some(text)) = (&args.request, &configuration) else {
        return args.values.read().map_err(unreadable);
    };
    let mut user = args.values.read_over(Some((path, text))).map_err(unreadable)?;
    if let Some(layer) = user.layers.first_mut() {
        layer.layer = Layer::Request(path.clone());
    }
    Ok(user)
}

/// Asks the rules of each profile, and the service.
fn judge(
    args: &JudgedArgs,
    mut subject: Subject,
    service_text: &str,
    path: &Path,
    report: &mut ChartReport,
) -> Result<Subject, Unable> {
    complete(args, &mut subject)?;
    let hooks = subject.documents.iter().filter(|document| document.role == Role::Hook).count();
    report.objects = subject.documents.iter().filter(|document| !document.node.is_null()).count() - hooks;
    let of_cluster = subject.extra_kinds.clone();
    for Chosen { profile, mode } in args.policy.profiles(path)? {
        subject.extra_kinds.clone_from(&of_cluster);
        // The page says that the policy of a request adds kinds; no service reads it.
        if mode == Mode::Documented {
            let of_request = subject.request.as_ref().map(Request::extra_kinds);
            subject.extra_kinds.extend(of_request.unwrap_or_default());
        }
        let found = policy::check(&subject, &rules::all(), &profile, judging(args, mode));
        let stock = ask(args, &subject, service_text, Mode::Service);
        let answer = match mode {
            Mode::Service => stock.clone(),
            Mode::Strict | Mode::Documented => ask(args, &subject, service_text, Mode::Strict),
        };
        report.verdicts.push(verdict(&profile.name, mode, &found, &answer, &stock));
        report.answer = Some(answer);
        report.diagnostics.extend(found);
    }
    Ok(subject)
}

/// Adds to what was rendered what the flags say.
pub(crate) fn complete(args: &JudgedArgs, subject: &mut Subject) -> Result<(), Unable> {
    let kinds = args.policy.extra_kinds();
    subject.extra_kinds = kinds.iter().map(|kind| format!("{}/{}", kind.api_version(), kind.kind)).collect();
    subject.request = args.request.as_deref().map(read_request).transpose()?;
    Ok(())
}

/// The mode that rules judge by: an unrestricted policy takes what a service with object validation off takes.
pub(crate) fn judging(args: &JudgedArgs, mode: Mode) -> Mode {
    if mode == Mode::Strict && args.policy.is_unrestricted() { Mode::Service } else { mode }
}

/// How the service is configured and asked. Anything but [`Mode::Service`] is everything that it can enforce.
pub(crate) fn options(args: &JudgedArgs, request: Option<&Request>, mode: Mode) -> Options {
    Options {
        validate_objects: mode != Mode::Service,
        sanitize_metadata: mode != Mode::Service,
        target: request.and_then(target),
        policy: if args.policy.is_unrestricted() { PolicyName::Unrestricted } else { PolicyName::Default },
        extra_kinds: args.policy.extra_kinds(),
        ..Options::default()
    }
}

/// What the service answers in its configuration for the mode.
fn ask(args: &JudgedArgs, subject: &Subject, text: &str, mode: Mode) -> Answer {
    let options = options(args, subject.request.as_ref(), mode);
    let answer = reval::answer(text, &options);
    let asked = args.policy.validation_policy.is_some() || !options.extra_kinds.is_empty();
    let name = if args.policy.is_unrestricted() { "Unrestricted" } else { "Default" };
    Answer { valid: answer.valid, errors: answer.errors, policy: asked.then(|| name.to_owned()) }
}

/// The port that requests go to where the request names none.
const INFERENCE_PORT: i64 = 8000;

/// The service and port of a request, as the agent hands them on.
fn target(request: &Request) -> Option<Target> {
    let port = i32::try_from(request.service_port().unwrap_or(INFERENCE_PORT)).ok()?;
    let service = request.service_name()?.to_owned();
    (port != 0).then_some(Target { service, port })
}

/// What a profile says, and what that stands on. In the modes of the service its own answer is the verdict, and findings
/// that it does not share do not change it.
fn verdict(profile: &str, mode: Mode, found: &[Diagnostic], answer: &Answer, stock: &Answer) -> Verdict {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let (valid, reason) = match mode {
        Mode::Documented => {
            let stock = if stock.valid { "accept" } else { "refuse" };
            let page = if errors == 0 { "allows" } else { "does not allow" };
            let joined = if (errors == 0) == (stock == "accept") { "and" } else { "but" };
            let reason =
                format!("NVIDIA's page {page} this, {joined} a stock self-hosted service would {stock} it");
            (errors == 0, reason)
        }
        Mode::Service => (answer.valid, service_reason("a stock self-hosted service", answer)),
        Mode::Strict => (answer.valid, service_reason("a service with object validation on", answer)),
    };
    Verdict { profile: profile.to_owned(), mode, valid, reason }
}

fn service_reason(service: &str, answer: &Answer) -> String {
    match &answer.errors[..] {
        [] if answer.valid => format!("{service} would accept this"),
        [] => format!("{service} would refuse this"),
        [only] => format!("{service} would refuse this: {only}"),
        [first, rest @ ..] => format!("{service} would refuse this: {first} (and {} more)", rest.len()),
    }
}

/// Reads the request, which must be a map.
fn read_request(path: &str) -> Result<Request, Unable> {
    let unusable = |line, message: String| Box::new(failure::request(path, line, &message));
    if path.trim() == "-" {
        return Err(unusable(None, "standard input is not read for it, name a file".to_owned()));
    }
    let text = crate::cli::args::read_file(path).map_err(|error| unusable(None, error))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let body = YamlFile::parse(path, &text).map_err(|error| unusable(error.line(), error.to_string()))?;
    match body.node.data {
        crate::yaml::Data::Map(_) => Ok(Request { body }),
        _ => Err(unusable(Some(1), format!("it is {}, it must be a map", body.node.kind_name()))),
    }
}
