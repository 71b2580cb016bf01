//! [`glued`]: lines that a trim marker put behind another: what looks like a line of YAML stands behind a comment, or behind
//! what the line before it says.

use std::rc::Rc;

use super::pieces::Piece;
use crate::template::ast::Source;

/// A text that begins in the middle of a line and was to begin one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glued {
    /// Which of the pieces it is.
    pub piece: usize,
    /// What it says, up to the end of its line.
    pub text: String,
    /// Whether it stands in a comment, and is lost.
    pub is_comment: bool,
}

/// The texts of an output that a trim marker glued to the line before them.
pub fn glued(
    text: &[u8],
    pieces: &[Piece],
    call_line: impl Fn(u32, *const Source) -> Option<usize>,
) -> Vec<Glued> {
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate().skip(1) {
        let end = pieces.get(at + 1).map_or(text.len(), |next| next.start);
        let Some(content) = text.get(piece.start..end).filter(|content| !content.is_empty()) else {
            continue;
        };
        if piece.start == 0 || text[piece.start - 1] == b'\n' || !begins_line(content) {
            continue;
        }
        let start = memchr::memrchr(b'\n', &text[..piece.start]).map_or(0, |at| at + 1);
        let before = text[start..piece.start].trim_ascii();
        let is_comment = before.starts_with(b"#");
        if !is_line(before) || !(is_comment || piece.site.is_text) {
            continue;
        }
        let previous = &pieces[at - 1].site;
        // What another template wrote for an action that stands in a line of its own.
        let is_of_other_line = || {
            let own = Rc::as_ptr(&previous.source);
            let line = match Rc::as_ptr(&piece.site.source) == own {
                true => Some(piece.site.source.line(piece.site.pos)),
                false => call_line(piece.site.call, own),
            };
            let offset = piece.start - pieces[at - 1].start;
            line.is_some_and(|line| previous.line(offset.saturating_sub(1)).1 < line)
        };
        let is_trimmed = piece.site.is_text && follows_trim(&piece.site.source.text, piece.site.pos);
        if is_trimmed || is_comment && is_of_other_line() {
            let line = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let text = String::from_utf8_lossy(line.trim_ascii()).into_owned();
            found.push(Glued { piece: at, text, is_comment });
        }
    }
    found
}

/// Whether a text begins as a line of YAML does.
fn begins_line(text: &[u8]) -> bool {
    if text.starts_with(b"- ") || text.starts_with(b"---") {
        return true;
    }
    let word = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(byte)).count();
    word > 0
        && text.get(word) == Some(&b':')
        && matches!(text.get(word + 1), None | Some(b' ' | b'\n' | b'\r'))
}

/// Whether what stands before it is a line, and not a dash or bracket that another text may follow.
fn is_line(before: &[u8]) -> bool {
    !before.iter().all(|byte| matches!(byte, b'-' | b' ' | b'?'))
        && !matches!(before.last(), Some(b'{' | b'[' | b','))
}

/// Whether an action that takes the white space behind it stands before the text, on a line before.
fn follows_trim(source: &[u8], pos: u32) -> bool {
    let before = &source[..(pos as usize).min(source.len())];
    let space = before.len() - before.trim_ascii_end().len();
    before[before.len() - space..].contains(&b'\n') && before.trim_ascii_end().ends_with(b"-}}")
}
