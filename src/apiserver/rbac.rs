//! Roles and their bindings.
//!
//! Source: k8s.io/kubernetes `pkg/apis/rbac/validation/validation.go`.

use super::error::{Bad, Errors, Path};
use super::meta::{self, Selector};
use super::text;
use super::tree::Tree;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Go: `ValidateRole`
pub fn role(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::path_segment, errors);
    rules(object, true, errors);
}

/// Go: `ValidateClusterRole`
pub fn cluster_role(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::path_segment, errors);
    rules(object, false, errors);
    let aggregation = object.get("aggregationRule");
    if aggregation.is_null() {
        return;
    }
    let path = Path::new("aggregationRule").child("clusterRoleSelectors");
    let selectors = aggregation.list("clusterRoleSelectors");
    if selectors.is_empty() {
        errors.required(&path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
    }
    for (at, selector) in selectors.iter().enumerate() {
        let path = path.index(at);
        meta::label_selector(selector, &path, errors);
        if Selector::of(selector, errors).is_none() {
            errors.invalid(&path, Bad::Raw("null".to_owned()), "invalid label selector.");
        }
    }
}

/// Go: `ValidatePolicyRule`
fn rules(object: &Tree, namespaced: bool, errors: &mut Errors) {
    for (at, rule) in object.list("rules").iter().enumerate() {
        let path = Path::new("rules").index(at);
        if rule.list("verbs").is_empty() {
            let words = if errors.since(37) { "" } else { "verbs must contain at least one value" };
            errors.declared(|errors| errors.required(&path.child("verbs"), words));
        }
        let urls = rule.list("nonResourceURLs");
        if !urls.is_empty() {
            let (path, bad) =
                (path.child("nonResourceURLs"), || Bad::Typed(rule.get("nonResourceURLs"), "[]string"));
            if namespaced {
                errors.invalid(&path, bad(), "namespaced rules cannot apply to non-resource URLs");
            }
            if ["apiGroups", "resources", "resourceNames"].iter().any(|field| !rule.list(field).is_empty()) {
                let words = "rules cannot apply to both regular resources and non-resource URLs";
                errors.invalid(&path, bad(), words);
            }
            continue;
        }
        if rule.list("apiGroups").is_empty() {
            errors.required(&path.child("apiGroups"), "resource rules must supply at least one api group");
        }
        if rule.list("resources").is_empty() {
            errors.required(&path.child("resources"), "resource rules must supply at least one resource");
        }
    }
}

/// Go: `ValidateRoleBinding`
pub fn role_binding(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::path_segment, errors);
    binding(object, &["Role", "ClusterRole"], errors);
}

/// Go: `ValidateClusterRoleBinding`
pub fn cluster_role_binding(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, false, text::path_segment, errors);
    binding(object, &["ClusterRole"], errors);
}

fn binding(object: &Tree, kinds: &[&str], errors: &mut Errors) {
    let (role, path) = (object.get("roleRef"), Path::new("roleRef"));
    if role.str("apiGroup") != GROUP {
        errors.not_supported(&path.child("apiGroup"), role.str("apiGroup"), &[GROUP]);
    }
    if !kinds.contains(&role.str("kind")) {
        errors.not_supported(&path.child("kind"), role.str("kind"), kinds);
    }
    if role.str("name").is_empty() {
        errors.declared(|errors| errors.required(&path.child("name"), ""));
    } else {
        errors.invalid_each(&path.child("name"), role.str("name"), text::path_segment(role.str("name")));
    }
    for (at, subject) in object.list("subjects").iter().enumerate() {
        self::subject(subject, kinds.len() > 1, &Path::new("subjects").index(at), errors);
    }
}

/// Go: `ValidateRoleBindingSubject`
fn subject(subject: &Tree, namespaced: bool, path: &Path, errors: &mut Errors) {
    let (name, group) = (subject.str("name"), subject.str("apiGroup"));
    if name.is_empty() {
        errors.declared(|errors| errors.required(&path.child("name"), ""));
    }
    match subject.str("kind") {
        "ServiceAccount" => {
            if !name.is_empty() {
                errors.invalid_each(&path.child("name"), name, text::dns_subdomain(name));
            }
            if !group.is_empty() {
                errors.not_supported(&path.child("apiGroup"), group, &[""]);
            }
            if !namespaced && subject.str("namespace").is_empty() {
                errors.required(&path.child("namespace"), "");
            }
        }
        "User" | "Group" => {
            if group != GROUP {
                errors.not_supported(&path.child("apiGroup"), group, &[GROUP]);
            }
        }
        other => errors.not_supported(&path.child("kind"), other, &["ServiceAccount", "User", "Group"]),
    }
}
