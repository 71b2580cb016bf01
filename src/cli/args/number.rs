//! Numbers as Go's command line reads them; the errors are Go's texts.

use crate::go::strconv::{self, NumError};

/// Go's reading of an `int` flag; the error is its text.
pub fn signed(text: &str) -> Result<i64, NumError<i64>> {
    strconv::parse_int(text, 0, 64)
}

/// Go's reading of a `uint` flag; the error is its text.
pub fn unsigned(text: &str) -> Result<u64, NumError<u64>> {
    strconv::parse_uint(text, 0, 64)
}

/// Go's reading of a `float32` flag; the error is its text.
pub fn float(text: &str) -> Result<f32, NumError<f64>> {
    strconv::parse_float(text).map(|x| x as f32)
}
