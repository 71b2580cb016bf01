//! Schedules of cron jobs and their time zones.
//!
//! Source: github.com/robfig/cron/v3 `parser.go`; `validateScheduleFormat`, `validateTimeZone` of `pkg/apis/batch/validation`.

use crate::go::strconv::quote;
use crate::go::time::{Location, load_location};

use super::error::{Errors, Path};

/// A field of a schedule: its least and greatest value, and names for values.
struct Bounds {
    least: u64,
    most: u64,
    names: &'static [&'static str],
    first_name: u64,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Bounds; 5] = [
    Bounds { least: 0, most: 59, names: &[], first_name: 0 },
    Bounds { least: 0, most: 23, names: &[], first_name: 0 },
    Bounds { least: 1, most: 31, names: &[], first_name: 0 },
    Bounds { least: 1, most: 12, names: &MONTHS, first_name: 1 },
    Bounds { least: 0, most: 6, names: &DAYS, first_name: 0 },
];

/// Go: `validateScheduleFormat`
pub fn schedule(schedule: &str, path: &Path, errors: &mut Errors) {
    if let Err(why) = parse(schedule) {
        errors.invalid(path, schedule, &why);
    }
    if schedule.contains("TZ") {
        let words = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
        errors.invalid(path, schedule, words);
    }
}

/// Go: `cron.ParseStandard`
fn parse(spec: &str) -> Result<(), String> {
    if spec.is_empty() {
        return Err("empty spec string".to_owned());
    }
    let mut spec = spec;
    if spec.starts_with("TZ=") || spec.starts_with("CRON_TZ=") {
        let Some((zone, rest)) = spec.split_once(' ') else {
            return Err("no space after TZ".to_owned());
        };
        let zone = zone.split_once('=').map_or("", |(_, zone)| zone);
        if load_location(zone, &Location::Utc).is_none() {
            return Err(format!("provided bad location {zone}: unknown time zone {zone}"));
        }
        spec = rest.trim();
    }
    if let Some(word) = spec.strip_prefix('@') {
        return descriptor(word, spec);
    }
    let fields: Vec<&str> = spec.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    fields.iter().zip(&FIELDS).try_for_each(|(field, bounds)| {
        field.split(',').filter(|part| !part.is_empty()).try_for_each(|part| range(part, bounds))
    })
}

fn descriptor(word: &str, spec: &str) -> Result<(), String> {
    match word {
        "yearly" | "annually" | "monthly" | "weekly" | "daily" | "midnight" | "hourly" => Ok(()),
        _ => match word.strip_prefix("every ") {
            Some(text) => crate::go::time::parse_duration(text.as_bytes())
                .map(drop)
                .map_err(|why| format!("failed to parse duration {spec}: {why}")),
            None => Err(format!("unrecognized descriptor: {spec}")),
        },
    }
}

/// Go: `getRange`
fn range(text: &str, bounds: &Bounds) -> Result<(), String> {
    let parts: Vec<&str> = text.split('/').collect();
    let ends: Vec<&str> = parts[0].split('-').collect();
    let is_single = ends.len() == 1;
    let (start, mut end);
    if matches!(ends[0], "*" | "?") {
        (start, end) = (bounds.least, bounds.most);
    } else {
        start = number_or_name(ends[0], bounds)?;
        end = match ends.len() {
            1 => start,
            2 => number_or_name(ends[1], bounds)?,
            _ => return Err(format!("too many hyphens: {text}")),
        };
    }
    let step = match parts.len() {
        1 => 1,
        2 => {
            let step = number(parts[1])?;
            if is_single {
                end = bounds.most;
            }
            step
        }
        _ => return Err(format!("too many slashes: {text}")),
    };
    if start < bounds.least {
        return Err(format!("beginning of range ({start}) below minimum ({}): {text}", bounds.least));
    }
    if end > bounds.most {
        return Err(format!("end of range ({end}) above maximum ({}): {text}", bounds.most));
    }
    if start > end {
        return Err(format!("beginning of range ({start}) beyond end of range ({end}): {text}"));
    }
    if step == 0 {
        return Err(format!("step of range should be a positive number: {text}"));
    }
    Ok(())
}

fn number_or_name(text: &str, bounds: &Bounds) -> Result<u64, String> {
    let lower = text.to_lowercase();
    match bounds.names.iter().position(|name| *name == lower) {
        Some(at) => Ok(at as u64 + bounds.first_name),
        None => number(text),
    }
}

/// Go: `mustParseInt`
fn number(text: &str) -> Result<u64, String> {
    let parsed = crate::go::strconv::atoi(text).map_err(|_| {
        let why =
            if !text.is_empty() && text.trim_start_matches(['-', '+']).bytes().all(|c| c.is_ascii_digit()) {
                "value out of range"
            } else {
                "invalid syntax"
            };
        format!("failed to parse int from {text}: strconv.Atoi: parsing {}: {why}", quote(text))
    })?;
    u64::try_from(parsed).map_err(|_| format!("negative number ({parsed}) not allowed: {text}"))
}

/// Go: `validateTimeZone`
pub fn time_zone(zone: &str, path: &Path, errors: &mut Errors) {
    if zone.is_empty() {
        return errors.invalid(path, zone, "timeZone must be nil or non-empty string");
    }
    let is_part = |part: &str| {
        part != "."
            && part != ".."
            && !part.starts_with('-')
            && (1..=14).contains(&part.len())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    };
    let unknown = format!("unknown time zone {zone}");
    if !zone.split('/').all(is_part) {
        return errors.invalid(path, zone, &unknown);
    }
    if zone.eq_ignore_ascii_case("Local") {
        let words = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        errors.invalid(path, zone, words);
    }
    if zone != "Local" && load_location(zone, &Location::Utc).is_none() {
        errors.invalid(path, zone, &unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_schedules_as_the_server_does() {
        for good in ["* * * * *", "@daily", "*/5 1-3 1,15 jan-mar MON", "@every 1h", "0 0 31 2 *"] {
            assert_eq!(parse(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("61 * * * *", "end of range (61) above maximum (59): 61"),
            ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
            ("@often", "unrecognized descriptor: @often"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
            ("a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax"),
        ] {
            assert_eq!(parse(bad), Err(why.to_owned()), "{bad}");
        }
    }
}
