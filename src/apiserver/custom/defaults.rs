//! The defaults in a schema, which must be what the schema allows.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/defaulting/validation.go`.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::tree::Tree;

use super::shape::{self, EMBEDDED, META};
use super::{embedded, validate};

/// Tells what is wrong with the defaults of a structural schema.
///
/// Go: `ValidateDefaults`
pub(in crate::apiserver) fn judge(schema: &Tree, path: &Path, errors: &mut Errors) {
    walk(schema, (true, false), path, errors);
}

/// `is_resource` where the value is a whole object, `is_meta` where it is within the metadata of one.
///
/// Go: `validate`
fn walk(schema: &Tree, (is_resource, is_meta): (bool, bool), path: &Path, errors: &mut Errors) {
    let is_resource = is_resource || schema.is(EMBEDDED);
    let is_meta = is_meta && !is_resource;
    let default = schema.get("default");
    if !default.is_null() {
        one(default, schema, is_meta, &path.child("default"), errors);
    }
    if matches!(schema.get("items"), Tree::Map(_)) {
        walk(schema.get("items"), (false, is_meta), &path.child("items"), errors);
    }
    for (name, property) in schema.map("properties") {
        let is_meta = is_meta || is_resource && META.contains(&name.as_str());
        walk(property, (false, is_meta), &path.child("properties").key(name), errors);
    }
}

fn one(default: &Tree, schema: &Tree, is_meta: bool, path: &Path, errors: &mut Errors) {
    // A way that is not the root: what the default is of is no whole object by itself.
    if !is_meta && !shape::prune_below(&mut default.clone(), schema).is_empty() {
        errors.invalid(path, default, "must not have unknown fields");
    }
    let before = errors.len();
    if !is_meta {
        embedded::judge(default, schema, path, errors);
    }
    if errors.len() > before {
        return;
    }
    let mut found = Errors::new(errors.known);
    validate::resource(default, schema, None, &mut found);
    errors.found.extend(found.found.into_iter().map(|mut error| {
        // The server puts the way within the default behind a dot, as if it were a name.
        error.path = if error.path.is_root() { path.clone() } else { path.child(&error.path.to_string()) };
        error
    }));
}
