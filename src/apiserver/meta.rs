//! What every object has: its metadata, labels and annotations, and selectors of labels.
//!
//! Source: k8s.io/apimachinery `pkg/api/validation/objectmeta.go`, `pkg/apis/meta/v1/validation`; k8s.io/kubernetes
//! `pkg/apis/core/validation`.

use super::error::{Bad, Errors, Path};
use super::text;
use super::tree::Tree;

/// What a name must look like: what is wrong with it.
pub type NameRule = fn(&str) -> Vec<String>;

/// Go: `NameIsDNSSubdomain` and its sisters mask the dash at the end of a prefix.
fn masked(name: &str) -> String {
    match name.strip_suffix('-') {
        Some(rest) if name.len() > 1 => {
            let mut rest: String = rest.to_owned();
            rest.pop();
            rest + "a"
        }
        _ => name.to_owned(),
    }
}

/// Go: `ValidateObjectMeta` of core, which also asks for finalizers of a known kind.
pub fn core_object(object: &Tree, namespaced: bool, name: impl Fn(&str) -> Vec<String>, errors: &mut Errors) {
    object_meta(object, namespaced, name, errors);
    let path = Path::new("metadata").child("finalizers");
    for (at, finalizer) in object.at(&["metadata"]).list("finalizers").iter().enumerate() {
        kube_finalizer(finalizer.text(), &path.index(at), errors);
    }
}

/// Go: `validateKubeFinalizerName`
pub fn kube_finalizer(name: &str, path: &Path, errors: &mut Errors) {
    let is_standard = matches!(name, "kubernetes" | "orphan" | "foregroundDeletion");
    if !name.contains('/') && !is_standard {
        errors.invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified");
    }
}

/// Go: `ValidateObjectMeta` of apimachinery
pub fn object_meta(object: &Tree, namespaced: bool, name: impl Fn(&str) -> Vec<String>, errors: &mut Errors) {
    let meta = object.get("metadata");
    let path = Path::new("metadata");
    let generate = meta.str("generateName");
    if !generate.is_empty() {
        errors.invalid_each(&path.child("generateName"), generate, name(&masked(generate)));
    }
    if meta.str("name").is_empty() {
        errors.required(&path.child("name"), "name or generateName is required");
    } else {
        errors.invalid_each(&path.child("name"), meta.str("name"), name(meta.str("name")));
    }
    common(meta, namespaced, &path, errors);
}

/// Go: `validateObjectMetaAccessorWithOptsCommon`
pub fn common(meta: &Tree, namespaced: bool, path: &Path, errors: &mut Errors) {
    let space = meta.str("namespace");
    if namespaced {
        if space.is_empty() {
            errors.required(&path.child("namespace"), "");
        } else {
            errors.invalid_each(&path.child("namespace"), space, text::dns_label(space));
        }
    } else if !space.is_empty() {
        errors.forbidden(&path.child("namespace"), "not allowed on this type");
    }
    nonnegative(meta.int("generation").unwrap_or_default(), &path.child("generation"), errors);
    labels(meta.get("labels"), &path.child("labels"), errors);
    annotations(meta.get("annotations"), &path.child("annotations"), errors);
    owners(meta.list("ownerReferences"), &path.child("ownerReferences"), errors);
    finalizers(meta.get("finalizers"), &path.child("finalizers"), errors);
    managed_fields(meta.list("managedFields"), &path.child("managedFields"), errors);
}

/// What every reference to an object says of it: its kind and its name.
pub fn kind_and_name(reference: &Tree, path: &Path, errors: &mut Errors) {
    for field in ["kind", "name"] {
        let value = reference.str(field);
        if value.is_empty() {
            errors.required(&path.child(field), "");
        } else {
            errors.invalid_each(&path.child(field), value, text::path_segment(value));
        }
    }
}

/// Go: `ValidateNonnegativeField`
pub fn nonnegative(value: i64, path: &Path, errors: &mut Errors) {
    if value < 0 {
        errors.invalid(path, value, "must be greater than or equal to 0");
    }
}

/// Go: `ValidateNonnegativeField` of a field that may be missing
pub fn nonnegative_field(tree: &Tree, name: &str, path: &Path, errors: &mut Errors) {
    nonnegative(tree.int(name).unwrap_or_default(), &path.child(name), errors);
}

/// Go: `ValidateLabels`
pub fn labels(labels: &Tree, path: &Path, errors: &mut Errors) {
    let minor = errors.minor();
    for (key, value) in labels.entries() {
        label_name(key, path, errors);
        errors.invalid_each(path, value.text(), text::label_value(value.text(), minor));
    }
}

/// Go: `ValidateLabelName`, `ValidateQualifiedName`
pub fn label_name(name: &str, path: &Path, errors: &mut Errors) {
    errors.invalid_each(path, name, text::qualified_name(name, errors.minor()));
}

/// Go: `ValidateAnnotations`
pub fn annotations(annotations: &Tree, path: &Path, errors: &mut Errors) {
    const MOST: usize = 256 * 1024;
    let minor = errors.minor();
    let mut size = 0;
    for (key, value) in annotations.entries() {
        size += key.len() + value.text().len();
        errors.invalid_each(path, key, text::qualified_name(&key.to_lowercase(), minor));
    }
    if size > MOST {
        errors.too_long(path, MOST);
    }
}

/// Go: `ValidateOwnerReferences`
fn owners(owners: &[Tree], path: &Path, errors: &mut Errors) {
    let mut controller = String::new();
    for (at, owner) in owners.iter().enumerate() {
        let path_of = path.index(at);
        let version = owner.str("apiVersion");
        if version.is_empty() {
            errors.required(&path_of.child("apiVersion"), "must not be empty");
        } else if version.matches('/').count() > 1 || version.ends_with('/') {
            let words = if errors.since(32) {
                "must be <group>/<version> or <version>"
            } else {
                "version must not be empty"
            };
            errors.invalid(&path_of.child("apiVersion"), version, words);
        }
        for name in ["kind", "name", "uid"] {
            if owner.str(name).is_empty() {
                errors.required(&path_of.child(name), "must not be empty");
            }
        }
        if owner.is("controller") {
            let name = format!("{}/{}", owner.str("kind"), owner.str("name"));
            if controller.is_empty() {
                controller = name;
            } else {
                let words = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {name}"
                );
                let all = Tree::List(owners.to_vec());
                errors.invalid(path, Bad::Typed(&all, "[]meta/v1.OwnerReference"), &words);
            }
        }
    }
}

/// Go: `ValidateFinalizers`
fn finalizers(finalizers: &Tree, path: &Path, errors: &mut Errors) {
    let names: Vec<&str> = finalizers.items().iter().map(Tree::text).collect();
    for name in &names {
        label_name(name, path, errors);
    }
    if names.contains(&"orphan") && names.contains(&"foregroundDeletion") {
        let words = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.invalid(path, Bad::Typed(finalizers, "[]string"), words);
    }
}

/// Go: `ValidateManagedFields`
fn managed_fields(entries: &[Tree], path: &Path, errors: &mut Errors) {
    for (at, entry) in entries.iter().enumerate() {
        let path = path.index(at);
        match entry.str("operation") {
            "Apply" | "Update" => {}
            "" => errors.required(&path.child("operation"), "must not be empty"),
            other => errors.not_supported(&path.child("operation"), other, &["Apply", "Update"]),
        }
        let fields_type = entry.str("fieldsType");
        if !fields_type.is_empty() && fields_type != "FieldsV1" {
            errors.invalid(&path.child("fieldsType"), fields_type, "must be `FieldsV1`");
        }
    }
}

/// Go: `ValidateTemplateObjectMeta`
pub fn template_meta(meta: &Tree, path: &Path, errors: &mut Errors) {
    annotations(meta.get("annotations"), &path.child("annotations"), errors);
    labels(meta.get("labels"), &path.child("labels"), errors);
    for (key, value) in meta.entries() {
        if !matches!(key.as_str(), "labels" | "annotations") && !value.is_zero() {
            errors.forbidden(&path.child(key), "cannot be set");
        }
    }
}

/// Go: `ValidateLabelSelector`; nothing is said of one that is not there.
pub fn label_selector(selector: &Tree, path: &Path, errors: &mut Errors) {
    labels(selector.get("matchLabels"), &path.child("matchLabels"), errors);
    let minor = errors.minor();
    for (at, expression) in selector.list("matchExpressions").iter().enumerate() {
        let path = path.child("matchExpressions").index(at);
        let values = expression.list("values");
        match expression.str("operator") {
            "In" | "NotIn" if values.is_empty() => {
                errors
                    .required(&path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
            }
            "In" | "NotIn" => {}
            "Exists" | "DoesNotExist" if values.is_empty() => {}
            "Exists" | "DoesNotExist" => errors.forbidden(
                &path.child("values"),
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
            other => errors.invalid(&path.child("operator"), other, "not a valid selector operator"),
        }
        label_name(expression.str("key"), &path.child("key"), errors);
        for (at, value) in values.iter().enumerate() {
            let path = path.child("values").index(at);
            errors.invalid_each(&path, value.text(), text::label_value(value.text(), minor));
        }
    }
}

/// A selector of labels that can be asked.
pub struct Selector<'a> {
    tree: &'a Tree,
}

impl<'a> Selector<'a> {
    /// Go: `LabelSelectorAsSelector`; `None` where the selector is no good.
    pub fn of(tree: &'a Tree, errors: &Errors) -> Option<Selector<'a>> {
        let minor = errors.minor();
        let value_is_good = |value: &Tree| text::label_value(value.text(), minor).is_empty();
        let pair_is_good = |(key, value): &(String, Tree)| {
            text::qualified_name(key, minor).is_empty() && value_is_good(value)
        };
        let expression_is_good = |expression: &Tree| {
            let values = expression.list("values");
            let count_is_good = match expression.str("operator") {
                "In" | "NotIn" => !values.is_empty(),
                "Exists" | "DoesNotExist" => values.is_empty(),
                _ => false,
            };
            count_is_good
                && text::qualified_name(expression.str("key"), minor).is_empty()
                && values.iter().all(value_is_good)
        };
        let is_good = tree.map("matchLabels").iter().all(pair_is_good)
            && tree.list("matchExpressions").iter().all(expression_is_good);
        is_good.then_some(Selector { tree })
    }

    /// Whether it asks for nothing; one that is not there matches nothing, but is not empty.
    pub fn is_empty(&self) -> bool {
        !self.tree.is_null()
            && self.tree.map("matchLabels").is_empty()
            && self.tree.list("matchExpressions").is_empty()
    }

    /// Whether it matches the labels.
    pub fn matches(&self, labels: &Tree) -> bool {
        if self.tree.is_null() {
            return false;
        }
        let pair_matches = |(key, value): &(String, Tree)| labels.get(key) == value;
        let expression_matches = |expression: &Tree| {
            let value = labels.get(expression.str("key"));
            let is_listed = expression.list("values").contains(value);
            match expression.str("operator") {
                "In" => !value.is_null() && is_listed,
                "NotIn" => value.is_null() || !is_listed,
                "Exists" => !value.is_null(),
                _ => value.is_null(),
            }
        };
        self.tree.map("matchLabels").iter().all(pair_matches)
            && self.tree.list("matchExpressions").iter().all(expression_matches)
    }
}
