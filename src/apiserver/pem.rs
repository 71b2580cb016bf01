//! PEM: blocks of base64 between lines that say what is in them.
//!
//! Go: encoding/pem `Decode`, which overlooks all that is no block.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A block.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// What its first line says: `CERTIFICATE`.
    pub kind: String,
    /// Whether there are headers before its content.
    pub has_headers: bool,
    /// What it holds.
    pub bytes: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches([' ', '\t', '\r'])).collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match block(&lines[at..]) {
            Some((block, count)) => {
                blocks.push(block);
                at += count;
            }
            None => at += 1,
        }
    }
    blocks
}

/// The block that begins with the first line, and how many lines it has.
fn block(lines: &[&str]) -> Option<(Block, usize)> {
    let kind = lines.first()?.strip_prefix(BEGIN)?.strip_suffix(DASHES)?;
    let headers = lines[1..].iter().take_while(|line| line.contains(':')).count();
    let body = 1 + headers;
    let end = body + lines[body..].iter().position(|line| line.starts_with(DASHES))?;
    if lines[end].strip_prefix(END)?.strip_suffix(DASHES)? != kind {
        return None;
    }
    let letters: String = lines[body..end].iter().flat_map(|line| line.chars()).collect();
    let letters: String = letters.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
    let bytes = STANDARD.decode(letters).ok()?;
    Some((Block { kind: kind.to_owned(), has_headers: headers > 0, bytes }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_blocks_among_other_text() {
        let text = "x\n-----BEGIN A-----\nAAEC\nAw==\n-----END A-----\ny\n-----BEGIN B-----\nK: v\n\nAA==\n-----END B-----";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].kind.as_str(), &found[0].bytes[..]), ("A", &[0, 1, 2, 3][..]));
        assert!(found[1].has_headers && !found[0].has_headers);
        assert!(blocks("-----BEGIN A-----\n?\n-----END A-----").is_empty());
        assert!(blocks("-----BEGIN A-----\nAA==\n-----END B-----").is_empty());
        assert!(blocks("-----BEGIN A-----\nAA==").is_empty());
    }
}
