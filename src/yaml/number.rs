//! Number texts as Go's `strconv` and its encoders write them.

use std::fmt::Write;

/// The shortest digits that read back as the number, and where the decimal point goes among them.
struct Shortest {
    negative: bool,
    digits: String,
    /// The number is `0.DIGITS` times ten to this power.
    point: i32,
}

/// The shortest digits of a float64. Where two are as near, Go takes the even one and Rust may take the other; that
/// happens only when nearly all digits count.
fn digits(x: f64) -> Shortest {
    let text = format!("{x:e}");
    let count = text.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    if count > 14 {
        let even = format!("{x:.*e}", count - 1);
        if even.parse() == Ok(x) {
            return shortest(&even);
        }
    }
    shortest(&text)
}

/// Takes Rust's `1.5e-7` apart.
fn shortest(text: &str) -> Shortest {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let digits = mantissa.replace('.', "");
    let point = if digits == "0" { 0 } else { exponent.parse::<i32>().unwrap_or(0) + 1 };
    let digits = if digits == "0" { String::new() } else { digits };
    Shortest { negative, digits, point }
}

impl Shortest {
    /// `%e`, the exponent with at least `width` digits.
    fn exponential(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at(1.min(self.digits.len()));
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let mut out = String::from(if self.negative { "-" } else { "" });
        out.push_str(if first.is_empty() { "0" } else { first });
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:0width$}", exponent.unsigned_abs());
        out
    }

    /// `%f`.
    fn plain(&self) -> String {
        let mut out = String::from(if self.negative { "-" } else { "" });
        if self.point <= 0 {
            out.push('0');
        } else {
            let whole = (self.point as usize).min(self.digits.len());
            out.push_str(&self.digits[..whole]);
            out.extend(std::iter::repeat_n('0', self.point as usize - whole));
        }
        let fraction = &self.digits[(self.point.max(0) as usize).min(self.digits.len())..];
        if !fraction.is_empty() {
            out.push('.');
            out.extend(std::iter::repeat_n('0', (-self.point).max(0) as usize));
            out.push_str(fraction);
        }
        out
    }

    fn general(&self) -> String {
        let exponent = self.point - 1;
        if (-4..6).contains(&exponent) { self.plain() } else { self.exponential(2) }
    }
}

fn not_finite(x: f64) -> &'static str {
    match (x.is_nan(), x > 0.0) {
        (true, _) => "NaN",
        (_, true) => "+Inf",
        _ => "-Inf",
    }
}

/// Go: `strconv.FormatFloat(x, 'g', -1, 64)`.
pub(super) fn format_g(x: f64) -> String {
    if !x.is_finite() {
        return not_finite(x).to_owned();
    }
    digits(x).general()
}

/// A float32 as yaml.v3 writes it.
pub(super) fn format_g32(x: f32) -> String {
    match not_finite_yaml(f64::from(x)) {
        Some(text) => text.to_owned(),
        None => shortest(&format!("{x:e}")).general(),
    }
}

/// A float key as sigs.k8s.io/yaml makes a JSON key of it: Go's `strconv.FormatFloat(x, 'g', -1, 32)`.
pub(super) fn float_key(x: f64) -> String {
    format_g32(x as f32)
}

/// How YAML writes a number that is none.
pub(super) fn not_finite_yaml(x: f64) -> Option<&'static str> {
    match not_finite(x) {
        _ if x.is_finite() => None,
        "NaN" => Some(".nan"),
        "+Inf" => Some(".inf"),
        _ => Some("-.inf"),
    }
}

/// A finite float as encoding/json writes it. Go: encode.go `floatEncoder`.
pub(super) fn format_json(x: f64) -> String {
    let size = x.abs();
    json_form(&digits(x), size != 0.0 && !(1e-6..1e21).contains(&size))
}

/// A finite float32 as encoding/json writes it.
pub(super) fn format_json32(x: f32) -> String {
    let size = x.abs();
    json_form(&shortest(&format!("{x:e}")), size != 0.0 && !(1e-6..1e21).contains(&size))
}

fn json_form(digits: &Shortest, exponential: bool) -> String {
    // JSON's exponents have no leading zero when negative: e-9, not e-09.
    match (exponential, digits.point <= 0) {
        (false, _) => digits.plain(),
        (true, true) => digits.exponential(1),
        (true, false) => digits.exponential(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn general_form() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (100_000.0, "100000"),
            (1e6, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e300, "1.5e+300"),
            (-2.5, "-2.5"),
            (f64::INFINITY, "+Inf"),
        ];
        for (x, text) in cases {
            assert_eq!(format_g(x), text);
        }
    }

    #[test]
    fn json_form() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.5e-10, "1.5e-10"),
            (1.5e300, "1.5e+300"),
            (123_456_789.5, "123456789.5"),
        ];
        for (x, text) in cases {
            assert_eq!(format_json(x), text);
        }
    }
}
