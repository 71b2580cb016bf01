//! The values of an object, each with its place: what rules about printed text look at.

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
    Item(&'a [Node], usize),
}

impl Place<'_> {
    /// The place of an object itself.
    pub const ROOT: Place<'static> = Place { above: None, last: Last::Root };

    /// The place of a map's entry below this one.
    pub fn key<'a>(&'a self, key: &'a str) -> Place<'a> {
        self.below(Last::Key(key))
    }

    /// The place of a list's item below this one.
    pub fn index(&self, at: usize) -> Place<'_> {
        self.below(Last::Index(at))
    }

    /// The place of a list's item below this one, which goes by its name if it has one of its own.
    pub fn item<'a>(&'a self, items: &'a [Node], at: usize) -> Place<'a> {
        self.below(Last::Item(items, at))
    }

    /// Whether this is the field of the object of that name.
    pub fn is_field(&self, name: &str) -> bool {
        let is_top = self.above.is_some_and(|above| matches!(above.last, Last::Root));
        is_top && matches!(self.last, Last::Key(key) if key == name)
    }

    /// The path.
    pub fn path(&self) -> FieldPath {
        let above = || self.above.map_or_else(FieldPath::root, Place::path);
        match self.last {
            Last::Root => FieldPath::root(),
            Last::Key(key) => above().key(key),
            Last::Index(at) => above().index(at),
            Last::Item(items, at) => above().item(items, at),
        }
    }

    fn below<'a>(&'a self, last: Last<'a>) -> Place<'a> {
        Place { above: Some(self), last }
    }
}

/// Calls `look` with each plain value of each object, hooks too.
pub fn each<'a>(release: &Release<'a>, mut look: impl FnMut(&'a Object<'a>, &Place<'_>, &'a Node)) {
    for (_, object) in release.asked() {
        walk(object.node, &Place::ROOT, &mut |place, node| look(object, place, node));
    }
}

fn walk<'a>(node: &'a Node, place: &Place<'_>, look: &mut impl FnMut(&Place<'_>, &'a Node)) {
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                walk(&entry.value, &place.key(&entry.key), look);
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &place.index(at), look);
            }
        }
        _ => look(place, node),
    }
}
