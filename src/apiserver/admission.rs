//! Admission policies and their bindings.
//!
//! Source: `pkg/apis/admissionregistration/validation/validation.go` of k8s.io/kubernetes.

use super::admission_rules::{Expressions, Use};
use super::cel::shape::RESERVED;
use super::error::{Bad, Errors, Path};
use super::tree::Tree;
use super::webhook::{conditions, one_of, rule};
use super::{meta, text};

/// Go: `validateValidatingAdmissionPolicySpec`
pub fn validating(object: &Tree, errors: &mut Errors) {
    let (spec, path) = policy(object, errors);
    let expressions = variables(spec, &path, errors);
    let (validations, annotations) = (spec.list("validations"), spec.list("auditAnnotations"));
    if validations.is_empty() && annotations.is_empty() {
        let words = "validations or auditAnnotations must contain at least one item";
        errors.required(&path.child("validations"), words);
        return errors.required(&path.child("auditAnnotations"), words);
    }
    for (at, validation) in validations.iter().enumerate() {
        self::validation(validation, &expressions, &path.child("validations").index(at), errors);
    }
    audit((object.get("metadata").str("name"), spec), &expressions, &path.child("auditAnnotations"), errors);
}

/// Go: `validateMutatingAdmissionPolicySpec`
pub fn mutating(object: &Tree, errors: &mut Errors) {
    let (spec, path) = policy(object, errors);
    operations(spec.get("matchConstraints"), &path.child("matchConstraints"), errors);
    let expressions = variables(spec, &path, errors);
    let mutations = spec.list("mutations");
    if mutations.is_empty() {
        errors.required(&path.child("mutations"), "mutations must contain at least one item");
    }
    for (at, mutation) in mutations.iter().enumerate() {
        self::mutation(mutation, &expressions, &path.child("mutations").index(at), errors);
    }
    required_word(spec, "reinvocationPolicy", &["IfNeeded", "Never"], &path, errors);
}

/// What policies of both kinds have.
fn policy<'a>(object: &'a Tree, errors: &mut Errors) -> (&'a Tree, Path) {
    meta::object_meta(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    one_of(spec, "failurePolicy", &["Fail", "Ignore"], &path, errors);
    if spec.has("paramKind") {
        parameter_kind(spec.get("paramKind"), &path.child("paramKind"), errors);
    }
    let (constraints, place) = (spec.get("matchConstraints"), path.child("matchConstraints"));
    if constraints.is_null() {
        errors.required(&place, "");
    } else {
        matched(constraints, &place, errors);
        if constraints.list("resourceRules").is_empty() {
            errors.required(&place.child("resourceRules"), "");
        }
    }
    let expressions = Expressions::of_policy(spec.has("paramKind"));
    conditions(spec.list("matchConditions"), &expressions, &path.child("matchConditions"), errors);
    (spec, path)
}

/// Go: `validateParamKind`
fn parameter_kind(kind: &Tree, path: &Path, errors: &mut Errors) {
    let (written, place) = (kind.str("apiVersion"), path.child("apiVersion"));
    let (group, version) = written.split_once('/').unwrap_or(("", written));
    if written.is_empty() {
        errors.required(&place, "");
    } else if version.contains('/') {
        errors.invalid(&place, written, &format!("unexpected GroupVersion string: {written}"));
    } else {
        let wrong = text::dns_subdomain(group);
        if !group.is_empty() && !wrong.is_empty() {
            errors.invalid(&place, group, &wrong.join(","));
        }
        let wrong = text::dns_1035_label(version);
        if version.is_empty() {
            errors.invalid(&place, written, "version must be specified");
        } else if !wrong.is_empty() {
            errors.invalid(&place, version, &wrong.join(","));
        }
    }
    let (name, place) = (kind.str("kind"), path.child("kind"));
    let wrong = text::dns_1035_label(&name.to_lowercase());
    if name.is_empty() {
        errors.required(&place, "");
    } else if !wrong.is_empty() {
        let words = format!("may have mixed case, but should otherwise match: {}", wrong.join(","));
        errors.invalid(&place, name, &words);
    }
}

/// Go: `validateMatchResources`
fn matched(resources: &Tree, path: &Path, errors: &mut Errors) {
    one_of(resources, "matchPolicy", &["Equivalent", "Exact"], path, errors);
    for field in ["namespaceSelector", "objectSelector"] {
        meta::label_selector(resources.get(field), &path.child(field), errors);
    }
    for field in ["resourceRules", "excludeResourceRules"] {
        for (at, rule) in resources.list(field).iter().enumerate() {
            named_rule(rule, &path.child(field).index(at), errors);
        }
    }
}

/// Go: `validateNamedRuleWithOperations`
fn named_rule(named: &Tree, path: &Path, errors: &mut Errors) {
    let names: Vec<&str> = named.list("resourceNames").iter().map(Tree::text).collect();
    for (at, name) in names.iter().enumerate() {
        let path = path.child("resourceNames").index(at);
        errors.invalid_each(&path, name, text::path_segment(name));
        if names[..at].contains(name) {
            errors.duplicate(&path, *name);
        }
    }
    rule(named, path, errors);
}

/// Only what is made or changed can be changed on its way.
fn operations(resources: &Tree, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 4] = ["*", "CONNECT", "CREATE", "UPDATE"];
    let operations = resources.list("resourceRules").iter().flat_map(|rule| rule.list("operations"));
    for operation in operations.map(Tree::text).filter(|operation| !KNOWN.contains(operation)) {
        errors.not_supported(&path.child("resourceRules").child("operations"), operation, &KNOWN);
    }
}

/// Go: `validateVariable`
fn variables(spec: &Tree, path: &Path, errors: &mut Errors) -> Expressions {
    let mut expressions = Expressions::of_policy(spec.has("paramKind"));
    for (at, variable) in spec.list("variables").iter().enumerate() {
        let path = path.child("variables").index(at);
        let name = variable.str("name");
        if name.trim().is_empty() {
            errors.required(&path.child("name"), "name is not specified");
        } else if !is_identifier(name) {
            errors.invalid(&path.child("name"), name, "must be a valid CEL identifier");
        }
        match variable.str("expression") {
            text if text.trim().is_empty() => {
                errors.required(&path.child("expression"), "expression is not specified");
            }
            text => expressions.name(name, text, &path.child("expression"), errors),
        }
    }
    expressions
}

/// Go: `isCELIdentifier`
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !RESERVED.contains(&name)
}

/// Go: `validateValidation`
fn validation(validation: &Tree, expressions: &Expressions, path: &Path, errors: &mut Errors) {
    const REASONS: [&str; 3] = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
    match validation.str("expression") {
        text if text.trim().is_empty() => {
            errors.required(&path.child("expression"), "expression is not specified");
        }
        text => expressions.judge(Use::Validation, text, text, &path.child("expression"), errors),
    }
    for field in ["messageExpression", "message"] {
        let (words, place) = (validation.str(field), path.child(field));
        if !words.is_empty() && words.trim().is_empty() {
            errors.invalid(&place, words, "must be non-empty if specified");
        } else if field == "messageExpression" && !words.is_empty() {
            expressions.judge(Use::Message, words, words, &place, errors);
        } else if field == "message" && words.trim().contains(['\n', '\r']) {
            errors.invalid(&place, words, "must not contain line breaks");
        }
    }
    one_of(validation, "reason", &REASONS, path, errors);
}

/// Go: `validateAuditAnnotation`
fn audit((name, spec): (&str, &Tree), expressions: &Expressions, path: &Path, errors: &mut Errors) {
    const MOST: usize = 20;
    const LONGEST: usize = 5 * 1024;
    let annotations = spec.list("auditAnnotations");
    if annotations.len() > MOST {
        let bad = Bad::Typed(spec.get("auditAnnotations"), "[]admissionregistration/v1.AuditAnnotation");
        errors.invalid(path, bad, &format!("must not have more than {MOST} auditAnnotations"));
    }
    for (at, annotation) in annotations.iter().enumerate() {
        let (path, key) = (path.index(at), annotation.str("key"));
        if name.is_empty() {
            errors.invalid(&path.child("key"), key, "requires metadata.name be non-empty");
        } else {
            meta::label_name(&format!("{name}/{key}"), &path.child("key"), errors);
        }
        let expression = annotation.str("valueExpression").trim();
        if expression.is_empty() {
            errors.required(&path.child("valueExpression"), "valueExpression is not specified");
        } else if expression.len() > LONGEST {
            let words = format!("must not exceed {LONGEST} bytes in length");
            errors.required(&path.child("valueExpression"), &words);
        } else {
            let told = annotation.str("valueExpression");
            expressions.judge(Use::Annotation, expression, told, &path.child("valueExpression"), errors);
        }
        if annotations[..at].iter().any(|other| other.str("key") == key) {
            errors.duplicate(&path.child("key"), key);
        }
    }
}

/// Go: `validateMutation`
fn mutation(mutation: &Tree, expressions: &Expressions, path: &Path, errors: &mut Errors) {
    const FIELDS: [(&str, &str, Use); 2] = [
        ("JSONPatch", "jsonPatch", Use::JsonPatch),
        ("ApplyConfiguration", "applyConfiguration", Use::Apply),
    ];
    let kind = mutation.str("patchType");
    if !required_word(mutation, "patchType", &["ApplyConfiguration", "JSONPatch"], path, errors) {
        return;
    }
    for (of, field, what) in FIELDS {
        let (patch, place) = (mutation.get(field), path.child(field));
        if of == kind {
            if patch.is_null() {
                errors.required(&place, &format!("must be specified when patchType is {kind}"));
            } else {
                match patch.str("expression").trim() {
                    "" => errors.required(&place.child("expression"), ""),
                    text => expressions.judge(what, text, text, &place.child("expression"), errors),
                }
            }
        }
    }
    for (of, field, _) in FIELDS {
        if of != kind && mutation.has(field) {
            let words = format!("must not be specified when patchType is {kind}");
            errors.invalid(&path.child(field), format!("{{{field}}}").as_str(), &words);
        }
    }
}

/// A word that must be there, and one of a few.
fn required_word(tree: &Tree, field: &str, known: &[&str], path: &Path, errors: &mut Errors) -> bool {
    let (word, path) = (tree.str(field), path.child(field));
    if word.is_empty() {
        errors.required(&path, "");
    } else if !known.contains(&word) {
        errors.not_supported(&path, word, known);
    }
    known.contains(&word)
}

/// Go: `validateMutatingAdmissionPolicyBindingSpec`
pub fn mutating_binding(object: &Tree, errors: &mut Errors) {
    let path = Path::new("spec").child("matchResources");
    binding(object, false, errors, |spec, errors| operations(spec.get("matchResources"), &path, errors));
}

/// Go: `validateValidatingAdmissionPolicyBindingSpec`
pub fn validating_binding(object: &Tree, errors: &mut Errors) {
    let is_last = errors.since(DECLARED);
    binding(object, is_last, errors, actions);
}

fn actions(spec: &Tree, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["Audit", "Deny", "Warn"];
    let path = Path::new("spec").child("validationActions");
    let actions: Vec<&str> = spec.list("validationActions").iter().map(Tree::text).collect();
    for (at, action) in actions.iter().enumerate() {
        if !KNOWN.contains(action) {
            errors.not_supported(&path.index(at), *action, &KNOWN);
        }
        if actions[..at].contains(action) {
            errors.duplicate(&path.index(at), *action);
        }
    }
    if actions.contains(&"Deny") && actions.contains(&"Warn") {
        let words = "must not contain both Deny and Warn (repeating the same validation failure information in the API \
                     response and headers serves no purpose)";
        errors.invalid(&path, Bad::Typed(spec.get("validationActions"), "[]string"), words);
    }
    if actions.is_empty() {
        let words = if errors.since(DECLARED) { "" } else { "at least one validation action is required" };
        errors.required(&path, words);
    }
}

/// The first minor that finds what is missing by the markers of its types, after all else and without words.
const DECLARED: u32 = 37;

/// What bindings of both kinds have, and what one kind has besides; `is_last` where a missing policy is told after all else.
fn binding(object: &Tree, is_last: bool, errors: &mut Errors, own: impl Fn(&Tree, &mut Errors)) {
    meta::object_meta(object, false, text::dns_subdomain, errors);
    let (spec, path) = (object.get("spec"), Path::new("spec"));
    let (name, place) = (spec.str("policyName"), path.child("policyName"));
    if name.is_empty() && !is_last {
        errors.required(&place, "");
    } else if !name.is_empty() {
        errors.invalid_each(&place, name, text::dns_subdomain(name));
    }
    if spec.has("paramRef") {
        parameters(spec.get("paramRef"), &path.child("paramRef"), errors);
    }
    if spec.has("matchResources") {
        matched(spec.get("matchResources"), &path.child("matchResources"), errors);
    }
    own(spec, errors);
    if name.is_empty() && is_last {
        errors.required(&place, "");
    }
}

/// Go: `validateParamRef`
fn parameters(reference: &Tree, path: &Path, errors: &mut Errors) {
    let words = "name and selector are mutually exclusive";
    let (name, has_selector) = (reference.str("name"), reference.has("selector"));
    if !name.is_empty() {
        errors.invalid_each(&path.child("name"), name, text::path_segment(name));
        if has_selector {
            errors.forbidden(&path.child("name"), words);
        }
    }
    if has_selector {
        meta::label_selector(reference.get("selector"), &path.child("selector"), errors);
        if !name.is_empty() {
            errors.forbidden(&path.child("selector"), words);
        }
    }
    if name.is_empty() && !has_selector {
        errors.required(path, "one of name or selector must be specified");
    }
    required_word(reference, "parameterNotFoundAction", &["Deny", "Allow"], path, errors);
}
