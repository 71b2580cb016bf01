//! Operators: arithmetic that overflows aloud, comparison, membership, places in lists and maps.
//!
//! Go: cel-go `common/types`, `common/stdlib/standard.go`, `interpreter/attributes.go`.

use std::rc::Rc;

use crate::budget;
use crate::go::time::{Duration, Time};

use super::moments;
use super::shape::{ListKind, Shape, Sort};
use super::value::{Got, Stop, Value, compare, contains, equal, keyed};

/// Calls an operator, if the name is one of those that take values only.
pub fn call<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    Some(match (name, args) {
        ("!_", [Value::Bool(flag)]) => Ok(Value::Bool(!flag)),
        ("!_" | "-_", [value]) => negate(value),
        ("@not_strictly_false", [value]) => Ok(value.clone()),
        ("_==_", [a, b]) => equal(a, b).map(Value::Bool),
        ("_!=_", [a, b]) => equal(a, b).map(|same| Value::Bool(!same)),
        ("_<_", [a, b]) => compare(a, b).map(|order| Value::Bool(order.is_lt())),
        ("_<=_", [a, b]) => compare(a, b).map(|order| Value::Bool(order.is_le())),
        ("_>_", [a, b]) => compare(a, b).map(|order| Value::Bool(order.is_gt())),
        ("_>=_", [a, b]) => compare(a, b).map(|order| Value::Bool(order.is_ge())),
        ("@in", [item, list]) => is_in(item, list),
        ("_+_", [a, b]) => add(a, b),
        ("_-_", [a, b]) => subtract(a, b),
        ("_*_", [a, b]) => multiply(a, b),
        ("_/_", [a, b]) => divide(a, b),
        ("_%_", [a, b]) => remainder(a, b),
        _ => return None,
    })
}

fn overflow() -> Stop {
    Stop::error("integer overflow")
}

fn unsigned_overflow() -> Stop {
    Stop::error("unsigned integer overflow")
}

fn negate<'a>(value: &Value<'a>) -> Got<'a> {
    match value {
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or_else(overflow),
        Value::Double(value) => Ok(Value::Double(-value)),
        Value::Duration(value) => {
            value.checked_neg().map(Value::Duration).ok_or_else(|| Stop::error("duration overflow"))
        }
        _ => Err(Stop::no_overload()),
    }
}

fn is_in<'a>(item: &Value<'a>, list: &Value<'a>) -> Got<'a> {
    if let Some(items) = list.items() {
        return contains(&items?, item).map(Value::Bool);
    }
    if !list.is_map() {
        return Err(Stop::no_overload());
    }
    match (list, item) {
        (Value::Object(..), item) if !matches!(item, Value::Text(_)) => Err(Stop::no_overload()),
        _ => list.find(item).map(|found| Value::Bool(found.is_some())),
    }
}

/// Time that moves by a span.
fn moved<'a>(time: &Time, by: Option<i64>) -> Got<'a> {
    let by = by.ok_or_else(|| Stop::error("timestamp overflow"))?;
    let moved = time.add(Duration(by));
    match moved.unix_seconds() {
        moments::FIRST..=moments::LAST => Ok(Value::Time(Rc::new(moved))),
        _ => Err(Stop::error("timestamp overflow")),
    }
}

/// The sum; of texts and lists, the two in a row.
pub fn add<'a>(a: &Value<'a>, b: &Value<'a>) -> Got<'a> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.checked_add(*b).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(a), Value::Uint(b)) => a.checked_add(*b).map(Value::Uint).ok_or_else(unsigned_overflow),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a + b)),
        (Value::Text(a), Value::Text(b)) => {
            budget::make(a.len() + b.len()).map_err(|_| Stop::Budget)?;
            Ok(Value::Text(format!("{a}{b}").into()))
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            budget::make(a.len() + b.len()).map_err(|_| Stop::Budget)?;
            Ok(Value::Bytes([&**a, &**b].concat().into()))
        }
        (Value::Duration(a), Value::Duration(b)) => {
            a.checked_add(*b).map(Value::Duration).ok_or_else(|| Stop::error("duration overflow"))
        }
        (Value::Time(time), Value::Duration(span)) | (Value::Duration(span), Value::Time(time)) => {
            moved(time, Some(*span))
        }
        _ => add_lists(a, b),
    }
}

/// Lists one after the other; of a list that is a set or a map, what is new or in its place.
fn add_lists<'a>(a: &Value<'a>, b: &Value<'a>) -> Got<'a> {
    let (Some(left), Some(right)) = (a.items(), b.items()) else { return Err(Stop::no_overload()) };
    let (mut items, right) = (left?, right?);
    budget::make_many::<Value<'_>>(items.len() + right.len()).map_err(|_| Stop::Budget)?;
    match a {
        Value::Items(_, Shape { sort: Sort::List { kind: ListKind::Set, .. }, .. }) => {
            for item in right {
                if !contains(&items, &item)? {
                    items.push(item);
                }
            }
        }
        Value::Items(_, Shape { sort: Sort::List { kind: ListKind::Map(keys), .. }, .. }) => {
            for item in right {
                match keyed(&items, &item, keys)? {
                    Some(at) => items[at] = item,
                    None => items.push(item),
                }
            }
        }
        _ => items.extend(right),
    }
    Ok(Value::list(items))
}

/// Puts something at the end of a list that a loop makes.
pub fn append<'a>(list: Value<'a>, more: Value<'a>) -> Got<'a> {
    match (list, more) {
        (Value::List(mut items), Value::List(more)) => {
            Rc::make_mut(&mut items).extend(more.iter().cloned());
            Ok(Value::List(items))
        }
        (list, more) => add(&list, &more),
    }
}

fn subtract<'a>(a: &Value<'a>, b: &Value<'a>) -> Got<'a> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.checked_sub(*b).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(a), Value::Uint(b)) => a.checked_sub(*b).map(Value::Uint).ok_or_else(unsigned_overflow),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a - b)),
        (Value::Duration(a), Value::Duration(b)) => {
            a.checked_sub(*b).map(Value::Duration).ok_or_else(|| Stop::error("duration overflow"))
        }
        (Value::Time(time), Value::Duration(span)) => moved(time, span.checked_neg()),
        (Value::Time(a), Value::Time(b)) => {
            let seconds = i128::from(a.unix_seconds()) - i128::from(b.unix_seconds());
            let span = seconds * 1_000_000_000 + i128::from(a.nanosecond() - b.nanosecond());
            i64::try_from(span).map(Value::Duration).map_err(|_| Stop::error("timestamp overflow"))
        }
        _ => Err(Stop::no_overload()),
    }
}

fn multiply<'a>(a: &Value<'a>, b: &Value<'a>) -> Got<'a> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(a), Value::Uint(b)) => a.checked_mul(*b).map(Value::Uint).ok_or_else(unsigned_overflow),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a * b)),
        _ => Err(Stop::no_overload()),
    }
}

fn divide<'a>(a: &Value<'a>, b: &Value<'a>) -> Got<'a> {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Err(Stop::error("division by zero"))
        }
        (Value::Int(a), Value::Int(b)) => a.checked_div(*b).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(a), Value::Uint(b)) => Ok(Value::Uint(a / b)),
        (Value::Double(a), Value::Double(b)) => Ok(Value::Double(a / b)),
        _ => Err(Stop::no_overload()),
    }
}

fn remainder<'a>(a: &Value<'a>, b: &Value<'a>) -> Got<'a> {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) | (Value::Uint(_), Value::Uint(0)) => {
            Err(Stop::error("modulus by zero"))
        }
        (Value::Int(a), Value::Int(b)) => a.checked_rem(*b).map(Value::Int).ok_or_else(overflow),
        (Value::Uint(a), Value::Uint(b)) => Ok(Value::Uint(a % b)),
        _ => Err(Stop::no_overload()),
    }
}

/// What stands at an index or under a key; nothing where nothing does.
pub fn at<'a>(value: &Value<'a>, index: &Value<'a>) -> Result<Option<Value<'a>>, Stop> {
    if value.is_list() {
        let at = match index {
            Value::Int(at) => usize::try_from(*at).ok(),
            Value::Uint(at) => usize::try_from(*at).ok(),
            Value::Double(at) if at.fract() == 0.0 => (*at >= 0.0).then_some(*at as usize),
            Value::Double(_) => {
                return Err(Stop::error(format!("unsupported index value {} in list", shown(index))));
            }
            other => {
                return Err(Stop::error(format!("unsupported index type '{}' in list", other.type_name())));
            }
        };
        let Some(at) = at else { return Ok(None) };
        return match value {
            Value::List(items) => Ok(items.get(at).cloned()),
            Value::Items(items, shape) => items.get(at).map(|item| shape.item(item)).transpose(),
            _ => Ok(None),
        };
    }
    if value.is_map() {
        if let Some(kind) = no_key(index) {
            return Err(Stop::error(format!("invalid qualifier type: types.{kind}")));
        }
        return value.find(index);
    }
    Ok(None)
}

/// The Go name of the type of a value that can be no key.
fn no_key(value: &Value<'_>) -> Option<&'static str> {
    match value {
        Value::Duration(_) => Some("Duration"),
        Value::Time(_) => Some("Timestamp"),
        Value::Bytes(_) => Some("Bytes"),
        _ => None,
    }
}

/// That nothing stands at an index or under a key.
pub fn missing(value: &Value<'_>, index: &Value<'_>) -> Stop {
    let what = if value.is_list() { "index out of bounds" } else { "no such key" };
    Stop::error(format!("{what}: {}", shown(index)))
}

/// A value in an error, where it is one that can be a key.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Double(value) => super::print::double(*value),
        other => other.type_name(),
    }
}
