//! Whole objects within an object: `x-kubernetes-embedded-resource`.
//!
//! Go: k8s.io/apiextensions-apiserver `pkg/apiserver/schema/objectmeta`.

use crate::apiserver::decode::{self, Fault};
use crate::apiserver::error::{Errors, Path};
use crate::apiserver::known::Known;
use crate::apiserver::meta;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::shape::{Below, EMBEDDED, below};

/// Decodes the metadata of embedded objects.
///
/// Go: `CoerceWithOptions`
pub(super) fn coerce(
    tree: &mut Tree,
    schema: &Tree,
    path: &Path,
    known: &Known,
    strict: &mut Vec<Fault>,
) -> Result<(), Fault> {
    match tree {
        Tree::Map(entries) => {
            for (key, value) in entries {
                let path = path.child(key);
                if schema.is(EMBEDDED) && key == "metadata" {
                    *value = decode::metadata(known, value, &path, strict)?;
                } else if schema.is(EMBEDDED)
                    && matches!(key.as_str(), "apiVersion" | "kind")
                    && !is_text(value)
                {
                    let shown = crate::apiserver::print::json_of(value);
                    let message = format!("{path}: Invalid value: {shown}: must be a string");
                    return Err(Fault { path, message, is_strict: false });
                }
                if let Below::Schema(schema) = below(schema, key) {
                    coerce(value, schema, &path, known, strict)?;
                }
            }
            Ok(())
        }
        Tree::List(items) => {
            let each = |(at, item)| coerce(item, schema.get("items"), &path.index(at), known, strict);
            items.iter_mut().enumerate().try_for_each(each)
        }
        _ => Ok(()),
    }
}

fn is_text(tree: &Tree) -> bool {
    matches!(tree, Tree::Str(_))
}

/// Tells what is wrong with embedded objects.
///
/// Go: `validateEmbeddedResource`
pub(super) fn judge(tree: &Tree, schema: &Tree, path: &Path, errors: &mut Errors) {
    match tree {
        Tree::Map(entries) => {
            if schema.is(EMBEDDED) {
                whole(tree, path, errors);
            }
            for (key, value) in entries {
                if let Below::Schema(schema) = below(schema, key) {
                    judge(value, schema, &path.child(key), errors);
                }
            }
        }
        Tree::List(items) => {
            for (at, item) in items.iter().enumerate() {
                judge(item, schema.get("items"), &path.index(at), errors);
            }
        }
        _ => {}
    }
}

fn whole(tree: &Tree, path: &Path, errors: &mut Errors) {
    for field in ["apiVersion", "kind"] {
        let place = path.child(field);
        match tree.get(field) {
            Tree::Null => errors.required(&place, ""),
            Tree::Str(word) if word.is_empty() => errors.invalid(&place, word, "must not be empty"),
            Tree::Str(word) if field == "kind" => {
                let wrong = text::dns_1035_label(&word.to_lowercase());
                if !wrong.is_empty() {
                    let words =
                        format!("may have mixed case, but should otherwise match: {}", wrong.join(","));
                    errors.invalid(&place, word, &words);
                }
            }
            Tree::Str(word) if word.matches('/').count() > 1 => {
                errors.invalid(&place, word, &format!("unexpected GroupVersion string: {word}"));
            }
            Tree::Str(_) => {}
            other => errors.invalid(&place, other, "must be a string"),
        }
    }
    let metadata = tree.get("metadata");
    if !metadata.is_null() {
        let place = path.child("metadata");
        for field in ["generateName", "name"].into_iter().filter(|field| !metadata.str(field).is_empty()) {
            let name = metadata.str(field);
            errors.invalid_each(&place.child(field), name, text::path_segment(name));
        }
        meta::common(metadata, !metadata.str("namespace").is_empty(), &place, errors);
    }
}
