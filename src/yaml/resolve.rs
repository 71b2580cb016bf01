//! What a plain scalar means: YAML 1.1's booleans, numbers and null as go-yaml v2 sees them. [`resolve`] is for
//! reading; [`is_string`] asks the same for writing, where it decides on quotes.

use super::error::Problem;

/// The value of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    /// The text itself.
    Text,
}

/// What go-yaml takes a scalar for, by the short name of its tag.
type Tagged = (&'static str, Scalar);

const LONG: &str = "tag:yaml.org,2002:";

/// Go: yaml.v2 resolve.go `shortTag`.
fn short_tag(tag: &str) -> String {
    match tag.strip_prefix(LONG) {
        Some(name) => format!("!!{name}"),
        None => tag.to_owned(),
    }
}

/// The value of a scalar with that tag, `""` for none. Go: yaml.v2 resolve.go `resolve`.
pub(super) fn resolve(tag: &str, text: &str) -> Result<Scalar, Problem> {
    let wanted = match tag {
        "" => return Ok(implicit(text, true).1),
        _ => tag.strip_prefix(LONG).unwrap_or("other"),
    };
    let (found, scalar) = match wanted {
        "str" => return Ok(Scalar::Text),
        "bool" | "int" | "float" | "null" => implicit(text, false),
        "timestamp" => implicit(text, true),
        _ => return Ok(Scalar::Text),
    };
    match (wanted, scalar) {
        ("float", Scalar::Int(n)) => Ok(Scalar::Float(n as f64)),
        (_, scalar) if found == wanted => Ok(scalar),
        _ => {
            let message = format!("cannot decode !!{found} `{text}` as a {}", short_tag(tag));
            Err(Problem { message: message.into(), line: 0 })
        }
    }
}

/// Whether the text, written plain, is read as a string.
pub(super) fn is_string(text: &str) -> bool {
    implicit(text, true).0 == "str"
}

fn implicit(text: &str, timestamps: bool) -> Tagged {
    let Some(&first) = text.as_bytes().first() else { return ("null", Scalar::Null) };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => ("float", Scalar::Float(f64::NAN)),
            ".inf" | ".Inf" | ".INF" => ("float", Scalar::Float(f64::INFINITY)),
            _ => go_float(text).map_or(("str", Scalar::Text), |x| ("float", Scalar::Float(x))),
        },
        b'0'..=b'9' | b'+' | b'-' => number(text, timestamps),
        _ => ("str", Scalar::Text),
    }
}

fn word(text: &str) -> Tagged {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            ("bool", Scalar::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            ("bool", Scalar::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => ("null", Scalar::Null),
        _ => ("str", Scalar::Text),
    }
}

fn number(text: &str, timestamps: bool) -> Tagged {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return ("float", Scalar::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return ("float", Scalar::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    if timestamps && is_timestamp(text) {
        return ("timestamp", Scalar::Text);
    }
    let without;
    let plain = if text.contains('_') {
        without = text.replace('_', "");
        &without
    } else {
        text
    };
    if let Some(scalar) = integer(plain) {
        return ("int", scalar);
    }
    if is_decimal_float(plain)
        && let Ok(x) = plain.parse::<f64>()
        && x.is_finite()
    {
        return ("float", Scalar::Float(x));
    }
    // `-0b` with a second sign inside is read by none of the above.
    let binary = match plain.strip_prefix("-0b") {
        Some(digits) => i64::from_str_radix(&format!("-{digits}"), 2).ok().map(Scalar::Int),
        None => {
            plain.strip_prefix("0b").and_then(|digits| i64::from_str_radix(digits, 2).ok()).map(Scalar::Int)
        }
    };
    binary.map_or(("str", Scalar::Text), |scalar| ("int", scalar))
}

/// Go: `strconv.ParseInt(text, 0, 64)`, then `ParseUint`.
fn integer(text: &str) -> Option<Scalar> {
    let (negative, signed, digits) = match text.as_bytes() {
        [b'-', ..] => (true, true, &text[1..]),
        [b'+', ..] => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    match (negative, i64::try_from(value)) {
        (false, Ok(n)) => Some(Scalar::Int(n)),
        (true, Ok(n)) => Some(Scalar::Int(-n)),
        (true, Err(_)) if value == i64::MIN.unsigned_abs() => Some(Scalar::Int(i64::MIN)),
        (false, Err(_)) if !signed => Some(Scalar::Uint(value)),
        _ => None,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_decimal_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_whole = whole.len() < unsigned.len();
    let rest = match whole.strip_prefix('.') {
        Some(fraction) => {
            let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if !has_whole && rest.len() == fraction.len() {
                return false;
            }
            rest
        }
        None if has_whole => whole,
        None => return false,
    };
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => rest.is_empty(),
    }
}

/// Go: `strconv.ParseFloat` of a text that begins with a dot. An underscore may stand between two digits.
fn go_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let separated =
        (0..bytes.len()).all(|at| bytes[at] != b'_' || (at > 0 && digit(at - 1) && digit(at + 1)));
    let plain = text.replace('_', "");
    (separated && is_decimal_float(&plain))
        .then(|| plain.parse::<f64>().ok())
        .flatten()
        .filter(|x| x.is_finite())
}

/// Whether go-yaml takes the text for a timestamp. Go: yaml.v2 resolve.go `parseTimestamp`.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    timestamp(bytes).is_some()
}

fn timestamp(bytes: &[u8]) -> Option<()> {
    let year = bytes[..4].iter().fold(0u32, |year, byte| year * 10 + u32::from(byte - b'0'));
    let (month, rest) = short_number(&bytes[5..])?;
    let (day, rest) = short_number(rest.strip_prefix(b"-")?)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) {
        return None;
    }
    match rest {
        [] => Some(()),
        [b'T' | b't', time @ ..] => {
            let rest = clock(time)?;
            zone(rest)
        }
        [b' ', ..] => {
            let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
            clock(&rest[blanks..])?.is_empty().then_some(())
        }
        _ => None,
    }
}

/// A number of one or two digits.
fn short_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let digit = |byte: u8| u32::from(byte - b'0');
    match bytes {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Some((digit(*a) * 10 + digit(*b), rest)),
        [a @ b'0'..=b'9', rest @ ..] => Some((digit(*a), rest)),
        _ => None,
    }
}

/// Hours, minutes, seconds and perhaps a fraction.
fn clock(bytes: &[u8]) -> Option<&[u8]> {
    let (hour, rest) = short_number(bytes)?;
    let (minute, rest) = short_number(rest.strip_prefix(b":")?)?;
    let (second, rest) = short_number(rest.strip_prefix(b":")?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    match rest {
        [b'.' | b',', b'0'..=b'9', ..] => {
            let digits = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            Some(&rest[1 + digits..])
        }
        _ => Some(rest),
    }
}

fn zone(bytes: &[u8]) -> Option<()> {
    match bytes {
        [b'Z'] => Some(()),
        [b'+' | b'-', h1, h2, b':', m1, m2] if [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit()) => {
            let hours = short_number(&[*h1, *h2])?.0;
            let minutes = short_number(&[*m1, *m2])?.0;
            (hours <= 24 && minutes <= 60).then_some(())
        }
        _ => None,
    }
}
