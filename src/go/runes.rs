//! Go's view of bytes as characters: `unicode/utf8`. An invalid byte is U+FFFD, one byte wide.

use std::borrow::Cow;

/// Go: `utf8.DecodeRune`: the first character and its width; of nothing, U+FFFD and 0.
pub fn decode(bytes: &[u8]) -> (char, usize) {
    match bytes {
        [] => (char::REPLACEMENT_CHARACTER, 0),
        [first, ..] if first.is_ascii() => (char::from(*first), 1),
        _ => {
            let head = &bytes[..bytes.len().min(4)];
            let valid = match std::str::from_utf8(head) {
                Ok(text) => text,
                Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
            };
            valid.chars().next().map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, c.len_utf8()))
        }
    }
}

/// Go: `utf8.DecodeLastRune`: the last character and its width.
pub fn decode_last(bytes: &[u8]) -> (char, usize) {
    let len = bytes.len();
    for width in 1..=len.min(4) {
        let (c, found) = decode(&bytes[len - width..]);
        if found == width && (c != char::REPLACEMENT_CHARACTER || width == 3) {
            return (c, width);
        }
    }
    (char::REPLACEMENT_CHARACTER, len.min(1))
}

/// Each character with its offset, as Go's `for i, r := range s`.
pub fn runes(bytes: &[u8]) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (c, width) = decode(&bytes[at..]);
        let start = at;
        at += width;
        (width > 0).then_some((start, c))
    })
}

/// The number of characters. Go: `utf8.RuneCount`.
pub fn count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => runes(bytes).count(),
    }
}

/// The bytes as text, U+FFFD for each byte that is in no character: what Go's `range` over a string gives.
pub fn to_valid(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(text)
}

/// Appends the character. Go: `utf8.AppendRune`.
pub fn append(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_from_both_ends() {
        assert_eq!(decode("é".as_bytes()), ('é', 2));
        assert_eq!(decode(b"\xffa"), ('\u{fffd}', 1));
        assert_eq!(decode_last("aé".as_bytes()), ('é', 2));
        assert_eq!(decode_last(b"a\xff"), ('\u{fffd}', 1));
        assert_eq!(decode_last("\u{fffd}".as_bytes()), ('\u{fffd}', 3));
        assert_eq!(decode_last(b""), ('\u{fffd}', 0));
        assert_eq!(runes(b"a\xffb").map(|(at, _)| at).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
