//! When a job has failed and when it has succeeded: its policies.
//!
//! Source: `validatePodFailurePolicy`, `validateSuccessPolicy` of `pkg/apis/batch/validation`.

use super::error::{Bad, Errors, Path};
use super::meta;
use super::tree::Tree;

/// Go: `validatePodFailurePolicy`
pub fn failure(spec: &Tree, path: &Path, errors: &mut Errors) {
    let rules = spec.get("podFailurePolicy").list("rules");
    let path = path.child("rules");
    if rules.len() > 20 {
        errors.too_many(&path, rules.len(), 20);
    }
    let pod = spec.at(&["template", "spec"]);
    let containers: Vec<&str> = ["containers", "initContainers"]
        .iter()
        .flat_map(|list| pod.list(list))
        .map(|container| container.str("name"))
        .collect();
    for (at, rule) in rules.iter().enumerate() {
        failure_rule(spec, rule, &containers, &path.index(at), errors);
    }
}

fn failure_rule(spec: &Tree, rule: &Tree, containers: &[&str], path: &Path, errors: &mut Errors) {
    const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
    let (action, place) = (rule.str("action"), path.child("action"));
    match action {
        "" => errors.required(&place, "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]"),
        "FailIndex" if !spec.has("backoffLimitPerIndex") => {
            errors.invalid(&place, action, "requires the backoffLimitPerIndex to be set");
        }
        other if !ACTIONS.contains(&other) => errors.not_supported(&place, other, &ACTIONS),
        _ => {}
    }
    let (codes, conditions) = (rule.get("onExitCodes"), rule.list("onPodConditions"));
    if !codes.is_null() {
        exit_codes(codes, containers, &path.child("onExitCodes"), errors);
    }
    pod_conditions(conditions, &path.child("onPodConditions"), errors);
    match (codes.is_null(), conditions.is_empty()) {
        (false, false) => {
            errors.invalid_omitted(path, "specifying both OnExitCodes and OnPodConditions is not supported");
        }
        (true, true) => {
            errors.invalid_omitted(path, "specifying one of OnExitCodes and OnPodConditions is required");
        }
        _ => {}
    }
}

fn pod_conditions(conditions: &[Tree], path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["False", "True", "Unknown"];
    if conditions.len() > 20 {
        errors.too_many(path, conditions.len(), 20);
    }
    for (at, condition) in conditions.iter().enumerate() {
        let path = path.index(at);
        meta::label_name(condition.str("type"), &path.child("type"), errors);
        let status = condition.str("status");
        if !KNOWN.contains(&status) {
            errors.not_supported(&path.child("status"), status, &KNOWN);
        }
    }
}

fn exit_codes(codes: &Tree, containers: &[&str], path: &Path, errors: &mut Errors) {
    let (operator, place) = (codes.str("operator"), path.child("operator"));
    match operator {
        "In" | "NotIn" => {}
        "" => errors.required(&place, "valid values: [\"In\" \"NotIn\"]"),
        other => errors.not_supported(&place, other, &["In", "NotIn"]),
    }
    let name = codes.str("containerName");
    if codes.has("containerName") && !containers.contains(&name) {
        let words = "must be one of the container or initContainer names in the pod template";
        errors.invalid(&path.child("containerName"), name, words);
    }
    let values: Vec<i64> = codes.list("values").iter().filter_map(Tree::as_int).collect();
    let path = path.child("values");
    let bad = || Bad::Typed(codes.get("values"), "[]int32");
    if values.is_empty() {
        errors.invalid(&path, bad(), "at least one value is required");
    } else if values.len() > 255 {
        errors.too_many(&path, values.len(), 255);
    }
    for (at, value) in values.iter().enumerate() {
        if operator == "In" && *value == 0 {
            errors.invalid(&path.index(at), 0, "must not be 0 for the In operator");
        }
        if values[..at].contains(value) {
            errors.duplicate(&path.index(at), *value);
        }
    }
    if !values.is_sorted() {
        errors.invalid(&path, bad(), "must be ordered");
    }
}

/// Go: `validateSuccessPolicy`
pub fn success(spec: &Tree, path: &Path, errors: &mut Errors) {
    if spec.str("completionMode") != "Indexed" {
        let bad = Bad::Typed(spec.get("successPolicy"), "batch.SuccessPolicy");
        return errors.invalid(path, bad, "requires indexed completion mode");
    }
    let rules = spec.get("successPolicy").list("rules");
    let path = path.child("rules");
    if rules.is_empty() {
        errors.required(&path, "at least one rules must be specified when the successPolicy is specified");
    }
    if rules.len() > 20 {
        errors.too_many(&path, rules.len(), 20);
    }
    let completions = spec.int("completions").unwrap_or_default();
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        if !rule.has("succeededCount") && !rule.has("succeededIndexes") {
            let words = "at least one of succeededCount or succeededIndexes must be specified";
            errors.required(&path, words);
        }
        let mut total = 0;
        if rule.has("succeededIndexes") {
            let indexes = rule.str("succeededIndexes");
            match count_indexes(indexes, completions) {
                Ok(count) => total = count,
                Err(why) => {
                    let words = format!("error parsing succeededIndexes: {why}");
                    errors.invalid(&path.child("succeededIndexes"), indexes, &words);
                }
            }
        }
        let Some(count) = rule.int("succeededCount") else { continue };
        let path = path.child("succeededCount");
        meta::nonnegative(count, &path, errors);
        let words = |most: i64, what: &str| format!("must be less than or equal to {most} ({what})");
        if count > completions {
            errors.invalid(&path, count, &words(completions, "the number of specified completions"));
        }
        if rule.has("succeededIndexes") && count > total {
            let what = "the number of indexes in the specified succeededIndexes field";
            errors.invalid(&path, count, &words(total, what));
        }
    }
}

/// Go: `validateIndexesFormat`
fn count_indexes(text: &str, completions: i64) -> Result<i64, String> {
    let (mut total, mut last) = (0, None);
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let index = |text: &str| {
            let value: i64 = text
                .parse()
                .map_err(|_| format!("cannot convert string to integer for index: \"{text}\""))?;
            if value >= completions { Err(format!("too large index: \"{text}\"")) } else { Ok(value) }
        };
        let decreasing = |a: i64, b: i64| format!("non-increasing order, previous: {a}, current: {b}");
        let ends: Vec<&str> = part.split('-').collect();
        let (first, end) = match ends[..] {
            [one] => (index(one)?, index(one)?),
            [a, b] => (index(a)?, index(b)?),
            _ => {
                return Err(format!(
                    "the fragment \"{part}\" violates the requirement that an index interval can have at most two parts \
                     separated by '-'"
                ));
            }
        };
        if ends.len() == 2 && first >= end {
            return Err(decreasing(first, end));
        }
        if let Some(last) = last.filter(|last| *last >= first) {
            return Err(decreasing(last, first));
        }
        total += end - first + 1;
        last = Some(end);
    }
    Ok(total)
}
