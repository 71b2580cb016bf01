//! Durations: sprig's two functions, which give texts, and Helm's own family, which gives numbers and durations.

use crate::func;
use crate::go::strconv;
use crate::go::time::{Duration, parse_duration};
use crate::template::func::{Context, Func};
use crate::value::time::{TimeValue, as_duration, duration as value};
use crate::value::{Number, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("duration", "duration SECONDS: as 1h2m3s (sprig: date.go duration)", duration(any)),
    func!("durationDays", "durationDays DURATION: days, 0 for none (Helm: funcs.go durationDays)", days(any)),
    func!(
        "durationHours",
        "durationHours DURATION: hours, 0 for none (Helm: funcs.go durationHours)",
        hours(any)
    ),
    func!(
        "durationMicroseconds",
        "durationMicroseconds DURATION: whole ones (Helm: funcs.go durationMicroseconds)",
        microseconds(any)
    ),
    func!(
        "durationMilliseconds",
        "durationMilliseconds DURATION: whole ones (Helm: funcs.go durationMilliseconds)",
        milliseconds(any)
    ),
    func!(
        "durationMinutes",
        "durationMinutes DURATION: minutes, 0 for none (Helm: funcs.go durationMinutes)",
        minutes(any)
    ),
    func!(
        "durationNanoseconds",
        "durationNanoseconds DURATION: 0 for none (Helm: funcs.go durationNanoseconds)",
        nanoseconds(any)
    ),
    func!(
        "durationRound",
        "durationRound DURATION: its largest unit, as 3h (sprig: date.go durationRound)",
        duration_round(cx, any)
    ),
    func!(
        "durationRoundTo",
        "durationRoundTo DURATION MULTIPLE: rounded (Helm: funcs.go durationRoundTo)",
        round_to(any, any)
    ),
    func!(
        "durationSeconds",
        "durationSeconds DURATION: seconds, 0 for none (Helm: funcs.go durationSeconds)",
        seconds(any)
    ),
    func!(
        "durationTruncateTo",
        "durationTruncateTo DURATION MULTIPLE: cut (Helm: funcs.go durationTruncateTo)",
        truncate_to(any, any)
    ),
    func!(
        "durationWeeks",
        "durationWeeks DURATION: weeks, 0 for none (Helm: funcs.go durationWeeks)",
        weeks(any)
    ),
    func!(
        "mustToDuration",
        "mustToDuration VALUE: a duration (Helm: funcs.go mustToDuration)",
        must_to_duration(any)
    ),
];

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

fn duration(seconds: &Value) -> String {
    let seconds = match seconds {
        // Go drops the error and keeps the number, which is the nearest one where the text is out of range.
        Value::Str(text) => strconv::parse_int(text, 10, 64).unwrap_or_else(|error| error.value),
        Value::Int64(seconds) => *seconds,
        _ => 0,
    };
    Duration(seconds.wrapping_mul(SECOND)).to_string()
}

fn duration_round(cx: &mut dyn Context, duration: &Value) -> String {
    let duration = match duration {
        Value::Str(text) => parse_duration(text.as_bytes()).unwrap_or(Duration(0)).0,
        Value::Int64(nanoseconds) => *nanoseconds,
        other => other.as_object::<TimeValue>().map_or(0, |since| cx.host().now().sub(&since.time).0),
    };
    let nanoseconds = duration.unsigned_abs();
    let (day, hour) = (24 * HOUR as u64, HOUR as u64);
    let units = [
        (365 * day, "y"),
        (30 * day, "mo"),
        (day, "d"),
        (hour, "h"),
        (MINUTE as u64, "m"),
        (SECOND as u64, "s"),
    ];
    match units.iter().find(|(unit, _)| nanoseconds > *unit) {
        Some((unit, name)) => format!("{}{name}", nanoseconds / unit),
        None => "0s".to_owned(),
    }
}

/// Helm: funcs.go `asDuration`: a duration, a text of one, or a number of seconds; the error is Helm's text.
fn as_any_duration(value: &Value) -> Result<Duration, String> {
    if let Some(duration) = as_duration(value) {
        return Ok(duration);
    }
    match (value, value.number()) {
        (Value::Str(text), _) => from_text(text),
        (Value::Nil, _) => Err("invalid duration".into()),
        (_, Some(Number::Signed(seconds))) => from_seconds(i128::from(seconds)),
        (_, Some(Number::Unsigned(seconds))) => from_seconds(i128::from(seconds)),
        (_, Some(Number::Float(seconds))) => from_float(seconds),
        _ => Err(format!("unsupported duration type {}", value.type_name())),
    }
}

fn from_text(text: &Str) -> Result<Duration, String> {
    let whole = text.to_str();
    let trimmed = whole.trim_matches(|c: char| c.is_whitespace());
    if trimmed.is_empty() {
        return Err("empty duration".into());
    }
    if let Ok(duration) = parse_duration(trimmed.as_bytes()) {
        return Ok(duration);
    }
    match strconv::parse_float(trimmed) {
        Ok(seconds) => from_float(seconds),
        Err(_) => Err(format!("could not parse duration {}", strconv::quote(text))),
    }
}

fn from_seconds(seconds: i128) -> Result<Duration, String> {
    let nanoseconds = seconds.checked_mul(i128::from(SECOND)).map(i64::try_from);
    match nanoseconds {
        Some(Ok(nanoseconds)) => Ok(Duration(nanoseconds)),
        _ => Err(format!("duration seconds overflow: {seconds}")),
    }
}

fn from_float(seconds: f64) -> Result<Duration, String> {
    let limit = i64::MAX as f64;
    let print = |number: f64| crate::value::print::sprint(&Value::Float64(number));
    if !seconds.is_finite() {
        return Err(format!("invalid duration seconds: {}", print(seconds)));
    }
    if seconds.abs() > limit / SECOND as f64 {
        return Err(format!("duration seconds overflow: {}", print(seconds)));
    }
    let nanoseconds = seconds * SECOND as f64;
    if nanoseconds.abs() > limit {
        return Err(format!("duration nanoseconds overflow: {}", print(nanoseconds)));
    }
    // What lies just beyond the largest number becomes the smallest one on amd64.
    Ok(Duration(if nanoseconds >= limit { i64::MIN } else { nanoseconds as i64 }))
}

/// The duration of a value, or none at all.
fn or_zero(value: &Value) -> Duration {
    as_any_duration(value).unwrap_or(Duration(0))
}

fn must_to_duration(duration: &Value) -> Result<Value, String> {
    as_any_duration(duration).map(value)
}

fn seconds(value: &Value) -> f64 {
    or_zero(value).in_units(SECOND)
}

fn milliseconds(value: &Value) -> Value {
    Value::Int64(or_zero(value).0 / 1_000_000)
}

fn microseconds(value: &Value) -> Value {
    Value::Int64(or_zero(value).0 / 1_000)
}

fn nanoseconds(value: &Value) -> Value {
    Value::Int64(or_zero(value).0)
}

fn minutes(value: &Value) -> f64 {
    or_zero(value).in_units(MINUTE)
}

fn hours(value: &Value) -> f64 {
    or_zero(value).in_units(HOUR)
}

fn days(value: &Value) -> f64 {
    hours(value) / 24.0
}

fn weeks(value: &Value) -> f64 {
    hours(value) / 24.0 / 7.0
}

fn round_to(duration: &Value, multiple: &Value) -> Value {
    to_multiple(duration, multiple, Duration::round)
}

fn truncate_to(duration: &Value, multiple: &Value) -> Value {
    to_multiple(duration, multiple, Duration::truncate)
}

fn to_multiple(duration: &Value, multiple: &Value, adjust: fn(Duration, Duration) -> Duration) -> Value {
    let Ok(duration) = as_any_duration(duration) else { return value(Duration(0)) };
    value(as_any_duration(multiple).map_or(duration, |multiple| adjust(duration, multiple)))
}
