//! Where volumes are mounted: mounts, devices, and what a path may be.

use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::tree::Tree;

use super::whole::Volumes;

/// Go: `validatePathNoBacksteps`
pub fn no_backsteps(target: &str, path: &Path, errors: &mut Errors) {
    if target.split('/').any(|part| part == "..") {
        errors.invalid(path, target, "must not contain '..'");
    }
}

/// Go: `validateLocalDescendingPath`
pub fn local_path(target: &str, path: &Path, errors: &mut Errors) {
    if target.starts_with('/') {
        errors.invalid(path, target, "must be a relative path");
    }
    no_backsteps(target, path, errors);
}

/// Go: `ValidateLocalNonReservedPath`
pub fn non_reserved_path(target: &str, path: &Path, errors: &mut Errors) {
    local_path(target, path, errors);
    if target.starts_with("..") && !target.starts_with("../") {
        errors.invalid(path, target, "must not start with '..'");
    }
}

/// Go: `ValidateVolumeMounts`
pub fn mounts(container: &Tree, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    let devices = container.list("volumeDevices");
    let mut points = Vec::new();
    for (at, mount) in container.list("volumeMounts").iter().enumerate() {
        let place = path.index(at);
        let (name, point) = (mount.str("name"), mount.str("mountPath"));
        if name.is_empty() {
            errors.required(&place.child("name"), "");
        }
        if volumes.get(name).is_none() {
            errors.not_found(&place.child("name"), name, "");
        }
        if point.is_empty() {
            errors.required(&place.child("mountPath"), "");
        }
        if points.contains(&point) {
            errors.invalid(&place.child("mountPath"), point, "must be unique");
        }
        points.push(point);
        if devices.iter().any(|device| device.str("name") == name) {
            errors.invalid(&place.child("name"), name, "must not already exist in volumeDevices");
        }
        if devices.iter().any(|device| device.str("devicePath") == point) {
            let words = "must not already exist as a path in volumeDevices";
            errors.invalid(&place.child("mountPath"), point, words);
        }
        // The way to what is below has no index: the server's slip.
        let (sub, expression) = (mount.str("subPath"), mount.str("subPathExpr"));
        if !sub.is_empty() {
            local_path(sub, &path.child("subPath"), errors);
        }
        if !expression.is_empty() {
            if !sub.is_empty() {
                let words = "subPathExpr and subPath are mutually exclusive";
                errors.invalid(&place.child("subPathExpr"), expression, words);
            }
            local_path(expression, &path.child("subPathExpr"), errors);
        }
        propagation(mount, container, &path.child("mountPropagation"), errors);
        read_only(mount, &path.child("recursiveReadOnly"), errors);
        options(mount, volumes, &place.child("bindMountOptions"), errors);
    }
}

/// Go: `validateMountPropagation`
fn propagation(mount: &Tree, container: &Tree, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["Bidirectional", "HostToContainer", "None"];
    if !mount.has("mountPropagation") {
        return;
    }
    let propagation = mount.str("mountPropagation");
    if !KNOWN.contains(&propagation) {
        errors.not_supported(path, propagation, &KNOWN);
    }
    if propagation == "Bidirectional" && !container.get("securityContext").is("privileged") {
        errors.forbidden(path, "Bidirectional mount propagation is available only to privileged containers");
    }
}

/// Go: `validateMountRecursiveReadOnly`
fn read_only(mount: &Tree, path: &Path, errors: &mut Errors) {
    if !mount.has("recursiveReadOnly") || !errors.since(31) {
        return;
    }
    match mount.str("recursiveReadOnly") {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !mount.is("readOnly") {
                errors.forbidden(path, "may only be specified when readOnly is true");
            }
            if !matches!(mount.str("mountPropagation"), "" | "None") {
                errors
                    .forbidden(path, "may only be specified when mountPropagation is None or not specified");
            }
        }
        other => errors.not_supported(path, other, &["Disabled", "Enabled", "IfPossible"]),
    }
}

/// Go: `validateBindMountOptions`
fn options(mount: &Tree, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["nodev", "noexec", "nosuid"];
    let options = mount.list("bindMountOptions");
    let mut seen = Vec::new();
    for (at, option) in options.iter().enumerate() {
        let option = option.text();
        if !KNOWN.contains(&option) {
            errors.not_supported(&path.index(at), option, &KNOWN);
        }
        if seen.contains(&option) {
            errors.duplicate(&path.index(at), option);
        }
        seen.push(option);
    }
    if !options.is_empty() && volumes.get(mount.str("name")).is_some_and(|volume| volume.has("image")) {
        let bad = Bad::Typed(mount.get("bindMountOptions"), "[]string");
        errors.invalid(path, bad, "bindMountOptions may not be used with image volumes");
    }
}

/// Go: `ValidateVolumeDevices`
pub fn devices(container: &Tree, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    let mounts = container.list("volumeMounts");
    let (mut names, mut paths) = (Vec::new(), Vec::new());
    for (at, device) in container.list("volumeDevices").iter().enumerate() {
        let place = path.index(at);
        let (name_place, path_place) = (place.child("name"), place.child("devicePath"));
        let (name, point) = (device.str("name"), device.str("devicePath"));
        if name.is_empty() {
            errors.required(&name_place, "");
        }
        if names.contains(&name) {
            errors.invalid(&name_place, name, "must be unique");
        }
        match volumes.get(name) {
            None => errors.not_found(&name_place, name, ""),
            Some(volume) if !volume.has("persistentVolumeClaim") && !volume.has("ephemeral") => {
                let words =
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.invalid(&name_place, name, words);
            }
            Some(_) => {}
        }
        if point.is_empty() {
            errors.required(&path_place, "");
        }
        if paths.contains(&point) {
            errors.invalid(&path_place, point, "must be unique");
        }
        if point.split('/').any(|part| part == "..") {
            errors.invalid(&path_place, point, "can not contain backsteps ('..')");
        } else {
            paths.push(point);
        }
        if mounts.iter().any(|mount| mount.str("name") == name) {
            errors.invalid(&name_place, name, "must not already exist in volumeMounts");
        }
        if mounts.iter().any(|mount| mount.str("mountPath") == point) {
            errors.invalid(&path_place, point, "must not already exist as a path in volumeMounts");
        }
        if !name.is_empty() {
            names.push(name);
        }
    }
}
