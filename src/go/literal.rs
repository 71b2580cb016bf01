//! Number literals of Go source, as `strconv.ParseUint`, `ParseInt` (base 0) and `ParseFloat` read them: base prefixes,
//! underscores, hexadecimal floats. `None` stands for any error, range included.

/// Go: `strconv.ParseUint(text, 0, 64)`.
pub fn parse_uint(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', _, ..] => (16, &lower[2..]),
        [b'0', b'b', _, ..] => (2, &lower[2..]),
        [b'0', b'o', _, ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    let plain = digits.replace('_', "");
    if plain.is_empty() || plain.starts_with(['+', '-']) || !underscores_ok(text) {
        return None;
    }
    u64::from_str_radix(&plain, radix).ok()
}

/// Go: `strconv.ParseInt(text, 0, 64)`.
pub fn parse_int(text: &str) -> Option<i64> {
    let (negative, magnitude) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = parse_uint(magnitude)?;
    if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// Go: `strconv.ParseFloat(text, 64)` of a literal (no `inf`, no `nan`).
pub fn parse_float(text: &str) -> Option<f64> {
    if !underscores_ok(text) {
        return None;
    }
    let plain = text.replace('_', "").to_ascii_lowercase();
    let (sign, body) = match plain.as_bytes().first()? {
        b'-' => (-1.0, &plain[1..]),
        b'+' => (1.0, &plain[1..]),
        _ => (1.0, plain.as_str()),
    };
    let number = match body.strip_prefix("0x") {
        Some(hex) => parse_hex_float(hex)?,
        None if body.starts_with(|c: char| c.is_ascii_digit() || c == '.') => body.parse().ok()?,
        None => return None,
    };
    number.is_finite().then_some(sign * number)
}

/// The part of a hexadecimal float after `0x`: digits, perhaps a point, and an exponent that must be there.
fn parse_hex_float(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once('p')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || exponent.ends_with(['+', '-']) {
        return None;
    }
    // Longer exponents make zero or infinity all the same.
    let exponent = exponent.parse::<i64>().ok()?.clamp(-100_000, 100_000);
    let mut mantissa: u64 = 0;
    let mut scale = exponent;
    for (at, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        let after_point = at >= whole.len();
        if mantissa >> 59 == 0 {
            mantissa = mantissa << 4 | digit;
            scale -= if after_point { 4 } else { 0 };
        } else {
            // The lowest bit stands for everything that is cut off, so that rounding stays right.
            mantissa |= u64::from(digit != 0);
            scale += if after_point { 0 } else { 4 };
        }
    }
    Some(scale_by_power_of_two(mantissa, scale))
}

/// `mantissa * 2^scale`, rounded once, to even.
fn scale_by_power_of_two(mantissa: u64, scale: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let shift = i64::from(mantissa.leading_zeros());
    let (mantissa, scale) = (mantissa << shift, scale - shift);
    // The value is 1.xxx * 2^top.
    let top = scale + 63;
    if top > 1023 {
        return f64::INFINITY;
    }
    let kept = if top >= -1022 { 53 } else { (53 - (-1022 - top)).max(0) };
    let cut = 64 - kept;
    if cut > 64 {
        return 0.0;
    }
    let (high, low, half) = if cut == 64 {
        (0, u128::from(mantissa), 1_u128 << 63)
    } else {
        (mantissa >> cut, u128::from(mantissa & ((1 << cut) - 1)), 1_u128 << (cut - 1))
    };
    let rounded = high + u64::from(low > half || (low == half && high & 1 == 1));
    // `rounded` fits 53 bits, so each of the two products is exact unless it overflows.
    let exponent = (scale + cut).clamp(-1074, 1023) as i32;
    let first = exponent.max(-1000);
    rounded as f64 * 2_f64.powi(first) * 2_f64.powi(exponent - first)
}

/// Go: `strconv.underscoreOK`.
fn underscores_ok(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text).to_ascii_lowercase();
    let bytes = text.as_bytes();
    let prefixed = matches!(bytes, [b'0', b'b' | b'o' | b'x', ..]);
    let hex = bytes.starts_with(b"0x");
    let mut saw = if prefixed { b'0' } else { b'^' };
    for &byte in &bytes[if prefixed { 2 } else { 0 }..] {
        if byte.is_ascii_digit() || hex && matches!(byte, b'a'..=b'f') {
            saw = b'0';
        } else if byte == b'_' {
            if saw != b'0' {
                return false;
            }
            saw = b'_';
        } else {
            if saw == b'_' {
                return false;
            }
            saw = b'!';
        }
    }
    saw != b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_integers_of_every_base() {
        assert_eq!(parse_int("0x_1F"), Some(31));
        assert_eq!(parse_int("-0b11"), Some(-3));
        assert_eq!(parse_int("017"), Some(15));
        assert_eq!(parse_int("0o17"), Some(15));
        assert_eq!(parse_int("1_000"), Some(1000));
        assert_eq!(parse_int("-9223372036854775808"), Some(i64::MIN));
        for bad in ["1__0", "_1", "1_", "089", "0x", "", "9223372036854775808", "+-1", "1.0"] {
            assert_eq!(parse_int(bad), None, "{bad}");
        }
    }

    #[test]
    fn reads_floats() {
        assert_eq!(parse_float("1_0.5e1"), Some(105.0));
        assert_eq!(parse_float("0x1p-2"), Some(0.25));
        assert_eq!(parse_float("-0x.8p1"), Some(-1.0));
        assert_eq!(parse_float("0x1.fffffffffffff8p0"), Some(2.0));
        assert_eq!(parse_float("0x1p-1074"), Some(5e-324));
        assert_eq!(parse_float("0x1p-1076"), Some(0.0));
        for bad in ["1e999", "0x1p1024", "0x1", "inf", ".", "1e", "0x.p1", "1_.5"] {
            assert_eq!(parse_float(bad), None, "{bad}");
        }
    }
}
