//! [`Misfit`]: one thing of values that does not fit a schema, with its place in both. What only groups others is taken apart.

use super::document::Json;
use super::fault::{Fault, Kind};
use super::report;
use crate::path::FieldPath;
use crate::value::Str;

/// One thing that does not fit a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The value: what does not fit, is missing or is too much.
    pub path: FieldPath,
    /// What is wrong with it, in the validator's words; of what is missing or too much, nothing.
    pub message: String,
    /// The JSON pointer of the schema that says so, where it is one of the chart's own file.
    pub schema: Option<String>,
    /// The keyword in it.
    pub keyword: &'static str,
}

/// The keywords of what is missing and of what is too much.
pub const REQUIRED: &str = "required";
pub const ADDITIONAL: &str = "additionalProperties";

/// How many are told.
const MOST: usize = 200;

/// Everything of the values that does not fit. `own` is the address of the chart's own file.
pub fn misfits(fault: &Fault, values: &Json, own: &str) -> Vec<Misfit> {
    let mut found = Vec::new();
    collect(fault, values, own, &mut found);
    found
}

fn collect(fault: &Fault, values: &Json, own: &str, found: &mut Vec<Misfit>) {
    if found.len() >= MOST {
        return;
    }
    let path = path(&fault.at.tokens(), values);
    let pointer = fault.schema.location.strip_prefix(own).map(|rest| rest.trim_start_matches('#').to_owned());
    let new = |path: FieldPath, message: String| Misfit {
        path,
        message,
        schema: pointer.clone(),
        keyword: keyword(&fault.kind),
    };
    let below = |name: &Str| new(path.key(name.to_string()), String::new());
    match &fault.kind {
        Kind::Schema { .. } | Kind::Group | Kind::Reference | Kind::AllOf => {
            fault.causes.iter().for_each(|cause| collect(cause, values, own, found));
        }
        Kind::Required { missing } => found.extend(missing.iter().map(below)),
        Kind::AdditionalProperties { names } => found.extend(names.iter().map(below)),
        kind => {
            let mut reasons = Vec::new();
            fault.causes.iter().for_each(|cause| collect_reasons(cause, &mut reasons));
            let because =
                if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join("; ")) };
            found.push(new(path.clone(), report::message(kind) + &because));
        }
    }
}

/// The words of what lies behind a fault.
fn collect_reasons(fault: &Fault, reasons: &mut Vec<String>) {
    match fault.kind {
        Kind::Untold => {}
        _ if !fault.causes.is_empty() => fault.causes.iter().for_each(|it| collect_reasons(it, reasons)),
        _ => {
            let reason = report::message(&fault.kind);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
}

/// The way through values: a token is an index where it leads into a list.
fn path(tokens: &[Str], values: &Json) -> FieldPath {
    let mut here = Some(values);
    tokens.iter().fold(FieldPath::root(), |path, token| match here {
        Some(Json::Array(items)) => {
            let index = token.to_str().parse::<usize>().unwrap_or_default();
            here = items.get(index);
            path.index(index)
        }
        Some(Json::Object(object)) => {
            here = object.get(token);
            path.key(token.to_string())
        }
        _ => path.key(token.to_string()),
    })
}

/// The keyword that says so.
fn keyword(kind: &Kind) -> &'static str {
    match kind {
        Kind::Type { .. } => "type",
        Kind::Enum { .. } => "enum",
        Kind::Const { .. } => "const",
        Kind::Format { .. } => "format",
        Kind::Not => "not",
        Kind::AllOf => "allOf",
        Kind::AnyOf => "anyOf",
        Kind::OneOf { .. } => "oneOf",
        Kind::Count { keyword, .. } | Kind::Limit { keyword, .. } => keyword,
        Kind::Required { .. } => REQUIRED,
        Kind::Dependency { .. } => "dependencies",
        Kind::AdditionalProperties { .. } => ADDITIONAL,
        Kind::PropertyNames { .. } => "propertyNames",
        Kind::AdditionalItems { .. } => "additionalItems",
        Kind::UniqueItems { .. } => "uniqueItems",
        Kind::Contains => "contains",
        Kind::MinContains { .. } => "minContains",
        Kind::MaxContains { .. } => "maxContains",
        Kind::Pattern { .. } => "pattern",
        Kind::Untold
        | Kind::Schema { .. }
        | Kind::Group
        | Kind::Reference
        | Kind::InvalidJsonValue { .. }
        | Kind::FalseSchema
        | Kind::RefCycle { .. } => "",
    }
}
