//! [`Quantity`]: a Kubernetes amount (`500m`, `1Gi`, `2e3`), read, compared and written as apimachinery does.
//!
//! Source: k8s.io/apimachinery `pkg/api/resource` (`ParseQuantity`, `CanonicalizeBytes`).

use std::cmp::Ordering;

/// The family of suffixes that a quantity is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// `Ki`, `Mi` …
    BinarySi,
    /// `m`, `k`, `M` …
    DecimalSi,
    /// `e3`
    DecimalExponent,
}

const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// The smallest power of ten that a quantity can tell; finer amounts are rounded up to it.
const NANO: i32 = -9;

/// An amount: `mantissa * 10^exponent`, never finer than a billionth.
#[derive(Clone, Debug)]
pub struct Quantity {
    mantissa: i128,
    exponent: i32,
    format: Format,
    /// The text as it was given, where apimachinery keeps that as the canonical form.
    given: Option<String>,
}

impl Quantity {
    /// Reads a quantity; `None` where apimachinery refuses it, or where it has more than 30 digits.
    pub fn parse(text: &str) -> Option<Quantity> {
        let parts = Parts::of(text)?;
        let (format, exponent, shift) = interpret(parts.suffix)?;
        let digits = format!("{}{}", parts.whole, parts.fraction);
        if digits.len() > 30 || exponent.abs() > 1000 {
            return None;
        }
        let sign = if parts.negative { -1 } else { 1 };
        let magnitude: i128 = digits.parse().ok()?;
        let scale = exponent - parts.fraction.len() as i32;
        let given =
            is_canonical(&parts, &digits, magnitude, format, exponent, scale, shift).then(|| text.to_owned());
        let scaled = magnitude.saturating_mul(1i128 << shift);
        let (mantissa, exponent) = round_up(scaled, scale);
        let mut quantity = Quantity { mantissa: mantissa * sign, exponent, format, given };
        if format == Format::BinarySi {
            quantity.bound();
        }
        Some(quantity)
    }

    /// The amount rounded up to a whole number, saturating.
    pub fn ceil(&self) -> i64 {
        let (whole, _) = self.whole();
        whole.clamp(i64::MIN.into(), i64::MAX.into()) as i64
    }

    /// The canonical text of the amount rounded up to thousandths; `None` where it has none that are finer.
    pub fn to_thousandths(&self) -> Option<String> {
        if self.exponent >= -3 {
            return None;
        }
        let divisor = power_of_ten(-3 - self.exponent);
        let (quotient, remainder) = (self.mantissa / divisor, self.mantissa % divisor);
        if remainder == 0 {
            return None;
        }
        let mantissa = quotient + remainder.signum();
        Some(Quantity { mantissa, exponent: -3, format: self.format, given: None }.canonical())
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i64 {
        self.mantissa.signum() as i64
    }

    /// The sum with another amount, or the difference.
    pub fn plus(&self, other: &Quantity, is_minus: bool) -> Quantity {
        let exponent = self.exponent.min(other.exponent);
        let level = |q: &Quantity| q.mantissa.saturating_mul(power_of_ten(q.exponent - exponent));
        let (own, others) = (level(self), level(other));
        let mantissa = if is_minus { own.saturating_sub(others) } else { own.saturating_add(others) };
        let format = if self.is_zero() { other.format } else { self.format };
        Quantity { mantissa, exponent, format, given: None }
    }

    /// Whether its digits are those of an `int64`.
    pub fn is_short(&self) -> bool {
        i64::try_from(self.mantissa).is_ok()
    }

    /// The whole number that it is, where it is written as one.
    pub fn integer(&self) -> Option<i64> {
        let factor = 10_i128.checked_pow(u32::try_from(self.exponent).ok()?)?;
        i64::try_from(self.mantissa.checked_mul(factor)?).ok()
    }

    /// How many thousandths it is, where it is a whole number of them.
    pub fn thousandths(&self) -> Option<i128> {
        if self.exponent >= -3 {
            return self.mantissa.checked_mul(10_i128.checked_pow(u32::try_from(self.exponent + 3).ok()?)?);
        }
        let divisor = power_of_ten(-3 - self.exponent);
        (self.mantissa % divisor == 0).then(|| self.mantissa / divisor)
    }

    /// Its digits with a point in them and no suffix, without zeros at the end that say nothing.
    pub fn decimal(&self) -> String {
        if self.exponent >= 0 {
            return self.mantissa.saturating_mul(power_of_ten(self.exponent)).to_string();
        }
        let places = self.exponent.unsigned_abs() as usize;
        let digits = format!("{:0>1$}", self.mantissa.unsigned_abs(), places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        format!("{sign}{whole}.{part}")
    }

    /// Go: `AsApproximateFloat64`
    pub fn float(&self) -> f64 {
        let base = self.mantissa as f64;
        if self.exponent == 0 { base } else { base * 10_f64.powi(self.exponent) }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    /// The canonical text, as Kubernetes writes the quantity back.
    pub fn canonical(&self) -> String {
        if let Some(given) = &self.given {
            return given.clone();
        }
        if self.is_zero() {
            return "0".to_owned();
        }
        let (whole, exact) = self.whole();
        if self.format == Format::BinarySi && exact && whole.abs() >= 1024 {
            return binary_text(whole);
        }
        let format = if self.format == Format::BinarySi { Format::DecimalSi } else { self.format };
        self.decimal_text(format)
    }

    /// The value rounded up to a whole number (away from zero), and whether nothing was lost.
    fn whole(&self) -> (i128, bool) {
        if self.exponent >= 0 {
            return (self.mantissa.saturating_mul(power_of_ten(self.exponent)), true);
        }
        let divisor = power_of_ten(-self.exponent);
        let (quotient, remainder) = (self.mantissa / divisor, self.mantissa % divisor);
        (quotient + remainder.signum(), remainder == 0)
    }

    fn decimal_text(&self, format: Format) -> String {
        let (mut mantissa, mut exponent) = (self.mantissa, self.exponent);
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        let excess = exponent.rem_euclid(3);
        mantissa = mantissa.saturating_mul(power_of_ten(excess));
        exponent -= excess;
        let suffix = match format {
            Format::DecimalExponent if exponent == 0 => String::new(),
            Format::DecimalExponent => format!("e{exponent}"),
            _ => DECIMAL
                .iter()
                .find(|(_, e)| *e == exponent)
                .map_or_else(String::new, |(s, _)| (*s).to_owned()),
        };
        format!("{mantissa}{suffix}")
    }

    /// Binary amounts are capped at the largest `int64`, and those below one are shown as decimals.
    fn bound(&mut self) {
        let (whole, _) = self.whole();
        if whole.abs() > i64::MAX.into() {
            self.mantissa = i128::from(i64::MAX) * whole.signum();
            self.exponent = 0;
        }
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Quantity) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Quantity) -> Ordering {
        let low = self.exponent.min(other.exponent);
        let level = |q: &Quantity| q.mantissa.saturating_mul(power_of_ten(q.exponent - low));
        level(self).cmp(&level(other))
    }
}

/// The pieces of a quantity's text.
struct Parts<'a> {
    negative: bool,
    /// Digits before the point without leading zeros, at least one.
    whole: &'a str,
    /// Digits after the point.
    fraction: &'a str,
    suffix: &'a str,
}

impl Parts<'_> {
    /// apimachinery: quantity.go `parseQuantityString`.
    fn of(text: &str) -> Option<Parts<'_>> {
        if text.is_empty() {
            return None;
        }
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, rest) = split_digits(unsigned);
        let stripped = whole.trim_start_matches('0');
        let whole_given = !whole.is_empty();
        let whole = if stripped.is_empty() { "0" } else { stripped };
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), split_digits);
        let has_digits = whole_given || !fraction.is_empty();
        has_digits.then_some(Parts { negative, whole, fraction, suffix })
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// The format, decimal exponent and binary shift that a suffix means.
fn interpret(suffix: &str) -> Option<(Format, i32, u32)> {
    if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Some((Format::DecimalSi, *exponent, 0));
    }
    if let Some((_, shift)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        return Some((Format::BinarySi, 0, *shift));
    }
    let digits = suffix.strip_prefix(['e', 'E'])?;
    Some((Format::DecimalExponent, digits.parse().ok()?, 0))
}

/// Whether `ParseQuantity` takes its fast path and keeps the text as it is.
fn is_canonical(
    parts: &Parts,
    digits: &str,
    value: i128,
    format: Format,
    exponent: i32,
    scale: i32,
    shift: u32,
) -> bool {
    let length = digits.len() as i32;
    match format {
        Format::BinarySi => {
            let precision = 15 - length - shift as i32 * 3 / 10 - 1;
            parts.fraction.is_empty() && precision >= 0 && shift.is_multiple_of(10) && value & 7 != 0
        }
        Format::DecimalSi | Format::DecimalExponent => {
            let fits = 18 - length >= 0 && scale >= NANO && exponent >= NANO;
            fits && scale % 3 == 0 && !digits.ends_with("000") && !digits.starts_with('0')
        }
    }
}

/// Rounds an amount up to a multiple of a billionth.
fn round_up(mantissa: i128, exponent: i32) -> (i128, i32) {
    if exponent >= NANO {
        return (mantissa, exponent);
    }
    let divisor = power_of_ten(NANO - exponent);
    (mantissa / divisor + i128::from(mantissa % divisor != 0), NANO)
}

fn binary_text(whole: i128) -> String {
    let mut amount = whole;
    let mut level = 0;
    while level < BINARY.len() && amount % 1024 == 0 {
        amount /= 1024;
        level += 1;
    }
    let suffix = level.checked_sub(1).map_or("", |index| BINARY[index].0);
    format!("{amount}{suffix}")
}

fn power_of_ten(exponent: i32) -> i128 {
    10i128.checked_pow(exponent as u32).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_quantities_as_kubernetes_does() {
        for (given, want) in [
            ("0", "0"),
            ("500m", "500m"),
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("1Gi", "1Gi"),
            ("1023", "1023"),
            ("100000k", "100M"),
            ("1e3", "1e3"),
            ("1000e0", "1e3"),
            ("0.1Ki", "102400m"),
            ("12345678901234567890Ei", "9223372036854775807"),
            ("0.0000000001", "1n"),
            ("-500m", "-500m"),
        ] {
            assert_eq!(Quantity::parse(given).expect(given).canonical(), want, "{given}");
        }
        for bad in ["", "x", "1 Gi", "1GI", ".", "--1"] {
            assert!(Quantity::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn compares_across_suffixes() {
        let quantity = |text| Quantity::parse(text).expect(text);
        assert!(quantity("1Gi") > quantity("1G"));
        assert_eq!(quantity("1000m"), quantity("1"));
        assert_eq!(quantity("1500m").ceil(), 2);
    }
}
