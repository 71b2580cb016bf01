//! Go's `strconv`: numbers and quoted strings as text, read and written exactly as Go does, with its error texts.
//! [`format_float`] and [`parse_int`] are the two that templates lean on most.

mod float;
mod integer;
mod quote;

use std::fmt;

pub use float::{format_float, parse_float};
pub use integer::{atoi, parse_int, parse_uint};
pub use quote::{append_quote, can_backquote, quote, quote_rune, quote_rune_to_ascii, quote_to_ascii};

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `invalid syntax`
    Syntax,
    /// `value out of range`
    Range,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cause::Syntax => "invalid syntax",
            Cause::Range => "value out of range",
        })
    }
}

/// Go's `*strconv.NumError`, and the value that Go returns beside it: zero, or the nearest that the type can hold.
#[derive(Clone, Debug, PartialEq)]
pub struct NumError<T> {
    /// The function that failed, as Go names it.
    pub function: &'static str,
    /// The text that it was given.
    pub text: Vec<u8>,
    /// What was wrong.
    pub cause: Cause,
    /// What Go returns beside the error.
    pub value: T,
}

impl<T> NumError<T> {
    fn new(function: &'static str, text: &[u8], cause: Cause, value: T) -> NumError<T> {
        NumError { function, text: text.to_vec(), cause, value }
    }
}

impl<T> fmt::Display for NumError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "strconv.{}: parsing {}: {}", self.function, quote(&self.text), self.cause)
    }
}

impl<T: fmt::Debug> std::error::Error for NumError<T> {}

/// Go: `strconv.ParseBool`.
pub fn parse_bool(text: impl AsRef<[u8]>) -> Result<bool, NumError<bool>> {
    match text.as_ref() {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Ok(false),
        other => Err(NumError::new("ParseBool", other, Cause::Syntax, false)),
    }
}

/// Whether the underscores stand only between digits, or between a base prefix and a digit.
/// Go: internal/strconv atoi.go `underscoreOK`.
fn underscores_stand_well(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let prefixed = text.len() >= 2 && text[0] == b'0' && matches!(text[1] | 0x20, b'b' | b'o' | b'x');
    let hex = prefixed && text[1] | 0x20 == b'x';
    let (mut last, rest) = if prefixed { (b'0', &text[2..]) } else { (b'^', text) };
    for &byte in rest {
        if byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit() {
            last = b'0';
        } else if byte == b'_' {
            if last != b'0' {
                return false;
            }
            last = b'_';
        } else {
            if last == b'_' {
                return false;
            }
            last = b'!';
        }
    }
    last != b'_'
}
