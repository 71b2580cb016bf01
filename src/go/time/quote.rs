//! Texts in quotes, as errors of Go's `time` show them.

/// Go: format.go `quote`: as the errors of this package quote, every byte outside ASCII as `\x…`.
pub fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &c in text {
        match c {
            b'"' | b'\\' => out.extend(['\\', c as char]),
            b' '..0x80 => out.push(c as char),
            _ => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out.push('"');
    out
}
