//! Packets as lines of letters: `-----BEGIN PGP …-----`.
//!
//! Source: ProtonMail go-crypto openpgp/armor. As there, the checksum is not checked, and the packets before a character that
//! that is not base64 are used.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::openpgp::Error;

/// The longest line of letters.
const MAX_LINE: usize = 96;
/// The letters of a line that is written.
const LINE: usize = 64;

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it says it is: `PGP PUBLIC KEY BLOCK`.
    pub kind: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Why there are no more of them, where that is not the block's end.
    pub end: Option<Error>,
}

/// The next block of the text and what follows it. Text before it is skipped.
pub fn decode(text: &[u8]) -> Option<(Block, &[u8])> {
    let mut rest = text;
    'search: loop {
        let kind = loop {
            let line = take_line(&mut rest)?.trim_ascii();
            if let Some(kind) = line.strip_prefix(b"-----BEGIN ").filter(|kind| kind.len() > 5) {
                break &kind[..kind.len() - 5];
            }
        };
        loop {
            match take_line(&mut rest)?.trim_ascii() {
                [] => break 'search Some((kind, rest)),
                header if header.contains(&b':') => {}
                _ => continue 'search,
            }
        }
    }
    .map(|(kind, mut rest)| {
        let (bytes, end) = body(&mut rest);
        (Block { kind: String::from_utf8_lossy(kind).into_owned(), bytes, end }, rest)
    })
}

/// The bytes up to the end of the block.
fn body(rest: &mut &[u8]) -> (Vec<u8>, Option<Error>) {
    let (mut letters, mut end) = (Vec::new(), None);
    while let Some(line) = take_line(rest) {
        let line = line.trim_ascii();
        if line.starts_with(b"-----END ") || (line.len() == 5 && line[0] == b'=') {
            break;
        }
        if line.len() > MAX_LINE {
            end = Some(Error::structural("armor invalid"));
            break;
        }
        letters.extend_from_slice(line);
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    for (at, four) in letters.chunks(4).enumerate() {
        let mut three = [0; 3];
        match STANDARD.decode_slice(four, &mut three) {
            Ok(count) => bytes.extend_from_slice(&three[..count]),
            Err(_) if four.len() < 4 => return (bytes, Some(Error::UnexpectedEnd)),
            Err(_) => return (bytes, Some(Error::Base64(at * 4))),
        }
        if four.ends_with(b"=") && at * 4 + 4 < letters.len() {
            return (bytes, Some(Error::Base64(at * 4 + 4)));
        }
    }
    (bytes, end)
}

/// The bytes as a block, without a line break at its end.
pub fn encode(kind: &str, bytes: &[u8]) -> String {
    let letters = STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {kind}-----\n\n");
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(LINE.min(rest.len()));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text + &format!("-----END {kind}-----")
}

/// A line without its break, and what follows it.
pub fn take_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == b'\n');
    let line = &rest[..end.unwrap_or(rest.len())];
    *rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for length in [0, 1, 2, 3, 47, 48, 49, 200] {
            let bytes: Vec<u8> = (0..length).collect();
            let text = format!("before\n{}\nafter", encode("X", &bytes));
            let (block, rest) = decode(text.as_bytes()).unwrap();
            assert_eq!((block.kind.as_str(), &block.bytes, block.end), ("X", &bytes, None));
            assert_eq!(rest, b"after");
        }
    }

    #[test]
    fn a_wrong_letter_ends_the_bytes() {
        let (block, _) = decode(b"-----BEGIN X-----\n\nAAAA\nAA!A\n-----END X-----").unwrap();
        assert_eq!((block.bytes.as_slice(), block.end), (&[0, 0, 0][..], Some(Error::Base64(4))));
        let (block, _) = decode(b"-----BEGIN X-----\n\nAAAA\nAA\n-----END X-----").unwrap();
        assert_eq!(block.end, Some(Error::UnexpectedEnd));
    }
}
