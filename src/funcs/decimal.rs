//! Sprig's arithmetic on floats, which goes by way of shopspring/decimal v1.4.0 so that 0.1 and 0.2 make 0.3.

use num_bigint::BigInt;
use num_bigint::Sign;

use crate::func;
use crate::go::strconv;
use crate::template::func::{Failure, Func};
use crate::value::Value;
use crate::value::convert::to_float64;

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!("add1f", "add1f NUMBER: one more (sprig: functions.go add1f)", add1f(any)),
    func!("addf", "addf NUMBER...: the sum of floats (sprig: functions.go addf)", addf(; any)),
    func!("subf", "subf NUMBER...: the first less the others (sprig: functions.go subf)", subf(any; any)),
    func!("mulf", "mulf NUMBER...: the product of floats (sprig: functions.go mulf)", mulf(any; any)),
    func!("divf", "divf NUMBER...: the first divided by the others (sprig: functions.go divf)", divf(any; any)),
];

/// The digits behind the point that a quotient has. decimal: `DivisionPrecision`.
const DIVISION_PRECISION: i64 = 16;

/// A number `value * 10^exponent`. decimal: `Decimal`.
#[derive(Clone)]
struct Decimal {
    value: BigInt,
    exponent: i64,
}

impl Decimal {
    /// decimal: `NewFromFloat`: the fewest digits that read back as the float.
    fn new(x: f64) -> Result<Decimal, Failure> {
        let text = strconv::format_float(x, b'e', None, 64);
        let Some((mantissa, exponent)) = text.split_once('e') else {
            return Err(format!("Cannot create a Decimal from {text}").into());
        };
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
        let value: BigInt = mantissa.replace('.', "").parse().unwrap_or_default();
        let exponent = if x == 0.0 { 0 } else { exponent.parse().unwrap_or(0) - fraction };
        Ok(Decimal { value, exponent })
    }

    /// Both values at the lower of the two exponents. decimal: `RescalePair`.
    fn aligned(&self, other: &Decimal) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        let at = |number: &Decimal| &number.value * power(number.exponent - exponent);
        (at(self), at(other), exponent)
    }

    fn add(self, other: Decimal) -> Result<Decimal, Failure> {
        let (a, b, exponent) = self.aligned(&other);
        Ok(Decimal { value: a + b, exponent })
    }

    fn sub(self, other: Decimal) -> Result<Decimal, Failure> {
        let (a, b, exponent) = self.aligned(&other);
        Ok(Decimal { value: a - b, exponent })
    }

    fn mul(self, other: Decimal) -> Result<Decimal, Failure> {
        Ok(Decimal { value: self.value * other.value, exponent: self.exponent + other.exponent })
    }

    /// decimal: `DivRound`: to [`DIVISION_PRECISION`] digits, half away from zero.
    fn div(self, other: Decimal) -> Result<Decimal, Failure> {
        if other.value.sign() == Sign::NoSign {
            return Err("decimal division by 0".into());
        }
        let shift = self.exponent - other.exponent + DIVISION_PRECISION;
        let negative = self.value.sign() != Sign::NoSign && (self.value.sign() != other.value.sign());
        let a = self.value.magnitude() * power(shift).magnitude();
        let b = other.value.magnitude() * power(-shift).magnitude();
        // Half the divisor more, and the floor is the rounded quotient.
        let quotient = (a * 2_u32 + &b) / (b * 2_u32);
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Ok(Decimal { value: BigInt::from_biguint(sign, quotient), exponent: -DIVISION_PRECISION })
    }

    /// The nearest float. decimal: `Float64`.
    fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent).parse().unwrap_or(0.0)
    }
}

/// `10^exponent`; 1 for what is negative.
fn power(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent).unwrap_or(0))
}

/// sprig: numeric.go `execDecimalOp`.
fn reckon(
    first: f64,
    rest: &[Value],
    operation: fn(Decimal, Decimal) -> Result<Decimal, Failure>,
) -> Result<Value, Failure> {
    let mut result = Decimal::new(first)?;
    for value in rest {
        result = operation(result, Decimal::new(to_float64(value))?)?;
    }
    Ok(Value::Float64(result.to_float()))
}

fn add1f(value: &Value) -> Result<Value, Failure> {
    reckon(to_float64(value), &[Value::Int(1)], Decimal::add)
}

fn addf(values: &[Value]) -> Result<Value, Failure> {
    reckon(0.0, values, Decimal::add)
}

fn subf(first: &Value, rest: &[Value]) -> Result<Value, Failure> {
    reckon(to_float64(first), rest, Decimal::sub)
}

fn mulf(first: &Value, rest: &[Value]) -> Result<Value, Failure> {
    reckon(to_float64(first), rest, Decimal::mul)
}

fn divf(first: &Value, rest: &[Value]) -> Result<Value, Failure> {
    reckon(to_float64(first), rest, Decimal::div)
}
