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

/// A size in bytes: a number, with `K`, `M` or `G` (1024 each, `Ki`, `MiB` and so on mean the same) behind it where there is one.
pub fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return Err(format!("{text} is no size; write 536870912, 512MiB or 1G")),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    number.ok_or_else(|| format!("{text} is no size; write 536870912, 512MiB or 1G"))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units() {
        for (text, wanted) in
            [("1", 1), ("2k", 2048), ("3MiB", 3 << 20), ("4Gi", 4 << 30), ("5mb", 5 << 20), ("6B", 6)]
        {
            assert_eq!(size(text), Ok(wanted), "{text}");
        }
        for text in ["", "x", "1x", "1.5M", "-1", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
