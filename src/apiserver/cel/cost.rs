//! What a call costs when it is run, in the units of the server.
//!
//! Go: cel-go `interpreter/runtimecost.go`, `ext/lists.go`, `ext/sets.go`, k8s.io/apiserver `pkg/cel/library/cost.go`.

use super::kinds;
use super::value::{Stop, Value};

/// What a character costs where a text is gone through.
pub const TRAVERSAL: f64 = 0.1;
/// What a character of a pattern costs.
pub const PATTERN: f64 = 0.25;
/// What a list costs that is made.
pub const LIST: u64 = 10;
/// What a map costs that is made.
pub const MAP: u64 = 30;

fn size(value: Option<&Value<'_>>) -> u64 {
    value.and_then(Value::size).unwrap_or(1)
}

fn times(size: u64, factor: f64) -> u64 {
    (size as f64 * factor).ceil() as u64
}

/// What a call costs; nothing where it is worth nothing.
pub fn of(function: &str, args: &[Value<'_>], result: Option<&Value<'_>>) -> u64 {
    let sized = |at: usize| size(args.get(at));
    let pattern = |text: u64, length: u64| times(text + 1, TRAVERSAL).saturating_mul(times(length, PATTERN));
    match function {
        "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" | "includes" => {
            args.first().map_or(0, |value| traversal(value).unwrap_or(1))
        }
        "url" | "lowerAscii" | "upperAscii" | "substring" | "trim" | "jsonpatch.escapeKey" => {
            times(sized(0), TRAVERSAL)
        }
        "replace" | "split" => times(sized(0), 2.0 * TRAVERSAL),
        "join" => times(size(result), 2.0 * TRAVERSAL),
        "find" | "findAll" | "matches" => pattern(sized(0), sized(1)),
        "cidr" | "isIP" | "isCIDR" | "quantity" | "isQuantity" | "semver" | "isSemver" => {
            times(sized(0), TRAVERSAL)
        }
        "ip" if matches!(args.first(), Some(Value::Text(_))) => times(sized(0), TRAVERSAL),
        "ip.isCanonical" => times(sized(0), 2.0 * TRAVERSAL),
        "containsIP" | "containsCIDR" => network(function, args),
        "validate" => match args {
            [Value::Format(name), text] => pattern(size(Some(text)), kinds::pattern_length(name)),
            _ => 1,
        },
        "startsWith" | "endsWith" => times(sized(1), TRAVERSAL),
        "bytes" | "strings.quote" | "format" => times(sized(0), TRAVERSAL),
        "string" if matches!(args.first(), Some(Value::Bytes(_))) => times(sized(0), TRAVERSAL),
        "@in" if args.get(1).is_some_and(Value::is_list) => sized(1),
        "_==_" | "_!=_" => match args.first() {
            Some(
                Value::Amount(_)
                | Value::Ip(_)
                | Value::Cidr(..)
                | Value::Format(_)
                | Value::Url(_)
                | Value::Version(_),
            ) => 1,
            _ => times(sized(0).min(sized(1)), TRAVERSAL),
        },
        "_<_" | "_<=_" | "_>_" | "_>=_" if is_text(args) => times(sized(0).min(sized(1)), TRAVERSAL),
        "_+_" if is_text(args) => times(sized(0).saturating_add(sized(1)), TRAVERSAL),
        "contains" => times(sized(0), TRAVERSAL).saturating_mul(times(sized(1), TRAVERSAL)),
        _ => of_list(function, args, result),
    }
}

fn is_text(args: &[Value<'_>]) -> bool {
    matches!(args.first(), Some(Value::Text(_) | Value::Bytes(_)))
}

fn network(function: &str, args: &[Value<'_>]) -> u64 {
    let (own, other) = (size(args.first()), size(args.get(1)));
    let mut cost = times(own + own, TRAVERSAL);
    if function == "containsCIDR" {
        cost += times(own, TRAVERSAL) + 1;
    }
    if matches!(args.get(1), Some(Value::Text(_))) {
        cost += times(other, TRAVERSAL);
    }
    cost
}

/// Lists and sets, by what their minor version counts.
fn of_list(function: &str, args: &[Value<'_>], result: Option<&Value<'_>>) -> u64 {
    let sized = |at: usize| size(args.get(at));
    let made = |factor: f64, size: u64| ((size as f64 * factor) as u64).saturating_add(1 + LIST);
    match function {
        "slice" | "lists.range" => made(1.0, size(result)),
        "reverse" => made(1.0, size(result)),
        "flatten" => match args.get(1) {
            Some(Value::Int(depth)) => made(if *depth < 0 { 1.0 } else { *depth as f64 }, sized(0)),
            _ => made(1.0, sized(0)),
        },
        "distinct" | "sort" => compared(args.first()),
        "@sortByAssociatedKeys" => compared(args.get(1)),
        "sets.contains" | "sets.intersects" => sized(0).saturating_mul(sized(1)).saturating_add(1),
        "sets.equivalent" => sized(0).saturating_mul(sized(1)).saturating_mul(2).saturating_add(1),
        _ => 1,
    }
}

/// A list whose items are compared with each other.
fn compared(list: Option<&Value<'_>>) -> u64 {
    let Some(list) = list else { return 1 };
    let count = size(Some(list));
    let first = match list.items() {
        Some(Ok(items)) => items.into_iter().next(),
        _ => None,
    };
    let factor = match first {
        Some(Value::Text(_) | Value::Bytes(_)) => 2.0 + TRAVERSAL,
        _ => 2.0,
    };
    ((count.saturating_mul(count)) as f64 * factor) as u64 + 1 + LIST
}

/// What it costs to go through a value with all that is in it.
///
/// Go: `traversalCost`
fn traversal(value: &Value<'_>) -> Result<u64, Stop> {
    crate::budget::spend(1).map_err(|_| Stop::Budget)?;
    let mut cost = 0_u64;
    match value {
        Value::Text(text) => return Ok((text.len() as f64 * TRAVERSAL) as u64),
        Value::Bytes(bytes) => return Ok((bytes.len() as f64 * TRAVERSAL) as u64),
        value if value.is_list() => {
            for item in value.items().transpose()?.unwrap_or_default() {
                cost += traversal(&item)?;
            }
        }
        value if value.is_map() => {
            for key in value.keys().unwrap_or_default() {
                cost += traversal(&key)?;
                if let Some(value) = value.find(&key)? {
                    cost += traversal(&value)?;
                }
            }
        }
        _ => cost = 1,
    }
    Ok(cost)
}
