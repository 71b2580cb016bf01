//! Go's package `bytes`, as far as Rust's slices and `memchr` have nothing like it.

use super::{runes, unicode};

/// Where the part first stands. Go: `bytes.Index`.
pub fn index(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some(first) = part.first() else { return Some(0) };
    let mut from = 0;
    while let Some(at) = memchr::memchr(*first, &text[from..]) {
        if text[from + at..].starts_with(part) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// Without the space at both ends. Go: `bytes.TrimSpace`.
pub fn trim_space(text: &[u8]) -> &[u8] {
    trim_space_end(trim_space_start(text))
}

/// Without the space at the start.
pub fn trim_space_start(mut text: &[u8]) -> &[u8] {
    loop {
        let (c, width) = runes::decode(text);
        if width == 0 || !unicode::is_space(c) {
            return text;
        }
        text = &text[width..];
    }
}

/// Without the space at the end.
pub fn trim_space_end(mut text: &[u8]) -> &[u8] {
    loop {
        let (c, width) = runes::decode_last(text);
        if width == 0 || !unicode::is_space(c) {
            return text;
        }
        text = &text[..text.len() - width];
    }
}

/// The lines without their ends: `\n`, or `\r\n`. Go: `bufio.ScanLines`.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").map_or((text, text.is_empty()), |text| (text, false));
    let lines = (!text.1).then(|| text.0.split(|byte| *byte == b'\n'));
    lines.into_iter().flatten().map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found() {
        for (text, part, wanted) in [
            ("abc", "", Some(0)),
            ("", "", Some(0)),
            ("aab", "ab", Some(1)),
            ("aaa", "ab", None),
            ("a", "aa", None),
        ] {
            assert_eq!(index(text.as_bytes(), part.as_bytes()), wanted);
        }
    }

    #[test]
    fn space_is_trimmed_and_bytes_that_are_no_text_are_not() {
        assert_eq!(trim_space(" \u{a0}\na b\u{2003}\t".as_bytes()), b"a b");
        assert_eq!(trim_space(b"\xa0 a \xff"), b"\xa0 a \xff");
        assert_eq!(trim_space(b" \n"), b"");
    }

    #[test]
    fn lines_end_as_in_go() {
        let of = |text: &'static str| lines(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(of("a\r\n\nb"), [&b"a"[..], b"", b"b"]);
        assert_eq!(of("a\n"), [b"a"]);
        assert_eq!(of("\n"), [b""]);
        assert!(of("").is_empty());
    }
}
