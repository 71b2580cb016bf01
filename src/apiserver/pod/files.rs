//! The files that a volume makes of keys and fields.
//!
//! Source: `pkg/apis/core/validation/validation.go`.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::environment;
use super::mounts::non_reserved_path;

const FILE_MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";

/// Says that texts are missing.
pub fn require(tree: &Tree, fields: &[&str], path: &Path, errors: &mut Errors) {
    for field in fields {
        if tree.get(field).is_zero() {
            errors.required(&path.child(field), "");
        }
    }
}

/// A mode of files; 0 to 0777.
pub fn file_mode(tree: &Tree, field: &str, path: &Path, errors: &mut Errors) {
    if let Some(mode) = tree.int(field)
        && !(0..=0o777).contains(&mode)
    {
        errors.invalid(&path.child(field), mode, FILE_MODE);
    }
}

/// Go: `validateUserField`
pub fn user(tree: &Tree, field: &str, path: &Path, errors: &mut Errors) {
    if let Some(id) = tree.int(field)
        && let Some(why) = text::user_id(id)
    {
        errors.invalid(&path.child(field), id, &why);
    }
}

/// Go: `validateKeyToPath`
pub fn key_to_path(tree: &Tree, path: &Path, errors: &mut Errors) {
    require(tree, &["key", "path"], path, errors);
    non_reserved_path(tree.str("path"), &path.child("path"), errors);
    file_mode(tree, "mode", path, errors);
    user(tree, "user", path, errors);
}

/// Go: `validateDownwardAPIVolumeFile`
pub fn downward_file(tree: &Tree, path: &Path, errors: &mut Errors) {
    const FIELDS: [&str; 5] =
        ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
    require(tree, &["path"], path, errors);
    non_reserved_path(tree.str("path"), &path.child("path"), errors);
    if tree.has("fieldRef") {
        environment::field_selector(tree.get("fieldRef"), &FIELDS, &path.child("fieldRef"), errors);
        if tree.has("resourceFieldRef") {
            errors.invalid(
                path,
                "resource",
                "fieldRef and resourceFieldRef can not be specified simultaneously",
            );
        }
    } else if tree.has("resourceFieldRef") {
        environment::resource_selector(
            tree.get("resourceFieldRef"),
            true,
            &path.child("resourceFieldRef"),
            errors,
        );
    } else {
        errors.required(path, "one of fieldRef and resourceFieldRef is required");
    }
    file_mode(tree, "mode", path, errors);
    user(tree, "user", path, errors);
}
