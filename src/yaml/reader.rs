//! The bytes of a YAML stream as text: encodings and byte order marks, and where go-yaml's reader would stop.
//!
//! go-yaml decodes its input in pieces of 512 bytes and only looks at a piece when the scanner asks for it, so that a
//! syntax error before a bad byte is told first. [`Source::limit`] keeps that order.

use std::borrow::Cow;

/// The size of go-yaml's raw buffer.
const PIECE: usize = 512;

/// A text that holds nothing that YAML forbids, and what came after it.
pub(super) struct Source<'a> {
    /// The text up to the first bad byte.
    pub text: Cow<'a, str>,
    /// The bytes before `text`: the length of a byte order mark.
    pub skipped: usize,
    /// Why the text ends where it does, if not for its end.
    pub problem: Option<&'static str>,
    /// The offset in `text` from which go-yaml would not have looked yet when it meets the problem.
    pub limit: usize,
}

impl<'a> Source<'a> {
    /// Go: readerc.go `yaml_parser_update_buffer`.
    pub fn new(bytes: &'a [u8]) -> Source<'a> {
        match bytes {
            [0xFF, 0xFE, rest @ ..] => Source::utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => Source::utf16(rest, u16::from_be_bytes),
            [0xEF, 0xBB, 0xBF, rest @ ..] => Source::utf8(rest, 3),
            _ => Source::utf8(bytes, 0),
        }
    }

    fn utf8(bytes: &'a [u8], skipped: usize) -> Source<'a> {
        let (valid, invalid) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => {
                let (valid, _) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), true)
            }
        };
        let (text, problem) = match forbidden(valid) {
            Some(at) => (&valid[..at], Some("control characters are not allowed")),
            None if invalid => (valid, Some(encoding_problem(&bytes[valid.len()..]))),
            None => (valid, None),
        };
        let width = bytes.get(text.len()).map_or(0, |byte| width_of(*byte).max(1));
        let limit = if problem.is_some() { piece_start(text, skipped, width) } else { usize::MAX };
        Source { text: Cow::Borrowed(text), skipped, problem, limit }
    }

    fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Source<'static> {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let mut text = String::with_capacity(bytes.len());
        let mut problem = (bytes.len() % 2 == 1).then_some("incomplete UTF-16 character");
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(c) => text.push(c),
                Err(lone) => {
                    let low = lone.unpaired_surrogate() & 0xFC00 == 0xDC00;
                    problem = Some(if low {
                        "unexpected low surrogate area"
                    } else {
                        "expected low surrogate area"
                    });
                    break;
                }
            }
        }
        if let Some(at) = forbidden(&text) {
            text.truncate(at);
            problem = Some("control characters are not allowed");
        }
        let limit = if problem.is_some() { piece_start(&text, 2, 1) } else { usize::MAX };
        Source { text: Cow::Owned(text), skipped: 2, problem, limit }
    }
}

/// How many bytes are looked at at once for what is no printable ASCII.
const CHUNK: usize = 64;

/// The offset of the first character that YAML does not allow.
fn forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_usual = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7E);
    let is_bad = |at: usize| match bytes[at] {
        byte if is_usual(byte) => false,
        0x00..=0x7F => true,
        // U+0080..U+009F, but for U+0085
        0xC2 => bytes[at + 1] < 0xA0 && bytes[at + 1] != 0x85,
        // U+FFFE and U+FFFF
        0xEF => bytes[at + 1] == 0xBF && bytes[at + 2] >= 0xBE,
        _ => false,
    };
    bytes.chunks(CHUNK).enumerate().find_map(|(number, chunk)| {
        // Without a way out of the loop it is made of vector instructions.
        let all_usual = chunk.iter().fold(true, |all, byte| all & is_usual(*byte));
        let start = number * CHUNK;
        if all_usual { None } else { (start..start + chunk.len()).find(|at| is_bad(*at)) }
    })
}

/// How many bytes a character has that begins with this one; none does where it is 0.
fn width_of(byte: u8) -> usize {
    match byte {
        0x00..=0x7F => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => 0,
    }
}

/// What go-yaml says of bytes that begin with no character.
fn encoding_problem(bytes: &[u8]) -> &'static str {
    let width = width_of(bytes[0]);
    if width == 0 {
        return "invalid leading UTF-8 octet";
    }
    if bytes.len() < width {
        return "incomplete UTF-8 octet sequence";
    }
    if bytes[1..width].iter().any(|byte| byte & 0xC0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let value = bytes[1..width]
        .iter()
        .fold(u32::from(bytes[0]) & (0x7F >> width), |value, byte| value << 6 | u32::from(byte & 0x3F));
    let least = [0, 0, 0x80, 0x800, 0x1_0000][width];
    if value < least { "invalid length of a UTF-8 sequence" } else { "invalid Unicode character" }
}

/// Where in the text the piece begins that holds the character after its end, which has that many bytes.
fn piece_start(text: &str, skipped: usize, width: usize) -> usize {
    let bad = text.len() + skipped;
    let mut start = 0;
    loop {
        let mut end = start + PIECE;
        if bad + width <= end {
            return start.saturating_sub(skipped);
        }
        // A character that does not fit the piece is carried over to the next one.
        while end > skipped && !text.is_char_boundary(end - skipped) {
            end -= 1;
        }
        start = end;
    }
}
