//! Sprig's date functions. The clock and the local zone are the host's.

use crate::func;
use crate::go::time::{Duration, Location, Time, load_location, parse_duration, parse_in_location};
use crate::template::func::{Context, Func};
use crate::value::time::TimeValue;
use crate::value::{Sized, Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("ago", "ago DATE: how long ago, to the second (sprig: date.go dateAgo)", ago(cx, any)),
    func!("date", "date LAYOUT DATE: laid out in local time (sprig: date.go date)", date(cx, str, any)),
    func!(
        "dateInZone",
        "dateInZone LAYOUT DATE ZONE: laid out (sprig: date.go dateInZone)",
        date_in_zone(cx, str, any, str)
    ),
    func!(
        "dateModify",
        "dateModify DURATION DATE: moved, or as it was (sprig: date.go dateModify)",
        date_modify(cx, str, time)
    ),
    func!(
        "date_in_zone",
        "date_in_zone LAYOUT DATE ZONE: as dateInZone (sprig: functions.go)",
        date_in_zone(cx, str, any, str)
    ),
    func!(
        "date_modify",
        "date_modify DURATION DATE: as dateModify (sprig: functions.go)",
        date_modify(cx, str, time)
    ),
    func!(
        "htmlDate",
        "htmlDate DATE: as 2006-01-02 in local time (sprig: date.go htmlDate)",
        html_date(cx, any)
    ),
    func!(
        "htmlDateInZone",
        "htmlDateInZone DATE ZONE: as 2006-01-02 (sprig: date.go htmlDateInZone)",
        html_date_in_zone(cx, any, str)
    ),
    func!(
        "mustDateModify",
        "mustDateModify DURATION DATE: moved (sprig: date.go mustDateModify)",
        must_date_modify(cx, str, time)
    ),
    func!(
        "mustToDate",
        "mustToDate LAYOUT TEXT: the time in a text (sprig: date.go mustToDate)",
        must_to_date(cx, str, str)
    ),
    func!(
        "must_date_modify",
        "must_date_modify DURATION DATE: as mustDateModify (sprig: functions.go)",
        must_date_modify(cx, str, time)
    ),
    func!("now", "now: the current time in local time (Go: time.Now)", now(cx)),
    func!(
        "toDate",
        "toDate LAYOUT TEXT: the time in a text, or the zero time (sprig: date.go toDate)",
        to_date(cx, str, str)
    ),
    func!("unixEpoch", "unixEpoch DATE: seconds since 1970 (sprig: date.go unixEpoch)", unix_epoch(time)),
];

/// The layout of HTML's date inputs.
const HTML: &str = "2006-01-02";

/// The local zone.
fn local(cx: &mut dyn Context) -> Location {
    cx.host().now().location().clone()
}

/// The time that sprig takes a value for: a time, or an integer of seconds since 1970 of the types that it knows; any
/// other value, floats among them, is now.
fn moment(cx: &mut dyn Context, date: &Value, takes_int32: bool) -> Time {
    if let Some(value) = date.as_object::<TimeValue>() {
        return value.time.clone();
    }
    match date {
        Value::Int(seconds) | Value::Int64(seconds) => Time::unix(*seconds, 0, local(cx)),
        Value::Sized(Sized::Int32(seconds)) if takes_int32 => Time::unix(i64::from(*seconds), 0, local(cx)),
        _ => cx.host().now(),
    }
}

fn now(cx: &mut dyn Context) -> Value {
    let now = cx.host().now();
    let local = now.location().clone();
    TimeValue::value(now, &local)
}

fn ago(cx: &mut dyn Context, date: &Value) -> String {
    let since = moment(cx, date, false);
    cx.host().now().sub(&since).round(Duration(1_000_000_000)).to_string()
}

fn date(cx: &mut dyn Context, layout: &Str, date: &Value) -> Str {
    let zone = local(cx);
    in_zone(cx, layout.as_bytes(), date, zone)
}

fn date_in_zone(cx: &mut dyn Context, layout: &Str, date: &Value, zone: &Str) -> Str {
    let local = local(cx);
    let zone = load_location(&zone.to_str(), &local).unwrap_or(Location::Utc);
    in_zone(cx, layout.as_bytes(), date, zone)
}

fn in_zone(cx: &mut dyn Context, layout: &[u8], date: &Value, zone: Location) -> Str {
    moment(cx, date, true).in_location(zone).format(layout).into()
}

fn html_date(cx: &mut dyn Context, value: &Value) -> Str {
    date(cx, &HTML.into(), value)
}

fn html_date_in_zone(cx: &mut dyn Context, date: &Value, zone: &Str) -> Str {
    date_in_zone(cx, &HTML.into(), date, zone)
}

fn date_modify(cx: &mut dyn Context, duration: &Str, date: Time) -> Value {
    let moved = match parse_duration(duration.as_bytes()) {
        Ok(duration) => date.add(duration),
        Err(_) => date,
    };
    TimeValue::value(moved, &local(cx))
}

fn must_date_modify(cx: &mut dyn Context, duration: &Str, date: Time) -> Result<Value, String> {
    let duration = parse_duration(duration.as_bytes())?;
    Ok(TimeValue::value(date.add(duration), &local(cx)))
}

fn to_date(cx: &mut dyn Context, layout: &Str, text: &Str) -> Value {
    must_to_date(cx, layout, text).unwrap_or_else(|_| TimeValue::value(Time::zero(), &local(cx)))
}

fn must_to_date(cx: &mut dyn Context, layout: &Str, text: &Str) -> Result<Value, String> {
    let local = local(cx);
    let time = parse_in_location(layout.as_bytes(), text.as_bytes(), &local)?;
    Ok(TimeValue::value(time, &local))
}

fn unix_epoch(date: Time) -> String {
    date.unix_seconds().to_string()
}
