//! DER and PEM: what keys and certificates are written in. [`Reader`] takes apart what others wrote.

use num_bigint::BigUint;

use crate::go::bytes;
use crate::go::encoding::{base64_decode, base64_encode};

pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const NULL: u8 = 0x05;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;

/// An element: tag, length, content.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    if content.len() >= 0x80 {
        out.push(0x80 | significant.len() as u8);
    }
    out.extend_from_slice(significant);
    out.extend_from_slice(content);
    out
}

/// Elements one after the other in a `SEQUENCE`.
pub fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &elements.concat())
}

/// A number that is not negative.
pub fn integer(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] & 0x80 != 0 {
        bytes.insert(0, 0);
    }
    element(INTEGER, &bytes)
}

/// A bit string of whole bytes.
pub fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes].concat())
}

/// What is left to read of a series of elements.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

/// An element that was read.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// With tag and length.
    pub whole: &'a [u8],
}

impl<'a> Reader<'a> {
    /// The next element; `None` at the end and where it is malformed. Go: cryptobyte `readASN1`.
    pub fn next(&mut self) -> Option<Element<'a>> {
        let [tag, first, rest @ ..] = self.0 else { return None };
        let (length, rest) = match *first {
            short @ ..0x80 => (usize::from(short), rest),
            long => {
                let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                let length = digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
                // No more digits than are needed.
                if digits.len() > 4 || length < 0x80 || digits.first() == Some(&0) {
                    return None;
                }
                (length, rest)
            }
        };
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (content, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Element { tag: *tag, content, whole })
    }

    /// The next element, if it has the tag.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let found = ahead.next().filter(|found| found.tag == tag)?;
        *self = ahead;
        Some(found.content)
    }

    /// The elements of the next sequence.
    pub fn sequence(&mut self) -> Option<Reader<'a>> {
        self.expect(SEQUENCE).map(Reader)
    }

    /// The next number, in as few bytes as it needs. Go: cryptobyte `ReadASN1Integer`.
    pub fn integer(&mut self) -> Option<&'a [u8]> {
        let content = self.expect(INTEGER)?;
        match content {
            [] => None,
            [0, next, ..] if next & 0x80 == 0 => None,
            [0xff, next, ..] if next & 0x80 != 0 => None,
            _ => Some(content),
        }
    }

    /// The next identifier. Go: cryptobyte `ReadASN1ObjectIdentifier`.
    pub fn identifier(&mut self) -> Option<&'a [u8]> {
        let content = self.expect(OID)?;
        let mut numbers = content.split_inclusive(|byte| byte & 0x80 == 0);
        let fits = |number: &[u8]| {
            let value = number.iter().fold(0_u64, |value, byte| value << 7 | u64::from(byte & 0x7f));
            number.len() <= 5 && number[0] != 0x80 && value < 1 << 31
        };
        (content.last()? & 0x80 == 0 && numbers.all(fits)).then_some(content)
    }

    /// The next bit string: its bytes, and how many bits of the last do not count. Go: cryptobyte `ReadASN1BitString`.
    pub fn bits(&mut self) -> Option<(&'a [u8], u8)> {
        let (padding, bits) = self.expect(BIT_STRING)?.split_first()?;
        let clean =
            bits.last().map_or(*padding == 0, |last| u32::from(*last) & ((1 << padding.min(&8)) - 1) == 0);
        (*padding <= 7 && clean).then_some((bits, *padding))
    }

    /// The next truth. Go: cryptobyte `ReadASN1Boolean`.
    pub fn boolean(&mut self) -> Option<bool> {
        match self.expect(BOOLEAN)? {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// Whether the next element has the tag.
    pub fn is_at(self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// Whether nothing is left.
    pub fn is_at_end(self) -> bool {
        self.0.is_empty()
    }
}

/// A block of PEM.
pub struct Pem {
    pub kind: String,
    pub bytes: Vec<u8>,
}

impl Pem {
    /// Go: `pem.Encode`.
    pub fn print(&self) -> String {
        let text = base64_encode(&self.bytes);
        let mut out = format!("-----BEGIN {}-----\n", self.kind);
        for line in text.as_bytes().chunks(64) {
            out.extend(line.iter().map(|c| *c as char));
            out.push('\n');
        }
        out.push_str(&format!("-----END {}-----\n", self.kind));
        out
    }

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
