//! Brings an object into the shape that its schema says: takes out what the schema does not know and `null` where it must not
//! be, and puts defaults in.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/pruning`, `pkg/apiserver/schema/defaulting`.

use crate::apiserver::decode::Fault;
use crate::apiserver::error::Path;
use crate::apiserver::tree::Tree;

/// What every object has at its root.
pub(super) const META: [&str; 3] = ["apiVersion", "kind", "metadata"];

pub(super) const PRESERVES: &str = "x-kubernetes-preserve-unknown-fields";
pub(super) const EMBEDDED: &str = "x-kubernetes-embedded-resource";

/// The schema of a field: nothing where the schema does not know it.
pub(super) enum Below<'a> {
    /// By a schema; nothing is known where it is nothing.
    Schema(&'a Tree),
    /// The field itself is unknown.
    Unknown,
}

pub(super) fn below<'a>(schema: &'a Tree, key: &str) -> Below<'a> {
    let property = schema.get("properties").get(key);
    if !property.is_null() {
        return Below::Schema(property);
    }
    match schema.get("additionalProperties") {
        Tree::Null | Tree::Bool(false) => Below::Unknown,
        // `additionalProperties: true` is one whose schema says nothing.
        Tree::Bool(true) => Below::Schema(&NOTHING),
        additional => Below::Schema(additional),
    }
}

static NOTHING: Tree = Tree::Null;

/// Takes out the fields that the schema does not know, and says which.
///
/// Go: `PruneWithOptions`
pub(super) fn prune(tree: &mut Tree, schema: &Tree) -> Vec<Fault> {
    let found = pruned(tree, schema, &Path::default());
    let mut texts: Vec<(String, Path)> = found.into_iter().map(|path| (path.to_string(), path)).collect();
    texts.sort_by(|a, b| a.0.cmp(&b.0));
    let told = |(text, path)| Fault { path, message: format!("unknown field \"{text}\""), is_strict: true };
    texts.into_iter().map(told).collect()
}

/// Takes out the fields of a part of an object that its schema does not know, and says which.
pub(super) fn prune_below(tree: &mut Tree, schema: &Tree) -> Vec<Path> {
    pruned(tree, schema, &Path::new("default"))
}

fn pruned(tree: &mut Tree, schema: &Tree, path: &Path) -> Vec<Path> {
    let mut found = Vec::new();
    walk(tree, schema, path, &mut found);
    found
}

fn walk(tree: &mut Tree, schema: &Tree, path: &Path, found: &mut Vec<Path>) {
    let is_root = path.is_root();
    let keeps = schema.is(PRESERVES);
    let is_resource = is_root || schema.is(EMBEDDED);
    match tree {
        Tree::Map(entries) => entries.retain_mut(|(key, value)| {
            if is_resource && META.contains(&key.as_str()) {
                return true;
            }
            let path = path.child(key);
            match below(schema, key) {
                Below::Schema(schema) => {
                    walk(value, schema, &path, found);
                    true
                }
                Below::Unknown if keeps => true,
                Below::Unknown => {
                    found.push(path);
                    false
                }
            }
        }),
        Tree::List(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                let (schema, path) = (schema.get("items"), path.index(at));
                // What is free says nothing of its items either, unless it does.
                if !(keeps && schema.is_null()) {
                    if keeps { skip(item, schema, &path, found) } else { walk(item, schema, &path, found) }
                }
            }
        }
        _ => {}
    }
}

/// Looks below what keeps all it is given for places that do not.
///
/// Go: `skipPrune`
fn skip(tree: &mut Tree, schema: &Tree, path: &Path, found: &mut Vec<Path>) {
    match tree {
        Tree::Map(entries) => {
            for (key, value) in entries {
                if schema.is(EMBEDDED) && META.contains(&key.as_str()) {
                    continue;
                }
                if let Below::Schema(schema) = below(schema, key) {
                    walk(value, schema, &path.child(key), found);
                }
            }
        }
        Tree::List(items) if !schema.get("items").is_null() => {
            for (at, item) in items.iter_mut().enumerate() {
                skip(item, schema.get("items"), &path.index(at), found);
            }
        }
        _ => {}
    }
}

fn is_bad_null(tree: &Tree, schema: &Tree) -> bool {
    tree.is_null() && !schema.is_null() && !schema.is("nullable")
}

/// Takes out `null` where it is neither allowed nor has a default.
///
/// Go: `PruneNonNullableNullsWithoutDefaults`
pub(super) fn prune_nulls(tree: &mut Tree, schema: &Tree) {
    match tree {
        Tree::Map(entries) => entries.retain_mut(|(key, value)| {
            let Below::Schema(schema) = below(schema, key) else { return true };
            prune_nulls(value, schema);
            !(is_bad_null(value, schema) && schema.get("default").is_null())
        }),
        Tree::List(items) => items.iter_mut().for_each(|item| prune_nulls(item, schema.get("items"))),
        _ => {}
    }
}

/// Puts the defaults in.
///
/// Go: `Default`
pub(super) fn default(tree: &mut Tree, schema: &Tree) {
    match tree {
        Tree::Map(_) => {
            for (key, property) in schema.map("properties") {
                let own = property.get("default");
                let there = tree.entries().iter().find(|(name, _)| name == key);
                if !own.is_null() && there.is_none_or(|(_, value)| is_bad_null(value, property)) {
                    tree.remove(key);
                    tree.push(key, own.clone());
                }
            }
            let Tree::Map(entries) = tree else { return };
            for (key, value) in entries {
                let Below::Schema(schema) = below(schema, key) else { continue };
                if is_bad_null(value, schema) {
                    *value = schema.get("default").clone();
                }
                default(value, schema);
            }
        }
        Tree::List(items) => {
            let schema = schema.get("items");
            for item in items {
                if is_bad_null(item, schema) {
                    *item = schema.get("default").clone();
                }
                default(item, schema);
            }
        }
        _ => {}
    }
}
