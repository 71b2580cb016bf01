//! Amounts: `quantity('1Gi')`.
//!
//! Go: k8s.io/apiserver `pkg/cel/library/quantity.go`, k8s.io/apimachinery `pkg/api/resource`.

use std::cmp::Ordering;

use crate::kubernetes::Quantity;

/// An amount, and whether apimachinery holds it as a short integer; only then it can be asked for one.
#[derive(Clone, Debug)]
pub struct Amount {
    quantity: Quantity,
    is_short: bool,
}

/// What is said of a text that is no amount.
pub const WRONG: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

impl Amount {
    pub fn parse(text: &str) -> Option<Amount> {
        Some(Amount { quantity: Quantity::parse(text)?, is_short: is_short(text) })
    }

    pub fn whole(value: i64) -> Option<Amount> {
        Amount::parse(&value.to_string()).map(|amount| Amount { is_short: true, ..amount })
    }

    pub fn compare(&self, other: &Amount) -> Ordering {
        self.quantity.partial_cmp(&other.quantity).unwrap_or(Ordering::Equal)
    }

    pub fn sign(&self) -> i64 {
        self.quantity.signum()
    }

    /// The sum, or the difference.
    pub fn plus(&self, other: &Amount, is_minus: bool) -> Amount {
        let quantity = self.quantity.plus(&other.quantity, is_minus);
        Amount { is_short: self.is_short && other.is_short && quantity.is_short(), quantity }
    }

    pub fn integer(&self) -> Option<i64> {
        if self.is_short { self.quantity.integer() } else { None }
    }

    pub fn float(&self) -> f64 {
        self.quantity.float()
    }
}

/// Whether apimachinery reads it into a short integer: amounts of some 18 digits, binary ones without a fraction.
fn is_short(text: &str) -> bool {
    const DIGITS: i32 = 18;
    const BINARY_DIGITS: i32 = 15;
    let body = text.trim_start_matches(['+', '-']);
    let end = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
    let (number, suffix) = body.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let count = |text: &str| i32::try_from(text.len()).unwrap_or(i32::MAX);
    match ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|own| *own == suffix) {
        Some(at) => {
            let exponent = 10 * (at as i32 + 1);
            fraction.is_empty() && BINARY_DIGITS - count(whole) - exponent * 3 / 10 > 0
        }
        None => DIGITS - count(whole) - count(fraction) >= 0,
    }
}
