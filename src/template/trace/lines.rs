//! Texts whose pieces know where they came from, and how the knowledge outlives a function: [`carry`] finds the lines of
//! the old text in the new one, so that `indent`, `nindent`, `trim`, `quote` and whatever else keeps lines needs no help.

use std::rc::Rc;

use super::paths::{PathId, Paths, Step};
use crate::template::ast::Source;
use crate::yaml::{self, Data, Node};

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

/// The piece that holds the offset.
pub fn piece_at(pieces: &[Piece], offset: usize) -> Option<&Piece> {
    pieces.get(pieces.partition_point(|piece| piece.start <= offset).checked_sub(1)?)
}

/// The pieces of `range` of a text, with the offsets of a text in which it starts at `start`.
pub fn cut(pieces: &[Piece], range: std::ops::Range<usize>, start: usize) -> Vec<Piece> {
    let first = pieces.partition_point(|piece| piece.start <= range.start).saturating_sub(1);
    let overlapping = pieces.iter().skip(first).take_while(|piece| piece.start < range.end);
    overlapping
        .map(|piece| {
            let at = piece.start.max(range.start);
            piece.cut(at, start + at - range.start)
        })
        .collect()
}

/// A line of a text: where it starts, and what is in it but space around it and where that starts.
struct Line<'t> {
    start: usize,
    core: &'t [u8],
    core_start: usize,
}

fn lines(text: &[u8]) -> Vec<Line<'_>> {
    let mut start = 0;
    text.split(|byte| *byte == b'\n')
        .map(|line| {
            let core = line.trim_ascii();
            let indent = line.len() - line.trim_ascii_start().len();
            let line_start = start;
            start += line.len() + 1;
            Line { start: line_start, core, core_start: line_start + indent }
        })
        .collect()
}

/// The pieces of `new`, as far as its lines are lines of the old texts. Lines that are new in it are the work of
/// `otherwise`, what stands around the old text in a line that of `around`. `None` if not a single line is known.
pub fn carry(new: &[u8], old: &[(&[u8], &[Piece])], otherwise: &Site, around: &Site) -> Option<Vec<Piece>> {
    let known: Vec<(usize, Line<'_>)> = old
        .iter()
        .enumerate()
        .flat_map(|(at, (text, _))| lines(text).into_iter().map(move |l| (at, l)))
        .collect();
    let mut cursor = 0;
    let mut pieces = Vec::new();
    let mut found_any = false;
    for line in lines(new) {
        let place = (!line.core.is_empty()).then(|| find_line(&known, cursor, &line)).flatten();
        let Some((at, in_old, in_new)) = place else {
            if !line.core.is_empty() || pieces.is_empty() {
                pieces.push(Piece { start: line.start, site: otherwise.clone() });
            }
            continue;
        };
        found_any = true;
        cursor = at + 1;
        let (text, old_line) = &known[at];
        let from = old_line.core_start + in_old;
        let to = old_line.core_start + old_line.core.len();
        let mut carried = cut(old[*text].1, from..to, line.core_start + in_new);
        // The space or quote before it belongs to the same line.
        if in_new > QUOTE {
            pieces.push(Piece { start: line.start, site: around.clone() });
        } else if let Some(first) = carried.first_mut() {
            first.start = line.start;
        }
        pieces.append(&mut carried);
        let after = in_new + to - from;
        if line.core.len() > after + QUOTE {
            pieces.push(Piece { start: line.core_start + after, site: around.clone() });
        }
    }
    found_any.then_some(pieces)
}

/// What a quote takes before or after a text.
const QUOTE: usize = 1;

/// Which of the known lines the line is or holds, looking on from `cursor` first, and where the common part starts in the
/// old line and in the new one.
fn find_line(known: &[(usize, Line<'_>)], cursor: usize, line: &Line<'_>) -> Option<(usize, usize, usize)> {
    let from_cursor = (cursor..known.len()).chain(0..cursor.min(known.len()));
    let same = from_cursor.clone().find(|at| known[*at].1.core == line.core);
    if let Some(at) = same {
        return Some((at, 0, 0));
    }
    from_cursor.filter(|at| !known[*at].1.core.is_empty()).find_map(|at| {
        let core = known[at].1.core;
        if let Some(in_new) = position(line.core, core) {
            return Some((at, 0, in_new));
        }
        position(core, line.core).map(|in_old| (at, in_old, 0))
    })
}

fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// The pieces of a text that a function made of a map or list with that path, if it is YAML or JSON: each line knows its
/// leaf.
pub fn of_yaml(text: &[u8], path: PathId, paths: &mut Paths, site: &Site) -> Option<Vec<Piece>> {
    let node = yaml::parse(text).ok()?;
    if !matches!(node.data, Data::Map(_) | Data::Seq(_)) {
        return None;
    }
    let mut leaves = Vec::new();
    collect_leaves(&node, path, paths, &mut leaves);
    let mut pieces: Vec<Piece> = Vec::new();
    for (start, path) in leaves {
        let line_start =
            text[..start.min(text.len())].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // Several on one line (`- name: x`, JSON) keep their own places after the first.
        let is_first = pieces.last().is_none_or(|last| last.start < line_start);
        let start = if is_first { line_start } else { start };
        pieces.push(Piece { start, site: Site { paths: Rc::from([path]), ..site.clone() } });
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// Where each leaf's key or item starts, in order.
fn collect_leaves(node: &Node, path: PathId, paths: &mut Paths, leaves: &mut Vec<(usize, PathId)>) {
    let is_container = |node: &Node| matches!(node.data, Data::Map(_) | Data::Seq(_));
    for entry in node.entries() {
        let step = Step::Name(entry.key.as_str().into());
        let child = paths.step(path, step, is_container(&entry.value));
        leaves.push((entry.key_span.start as usize, child));
        collect_leaves(&entry.value, child, paths, leaves);
    }
    for (index, item) in node.items().iter().enumerate() {
        let child = paths.step(path, Step::Index(index), is_container(item));
        if !is_container(item) {
            leaves.push((item.span.start as usize, child));
        }
        collect_leaves(item, child, paths, leaves);
    }
}
