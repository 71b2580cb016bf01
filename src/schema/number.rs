//! [`Number`]: a number as it is written, compared exactly. Go: math/big's `Rat`, read from the printed number.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use num_bigint::{BigInt, Sign};

use crate::go::strconv::format_float;

/// The largest power of ten that is read. Go: math/big ratconv.go `Rat.SetString`.
const LARGEST_EXPONENT: i64 = 1_000_000;
/// The most digits that are read; Go reads all, which takes for ever.
const MOST_DIGITS: usize = 10_000;

/// A number.
#[derive(Clone, Debug)]
pub enum Number {
    /// An integer of the values.
    Int(i64),
    /// A float of the values.
    Float(f64),
    /// A number as a schema writes it.
    Written(Rc<Written>),
}

/// The text of a number, and what it says once somebody has read it.
#[derive(Debug)]
pub struct Written {
    text: String,
    decimal: OnceCell<Option<Decimal>>,
}

/// `mantissa` × 10^`exponent`.
#[derive(Clone, Debug)]
struct Decimal {
    mantissa: BigInt,
    exponent: i64,
    /// How many digits the mantissa has.
    digits: usize,
}

impl Number {
    /// The number as it is written in JSON.
    pub fn written(text: &str) -> Number {
        match text.parse::<i64>() {
            // Minus nought is printed as such.
            Ok(n) if text != "-0" => Number::Int(n),
            _ => Number::Written(Rc::new(Written { text: text.to_owned(), decimal: OnceCell::new() })),
        }
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        match self {
            Number::Int(n) => *n as f64,
            // Go's rational numbers know no minus nought.
            Number::Float(x) => *x + 0.0,
            Number::Written(it) => it.text.parse::<f64>().unwrap_or_default() + 0.0,
        }
    }

    /// Whether it is so long that Go does not read it.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Number::Written(_)) && self.decimal().is_none()
    }

    fn decimal(&self) -> Option<Decimal> {
        match self {
            Number::Int(n) => Decimal::parse(&n.to_string()),
            Number::Float(x) => Decimal::parse(&format_float(*x, b'e', None, 64)),
            Number::Written(it) => it.decimal.get_or_init(|| Decimal::parse(&it.text)).clone(),
        }
    }

    /// Go: `Rat.Cmp`; `None` where one of them cannot be read.
    pub fn compare(&self, other: &Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => Some(a.cmp(b)),
            _ => Some(self.decimal()?.compare(&other.decimal()?)),
        }
    }

    /// Go: `Rat.IsInt`; what cannot be read is none.
    pub fn is_integer(&self) -> bool {
        match self {
            Number::Int(_) => true,
            _ => self.decimal().is_some_and(|it| it.is_multiple_of(&Decimal::one())),
        }
    }

    /// Whether the quotient is an integer; `None` where one of them cannot be read.
    pub fn is_multiple_of(&self, other: &Number) -> Option<bool> {
        Some(self.decimal()?.is_multiple_of(&other.decimal()?))
    }

    /// As a number of things, if it is an integer. Go: objcompiler.go `intVal`, which keeps the low 64 bits.
    pub fn to_count(&self) -> Option<i64> {
        if let Number::Int(n) = self {
            return Some(*n);
        }
        let Decimal { mantissa, exponent, .. } = self.decimal()?;
        if !self.is_integer() {
            return None;
        }
        let power = ten_to(exponent.unsigned_abs().min(64 + mantissa.bits()));
        let whole = if exponent < 0 { mantissa / power } else { mantissa * power };
        let low = whole.magnitude().iter_u64_digits().next().unwrap_or_default() as i64;
        Some(if whole.sign() == Sign::Minus { low.wrapping_neg() } else { low })
    }
}

impl Display for Number {
    /// Go: `fmt.Sprint`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(n) => write!(f, "{n}"),
            Number::Float(x) => f.write_str(&crate::value::print::sprint(&(*x).into()).to_str()),
            Number::Written(it) => f.write_str(&it.text),
        }
    }
}

fn ten_to(exponent: u64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(u32::MAX))
}

impl Decimal {
    fn one() -> Decimal {
        Decimal { mantissa: BigInt::from(1), exponent: 0, digits: 1 }
    }

    /// What JSON, or Go, writes for a number; `None` beyond Go's limit.
    fn parse(text: &str) -> Option<Decimal> {
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let written = format!("{whole}{fraction}");
        if written.len() > MOST_DIGITS {
            return None;
        }
        let mantissa: BigInt = written.parse().ok()?;
        let digits = written.trim_start_matches(['-', '0']).len();
        let exponent: i64 = exponent.parse().ok()?;
        if mantissa.sign() == Sign::NoSign {
            return Some(Decimal { mantissa, exponent: 0, digits: 1 });
        }
        let exponent = exponent.checked_sub(fraction.len() as i64)?;
        (exponent.abs() <= LARGEST_EXPONENT).then_some(Decimal { mantissa, exponent, digits })
    }

    /// The place of the first digit before the point.
    fn magnitude(&self) -> i64 {
        self.digits as i64 + self.exponent
    }

    fn compare(&self, other: &Decimal) -> Ordering {
        let signs = self.mantissa.sign().cmp(&other.mantissa.sign());
        if signs != Ordering::Equal || self.mantissa.sign() == Sign::NoSign {
            return signs;
        }
        let sizes = self.magnitude().cmp(&other.magnitude());
        if sizes != Ordering::Equal {
            return if self.mantissa.sign() == Sign::Minus { sizes.reverse() } else { sizes };
        }
        // Of one magnitude: the exponents differ by no more than the mantissas have digits.
        let low = self.exponent.min(other.exponent);
        let aligned = |it: &Decimal| &it.mantissa * ten_to((it.exponent - low).unsigned_abs());
        aligned(self).cmp(&aligned(other))
    }

    fn is_multiple_of(&self, other: &Decimal) -> bool {
        if self.mantissa.sign() == Sign::NoSign {
            return true;
        }
        let zero = BigInt::ZERO;
        let shift = self.exponent - other.exponent;
        let divisor = BigInt::from(other.mantissa.magnitude().clone());
        if shift >= 0 {
            let power = match shift.unsigned_abs() {
                short @ 0..=400 => ten_to(short),
                long => BigInt::from(10).modpow(&BigInt::from(long), &divisor),
            };
            return (&self.mantissa * power) % divisor == zero;
        }
        // The mantissa would have to end in that many noughts.
        let noughts = shift.unsigned_abs();
        noughts <= self.mantissa.bits() && &self.mantissa % (divisor * ten_to(noughts)) == zero
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_exactly() {
        let number = Number::written;
        let compare = |a: &str, b: &str| number(a).compare(&number(b));
        assert_eq!(compare("1e3", "1000.0"), Some(Ordering::Equal));
        assert_eq!(compare("-1e999999", "1"), Some(Ordering::Less));
        assert_eq!(compare("0.1", "0.10000000000000000001"), Some(Ordering::Less));
        assert_eq!(compare("1e1000001", "1"), None);
        assert_eq!(number("1e6").is_multiple_of(&number("0.5")), Some(true));
        assert_eq!(number("0.3").is_multiple_of(&number("0.1")), Some(true));
        assert_eq!(number("1e-999999").is_multiple_of(&number("7")), Some(false));
        assert!(number("1.50e1").is_integer() && !number("1.5").is_integer());
        assert_eq!(number("18446744073709551615").to_count(), Some(-1));
        assert_eq!(number("1e900000").to_count(), Some(0));
        assert_eq!(number("20e-1").to_count(), Some(2));
    }
}
