//! Go's package `bytes`, as far as Rust's slices and `memchr` have nothing like it.

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
}
