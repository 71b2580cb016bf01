//! A text that can be read as it stands, with its signature below: RFC 9580 section 7.
//!
//! Source: ProtonMail go-crypto openpgp/clearsign.

use super::armor::{self, take_line};
use super::packet::Packets;

const START: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
const END: &[u8] = b"\n-----END PGP SIGNATURE-----";
const HASHES: [&str; 9] =
    ["MD5", "SHA1", "RIPEMD160", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512"];

/// A signed text.
#[derive(Clone, Debug)]
pub struct Message {
    /// The text, its lines without blanks at their ends.
    pub text: Vec<u8>,
    /// The bytes that are signed: the same with `\r\n`.
    pub signed: Vec<u8>,
    signature: armor::Block,
}

impl Message {
    /// The packets below the text.
    pub fn signatures(&self) -> Packets<'_> {
        Packets::ending(&self.signature.bytes, self.signature.end.clone())
    }
}

/// The first signed text in these bytes; nothing if there is none, or it is not whole.
pub fn decode(data: &[u8]) -> Option<Message> {
    let mut rest = match data.strip_prefix(START) {
        Some(rest) => rest,
        None => &data[find(data, &[b"\n", START].concat())? + 1 + START.len()..],
    };
    if !take_line(&mut rest)?.is_empty() {
        return None;
    }
    loop {
        let line = take_line(&mut rest)?;
        if rest.is_empty() {
            return None;
        }
        if line.trim_ascii().is_empty() {
            break;
        }
        check_header(line)?;
    }
    let mut lines: Vec<&[u8]> = Vec::new();
    loop {
        let before = rest;
        let line = take_line(&mut rest)?;
        if line.is_empty() && rest.is_empty() {
            return None;
        }
        if line == SIGNATURE {
            rest = before;
            break;
        }
        let line = line.strip_prefix(b"- ").unwrap_or(line);
        let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
        lines.push(&line[..end.map_or(0, |end| end + 1)]);
    }
    let end = find(rest, END)? + END.len();
    let (signature, _) = armor::decode(&rest[..end])?;
    Some(Message { text: lines.join(&b'\n'), signed: lines.join(&b"\r\n"[..]), signature })
}

/// Only `Hash` may stand there. What it says is not used.
fn check_header(line: &[u8]) -> Option<()> {
    let line = std::str::from_utf8(line)
        .ok()
        .filter(|line| line.bytes().all(|byte| (b' '..=b'~').contains(&byte)))?;
    let (key, hashes) = line.split_once(':')?;
    let known = |hash: &str| HASHES.contains(&hash.trim().to_uppercase().as_str());
    (key.trim() == "Hash" && hashes.split(',').all(known)).then_some(())
}

fn find(data: &[u8], what: &[u8]) -> Option<usize> {
    // The first byte of what is sought is rare, so this is quick.
    let mut at = 0;
    while let Some(found) = data[at..].iter().position(|byte| *byte == what[0]) {
        at += found;
        if data[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// A text as it is signed and as it stands above its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escaped {
    /// What is signed: lines without blanks at their ends, `\r\n` between them.
    pub signed: Vec<u8>,
    /// What is written: the same with `\n`, and `- ` before a line that begins with `-`.
    pub written: Vec<u8>,
}

/// Prepares a text for being signed.
pub fn escape(text: &[u8]) -> Escaped {
    let (mut signed, mut written) = (Vec::new(), Vec::new());
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            signed.extend_from_slice(b"\r\n");
            written.push(b'\n');
        }
        let end = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        let line = &line[..end.map_or(0, |end| end + 1)];
        signed.extend_from_slice(line);
        if line.starts_with(b"-") {
            written.extend_from_slice(b"- ");
        }
        written.extend_from_slice(line);
    }
    Escaped { signed, written }
}

/// The whole message: the text, its hash's name and its signature's packets.
pub fn encode(escaped: &Escaped, hash: &str, signature: &[u8]) -> Vec<u8> {
    let armored = armor::encode("PGP SIGNATURE", signature);
    [START, b"\nHash: ", hash.as_bytes(), b"\n\n", &escaped.written, b"\n", armored.as_bytes()].concat()
}

/// A text with every line ending in `\r\n`. Go: openpgp canonical_text.go.
pub fn canonical(text: &[u8]) -> Vec<u8> {
    let (mut canonical, mut after_return) = (Vec::with_capacity(text.len()), false);
    for &byte in text {
        if byte == b'\n' && !after_return {
            canonical.push(b'\r');
        }
        canonical.push(byte);
        after_return = byte == b'\r' && !after_return;
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was_signed() {
        for text in ["", "a", "a\n", "-a \n--\nb\t\r\n\n", "\n...\n", " - \n"] {
            let escaped = escape(text.as_bytes());
            let message = decode(&encode(&escaped, "SHA512", b"x")).unwrap();
            assert_eq!(message.signed, escaped.signed, "{text:?}");
            assert_eq!(message.signature.bytes, b"x");
        }
    }

    #[test]
    fn what_is_no_message_is_none() {
        let good = String::from_utf8(encode(&escape(b"a\n"), "SHA512", b"x")).unwrap();
        assert!(decode(good.as_bytes()).is_some());
        assert!(decode(format!("words\n{good}\nwords").as_bytes()).is_some());
        for (from, to) in [
            ("MESSAGE-----", "MESSAGE----- "),
            ("Hash: SHA512", "Hash: SHA513"),
            ("Hash: SHA512", "NotDashEscaped: yes"),
            ("Hash: SHA512", "Hash SHA512"),
            ("-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP SIGNATURE----- "),
            ("-----END PGP SIGNATURE-----", ""),
        ] {
            assert!(decode(good.replace(from, to).as_bytes()).is_none(), "{from}");
        }
        for end in 0..good.len() {
            assert!(decode(&good.as_bytes()[..end]).is_none(), "{end}");
        }
    }

    #[test]
    fn lines_end_in_one_way() {
        assert_eq!(canonical(b"a\nb\r\nc\r\r\n\n"), b"a\r\nb\r\nc\r\r\r\n\r\n");
    }
}
