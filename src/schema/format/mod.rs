//! `format`: what a string may have to be, with jsonschema's reasons why it is not. Go: jsonschema format.go.

mod address;
mod parts;
mod time;

use parts::{ensure, leading_digits};

use crate::go::regexp;
use crate::go::strconv::quote_rune;

/// A format.
#[derive(Debug)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// Whether a string is of it; the error says why not.
    pub check: Check,
}

type Check = fn(&str) -> Result<(), String>;

const FORMATS: [Format; 19] = [
    Format { name: "regex", check: regex },
    Format { name: "json-pointer", check: json_pointer },
    Format { name: "relative-json-pointer", check: relative_json_pointer },
    Format { name: "uuid", check: uuid },
    Format { name: "duration", check: time::duration },
    Format { name: "period", check: time::period },
    Format { name: "ipv4", check: address::ipv4 },
    Format { name: "ipv6", check: address::ipv6 },
    Format { name: "hostname", check: address::hostname },
    Format { name: "email", check: address::email },
    Format { name: "date", check: time::date },
    Format { name: "time", check: time::time },
    Format { name: "date-time", check: time::date_time },
    Format { name: "uri", check: address::uri },
    Format { name: "iri", check: address::uri },
    Format { name: "uri-reference", check: address::uri_reference },
    Format { name: "iri-reference", check: address::uri_reference },
    Format { name: "uri-template", check: address::uri_template },
    Format { name: "semver", check: semver },
];

/// The format of that name, if there is one; others say nothing.
pub fn named(name: &str) -> Option<&'static Format> {
    const { &FORMATS }.iter().find(|format| format.name == name)
}

fn regex(text: &str) -> Result<(), String> {
    regexp::compile(text.as_bytes()).map(drop).map_err(|error| error.to_string())
}

fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    ensure(text.starts_with('/'), "not starting with /")?;
    for token in text.split('/').skip(1) {
        let mut escape = false;
        for c in token.chars() {
            ensure(!escape || c == '0' || c == '1', "~ must be followed by 0 or 1")?;
            escape = !escape && c == '~';
        }
        ensure(!escape, "~ must be followed by 0 or 1")?;
    }
    Ok(())
}

fn relative_json_pointer(text: &str) -> Result<(), String> {
    let (digits, rest) = text.split_at(leading_digits(text));
    ensure(!digits.is_empty(), "must start with non-negative integer")?;
    ensure(digits.len() == 1 || !digits.starts_with('0'), "starts with zero")?;
    if rest == "#" { Ok(()) } else { json_pointer(rest) }
}

fn uuid(text: &str) -> Result<(), String> {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    ensure(groups.len() == LENGTHS.len(), "must have 5 elements")?;
    for (at, (group, len)) in groups.iter().zip(LENGTHS).enumerate() {
        if group.len() != len {
            return Err(format!("element {} must be {len} characters long", at + 1));
        }
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", quote_rune(c)));
        }
    }
    Ok(())
}

fn semver(text: &str) -> Result<(), String> {
    let foreign = |id: &str| id.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-');
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    if let Some(build) = build {
        ensure(!build.is_empty(), "build is empty")?;
        for id in build.split('.') {
            ensure(!id.is_empty(), "build identifier is empty")?;
            if let Some(c) = foreign(id) {
                return Err(format!("invalid character {} in build identifier", quote_rune(c)));
            }
        }
    }
    let (core, release) = text.split_once('-').map_or((text, None), |(core, it)| (core, Some(it)));
    for id in release.into_iter().flat_map(|it| it.split('.')) {
        ensure(!id.is_empty(), "pre-release identifier is empty")?;
        if let Some(c) = foreign(id) {
            return Err(format!("invalid character {} in pre-release identifier", quote_rune(c)));
        }
        let numeric = leading_digits(id) == id.len();
        ensure(!(numeric && has_leading_zero(id)), "pre-release numeric identifier starts with zero")?;
    }
    let numbers: Vec<&str> = core.split('.').collect();
    ensure(numbers.len() == 3, "versionCore must have 3 numbers separated by dot")?;
    for (number, name) in numbers.into_iter().zip(["major", "minor", "patch"]) {
        ensure(!number.is_empty(), &format!("{name} is empty"))?;
        ensure(!has_leading_zero(number), &format!("{name} starts with zero"))?;
        ensure(leading_digits(number) == number.len(), &format!("{name} contains non-digit"))?;
    }
    Ok(())
}

fn has_leading_zero(number: &str) -> bool {
    number.len() > 1 && number.starts_with('0')
}
