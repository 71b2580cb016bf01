//! Lists that are sets or maps: `x-kubernetes-list-type`.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/listtype`.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::print::json_of;
use crate::apiserver::tree::Tree;

use super::shape::{Below, below};

/// Tells items that stand twice.
///
/// Go: `ValidateListSetsAndMaps`
pub(super) fn judge(tree: &Tree, schema: &Tree, path: &Path, errors: &mut Errors) {
    match tree {
        Tree::Map(entries) => {
            let is_property = |key: &str| !schema.get("properties").get(key).is_null();
            for (key, value) in entries {
                if let Below::Schema(schema) = below(schema, key) {
                    let path = if is_property(key) { path.child(key) } else { path.key(key) };
                    judge(value, schema, &path, errors);
                }
            }
        }
        Tree::List(items) => {
            match schema.str("x-kubernetes-list-type") {
                "set" => twice(items.iter().cloned().map(Some), path, errors),
                "map" => map(items, schema.list("x-kubernetes-list-map-keys"), path, errors),
                _ => {}
            }
            for (at, item) in items.iter().enumerate() {
                judge(item, schema.get("items"), &path.index(at), errors);
            }
        }
        _ => {}
    }
}

/// Go: `validateListMap`
fn map(items: &[Tree], keys: &[Tree], path: &Path, errors: &mut Errors) {
    let is_object = |item: &Tree| matches!(item, Tree::Map(_) | Tree::Null);
    if let Some(at) = items.iter().position(|item| !is_object(item)) {
        return errors.invalid(
            &path.index(at),
            &items[at],
            "must be an object for an array of list-type map",
        );
    }
    let key = |item: &Tree| {
        let mut key = Tree::empty();
        for name in keys.iter().map(Tree::text) {
            if let Some((_, value)) = item.entries().iter().find(|(own, _)| own == name) {
                key.push(name, value.clone());
            }
        }
        Some(key)
    };
    twice(items.iter().map(key), path, errors);
}

/// Go: `validateListSet`
fn twice(items: impl Iterator<Item = Option<Tree>>, path: &Path, errors: &mut Errors) {
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for (at, item) in items.flatten().enumerate() {
        let count = seen.entry(sorted(&item)).or_default();
        *count += 1;
        if *count == 2 {
            errors.duplicate(&path.index(at), &item);
        }
    }
}

/// The value as JSON with its keys in order.
fn sorted(tree: &Tree) -> String {
    json_of(tree)
}
