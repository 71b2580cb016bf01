//! Texts and patterns.
//!
//! Go: cel-go `ext/strings.go`, k8s.io/apiserver `pkg/cel/library/regex.go`, `jsonpatch.go`.

use std::rc::Rc;

use crate::budget;
use crate::go::regexp;

use super::print;
use super::value::{Got, Stop, Value};

/// Calls one of these functions, if the name is one.
pub fn call<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    if let (name @ ("join" | "format"), [first, rest @ ..]) = (name, args) {
        return Some(if name == "join" { join(first, rest) } else { format(first, rest) });
    }
    let [Value::Text(text), rest @ ..] = args else { return None };
    Some(match (name, rest) {
        ("contains", [Value::Text(part)]) => {
            // Naive, it is as long as both together.
            match budget::spend(text.len() as u64 / 8) {
                Ok(()) => Ok(Value::Bool(text.contains(&**part))),
                Err(_) => Err(Stop::Budget),
            }
        }
        ("startsWith", [Value::Text(part)]) => Ok(Value::Bool(text.starts_with(&**part))),
        ("endsWith", [Value::Text(part)]) => Ok(Value::Bool(text.ends_with(&**part))),
        ("matches", [Value::Text(pattern)]) => matches(text, pattern),
        ("find", [Value::Text(pattern)]) => find(text, pattern),
        ("findAll", [Value::Text(pattern)]) => find_all(text, pattern, -1),
        ("findAll", [Value::Text(pattern), Value::Int(count)]) => find_all(text, pattern, *count),
        ("charAt", [Value::Int(at)]) => char_at(text, *at),
        ("indexOf", [Value::Text(part)]) => index_of(text, part, 0),
        ("indexOf", [Value::Text(part), Value::Int(from)]) => index_of(text, part, *from),
        ("lastIndexOf", [Value::Text(part)]) => last_index_of(text, part, None),
        ("lastIndexOf", [Value::Text(part), Value::Int(from)]) => last_index_of(text, part, Some(*from)),
        ("lowerAscii", []) => Ok(Value::Text(text.to_ascii_lowercase().into())),
        ("upperAscii", []) => Ok(Value::Text(text.to_ascii_uppercase().into())),
        ("replace", [Value::Text(old), Value::Text(new)]) => replace(text, (old, new), -1),
        ("replace", [Value::Text(old), Value::Text(new), Value::Int(count)]) => {
            replace(text, (old, new), *count)
        }
        ("split", [Value::Text(by)]) => split(text, by, -1),
        ("split", [Value::Text(by), Value::Int(count)]) => split(text, by, *count),
        ("substring", [Value::Int(from)]) => substring(text, *from, None),
        ("substring", [Value::Int(from), Value::Int(to)]) => substring(text, *from, Some(*to)),
        ("trim", []) => Ok(Value::text(text.trim())),
        ("strings.quote", []) => Ok(Value::text(&quote(text))),
        ("jsonpatch.escapeKey", []) => Ok(Value::text(&text.replace('~', "~0").replace('/', "~1"))),
        _ => return None,
    })
}

fn room(bytes: usize) -> Result<(), Stop> {
    budget::make(bytes).map_err(|_| Stop::Budget)
}

fn pattern(pattern: &str) -> Result<Rc<regexp::Regexp>, Stop> {
    regexp::compile(pattern.as_bytes()).map_err(|error| Stop::error(error.to_string()))
}

fn matches<'a>(text: &str, written: &str) -> Got<'a> {
    Ok(Value::Bool(pattern(written)?.is_match(text.as_bytes())))
}

fn illegal(stop: Stop) -> Stop {
    match stop {
        Stop::Error(why) => Stop::Error(format!("Illegal regex: {why}")),
        other => other,
    }
}

fn find<'a>(text: &str, written: &str) -> Got<'a> {
    let pattern = pattern(written).map_err(illegal)?;
    Ok(Value::text(&String::from_utf8_lossy(pattern.find(text.as_bytes()))))
}

fn find_all<'a>(text: &str, written: &str, count: i64) -> Got<'a> {
    let pattern = pattern(written).map_err(illegal)?;
    let found = pattern.find_all(text.as_bytes(), count).unwrap_or_default();
    room(found.len() * 64)?;
    Ok(Value::list(found.into_iter().map(|part| Value::text(&String::from_utf8_lossy(part))).collect()))
}

fn out_of_range(at: i64) -> Stop {
    Stop::error(format!("index out of range: {at}"))
}

fn char_at<'a>(text: &str, at: i64) -> Got<'a> {
    let place = usize::try_from(at).map_err(|_| out_of_range(at))?;
    match text.chars().nth(place) {
        Some(c) => Ok(Value::text(&c.to_string())),
        None if place == text.chars().count() => Ok(Value::text("")),
        None => Err(out_of_range(at)),
    }
}

fn int<'a>(at: usize) -> Value<'a> {
    Value::Int(i64::try_from(at).unwrap_or(i64::MAX))
}

fn index_of<'a>(text: &str, part: &str, from: i64) -> Got<'a> {
    let start = usize::try_from(from).map_err(|_| out_of_range(from))?;
    let length = text.chars().count();
    if part.is_empty() {
        return Ok(int(start.min(length)));
    }
    let Some((at, _)) = text.char_indices().nth(start) else { return Ok(Value::Int(-1)) };
    let found = text[at..].find(part).map(|found| start + text[at..at + found].chars().count());
    Ok(found.map_or(Value::Int(-1), int))
}

fn last_index_of<'a>(text: &str, part: &str, from: Option<i64>) -> Got<'a> {
    let (length, size) = (text.chars().count(), part.chars().count());
    let start = match from {
        None if part.is_empty() => return Ok(int(length)),
        None if text.len() < part.len() => return Ok(Value::Int(-1)),
        None => length.saturating_sub(1),
        Some(from) => usize::try_from(from).map_err(|_| out_of_range(from))?,
    };
    if part.is_empty() {
        return Ok(int(start.min(length)));
    }
    if start >= length || size > length {
        return Ok(Value::Int(-1));
    }
    // It may begin at the start at the latest.
    let end = (start.min(length - size)) + size;
    let end = text.char_indices().nth(end).map_or(text.len(), |(at, _)| at);
    let found = text[..end].rfind(part).map(|found| text[..found].chars().count());
    Ok(found.map_or(Value::Int(-1), int))
}

fn replace<'a>(text: &str, (old, new): (&str, &str), count: i64) -> Got<'a> {
    let times = if old.is_empty() { text.chars().count() + 1 } else { text.matches(old).count() };
    let times = usize::try_from(count).map_or(times, |count| count.min(times));
    room(text.len().saturating_add(times.saturating_mul(new.len())))?;
    Ok(Value::Text(text.replacen(old, new, times).into()))
}

fn split<'a>(text: &str, by: &str, count: i64) -> Got<'a> {
    if count == 0 {
        return Ok(Value::list(Vec::new()));
    }
    room(text.len().saturating_mul(2))?;
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let parts: Vec<Value<'a>> = if by.is_empty() {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let end = if parts.len() + 1 == most { rest.len() } else { c.len_utf8() };
            parts.push(Value::text(&rest[..end]));
            rest = &rest[end..];
        }
        parts
    } else {
        text.splitn(most, by).map(Value::text).collect()
    };
    Ok(Value::list(parts))
}

fn substring<'a>(text: &str, from: i64, to: Option<i64>) -> Got<'a> {
    let length = text.chars().count();
    if let Some(to) = to.filter(|to| from > *to) {
        return Err(Stop::error(format!("invalid substring range. start: {from}, end: {to}")));
    }
    let place = |at: i64| usize::try_from(at).ok().filter(|at| *at <= length).ok_or_else(|| out_of_range(at));
    let start = place(from)?;
    let end = to.map_or(Ok(length), place)?;
    Ok(Value::Text(text.chars().skip(start).take(end - start).collect::<String>().into()))
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn join<'a>(list: &Value<'a>, by: &[Value<'a>]) -> Got<'a> {
    let by: &str = match by {
        [] => "",
        [Value::Text(by)] => by,
        _ => return Err(Stop::no_overload()),
    };
    let Some(items) = list.items() else { return Err(Stop::no_overload()) };
    let mut out = String::new();
    for (at, item) in items?.iter().enumerate() {
        let Value::Text(text) = item else { return Err(Stop::no_overload()) };
        room(by.len() + text.len())?;
        if at > 0 {
            out.push_str(by);
        }
        out.push_str(text);
    }
    Ok(Value::Text(out.into()))
}

fn format<'a>(pattern: &Value<'a>, args: &[Value<'a>]) -> Got<'a> {
    let (Value::Text(pattern), [list]) = (pattern, args) else { return Err(Stop::no_overload()) };
    let Some(items) = list.items() else { return Err(Stop::no_overload()) };
    Ok(Value::text(&print::format(pattern, &items?)?))
}
