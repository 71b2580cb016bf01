//! What holds for pods of one operating system only.

use crate::apiserver::error::{Errors, Path};
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::whole::Pod;

const NOT_ON_WINDOWS: &str = "cannot be set for a windows pod";

/// Go: `validateLinux`
pub fn of_linux(pod: &Pod, path: &Path, errors: &mut Errors) {
    let contexts = std::iter::once((pod.spec, path.clone())).chain(pod.containers(path));
    for (owner, path) in contexts {
        if owner.get("securityContext").has("windowsOptions") {
            let path = path.child("securityContext").child("windowsOptions");
            errors.forbidden(&path, "windows options cannot be set for a linux pod");
        }
    }
}

/// Go: `validateWindows`
pub fn of_windows(pod: &Pod, path: &Path, errors: &mut Errors) {
    let forbid = |tree: &Tree, fields: &[&str], path: &Path, errors: &mut Errors| {
        for field in fields {
            if tree.has(field) {
                errors.forbidden(&path.child(field), NOT_ON_WINDOWS);
            }
        }
    };
    let fields = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "fsGroup",
        "fsGroupChangePolicy",
        "sysctls",
        "runAsUser",
        "runAsGroup",
        "supplementalGroups",
        "supplementalGroupsPolicy",
        "seLinuxChangePolicy",
    ];
    forbid(pod.spec.get("securityContext"), &fields, &path.child("securityContext"), errors);
    forbid(pod.spec, &["hostUsers"], path, errors);
    for field in ["hostPID", "hostIPC"] {
        if pod.spec.is(field) {
            errors.forbidden(&path.child(field), NOT_ON_WINDOWS);
        }
    }
    forbid(pod.spec, &["shareProcessNamespace"], path, errors);
    let fields = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "capabilities",
        "readOnlyRootFilesystem",
        "privileged",
        "allowPrivilegeEscalation",
        "procMount",
        "runAsUser",
        "runAsGroup",
    ];
    for (container, path) in pod.containers(path) {
        forbid(container.get("securityContext"), &fields, &path.child("securityContext"), errors);
    }
}

/// Go: `validateWindowsHostProcessPod`
pub fn host_process(pod: &Pod, path: &Path, errors: &mut Errors) {
    let of = |owner: &Tree| owner.at(&["securityContext", "windowsOptions"]).bool("hostProcess");
    let whole = of(pod.spec);
    let containers = pod.containers(path);
    let mut count = 0;
    for (container, path) in &containers {
        let own = of(container);
        if let (Some(whole), Some(own)) = (whole, own)
            && whole != own
        {
            let path = path.child("securityContext").child("windowsOptions").child("hostProcess");
            let words = format!("pod hostProcess value must be identical if both are specified, was {whole}");
            errors.invalid(&path, own, &words);
        }
        count += usize::from(own.or(whole) == Some(true));
    }
    if count == 0 {
        return;
    }
    if count != containers.len() {
        let words =
            "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        errors.invalid(path, "", words);
    }
    if !pod.spec.is("hostNetwork") {
        let words = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.invalid(&path.child("hostNetwork"), false, words);
    }
}

/// Go: `validateWindowsSecurityContextOptions`
pub fn options(options: &Tree, path: &Path, errors: &mut Errors) {
    if options.has("gmsaCredentialSpecName") {
        let name = options.str("gmsaCredentialSpecName");
        errors.invalid_each(&path.child("gmsaCredentialSpecName"), name, text::dns_subdomain(name));
    }
    if options.has("gmsaCredentialSpec") {
        let (spec, path) = (options.str("gmsaCredentialSpec"), path.child("gmsaCredentialSpec"));
        if spec.is_empty() {
            errors.invalid(&path, spec, "gmsaCredentialSpec cannot be an empty string");
        } else if spec.len() > 64 * 1024 {
            errors.invalid(&path, spec, "gmsaCredentialSpec size must be under 64 KiB");
        }
    }
    if options.has("runAsUserName") {
        user_name(options.str("runAsUserName"), &path.child("runAsUserName"), errors);
    }
}

fn user_name(name: &str, path: &Path, errors: &mut Errors) {
    let mut say = |words: &str| errors.invalid(path, name, words);
    if name.is_empty() {
        return say("runAsUserName cannot be an empty string");
    }
    if name.contains(|c: char| c.is_ascii_control()) {
        return say("runAsUserName cannot contain control characters");
    }
    let parts: Vec<&str> = name.split('\\').collect();
    let (domain, user) = match parts[..] {
        [user] => (None, user),
        [domain, user] => (Some(domain), user),
        _ => return say("runAsUserName cannot contain more than one backslash"),
    };
    if domain.is_some_and(|domain| domain.len() >= 256) {
        say("runAsUserName's Domain length must be under 256 characters");
    }
    if domain.is_some_and(|domain| !is_net_bios(domain) && !is_dns(domain)) {
        say("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
    if user.is_empty() {
        say("runAsUserName's User cannot be empty");
    } else if user.len() > 104 {
        say("runAsUserName's User length must not be longer than 104 characters");
    }
    if !user.is_empty() && user.chars().all(|c| matches!(c, '.' | ' ')) {
        say("runAsUserName's User cannot contain only periods or spaces");
    }
    if user.contains(|c| "\"/\\:;|=,+*?<>@[]".contains(c)) {
        say("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }
}

fn is_net_bios(domain: &str) -> bool {
    (1..=15).contains(&domain.chars().count())
        && !domain.starts_with('.')
        && !domain.contains(|c| "\\/:*?\"<>|".contains(c))
}

fn is_dns(domain: &str) -> bool {
    domain.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}
