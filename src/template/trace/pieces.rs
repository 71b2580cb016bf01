//! A text whose pieces know where they came from.

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::template::ast::Source;
use crate::value::Str;

/// The number of what a value came from, as [`Paths`](super::paths::Paths) knows it; 0 is that of nothing known.
pub type PathId = u32;

/// A piece of text that runs up to the next one.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Where it starts.
    pub start: usize,
    /// Who wrote it.
    pub site: Site,
}

/// A place in a template and how it was reached.
#[derive(Clone, Debug)]
pub struct Site {
    /// The text of the template.
    pub source: Rc<Source>,
    /// The offset in it.
    pub pos: u32,
    /// Whether the template says this very text, so that each byte of it has its own offset.
    pub is_text: bool,
    /// The call that it happened in, or 0.
    pub call: u32,
    /// The `if` or `with` that it is in, or 0.
    pub branch: u32,
    /// What was read for it.
    pub paths: Rc<[PathId]>,
}

/// A text and its pieces.
#[derive(Clone, Debug)]
pub struct Known {
    /// The text.
    pub text: Str,
    /// Its pieces.
    pub pieces: Rc<Vec<Piece>>,
}

impl Piece {
    /// The rest of the piece from `at` on, to start at `start` in another text.
    fn cut(&self, at: usize, start: usize) -> Piece {
        let mut site = self.site.clone();
        if site.is_text {
            site.pos += at.saturating_sub(self.start) as u32;
        }
        Piece { start, site }
    }
}

/// So many numbers are looked through one by one.
const FEW: usize = 8;

/// The numbers, each where it stands first.
pub(super) fn each_once(ids: impl IntoIterator<Item = PathId>) -> Vec<PathId> {
    let (mut some, mut met) = (Vec::new(), FxHashSet::default());
    for id in ids {
        if some.len() == FEW && met.is_empty() {
            met.extend(some.iter().copied());
        }
        let is_new = if met.is_empty() { !some.contains(&id) } else { met.insert(id) };
        if is_new {
            some.push(id);
        }
    }
    some
}

impl Site {
    /// The line of a template that the byte at an offset of the piece comes from: in which text, and which.
    pub fn line(&self, offset: usize) -> (*const Source, usize) {
        let pos = if self.is_text { self.pos + offset as u32 } else { self.pos };
        (Rc::as_ptr(&self.source), self.source.line(pos))
    }
}

impl Known {
    /// All that was read for it.
    pub fn paths(&self) -> Vec<PathId> {
        each_once(self.pieces.iter().flat_map(|piece| piece.site.paths.iter().copied()))
    }
}

/// The piece that holds the offset.
pub fn piece_at(pieces: &[Piece], offset: usize) -> Option<&Piece> {
    pieces.get(pieces.partition_point(|piece| piece.start <= offset).checked_sub(1)?)
}

/// The pieces of `range` of a text, with the offsets of a text in which it starts at `start`. Empty ones at its beginning
/// are in it, those at its end are not.
pub fn cut(pieces: &[Piece], range: Range<usize>, start: usize) -> Vec<Piece> {
    let from = pieces.partition_point(|piece| piece.start < range.start);
    let begins_there = pieces.get(from).is_some_and(|piece| piece.start == range.start);
    let first = if begins_there { from } else { from.saturating_sub(1) };
    let overlapping = pieces.iter().skip(first).take_while(|piece| piece.start < range.end);
    overlapping
        .map(|piece| {
            let at = piece.start.max(range.start);
            piece.cut(at, start + at - range.start)
        })
        .collect()
}

/// A text that is being put together out of known ones.
#[derive(Debug, Default)]
pub struct Draft {
    /// The text so far.
    pub text: Vec<u8>,
    /// And its pieces.
    pub pieces: Vec<Piece>,
}

impl Draft {
    /// Adds a part of a known text.
    pub fn copy(&mut self, from: &Known, range: Range<usize>) {
        let Some(part) = from.text.as_bytes().get(range.clone()) else { return };
        let (end, start) = (range.end, self.text.len());
        self.pieces.extend(cut(&from.pieces, range, start));
        self.text.extend_from_slice(part);
        if end == from.text.len() {
            let behind = from.pieces.iter().filter(|piece| piece.start == end);
            self.pieces
                .extend(behind.map(|piece| Piece { start: self.text.len(), site: piece.site.clone() }));
        }
    }

    /// Adds bytes that somebody else wrote.
    pub fn write(&mut self, text: &[u8], site: &Site) {
        if !text.is_empty() {
            self.pieces.push(Piece { start: self.text.len(), site: site.clone() });
            self.text.extend_from_slice(text);
        }
    }

    /// Adds bytes that stand for what is at an offset of a known text.
    pub fn instead(&mut self, text: &[u8], from: &Known, at: usize, otherwise: &Site) {
        let site = piece_at(&from.pieces, at).map(|piece| Site { is_text: false, ..piece.cut(at, 0).site });
        self.write(text, site.as_ref().unwrap_or(otherwise));
    }
}
