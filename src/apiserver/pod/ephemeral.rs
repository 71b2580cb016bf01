//! Ephemeral volumes and ephemeral containers.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::storage;
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::container;
use super::whole::{Pod, Volumes};

/// Go: `validateEphemeralVolumeSource` and what `validateVolumeSource` asks besides
pub fn volume(volume: &Tree, owner: &str, path: &Path, errors: &mut Errors) {
    let template = volume.get("ephemeral").get("volumeClaimTemplate");
    let place = path.child("ephemeral").child("volumeClaimTemplate");
    if template.is_null() {
        errors.required(&place, "");
    } else {
        claim_template(template, &place, errors);
    }
    let name = volume.str("name");
    if !owner.is_empty() && !name.is_empty() {
        let claim = format!("{owner}-{name}");
        for why in text::dns_subdomain(&claim) {
            errors.invalid(&path.child("name"), name, &format!("PVC name \"{claim}\": {why}"));
        }
    }
}

/// The claim template of an ephemeral volume.
///
/// Go: `ValidatePersistentVolumeClaimTemplate`
fn claim_template(template: &Tree, path: &Path, errors: &mut Errors) {
    crate::apiserver::meta::template_meta(template.get("metadata"), &path.child("metadata"), errors);
    storage::claim_spec(template.get("spec"), &path.child("spec"), errors);
}

/// The fields that an ephemeral container may have.
const ALLOWED: [&str; 16] = [
    "name",
    "image",
    "command",
    "args",
    "workingDir",
    "envFrom",
    "env",
    "volumeMounts",
    "volumeDevices",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "imagePullPolicy",
    "securityContext",
    "stdin",
    "stdinOnce",
    "tty",
];

/// Go: `validateEphemeralContainers`
pub fn containers(pod: &Pod, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    let ephemeral = pod.spec.list("ephemeralContainers");
    let others: Vec<&str> = ["containers", "initContainers"]
        .iter()
        .flat_map(|list| pod.spec.list(list))
        .map(|container| container.str("name"))
        .collect();
    let mut names = others.clone();
    for (at, one) in ephemeral.iter().enumerate() {
        let path = path.index(at);
        container::common(pod, one, volumes, &path, errors);
        let (image, name) = (one.str("image"), one.str("name"));
        if image.trim() != image {
            errors.invalid(&path.child("image"), image, "must not have leading or trailing whitespace");
        }
        if names.contains(&name) {
            errors.duplicate(&path.child("name"), name);
        } else {
            names.push(name);
        }
        let target = one.str("targetContainerName");
        if !target.is_empty() && !others.contains(&target) {
            errors.not_found(&path.child("targetContainerName"), target, "");
        }
        for (field, value) in one.entries() {
            if !ALLOWED.contains(&field.as_str()) && field != "targetContainerName" && !value.is_zero() {
                errors.forbidden(&path.child(field), "cannot be set for an Ephemeral Container");
            }
        }
        for (at, mount) in one.list("volumeMounts").iter().enumerate() {
            for field in ["subPath", "subPathExpr"] {
                if !mount.str(field).is_empty() {
                    let path = path.child("volumeMounts").index(at).child(field);
                    errors.forbidden(&path, "cannot be set for an Ephemeral Container");
                }
            }
        }
    }
}
