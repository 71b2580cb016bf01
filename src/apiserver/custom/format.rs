//! Formats of texts that the server checks.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/validation/formats.go`, k8s.io/kube-openapi `pkg/validation/strfmt`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::apiserver::ip;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;
use crate::go::time::{Location, parse_duration, parse_in_location};

/// The formats that are checked here; what the server knows beyond them is rare, and taken.
const KNOWN: [&str; 18] = [
    "byte",
    "cidr",
    "date",
    "date-time",
    "datetime",
    "duration",
    "hexcolor",
    "ipv4",
    "ipv6",
    "k8s-long-name",
    "k8s-short-name",
    "mac",
    "password",
    "uri",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
];

/// The formats that the server knows beside them; a text of such a format has any type.
const TAKEN: [&str; 9] =
    ["bsonobjectid", "creditcard", "email", "hostname", "isbn", "isbn10", "isbn13", "rgbcolor", "ssn"];

/// The first minor that knows formats of Kubernetes' own names.
const OWN_NAMES: u32 = 34;

/// The format of a schema, as far as the minor knows it; empty where it does not.
///
/// Go: `StripUnsupportedFormatsPostProcessorForVersion`
pub(super) fn of<'a>(schema: &'a Tree, kinds: &[&str], minor: u32) -> &'a str {
    let format = schema.str("format");
    if is_known(format, kinds, minor) { format } else { "" }
}

/// Whether the minor knows a format of such a type.
pub fn is_known(format: &str, kinds: &[&str], minor: u32) -> bool {
    match kinds {
        [] | ["string"] | [_, _] => {
            (KNOWN.contains(&format) || TAKEN.contains(&format))
                && (minor >= OWN_NAMES || !format.starts_with("k8s-"))
        }
        ["integer"] => matches!(format, "int32" | "int64"),
        ["number"] => matches!(format, "float" | "double"),
        _ => false,
    }
}

/// Whether the text is of the format.
pub(super) fn is_of(format: &str, word: &str) -> bool {
    match format {
        "byte" => !word.is_empty() && STANDARD.decode(word).is_ok(),
        "cidr" => ip::parse_range(word).is_some(),
        "date" => is_time(b"2006-01-02", word),
        "date-time" | "datetime" => is_date_time(word),
        "duration" => parse_duration(word.as_bytes()).is_ok() || is_words_of_time(word),
        "hexcolor" => is_hex_color(word),
        "ipv4" => word.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => word.contains(':') && word.parse::<Ipv6Addr>().is_ok() || is_mapped(word),
        "k8s-long-name" => text::dns_subdomain(word).is_empty(),
        "k8s-short-name" => text::dns_label(word).is_empty(),
        "mac" => is_mac(word),
        "uri" => is_request_uri(word),
        "uuid" | "uuid3" | "uuid4" | "uuid5" => is_uuid(format, word),
        _ => true,
    }
}

fn is_mapped(word: &str) -> bool {
    word.contains(':') && matches!(ip::parse_sloppy(word), Some(IpAddr::V6(_)))
}

fn is_time(layout: &[u8], word: &str) -> bool {
    parse_in_location(layout, word.as_bytes(), &Location::Utc).is_ok()
}

/// Go: `IsDateTime`
fn is_date_time(word: &str) -> bool {
    // The letters between and behind may be small.
    let word = word.to_ascii_uppercase();
    ["2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05Z0700"]
        .iter()
        .any(|layout| is_time(layout.as_bytes(), &word))
}

/// `22 ns`, `3 days`: a number and a unit, anywhere in the text.
///
/// Go: `strfmt.ParseDuration`
fn is_words_of_time(word: &str) -> bool {
    const UNITS: [&str; 11] = ["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"];
    const WORDS: [&str; 8] = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == 'µ';
    let mut rest = word;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let behind = rest[at..].trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let end = behind.find(|c| !is_letter(c)).unwrap_or(behind.len());
        let unit = behind[..end].to_lowercase();
        if UNITS.contains(&unit.as_str()) || WORDS.iter().any(|word| unit.starts_with(word)) {
            return true;
        }
        rest = behind;
    }
    false
}

fn is_hex_color(word: &str) -> bool {
    let digits = word.strip_prefix('#').unwrap_or(word);
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|c| c.is_ascii_hexdigit())
}

/// Go: `net.ParseMAC`
fn is_mac(word: &str) -> bool {
    let parts = |separator: char, width: usize| {
        let parts: Vec<&str> = word.split(separator).collect();
        let is_part = |part: &&str| part.len() == width && part.bytes().all(|c| c.is_ascii_hexdigit());
        let bytes = parts.len() * width / 2;
        matches!(bytes, 6 | 8 | 20) && parts.iter().all(is_part)
    };
    parts(':', 2) || parts('-', 2) || parts('.', 4)
}

/// Go: `url.ParseRequestURI`: an address with a scheme, or a path from the root.
fn is_request_uri(word: &str) -> bool {
    let has_scheme = word.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'))
    });
    (has_scheme || word.starts_with('/')) && !word.bytes().any(|c| c < 0x20 || c == 0x7f || c == b' ')
}

fn is_uuid(format: &str, word: &str) -> bool {
    let digits: String = word.chars().filter(|c| *c != '-').collect();
    let digit = |at: usize| digits.as_bytes().get(at).copied().unwrap_or_default();
    let version = match format {
        "uuid3" => digit(12) == b'3',
        "uuid4" => digit(12) == b'4' && b"89abAB".contains(&digit(16)),
        "uuid5" => digit(12) == b'5' && b"89abAB".contains(&digit(16)),
        _ => true,
    };
    digits.len() == 32 && word.len() <= 36 && digits.bytes().all(|c| c.is_ascii_hexdigit()) && version
}
