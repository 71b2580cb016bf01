//! Environment variables and the fields, amounts and keys that they are taken from.
//!
//! Source: `ValidateEnv`, `ValidateEnvFrom`.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::meta;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::mounts::no_backsteps;
use super::resources::is_zero_amount;
use super::whole::Pod;

/// What a variable may be called; more since 1.32.
fn variable_name(name: &str, path: &Path, errors: &mut Errors) {
    let wrong =
        if errors.since(32) { text::relaxed_environment_name(name) } else { text::environment_name(name) };
    errors.invalid_each(path, name, wrong);
}

/// Go: `ValidateEnv`
pub fn variables(variables: &[Tree], path: &Path, errors: &mut Errors) {
    for (at, variable) in variables.iter().enumerate() {
        let path = path.index(at);
        let name = variable.str("name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            variable_name(name, &path.child("name"), errors);
        }
        value_from(variable, &path.child("valueFrom"), errors);
    }
}

/// Go: `validateEnvVarValueFrom`
fn value_from(variable: &Tree, path: &Path, errors: &mut Errors) {
    const FIELDS: [&str; 9] = [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    let from = variable.get("valueFrom");
    if from.is_null() {
        return;
    }
    let mut count = 0;
    if from.has("fieldRef") {
        count += 1;
        field_selector(from.get("fieldRef"), &FIELDS, &path.child("fieldRef"), errors);
    }
    if from.has("resourceFieldRef") {
        count += 1;
        resource_selector(from.get("resourceFieldRef"), false, &path.child("resourceFieldRef"), errors);
    }
    for kind in ["configMapKeyRef", "secretKeyRef"] {
        if from.has(kind) {
            count += 1;
            key_selector(from.get(kind), &path.child(kind), errors);
        }
    }
    let knows_files = errors.since(35);
    if from.has("fileKeyRef") && knows_files {
        count += 1;
        file_selector(from.get("fileKeyRef"), &path.child("fileKeyRef"), errors);
    }
    let words = match (count, knows_files) {
        (0, true) => {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        }
        (0, false) => {
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
        }
        _ if !variable.str("value").is_empty() => "may not be specified when `value` is not empty",
        (1, _) => return,
        _ => "may not have more than one field specified at a time",
    };
    errors.invalid(path, "", words);
}

/// A path with a subscript: `metadata.labels['x']`.
///
/// Go: fieldpath.SplitMaybeSubscriptedPath
fn subscripted(path: &str) -> Option<(&str, &str)> {
    let (name, subscript) = path.strip_suffix("']")?.split_once("['")?;
    (!name.is_empty()).then_some((name, subscript))
}

/// Go: `validateObjectFieldSelector`
pub fn field_selector(selector: &Tree, fields: &[&str], path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 14] = [
        "metadata.annotations",
        "metadata.labels",
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.serviceAccountName",
        "spec.schedulerName",
        "status.phase",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    let (version, given) = (selector.str("apiVersion"), selector.str("fieldPath"));
    let place = path.child("fieldPath");
    if version.is_empty() {
        return errors.required(&path.child("apiVersion"), "");
    }
    if given.is_empty() {
        return errors.required(&place, "");
    }
    let unconvertible = |why: String, errors: &mut Errors| {
        errors.invalid(&place, given, &format!("error converting fieldPath: {why}"));
    };
    if version != "v1" {
        return unconvertible(format!("unsupported pod version: {version}"), errors);
    }
    match subscripted(given) {
        Some(("metadata.annotations", key)) => meta::label_name(&key.to_lowercase(), path, errors),
        Some(("metadata.labels", key)) => meta::label_name(key, path, errors),
        Some(_) => unconvertible(format!("field label does not support subscript: {given}"), errors),
        None if !KNOWN.contains(&given) && given != "spec.host" => {
            unconvertible(format!("field label not supported: {given}"), errors);
        }
        None => {
            let name = if given == "spec.host" { "spec.nodeName" } else { given };
            if !fields.contains(&name) {
                errors.not_supported(&place, name, fields);
            }
        }
    }
}

/// Go: `validateContainerResourceFieldSelector`
pub fn resource_selector(selector: &Tree, in_volume: bool, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 6] = [
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    let resource = selector.str("resource");
    let is_huge =
        ["limits.hugepages-", "requests.hugepages-"].iter().any(|prefix| resource.starts_with(prefix));
    if in_volume && selector.str("containerName").is_empty() {
        errors.required(&path.child("containerName"), "");
    } else if resource.is_empty() {
        errors.required(&path.child("resource"), "");
    } else if !KNOWN.contains(&resource) && !is_huge {
        errors.not_supported(&path.child("resource"), resource, &KNOWN);
    }
    divisor(resource, is_huge, selector.str("divisor"), &path.child("divisor"), errors);
}

/// Go: `validateContainerResourceDivisor`
fn divisor(resource: &str, is_huge: bool, divisor: &str, path: &Path, errors: &mut Errors) {
    const SIZES: [&str; 13] =
        ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    if is_zero_amount(divisor) {
        return;
    }
    let what = match resource {
        "limits.cpu" | "requests.cpu" => {
            if !matches!(divisor, "1m" | "1") {
                let words = "only divisor's values 1m and 1 are supported with the cpu resource";
                errors.invalid(path, resource, words);
            }
            return;
        }
        "limits.memory" | "requests.memory" => "memory",
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => "local ephemeral storage",
        _ if is_huge => "hugepages",
        _ => return,
    };
    if !SIZES.contains(&divisor) {
        let words =
            format!("only divisor's values {} are supported with the {what} resource", SIZES.join(", "));
        errors.invalid(path, resource, &words);
    }
}

/// Go: `validateConfigMapKeySelector`, `validateSecretKeySelector`
fn key_selector(selector: &Tree, path: &Path, errors: &mut Errors) {
    let (name, key) = (selector.str("name"), selector.str("key"));
    if errors.since(31) {
        errors.invalid_each(&path.child("name"), name, text::dns_subdomain(name));
    } else if name.is_empty() {
        errors.required(&path.child("name"), "");
    } else {
        errors.invalid_each(&path.child("name"), name, text::dns_subdomain(name));
    }
    if key.is_empty() {
        errors.required(&path.child("key"), "");
    } else {
        errors.invalid_each(&path.child("key"), key, text::config_key(key));
    }
}

/// Go: `validateFileKeySelector`
fn file_selector(selector: &Tree, path: &Path, errors: &mut Errors) {
    let (key, volume, file) = (selector.str("key"), selector.str("volumeName"), selector.str("path"));
    if key.is_empty() {
        errors.required(&path.child("key"), "");
    } else {
        errors.invalid_each(&path.child("key"), key, text::relaxed_environment_name(key));
    }
    if volume.is_empty() {
        errors.required(&path.child("volumeName"), "");
    } else {
        errors.invalid_each(&path.child("volumeName"), volume, text::dns_label(volume));
    }
    if file.is_empty() {
        errors.required(&path.child("path"), "");
    } else {
        no_backsteps(file, &path.child("path"), errors);
    }
}

/// Go: `ValidateEnvFrom`
pub fn sources(sources: &[Tree], path: &Path, errors: &mut Errors) {
    for (at, source) in sources.iter().enumerate() {
        let place = path.index(at);
        let prefix = source.str("prefix");
        if !prefix.is_empty() {
            variable_name(prefix, &place.child("prefix"), errors);
        }
        let mut count = 0;
        for kind in ["configMapRef", "secretRef"] {
            if !source.has(kind) {
                continue;
            }
            count += 1;
            let (name, path) = (source.get(kind).str("name"), place.child(kind).child("name"));
            if name.is_empty() {
                errors.required(&path, "");
            } else {
                // The name is judged as a prefix of one: the server's slip.
                let masked = name.strip_suffix('-').filter(|rest| !rest.is_empty());
                let judged = masked.map_or(name.to_owned(), |rest| {
                    format!("{}a", &rest[..rest.len() - rest.chars().next_back().map_or(0, char::len_utf8)])
                });
                errors.invalid_each(&path, name, text::dns_subdomain(&judged));
            }
        }
        match count {
            0 => errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"),
            1 => {}
            _ => errors.invalid(path, "", "may not have more than one field specified at a time"),
        }
    }
}

/// Go: `validateFileKeyRefVolumes`
pub fn file_references(pod: &Pod, path: &Path, errors: &mut Errors) {
    for (container, path) in pod.containers(path) {
        for (at, variable) in container.list("env").iter().enumerate() {
            let reference = variable.at(&["valueFrom", "fileKeyRef"]);
            if reference.is_null() {
                continue;
            }
            let name = reference.str("volumeName");
            let path = path.child("env").index(at).child("valueFrom").child("fileKeyRef").child("volumeName");
            let volume = pod.spec.list("volumes").iter().rev().find(|volume| volume.str("name") == name);
            match volume {
                None => errors.not_found(&path, name, ""),
                Some(volume) if !volume.has("emptyDir") => {
                    errors.invalid(&path, name, "referenced volume must be of type emptyDir");
                }
                Some(_) => {}
            }
        }
    }
}
