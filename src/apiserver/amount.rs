//! Numbers that may be percentages.
//!
//! Source: `ValidatePositiveIntOrPercent`, `IsNotMoreThan100Percent` of `pkg/apis/apps/validation`.

use super::error::{Bad, Errors, Path};
use super::meta::nonnegative;
use super::text;
use super::tree::Tree;

/// Go: `ValidatePositiveIntOrPercent`
pub fn int_or_percent(value: &Tree, path: &Path, errors: &mut Errors) {
    match value {
        Tree::Str(percent) => {
            if let Some(why) = text::percent(percent) {
                errors.invalid(path, Bad::Typed(value, "intstr.IntOrString"), &why);
            }
        }
        other => nonnegative(other.as_int().unwrap_or_default(), path, errors),
    }
}

/// The number before the percent sign.
fn percentage(value: &Tree) -> Option<i64> {
    let text = value.text();
    if text::percent(text).is_some() {
        return None;
    }
    text.strip_suffix('%').map(|digits| digits.parse().unwrap_or(i64::MAX))
}

/// Go: `getIntOrPercentValue`
pub fn value(value: &Tree) -> i64 {
    percentage(value).or(value.as_int()).unwrap_or_else(|| value.text().parse().unwrap_or_default())
}

/// Go: `IsNotMoreThan100Percent`
pub fn at_most_all(value: &Tree, path: &Path, errors: &mut Errors) {
    if percentage(value).is_some_and(|percent| percent > 100) {
        errors.invalid(path, Bad::Typed(value, "intstr.IntOrString"), "must not be greater than 100%");
    }
}
