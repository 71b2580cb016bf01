//! Conversions between kinds as `github.com/spf13/cast` v1.7.0 and sprig's own helpers do them. Sprig throws cast's
//! errors away, so what cannot be converted is zero.

use std::borrow::Cow;

use super::print::{self, Endless};
use super::{Elem, Kind, List, Number, Sized, Str, Value};
use crate::go::strconv;

/// Go: `cast.ToInt64` and, `int` having 64 bits, `cast.ToInt`.
pub fn to_int64(value: &Value) -> i64 {
    match plain(value) {
        Some(Number::Signed(n)) => n,
        Some(Number::Unsigned(n)) => n as i64,
        Some(Number::Float(x)) => truncate(x),
        None => match value {
            Value::Bool(b) => (*b).into(),
            Value::Str(text) => strconv::parse_int(without_zero_decimals(text.as_bytes()), 0, 0).unwrap_or(0),
            _ => 0,
        },
    }
}

/// Go: `cast.ToFloat64`.
pub fn to_float64(value: &Value) -> f64 {
    match plain(value) {
        Some(Number::Signed(n)) => n as f64,
        Some(Number::Unsigned(n)) => n as f64,
        Some(Number::Float(x)) => x,
        None => match value {
            Value::Bool(b) => f64::from(u8::from(*b)),
            Value::Str(text) => strconv::parse_float(text).unwrap_or(0.0),
            _ => 0.0,
        },
    }
}

/// The number in the value if cast knows its type: of the named types only weekdays and months.
fn plain(value: &Value) -> Option<Number> {
    match value {
        Value::Object(object) if !matches!(object.type_name(), "time.Weekday" | "time.Month") => None,
        other => other.number(),
    }
}

/// Go's `int64(x)` as its compiler for amd64 has it: what does not fit becomes the least integer.
pub fn truncate(x: f64) -> i64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x);
    if fits { x as i64 } else { i64::MIN }
}

/// Go: cast caste.go `trimZeroDecimal`: `1.00` without its point and zeros.
fn without_zero_decimals(text: &[u8]) -> &[u8] {
    let mut zero = false;
    for (place, byte) in text.iter().enumerate().rev() {
        match byte {
            b'.' if zero => return &text[..place],
            b'.' => {}
            b'0' => zero = true,
            _ => return text,
        }
    }
    text
}

/// sprig: strings.go `strval`.
pub fn strval(value: &Value) -> Result<Str, Endless> {
    match value {
        Value::Bytes(bytes) => Ok(bytes.as_deref().unwrap_or_default().into()),
        other => print::text(other),
    }
}

/// sprig: strings.go `strslice`: the items as strings, nil ones left out; a value that is no list is the only item.
pub fn strslice(value: &Value) -> Result<List, Endless> {
    Ok(match value {
        Value::List(list) if list.elem() == Elem::String => list.clone(),
        Value::Nil => List::strings::<Str>([]),
        other => match items(other) {
            Some(items) => {
                let strings = items.iter().filter(|item| !matches!(item, Value::Nil)).map(strval);
                List::strings(strings.collect::<Result<Vec<_>, _>>()?).with_capacity(items.len())
            }
            None => List::strings([strval(other)?]),
        },
    })
}

/// The items of a slice of any type, as interfaces; `None` if the value is no slice.
pub fn items(value: &Value) -> Option<Cow<'_, [Value]>> {
    match value {
        Value::List(list) => Some(list.items().into()),
        Value::Bytes(bytes) => {
            let bytes = bytes.as_deref().unwrap_or_default();
            Some(bytes.iter().map(|byte| Value::Sized(Sized::Uint8(*byte))).collect())
        }
        Value::Object(object) if object.kind() == Kind::Slice => {
            Some(items(&object.underlying()?)?.into_owned().into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_are_spf13s() {
        let int = |text: &str| to_int64(&text.into());
        assert_eq!(
            [int("12"), int("1.00"), int("1.5"), int("0x1f"), int("017"), int("x")],
            [12, 1, 0, 31, 15, 0]
        );
        assert_eq!([int(".0"), int("00"), int("1.0.0"), int("")], [0; 4]);
        assert_eq!(to_int64(&Value::Float64(f64::NAN)), i64::MIN);
        assert_eq!(to_int64(&Value::Float64(-1.9)), -1);
        assert_eq!(to_int64(&Value::Bool(true)), 1);
        assert_eq!(to_float64(&"1e3".into()), 1000.0);
        assert_eq!(to_float64(&"1e999".into()), 0.0);
        let list = strslice(&Value::List(List::any(vec![Value::Nil, Value::Int(1), "a".into()]))).unwrap();
        assert_eq!(print::sprint(&Value::List(list)), "[1 a]");
    }
}
