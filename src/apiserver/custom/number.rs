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
    let range = |number: &Tree, what: &str| range(number, (kind, format), what, voice);
    outcome.found.extend(range(tree, "Checked"));
    // A bound that is none of the type is held against the number as a float.
    let is_whole = |misfit: &Option<Found>| matches!(tree, Tree::Int(_)) && misfit.is_none();
    if let Some(factor) = float(schema.get("multipleOf")) {
        let misfit = range(schema.get("multipleOf"), "MultipleOf");
        let factor_shown = shown(factor, is_whole(&misfit) && factor >= 1.0);
        outcome.merge(misfit.map(Outcome::from).unwrap_or_default());
        if factor > 0.0 && !is_multiple(tree, factor) {
            outcome.push(voice.invalid(tree, &format!("should be a multiple of {factor_shown}")));
        }
    }
    for (field, exclusive, word, what) in [
        ("minimum", "exclusiveMinimum", "greater", "Minimum boundary"),
        ("maximum", "exclusiveMaximum", "less", "Maximum boundary"),
    ] {
        let Some(bound) = float(schema.get(field)) else { continue };
        let misfit = range(schema.get(field), what);
        let is_whole = is_whole(&misfit);
        outcome.merge(misfit.map(Outcome::from).unwrap_or_default());
        let is_exclusive = schema.is(exclusive);
        // An integer is held against the whole part of the bound.
        let bound = if matches!(tree, Tree::Int(_)) { bound.trunc() } else { bound };
        let value = float(tree).unwrap_or_default();
        let is_beyond = if field == "minimum" { value < bound } else { value > bound };
        if is_beyond || is_exclusive && value == bound {
            let or_equal = if is_exclusive { "" } else { " or equal to" };
            let bound = shown(bound, is_whole);
            outcome.push(voice.invalid(tree, &format!("should be {word} than{or_equal} {bound}")));
        }
    }
    outcome
}

/// Go: `IsValueValidAgainstRange`
fn range(tree: &Tree, (kind, format): (&str, &str), what: &str, voice: &Voice<'_>) -> Option<Found> {
    let is_fine = match (kind, tree) {
        ("integer", Tree::Int(n)) => format != "int32" || i32::try_from(*n).is_ok(),
        ("integer", Tree::Float(x)) => {
            let most = if format == "int32" { f64::from(i32::MAX) } else { 9.2e18 };
            x.fract() == 0.0 && (-most - 1.0..=most).contains(x)
        }
        _ => format != "float" || float(tree).is_none_or(|x| x.abs() <= f64::from(f32::MAX)),
    };
    let form =
        if format.is_empty() { "(default format)".to_owned() } else { format!("with format {format}") };
    (!is_fine)
        .then(|| voice.nowhere(format!("{what} value must be of type {kind} {form} in {}", voice.name())))
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

/// Go: `%v`, of an integer or a float
fn shown(x: f64, is_whole: bool) -> String {
    if is_whole {
        return (x as i64).to_string();
    }
    format_float(x, b'g', None, 64)
}
