//! Go's `strconv`: number texts and quoting.

use super::{runes, unicode};

/// Go: `strconv.Quote`: in double quotes, with an escape for everything that does not print.
pub fn quote(text: impl AsRef<[u8]>) -> String {
    let text = text.as_ref();
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for (at, c) in runes::runes(text) {
        if c == char::REPLACEMENT_CHARACTER && !text[at..].starts_with("\u{fffd}".as_bytes()) {
            out.push_str(&format!("\\x{:02x}", text[at]));
        } else {
            quote_char(&mut out, c);
        }
    }
    out.push('"');
    out
}

fn quote_char(out: &mut String, c: char) {
    match c {
        '"' | '\\' => out.extend(['\\', c]),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        _ if unicode::is_print(c) => out.push(c),
        _ if c < ' ' || c == '\x7f' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        _ if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}
