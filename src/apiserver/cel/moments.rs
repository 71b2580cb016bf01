//! Times and durations as they are written.
//!
//! Go: `time.ParseDuration`, `time.Parse`, and cel-go's bounds.

use crate::go::time::{Location, Time, parse_duration, parse_in_location};

/// The first and the last second that a time may be in.
pub const FIRST: i64 = -62_135_596_800;
pub const LAST: i64 = 253_402_300_799;

/// The nanoseconds of a duration.
pub fn duration(text: &str) -> Option<i64> {
    parse_duration(text.as_bytes()).ok().map(|duration| duration.0)
}

/// The nanoseconds of a duration that may be in words: `1 day 2 hours`.
///
/// Go: k8s.io/kube-openapi `strfmt.ParseDuration`
pub fn spelled(text: &str) -> Option<i64> {
    const SECOND: i64 = 1_000_000_000;
    const UNITS: [(&[&str], i64); 8] = [
        (&["ns", "nano"], 1),
        (&["us", "µs", "micro"], 1_000),
        (&["ms", "milli"], 1_000_000),
        (&["s", "sec"], SECOND),
        (&["m", "min"], 60 * SECOND),
        (&["h", "hr", "hour"], 3_600 * SECOND),
        (&["d", "day"], 86_400 * SECOND),
        (&["w", "wk", "week"], 604_800 * SECOND),
    ];
    if let Some(found) = duration(text) {
        return Some(found);
    }
    let mut total = None;
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[at..];
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let count: i64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = rest[..end].trim_end_matches('s');
        let unit = UNITS.iter().find(|(names, _)| names.contains(&&rest[..end]) || names.contains(&word))?.1;
        total = Some(count.checked_mul(unit)?.checked_add(total.unwrap_or(0))?);
        rest = &rest[end..];
    }
    total
}

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Form,
    TooFar,
}

/// The time that a text says.
pub fn timestamp(text: &str) -> Result<Time, Wrong> {
    let time = parse_in_location(b"2006-01-02T15:04:05Z07:00", text.as_bytes(), &Location::Utc);
    let time = time.map_err(|_| Wrong::Form)?;
    if (FIRST..=LAST).contains(&time.unix_seconds()) { Ok(time) } else { Err(Wrong::TooFar) }
}
