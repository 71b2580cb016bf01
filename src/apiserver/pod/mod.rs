//! Pods and pod templates: [`spec`] judges the whole of a pod spec and hands its parts on; [`template`] is what workloads ask.
//!
//! Source: k8s.io/kubernetes `pkg/apis/core/validation/validation.go`.

mod annotations;
mod container;
mod environment;
mod ephemeral;
mod files;
mod handler;
mod mounts;
mod projected;
pub mod resources;
pub mod scheduling;
mod security;
pub mod volume_source;
mod volumes;
mod whole;
mod windows;

use super::error::{Bad, Errors, Path};
use super::text;
use super::tree::Tree;
use super::{ip, meta};

pub use container::protocol as port_protocol;
pub use handler::port as handler_port;
pub use whole::Pod;

/// Go: `ValidatePodCreate`
pub fn pod(object: &Tree, errors: &mut Errors) {
    meta::core_object(object, true, text::dns_subdomain, errors);
    let (spec, about) = (object.get("spec"), object.get("metadata"));
    let pod = Pod { spec, meta: Some(about) };
    let path = Path::new("spec");
    annotations::pod_specific(about, &pod, &Path::new("metadata").child("annotations"), errors);
    self::spec(&pod, &path, errors);
    if spec.str("serviceAccountName").is_empty() {
        for (at, volume) in spec.list("volumes").iter().enumerate() {
            let sources = path.child("volumes").index(at).child("projected").child("sources");
            for (at, source) in volume.get("projected").list("sources").iter().enumerate() {
                if source.has("serviceAccountToken") {
                    let path = sources.index(at).child("serviceAccountToken");
                    errors.forbidden(&path, "must not be specified when serviceAccountName is not set");
                }
            }
        }
    }
    meta::nonnegative_field(spec, "terminationGracePeriodSeconds", &path, errors);
    for list in ["containers", "initContainers"] {
        for (at, container) in spec.list(list).iter().enumerate() {
            let image = container.str("image");
            if image.trim() != image {
                let path = path.child(list).index(at).child("image");
                errors.invalid(&path, image, "must not have leading or trailing whitespace");
            }
        }
    }
    if !spec.list("ephemeralContainers").is_empty() {
        errors.forbidden(&path.child("ephemeralContainers"), "cannot be set on create");
    }
    if !spec.str("nodeName").is_empty() && !spec.list("schedulingGates").is_empty() {
        errors
            .forbidden(&path.child("nodeName"), "cannot be set until all schedulingGates have been cleared");
    }
    annotations::match_fields(about, &pod, &path, errors);
}

/// Go: `ValidatePodTemplateSpec`
pub fn template(template: &Tree, path: &Path, errors: &mut Errors) {
    let about = template.get("metadata");
    let pod = Pod { spec: template.get("spec"), meta: None };
    meta::labels(about.get("labels"), &path.child("labels"), errors);
    meta::annotations(about.get("annotations"), &path.child("annotations"), errors);
    annotations::pod_specific(about, &pod, &path.child("annotations"), errors);
    let path = path.child("spec");
    spec(&pod, &path, errors);
    annotations::match_fields(about, &pod, &path, errors);
    if !pod.spec.list("ephemeralContainers").is_empty() {
        errors.forbidden(
            &path.child("ephemeralContainers"),
            "ephemeral containers not allowed in pod template",
        );
    }
}

/// What workloads check again of a template that they have checked: its labels and annotations.
///
/// Go: `ValidatePodTemplateSpecForStatefulSet`
pub fn template_meta(template: &Tree, path: &Path, errors: &mut Errors) {
    let about = template.get("metadata");
    let pod = Pod { spec: template.get("spec"), meta: None };
    meta::labels(about.get("labels"), &path.child("labels"), errors);
    meta::annotations(about.get("annotations"), &path.child("annotations"), errors);
    annotations::pod_specific(about, &pod, &path.child("annotations"), errors);
}

/// Go: `ValidatePodSpec`
pub fn spec(pod: &Pod, path: &Path, errors: &mut Errors) {
    let spec = pod.spec;
    if pod.grace_period().is_none() {
        errors.required(&path.child("terminationGracePeriodSeconds"), "");
    }
    let volumes = volumes::check(pod, &path.child("volumes"), errors);
    resources::pod_claims(pod, &path.child("resourceClaims"), errors);
    container::containers(pod, &volumes, &path.child("containers"), errors);
    container::init_containers(pod, &volumes, &path.child("initContainers"), errors);
    ephemeral::containers(pod, &volumes, &path.child("ephemeralContainers"), errors);
    if errors.since(34) {
        resources::pod_level(pod, path, errors);
    }
    host_network_ports(pod, path, errors);
    restart_policy(spec.str("restartPolicy"), &path.child("restartPolicy"), errors);
    dns_policy(spec.str("dnsPolicy"), &path.child("dnsPolicy"), errors);
    meta::labels(spec.get("nodeSelector"), &path.child("nodeSelector"), errors);
    security::pod(pod, path, errors);
    scheduling::affinity(spec.get("affinity"), &path.child("affinity"), errors);
    dns_config(spec, &path.child("dnsConfig"), errors);
    gates(spec, path, errors);
    scheduling::spread(
        spec.list("topologySpreadConstraints"),
        &path.child("topologySpreadConstraints"),
        errors,
    );
    windows::host_process(pod, path, errors);
    host_users(pod, path, errors);
    host_name(spec, path, errors);
    names(spec, path, errors);
    systems(pod, path, errors);
    scheduling_group(spec, path, errors);
    if errors.since(34) {
        environment::file_references(pod, path, errors);
    }
}

/// Go: `validatePodHostNetworkDeps`
fn host_network_ports(pod: &Pod, path: &Path, errors: &mut Errors) {
    if !pod.spec.is("hostNetwork") {
        return;
    }
    for (at, container) in pod.spec.list("containers").iter().enumerate() {
        let path = path.child("containers").index(at).child("ports");
        for (at, port) in container.list("ports").iter().enumerate() {
            let (host, inner) = (port.int("hostPort").unwrap_or(0), port.int("containerPort").unwrap_or(0));
            if (pod.meta.is_some() || host != 0) && host != inner {
                let path = path.index(at).child("hostPort");
                errors.invalid(&path, host, "must match `containerPort` when `hostNetwork` is true");
            }
        }
    }
}

/// Go: `validateRestartPolicy`
fn restart_policy(policy: &str, path: &Path, errors: &mut Errors) {
    match policy {
        "Always" | "OnFailure" | "Never" => {}
        "" => errors.required(path, ""),
        other => errors.not_supported(path, other, &["Always", "OnFailure", "Never"]),
    }
}

/// Go: `validateDNSPolicy`
fn dns_policy(policy: &str, path: &Path, errors: &mut Errors) {
    let known = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    if policy.is_empty() {
        errors.required(path, "");
    } else if !known.contains(&policy) {
        errors.not_supported(path, policy, &known);
    }
}

/// Go: `validatePodDNSConfig`
fn dns_config(spec: &Tree, path: &Path, errors: &mut Errors) {
    let config = spec.get("dnsConfig");
    let servers = config.list("nameservers");
    if spec.str("dnsPolicy") == "None" {
        if config.is_null() {
            return errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        if servers.is_empty() {
            let words = "must provide at least one DNS nameserver when `dnsPolicy` is None";
            return errors.required(&path.child("nameservers"), words);
        }
    }
    if servers.len() > 3 {
        let words = "must not have more than 3 nameservers";
        errors.invalid(&path.child("nameservers"), Bad::Typed(config.get("nameservers"), "[]string"), words);
    }
    for (at, server) in servers.iter().enumerate() {
        ip::legacy(server.text(), &path.child("nameservers").index(at), errors);
    }
    let searches = config.list("searches");
    let bad = || Bad::Typed(config.get("searches"), "[]string");
    if searches.len() > 32 {
        errors.invalid(&path.child("searches"), bad(), "must not have more than 32 search paths");
    }
    let length: usize = searches.iter().map(|search| search.text().len() + 1).sum();
    if length > 2049 {
        let words = "must not have more than 2048 characters (including spaces) in the search list";
        errors.invalid(&path.child("searches"), bad(), words);
    }
    for (at, search) in searches.iter().enumerate() {
        let path = path.child("searches").index(at);
        let search = search.text();
        if errors.since(32) {
            if search != "." {
                let search = search.strip_suffix('.').unwrap_or(search);
                errors.invalid_each(&path, search, text::dns_subdomain_with_underscore(search));
            }
        } else {
            let search = search.strip_suffix('.').unwrap_or(search);
            errors.invalid_each(&path, search, text::dns_subdomain(search));
        }
    }
    for (at, option) in config.list("options").iter().enumerate() {
        if option.str("name").is_empty() {
            errors.required(&path.child("options").index(at), "must not be empty");
        }
    }
}

/// Go: `validateReadinessGates`, `validateSchedulingGates`
fn gates(spec: &Tree, path: &Path, errors: &mut Errors) {
    for (at, gate) in spec.list("readinessGates").iter().enumerate() {
        let path = path.child("readinessGates").index(at).child("conditionType");
        meta::label_name(gate.str("conditionType"), &path, errors);
    }
    let mut seen = Vec::new();
    for (at, gate) in spec.list("schedulingGates").iter().enumerate() {
        let (name, path) = (gate.str("name"), path.child("schedulingGates").index(at));
        meta::label_name(name, &path, errors);
        if seen.contains(&name) {
            errors.duplicate(&path, name);
        }
        seen.push(name);
    }
}

/// Go: `validateHostUsers`
fn host_users(pod: &Pod, path: &Path, errors: &mut Errors) {
    const WORDS: &str = "when `hostUsers` is false";
    if pod.uses_host_users() || !errors.since(30) {
        return;
    }
    if pod.spec.is("hostNetwork") {
        errors.forbidden(&path.child("hostNetwork"), WORDS);
    }
    if pod.spec.is("hostPID") {
        errors.forbidden(&path.child("HostPID"), WORDS);
    }
    if pod.spec.is("hostIPC") {
        errors.forbidden(&path.child("HostIPC"), WORDS);
    }
    if errors.since(35) {
        for (container, path) in pod.containers(path) {
            if !container.list("volumeDevices").is_empty() {
                errors.forbidden(&path.child("volumeDevices"), WORDS);
            }
        }
    }
}

/// Go: `validatePodHostName`
fn host_name(spec: &Tree, path: &Path, errors: &mut Errors) {
    if !errors.since(35) || !spec.has("hostnameOverride") {
        return;
    }
    let (name, path) = (spec.str("hostnameOverride"), path.child("hostnameOverride"));
    if spec.is("setHostnameAsFQDN") {
        errors.forbidden(&path, "may not be specified when setHostnameAsFQDN is true");
    }
    if spec.is("hostNetwork") {
        errors.forbidden(&path, "may not be specified when hostNetwork is true");
    }
    if name.len() > 64 {
        errors.too_long(&path, 64);
    }
    errors.invalid_each(&path, name, text::dns_subdomain(name));
}

/// The names and numbers of `ValidatePodSpec` itself.
fn names(spec: &Tree, path: &Path, errors: &mut Errors) {
    let account = spec.str("serviceAccountName");
    if !account.is_empty() {
        errors.invalid_each(&path.child("serviceAccountName"), account, text::dns_subdomain(account));
    }
    let node = spec.str("nodeName");
    if !node.is_empty() {
        errors.invalid_each(&path.child("nodeName"), node, text::dns_subdomain(node));
    }
    if let Some(deadline) = spec.int("activeDeadlineSeconds")
        && !(1..=i64::from(i32::MAX)).contains(&deadline)
    {
        errors.invalid(&path.child("activeDeadlineSeconds"), deadline, &text::between(1, i32::MAX.into()));
    }
    for name in ["hostname", "subdomain"] {
        let value = spec.str(name);
        if !value.is_empty() {
            errors.invalid_each(&path.child(name), value, text::dns_label(value));
        }
    }
    scheduling::tolerations(spec.list("tolerations"), &path.child("tolerations"), errors);
    for (at, alias) in spec.list("hostAliases").iter().enumerate() {
        let path = path.child("hostAliases").index(at);
        ip::legacy(alias.str("ip"), &path.child("ip"), errors);
        for (at, name) in alias.list("hostnames").iter().enumerate() {
            let path = path.child("hostnames").index(at);
            errors.invalid_each(&path, name.text(), text::dns_subdomain(name.text()));
        }
    }
    let class = spec.str("priorityClassName");
    if !class.is_empty() {
        errors.invalid_each(&path.child("priorityClassName"), class, text::dns_subdomain(class));
    }
    if spec.has("runtimeClassName") {
        let class = spec.str("runtimeClassName");
        errors.invalid_each(&path.child("runtimeClassName"), class, text::dns_subdomain(class));
    }
    if spec.has("preemptionPolicy") {
        preemption(spec.str("preemptionPolicy"), &path.child("preemptionPolicy"), errors);
    }
    if spec.has("overhead") {
        let mut limits = Tree::empty();
        limits.set("limits", spec.get("overhead").clone());
        resources::container(&limits, &[], &path.child("overhead"), errors);
    }
}

/// Go: `ValidatePreemptionPolicy`
pub fn preemption(policy: &str, path: &Path, errors: &mut Errors) {
    let known = ["PreemptLowerPriority", "Never"];
    if policy.is_empty() {
        errors.required(path, "");
    } else if !known.contains(&policy) {
        errors.not_supported(path, policy, &known);
    }
}

/// Go: `validateOS` and what follows it
fn systems(pod: &Pod, path: &Path, errors: &mut Errors) {
    let os = pod.spec.get("os");
    if os.is_null() {
        return;
    }
    match os.str("name") {
        "" => errors.required(&path.child("os").child("name"), ""),
        "linux" => windows::of_linux(pod, path, errors),
        "windows" => windows::of_windows(pod, path, errors),
        other => errors.not_supported(&path.child("os"), other, &["linux", "windows"]),
    }
}

/// Go: `validateSchedulingGroup`
fn scheduling_group(spec: &Tree, path: &Path, errors: &mut Errors) {
    // The field is dropped: GenericWorkload is off.
    if spec.has("schedulingGroup") && errors.since(38) {
        let path = path.child("schedulingGroup").child("podGroupName");
        let name = spec.get("schedulingGroup").str("podGroupName");
        errors.invalid_each(&path, name, text::dns_subdomain(name));
    }
}
