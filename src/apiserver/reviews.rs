//! Questions to the server that are sent like objects and never stored: who somebody is, and what somebody may do.
//!
//! Source: `pkg/apis/authorization/validation/validation.go` of k8s.io/kubernetes; `Create` in
//! `pkg/registry/{authentication,authorization}/*`.

use super::error::{Bad, Errors, Path};
use super::print::versioned_json;
use super::tree::Tree;
use super::{meta, text};

/// The first minor that knows selectors in questions.
const KNOWS_SELECTORS: u32 = 32;

/// Go: `ValidateSubjectAccessReview`
pub fn of_subject(object: &Tree, errors: &mut Errors) {
    access(object, true, errors);
    empty(object, "must be empty", errors);
}

/// Go: `ValidateSelfSubjectAccessReview`
pub fn of_self(object: &Tree, errors: &mut Errors) {
    access(object, false, errors);
    empty(object, "must be empty", errors);
}

/// Go: `ValidateLocalSubjectAccessReview`
pub fn of_subject_in_namespace(object: &Tree, errors: &mut Errors) {
    access(object, true, errors);
    let space = object.get("metadata").str("namespace");
    let mut without = object.clone();
    without.field_mut("metadata").remove("namespace");
    if !without.get("metadata").is_zero() {
        shown_metadata(object, "must be empty except for namespace", errors);
    }
    let spec = object.get("spec");
    let asked = spec.get("resourceAttributes");
    if spec.has("resourceAttributes") && asked.str("namespace") != space {
        let path = Path::new("spec.resourceAttributes.namespace");
        errors.invalid(&path, asked.str("namespace"), "must match metadata.namespace");
    }
    if spec.has("nonResourceAttributes") {
        let bad = Bad::Typed(spec.get("nonResourceAttributes"), "authorization.NonResourceAttributes");
        let path = Path::new("spec.nonResourceAttributes");
        errors.invalid(&path, bad, "disallowed on this kind of request");
    }
}

fn empty(object: &Tree, words: &str, errors: &mut Errors) {
    if !object.get("metadata").is_zero() {
        shown_metadata(object, words, errors);
    }
}

fn shown_metadata(object: &Tree, words: &str, errors: &mut Errors) {
    let shown = versioned_json(errors.known, object.get("metadata"), "meta/v1.ObjectMeta");
    errors.invalid(&Path::new("metadata"), Bad::Raw(shown), words);
}

/// Go: `ValidateSubjectAccessReviewSpec`, `ValidateSelfSubjectAccessReviewSpec`
fn access(object: &Tree, has_user: bool, errors: &mut Errors) {
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let other = spec.get("nonResourceAttributes");
    if spec.has("resourceAttributes") == spec.has("nonResourceAttributes") {
        let bad = match other.is_null() {
            true => Bad::Raw("null".to_owned()),
            false => Bad::Typed(other, "authorization.NonResourceAttributes"),
        };
        let words = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        errors.invalid(&path, bad, words);
    }
    if has_user && spec.str("user").is_empty() && spec.list("groups").is_empty() {
        errors.invalid(&path.child("user"), "", "at least one of user or group must be specified");
    }
    if !errors.since(KNOWS_SELECTORS) {
        return;
    }
    let (asked, path) = (spec.get("resourceAttributes"), Path::new("spec.resourceAttributes"));
    for (field, of_labels) in [("fieldSelector", false), ("labelSelector", true)] {
        if asked.has(field) {
            selector(asked.get(field), of_labels, &path.child(field), errors);
        }
    }
}

/// Go: `validateFieldSelectorAttributes`, `validateLabelSelectorAttributes`
fn selector(selector: &Tree, of_labels: bool, path: &Path, errors: &mut Errors) {
    let (raw, requirements) = (selector.str("rawSelector"), selector.list("requirements"));
    if !raw.is_empty() && !requirements.is_empty() {
        let words = "may not specified at the same time as requirements";
        errors.invalid(&path.child("rawSelector"), raw, words);
    }
    if raw.is_empty() && requirements.is_empty() {
        let words = format!("when {path} is specified, requirements or rawSelector is required");
        errors.required(&path.child("requirements"), &words);
    }
    for (at, requirement) in requirements.iter().enumerate() {
        self::requirement(requirement, of_labels, &path.child("requirements").index(at), errors);
    }
}

/// Go: `ValidateFieldSelectorRequirement`, `ValidateLabelSelectorRequirement`; operators that are not known pass.
fn requirement(requirement: &Tree, of_labels: bool, path: &Path, errors: &mut Errors) {
    let (key, values) = (requirement.str("key"), requirement.list("values"));
    if key.is_empty() && !of_labels {
        errors.required(&path.child("key"), "must be specified");
    }
    let place = path.child("values");
    match requirement.str("operator") {
        "In" | "NotIn" if values.is_empty() => {
            errors.required(&place, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            errors.forbidden(&place, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        _ => {}
    }
    if !of_labels {
        return;
    }
    meta::label_name(key, &path.child("key"), errors);
    let minor = errors.minor();
    for (at, value) in values.iter().map(Tree::text).enumerate() {
        errors.invalid_each(&place.index(at), value, text::label_value(value, minor));
    }
}

/// Why the server does not even look at a question about rules.
pub fn rules_request(object: &Tree) -> Option<String> {
    let space = object.get("spec").str("namespace");
    space.is_empty().then(|| "no namespace on request".to_owned())
}

/// Why the server does not even look at a token.
pub fn token_request(object: &Tree) -> Option<String> {
    let token = object.get("spec").str("token");
    token.is_empty().then(|| "token is required for TokenReview in authentication".to_owned())
}
