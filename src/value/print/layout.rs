//! Flags, width and precision of a verb, and how texts and bytes are laid out under them. Go: fmt format.go.

use super::Printer;
use crate::go::{runes, strconv};

/// What stands between `%` and the verb. Go: format.go `fmtFlags`, `wid` and `prec`.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub minus: bool,
    pub plus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%+v`
    pub plus_v: bool,
    /// `%#v`
    pub sharp_v: bool,
}

pub(super) const LOWER_DIGITS: &[u8; 17] = b"0123456789abcdefx";
pub(super) const UPPER_DIGITS: &[u8; 17] = b"0123456789ABCDEFX";

impl Printer {
    pub(super) fn write(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Go: `writePadding`.
    pub(super) fn write_padding(&mut self, count: usize) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        self.out.extend(std::iter::repeat_n(byte, count));
    }

    /// Go: `pad` and `padString`.
    pub(super) fn pad(&mut self, text: &[u8]) {
        let width = self.flags.width.unwrap_or(0);
        let padding = if width == 0 { 0 } else { width.saturating_sub(runes::count(text)) };
        if !self.flags.minus {
            self.write_padding(padding);
        }
        self.out.extend_from_slice(text);
        if self.flags.minus {
            self.write_padding(padding);
        }
    }

    /// As [`Printer::pad`], but never with zeros.
    pub(super) fn pad_with_spaces(&mut self, text: &[u8]) {
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text);
        self.flags.zero = zero;
    }

    /// Go: `truncate` and `truncateString`.
    fn truncated<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let Some(precision) = self.flags.precision else { return text };
        match runes::runes(text).nth(precision) {
            Some((end, _)) => &text[..end],
            None => text,
        }
    }

    /// Go: `fmtS` and `fmtBs`.
    pub(super) fn fmt_s(&mut self, text: &[u8]) {
        self.pad(self.truncated(text));
    }

    /// Go: `fmtQ`.
    pub(super) fn fmt_q(&mut self, text: &[u8]) {
        let text = self.truncated(text);
        if self.flags.sharp && strconv::can_backquote(text) {
            return self.pad(&[b"`", text, b"`"].concat());
        }
        let quoted = if self.flags.plus { strconv::quote_to_ascii(text) } else { strconv::quote(text) };
        self.pad(quoted.as_bytes());
    }

    /// Go: `fmtSbx`: `nil` bytes and empty ones print the same.
    pub(super) fn fmt_sbx(&mut self, text: &[u8], digits: &[u8; 17]) {
        let text = &text[..text.len().min(self.flags.precision.unwrap_or(usize::MAX))];
        let wanted = self.flags.width.unwrap_or(0);
        if text.is_empty() {
            return self.write_padding(wanted);
        }
        let Flags { sharp, space, minus, .. } = self.flags;
        let prefix = if sharp { 2 } else { 0 };
        let width = match space {
            true => text.len() * (2 + prefix) + text.len() - 1,
            false => text.len() * 2 + prefix,
        };
        let padding = wanted.saturating_sub(width);
        if !minus {
            self.write_padding(padding);
        }
        for (place, &byte) in text.iter().enumerate() {
            if space && place > 0 {
                self.out.push(b' ');
            }
            if sharp && (space || place == 0) {
                self.out.extend([b'0', digits[16]]);
            }
            self.out.extend([digits[usize::from(byte >> 4)], digits[usize::from(byte & 0xf)]]);
        }
        if minus {
            self.write_padding(padding);
        }
    }

    /// Go: print.go `fmtString`; `false` if strings have no such verb.
    pub(super) fn fmt_string(&mut self, text: &[u8], verb: char) -> bool {
        match verb {
            'v' if self.flags.sharp_v => self.fmt_q(text),
            'v' | 's' => self.fmt_s(text),
            'x' => self.fmt_sbx(text, LOWER_DIGITS),
            'X' => self.fmt_sbx(text, UPPER_DIGITS),
            'q' => self.fmt_q(text),
            _ => return false,
        }
        true
    }
}
