//! Number literals: which types can hold one. Go: parse/node.go `newNumber`, exec.go `idealConstant`.

use super::ast::Number;
use super::lex::ItemType;
use crate::go::{strconv, unquote};
use crate::value::Value;

impl Number {
    /// Reads a literal that the lexer took for a number, a character or a complex number.
    pub(super) fn new(pos: u32, text: &[u8], typ: ItemType) -> Result<Number, String> {
        let written = String::from_utf8_lossy(text).into_owned();
        let mut number =
            Number { pos, text: written, int: None, uint: None, float: None, complex: None, ideal: None };
        match typ {
            ItemType::CharConstant => number.read_char(text)?,
            ItemType::Complex => number.set_complex(scan_complex(&number.text)?),
            _ => number.read_plain()?,
        }
        number.ideal = number.ideal_constant();
        Ok(number)
    }

    fn read_char(&mut self, text: &[u8]) -> Result<(), String> {
        let (unit, tail) = unquote::unquote_char(&text[1..], b'\'')?;
        if tail != b"'" {
            return Err(format!("malformed character constant: {}", self.text));
        }
        self.int = Some(unit.code().into());
        self.uint = Some(unit.code().into());
        self.float = Some(unit.code().into());
        Ok(())
    }

    fn read_plain(&mut self) -> Result<(), String> {
        if let Some(number) = short_decimal(&self.text) {
            self.int = Some(number.into());
            self.uint = Some(number.into());
            self.float = Some(number.into());
            return Ok(());
        }
        let text = self.text.clone();
        if let Some(imaginary) = text.strip_suffix('i').and_then(|text| strconv::parse_float(text).ok()) {
            self.set_complex((0.0, imaginary));
            return Ok(());
        }
        self.uint = strconv::parse_uint(&text, 0, 64).ok();
        self.int = strconv::parse_int(&text, 0, 64).ok();
        if self.int == Some(0) {
            self.uint = Some(0);
        }
        if let Some(int) = self.int {
            self.float = Some(int as f64);
        } else if let Some(uint) = self.uint {
            self.float = Some(uint as f64);
        } else if let Ok(float) = strconv::parse_float(&text) {
            if !text.contains(['.', 'e', 'E', 'p', 'P']) {
                return Err(format!("integer overflow: {}", strconv::quote(&text)));
            }
            self.set_float(float);
        } else {
            return Err(format!("illegal number syntax: {}", strconv::quote(&text)));
        }
        Ok(())
    }

    fn set_float(&mut self, float: f64) {
        self.float = Some(float);
        let fits_int = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
        self.int = (fits_int && float.trunc() == float).then_some(float as i64);
        let fits_uint = (0.0..18_446_744_073_709_551_616.0).contains(&float);
        self.uint = (fits_uint && float.trunc() == float).then_some(float as u64);
    }

    fn set_complex(&mut self, (real, imaginary): (f64, f64)) {
        self.complex = Some((real, imaginary));
        if imaginary == 0.0 {
            self.set_float(real);
        }
    }

    fn ideal_constant(&self) -> Option<Value> {
        if let Some((real, imaginary)) = self.complex {
            return Some(Value::Complex(real, imaginary));
        }
        let hex = self.text.starts_with("0x") || self.text.starts_with("0X");
        let is_hex_int = hex && self.text.len() > 2 && !self.text.contains(['p', 'P']);
        let looks_float = self.text.contains(['.', 'e', 'E', 'p', 'P']);
        if looks_float && !is_hex_int && !self.text.starts_with('\'') {
            return self.float.map(Value::Float64);
        }
        self.int.map(Value::Int)
    }
}

/// Go: `fmt.Sscan` into a `complex128`; the lexer has seen to it that the text ends in `i`.
fn scan_complex(text: &str) -> Result<(f64, f64), String> {
    const SYNTAX: &str = "syntax error scanning complex number";
    let real_len = float_token(text);
    let (real, rest) = text.split_at(real_len);
    if !rest.starts_with(['+', '-']) {
        return Err(SYNTAX.to_owned());
    }
    let (imaginary, end) = rest.split_at(float_token(rest));
    // Without digits Go takes the `i` for the beginning of `Inf`.
    if imaginary.len() == 1 || !end.starts_with('i') {
        return Err(SYNTAX.to_owned());
    }
    Ok((scan_float(real)?, scan_float(imaginary)?))
}

fn scan_float(token: &str) -> Result<f64, String> {
    strconv::parse_float(token).map_err(|error| error.to_string())
}

/// The length of the float that the text starts with. Go: scan.go `floatToken`.
fn float_token(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize, accepts: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| !accepts(*byte)).map_or(bytes.len(), |len| from + len)
    };
    let mut at = usize::from(text.starts_with(['+', '-']));
    let hex = matches!(bytes[at..], [b'0', b'x' | b'X', ..]);
    let is_digit = move |byte: u8| byte == b'_' || byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit();
    at = run(if hex { at + 2 } else { at }, &is_digit);
    if bytes.get(at) == Some(&b'.') {
        at = run(at + 1, &is_digit);
    }
    let is_exponent = |byte: &u8| matches!(byte, b'p' | b'P') || !hex && matches!(byte, b'e' | b'E');
    if bytes.get(at).is_some_and(is_exponent) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        at = run(at, &|byte| byte == b'_' || byte.is_ascii_digit());
    }
    at
}

/// What most numbers are: a few decimal digits, which all types can hold.
fn short_decimal(text: &str) -> Option<u32> {
    let is_short = text.len() <= 9 && (text == "0" || !text.starts_with('0'));
    (is_short && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}
