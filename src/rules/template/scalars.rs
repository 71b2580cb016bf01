//! The plain values of an object, each with its path: what rules about printed text look at.

use crate::path::FieldPath;
use crate::policy::{Object, Release};
use crate::yaml::{Data, Node};

/// Calls `look` with each plain value of each object, hooks too.
pub fn each<'a>(release: &Release<'a>, mut look: impl FnMut(&'a Object<'a>, &FieldPath, &'a Node)) {
    for (_, object) in release.asked() {
        walk(object.node, &FieldPath::root(), &mut |path, node| look(object, path, node));
    }
}

fn walk<'a>(node: &'a Node, path: &FieldPath, look: &mut impl FnMut(&FieldPath, &'a Node)) {
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                walk(&entry.value, &path.key(entry.key.clone()), look);
            }
        }
        Data::Seq(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &path.index(at), look);
            }
        }
        _ => look(path, node),
    }
}
