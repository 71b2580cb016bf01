//! Where pods may run: affinity, selectors of nodes, tolerations, spread over topologies.

use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::meta;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Go: `validateAffinity`
pub fn affinity(affinity: &Tree, path: &Path, errors: &mut Errors) {
    let nodes = affinity.get("nodeAffinity");
    let place = path.child("nodeAffinity");
    if nodes.has(REQUIRED) {
        node_selector(nodes.get(REQUIRED), &place.child(REQUIRED), errors);
    }
    for (at, term) in nodes.list(PREFERRED).iter().enumerate() {
        let place = place.child(PREFERRED).index(at);
        weight(term, &place, errors);
        node_term(term.get("preference"), false, &place.child("preference"), errors);
    }
    for name in ["podAffinity", "podAntiAffinity"] {
        let (pods, place) = (affinity.get(name), path.child(name));
        for (at, term) in pods.list(REQUIRED).iter().enumerate() {
            pod_term(term, &place.child(REQUIRED).index(at), errors);
        }
        for (at, term) in pods.list(PREFERRED).iter().enumerate() {
            let place = place.child(PREFERRED).index(at);
            weight(term, &place, errors);
            pod_term(term.get("podAffinityTerm"), &place.child("podAffinityTerm"), errors);
        }
    }
}

fn weight(term: &Tree, path: &Path, errors: &mut Errors) {
    let weight = term.int("weight").unwrap_or_default();
    if !(1..=100).contains(&weight) {
        errors.invalid(&path.child("weight"), weight, "must be in the range 1-100");
    }
}

/// Go: `ValidateNodeSelector`
pub fn node_selector(selector: &Tree, path: &Path, errors: &mut Errors) {
    let path = path.child("nodeSelectorTerms");
    let terms = selector.list("nodeSelectorTerms");
    if terms.is_empty() {
        return errors.required(&path, "must have at least one node selector term");
    }
    for (at, term) in terms.iter().enumerate() {
        node_term(term, true, &path.index(at), errors);
    }
}

/// Go: `ValidateNodeSelectorTerm`
fn node_term(term: &Tree, checks_values: bool, path: &Path, errors: &mut Errors) {
    for (at, expression) in term.list("matchExpressions").iter().enumerate() {
        node_expression(expression, checks_values, &path.child("matchExpressions").index(at), errors);
    }
    for (at, field) in term.list("matchFields").iter().enumerate() {
        let path = path.child("matchFields").index(at);
        let (key, values) = (field.str("key"), field.list("values"));
        match field.str("operator") {
            "In" | "NotIn" if values.len() != 1 => errors.required(
                &path.child("values"),
                "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
            ),
            "In" | "NotIn" => {}
            other => errors.invalid(&path.child("operator"), other, "not a valid selector operator"),
        }
        if key != "metadata.name" {
            errors.invalid(&path.child("key"), key, "not a valid field selector key");
            continue;
        }
        for (at, value) in values.iter().enumerate() {
            let path = path.child("values").index(at);
            errors.invalid_each(&path, value.text(), text::dns_subdomain(value.text()));
        }
    }
}

/// Go: `ValidateNodeSelectorRequirement`
fn node_expression(expression: &Tree, checks_values: bool, path: &Path, errors: &mut Errors) {
    let values = expression.list("values");
    let place = path.child("values");
    match expression.str("operator") {
        "In" | "NotIn" if values.is_empty() => {
            errors.required(&place, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            errors.forbidden(&place, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        "Gt" | "Lt" if values.len() != 1 => {
            errors.required(&place, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => errors.invalid(&path.child("operator"), other, "not a valid selector operator"),
    }
    meta::label_name(expression.str("key"), &path.child("key"), errors);
    if checks_values && errors.since(32) {
        let minor = errors.minor();
        for (at, value) in values.iter().enumerate() {
            errors.invalid_each(&place.index(at), value.text(), text::label_value(value.text(), minor));
        }
    }
}

/// Go: `validatePodAffinityTerm`
fn pod_term(term: &Tree, path: &Path, errors: &mut Errors) {
    for name in ["labelSelector", "namespaceSelector"] {
        meta::label_selector(term.get(name), &path.child(name), errors);
    }
    for space in term.list("namespaces") {
        errors.invalid_each(&path.child("namespace"), space.text(), text::dns_label(space.text()));
    }
    if errors.since(31) {
        label_keys(term, path, errors);
    }
    let key = term.str("topologyKey");
    if key.is_empty() {
        errors.required(&path.child("topologyKey"), "can not be empty");
    }
    meta::label_name(key, &path.child("topologyKey"), errors);
}

fn texts(tree: &Tree, field: &str) -> Vec<String> {
    tree.list(field).iter().map(|item| item.text().to_owned()).collect()
}

/// Go: `ValidateMatchLabelKeysAndMismatchLabelKeys`
fn label_keys(term: &Tree, path: &Path, errors: &mut Errors) {
    let selector = term.get("labelSelector");
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
        let (keys, path) = (texts(term, field), path.child(field));
        if !keys.is_empty() && selector.is_null() {
            errors.forbidden(&path, "must not be specified when labelSelector is not set");
            continue;
        }
        for (at, key) in keys.iter().enumerate() {
            meta::label_name(key, &path.index(at), errors);
        }
    }
    let (matched, mismatched) = (texts(term, "matchLabelKeys"), texts(term, "mismatchLabelKeys"));
    let mut selected: Vec<&str> = selector.map("matchLabels").iter().map(|(key, _)| key.as_str()).collect();
    for expression in selector.list("matchExpressions") {
        let key = expression.str("key");
        let at = matched.iter().rposition(|known| known == key);
        if let Some(at) = at.filter(|_| selected.contains(&key)) {
            errors.invalid(&path.index(at), key, "exists in both matchLabelKeys and labelSelector");
        }
        selected.push(key);
    }
    for (at, key) in matched.iter().enumerate() {
        if mismatched.contains(key) {
            let path = path.child("matchLabelKeys").index(at);
            errors.invalid(&path, key, "exists in both matchLabelKeys and mismatchLabelKeys");
        }
    }
}

/// Go: `ValidateMatchLabelKeysInTopologySpread`
fn spread_keys(constraint: &Tree, path: &Path, errors: &mut Errors) {
    let keys = texts(constraint, "matchLabelKeys");
    let selector = constraint.get("labelSelector");
    if keys.is_empty() {
        return;
    }
    if selector.is_null() {
        errors.forbidden(path, "must not be specified when labelSelector is not set");
    }
    let is_selected = |key: &str| {
        selector.map("matchLabels").iter().any(|(known, _)| known == key)
            || selector.list("matchExpressions").iter().any(|expression| expression.str("key") == key)
    };
    for (at, key) in keys.iter().enumerate() {
        meta::label_name(key, &path.index(at), errors);
        if is_selected(key) {
            errors.invalid(&path.index(at), key, "exists in both matchLabelKeys and labelSelector");
        }
    }
}

/// Go: `validateTopologySpreadConstraints`
pub fn spread(constraints: &[Tree], path: &Path, errors: &mut Errors) {
    for (at, constraint) in constraints.iter().enumerate() {
        let path = path.index(at);
        let skew = constraint.int("maxSkew").unwrap_or_default();
        if skew <= 0 {
            errors.invalid(&path.child("maxSkew"), skew, "must be greater than zero");
        }
        let (key, action) = (constraint.str("topologyKey"), constraint.str("whenUnsatisfiable"));
        if key.is_empty() {
            errors.required(&path.child("topologyKey"), "can not be empty");
        }
        if !matches!(action, "DoNotSchedule" | "ScheduleAnyway") {
            let known = ["DoNotSchedule", "ScheduleAnyway"];
            errors.not_supported(&path.child("whenUnsatisfiable"), action, &known);
        }
        let is_same =
            |other: &Tree| other.str("topologyKey") == key && other.str("whenUnsatisfiable") == action;
        if constraints[at + 1..].iter().any(is_same) {
            let pair = format!("{{{key}, {action}}}");
            errors.duplicate(&path.child("{topologyKey, whenUnsatisfiable}"), &pair);
        }
        if let Some(domains) = constraint.int("minDomains") {
            let path = path.child("minDomains");
            if domains <= 0 {
                errors.invalid(&path, domains, "must be greater than zero");
            }
            if action != "DoNotSchedule" {
                let words =
                    format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
                errors.invalid(&path, domains, &words);
            }
        }
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            let policy = constraint.str(field);
            if constraint.has(field) && !matches!(policy, "Honor" | "Ignore") {
                errors.not_supported(&path.child(field), policy, &["Honor", "Ignore"]);
            }
        }
        if errors.since(34) {
            label_keys(constraint, &path, errors);
        } else {
            spread_keys(constraint, &path.child("matchLabelKeys"), errors);
        }
        meta::label_selector(constraint.get("labelSelector"), &path.child("labelSelector"), errors);
    }
}

/// Go: `ValidateTolerations`
pub fn tolerations(tolerations: &[Tree], path: &Path, errors: &mut Errors) {
    let minor = errors.minor();
    for (at, toleration) in tolerations.iter().enumerate() {
        let path = path.index(at);
        let [key, operator, value, effect] =
            ["key", "operator", "value", "effect"].map(|field| toleration.str(field));
        let place = path.child("operator");
        if !key.is_empty() {
            meta::label_name(key, &path.child("key"), errors);
        }
        if key.is_empty() && operator != "Exists" {
            let words =
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.invalid(&place, operator, words);
        }
        if toleration.has("tolerationSeconds") && effect != "NoExecute" {
            let words = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.invalid(&path.child("effect"), effect, words);
        }
        match operator {
            "Equal" | "" => {
                let wrong = text::label_value(value, minor);
                if !wrong.is_empty() {
                    errors.invalid(&place, value, &wrong.join(";"));
                }
            }
            "Exists" if !value.is_empty() => {
                let words = "value must be empty when `operator` is 'Exists'";
                match errors.since(32) {
                    true => errors.invalid(&place, value, words),
                    false => errors.invalid(&place, Bad::Typed(toleration, "core.Toleration"), words),
                }
            }
            "Exists" => {}
            "Lt" | "Gt" if minor >= 35 => {
                errors.not_supported(&place, operator, &["Equal", "Exists", "Lt", "Gt"]);
            }
            other => errors.not_supported(&place, other, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            taint_effect(effect, &path.child("effect"), errors);
        }
    }
}

/// Go: `validateTaintEffect`
pub fn taint_effect(effect: &str, path: &Path, errors: &mut Errors) {
    let known = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
    if !known.contains(&effect) {
        errors.not_supported(path, effect, &known);
    }
}
