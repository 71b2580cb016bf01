//! DER and PEM: what keys and certificates are written in. [`Reader`] takes apart what others wrote.

use num_bigint::BigUint;

use crate::go::encoding::{base64_decode, base64_encode};

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
    /// The next element; `None` at the end and where it is malformed.
    pub fn next(&mut self) -> Option<Element<'a>> {
        let [tag, first, rest @ ..] = self.0 else { return None };
        let (length, rest) = match *first {
            short @ ..0x80 => (usize::from(short), rest),
            long => {
                let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                if digits.is_empty() || digits.len() > 4 {
                    return None;
                }
                (digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
        };
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

    /// The next number, if it is not negative.
    pub fn integer(&mut self) -> Option<BigUint> {
        let bytes = self.expect(INTEGER)?;
        (bytes.first()? & 0x80 == 0).then(|| BigUint::from_bytes_be(bytes))
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

    /// Go: `pem.Decode`: the first whole block, if there is one. Headers inside it are skipped.
    pub fn find(text: &[u8]) -> Option<Pem> {
        let text = String::from_utf8_lossy(text);
        let mut rest = text.as_ref();
        loop {
            let begin = match rest.strip_prefix("-----BEGIN ") {
                Some(found) => found,
                None => rest.split_once("\n-----BEGIN ")?.1,
            };
            rest = begin;
            let Some((line, body)) = begin.split_once('\n') else { continue };
            let Some(kind) = line.trim_end().strip_suffix("-----") else { continue };
            let end = format!("-----END {kind}-----");
            let Some((body, _)) = body.split_once(&end) else { continue };
            let body = match body.rsplit_once("\n\n") {
                Some((headers, body)) if headers.contains(':') => body,
                _ => body,
            };
            let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            if let Ok(bytes) = base64_decode(body.as_bytes()) {
                return Some(Pem { kind: kind.to_owned(), bytes });
            }
        }
    }
}
