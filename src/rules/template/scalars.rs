//! The plain values of an object, each with its place: what rules about printed text look at.

use crate::path::FieldPath;
use crate::policy::{Object, Release};
use crate::yaml::{Data, Node};

/// A place in an object, of which most are never told: the path is put together for who asks.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    above: Option<&'a Place<'a>>,
    last: Last<'a>,
}

#[derive(Clone, Copy)]
enum Last<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Place<'_> {
    /// The path.
    pub fn path(&self) -> FieldPath {
        let above = || self.above.map_or_else(FieldPath::root, Place::path);
        match self.last {
            Last::Root => FieldPath::root(),
            Last::Key(key) => above().key(key),
            Last::Index(at) => above().index(at),
        }
    }

    fn below<'a>(&'a self, last: Last<'a>) -> Place<'a> {
        Place { above: Some(self), last }
    }
}

/// Calls `look` with each plain value of each object, hooks too.
pub fn each<'a>(release: &Release<'a>, mut look: impl FnMut(&'a Object<'a>, &Place<'_>, &'a Node)) {
    for (_, object) in release.asked() {
        let root = Place { above: None, last: Last::Root };
        walk(object.node, &root, &mut |place, node| look(object, place, node));
    }
}

fn walk<'a>(node: &'a Node, place: &Place<'_>, look: &mut impl FnMut(&Place<'_>, &'a Node)) {
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                walk(&entry.value, &place.below(Last::Key(&entry.key)), look);
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &place.below(Last::Index(at)), look);
            }
        }
        _ => look(place, node),
    }
}
