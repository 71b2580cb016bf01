//! Probes and the handlers of a container's life: what is run, asked or slept.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::meta::nonnegative_field;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::whole::Pod;

/// Go: `validateLivenessProbe`, `validateStartupProbe`, `validateReadinessProbe`
pub fn probes(container: &Tree, grace: Option<i64>, path: &Path, errors: &mut Errors) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.get(name);
        if probe.is_null() {
            continue;
        }
        let path = path.child(name);
        self::probe(probe, grace, &path, errors);
        let successes = probe.int("successThreshold").unwrap_or_default();
        if name != "readinessProbe" && successes != 1 {
            errors.invalid(&path.child("successThreshold"), successes, "must be 1");
        }
        if name == "readinessProbe"
            && let Some(seconds) = probe.int("terminationGracePeriodSeconds")
        {
            let path = path.child("terminationGracePeriodSeconds");
            errors.invalid(&path, seconds, "must not be set for readinessProbes");
        }
    }
}

/// Go: `validateProbe`
fn probe(probe: &Tree, grace: Option<i64>, path: &Path, errors: &mut Errors) {
    handler(probe, grace, path, errors);
    for name in
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
    {
        nonnegative_field(probe, name, path, errors);
    }
    if let Some(seconds) = probe.int("terminationGracePeriodSeconds")
        && seconds <= 0
    {
        errors.invalid(&path.child("terminationGracePeriodSeconds"), seconds, "must be greater than 0");
    }
}

/// Go: `validateLifecycle`
pub fn lifecycle(container: &Tree, pod: &Pod, path: &Path, errors: &mut Errors) {
    let lifecycle = container.get("lifecycle");
    for name in ["postStart", "preStop"] {
        if lifecycle.has(name) {
            handler(lifecycle.get(name), pod.grace_period(), &path.child(name), errors);
        }
    }
}

/// Go: `validateHandler`
fn handler(handler: &Tree, grace: Option<i64>, path: &Path, errors: &mut Errors) {
    let mut count = 0;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let action = handler.get(kind);
        if action.is_null() || kind == "sleep" && !errors.since(30) {
            continue;
        }
        let path = path.child(kind);
        count += 1;
        if count > 1 {
            errors.forbidden(&path, "may not specify more than 1 handler type");
            continue;
        }
        match kind {
            "exec" if action.list("command").is_empty() => errors.required(&path.child("command"), ""),
            "exec" => {}
            "httpGet" => http(action, &path, errors),
            "tcpSocket" => port(action.get("port"), &path.child("port"), errors),
            "grpc" => grpc(action, &path, errors),
            _ => sleep(action, grace, &path, errors),
        }
    }
    if count == 0 {
        errors.required(path, "must specify a handler type");
    }
}

/// Go: `validateHTTPGetAction`
fn http(action: &Tree, path: &Path, errors: &mut Errors) {
    if action.str("path").is_empty() {
        errors.required(&path.child("path"), "");
    }
    port(action.get("port"), &path.child("port"), errors);
    let scheme = action.str("scheme");
    if !matches!(scheme, "HTTP" | "HTTPS") {
        errors.not_supported(&path.child("scheme"), scheme, &["HTTP", "HTTPS"]);
    }
    for header in action.list("httpHeaders") {
        let name = header.str("name");
        errors.invalid_each(&path.child("httpHeaders"), name, text::header_name(name));
    }
}

fn grpc(action: &Tree, path: &Path, errors: &mut Errors) {
    let number = action.int("port").unwrap_or_default();
    if let Some(why) = text::port_number(number) {
        errors.invalid(&path.child("port"), number, &why);
    }
}

/// Go: `validateSleepAction`
fn sleep(action: &Tree, grace: Option<i64>, path: &Path, errors: &mut Errors) {
    let Some(grace) = grace else { return };
    let seconds = action.int("seconds").unwrap_or_default();
    // Zero is allowed since 1.33.
    let (least, words) = match errors.since(33) {
        true => (0, format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})")),
        false => (1, format!("must be greater than 0 and less than terminationGracePeriodSeconds ({grace})")),
    };
    if seconds < least || seconds > grace {
        let words = if errors.since(33) || !errors.since(32) {
            words
        } else {
            format!("{words}. Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.")
        };
        errors.invalid(path, seconds, &words);
    }
}

/// Go: `ValidatePortNumOrName`
pub fn port(port: &Tree, path: &Path, errors: &mut Errors) {
    match port {
        Tree::Str(name) => errors.invalid_each(path, name, text::port_name(name)),
        other => {
            let number = other.as_int().unwrap_or_default();
            if let Some(why) = text::port_number(number) {
                errors.invalid(path, number, &why);
            }
        }
    }
}
