//! Dates, times and durations. Go: jsonschema format.go `validateDate` and its sisters.

use super::parts::{ensure, leading_digits};
use crate::go::strconv::{atoi, quote_rune};
use crate::go::time::{Location, parse_in_location};

/// The minutes of a day, and the last of them.
const MINUTES: i64 = 24 * 60;
const LAST_MINUTE: i64 = MINUTES - 1;

pub fn date(text: &str) -> Result<(), String> {
    parse_in_location(b"2006-01-02", text.as_bytes(), &Location::Utc).map(drop)
}

pub fn time(text: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    ensure(bytes.len() >= 9, "less than 9 characters long")?;
    ensure(bytes[2] == b':' && bytes[5] == b':', "missing colon in correct place")?;
    let mut clock = [0; 3];
    for (number, token) in clock.iter_mut().zip(bytes[..8].split(|c| *c == b':')) {
        *number = atoi(token).map_err(|_| "invalid hour/min/sec")?;
        ensure(*number >= 0, "non-positive hour/min/sec")?;
    }
    let [hour, minute, second] = clock;
    ensure(hour <= 23 && minute <= 59 && second <= 60, "hour/min/sec out of range")?;
    let mut rest = &bytes[8..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
        ensure(digits > 0, "no digits in second fraction")?;
        rest = &fraction[digits..];
    }
    let offset = match rest {
        b"z" | b"Z" => 0,
        _ => offset(rest)?,
    };
    // Go brings back what falls on the day before, not what falls on the next.
    let of_day = hour * 60 + minute + offset;
    let leaps = of_day == LAST_MINUTE || of_day + MINUTES == LAST_MINUTE;
    ensure(second < 60 || leaps, "invalid leap second")
}

/// The minutes that an offset takes from the time of day.
fn offset(text: &[u8]) -> Result<i64, String> {
    ensure(text.len() == 6, "offset must be 6 characters long")?;
    let sign = match text[0] {
        b'+' => -1,
        b'-' => 1,
        _ => return Err("offset must begin with plus/minus".to_owned()),
    };
    ensure(text[3] == b':', "missing colon in offset in correct place")?;
    let mut clock = [0; 2];
    for (number, token) in clock.iter_mut().zip([&text[1..3], &text[4..]]) {
        *number = atoi(token).map_err(|_| "invalid hour/min in offset")?;
        ensure(*number >= 0, "non-positive hour/min in offset")?;
    }
    let [hours, minutes] = clock;
    ensure(hours <= 23 && minutes <= 59, "hour/min in offset out of range")?;
    Ok(sign * (hours * 60 + minutes))
}

pub fn date_time(text: &str) -> Result<(), String> {
    let bytes = text.as_bytes();
    ensure(bytes.len() >= 20, "less than 20 characters long")?;
    ensure(matches!(bytes[10], b't' | b'T'), "11th character must be t or T")?;
    // Byte 10 is a letter, so that both sides are text.
    date(&text[..10]).map_err(|why| format!("invalid date element: {why}"))?;
    time(&text[11..]).map_err(|why| format!("invalid time element: {why}"))
}

pub fn duration(text: &str) -> Result<(), String> {
    let Some(text) = text.strip_prefix('P') else { return Err("must start with P".to_owned()) };
    ensure(!text.is_empty(), "nothing after P")?;
    if let Some(weeks) = text.strip_suffix('W') {
        ensure(!weeks.is_empty(), "no number in week")?;
        return ensure(leading_digits(weeks) == weeks.len(), "invalid week");
    }
    let units = ["YMD", "HMS"];
    for (at, part) in text.split('T').enumerate() {
        ensure(at == 0 || !part.is_empty(), "no time elements")?;
        let Some(all) = units.get(at) else { return Err("more than one T".to_owned()) };
        elements(part, all)?;
    }
    Ok(())
}

/// Numbers with units, each unit once and in order.
fn elements(mut text: &str, all: &str) -> Result<(), String> {
    let mut units = all;
    while !text.is_empty() {
        let digits = leading_digits(text);
        ensure(digits > 0, "missing number")?;
        text = &text[digits..];
        let Some(unit) = text.bytes().next().map(char::from) else { return Err("missing unit".to_owned()) };
        let Some(at) = units.find(unit) else {
            let quoted = quote_rune(unit);
            return Err(match all.contains(unit) {
                true => format!("unit {quoted} out of order"),
                false => format!("invalid unit {quoted}"),
            });
        };
        units = &units[at + 1..];
        text = &text[1..];
    }
    Ok(())
}

pub fn period(text: &str) -> Result<(), String> {
    let Some((start, end)) = text.split_once('/') else { return Err("missing slash".to_owned()) };
    if start.starts_with('P') {
        duration(start).map_err(|why| format!("invalid start duration: {why}"))?;
        return date_time(end).map_err(|why| format!("invalid end date-time: {why}"));
    }
    date_time(start).map_err(|why| format!("invalid start date-time: {why}"))?;
    match end.starts_with('P') {
        true => duration(end).map_err(|why| format!("invalid end duration: {why}")),
        false => date_time(end).map_err(|why| format!("invalid end date-time: {why}")),
    }
}
