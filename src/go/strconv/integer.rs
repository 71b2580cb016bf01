//! Integers read from text. Go: internal/strconv atoi.go.

use super::{Cause, NumError, underscores_stand_well};

/// Go: `strconv.ParseInt`: base 0 reads `0x`, `0o`, `0b`, `0` prefixes and underscores; `bits` 0 means 64.
pub fn parse_int(text: impl AsRef<[u8]>, base: u32, bits: u32) -> Result<i64, NumError<i64>> {
    signed(text.as_ref(), base, bits, "ParseInt")
}

/// Go: `strconv.ParseUint`, as [`parse_int`] but without a sign.
pub fn parse_uint(text: impl AsRef<[u8]>, base: u32, bits: u32) -> Result<u64, NumError<u64>> {
    let text = text.as_ref();
    unsigned(text, base, bits).map_err(|(cause, value)| NumError::new("ParseUint", text, cause, value))
}

/// Go: `strconv.Atoi`.
pub fn atoi(text: impl AsRef<[u8]>) -> Result<i64, NumError<i64>> {
    signed(text.as_ref(), 10, 64, "Atoi")
}

fn signed(text: &[u8], base: u32, bits: u32, function: &'static str) -> Result<i64, NumError<i64>> {
    let fail = |cause, value| Err(NumError::new(function, text, cause, value));
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let magnitude = match unsigned(digits, base, bits) {
        Err((Cause::Syntax, _)) => return fail(Cause::Syntax, 0),
        Ok(n) | Err((Cause::Range, n)) => n,
    };
    let bits = if bits == 0 { 64 } else { bits };
    let cutoff = 1_u64 << (bits - 1);
    match negative {
        false if magnitude >= cutoff => fail(Cause::Range, (cutoff - 1) as i64),
        true if magnitude > cutoff => fail(Cause::Range, (cutoff as i64).wrapping_neg()),
        false => Ok(magnitude as i64),
        true => Ok((magnitude as i64).wrapping_neg()),
    }
}

/// The number, or why it is none and what Go returns then.
fn unsigned(text: &[u8], base: u32, bits: u32) -> Result<u64, (Cause, u64)> {
    const SYNTAX: (Cause, u64) = (Cause::Syntax, 0);
    if text.is_empty() {
        return Err(SYNTAX);
    }
    let (radix, digits) = if base == 0 { prefix(text) } else { (base, text) };
    let max = if bits == 0 || bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
    let mut underscores = false;
    let mut n: u64 = 0;
    for &byte in digits {
        if byte == b'_' && base == 0 {
            underscores = true;
            continue;
        }
        let digit = char::from(byte).to_digit(36).filter(|digit| *digit < radix).ok_or(SYNTAX)?;
        n = n
            .checked_mul(radix.into())
            .and_then(|n| n.checked_add(digit.into()))
            .filter(|n| *n <= max)
            .ok_or((Cause::Range, max))?;
    }
    if underscores && !underscores_stand_well(text) { Err(SYNTAX) } else { Ok(n) }
}

/// The base that the prefix names, and the rest.
fn prefix(text: &[u8]) -> (u32, &[u8]) {
    match text {
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', ..] => (8, &text[1..]),
        _ => (10, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_read_as_in_go() {
        assert_eq!(parse_int("0x_1F", 0, 0), Ok(31));
        assert_eq!(parse_int("017", 0, 0), Ok(15));
        assert_eq!(parse_int("0", 0, 0), Ok(0));
        assert_eq!(parse_int("-0b11", 0, 0), Ok(-3));
        assert_eq!(parse_int("-9223372036854775808", 10, 64), Ok(i64::MIN));
        assert_eq!(parse_int("128", 10, 8).unwrap_err().value, 127);
        assert_eq!(atoi("99999999999999999999").unwrap_err().value, i64::MAX);
        for text in ["", "-", "1__2", "_1", "1_", "0x", "08", "1.0", "--1"] {
            assert_eq!(parse_int(text, 0, 64).unwrap_err().cause, Cause::Syntax, "{text}");
        }
        let error = parse_int("x\n", 10, 64).unwrap_err().to_string();
        assert_eq!(error, r#"strconv.ParseInt: parsing "x\n": invalid syntax"#);
    }
}
