//! Floats as text. Go: internal/strconv ftoa.go and atof.go. Rust finds the digits, which are the same (shortest that
//! read back, or exact); their layout is Go's.

use super::{Cause, NumError, underscores_stand_well};

/// More significant digits than these a float64 does not have (767) nor ask for before the point (309).
const MOST_DIGITS: usize = 1100;

/// Decimal digits of a float without trailing zeros: `0.d1d2d3… * 10^point`. Zero has none.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

/// Go: `strconv.FormatFloat`. `format` is one of `e E f g G b x X`; `precision` `None` is Go's -1, the fewest digits that
/// read back; `bits` is 32 or 64.
pub fn format_float(x: f64, format: u8, precision: Option<usize>, bits: u32) -> String {
    if x.is_nan() {
        return "NaN".to_owned();
    }
    if x.is_infinite() {
        return if x > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let mut out = String::new();
    if x.is_sign_negative() {
        out.push('-');
    }
    let x = x.abs();
    match format {
        b'b' => push_b(&mut out, x, bits),
        b'x' | b'X' => push_x(&mut out, x, precision, format, bits),
        b'e' | b'E' => {
            let digits = match precision {
                None => shortest(x, bits),
                Some(precision) => rounded(x, precision + 1, bits),
            };
            let precision = precision.unwrap_or(digits.digits.len().saturating_sub(1));
            push_e(&mut out, &digits, precision, format);
        }
        b'f' => push_f_rounded(&mut out, x, precision, bits),
        b'g' | b'G' => push_g(&mut out, x, precision, format, bits),
        _ => {
            out.clear();
            out.push('%');
            out.push(format.into());
        }
    }
    out
}

fn shortest(x: f64, bits: u32) -> Digits {
    digits(&if bits == 32 { format!("{:e}", x as f32) } else { format!("{x:e}") })
}

/// `count` significant digits, at least one.
fn rounded(x: f64, count: usize, bits: u32) -> Digits {
    let x = if bits == 32 { f64::from(x as f32) } else { x };
    digits(&format!("{x:.*e}", count.clamp(1, MOST_DIGITS) - 1))
}

/// Reads Rust's `d.ddde±x`.
fn digits(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(|byte| *byte != b'.').collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    let point = if digits.is_empty() { 0 } else { exponent.parse::<i32>().unwrap_or(0) + 1 };
    Digits { digits, point }
}

/// Go: ftoa.go `formatDigits`, case g.
fn push_g(out: &mut String, x: f64, precision: Option<usize>, format: u8, bits: u32) {
    let digits = match precision {
        None => shortest(x, bits),
        Some(precision) => rounded(x, precision, bits),
    };
    let count = digits.digits.len();
    let precision_given = precision.map(|precision| precision.max(1));
    let mut precision = precision_given.unwrap_or(count);
    let mut limit = precision;
    if limit > count && count as i64 >= i64::from(digits.point) {
        limit = count;
    }
    if precision_given.is_none() {
        limit = 6;
    }
    // Shortest %e is used if the exponent is less than -4 or at least `limit`.
    let exponent = i64::from(digits.point) - 1;
    if exponent < -4 || exponent >= limit as i64 {
        precision = precision.min(count);
        return push_e(out, &digits, precision.saturating_sub(1), format + b'e' - b'g');
    }
    if precision as i64 > i64::from(digits.point) {
        precision = count;
    }
    let after_point = (precision as i64 - i64::from(digits.point)).max(0);
    push_f(out, &digits, after_point as usize);
}

/// Go: ftoa.go `fmtE`.
fn push_e(out: &mut String, digits: &Digits, precision: usize, letter: u8) {
    let digit = |place: usize| char::from(*digits.digits.get(place).unwrap_or(&b'0'));
    out.push(digit(0));
    if precision > 0 {
        out.push('.');
        out.extend((1..=precision).map(digit));
    }
    let exponent = if digits.digits.is_empty() { 0 } else { digits.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("{}{sign}{:02}", char::from(letter), exponent.unsigned_abs()));
}

/// Go: ftoa.go `fmtF`.
fn push_f(out: &mut String, digits: &Digits, precision: usize) {
    let digit = |place: i64| {
        let known = usize::try_from(place).ok().and_then(|place| digits.digits.get(place));
        char::from(*known.unwrap_or(&b'0'))
    };
    let point = i64::from(digits.point);
    if point > 0 {
        out.extend((0..point).map(digit));
    } else {
        out.push('0');
    }
    if precision > 0 {
        out.push('.');
        out.extend((point..point + precision as i64).map(digit));
    }
}

fn push_f_rounded(out: &mut String, x: f64, precision: Option<usize>, bits: u32) {
    let Some(precision) = precision else {
        let digits = shortest(x, bits);
        let after_point = (digits.digits.len() as i64 - i64::from(digits.point)).max(0);
        return push_f(out, &digits, after_point as usize);
    };
    let x = if bits == 32 { f64::from(x as f32) } else { x };
    let exact = precision.min(MOST_DIGITS);
    out.push_str(&format!("{x:.exact$}"));
    out.extend(std::iter::repeat_n('0', precision - exact));
}

/// Mantissa and binary exponent (of the mantissa's leading 1) of a float that is not negative.
fn parts(x: f64, bits: u32) -> (u64, i32, u32) {
    let (raw, mantissa_bits, exponent_bits, bias) = if bits == 32 {
        (u64::from((x as f32).to_bits()), 23, 8, -127)
    } else {
        (x.to_bits(), 52, 11, -1023)
    };
    let exponent = (raw >> mantissa_bits) as i32 & ((1 << exponent_bits) - 1);
    let mantissa = raw & ((1 << mantissa_bits) - 1);
    if exponent == 0 {
        (mantissa, bias + 1, mantissa_bits)
    } else {
        (mantissa | 1 << mantissa_bits, exponent + bias, mantissa_bits)
    }
}

/// Go: ftoa.go `fmtB`.
fn push_b(out: &mut String, x: f64, bits: u32) {
    let (mantissa, exponent, mantissa_bits) = parts(x, bits);
    out.push_str(&format!("{mantissa}p{:+}", exponent - mantissa_bits as i32));
}

/// Go: ftoa.go `fmtX`.
fn push_x(out: &mut String, x: f64, precision: Option<usize>, format: u8, bits: u32) {
    let (mut mantissa, mut exponent, mantissa_bits) = parts(x, bits);
    if mantissa == 0 {
        exponent = 0;
    }
    // The leading 1, if any, goes to bit 60.
    mantissa <<= 60 - mantissa_bits;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(precision) = precision.filter(|precision| *precision < 15) {
        let shift = precision as u32 * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let upper = format == b'X';
    out.push('0');
    out.push(format.into());
    out.push(if mantissa >> 60 & 1 == 1 { '1' } else { '0' });
    mantissa <<= 4;
    let mut fraction = String::new();
    while precision.map_or(mantissa != 0, |precision| fraction.len() < precision) {
        let digit = char::from_digit((mantissa >> 60 & 15) as u32, 16).unwrap_or('0');
        fraction.push(if upper { digit.to_ascii_uppercase() } else { digit });
        mantissa <<= 4;
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(&fraction);
    }
    let letter = if upper { 'P' } else { 'p' };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("{letter}{sign}{:02}", exponent.unsigned_abs()));
}

/// Go: `strconv.ParseFloat(text, 64)`.
pub fn parse_float(text: impl AsRef<[u8]>) -> Result<f64, NumError<f64>> {
    let text = text.as_ref();
    let fail = |cause, value| Err(NumError::new("ParseFloat", text, cause, value));
    if let Some(x) = special(text) {
        return Ok(x);
    }
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let hex = unsigned.len() > 2 && unsigned[0] == b'0' && unsigned[1] | 0x20 == b'x';
    if text.contains(&b'_') && !underscores_stand_well(text) {
        return fail(Cause::Syntax, 0.0);
    }
    let plain: String = unsigned.iter().filter(|byte| **byte != b'_').map(|byte| char::from(*byte)).collect();
    let magnitude = if hex { hexadecimal(&plain[2..]) } else { decimal(&plain) };
    let Some(magnitude) = magnitude else { return fail(Cause::Syntax, 0.0) };
    let x = if text.first() == Some(&b'-') { -magnitude } else { magnitude };
    if x.is_infinite() { fail(Cause::Range, x) } else { Ok(x) }
}

/// Go: atof.go `special`.
fn special(text: &[u8]) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    match lower.as_slice() {
        b"nan" => Some(f64::NAN),
        b"inf" | b"+inf" | b"infinity" | b"+infinity" => Some(f64::INFINITY),
        b"-inf" | b"-infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<f64> {
    // Rust also reads `inf` and signs, which cannot come after a sign here.
    text.starts_with(|c: char| c.is_ascii_digit() || c == '.').then(|| text.parse().ok())?
}

/// `h.hhhp±d`, the exponent being a must. Go: atof.go `readFloat` and `atofHex`.
fn hexadecimal(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once(['p', 'P'])?;
    let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if exponent_digits.is_empty() || !exponent_digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut mantissa: u64 = 0;
    // The binary exponent of the lowest bit of the mantissa.
    let mut scale: i64 = 0;
    for (place, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(c.to_digit(16)?);
        let behind = place >= whole.len();
        if mantissa >> 59 == 0 {
            mantissa = mantissa << 4 | digit;
            scale -= if behind { 4 } else { 0 };
        } else {
            // Too many digits: those beyond only say whether the mantissa is exact.
            mantissa |= u64::from(digit != 0);
            scale += if behind { 0 } else { 4 };
        }
    }
    let magnitude: i64 = exponent_digits
        .bytes()
        .fold(0, |n, byte| if n < 10_000 { n * 10 + i64::from(byte - b'0') } else { n });
    let exponent = if exponent.starts_with('-') { -magnitude } else { magnitude };
    Some(scaled(mantissa, scale.saturating_add(exponent)))
}

/// `mantissa * 2^exponent`, rounded once, to even.
fn scaled(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let shift = mantissa.leading_zeros();
    let mantissa = mantissa << shift;
    // The exponent of the leading 1.
    let top = exponent - i64::from(shift) + 63;
    if top > 1023 {
        return f64::INFINITY;
    }
    // A normal number keeps 53 bits, a denormal as many as lie above 2^-1074.
    let kept = (top + 1075).clamp(0, 53) as u32;
    if kept == 0 {
        return if top == -1075 && mantissa > 1 << 63 { f64::from_bits(1) } else { 0.0 };
    }
    let dropped = 64 - kept;
    let half = 1_u64 << (dropped - 1);
    let rest = mantissa & ((half << 1).wrapping_sub(1));
    let mut bits = mantissa >> dropped;
    if rest > half || rest == half && bits & 1 == 1 {
        bits += 1;
    }
    // Both factors are exact; the product overflows to infinity just where Go says so.
    let low = top - i64::from(kept) + 1;
    let (first, second) = (low / 2, low - low / 2);
    bits as f64 * 2_f64.powi(first as i32) * 2_f64.powi(second as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_go() {
        let g = |x| format_float(x, b'g', None, 64);
        assert_eq!(g(1e6), "1e+06");
        assert_eq!(g(1_234_567.0), "1.234567e+06");
        assert_eq!(g(0.00001), "1e-05");
        assert_eq!(g(123_456.0), "123456");
        assert_eq!(g(1e20), "1e+20");
        assert_eq!(g(-0.0), "-0");
        assert_eq!(g(f64::NAN), "NaN");
        assert_eq!(g(f64::NEG_INFINITY), "-Inf");
        assert_eq!(format_float(2.5, b'f', Some(0), 64), "2");
        assert_eq!(format_float(0.1, b'g', None, 32), "0.1");
        assert_eq!(format_float(1.0, b'x', None, 64), "0x1p+00");
        assert_eq!(format_float(100.0, b'g', Some(3), 64), "100");
        assert_eq!(format_float(1.0, b'b', None, 64), "4503599627370496p-52");
    }

    #[test]
    fn floats_read_as_in_go() {
        assert_eq!(parse_float("0x1.8p1"), Ok(3.0));
        assert_eq!(parse_float("0x_1p-2"), Ok(0.25));
        assert_eq!(parse_float(".5"), Ok(0.5));
        assert_eq!(parse_float("5."), Ok(5.0));
        assert_eq!(parse_float("1_23.50_0_0e+1_2"), Ok(1.235e14));
        assert_eq!(parse_float("-iNf"), Ok(f64::NEG_INFINITY));
        assert_eq!(parse_float("1e400").unwrap_err().value, f64::INFINITY);
        assert_eq!(parse_float("0x1p-1074"), Ok(5e-324));
        assert_eq!(parse_float("0x1p-1075"), Ok(0.0));
        for text in
            ["", ".", "1__0", "1_.0", "0x1", "0xp1", "e5", "1e", "+-1", "infin", "--inf", "0x1p", " 1", "1 "]
        {
            assert_eq!(parse_float(text).map_err(|error| error.cause), Err(Cause::Syntax), "{text}");
        }
    }
}
