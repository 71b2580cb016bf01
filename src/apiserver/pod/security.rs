//! Security contexts of pods and containers.

use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::mounts::local_path;
use super::whole::Pod;
use super::windows;

/// An id of a user or group.
fn id(tree: &Tree, field: &str, path: &Path, errors: &mut Errors) {
    if let Some(id) = tree.int(field)
        && let Some(why) = text::user_id(id)
    {
        errors.invalid(&path.child(field), id, &why);
    }
}

/// A word that must be one of a few, if it is there.
fn one_of(tree: &Tree, field: &str, known: &[&str], path: &Path, errors: &mut Errors) {
    if tree.has(field) && !known.contains(&tree.str(field)) {
        errors.not_supported(&path.child(field), tree.str(field), known);
    }
}

/// Go: `validatePodSpecSecurityContext`, `validateShareProcessNamespace`, `validateImagePullSecrets`
pub fn pod(pod: &Pod, path: &Path, errors: &mut Errors) {
    let context = pod.spec.get("securityContext");
    let place = path.child("securityContext");
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        id(context, field, &place, errors);
    }
    for (at, group) in context.list("supplementalGroups").iter().enumerate() {
        let group = group.as_int().unwrap_or_default();
        if let Some(why) = text::user_id(group) {
            errors.invalid(&place.child("supplementalGroups").index(at), group, &why);
        }
    }
    sysctls(pod, context.list("sysctls"), &place.child("sysctls"), errors);
    one_of(context, "fsGroupChangePolicy", &["Always", "OnRootMismatch"], &place, errors);
    seccomp(context.get("seccompProfile"), &place.child("seccompProfile"), errors);
    windows::options(context.get("windowsOptions"), &place.child("windowsOptions"), errors);
    if errors.since(30) {
        app_armor(context.get("appArmorProfile"), &place.child("appArmorProfile"), errors);
    }
    if errors.since(33) {
        one_of(context, "supplementalGroupsPolicy", &["Merge", "Strict"], &place, errors);
        let policies: &[&str] = if errors.since(37) { &["MountOption", "Recursive"] } else { &["Recursive"] };
        one_of(context, "seLinuxChangePolicy", policies, &place, errors);
    }
    if pod.spec.is("shareProcessNamespace") && pod.spec.is("hostPID") {
        let words = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid(&path.child("shareProcessNamespace"), true, words);
    }
}

/// Go: `validateSysctls`
fn sysctls(pod: &Pod, sysctls: &[Tree], path: &Path, errors: &mut Errors) {
    const FORM: &str = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    let mut names = Vec::new();
    for (at, sysctl) in sysctls.iter().enumerate() {
        let (name, path) = (sysctl.str("name"), path.index(at).child("name"));
        if name.is_empty() {
            errors.required(&path, "");
        } else if !is_sysctl(name) {
            errors.invalid(&path, name, &format!("must have at most 253 characters and match regex {FORM}"));
        } else if names.contains(&name) {
            errors.duplicate(&path, name);
        }
        names.push(name);
        let dotted = name.replace('/', ".");
        let is_ipc =
            ["kernel.shm", "kernel.msg", "fs.mqueue."].iter().any(|prefix| dotted.starts_with(prefix))
                || dotted == "kernel.sem";
        if pod.spec.is("hostNetwork") && dotted.starts_with("net.") {
            errors.invalid(&path, name, "may not be specified when 'hostNetwork' is true");
        } else if pod.spec.is("hostIPC") && is_ipc {
            errors.invalid(&path, name, "may not be specified when 'hostIPC' is true");
        }
    }
}

/// Go: `IsValidSysctlName`
fn is_sysctl(name: &str) -> bool {
    let is_edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_segment = |segment: &str| {
        segment.starts_with(is_edge)
            && segment.ends_with(is_edge)
            && segment.chars().all(|c| is_edge(c) || matches!(c, '-' | '_'))
    };
    name.len() <= 253 && name.split(['.', '/']).all(is_segment)
}

/// Go: `validateSeccompProfileField`
fn seccomp(profile: &Tree, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];
    if profile.is_null() {
        return;
    }
    let kind = profile.str("type");
    if kind.is_empty() {
        errors.required(&path.child("type"), "type is required when seccompProfile is set");
    } else if !KNOWN.contains(&kind) {
        errors.not_supported(&path.child("type"), kind, &KNOWN);
    }
    let place = path.child("localhostProfile");
    match (kind, profile.has("localhostProfile")) {
        ("Localhost", false) => errors.required(&place, "must be set when seccomp type is Localhost"),
        ("Localhost", true) => local_path(profile.str("localhostProfile"), &place, errors),
        (_, true) => {
            let bad = Bad::Typed(profile, "core.SeccompProfile");
            errors.invalid(&place, bad, "can only be set when seccomp type is Localhost");
        }
        _ => {}
    }
}

/// Go: `ValidateAppArmorProfileField`
fn app_armor(profile: &Tree, path: &Path, errors: &mut Errors) {
    const NEEDED: &str = "must be set when AppArmor type is Localhost";
    if profile.is_null() {
        return;
    }
    let (place, name) = (path.child("localhostProfile"), profile.str("localhostProfile"));
    match profile.str("type") {
        "Localhost" if !profile.has("localhostProfile") => errors.required(&place, NEEDED),
        "Localhost" => {
            if name.trim() != name {
                errors.invalid(&place, name, "must not be padded with whitespace");
            } else if name.is_empty() {
                errors.required(&place, NEEDED);
            }
            if name.len() > 4095 {
                errors.too_long(&place, 4095);
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if profile.has("localhostProfile") {
                errors.invalid(&place, name, "can only be set when AppArmor type is Localhost");
            }
        }
        "" => errors.required(&path.child("type"), "type is required when appArmorProfile is set"),
        other => {
            let known = ["Localhost", "RuntimeDefault", "Unconfined"];
            errors.not_supported(&path.child("type"), other, &known);
        }
    }
}

/// Go: `ValidateSecurityContext`
pub fn container(pod: &Pod, context: &Tree, path: &Path, errors: &mut Errors) {
    if context.is_null() {
        return;
    }
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    if context.has("procMount") && errors.since(33) {
        let mount = context.str("procMount");
        one_of(context, "procMount", &["Default", "Unmasked"], path, errors);
        if pod.uses_host_users() && mount == "Unmasked" {
            errors.invalid(&path.child("procMount"), mount, "`hostUsers` must be false to use `Unmasked`");
        }
    }
    seccomp(context.get("seccompProfile"), &path.child("seccompProfile"), errors);
    if context.bool("allowPrivilegeEscalation") == Some(false) {
        let bad = || Bad::Typed(context, "core.SecurityContext");
        if context.is("privileged") {
            let words = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            errors.invalid(path, bad(), words);
        }
        for _ in context.get("capabilities").list("add").iter().filter(|cap| cap.text() == "CAP_SYS_ADMIN") {
            let words = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            errors.invalid(path, bad(), words);
        }
    }
    windows::options(context.get("windowsOptions"), &path.child("windowsOptions"), errors);
    if errors.since(30) {
        app_armor(context.get("appArmorProfile"), &path.child("appArmorProfile"), errors);
    }
}
