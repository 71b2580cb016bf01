use serde_json::Value as Json;

use crate::diagnostic::Applicability;
use crate::kubernetes::find_kind;
use crate::kubernetes::typed::{self, Mismatch, Wanted};
use crate::policy::{Check, Level, Levels, Object, Reporter, brief, declare_rule, parameters, set};
use crate::yaml::{self, Data, Node};

declare_rule! {
    /// Every field must be of the type that Kubernetes gives it.
    ///
    /// ## Why
    /// The service cannot read an object with a number where a string belongs, takes it for one of an unknown kind and says
    /// `unsupported types: ["core/v1.Pod"]`, which misleads. An environment variable whose value is not in quotes is the
    /// usual cause.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: 8000
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   port: "8000"
    /// ```
    ///
    /// ## Fix
    /// Put the value in quotes, in a template with `quote`.
    "OBJ112" "malformed-field" {
        levels: Levels::all(Level::Error),
        fix: Some(Applicability::Safe),
        sources: &["service: decode takes it for an unknown kind", "Kubernetes: refuses it"],
        check: Check::Object(check),
    }
}

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    if !r.profile().lists(parameters::ALLOWED_KINDS, &object.kind()) {
        return;
    }
    let Some(kind) = find_kind(&object.id.api_version, &object.id.kind) else { return };
    for mismatch in typed::mismatches(kind, &object.node.to_json()) {
        let Mismatch { path, found, wanted } = &mismatch;
        let node = path.lookup(object.node);
        let meant = node.and_then(|node| {
            let written = object.document.written(&r.subject().text, node);
            meant(node, written, *wanted)
        });
        let message = format!("{path} is {}, it must be {wanted}", brief(found));
        let finding = r.report(path.clone(), message).help(help(&mismatch, node, object));
        if let Some(value) = meant {
            finding.fix([set(path, value)]);
        }
    }
}

/// What to do about a value of a wrong type.
fn help(mismatch: &Mismatch, node: Option<&Node>, object: &Object<'_>) -> &'static str {
    let Mismatch { found, wanted, .. } = mismatch;
    match (wanted, found) {
        (Wanted::String, Json::Number(_)) if is_float(node) => {
            "put the value in quotes where it is set, or print it with `int64 | quote`: templates hold numbers of values as \
             floats"
        }
        (Wanted::String, Json::Number(_) | Json::Bool(_)) => {
            "put the value in quotes, in a template with `quote`"
        }
        (Wanted::String, _) => "write a text; a template prints a list or map as one with `toJson … | quote`",
        (Wanted::Integer, Json::String(text)) if text.parse::<i64>().is_ok() => {
            "write the number without quotes, in a template without `quote`"
        }
        (Wanted::Boolean, Json::String(text)) if text.parse::<bool>().is_ok() => {
            "write true or false without quotes, in a template without `quote`"
        }
        (Wanted::Integer, _) => "write a whole number without quotes",
        (Wanted::Number, _) => "write a number without quotes",
        (Wanted::Boolean, _) => "write true or false without quotes",
        (Wanted::IntegerOrString, _) => "write a whole number, or a text",
        (Wanted::Quantity, _) => "write an amount as Kubernetes does: 2, 500m, 1.5Gi",
        (Wanted::Base64, _) if object.is("v1", "Secret") => {
            "encode the value with `b64enc`, or write it under `stringData` as it is"
        }
        (Wanted::Base64, _) => "encode the value with `b64enc`",
        (Wanted::Time, _) => "write a time such as 2026-01-31T12:00:00Z, in quotes",
        (Wanted::Duration, _) => "write a duration such as 30s or 1h30m",
        (Wanted::Map, _) => {
            "write a map, one `key: value` a line and deeper than the field; a template prints one with `toYaml … | nindent`"
        }
        (Wanted::List, _) => {
            "write a list, each item behind a dash; a template prints one with `toYaml … | nindent`"
        }
    }
}

fn is_float(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.data, Data::Float(number) if number.fract() == 0.0))
}

/// The value that was meant, where only quotes are missing or too many.
fn meant(node: &Node, written: Option<&str>, wanted: Wanted) -> Option<Json> {
    match (&node.data, wanted) {
        (Data::Bool(_) | Data::Int(_) | Data::Uint(_) | Data::Float(_), Wanted::String) => {
            Some(in_quotes(node, written)?.into())
        }
        (Data::String(text), Wanted::Integer) => text.parse::<i64>().ok().map(Json::from),
        (Data::String(text), Wanted::Boolean) => text.parse::<bool>().ok().map(Json::from),
        _ => None,
    }
}

/// The text that a number or boolean is in quotes: as it is written, so that `1.10` and `yes` stay so, unless what is
/// written is no plain scalar (an alias, one with an anchor or tag) or has an exponent, which values get on their way
/// through a template: then the value in digits.
fn in_quotes(node: &Node, written: Option<&str>) -> Option<String> {
    let plain = written.filter(|text| {
        !text.starts_with(['&', '*', '!']) && yaml::parse(text).is_ok_and(|alone| alone.data == node.data)
    });
    let digits = match &node.data {
        Data::Bool(boolean) => boolean.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Uint(number) => number.to_string(),
        Data::Float(number) if number.is_finite() => number.to_string(),
        _ => return plain.map(str::to_owned),
    };
    let has_exponent = |text: &&str| matches!(node.data, Data::Float(_)) && text.contains(['e', 'E']);
    Some(plain.filter(|text| !has_exponent(text)).map_or(digits, str::to_owned))
}
