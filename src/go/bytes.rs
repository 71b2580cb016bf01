//! Go's package `bytes`, as far as Rust's slices have nothing as quick.

/// Where the byte first stands. Go: `bytes.IndexByte`.
pub fn index_byte(text: &[u8], byte: u8) -> Option<usize> {
    // A chunk is looked at as a whole, which the processor does at once.
    const CHUNK: usize = 32;
    let (chunks, _) = text.as_chunks::<CHUNK>();
    let holds = |chunk: &[u8; CHUNK]| chunk.iter().filter(|each| **each == byte).count() > 0;
    let from = CHUNK * chunks.iter().take_while(|chunk| !holds(chunk)).count();
    text[from..].iter().position(|each| *each == byte).map(|at| from + at)
}

/// Where the part first stands. Go: `bytes.Index`.
pub fn index(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some(first) = part.first() else { return Some(0) };
    let mut from = 0;
    while let Some(at) = index_byte(&text[from..], *first) {
        if text[from + at..].starts_with(part) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_counts() {
        for len in [0, 1, 31, 32, 33, 64, 100] {
            let text = vec![b'a'; len];
            assert_eq!(index_byte(&text, b'<'), None);
            for at in 0..len {
                let mut text = text.clone();
                text[at..].fill(b'<');
                assert_eq!(index_byte(&text, b'<'), Some(at));
            }
        }
    }

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
}
