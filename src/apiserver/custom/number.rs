//! Numbers within bounds.
//!
//! Go: k8s.io/kube-openapi `pkg/validation/validate`, `numberValidator`.

use crate::apiserver::tree::Tree;
use crate::go::strconv::format_float;

use super::outcome::{Found, Outcome};
use super::voice::Voice;

/// What the words of a schema about numbers say of one; `kind` and `format` are the schema's, empty where they are not one.
pub(super) fn judge(tree: &Tree, schema: &Tree, (kind, format): (&str, &str), voice: &Voice<'_>) -> Outcome {
    let mut outcome = Outcome { found: Vec::new(), matches: 1 };
    if let Some(found) = range(tree, (kind, format), voice) {
        outcome.push(found);
    }
    if let Some(factor) = float(schema.get("multipleOf"))
        && factor > 0.0
        && !is_multiple(tree, factor)
    {
        outcome.push(voice.invalid(tree, &format!("should be a multiple of {}", shown(factor))));
    }
    for (field, exclusive, word) in
        [("minimum", "exclusiveMinimum", "greater"), ("maximum", "exclusiveMaximum", "less")]
    {
        let Some(bound) = float(schema.get(field)) else { continue };
        let is_exclusive = schema.is(exclusive);
        // An integer is held against the whole part of the bound.
        let bound = if matches!(tree, Tree::Int(_)) { bound.trunc() } else { bound };
        let value = float(tree).unwrap_or_default();
        let is_beyond = if field == "minimum" { value < bound } else { value > bound };
        if is_beyond || is_exclusive && value == bound {
            let or_equal = if is_exclusive { "" } else { " or equal to" };
            outcome.push(voice.invalid(tree, &format!("should be {word} than{or_equal} {}", shown(bound))));
        }
    }
    outcome
}

/// Go: `IsValueValidAgainstRange`
fn range(tree: &Tree, (kind, format): (&str, &str), voice: &Voice<'_>) -> Option<Found> {
    let is_fine = match (kind, tree) {
        ("integer", Tree::Int(n)) => format != "int32" || i32::try_from(*n).is_ok(),
        ("integer", Tree::Float(x)) => x.fract() == 0.0 && x.abs() < 9.2e18,
        _ => format != "float" || float(tree).is_none_or(|x| x.abs() <= f64::from(f32::MAX)),
    };
    let form =
        if format.is_empty() { "(default format)".to_owned() } else { format!("with format {format}") };
    (!is_fine)
        .then(|| voice.nowhere(format!("Checked value must be of type {kind} {form} in {}", voice.name())))
}

fn is_multiple(tree: &Tree, factor: f64) -> bool {
    match tree {
        Tree::Int(n) if factor >= 1.0 => *n % (factor as i64) == 0,
        _ => {
            let value = float(tree).unwrap_or_default();
            let times = if factor < 1.0 { 1.0 / factor * value } else { value / factor };
            (times - times.round()).abs() < 1e-9 * times.abs().max(1.0)
        }
    }
}

/// The number as a float.
pub(super) fn float(tree: &Tree) -> Option<f64> {
    match tree {
        Tree::Int(n) => Some(*n as f64),
        Tree::Float(x) => Some(*x),
        _ => None,
    }
}

/// Go: `%v`
fn shown(x: f64) -> String {
    format_float(x, b'g', None, 64)
}
