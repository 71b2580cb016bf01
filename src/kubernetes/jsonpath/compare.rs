//! The comparisons of filters: those of Go's templates as they once were. client-go: third_party/forked/golang/template.

use std::cmp::Ordering;

use crate::value::{Number, Value};

/// Whether the operator holds between the values; nothing for an operator that there is not.
pub(super) fn holds(operator: &str, left: &Value, right: &Value) -> Option<Result<bool, &'static str>> {
    Some(match operator {
        "==" => equal(left, right),
        "!=" => equal(left, right).map(|is_equal| !is_equal),
        "<" => less(left, right),
        ">=" => less(left, right).map(|is_less| !is_less),
        "<=" => less_or_equal(left, right),
        ">" => less_or_equal(left, right).map(|holds| !holds),
        _ => return None,
    })
}

const BAD_TYPE: &str = "invalid type for comparison";
const BAD_PAIR: &str = "incompatible types for comparison";

enum Basic<'a> {
    Bool(bool),
    Text(&'a [u8]),
    Number(Number),
}

fn basic(value: &Value) -> Result<Basic<'_>, &'static str> {
    match value {
        Value::Bool(b) => Ok(Basic::Bool(*b)),
        Value::Str(text) => Ok(Basic::Text(text.as_bytes())),
        _ => value.number().map(Basic::Number).ok_or(BAD_TYPE),
    }
}

fn equal(left: &Value, right: &Value) -> Result<bool, &'static str> {
    match (basic(left)?, basic(right)?) {
        (Basic::Bool(a), Basic::Bool(b)) => Ok(a == b),
        (Basic::Text(a), Basic::Text(b)) => Ok(a == b),
        (Basic::Number(a), Basic::Number(b)) => Ok(order(a, b)? == Some(Ordering::Equal)),
        _ => Err(BAD_PAIR),
    }
}

fn less(left: &Value, right: &Value) -> Result<bool, &'static str> {
    match (basic(left)?, basic(right)?) {
        (Basic::Bool(_), Basic::Bool(_)) => Err(BAD_TYPE),
        (Basic::Text(a), Basic::Text(b)) => Ok(a < b),
        (Basic::Number(a), Basic::Number(b)) => Ok(order(a, b)? == Some(Ordering::Less)),
        _ => Err(BAD_PAIR),
    }
}

fn less_or_equal(left: &Value, right: &Value) -> Result<bool, &'static str> {
    Ok(less(left, right)? || equal(left, right)?)
}

/// A number with a fraction compares with its like only.
fn order(a: Number, b: Number) -> Result<Option<Ordering>, &'static str> {
    Ok(match (a, b) {
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        (Number::Signed(a), Number::Signed(b)) => Some(a.cmp(&b)),
        (Number::Unsigned(a), Number::Unsigned(b)) => Some(a.cmp(&b)),
        (Number::Signed(a), Number::Unsigned(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        (Number::Unsigned(a), Number::Signed(b)) => Some(i128::from(a).cmp(&i128::from(b))),
        _ => return Err(BAD_PAIR),
    })
}
