//! Conversions, sizes, what may not be there, and parts of times.
//!
//! Go: cel-go `common/types`, `cel/library.go`.

use std::rc::Rc;

use crate::go::strconv::parse_bool;
use crate::go::time::{Location, Time, load_location};

use super::moments::{self, Wrong};
use super::print;
use super::types::Type;
use super::value::{Got, Stop, Value};

/// Calls one of these functions, if the name is one.
pub fn call<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    Some(match (name, args) {
        ("int" | "uint" | "double" | "bool" | "bytes" | "duration" | "timestamp" | "string", [value]) => {
            to(name, value)
        }
        ("dyn", [value]) => Ok(value.clone()),
        ("type", [value]) => Ok(Value::Type(value.type_name().into())),
        ("size", [value]) => match value {
            Value::Text(_) | Value::Bytes(_) => size(value),
            value if value.is_list() || value.is_map() => size(value),
            _ => Err(Stop::no_overload()),
        },
        ("optional.none", []) => Ok(Value::Optional(None)),
        ("optional.of", [value]) => Ok(Value::some(value.clone())),
        ("optional.ofNonZeroValue", [value]) => {
            Ok(if is_zero(value) { Value::Optional(None) } else { Value::some(value.clone()) })
        }
        ("hasValue", [Value::Optional(inner)]) => Ok(Value::Bool(inner.is_some())),
        ("value", [Value::Optional(Some(inner))]) => Ok((**inner).clone()),
        ("value", [Value::Optional(None)]) => Err(Stop::error("optional.none() dereference")),
        ("optional.unwrap" | "unwrapOpt", [list]) => unwrapped(list),
        ("cel.@mapInsert", [Value::Map(entries), key, value]) => {
            inserted(entries, vec![(key.clone(), value.clone())])
        }
        ("cel.@mapInsert", [Value::Map(entries), more]) if more.is_map() => match entries_of(more) {
            Ok(more) => inserted(entries, more),
            Err(stop) => Err(stop),
        },
        (name, [value, rest @ ..]) if name.starts_with("get") => part(name, value, rest)?,
        _ => return None,
    })
}

fn size<'a>(value: &Value<'a>) -> Got<'a> {
    Ok(Value::Int(i64::try_from(value.size().unwrap_or(0)).unwrap_or(i64::MAX)))
}

fn entries_of<'a>(map: &Value<'a>) -> Result<Vec<(Value<'a>, Value<'a>)>, Stop> {
    let mut found = Vec::new();
    for key in map.keys().unwrap_or_default() {
        if let Some(value) = map.find(&key)? {
            found.push((key, value));
        }
    }
    Ok(found)
}

fn inserted<'a>(entries: &Rc<Vec<(Value<'a>, Value<'a>)>>, more: Vec<(Value<'a>, Value<'a>)>) -> Got<'a> {
    let mut entries = entries.to_vec();
    crate::budget::spend(entries.len() as u64).map_err(|_| Stop::Budget)?;
    for (key, value) in more {
        for (own, _) in &entries {
            if super::value::equal(own, &key)? {
                let key = print::text(&key).unwrap_or_default();
                return Err(Stop::error(format!("insert failed: key {key} already exists")));
            }
        }
        entries.push((key, value));
    }
    Ok(Value::Map(Rc::new(entries)))
}

fn unwrapped<'a>(list: &Value<'a>) -> Got<'a> {
    let Some(items) = list.items() else { return Err(Stop::no_overload()) };
    let mut found = Vec::new();
    for item in items? {
        match item {
            Value::Optional(Some(inner)) => found.push((*inner).clone()),
            Value::Optional(None) => {}
            _ => return Err(Stop::error("value is not optional")),
        }
    }
    Ok(Value::list(found))
}

fn is_zero(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) | Value::Uint(0) | Value::Duration(0) => true,
        Value::Double(value) => *value == 0.0,
        Value::Optional(inner) => inner.is_none(),
        Value::Time(time) => time.is_zero(),
        Value::Text(_) | Value::Bytes(_) => value.size() == Some(0),
        value if value.is_list() || value.is_map() => value.size() == Some(0),
        _ => false,
    }
}

/// Go: `ConvertToType`
fn to<'a>(name: &str, value: &Value<'a>) -> Got<'a> {
    let wanted = match name {
        "duration" => Type::Duration.name(),
        "timestamp" => Type::Timestamp.name(),
        other => other.to_owned(),
    };
    let wrong = || Stop::error(format!("type conversion error from '{}' to '{wanted}'", value.type_name()));
    match (name, value) {
        ("int", Value::Int(_))
        | ("uint", Value::Uint(_))
        | ("double", Value::Double(_))
        | ("bool", Value::Bool(_))
        | ("bytes", Value::Bytes(_))
        | ("duration", Value::Duration(_))
        | ("timestamp", Value::Time(_))
        | ("string", Value::Text(_)) => Ok(value.clone()),
        ("int", value) => integer(value).unwrap_or_else(|| Err(wrong())),
        ("uint", value) => unsigned(value).unwrap_or_else(|| Err(wrong())),
        ("double", Value::Int(value)) => Ok(Value::Double(*value as f64)),
        ("double", Value::Uint(value)) => Ok(Value::Double(*value as f64)),
        ("double", Value::Text(text)) => {
            crate::go::strconv::parse_float(text.as_bytes()).map(Value::Double).map_err(|_| wrong())
        }
        ("bool", Value::Text(text)) => parse_bool(text.as_bytes()).map(Value::Bool).map_err(|_| wrong()),
        ("bytes", Value::Text(text)) => Ok(Value::Bytes(text.as_bytes().into())),
        ("duration", Value::Text(text)) => moments::duration(text).map(Value::Duration).ok_or_else(wrong),
        ("timestamp", Value::Int(seconds)) if (moments::FIRST..=moments::LAST).contains(seconds) => {
            Ok(Value::Time(Rc::new(Time::unix(*seconds, 0, Location::Utc))))
        }
        ("timestamp", Value::Int(_)) => Err(Stop::error("timestamp overflow")),
        ("timestamp", Value::Text(text)) => match moments::timestamp(text) {
            Ok(time) => Ok(Value::Time(Rc::new(time))),
            Err(Wrong::TooFar) => Err(Stop::error("timestamp overflow")),
            Err(Wrong::Form) => Err(wrong()),
        },
        ("string", Value::Bytes(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::text(text)),
            Err(_) => Err(Stop::error("invalid UTF-8 in bytes, cannot convert to string")),
        },
        ("string", Value::Type(_)) => Err(Stop::no_overload()),
        ("string", value) => print::text(value).map(|text| Value::text(&text)).ok_or_else(Stop::no_overload),
        _ => Err(Stop::no_overload()),
    }
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

fn integer<'a>(value: &Value<'_>) -> Option<Got<'a>> {
    let overflow = || Stop::error("integer overflow");
    Some(match value {
        Value::Uint(value) => i64::try_from(*value).map(Value::Int).map_err(|_| overflow()),
        Value::Double(value) if value.is_finite() && *value > -TWO_TO_63 && *value < TWO_TO_63 => {
            Ok(Value::Int(*value as i64))
        }
        Value::Double(_) => Err(overflow()),
        Value::Text(text) => Ok(Value::Int(crate::go::strconv::parse_int(text.as_bytes(), 10, 64).ok()?)),
        Value::Duration(nanoseconds) => Ok(Value::Int(*nanoseconds)),
        Value::Time(time) => Ok(Value::Int(time.unix_seconds())),
        _ => return None,
    })
}

fn unsigned<'a>(value: &Value<'_>) -> Option<Got<'a>> {
    let overflow = || Stop::error("unsigned integer overflow");
    Some(match value {
        Value::Int(value) => u64::try_from(*value).map(Value::Uint).map_err(|_| overflow()),
        Value::Double(value) if value.is_finite() && *value >= 0.0 && *value < TWO_TO_63 * 2.0 => {
            Ok(Value::Uint(*value as u64))
        }
        Value::Double(_) => Err(overflow()),
        Value::Text(text) => Ok(Value::Uint(crate::go::strconv::parse_uint(text.as_bytes(), 10, 64).ok()?)),
        _ => return None,
    })
}

/// A part of a time or a duration.
fn part<'a>(name: &str, value: &Value<'a>, zone: &[Value<'a>]) -> Option<Got<'a>> {
    match (value, zone) {
        (Value::Duration(nanoseconds), []) => {
            let unit = match name {
                "getHours" => 3_600_000_000_000,
                "getMinutes" => 60_000_000_000,
                "getSeconds" => 1_000_000_000,
                "getMilliseconds" => 1_000_000,
                _ => return None,
            };
            Some(Ok(Value::Int(nanoseconds / unit)))
        }
        (Value::Time(time), []) => of_time(name, &time.in_location(Location::Utc)).map(Ok),
        (Value::Time(time), [Value::Text(zone)]) => match location(zone) {
            Ok(location) => of_time(name, &time.in_location(location)).map(Ok),
            Err(stop) => Some(Err(stop)),
        },
        _ => None,
    }
}

fn location(zone: &str) -> Result<Location, Stop> {
    let Some((hours, minutes)) = zone.split_once(':') else {
        let found = load_location(zone, &Location::Utc);
        return found.ok_or_else(|| Stop::error(format!("unknown time zone {zone}")));
    };
    let number = |text: &str| {
        let value =
            crate::go::strconv::atoi(text.as_bytes()).map_err(|error| Stop::error(error.to_string()))?;
        i32::try_from(value).map_err(|_| Stop::error("timezone offset out of range"))
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if !(0..=59).contains(&minutes) {
        return Err(Stop::error(format!("timezone offset minutes out of range [0, 59]: {zone}")));
    }
    let minutes = if zone.starts_with('-') { -minutes } else { minutes };
    Ok(Location::Fixed("".into(), hours.saturating_mul(3600).saturating_add(minutes * 60)))
}

fn of_time<'a>(name: &str, time: &Time) -> Option<Value<'a>> {
    let layout: &[u8] = match name {
        "getFullYear" => b"2006",
        "getMonth" => b"1",
        "getDayOfYear" => b"002",
        "getDayOfMonth" | "getDate" => b"2",
        "getHours" => b"15",
        "getMinutes" => b"4",
        "getSeconds" => b"5",
        "getMilliseconds" => return Some(Value::Int(time.nanosecond() / 1_000_000)),
        "getDayOfWeek" => {
            const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
            let day = String::from_utf8_lossy(&time.format(b"Mon")).into_owned();
            return DAYS.iter().position(|known| *known == day).map(|at| Value::Int(at as i64));
        }
        _ => return None,
    };
    let number: i64 = String::from_utf8_lossy(&time.format(layout)).parse().ok()?;
    let from_zero = matches!(name, "getMonth" | "getDayOfYear" | "getDayOfMonth");
    Some(Value::Int(number - i64::from(from_zero)))
}
