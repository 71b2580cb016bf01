//! Go's `golang.org/x/crypto/cryptobyte` as far as certificates need it: [`Reader`] takes DER apart element by element, as
//! `crypto/x509` has it. Private keys are read by another package of Go's, which is stricter here and laxer there: see `asn1`.

pub const BOOLEAN: u8 = 0x01;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OCTET_STRING: u8 = 0x04;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;

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
