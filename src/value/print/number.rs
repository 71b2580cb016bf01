//! Numbers under flags, width and precision. Go: fmt format.go `fmtInteger`, `fmtFloat`, `fmtUnicode`, `fmtC`.
//! Each function gives `false` where the kind has no such verb, and has then written nothing.

use super::Printer;
use super::layout::{LOWER_DIGITS, UPPER_DIGITS};
use crate::go::{runes, strconv, unicode};

impl Printer {
    /// Go: print.go `fmtInteger`. `n` holds the bits of a signed number when `signed`.
    pub(super) fn fmt_integer(&mut self, n: u64, signed: bool, verb: char) -> bool {
        match verb {
            'v' if self.flags.sharp_v && !signed => self.fmt_0x64(n, true),
            'v' | 'd' => self.fmt_digits(n, 10, signed, verb, LOWER_DIGITS),
            'b' => self.fmt_digits(n, 2, signed, verb, LOWER_DIGITS),
            'o' | 'O' => self.fmt_digits(n, 8, signed, verb, LOWER_DIGITS),
            'x' => self.fmt_digits(n, 16, signed, verb, LOWER_DIGITS),
            'X' => self.fmt_digits(n, 16, signed, verb, UPPER_DIGITS),
            'c' => {
                let mut text = Vec::new();
                runes::append(&mut text, rune(n));
                self.pad(&text);
            }
            'q' if self.flags.plus => self.pad(strconv::quote_rune_to_ascii(rune(n)).as_bytes()),
            'q' => self.pad(strconv::quote_rune(rune(n)).as_bytes()),
            'U' => self.fmt_unicode(n),
            _ => return false,
        }
        true
    }

    /// Go: print.go `fmt0x64`.
    pub(super) fn fmt_0x64(&mut self, n: u64, leading_0x: bool) {
        let sharp = std::mem::replace(&mut self.flags.sharp, leading_0x);
        self.fmt_digits(n, 16, false, 'v', LOWER_DIGITS);
        self.flags.sharp = sharp;
    }

    /// Go: format.go `fmtInteger`.
    fn fmt_digits(&mut self, n: u64, base: u64, signed: bool, verb: char, digits: &[u8; 17]) {
        let flags = self.flags;
        let negative = signed && (n as i64) < 0;
        let mut n = if negative { n.wrapping_neg() } else { n };
        if !signed
            && n < 10
            && flags.width.is_none()
            && flags.precision.is_none()
            && base == 10
            && !flags.plus
            && !flags.space
        {
            return self.out.push(digits[n as usize]);
        }
        // Two ways to ask for leading zeros, %.3d and %03d; the first wins.
        let least = match (flags.precision, flags.width) {
            (Some(0), width) if n == 0 => {
                self.pad_with_spaces_only(width.unwrap_or(0));
                return;
            }
            (Some(precision), _) => precision,
            (None, Some(width)) if flags.zero && !flags.minus => {
                width.saturating_sub(usize::from(negative || flags.plus || flags.space))
            }
            _ => 0,
        };
        // Right to left, as in Go.
        let mut text = Vec::with_capacity(24);
        while n >= base {
            text.push(digits[(n % base) as usize]);
            n /= base;
        }
        text.push(digits[n as usize]);
        while text.len() < least {
            text.push(b'0');
        }
        match base {
            2 if flags.sharp => text.extend(b"b0"),
            8 if flags.sharp && text.last() != Some(&b'0') => text.push(b'0'),
            16 if flags.sharp => text.extend([digits[16], b'0']),
            _ => {}
        }
        if verb == 'O' {
            text.extend(b"o0");
        }
        if negative {
            text.push(b'-');
        } else if flags.plus {
            text.push(b'+');
        } else if flags.space {
            text.push(b' ');
        }
        text.reverse();
        self.pad_with_spaces(&text);
    }

    fn pad_with_spaces_only(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(b' ', count));
    }

    /// Go: format.go `fmtUnicode`.
    fn fmt_unicode(&mut self, n: u64) {
        let digits = self.flags.precision.unwrap_or(4).max(4);
        let mut text = format!("U+{n:0digits$X}").into_bytes();
        let shown = u32::try_from(n).ok().and_then(char::from_u32);
        if let Some(rune) = shown.filter(|c| self.flags.sharp && unicode::is_print(*c)) {
            text.extend(b" '");
            runes::append(&mut text, rune);
            text.push(b'\'');
        }
        self.pad_with_spaces(&text);
    }

    /// Go: print.go `fmtFloat`.
    pub(super) fn fmt_float(&mut self, x: f64, bits: u32, verb: char) -> bool {
        match verb {
            'v' => self.fmt_float_as(x, bits, b'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => self.fmt_float_as(x, bits, verb as u8, None),
            'f' | 'e' | 'E' => self.fmt_float_as(x, bits, verb as u8, Some(6)),
            'F' => self.fmt_float_as(x, bits, b'f', Some(6)),
            _ => return false,
        }
        true
    }

    /// Go: print.go `fmtComplex`.
    pub(super) fn fmt_complex(&mut self, re: f64, im: f64, verb: char) -> bool {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return false;
        }
        self.out.push(b'(');
        self.fmt_float(re, 64, verb);
        let plus = std::mem::replace(&mut self.flags.plus, true);
        self.fmt_float(im, 64, verb);
        self.write("i)");
        self.flags.plus = plus;
        true
    }

    /// Go: format.go `fmtFloat`.
    fn fmt_float_as(&mut self, x: f64, bits: u32, verb: u8, default: Option<usize>) {
        let flags = self.flags;
        let precision = flags.precision.or(default);
        // The sign always stands first, and is left out at the end.
        let mut text = strconv::format_float(x, verb, precision, bits).into_bytes();
        if !matches!(text[0], b'-' | b'+') {
            text.insert(0, b'+');
        }
        if flags.space && text[0] == b'+' && !flags.plus {
            text[0] = b' ';
        }
        if matches!(text[1], b'I' | b'N') {
            // Infinities and NaN do not look like numbers, so they are not padded with zeros.
            let signless = text[1] == b'N' && !flags.space && !flags.plus;
            return self.pad_with_spaces(if signless { &text[1..] } else { &text });
        }
        if flags.sharp && verb != b'b' {
            text = with_point(&text, verb, precision);
        }
        if !flags.plus && text[0] == b'+' {
            return self.pad(&text[1..]);
        }
        match flags.width {
            Some(width) if flags.zero && !flags.minus && width > text.len() => {
                self.out.push(text[0]);
                self.write_padding(width - text.len());
                self.out.extend_from_slice(&text[1..]);
            }
            _ => self.pad(&text),
        }
    }
}

/// The character of a number for `%c` and `%q`.
fn rune(n: u64) -> char {
    u32::try_from(n).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `%#` of a float: always a decimal point, and the trailing zeros that `%g` takes away.
fn with_point(text: &[u8], verb: u8, precision: Option<usize>) -> Vec<u8> {
    let mut digits = match verb {
        b'g' | b'G' | b'x' => precision.map_or(6, |precision| precision as i64),
        _ => 0,
    };
    let is_tail = |byte: u8| match byte {
        b'p' | b'P' => true,
        b'e' | b'E' => verb != b'x' && verb != b'X',
        _ => false,
    };
    let end = text.iter().position(|byte| is_tail(*byte)).unwrap_or(text.len());
    let (number, tail) = text.split_at(end);
    let mut significant = false;
    for &byte in &number[1..] {
        if byte != b'.' {
            significant |= byte != b'0';
            digits -= i64::from(significant);
        }
    }
    let mut out = number.to_vec();
    if !number.contains(&b'.') {
        if number.len() == 2 && number[1] == b'0' {
            digits -= 1;
        }
        out.push(b'.');
    }
    out.extend(std::iter::repeat_n(b'0', digits.max(0) as usize));
    out.extend_from_slice(tail);
    out
}
