//! The JSON schema of a configuration, for editors: its keys, and the names of rules, profiles and parameters of this version.

use serde_json::{Value as Json, json};

use crate::policy::{Level, Mode, Profile, Shape, Trust, parameters};
use crate::rules;
use crate::word;

use clap::ValueEnum;

/// The schema.
pub fn config_schema() -> Json {
    let words = |words: Vec<String>| json!({"enum": words});
    let modes: Vec<String> = Mode::value_variants().iter().map(word::of).collect();
    let trusts: Vec<String> = Trust::value_variants().iter().map(word::of).collect();
    let levels: Vec<String> = Level::value_variants().iter().map(word::of).collect();
    let profiles: Vec<String> =
        Profile::built_in_names().map(str::to_owned).chain(["none".to_owned()]).collect();
    let fail_on: Vec<String> =
        levels.iter().filter(|level| *level != "off").cloned().chain(["never".to_owned()]).collect();
    let level = json!({"enum": levels});
    let per_mode: serde_json::Map<String, Json> =
        modes.iter().map(|mode| (mode.clone(), level.clone())).collect();
    let strings = json!({"type": "array", "items": {"type": "string"}});
    let one_or_more = json!({"oneOf": [{"type": "string"}, strings]});
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Plimsoll's configuration, .plimsoll.yaml",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "name": {"type": "string", "description": "What the profile is called"},
            "title": {"type": "string", "description": "What it is about"},
            "extends": {
                "anyOf": [{"enum": profiles}, {"pattern": "^pss-(baseline|restricted)@(latest|v1\\.[0-9]+)$"}],
                "description": "The profile that this one changes; nvcf unless told otherwise, none to start from nothing",
            },
            "mode": {"enum": modes, "description": "Whose judgement counts"},
            "fail-on": {"enum": fail_on, "description": "From which severity on a run fails"},
            "baseline": {"type": "string", "description": "The file of findings that are not told, beside this one"},
            "trust": {"enum": trusts, "description": "What configurations of charts may say where this one is that of whoever judges: tighten unless told otherwise"},
            "select": {"type": "array", "items": selector(), "description": "The rules that hold"},
            "ignore": {"type": "array", "items": selector(), "description": "Rules that are left out"},
            "severity": {
                "type": "object",
                "propertyNames": selector(),
                "additionalProperties": {"oneOf": [
                    words(levels.clone()),
                    {"type": "object", "properties": per_mode, "additionalProperties": false},
                ]},
                "description": "How severe rules are",
            },
            "parameters": {
                "type": "object",
                "properties": parameters_schema(),
                "additionalProperties": false,
                "description": "The lists and numbers that rules go by",
            },
            "allow": {"type": "array", "items": allowance(), "description": "Findings that are allowed"},
            "values-sets": {
                "type": "object",
                "additionalProperties": one_or_more,
                "description": "Sets of values that charts are judged with besides their own",
            },
            "kube-versions": {"oneOf": [{"type": "string"}, strings], "description": "The versions of Kubernetes that charts are judged for"},
            "catalogue": {"type": "object", "description": "The rows that the profile is made of"},
        },
    })
}

/// A name, a code or the letters of codes.
fn selector() -> Json {
    let rules = rules::all();
    let mut names: Vec<&str> =
        rules.iter().flat_map(|rule| [rule.name, rule.code, &rule.code[..3]]).collect();
    names.sort_unstable();
    names.dedup();
    json!({"enum": names})
}

fn parameters_schema() -> serde_json::Map<String, Json> {
    let of = |name: &str| {
        let value = match parameters::shape(name) {
            Some(Shape::Number) => json!({"type": "integer"}),
            Some(Shape::Numbers) => json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            Some(Shape::List) | None => json!({"type": "array", "items": {"type": "string"}}),
        };
        let described = json!({
            "type": "object",
            "required": ["value"],
            "properties": {"value": value, "source": {"type": "string"}},
            "additionalProperties": false,
        });
        // A map of numbers has no key `value`.
        json!({"anyOf": [value, described]})
    };
    parameters::names().map(|name| (name.to_owned(), of(name))).collect()
}

fn allowance() -> Json {
    json!({
        "type": "object",
        "required": ["rule", "reason"],
        "additionalProperties": false,
        "properties": {
            "rule": selector(),
            "reason": {"type": "string", "description": "Why"},
            "object": {"type": "string", "description": "The object, such as DaemonSet/exporter; all without it"},
            "field": {"type": "string", "description": "The field of it, such as spec.template.spec.hostNetwork"},
            "until": {"type": "string", "format": "date", "description": "The last day on which it holds"},
        },
    })
}
