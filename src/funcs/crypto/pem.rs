//! Finds blocks of PEM as Go's `encoding/pem` does, which forgives much: text around blocks, headers, lines of any length.

use crate::go::bytes;
use crate::go::encoding::base64_decode;

/// A block of PEM.
pub struct Pem {
    pub kind: String,
    pub bytes: Vec<u8>,
}

impl Pem {
    /// Go: `pem.Decode`: the first whole block, if there is one. What its headers say does not matter.
    pub fn find(text: &[u8]) -> Option<Pem> {
        const BEGIN: &[u8] = b"-----BEGIN ";
        const END: &[u8] = b"\n-----END ";
        let mut rest = text;
        loop {
            // The last beginning before the first end: earlier ones have no end of their own.
            let end = bytes::index(rest, END)?;
            let begin = rest[..end].windows(BEGIN.len()).rposition(|window| window == BEGIN);
            let after_end = &rest[end + END.len()..];
            let block = begin
                .filter(|begin| *begin == 0 || rest[begin - 1] == b'\n')
                .map(|begin| &rest[begin + BEGIN.len()..]);
            if let Some(block) = block {
                let length = block.len() - after_end.len() - END.len();
                match Pem::read(block, length, after_end) {
                    Found::Block(pem) => return Some(pem),
                    Found::Nothing => return None,
                    Found::Broken => {}
                }
            }
            rest = after_end;
        }
    }

    /// Reads what stands behind `-----BEGIN `, up to the end that begins `length` bytes later.
    fn read(block: &[u8], length: usize, after_end: &[u8]) -> Found {
        let (line, mut rest) = first_line(block);
        let Some(kind) = line.strip_suffix(DASHES) else { return Found::Broken };
        let mut has_headers = false;
        loop {
            if rest.is_empty() {
                return Found::Nothing;
            }
            let (line, next) = first_line(rest);
            if !line.contains(&b':') {
                break;
            }
            has_headers = true;
            rest = next;
        }
        let read = block.len() - rest.len();
        // The line break before the end may be that of the line just read.
        if has_headers && read > length {
            return if rest.len() < after_end.len() { Found::Nothing } else { Found::Broken };
        }
        let closes = after_end.strip_prefix(kind).and_then(|rest| rest.strip_prefix(DASHES));
        if !closes.is_some_and(|rest| first_line(rest).0.is_empty()) {
            return Found::Broken;
        }
        let body = rest.get(..length.saturating_sub(read)).unwrap_or_default();
        let body: Vec<u8> = body.iter().copied().filter(|c| !b" \t".contains(c)).collect();
        match base64_decode(&body) {
            Ok(bytes) => Found::Block(Pem { kind: String::from_utf8_lossy(kind).into_owned(), bytes }),
            Err(_) => Found::Broken,
        }
    }
}

const DASHES: &[u8] = b"-----";

/// What stands between a beginning and an end.
enum Found {
    /// A block.
    Block(Pem),
    /// Something else; there may be a block behind it.
    Broken,
    /// Something else, and Go gives up.
    Nothing,
}

/// The first line without the white space at its end, and what follows it. Go: pem `getLine`.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match text.iter().position(|c| *c == b'\n') {
        Some(end) => (text[..end].strip_suffix(b"\r").unwrap_or(&text[..end]), &text[end + 1..]),
        None => (text, &text[text.len()..]),
    };
    let length = line.iter().rposition(|c| !b" \t".contains(c)).map_or(0, |last| last + 1);
    (&line[..length], rest)
}
