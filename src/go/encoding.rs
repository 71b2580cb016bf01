//! Go's `encoding/base64` and `encoding/base32` in their standard alphabets. The crates encode and decode; what is here is
//! what Go refuses, and the byte that it names then.

use std::fmt::{self, Display, Formatter};
use std::sync::LazyLock;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use data_encoding::{BASE32, BASE32_NOPAD, Encoding};

/// Digits without padding behind them. Bits that are left over may be anything, as for Go.
const BASE64_DIGITS: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// See [`BASE64_DIGITS`].
static BASE32_DIGITS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut digits = BASE32_NOPAD.specification();
    digits.check_trailing_bits = false;
    digits.encoding().unwrap_or(BASE32_NOPAD)
});

/// Go: `base64.CorruptInputError`, `base32.CorruptInputError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    encoding: &'static str,
    /// The byte that Go names, from 0.
    at: usize,
}

impl Display for Error {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "illegal {} data at input byte {}", self.encoding, self.at)
    }
}

impl std::error::Error for Error {}

/// Go: `base64.StdEncoding.EncodeToString`.
pub fn base64_encode(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Go: `base32.StdEncoding.EncodeToString`.
pub fn base32_encode(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// Go: `base64.StdEncoding.DecodeString`. Line ends are skipped.
pub fn base64_decode(text: &[u8]) -> Result<Vec<u8>, Error> {
    let corrupt = |at| Error { encoding: "base64", at };
    let digits = base64_digits(text).map_err(corrupt)?;
    BASE64_DIGITS.decode(digits).map_err(|_| corrupt(text.len()))
}

/// Go: `base32.StdEncoding.DecodeString`. Line ends are skipped, and not counted.
pub fn base32_decode(text: &[u8]) -> Result<Vec<u8>, Error> {
    let corrupt = |at| Error { encoding: "base32", at };
    let text: Vec<u8> = text.iter().copied().filter(|c| !is_line_end(*c)).collect();
    let digits = base32_digits(&text).map_err(corrupt)?;
    BASE32_DIGITS.decode(digits).map_err(|_| corrupt(text.len()))
}

fn is_line_end(c: u8) -> bool {
    matches!(c, b'\n' | b'\r')
}

/// The digits without line ends and padding, or the byte that Go names. Go: base64.go `decodeQuantum`.
fn base64_digits(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut rest = text.iter().copied().enumerate().filter(|(_, c)| !is_line_end(*c));
    let mut digits = Vec::with_capacity(text.len());
    while let Some((at, c)) = rest.next() {
        let over = digits.len() % 4;
        match c {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => digits.push(c),
            b'=' if over >= 2 => {
                if over == 2 {
                    match rest.next() {
                        None => return Err(text.len()),
                        Some((_, b'=')) => {}
                        Some((next, _)) => return Err(next - 1),
                    }
                }
                return rest.next().map_or(Ok(digits), |(next, _)| Err(next));
            }
            _ => return Err(at),
        }
    }
    match digits.len() % 4 {
        0 => Ok(digits),
        over => Err(text.len() - over),
    }
}

/// The digits before the padding, or the byte that Go names. Go: base32.go `decode`, which does not look at what stands
/// behind as much padding as is needed.
fn base32_digits(text: &[u8]) -> Result<&[u8], usize> {
    let end = text.iter().position(|c| !matches!(c, b'A'..=b'Z' | b'2'..=b'7')).unwrap_or(text.len());
    let (digits, padding) = text.split_at(end);
    let over = end % 8;
    match padding {
        [] if over == 0 => Ok(digits),
        [] => Err(end - over),
        [b'=', rest @ ..] if over >= 2 && rest.len() < 8 => {
            let Some(rest) = rest.get(..7 - over) else { return Err(text.len()) };
            match rest.iter().position(|c| *c != b'=') {
                Some(bad) => Err(end + bad),
                None if matches!(over, 3 | 6) => Err(end),
                None => Ok(digits),
            }
        }
        _ => Err(end),
    }
}
