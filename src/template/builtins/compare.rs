//! `eq` and `lt`, from which the other comparisons are made. Go: text/template funcs.go from `basicKind` to `ge`.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::template::error::ErrorKind;
use crate::template::func::Failure;
use crate::value::{Kind, Number, Str, Value, print};

/// A value of one of the kinds that can be ordered or compared at once.
enum Basic {
    Bool(bool),
    Complex(f64, f64),
    Int(i64),
    Float(f64),
    String(Str),
    Uint(u64),
}

impl Basic {
    /// Go: `basicKind`.
    fn of(value: &Value) -> Option<Basic> {
        Some(match value {
            Value::Bool(b) => Basic::Bool(*b),
            Value::Complex(re, im) => Basic::Complex(*re, *im),
            Value::Str(text) => Basic::String(text.clone()),
            Value::Object(object) if object.kind() == Kind::String => {
                return Basic::of(&object.underlying()?);
            }
            value => match value.number()? {
                Number::Signed(n) => Basic::Int(n),
                Number::Unsigned(n) => Basic::Uint(n),
                Number::Float(x) => Basic::Float(x),
            },
        })
    }
}

fn incompatible(a: &Value, b: &Value) -> Failure {
    let text = format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name());
    incomparable(a, b, text)
}

fn incomparable(a: &Value, b: &Value, text: String) -> Failure {
    let (left, right) = (a.type_name().into(), b.type_name().into());
    Failure::Kind(ErrorKind::Incomparable { left, right }, text)
}

/// Whether the first is one of the others.
pub fn eq(first: &Value, others: &[Value]) -> Result<bool, Failure> {
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in others {
        if eq_one(first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn eq_one(a: &Value, b: &Value) -> Result<bool, Failure> {
    let (a, b) = (a.out_of_interface(), b.out_of_interface());
    Ok(match (Basic::of(a), Basic::of(b)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => a == b,
        (Some(Basic::Complex(re, im)), Some(Basic::Complex(re2, im2))) => re == re2 && im == im2,
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => a == b,
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => a == b,
        (Some(Basic::String(a)), Some(Basic::String(b))) => a == b,
        (Some(Basic::Uint(a)), Some(Basic::Uint(b))) => a == b,
        (Some(Basic::Int(int)), Some(Basic::Uint(uint)))
        | (Some(Basic::Uint(uint)), Some(Basic::Int(int))) => u64::try_from(int) == Ok(uint),
        (None, None) => return eq_other(a, b),
        _ if matches!(a, Value::Nil) || matches!(b, Value::Nil) => false,
        _ => return Err(incompatible(a, b)),
    })
}

/// Two values neither of which is of a basic kind.
fn eq_other(a: &Value, b: &Value) -> Result<bool, Failure> {
    let nil = |value: &Value| matches!(value, Value::Nil);
    if a.kind() != b.kind() && !nil(a) && !nil(b) {
        let (shown_a, shown_b) = (as_string(a)?, print::sprint(b));
        let (type_a, type_b) = (a.type_name(), b.type_name());
        let text = format!("non-comparable types {shown_a}: {type_a}, {type_b}: {shown_b}");
        return Err(incomparable(a, b, text));
    }
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() == b.is_nil());
    }
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if matches!(b.kind(), Kind::Struct | Kind::Ptr) => {
            Ok(Rc::ptr_eq(a, b) || a.identical(b.as_ref()))
        }
        (_, Value::Object(b)) if matches!(b.kind(), Kind::Struct | Kind::Ptr) => Ok(false),
        _ => {
            let text = format!("non-comparable type {}: {}", as_string(b)?, b.type_name());
            Err(incomparable(a, b, text))
        }
    }
}

/// The verb `%s`.
fn as_string(value: &Value) -> Result<Str, Failure> {
    Ok(print::sprintf("%s", std::slice::from_ref(value))?)
}

/// Whether the first is less.
pub fn lt(a: &Value, b: &Value) -> Result<bool, Failure> {
    let bad_type = || incomparable(a, b, "invalid type for comparison".to_owned());
    let (a, b) = (a.out_of_interface(), b.out_of_interface());
    let (Some(basic_a), Some(basic_b)) = (Basic::of(a), Basic::of(b)) else {
        return Err(bad_type());
    };
    Ok(match (basic_a, basic_b) {
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(..), Basic::Complex(..)) => {
            return Err(bad_type());
        }
        (Basic::Int(a), Basic::Int(b)) => a < b,
        (Basic::Float(a), Basic::Float(b)) => a < b,
        (Basic::String(a), Basic::String(b)) => a.cmp(&b) == Ordering::Less,
        (Basic::Uint(a), Basic::Uint(b)) => a < b,
        (Basic::Int(a), Basic::Uint(b)) => u64::try_from(a).is_ok_and(|a| a < b) || a < 0,
        (Basic::Uint(a), Basic::Int(b)) => u64::try_from(b).is_ok_and(|b| a < b),
        _ => return Err(incompatible(a, b)),
    })
}

/// Whether the first is not more.
pub fn le(a: &Value, b: &Value) -> Result<bool, Failure> {
    Ok(lt(a, b)? || eq_one(a, b)?)
}
