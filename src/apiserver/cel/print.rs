//! Values as texts: `string(x)`, `'%s'.format([x])`.
//!
//! Go: cel-go `ConvertToType` of `common/types`, `ext/formatting.go`.

use std::fmt::Write as _;

use crate::budget;
use crate::go::strconv::{format_float, quote};

use super::value::{Stop, Value};
use super::verbs::{self, Verb};

/// Go: `%g`
pub fn double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    format_float(value, b'g', None, 64)
}

/// The text of a value that has one.
pub fn text(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => double(*value),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
        Value::Duration(nanoseconds) => duration(*nanoseconds),
        Value::Time(time) => {
            String::from_utf8_lossy(&time.format(b"2006-01-02T15:04:05.999999999Z07:00")).into_owned()
        }
        Value::Type(name) => name.to_string(),
        Value::Ip(ip) => ip.to_string(),
        Value::Cidr(ip, bits) => format!("{ip}/{bits}"),
        _ => return None,
    })
}

fn duration(nanoseconds: i64) -> String {
    let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    let seconds = seconds as f64 + rest as f64 / 1e9;
    format!("{}s", format_float(seconds, b'f', None, 64))
}

/// Go: `parseFormatString`
pub fn format(pattern: &str, args: &[Value<'_>]) -> Result<String, Stop> {
    let mut count = 0;
    let mut over = false;
    let filled = verbs::pieces(pattern, &mut |verb| {
        let arg = args.get(count).ok_or_else(|| format!("index {count} out of range"))?;
        count += 1;
        let Some(verb) = verb else { return Ok(String::new()) };
        let piece = one(verb, arg).map_err(|why| match why {
            Stop::Error(why) => format!("error during formatting: {why}"),
            Stop::Budget | Stop::Cost => {
                over = true;
                String::new()
            }
        })?;
        if budget::make(piece.len()).is_err() {
            over = true;
            return Err(String::new());
        }
        Ok(piece)
    });
    match filled {
        _ if over => Err(Stop::Budget),
        Ok(text) => Ok(text),
        Err(why) => Err(Stop::Error(why)),
    }
}

fn one(verb: &Verb, value: &Value<'_>) -> Result<String, Stop> {
    let unfit = || Stop::Error(verbs::unfit(verb, &value.type_name()));
    Ok(match (verb, value) {
        (Verb::Text, Value::Null) => "null".to_owned(),
        (Verb::Text, value) if value.is_list() => list(value)?,
        (Verb::Text, value) if value.is_map() => map(value)?,
        (Verb::Text, Value::Ip(_) | Value::Cidr(..)) => return Err(unfit()),
        (Verb::Text, value) => text(value).ok_or_else(unfit)?,
        (Verb::Decimal, Value::Int(_) | Value::Uint(_)) => text(value).ok_or_else(unfit)?,
        (Verb::Fixed(digits), value) => fixed(as_double(value).ok_or_else(unfit)?, *digits),
        (Verb::Scientific(digits), value) => scientific(as_double(value).ok_or_else(unfit)?, *digits),
        (Verb::Binary, Value::Int(value)) => signed(*value, |value| format!("{value:b}")),
        (Verb::Binary, Value::Uint(value)) => format!("{value:b}"),
        (Verb::Binary, Value::Bool(flag)) => u8::from(*flag).to_string(),
        (Verb::Octal, Value::Int(value)) => signed(*value, |value| format!("{value:o}")),
        (Verb::Octal, Value::Uint(value)) => format!("{value:o}"),
        (Verb::Hex(large), value) => {
            let hex = match value {
                Value::Int(value) => signed(*value, |value| format!("{value:x}")),
                Value::Uint(value) => format!("{value:x}"),
                Value::Text(text) => hex(text.as_bytes()),
                Value::Bytes(bytes) => hex(bytes),
                _ => return Err(unfit()),
            };
            if *large { hex.to_uppercase() } else { hex }
        }
        _ => return Err(unfit()),
    })
}

fn signed(value: i64, show: impl Fn(u64) -> String) -> String {
    format!("{}{}", if value < 0 { "-" } else { "" }, show(value.unsigned_abs()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn as_double(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Double(value) => Some(*value),
        Value::Text(text) => match &**text {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

fn unusual(value: f64) -> Option<String> {
    match value {
        value if value.is_nan() => Some("NaN".to_owned()),
        value if value.is_infinite() => Some(if value > 0.0 { "∞" } else { "-∞" }.to_owned()),
        _ => None,
    }
}

/// With a comma after each three digits, as Americans write it.
fn fixed(value: f64, digits: usize) -> String {
    if let Some(word) = unusual(value) {
        return word;
    }
    let plain = format_float(value, b'f', Some(digits), 64);
    let (sign, plain) = plain.strip_prefix('-').map_or(("", &plain[..]), |rest| ("-", rest));
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

/// `1.052033×10⁰³`
fn scientific(value: f64, digits: usize) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if let Some(word) = unusual(value) {
        return word;
    }
    let plain = format_float(value, b'e', Some(digits), 64);
    let (number, exponent) = plain.split_once('e').unwrap_or((&plain, "+00"));
    let raised: String = exponent
        .chars()
        .filter_map(|c| match c {
            '-' => Some('⁻'),
            c => c.to_digit(10).map(|digit| RAISED[digit as usize]),
        })
        .collect();
    format!("{number}×10{raised}")
}

/// A value within a list or a map.
fn within(value: &Value<'_>) -> Result<String, Stop> {
    Ok(match value {
        Value::Text(text) => quote(text.as_bytes()),
        Value::Bytes(bytes) => format!("b{}", quote(bytes)),
        Value::Double(value) if !value.is_finite() => quote(match value {
            value if value.is_nan() => "NaN",
            value if *value > 0.0 => "+Inf",
            _ => "-Inf",
        }),
        Value::Double(value) => format_float(*value, b'f', Some(6), 64),
        Value::Duration(_) => format!("duration({})", quote(text(value).unwrap_or_default())),
        Value::Time(_) => format!("timestamp({})", quote(text(value).unwrap_or_default())),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Type(_) => {
            one(&Verb::Text, value)?
        }
        value if value.is_list() => list(value)?,
        value if value.is_map() => map(value)?,
        value => return Err(Stop::Error(format!("no formatting function for {}", value.type_name()))),
    })
}

fn list(value: &Value<'_>) -> Result<String, Stop> {
    let mut out = String::from("[");
    for (at, item) in value.items().transpose()?.unwrap_or_default().iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&within(item)?);
        budget::make(out.len() / 8).map_err(|_| Stop::Budget)?;
    }
    out.push(']');
    Ok(out)
}

fn map(value: &Value<'_>) -> Result<String, Stop> {
    let mut pairs = Vec::new();
    for key in value.keys().unwrap_or_default() {
        if !matches!(key, Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Uint(_)) {
            let words = format!("no formatting function for map key of type {}", key.type_name());
            return Err(Stop::Error(words));
        }
        let found = value.find(&key)?.unwrap_or(Value::Null);
        pairs.push((within(&key)?, within(&found)?));
    }
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
    Ok(format!("{{{}}}", pairs.join(", ")))
}
