//! What the API server of a Kubernetes minor would answer to an object, offline: decoding, defaults, validation, warnings, in
//! the server's own words.
//!
//! Read [`answer`], the whole way of an object; [`kinds`] says what is done with each kind, and each file below it names its
//! counterpart in Go. What a minor knows is data ([`known`]).

mod addresses;
mod admission;
mod admission_rules;
mod amount;
mod answer;
mod autoscaling;
mod cel;
mod certificates;
mod changes;
mod config;
mod crd;
mod crd_rules;
mod crd_schema;
mod cron;
mod custom;
mod decode;
mod defaults;
mod devices;
mod error;
mod event;
mod field_path;
mod flow;
mod ip;
mod job;
mod job_policy;
mod kinds;
pub mod known;
mod meta;
mod network;
mod node;
mod pem;
mod pod;
pub mod pod_security;
mod policy;
mod print;
mod rbac;
mod reviews;
mod service;
mod storage;
mod text;
mod tree;
pub mod update;
mod warnings;
mod webhook;
mod workloads;

use crate::yaml::Node;

pub use answer::{Answer, Answers};
pub use changes::Change;
pub use custom::Definitions;
pub use decode::Fault;
pub use warnings::Warning;

pub use error::{FieldError, Path, Reason, Step};

use answer::{TELLS_ONCE, once, place};
use error::Errors;
use known::Known;
use tree::Tree;
use warnings::Warnings;

/// What the server of the minor (37 for 1.37) answers to an object that is new, sent as a dry run with strict field validation.
/// Custom resources are judged by the definitions.
pub fn answer(object: &Node, minor: u32, definitions: &Definitions<'_>) -> Answer {
    let known = Known::of(minor);
    let word = |key: &str| object.get(key).and_then(Node::as_str).unwrap_or_default();
    let (api_version, kind_name) = (word("apiVersion"), word("kind"));
    let kind = known.kind(api_version, kind_name).filter(|kind| kind.served);
    let Some((kind, index)) = kind.and_then(|kind| Some((kind, kind.index?))) else {
        let defined = custom::answer(object, known, definitions);
        return defined.unwrap_or_else(|| Answer { message: "not served".to_owned(), ..Answer::default() });
    };
    // That a kind goes away is said whatever becomes of the object.
    let of_kind = || {
        let mut warnings = Warnings::new(minor);
        warnings.deprecated_kind(kind);
        warnings.found
    };
    let decoded = match decode::decode(known, object, index) {
        Ok(decoded) => decoded,
        Err(fault) => {
            let message = undecodable(kind, &fault.message);
            let warnings = of_kind();
            return Answer { code: 400, message, warnings, faults: vec![fault], ..Answer::default() };
        }
    };
    let mut tree = decoded.object;
    place(&mut tree, kind.namespaced);
    if decoded.strict.is_empty()
        && let Some(message) = kinds::find(kind.api_version, kind.name).and_then(|line| (line.request)(&tree))
    {
        return Answer { code: 400, message, warnings: of_kind(), ..Answer::default() };
    }
    let (mut errors, warnings) = judge(&mut tree, kind, known);
    if known.minor >= TELLS_ONCE {
        once(&mut errors.found);
    }
    let name = tree.at(&["metadata"]).str("name");
    if !decoded.strict.is_empty() {
        let words: Vec<&str> = decoded.strict.iter().map(|fault| fault.message.as_str()).collect();
        let message = undecodable(kind, &format!("strict decoding error: {}", words.join(", ")));
        return Answer {
            code: 400,
            message,
            causes: errors.found,
            warnings: of_kind(),
            faults: decoded.strict,
            ..Answer::default()
        };
    }
    if errors.is_empty() {
        return Answer { code: 201, warnings, ..Answer::default() };
    }
    Answer {
        code: 422,
        message: refusal(kind, name, &errors),
        causes: errors.found,
        warnings: of_kind(),
        ..Answer::default()
    }
}

fn undecodable(kind: &known::Kind, why: &str) -> String {
    let (name, version) = (kind.name, kind.version());
    format!("{name} in version \"{version}\" cannot be handled as a {name}: {why}")
}

/// Go: apierrors.NewInvalid
fn refusal(kind: &known::Kind, name: &str, errors: &Errors) -> String {
    let is_kept = kinds::find(kind.api_version, kind.name).is_none_or(|line| line.is_kept);
    // Events are those of the core group; questions do not name their kind.
    let group = if kind.name == "Event" { "" } else { kind.group() };
    let dot = if group.is_empty() { "" } else { "." };
    let kind = if is_kept { kind.name } else { "" };
    let name = crate::go::strconv::quote(name);
    format!("{kind}{dot}{group} {name} is invalid: {}", errors.aggregate())
}

/// Judges a decoded object.
fn judge(object: &mut Tree, kind: &known::Kind, known: &'static Known) -> (Errors, Vec<Warning>) {
    let mut errors = Errors::new(known);
    let mut warnings = Warnings::new(known.minor);
    warnings.deprecated_kind(kind);
    let Some(line) = kinds::find(kind.api_version, kind.name) else {
        whole_name(object, kind.namespaced, &mut errors);
        return (errors, warnings.found);
    };
    (line.defaults)(object, known.minor);
    (line.prepare)(object, &mut errors);
    if !errors.is_empty() {
        return (errors, Vec::new());
    }
    (line.validate)(object, &mut errors);
    errors.settle();
    if errors.is_empty() && line.is_kept {
        whole_name(object, kind.namespaced, &mut errors);
    }
    if errors.is_empty() {
        (line.warn)(object, &mut warnings);
    }
    (errors, warnings.found)
}

/// What holds for the metadata of every object once its kind has nothing against it.
///
/// Go: rest.BeforeCreate
fn whole_name(object: &Tree, namespaced: bool, errors: &mut Errors) {
    meta::object_meta(object, namespaced, text::path_segment, errors);
}
