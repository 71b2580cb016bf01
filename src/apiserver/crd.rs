//! Custom resource definitions: names, versions, columns, subresources, conversion. What their schemas must be is in
//! [`super::crd_schema`].
//!
//! Source: k8s.io/apiextensions-apiserver `pkg/apis/apiextensions/validation`, and the conversion of `v1` beside it.

use super::crd_schema;
use super::error::{Bad, Errors, Path};
use super::meta;
use super::text;
use super::tree::Tree;
use super::webhook;

/// What stands in each version, and moves to the specification where it is the same in all: the names in a version and above.
const SHARED: [(&str, &str); 4] = [
    ("subresources", "subresources"),
    ("schema", "validation"),
    ("additionalPrinterColumns", "additionalPrinterColumns"),
    ("selectableFields", "selectableFields"),
];

/// Go: `SetDefaults_CustomResourceDefinition`
pub fn defaults(object: &mut Tree, _minor: u32) {
    let spec = object.field_mut("spec");
    let names = spec.field_mut("names");
    let kind = names.str("kind").to_owned();
    names.default_str("singular", &kind.to_lowercase());
    if !kind.is_empty() {
        names.default_str("listKind", &format!("{kind}List"));
    }
    if !spec.has("conversion") {
        spec.field_mut("conversion").set("strategy", "None".into());
    }
    if let Some(service) =
        spec.field_mut("conversion").get_mut("webhook").and_then(|hook| hook.get_mut("clientConfig"))
        && let Some(service) = service.get_mut("service")
    {
        service.default("port", 443);
    }
}

/// The form in which it is judged: what is the same in all versions stands above them, and the status names the stored one.
///
/// Go: `Convert_v1_CustomResourceDefinitionSpec_To_apiextensions_CustomResourceDefinitionSpec`, `PrepareForCreate`
pub fn internal(object: &mut Tree, _errors: &mut Errors) {
    let spec = object.field_mut("spec");
    let stored = spec.list("versions").iter().find(|version| version.is("storage"));
    let stored: Vec<Tree> = stored.map(|version| version.get("name").clone()).into_iter().collect();
    if let Some(first) = spec.list("versions").first().cloned() {
        spec.set("version", first.get("name").clone());
        for (in_version, above) in SHARED {
            let same =
                spec.list("versions").iter().all(|version| version.get(in_version) == first.get(in_version));
            if same {
                spec.set(above, first.get(in_version).clone());
                for version in spec.list_mut("versions") {
                    version.remove(in_version);
                }
            }
        }
    }
    let mut status = Tree::empty();
    if !stored.is_empty() {
        status.set("storedVersions", Tree::List(stored));
    }
    object.set("status", status);
}

/// Go: `ValidateCustomResourceDefinition`
pub fn definition(object: &Tree, errors: &mut Errors) {
    let spec = object.get("spec");
    let name = format!("{}.{}", spec.at(&["names"]).str("plural"), spec.str("group"));
    let rule = |text: &str| {
        let mut wrong = text::dns_subdomain(text);
        if text != name {
            wrong.push("must be spec.names.plural+\".\"+spec.group".to_owned());
        }
        wrong
    };
    meta::object_meta(object, false, rule, errors);
    specification(spec, &Path::new("spec"), errors);
    stored_versions(object, errors);
    approval(object, errors);
    if spec.is("preserveUnknownFields") {
        let words = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema \
                     instead";
        errors.invalid(&Path::new("spec").child("preserveUnknownFields"), true, words);
    }
}

/// Go: `validateCustomResourceDefinitionSpec`
fn specification(spec: &Tree, path: &Path, errors: &mut Errors) {
    group(spec.str("group"), &path.child("group"), errors);
    one_of(spec, "scope", &["Cluster", "Namespaced"], path, errors);
    if spec.at(&["validation", "openAPIV3Schema"]).is_null() {
        for (at, version) in spec.list("versions").iter().enumerate() {
            if version.at(&["schema", "openAPIV3Schema"]).is_null() {
                let place = path.child("versions").index(at).child("schema").child("openAPIV3Schema");
                errors.required(&place, "");
            }
        }
    }
    versions(spec, path, errors);
    names(spec.get("names"), &path.child("names"), errors);
    let has_status = |tree: &Tree| !tree.at(&["subresources", "status"]).is_null();
    let any_status = has_status(spec) || spec.list("versions").iter().any(has_status);
    crd_schema::validation(spec.get("validation"), any_status, &path.child("validation"), errors);
    subresources(spec.get("subresources"), &path.child("subresources"), errors);
    columns(spec, path, errors);
    conversion(spec.get("conversion"), &path.child("conversion"), errors);
}

fn group(group: &str, path: &Path, errors: &mut Errors) {
    let wrong = text::dns_subdomain(group);
    if group.is_empty() {
        errors.required(path, "");
    } else if !wrong.is_empty() {
        errors.invalid(path, group, &wrong.join(","));
    } else if !group.contains('.') {
        errors.invalid(path, group, "should be a domain with at least one dot");
    }
}

/// Go: `validateEnumStrings`
fn one_of(tree: &Tree, field: &str, known: &[&str], path: &Path, errors: &mut Errors) {
    match tree.str(field) {
        "" => errors.required(&path.child(field), ""),
        word if known.contains(&word) => {}
        word => errors.not_supported(&path.child(field), word, known),
    }
}

fn versions(spec: &Tree, path: &Path, errors: &mut Errors) {
    let place = path.child("versions");
    let versions = spec.list("versions");
    for (at, version) in versions.iter().enumerate() {
        let path = place.index(at);
        let name = version.str("name");
        let wrong = text::dns_1035_label(name);
        if !wrong.is_empty() {
            errors.invalid(&path.child("name"), name, &wrong.join(","));
        }
        self::version(version, spec, &path, errors);
    }
    let bad = || Bad::Typed(spec.get("versions"), "[]apiextensions.CustomResourceDefinitionVersion");
    let mut seen: Vec<&str> = versions.iter().map(|version| version.str("name")).collect();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() != versions.len() {
        errors.invalid(&place, bad(), "must contain unique version names");
    }
    if versions.iter().filter(|version| version.is("storage")).count() != 1 {
        errors.invalid(&place, bad(), "must have exactly one version marked as storage version");
    }
    let first = spec.str("version");
    let wrong = text::dns_1035_label(first);
    if !first.is_empty() && !wrong.is_empty() {
        errors.invalid(&path.child("version"), first, &wrong.join(","));
    }
}

/// Go: `validateCustomResourceDefinitionVersion`
fn version(version: &Tree, spec: &Tree, path: &Path, errors: &mut Errors) {
    const LONGEST: usize = 256;
    if version.has("deprecationWarning") {
        let text = version.str("deprecationWarning");
        let place = path.child("deprecationWarning");
        if !version.is("deprecated") {
            errors.invalid(&place, text, "can only be set for deprecated versions");
        } else if text.is_empty() {
            errors.invalid(&place, text, "must not be an empty string");
        } else if text.len() > LONGEST {
            errors.invalid(&place, text, "must be <= 256 characters long");
        }
    }
    let of_version = version.get("subresources");
    let resources = if of_version.is_null() { spec.get("subresources") } else { of_version };
    let has_status = !resources.get("status").is_null();
    crd_schema::validation(version.get("schema"), has_status, &path.child("schema"), errors);
    subresources(of_version, &path.child("subresources"), errors);
    columns(version, path, errors);
}

/// Go: `ValidateCustomResourceDefinitionNames`
fn names(names: &Tree, path: &Path, errors: &mut Errors) {
    for field in ["plural", "singular", "kind", "listKind"] {
        if names.str(field).is_empty() {
            errors.required(&path.child(field), "");
        }
    }
    for field in ["plural", "singular", "kind", "listKind"] {
        let name = names.str(field);
        let is_kind = field.to_lowercase().ends_with("kind");
        let wrong =
            text::dns_1035_label(&if is_kind { name.to_lowercase() } else { name.to_owned() }).join(",");
        if !name.is_empty() && !wrong.is_empty() {
            let mixed = if is_kind { "may have mixed case, but should otherwise match: " } else { "" };
            errors.invalid(&path.child(field), name, &format!("{mixed}{wrong}"));
        }
    }
    labels(names, "shortNames", path, errors);
    let (kind, list) = (names.str("kind"), names.str("listKind"));
    if !kind.is_empty() && kind == list {
        errors.invalid(&path.child("listKind"), list, "kind and listKind may not be the same");
    }
    labels(names, "categories", path, errors);
}

fn labels(names: &Tree, field: &str, path: &Path, errors: &mut Errors) {
    for (at, name) in names.list(field).iter().enumerate() {
        let wrong = text::dns_1035_label(name.text());
        if !wrong.is_empty() {
            errors.invalid(&path.child(field).index(at), name, &wrong.join(","));
        }
    }
}

/// Go: `ValidateCustomResourceColumnDefinition`
fn columns(above: &Tree, path: &Path, errors: &mut Errors) {
    const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
    const FORMATS: [&str; 8] = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
    for (at, column) in above.list("additionalPrinterColumns").iter().enumerate() {
        let path = path.child("additionalPrinterColumns").index(at);
        let one_of = |words: &[&str]| format!("must be one of {}", words.join(","));
        if column.str("name").is_empty() {
            errors.required(&path.child("name"), "");
        }
        match column.str("type") {
            "" => errors.required(&path.child("type"), &one_of(&TYPES)),
            word if TYPES.contains(&word) => {}
            word => errors.invalid(&path.child("type"), word, &one_of(&TYPES)),
        }
        let format = column.str("format");
        if !format.is_empty() && !FORMATS.contains(&format) {
            errors.invalid(&path.child("format"), format, &one_of(&FORMATS));
        }
        let place = path.child("JSONPath");
        match column.str("jsonPath") {
            "" => errors.required(&place, ""),
            text => drop(is_simple_path(text, &place, errors)),
        }
    }
}

/// Go: `validateSimpleJSONPath`
fn is_simple_path(text: &str, path: &Path, errors: &mut Errors) -> bool {
    let is_simple = text.starts_with('.');
    if !is_simple {
        errors.invalid(path, text, "must be a simple json path starting with .");
    }
    is_simple
}

/// Go: `ValidateCustomResourceDefinitionSubresources`
fn subresources(resources: &Tree, path: &Path, errors: &mut Errors) {
    let scale = resources.get("scale");
    if scale.is_null() {
        return;
    }
    for (field, start) in [("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")] {
        let (text, place) = (scale.str(field), path.child("scale").child(field));
        if text.is_empty() {
            errors.required(&place, "");
        } else if is_simple_path(text, &place, errors) && !text.starts_with(start) {
            let words = format!("should be a json path under {}", start.trim_end_matches('.'));
            errors.invalid(&place, text, &words);
        }
    }
    let (text, place) = (scale.str("labelSelectorPath"), path.child("scale").child("labelSelectorPath"));
    let stands_below = text.starts_with(".spec.") || text.starts_with(".status.");
    if !text.is_empty() && is_simple_path(text, &place, errors) && !stands_below {
        errors.invalid(&place, text, "should be a json path under either .spec or .status");
    }
}

/// Go: `validateCustomResourceConversion`
fn conversion(conversion: &Tree, path: &Path, errors: &mut Errors) {
    one_of(conversion, "strategy", &["None", "Webhook"], path, errors);
    let hook = conversion.get("webhook");
    let (config, versions) = (hook.get("clientConfig"), hook.list("conversionReviewVersions"));
    let (config_path, versions_path) =
        (path.child("webhookClientConfig"), path.child("conversionReviewVersions"));
    if conversion.str("strategy") != "Webhook" {
        let words = "should not be set when strategy is not set to Webhook";
        if !config.is_null() {
            errors.forbidden(&config_path, words);
        }
        if !versions.is_empty() {
            errors.forbidden(&versions_path, words);
        }
        return;
    }
    if config.is_null() {
        errors.required(&config_path, "required when strategy is set to Webhook");
    } else {
        webhook::client(config, &config_path, errors);
    }
    if versions.is_empty() {
        return errors.required(&versions_path, "");
    }
    for (at, version) in versions.iter().enumerate() {
        let place = versions_path.index(at);
        if versions.iter().take(at).any(|before| before == version) {
            errors.invalid(&place, version, "duplicate version");
            continue;
        }
        errors.invalid_each(&place, version.text(), text::dns_1035_label(version.text()));
    }
    if !versions.iter().any(|version| matches!(version.text(), "v1" | "v1beta1")) {
        let bad = Bad::Typed(hook.get("conversionReviewVersions"), "[]string");
        errors.invalid(&versions_path, bad, "must include at least one of v1, v1beta1");
    }
}

/// Go: `ValidateCustomResourceDefinitionStoredVersions`
fn stored_versions(object: &Tree, errors: &mut Errors) {
    let stored = object.at(&["status", "storedVersions"]);
    let path = Path::new("status").child("storedVersions");
    let bad = || Bad::Typed(stored, "[]string");
    if stored.items().is_empty() {
        return errors.invalid(&path, bad(), "must have at least one stored version");
    }
    // Versions that share the name of the stored one strike it off the list one after another.
    let mut left: Vec<&str> = stored.items().iter().map(Tree::text).collect();
    for version in object.get("spec").list("versions") {
        let name = version.str("name");
        let is_listed = left.contains(&name);
        if version.is("storage") && !is_listed {
            errors.invalid(&path, bad(), &format!("must have the storage version {name}"));
        }
        left.retain(|listed| *listed != name);
    }
}

/// Groups of the Kubernetes community need its approval.
///
/// Go: `validateAPIApproval`
fn approval(object: &Tree, errors: &mut Errors) {
    const ANNOTATION: &str = "api-approved.kubernetes.io";
    const PLACE: &str = "see https://github.com/kubernetes/enhancements/pull/1111";
    let group = object.get("spec").str("group");
    let is_protected =
        ["k8s.io", "kubernetes.io"].iter().any(|own| group == *own || group.ends_with(&format!(".{own}")));
    if !is_protected {
        return;
    }
    let approved = object.at(&["metadata", "annotations"]).str(ANNOTATION);
    let path = Path::new("metadata").child("annotations").key(ANNOTATION);
    let needed = format!("protected groups must have approval annotation \"{ANNOTATION}\"");
    let is_address = approved.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty() && !rest.split('/').next().unwrap_or_default().is_empty()
    });
    if approved.is_empty() {
        errors.required(&path, &format!("{needed}, {PLACE}"));
    } else if !approved.starts_with("unapproved") && !is_address {
        let words = format!("{needed} with either a URL or a reason starting with \"unapproved\", {PLACE}");
        errors.invalid(&path, approved, &words);
    }
}
