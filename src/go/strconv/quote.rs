//! Strings and characters in quotes. Go: strconv quote.go.

use crate::go::{runes, unicode};

/// Go: `strconv.Quote`.
pub fn quote(text: impl AsRef<[u8]>) -> String {
    quoted(text.as_ref(), false)
}

/// Go: `strconv.QuoteToASCII`.
pub fn quote_to_ascii(text: impl AsRef<[u8]>) -> String {
    quoted(text.as_ref(), true)
}

/// Go: `strconv.QuoteRune`.
pub fn quote_rune(c: char) -> String {
    quoted_rune(c, false)
}

/// Go: `strconv.QuoteRuneToASCII`.
pub fn quote_rune_to_ascii(c: char) -> String {
    quoted_rune(c, true)
}

/// Go: `strconv.AppendQuote`.
pub fn append_quote(out: &mut Vec<u8>, text: impl AsRef<[u8]>) {
    let text = text.as_ref();
    if text.iter().copied().all(is_plain) {
        out.reserve(text.len() + 2);
        out.push(b'"');
        out.extend_from_slice(text);
        out.push(b'"');
    } else {
        out.extend_from_slice(quoted(text, false).as_bytes());
    }
}

/// Whether the byte is a character that stands for itself.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

fn quoted(text: &[u8], ascii: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    // What most strings begin with, or are.
    let (head, mut rest) = text.split_at(text.iter().take_while(|byte| is_plain(**byte)).count());
    out.push_str(std::str::from_utf8(head).unwrap_or_default());
    while let Some(&first) = rest.first() {
        let (c, size) = runes::decode(rest);
        if size == 1 && c == char::REPLACEMENT_CHARACTER {
            push_hex(&mut out, 'x', first.into(), 2);
        } else {
            push_escaped(&mut out, c, '"', ascii);
        }
        rest = &rest[size..];
    }
    out.push('"');
    out
}

fn quoted_rune(c: char, ascii: bool) -> String {
    let mut out = String::from("'");
    push_escaped(&mut out, c, '\'', ascii);
    out.push('\'');
    out
}

/// Go: quote.go `appendEscapedRune`.
fn push_escaped(out: &mut String, c: char, quote: char, ascii: bool) {
    if c == quote || c == '\\' {
        out.push('\\');
        out.push(c);
    } else if (!ascii || c.is_ascii()) && unicode::is_print(c) {
        out.push(c);
    } else {
        match c {
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            c if c < ' ' || c == '\x7f' => push_hex(out, 'x', c.into(), 2),
            _ if c < '\u{10000}' => push_hex(out, 'u', c.into(), 4),
            _ => push_hex(out, 'U', c.into(), 8),
        }
    }
}

fn push_hex(out: &mut String, letter: char, n: u32, width: u32) {
    out.push('\\');
    out.push(letter);
    for place in (0..width).rev() {
        out.push(char::from_digit(n >> (4 * place) & 0xf, 16).unwrap_or('0'));
    }
}

/// Whether the text can stand unchanged in a raw string. Go: `strconv.CanBackquote`.
pub fn can_backquote(text: impl AsRef<[u8]>) -> bool {
    let mut rest = text.as_ref();
    while !rest.is_empty() {
        let (c, size) = runes::decode(rest);
        rest = &rest[size..];
        let plain = match c {
            '\u{feff}' | '`' | '\x7f' => false,
            char::REPLACEMENT_CHARACTER => size > 1,
            _ => c >= ' ' || c == '\t',
        };
        if !plain {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_quote_as_in_go() {
        assert_eq!(quote(b"a\"\\\x07\x00\x7f\xff\n\xc2\xad"), r#""a\"\\\a\x00\x7f\xff\n\u00ad""#);
        assert_eq!(quote_to_ascii("é€😀"), r#""\u00e9\u20ac\U0001f600""#);
        assert_eq!(quote_rune('\''), r"'\''");
        assert!(can_backquote("a\té") && !can_backquote("a\n") && !can_backquote("\u{feff}"));
    }
}
