//! Horizontal pod autoscalers.
//!
//! Source: k8s.io/kubernetes `pkg/apis/autoscaling/validation/validation.go`.

use super::error::{Errors, Path};
use super::pod::resources;
use super::tree::Tree;
use super::{meta, text};

/// Go: `ValidateHorizontalPodAutoscaler`
pub fn autoscaler(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let spec = object.get("spec");
    let path = Path::new("spec");
    let least = i64::from(!errors.since(37));
    let (min, max) = (spec.int("minReplicas"), spec.int("maxReplicas").unwrap_or_default());
    if let Some(min) = min.filter(|min| *min < least) {
        let words = format!("must be greater than or equal to {least}");
        errors.invalid(&path.child("minReplicas"), min, &words);
    }
    let place = path.child("maxReplicas");
    if max == 0 && errors.since(36) {
        let words = if errors.since(37) { "" } else { "must be set and greater than 0" };
        errors.declared(|errors| errors.required(&place, words));
    } else if max < 0 && errors.since(36) {
        errors.declared(|errors| errors.invalid(&place, max, "must be greater than or equal to 1"));
    } else if max < 1 {
        errors.invalid(&path.child("maxReplicas"), max, "must be greater than 0");
    }
    if min.is_some_and(|min| max < min) {
        errors.invalid(&path.child("maxReplicas"), max, "must be greater than or equal to `minReplicas`");
    }
    scaled(spec.get("scaleTargetRef"), &path.child("scaleTargetRef"), errors);
    let (metrics, place) = (spec.list("metrics"), path.child("metrics"));
    for (at, metric) in metrics.iter().enumerate() {
        self::metric(metric, &place.index(at), errors);
    }
    let counts_from_outside = |metric: &Tree| matches!(metric.str("type"), "Object" | "External");
    if min == Some(0) && !metrics.iter().any(counts_from_outside) {
        let words = "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.forbidden(&place, words);
    }
    for field in ["scaleUp", "scaleDown"] {
        let rules = spec.get("behavior").get(field);
        if !rules.is_null() {
            scaling_rules(rules, &path.child("behavior").child(field), errors);
        }
    }
}

/// What is scaled: only one kind of the core group can be.
///
/// Go: `ValidateCrossVersionObjectReference`, `validationOptionsForHorizontalPodAutoscaler`
fn scaled(reference: &Tree, path: &Path, errors: &mut Errors) {
    self::reference(reference, path, errors);
    let version = reference.str("apiVersion");
    let has_group =
        version.split_once('/').is_some_and(|(group, version)| !group.is_empty() || version.contains('/'));
    if errors.since(34) && !has_group && reference.str("kind") != "ReplicationController" {
        errors.invalid(&path.child("apiVersion"), version, "apiVersion must specify API group");
    }
}

/// Go: `ValidateCrossVersionObjectReference`
fn reference(reference: &Tree, path: &Path, errors: &mut Errors) {
    meta::kind_and_name(reference, path, errors);
    let version = reference.str("apiVersion");
    if version.matches('/').count() > 1 && errors.since(34) {
        let words = format!("unexpected GroupVersion string: {version}");
        errors.invalid(&path.child("apiVersion"), version, &words);
    }
}

/// Go: `validateScalingRules`
fn scaling_rules(rules: &Tree, path: &Path, errors: &mut Errors) {
    if let Some(seconds) = rules.int("stabilizationWindowSeconds") {
        let path = path.child("stabilizationWindowSeconds");
        if seconds < 0 {
            errors.invalid(&path, seconds, "must be greater than or equal to zero");
        }
        if seconds > 3600 {
            errors.invalid(&path, seconds, "must be less than or equal to 3600");
        }
    }
    let select = rules.str("selectPolicy");
    if rules.has("selectPolicy") && !matches!(select, "Disabled" | "Max" | "Min") {
        errors.not_supported(&path.child("selectPolicy"), select, &["Disabled", "Max", "Min"]);
    }
    let (policies, place) = (rules.list("policies"), path.child("policies"));
    if policies.is_empty() {
        errors.required(&place, "must specify at least one Policy");
    }
    for (at, policy) in policies.iter().enumerate() {
        let path = place.index(at);
        if !matches!(policy.str("type"), "Percent" | "Pods") {
            errors.not_supported(&path.child("type"), policy.str("type"), &["Percent", "Pods"]);
        }
        for field in ["value", "periodSeconds"] {
            let value = policy.int(field).unwrap_or_default();
            if value <= 0 {
                errors.invalid(&path.child(field), value, "must be greater than zero");
            }
        }
        let period = policy.int("periodSeconds").unwrap_or_default();
        if period > 1800 {
            errors.invalid(&path.child("periodSeconds"), period, "must be less than or equal to 1800");
        }
    }
    if errors.since(35) && resources::is_negative(rules.str("tolerance")) {
        let words = "must be greater than or equal to 0";
        errors.invalid(&path.child("tolerance"), rules.str("tolerance"), words);
    }
}

const TYPES: [&str; 5] = ["ContainerResource", "External", "Object", "Pods", "Resource"];

/// The fields of a metric, in the order in which the server looks for them, with their types.
const SOURCES: [(&str, &str); 5] = [
    ("object", "Object"),
    ("external", "External"),
    ("pods", "Pods"),
    ("resource", "Resource"),
    ("containerResource", "ContainerResource"),
];

/// Go: `validateMetricSpec`
fn metric(metric: &Tree, path: &Path, errors: &mut Errors) {
    let kind = metric.str("type");
    if kind.is_empty() {
        errors.required(&path.child("type"), "must specify a metric source type");
    }
    if !TYPES.contains(&kind) {
        errors.not_supported(&path.child("type"), kind, &TYPES);
    }
    let present: Vec<&str> =
        SOURCES.iter().map(|(field, _)| *field).filter(|field| metric.has(field)).collect();
    if let Some(first) = present.first() {
        source(first, metric.get(first), &path.child(first), errors);
    }
    let expected = SOURCES.iter().find(|(_, of)| *of == kind).map(|(field, _)| *field);
    match expected {
        Some(field) if !metric.has(field) => {
            let words = "must populate information for the given metric source";
            errors.required(&path.child(field), words);
        }
        Some(_) => {}
        None => errors.not_supported(&path.child("type"), kind, &TYPES),
    }
    if present.len() != 1 {
        for field in present.iter().filter(|field| Some(**field) != expected) {
            errors.forbidden(&path.child(field), "must populate the given metric source only");
        }
    }
}

fn source(field: &str, source: &Tree, path: &Path, errors: &mut Errors) {
    match field {
        "object" => reference(source.get("describedObject"), &path.child("describedObject"), errors),
        "resource" | "containerResource" => {
            let name = source.str("name");
            if name.is_empty() {
                errors.required(&path.child("name"), "must specify a resource name");
            } else if field == "containerResource" {
                resources::container_resource_name(name, &path.child("name"), errors);
            }
            let container = source.str("container");
            if field == "containerResource" {
                if container.is_empty() {
                    errors.required(&path.child("container"), "must specify a container");
                } else if errors.since(33) {
                    errors.invalid_each(&path.child("container"), container, text::dns_label(container));
                }
            }
        }
        _ => {}
    }
    if matches!(field, "object" | "external" | "pods") {
        let name = source.get("metric").str("name");
        let path = path.child("metric").child("name");
        if name.is_empty() {
            errors.required(&path, "must specify a metric name");
        } else {
            errors.invalid_each(&path, name, text::path_segment(name));
        }
    }
    target(field, source.get("target"), &path.child("target"), errors);
}

/// Go: `validateMetricTarget` and what each source asks of its target
fn target(field: &str, target: &Tree, path: &Path, errors: &mut Errors) {
    let kind = target.str("type");
    if kind.is_empty() {
        errors.required(&path.child("type"), "must specify a metric target type");
    }
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        let words = "must be either Utilization, Value, or AverageValue";
        errors.invalid(&path.child("type"), kind, words);
    }
    for name in ["value", "averageValue"] {
        let amount = target.str(name);
        if target.has(name) && (resources::is_negative(amount) || resources::is_zero_amount(amount)) {
            errors.invalid(&path.child(name), amount, "must be positive");
        }
    }
    if let Some(percent) = target.int("averageUtilization").filter(|percent| *percent < 1) {
        errors.invalid(&path.child("averageUtilization"), percent, "must be greater than 0");
    }
    let [value, average, utilization] =
        ["value", "averageValue", "averageUtilization"].map(|name| target.has(name));
    let place = path.child("averageValue");
    match field {
        "object" if !value && !average => {
            errors.required(&place, "must set either a target value or averageValue");
        }
        "external" if !value && !average => {
            errors.required(&place, "must set either a target value for metric or a per-pod target");
        }
        "external" if value && average => {
            let words = "may not set both a target value for metric and a per-pod target";
            errors.forbidden(&path.child("value"), words);
        }
        "pods" if !average => errors.required(&place, "must specify a positive target averageValue"),
        "resource" | "containerResource" if !utilization && !average => {
            let words = "must set either a target raw value or a target utilization";
            errors.required(&path.child("averageUtilization"), words);
        }
        "resource" | "containerResource" if utilization && average => {
            errors.forbidden(&place, "may not set both a target raw value and a target utilization");
        }
        _ => {}
    }
}

/// What version 1 says of a processor is a metric of version 2.
///
/// Go: autoscaling/v1 conversion
pub fn of_version_one(object: &mut Tree) {
    let spec = object.field_mut("spec");
    let percent = spec.int("targetCPUUtilizationPercentage");
    spec.remove("targetCPUUtilizationPercentage");
    if let Some(percent) = percent {
        let target = Tree::Map(vec![
            ("type".to_owned(), "Utilization".into()),
            ("averageUtilization".to_owned(), percent.into()),
        ]);
        let resource = Tree::Map(vec![("name".to_owned(), "cpu".into()), ("target".to_owned(), target)]);
        let metric =
            Tree::Map(vec![("type".to_owned(), "Resource".into()), ("resource".to_owned(), resource)]);
        spec.set("metrics", Tree::List(vec![metric]));
    }
}
