//! Annotations of pods that the server reads: seccomp, AppArmor, tolerations, the cost of deletion.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::tree::Tree;

use super::mounts::local_path;
use super::whole::Pod;

const SECCOMP: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const MIRROR: &str = "kubernetes.io/config.mirror";

/// Go: `ValidatePodSpecificAnnotations`
pub fn pod_specific(meta: &Tree, pod: &Pod, path: &Path, errors: &mut Errors) {
    let annotations = meta.get("annotations");
    if annotations.has(MIRROR) && pod.spec.str("nodeName").is_empty() {
        let words = "must set spec.nodeName if mirror pod annotation is set";
        errors.invalid(&path.key(MIRROR), annotations.str(MIRROR), words);
    }
    if annotations.has(DELETION_COST) && !is_cost(annotations.str(DELETION_COST)) {
        errors.invalid(&path.key(DELETION_COST), annotations.str(DELETION_COST), "must be a 32bit integer");
    }
    if annotations.has(SECCOMP) {
        seccomp(annotations.str(SECCOMP), &path.child(SECCOMP), errors);
    }
    for (key, value) in annotations.entries() {
        if key.starts_with(SECCOMP_OF_CONTAINER) {
            seccomp(value.text(), &path.child(key), errors);
        }
    }
    for (key, value) in annotations.entries() {
        let Some(name) = key.strip_prefix(APP_ARMOR) else { continue };
        let containers = pod.containers(&Path::default());
        if !containers.iter().any(|(container, _)| container.str("name") == name) {
            errors.invalid(&path.key(key), name, "container not found");
        }
        let profile = value.text();
        if !matches!(profile, "" | "runtime/default" | "unconfined") && !profile.starts_with("localhost/") {
            let words = format!("invalid AppArmor profile name: {}", crate::go::strconv::quote(profile));
            errors.invalid(&path.key(key), profile, &words);
        }
    }
}

/// Go: `GetDeletionCostFromPodAnnotations`
fn is_cost(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_canonical = !text.starts_with('+') && (text == "0" || !digits.starts_with('0'));
    is_canonical && text.parse::<i32>().is_ok()
}

/// Go: `ValidateSeccompProfile`
fn seccomp(profile: &str, path: &Path, errors: &mut Errors) {
    if matches!(profile, "runtime/default" | "docker/default" | "unconfined") {
        return;
    }
    match profile.strip_prefix("localhost/") {
        Some(file) => local_path(file, path, errors),
        None => errors.invalid(path, profile, "must be a valid seccomp profile"),
    }
}

/// Go: `validateSeccompAnnotationsAndFields`, `validateAppArmorAnnotationsAndFieldsMatchOnCreate`
pub fn match_fields(meta: &Tree, pod: &Pod, path: &Path, errors: &mut Errors) {
    let annotations = meta.get("annotations");
    let whole = pod.spec.get("securityContext");
    if annotations.has(SECCOMP) {
        let path = path.child("securityContext").child("seccompProfile");
        let words = ["unconfined", "runtime/default", "docker/default"];
        matches(annotations.str(SECCOMP), whole.get("seccompProfile"), "seccomp", words, &path, errors);
    }
    let containers = pod.containers(path);
    for (container, path) in &containers {
        let key = format!("{SECCOMP_OF_CONTAINER}{}", container.str("name"));
        if annotations.has(&key) {
            let profile = container.get("securityContext").get("seccompProfile");
            let path = path.child("securityContext").child("seccompProfile");
            let words = ["unconfined", "runtime/default", "docker/default"];
            matches(annotations.str(&key), profile, "seccomp", words, &path, errors);
        }
    }
    if pod.spec.get("os").str("name") == "windows" || !errors.since(30) {
        return;
    }
    for (container, path) in &containers {
        let key = format!("{APP_ARMOR}{}", container.str("name"));
        if annotations.has(&key) {
            let own = container.get("securityContext").get("appArmorProfile");
            let profile = if own.is_null() { whole.get("appArmorProfile") } else { own };
            let path = path.child("securityContext").child("appArmorProfile");
            let words = ["unconfined", "runtime/default", "runtime/default"];
            matches(annotations.str(&key), profile, "apparmor", words, &path, errors);
        }
    }
}

/// Whether an annotation says what the field says.
fn matches(annotation: &str, profile: &Tree, what: &str, words: [&str; 3], path: &Path, errors: &mut Errors) {
    let [unconfined, default, other_default] = words;
    let is_type = match profile.str("type") {
        "Unconfined" => annotation == unconfined,
        "RuntimeDefault" => annotation == default || annotation == other_default,
        "Localhost" => match annotation.strip_prefix("localhost/") {
            None => false,
            Some(file) => {
                if profile.get("localhostProfile") != &Tree::from(file) {
                    let words = format!("{what} profile in annotation and field must match");
                    errors.forbidden(&path.child("localhostProfile"), &words);
                }
                true
            }
        },
        _ => true,
    };
    if !is_type {
        errors.forbidden(&path.child("type"), &format!("{what} type in annotation and field must match"));
    }
}
