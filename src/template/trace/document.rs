//! Maps and lists as YAML or JSON, written and read: which line says which value, and which value a line said.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::paths::{Paths, Shape, Step};
use super::pieces::{Known, PathId, Piece, Site, cut};
use crate::value::{Str, Value};
use crate::yaml::{self, Data, Node};

/// The pieces of a text that a function made of a map or list with that path, if it is YAML or JSON: each line knows its
/// leaf.
pub fn written(text: &[u8], path: PathId, paths: &mut Paths, site: &Site) -> Option<Vec<Piece>> {
    let node = yaml::parse(text).ok()?;
    if !is_container(&node) {
        return None;
    }
    let mut leaves = Vec::new();
    collect_leaves(&node, path, paths, &mut leaves);
    let mut pieces: Vec<Piece> = Vec::new();
    // They mostly come in the order of the text, so each looks back no further than to the one before.
    let (mut seen, mut line_start) = (0, 0);
    for (start, path) in leaves {
        let start = start.min(text.len());
        if start < seen {
            (seen, line_start) = (0, 0);
        }
        let new = text[seen..start].iter().rposition(|byte| *byte == b'\n').map(|at| seen + at + 1);
        (seen, line_start) = (start, new.unwrap_or(line_start));
        // Several on one line (`- name: x`, JSON) keep their own places after the first.
        let is_first = pieces.last().is_none_or(|last| last.start < line_start);
        let start = if is_first { line_start } else { start };
        pieces.push(Piece { start, site: Site { paths: Rc::from([path]), ..site.clone() } });
    }
    (!pieces.is_empty()).then_some(pieces)
}

fn is_container(node: &Node) -> bool {
    matches!(node.data, Data::Map(_) | Data::Seq(_))
}

fn shape(node: &Node) -> Shape {
    match node.data {
        Data::Map(_) | Data::Seq(_) => Shape::Container,
        Data::Null => Shape::Nothing,
        _ => Shape::Scalar,
    }
}

/// Where each leaf's key or item starts, in order.
fn collect_leaves(node: &Node, path: PathId, paths: &mut Paths, leaves: &mut Vec<(usize, PathId)>) {
    for entry in node.entries() {
        let step = Step::Name(entry.key.as_str().into());
        let child = paths.step(path, step, shape(&entry.value));
        leaves.push((entry.key_span.start as usize, child));
        collect_leaves(&entry.value, child, paths, leaves);
    }
    for (index, item) in node.items().iter().enumerate() {
        let child = paths.step(path, Step::Index(index), shape(item));
        if !is_container(item) {
            leaves.push((item.span.start as usize, child));
        }
        collect_leaves(item, child, paths, leaves);
    }
}

/// Makes a map or list known that was read from a text: of each value it is known what was read for its part of the text.
pub fn read(text: &Known, value: &Value, paths: &mut Paths) -> PathId {
    let Ok(node) = yaml::parse(text.text.as_bytes()) else { return 0 };
    read_node(text, &node, value, paths)
}

fn read_node(text: &Known, node: &Node, value: &Value, paths: &mut Paths) -> PathId {
    let children: Vec<(Step, &Node, Value)> = match value {
        Value::Map(map) => node
            .entries()
            .iter()
            .filter_map(|entry| {
                let name: Str = entry.key.as_str().into();
                let value = map.get(&name)?;
                Some((Step::Name(name), &entry.value, value))
            })
            .collect(),
        Value::List(list) => {
            let items = node.items().iter().zip(list.items()).enumerate();
            items.map(|(at, (node, value))| (Step::Index(at), node, value.clone())).collect()
        }
        _ => {
            let range = node.span.range();
            let range = if range.is_empty() { range.start..range.start + 1 } else { range };
            let pieces = cut(&text.pieces, range, 0);
            let mut met = FxHashSet::default();
            let read = pieces.iter().flat_map(|piece| piece.site.paths.iter());
            let read: Vec<PathId> = read.filter(|path| met.insert(**path)).copied().collect();
            return match read.as_slice() {
                [only] => *only,
                _ => paths.made_of(read),
            };
        }
    };
    let known = children.into_iter().map(|(step, node, value)| (step, read_node(text, node, &value, paths)));
    let known = known.collect();
    paths.record(value, known)
}
