//! What NVCF's own service would answer, and the verdict that stands on it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::nvcf::reval::{Decoded, Options, Target};
use crate::policy::{INFERENCE_PORT, Mode, Request};

use super::inputs::Inputs;
use super::report::{Answer, Verdict};

/// How the service is configured and asked. Anything but [`Mode::Service`] is everything that it can enforce.
pub(super) fn options(inputs: &Inputs, mode: Mode) -> Options {
    Options {
        validate_objects: mode != Mode::Service,
        sanitize_metadata: mode != Mode::Service,
        target: inputs.request.as_ref().and_then(target),
        policy: inputs.policy.name.unwrap_or_default(),
        extra_kinds: inputs.policy.extra_kinds.clone(),
        ..Options::default()
    }
}

/// What the service answers to the rendered text in its configuration for the mode.
pub(super) fn ask(inputs: &Inputs, text: &Decoded, mode: Mode) -> Answer {
    let errors = text.errors(&options(inputs, mode));
    let valid = errors.is_empty();
    let name = if inputs.policy.is_unrestricted() { "Unrestricted" } else { "Default" };
    Answer { valid, errors, policy: inputs.policy.is_given().then(|| name.to_owned()) }
}

/// The service and port of a request, as the agent hands them on.
fn target(request: &Request) -> Option<Target> {
    let port = i32::try_from(request.service_port().unwrap_or(INFERENCE_PORT)).ok()?;
    let service = request.service_name()?.to_owned();
    (port != 0).then_some(Target { service, port })
}

/// What a profile says, and what that stands on. In the modes of the service its own answer is the verdict, unless there are
/// errors that it does not share.
pub(super) fn verdict(
    profile: &str,
    mode: Mode,
    found: &[Diagnostic],
    answer: &Answer,
    stock: &Answer,
) -> Verdict {
    let is_clean = found.iter().all(|diagnostic| diagnostic.severity < Severity::Error);
    let (valid, reason) = match mode {
        Mode::Documented => {
            let verb = if stock.valid { "accept" } else { "refuse" };
            let page = if is_clean { "allows" } else { "does not allow" };
            let joined = if is_clean == stock.valid { "and" } else { "but" };
            let reason =
                format!("NVIDIA's page {page} this, {joined} a stock self-hosted service would {verb} it");
            (is_clean, reason)
        }
        Mode::Service => of_service("a stock self-hosted service", answer, found),
        Mode::Strict => of_service("a service with object validation on", answer, found),
    };
    Verdict { profile: profile.to_owned(), mode, valid, reason, withheld: false }
}

/// What a service answers, and whether it may be believed: an error that it does not share says that it does not work.
fn of_service(service: &str, answer: &Answer, found: &[Diagnostic]) -> (bool, String) {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let reason = reason(service, answer);
    match (answer.valid, errors) {
        (valid, 0) => (valid, reason),
        (true, 1) => (false, format!("{reason}, but the error above stands against it")),
        (true, errors) => (false, format!("{reason}, but the {errors} errors above stand against it")),
        (false, _) => (false, reason),
    }
}

/// Adds a finding for each error of the service where no rule has an error to show for its refusal.
pub(super) fn tell_refusal(found: &mut Vec<Diagnostic>, answer: &Answer, profile: &str) {
    let has_error = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if answer.valid || has_error {
        return;
    }
    found.extend(answer.errors.iter().map(|error| {
        let message = format!("the platform's service refuses this: {error}");
        let mut diagnostic = Diagnostic::new("NVC001", "service-refusal", Severity::Error, message);
        diagnostic.profile = Some(profile.to_owned());
        diagnostic.help = Some("mend what it names; no rule says more of it".to_owned());
        diagnostic.sources = vec!["service: its own answer, as `--format reval` prints it".to_owned()];
        diagnostic
    }));
}

fn reason(service: &str, answer: &Answer) -> String {
    match &answer.errors[..] {
        [] if answer.valid => format!("{service} would accept this"),
        [] => format!("{service} would refuse this"),
        [only] => format!("{service} would refuse this: {only}"),
        [first, rest @ ..] => format!("{service} would refuse this: {first} (and {} more)", rest.len()),
    }
}
