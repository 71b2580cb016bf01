//! How the lines of texts outlive a function of which nobody said what it does with them: [`carry`] looks for them in its
//! answer. Whole lines come first, in their order; what holds a line or is a part of one counts only between them.

use std::ops::Range;

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp};

use crate::budget;

use super::pieces::{Known, Piece, Site, cut};

/// A line of a text: where it starts, and what is in it but space around it and where that starts.
struct Line<'t> {
    start: usize,
    core: &'t [u8],
    core_start: usize,
}

/// The lines that are not blank.
fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    let all = text.split(|byte| *byte == b'\n').map(move |line| {
        let core = line.trim_ascii();
        let indent = line.len() - line.trim_ascii_start().len();
        let line_start = start;
        start += line.len() + 1;
        Line { start: line_start, core, core_start: line_start + indent }
    });
    all.filter(|line| !line.core.is_empty())
}

/// What a line of the answer and a line of an old text have in common.
struct Common {
    old: usize,
    in_old: usize,
    in_new: usize,
    len: usize,
}

/// The pieces of `new`, as far as its lines are lines of the old texts. Lines that are new in it are the work of
/// `otherwise`, what stands around the old text in a line that of `around`. `None` if not a single line is known.
pub fn carry(new: &[u8], old: &[&Known], otherwise: &Site, around: &Site) -> Option<Vec<Piece>> {
    let known: Vec<(&Known, Line<'_>)> =
        old.iter().flat_map(|text| lines(text.text.as_bytes()).map(move |line| (*text, line))).collect();
    let new: Vec<Line<'_>> = lines(new).collect();
    let old_cores: Vec<&[u8]> = known.iter().map(|(_, line)| line.core).collect();
    let new_cores: Vec<&[u8]> = new.iter().map(|line| line.core).collect();
    let found = matched(&old_cores, &new_cores);
    if found.iter().all(Option::is_none) {
        return None;
    }
    let mut pieces = vec![Piece { start: 0, site: otherwise.clone() }];
    for (line, common) in new.iter().zip(found) {
        let Some(common) = common else {
            pieces.push(Piece { start: line.start, site: otherwise.clone() });
            continue;
        };
        let (text, old_line) = &known[common.old];
        let from = old_line.core_start + common.in_old;
        let start = line.core_start + common.in_new;
        let mut carried = cut(&text.pieces, from..from + common.len, start);
        // The space or quote before it belongs to the same line.
        let before = match carried.first() {
            Some(first) if common.in_new <= QUOTE => Site { is_text: false, ..first.site.clone() },
            _ => around.clone(),
        };
        if line.start < start {
            pieces.push(Piece { start: line.start, site: before });
        }
        pieces.append(&mut carried);
        if line.core.len() > common.in_new + common.len + QUOTE {
            pieces.push(Piece { start: start + common.len, site: around.clone() });
        }
    }
    Some(pieces)
}

/// What a quote takes before or after a text.
const QUOTE: usize = 1;

/// How many lines are compared each with each, and how far one is looked for among more.
const FEW: usize = 4_000;
const NEAR: usize = 200;
/// How many bytes of lines are compared in a unit of work.
const BYTES: u64 = 16;

/// For each new line the old one that it is, holds, or is a part of.
fn matched(old: &[&[u8]], new: &[&[u8]]) -> Vec<Option<Common>> {
    let mut found: Vec<Option<Common>> = new.iter().map(|_| None).collect();
    let lines = old.len() + new.len();
    let is_paid = budget::spend(lines as u64);
    let ops = match is_paid {
        Err(_) => Vec::new(),
        Ok(()) if lines > FEW => equal_lines(old, new),
        Ok(()) => similar::capture_diff_slices(Algorithm::Myers, old, new),
    };
    let others = |op: &DiffOp| {
        if matches!(op, DiffOp::Equal { .. }) { 0 } else { op.old_range().len() + op.new_range().len() }
    };
    // Comparing takes the square of what is different.
    let differing: usize = ops.iter().map(others).sum();
    let _ = budget::spend((differing.min(FEW) as u64).pow(2) / 8);
    for op in ops {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                for at in 0..len {
                    let len = new[new_index + at].len();
                    found[new_index + at] = Some(Common { old: old_index + at, in_old: 0, in_new: 0, len });
                }
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                between(old, new, old_index..old_index + old_len, new_index..new_index + new_len, &mut found);
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
    found
}

/// The same of many lines: each is looked for a little further on than the last that was found.
fn equal_lines(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    let mut places: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (at, line) in old.iter().enumerate() {
        places.entry(line).or_default().push(at);
    }
    let (mut ops, mut done_old, mut done_new) = (Vec::new(), 0, 0);
    for (new_index, line) in new.iter().enumerate() {
        let known = places.get(line).map(Vec::as_slice).unwrap_or_default();
        let next = known.get(known.partition_point(|at| *at < done_old));
        let Some(old_index) = next.copied().filter(|at| at - done_old <= NEAR + new_index - done_new) else {
            continue;
        };
        ops.push(DiffOp::Replace {
            old_index: done_old,
            old_len: old_index - done_old,
            new_index: done_new,
            new_len: new_index - done_new,
        });
        ops.push(DiffOp::Equal { old_index, new_index, len: 1 });
        (done_old, done_new) = (old_index + 1, new_index + 1);
    }
    let (old_len, new_len) = (old.len() - done_old, new.len() - done_new);
    ops.push(DiffOp::Replace { old_index: done_old, old_len, new_index: done_new, new_len });
    ops
}

/// What lines have in common that stand between the same whole lines, each behind the one before.
fn between(
    old: &[&[u8]],
    new: &[&[u8]],
    old_range: Range<usize>,
    new_range: Range<usize>,
    found: &mut [Option<Common>],
) {
    let mut cursor = old_range.start;
    for at in new_range {
        let near = old_range.end.min(cursor + NEAR);
        let common = (cursor..near).find_map(|place| in_common(old[place], new[at], place));
        if let Some(common) = common {
            // One line may have become several.
            cursor = common.old;
            found[at] = Some(common);
        }
    }
}

fn in_common(old: &[u8], new: &[u8], place: usize) -> Option<Common> {
    budget::spend(1 + (old.len() + new.len()) as u64 / BYTES).ok()?;
    if let Some(in_new) = word(new, old) {
        return Some(Common { old: place, in_old: 0, in_new, len: old.len() });
    }
    word(old, new).map(|in_old| Common { old: place, in_old, in_new: 0, len: new.len() })
}

/// Where the part stands in the text, not inside a word.
fn word(text: &[u8], part: &[u8]) -> Option<usize> {
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let apart = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        (ends(before) || ends(part.first())) && (ends(text.get(at + part.len())) || ends(part.last()))
    };
    memchr::memmem::find_iter(text, part).find(apart)
}
