//! Escaping for HTML, JavaScript and URL queries. Go: text/template funcs.go, net/url `QueryEscape`.

use std::fmt::Write as _;

use crate::budget::{Growth, Over};
use crate::go::{runes, unicode};
use crate::value::Str;

/// Go: `HTMLEscapeString`.
pub fn html(text: &Str) -> Result<Str, Over> {
    let mut growth = Growth::new();
    growth.to(text.len())?;
    let mut out = Vec::with_capacity(text.len());
    for byte in text.as_bytes() {
        growth.to(out.len())?;
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => out.push(*byte),
        }
    }
    Ok(Str::from(out))
}

/// Go: `JSEscapeString`.
pub fn js(text: &Str) -> Result<Str, Over> {
    let mut growth = Growth::new();
    let bytes = text.as_bytes();
    growth.to(bytes.len())?;
    let mut out = Vec::with_capacity(bytes.len());
    for (at, c) in runes::runes(bytes) {
        growth.to(out.len())?;
        match c {
            '\\' => out.extend_from_slice(b"\\\\"),
            '\'' => out.extend_from_slice(b"\\'"),
            '"' => out.extend_from_slice(b"\\\""),
            '<' | '>' | '&' | '=' | '\0'..' ' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            _ if c.is_ascii() || unicode::is_print(c) => {
                let width = runes::decode(&bytes[at..]).1;
                out.extend_from_slice(&bytes[at..at + width]);
            }
            _ => out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes()),
        }
    }
    Ok(Str::from(out))
}

/// Go: net/url `QueryEscape`.
pub fn url_query(text: &Str) -> Result<Str, Over> {
    let mut growth = Growth::new();
    growth.to(text.len())?;
    let mut out = String::with_capacity(text.len());
    for byte in text.as_bytes() {
        growth.to(out.len())?;
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(*byte));
            }
            b' ' => out.push('+'),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Ok(Str::from(out))
}
