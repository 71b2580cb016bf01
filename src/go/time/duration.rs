//! [`Duration`]: nanoseconds in an `int64`, printed and parsed as Go does.

use std::fmt;

use super::quote::quote;

/// Go: `time.Duration`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub i64);

impl Duration {
    /// Go: `Duration.Seconds`, `Minutes` and `Hours`, by the number of nanoseconds in the unit: whole units and the rest are
    /// divided apart, which decides the last bit.
    pub fn in_units(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }

    /// Go: `Duration.Truncate`.
    pub fn truncate(self, multiple: Duration) -> Duration {
        if multiple.0 <= 0 { self } else { Duration(self.0 - self.0 % multiple.0) }
    }

    /// Go: `Duration.Round`: halves away from zero, saturating.
    pub fn round(self, multiple: Duration) -> Duration {
        if multiple.0 <= 0 {
            return self;
        }
        let rest = (self.0 % multiple.0).unsigned_abs();
        let up = rest >= multiple.0 as u64 - rest;
        let down = Duration(self.0 - self.0 % multiple.0);
        match (up, self.0 < 0) {
            (false, _) => down,
            (true, false) => Duration(down.0.saturating_add(multiple.0)),
            (true, true) => Duration(down.0.saturating_sub(multiple.0)),
        }
    }

    /// Go: `Duration.Abs`, saturating.
    pub fn abs(self) -> Duration {
        Duration(self.0.saturating_abs())
    }
}

/// Go: `Duration.String`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match nanoseconds {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{nanoseconds}ns"),
            1_000..1_000_000 => write!(f, "{}µs", Fraction(nanoseconds, 3)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", Fraction(nanoseconds, 6)),
            _ => {
                let seconds = nanoseconds / 1_000_000_000;
                let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
                if hours > 0 {
                    write!(f, "{hours}h")?;
                }
                if seconds >= 60 {
                    write!(f, "{minutes}m")?;
                }
                write!(f, "{}s", Fraction(nanoseconds % 60_000_000_000, 9))
            }
        }
    }
}

/// A number with so many digits after the point, the zeros at its end left out.
struct Fraction(u64, u32);

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fraction(number, digits) = *self;
        let unit = 10_u64.pow(digits);
        write!(f, "{}", number / unit)?;
        if number % unit != 0 {
            let text = format!("{:0width$}", number % unit, width = digits as usize);
            write!(f, ".{}", text.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// Go: `time.ParseDuration`; the error is Go's text.
pub fn parse_duration(text: &[u8]) -> Result<Duration, String> {
    let fail = |message: &str| Err(format!("time: {message} {}", quote(text)));
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if rest == b"0" {
        return Ok(Duration(0));
    }
    if rest.is_empty() {
        return fail("invalid duration");
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let before = rest.len();
        let Some((whole, after)) = leading_int(rest) else { return fail("invalid duration") };
        let mut digits = before != after.len();
        rest = after;
        let (mut fraction, mut scale) = (0, 1.0);
        if let [b'.', after @ ..] = rest {
            let before = after.len();
            (fraction, scale, rest) = leading_fraction(after);
            digits |= before != rest.len();
        }
        if !digits {
            return fail("invalid duration");
        }
        let end = rest.iter().position(|c| matches!(c, b'.' | b'0'..=b'9')).unwrap_or(rest.len());
        if end == 0 {
            return fail("missing unit in duration");
        }
        let Some(unit) = unit(&rest[..end]) else {
            return fail(&format!("unknown unit {} in duration", quote(&rest[..end])));
        };
        rest = &rest[end..];
        match add(total, whole, fraction, scale, unit) {
            Some(sum) => total = sum,
            None => return fail("invalid duration"),
        }
    }
    match (negative, i64::try_from(total)) {
        (true, _) => Ok(Duration((total as i64).wrapping_neg())),
        (false, Ok(total)) => Ok(Duration(total)),
        (false, Err(_)) => fail("invalid duration"),
    }
}

/// `total` plus `whole` and a fraction of the unit, where it stays within 2⁶³.
fn add(total: u64, whole: u64, fraction: u64, scale: f64, unit: u64) -> Option<u64> {
    const LIMIT: u64 = 1 << 63;
    if whole > LIMIT / unit {
        return None;
    }
    let mut part = whole * unit;
    if fraction > 0 {
        part = part.checked_add((fraction as f64 * (unit as f64 / scale)) as u64)?;
    }
    total.checked_add(part).filter(|sum| part <= LIMIT && *sum <= LIMIT)
}

fn unit(name: &[u8]) -> Option<u64> {
    Some(match std::str::from_utf8(name).ok()? {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Go: format.go `leadingInt`: the number at the start, at most 2⁶³, and what follows it.
pub fn leading_int(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut number: u64 = 0;
    for (index, c) in text.iter().enumerate() {
        if !c.is_ascii_digit() {
            return Some((number, &text[index..]));
        }
        number = number.checked_mul(10)?.checked_add(u64::from(c - b'0'))?;
        if number > 1 << 63 {
            return None;
        }
    }
    Some((number, &[]))
}

/// Go: format.go `leadingFraction`: the digits at the start as a number and its scale; digits too many are dropped.
fn leading_fraction(text: &[u8]) -> (u64, f64, &[u8]) {
    let end = text.iter().position(|c| !c.is_ascii_digit()).unwrap_or(text.len());
    let (mut number, mut scale) = (0_u64, 1.0);
    for c in &text[..end] {
        if number > ((1 << 63) - 1) / 10 {
            break;
        }
        let next = number * 10 + u64::from(c - b'0');
        if next > 1 << 63 {
            break;
        }
        number = next;
        scale *= 10.0;
    }
    (number, scale, &text[end..])
}
