//! Go's `path` (and, on Unix, `path/filepath`): `Base`, `Clean`, `Dir`, `Ext`, `Join`, `IsAbs` and `Match`.

use super::runes::decode;

/// Go: `path.Base`: the last element, without slashes at the end; `.` of nothing, `/` of slashes.
pub fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    let last = trimmed.rfind('/').map_or(trimmed, |at| &trimmed[at + 1..]);
    if last.is_empty() { "/" } else { last }
}

/// Go: `path.Ext`: from the last dot of the last element on; empty without a dot.
pub fn ext(path: &str) -> &str {
    let last = path.rfind('/').map_or(0, |at| at + 1);
    path[last..].rfind('.').map_or("", |at| &path[last + at..])
}

/// Go: `path.Clean`: the shortest path that means the same by its letters alone.
pub fn clean(path: &str) -> String {
    if path.split('/').all(|element| !matches!(element, "" | "." | "..")) {
        return path.to_owned();
    }
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for element in path.split('/') {
        match element {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            _ => kept.push(element),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Go: `path.Dir`: everything but the last element, cleaned.
pub fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |at| &path[..=at]))
}

/// Go: `path.Join`: the elements that are not empty, with slashes between them, cleaned; empty if there are none.
pub fn join(elements: &[&str]) -> String {
    let elements: Vec<&str> = elements.iter().copied().filter(|element| !element.is_empty()).collect();
    if elements.is_empty() { String::new() } else { clean(&elements.join("/")) }
}

/// Go: `path.IsAbs`.
pub fn is_abs(path: &str) -> bool {
    path.starts_with('/')
}

/// A pattern that is none. Go: `filepath.ErrBadPattern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

impl std::fmt::Display for BadPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

/// Go: `filepath.Match`: whether the whole name fits the shell pattern. As in Go a mistake in the pattern is found
/// only where matching comes to it, and both are bytes.
pub fn matches(pattern: impl AsRef<[u8]>, name: impl AsRef<[u8]>) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern.as_ref(), name.as_ref());
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        // The last chunk must use the name up; a star can make up for it.
        let (fits, left) = match_chunk(chunk, name)?;
        if fits && (left.is_empty() || !pattern.is_empty()) {
            name = left;
            continue;
        }
        let skippable = if star { name.iter().take_while(|byte| **byte != b'/').count() } else { 0 };
        for skip in 1..=skippable {
            let (fits, left) = match_chunk(chunk, &name[skip..])?;
            if fits && (left.is_empty() || !pattern.is_empty()) {
                name = left;
                continue 'pattern;
            }
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Go: `filepath.scanChunk`: whether stars lead, the part up to the next star outside brackets, and the rest.
fn scan_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let after = &pattern[stars..];
    let mut in_range = false;
    let mut at = 0;
    while at < after.len() {
        match after[at] {
            b'\\' if at + 1 < after.len() => at += 1,
            b'[' => in_range = true,
            b']' => in_range = false,
            b'*' if !in_range => break,
            _ => {}
        }
        at += 1;
    }
    (stars > 0, &after[..at], &after[at..])
}

/// Go: `filepath.matchChunk`: whether the chunk fits the start of the text, and what is left of it. A star may stop in the
/// middle of a character.
fn match_chunk<'a>(mut chunk: &[u8], mut text: &'a [u8]) -> Result<(bool, &'a [u8]), BadPattern> {
    // After a mismatch the chunk is read on to its end, for its mistakes.
    let mut failed = false;
    while let Some((first, rest)) = chunk.split_first() {
        failed |= text.is_empty();
        match first {
            b'[' => {
                let (c, width) = if failed { ('\0', 0) } else { decode(text) };
                text = &text[width..];
                let (fits, rest) = match_class(rest, c)?;
                chunk = rest;
                failed |= !fits;
            }
            b'?' => {
                if !failed {
                    let (c, width) = decode(text);
                    failed = c == '/';
                    text = &text[width..];
                }
                chunk = rest;
            }
            _ => {
                let literal = if *first == b'\\' { rest } else { chunk };
                let (wanted, rest) = literal.split_first().ok_or(BadPattern)?;
                chunk = rest;
                match text.split_first() {
                    Some((found, left)) if !failed && found == wanted => text = left,
                    _ => failed = true,
                }
            }
        }
    }
    Ok(if failed { (false, &[]) } else { (true, text) })
}

/// A class after its `[`: whether the character is in it, and the pattern after its `]`.
fn match_class(class: &[u8], c: char) -> Result<(bool, &[u8]), BadPattern> {
    let (negated, mut class) = class.strip_prefix(b"^").map_or((false, class), |rest| (true, rest));
    let mut fits = false;
    let mut ranges = 0;
    loop {
        if let (1.., Some(rest)) = (ranges, class.strip_prefix(b"]")) {
            return Ok((fits != negated, rest));
        }
        let (low, rest) = class_char(class)?;
        let (high, rest) = match rest.strip_prefix(b"-") {
            Some(rest) => class_char(rest)?,
            None => (low, rest),
        };
        class = rest;
        fits |= low <= c && c <= high;
        ranges += 1;
    }
}

/// Go: `filepath.getEsc`: a character of a class, perhaps escaped; something must follow it. A byte that is in no character
/// is none.
fn class_char(class: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let class = match class {
        [] | [b'-' | b']', ..] => return Err(BadPattern),
        [b'\\', rest @ ..] => rest,
        _ => class,
    };
    let (c, width) = decode(class);
    let rest = &class[width..];
    let is_broken = c == char::REPLACEMENT_CHARACTER && width <= 1;
    if is_broken || rest.is_empty() { Err(BadPattern) } else { Ok((c, rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_paths_apart() {
        assert_eq!([base("a/b/"), base(""), base("//")], ["b", ".", "/"]);
        assert_eq!([ext("a.b/c"), ext("a/b.tar.gz"), ext(".x")], ["", ".gz", ".x"]);
        assert_eq!([clean("a/./../../b//"), clean("/../a"), clean("")], ["../b", "/a", "."]);
        assert_eq!([dir("a/b"), dir("a"), join(&["", "a", "../b"])], ["a", ".", "b"]);
    }

    #[test]
    fn matches_bytes() {
        assert_eq!(matches(b"t?.yaml", b"t\xff.yaml"), Ok(true));
        assert_eq!(matches(b"t\xff*", b"t\xff.yaml"), Ok(true));
        assert_eq!(matches(b"\xc3*", "é"), Ok(true));
        assert_eq!(matches(b"*\xa9", "é"), Ok(true));
        assert_eq!(matches("[é]", "é"), Ok(true));
        assert_eq!(matches(b"[\xff]", b"\xff"), Err(BadPattern));
        assert_eq!(matches("[^a]", b"\xff"), Ok(true));
    }

    #[test]
    fn finds_mistakes_where_go_does() {
        assert_eq!(matches("a[", "b"), Err(BadPattern));
        assert_eq!(matches("a*[", "b"), Ok(false));
        assert_eq!(matches("[]a]", "]"), Err(BadPattern));
        assert_eq!(matches("*.yaml", "a.yaml"), Ok(true));
        assert_eq!(matches("*.yaml", "a/a.yaml"), Ok(false));
        assert_eq!(matches("t[\\", "tx"), Err(BadPattern));
        assert_eq!(matches("t\\", "t"), Err(BadPattern));
    }
}
