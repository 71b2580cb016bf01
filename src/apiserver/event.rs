//! Events: of the core group, which takes nearly all, and of their own, which is strict.
//!
//! Source: `pkg/apis/core/validation/events.go` of k8s.io/kubernetes.

use super::error::{Errors, Path};
use super::tree::Tree;
use super::{meta, text};

const LONGEST: usize = 128;
const LONGEST_NOTE: usize = 1024;

/// The first minor that leaves the namespace to what holds for every object.
const LEAVES_NAMESPACE: u32 = 37;

/// What the versions of an event call its fields.
struct Words {
    object: &'static str,
    controller: &'static str,
    told_controller: &'static str,
    note: &'static str,
}

const OLD: Words = Words {
    object: "involvedObject",
    controller: "reportingComponent",
    told_controller: "reportingComponent",
    note: "message",
};
const NEW: Words = Words {
    object: "regarding",
    controller: "reportingController",
    told_controller: "reportingController",
    note: "note",
};

/// Go: `ValidateEventCreate` of the core group
pub fn old(object: &Tree, errors: &mut Errors) {
    common(object, &OLD, errors);
}

/// Go: `ValidateEventCreate` of `events.k8s.io/v1`
pub fn new(object: &Tree, errors: &mut Errors) {
    common(object, &NEW, errors);
    meta::core_object(object, true, text::dns_subdomain, errors);
    let series = object.get("series");
    if object.has("series") {
        if series.int("count").unwrap_or_default() < 2 {
            errors.invalid(&Path::new("series.count"), "", "should be at least 2");
        }
        if series.str("lastObservedTime").is_empty() {
            errors.required(&Path::new("series.lastObservedTime"), "");
        }
    }
    if object.str("eventTime").is_empty() {
        errors.required(&Path::new("eventTime"), "");
    }
    let kind = object.str("type");
    if !matches!(kind, "Normal" | "Warning") {
        errors.invalid(&Path::new("type"), "", &format!("has invalid value: {kind}"));
    }
    let unset = [
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
        ("deprecatedSource", "source"),
    ];
    for (field, told) in unset {
        if !object.get(field).is_zero() {
            errors.invalid(&Path::new(told), "", "needs to be unset");
        }
    }
}

/// Go: `legacyValidateEvent`
fn common(object: &Tree, words: &Words, errors: &mut Errors) {
    let own = object.get("metadata").str("namespace");
    let other = object.get(words.object).str("namespace");
    let differs = |errors: &mut Errors| {
        let path = Path::new("involvedObject").child("namespace");
        errors.invalid(&path, other, "does not match event.namespace");
    };
    if object.str("eventTime").is_empty() {
        if if other.is_empty() { !matches!(own, "" | "default") } else { own != other } {
            differs(errors);
        }
    } else {
        if other.is_empty() && !matches!(own, "default" | "kube-system") {
            differs(errors);
        }
        of_new_style(object, words, errors);
    }
    if !errors.since(LEAVES_NAMESPACE) {
        errors.invalid_each(&Path::new("namespace"), own, text::dns_subdomain(own));
    }
}

/// What an event with the time of its own has to say.
fn of_new_style(object: &Tree, words: &Words, errors: &mut Errors) {
    let (controller, path) = (object.str(words.controller), Path::new(words.told_controller));
    if controller.is_empty() {
        errors.required(&path, "");
    }
    meta::label_name(controller, &path, errors);
    let fields = [
        ("reportingInstance", "reportingInstance", LONGEST),
        ("action", "action", LONGEST),
        ("reason", "reason", LONGEST),
        (words.note, "message", LONGEST_NOTE),
    ];
    for (field, told, most) in fields {
        let (value, path) = (object.str(field), Path::new(told));
        if value.is_empty() && told != "message" {
            errors.required(&path, "");
        }
        if value.len() > most {
            errors.invalid(&path, "", &format!("can have at most {most} characters"));
        }
    }
}
