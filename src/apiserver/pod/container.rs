//! Containers and init containers.

use crate::apiserver::error::{Bad, Errors, Path};
use crate::apiserver::text;
use crate::apiserver::tree::Tree;

use super::whole::{Pod, Volumes};
use super::{environment, handler, mounts, resources, security};

/// Go: `validateContainers`
pub fn containers(pod: &Pod, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    let containers = pod.spec.list("containers");
    if containers.is_empty() {
        return errors.required(path, "");
    }
    let mut names = Vec::new();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at);
        common(pod, container, volumes, &path, errors);
        let name = container.str("name");
        if names.contains(&name) {
            errors.duplicate(&path.child("name"), name);
        } else {
            names.push(name);
        }
        if container.has("lifecycle") {
            handler::lifecycle(container, pod, &path.child("lifecycle"), errors);
        }
        handler::probes(container, pod.grace_period(), &path, errors);
        if errors.since(35) {
            restart_rules(container, &path, errors);
        } else if container.has("restartPolicy") {
            errors.forbidden(&path.child("restartPolicy"), "may not be set for non-init containers");
        }
    }
    host_ports(containers, path, errors);
}

/// Go: `validateInitContainers`
pub fn init_containers(pod: &Pod, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    const WORDS: &str = "may not be set for init containers without restartPolicy=Always";
    let mut names: Vec<&str> =
        pod.spec.list("containers").iter().map(|container| container.str("name")).collect();
    for (at, container) in pod.spec.list("initContainers").iter().enumerate() {
        let place = path.index(at);
        common(pod, container, volumes, &place, errors);
        init_restart_policy(container, &place, errors);
        let name = container.str("name");
        if names.contains(&name) {
            errors.duplicate(&place.child("name"), name);
        } else if !name.is_empty() {
            names.push(name);
        }
        host_ports(std::slice::from_ref(container), path, errors);
        let is_sidecar = container.str("restartPolicy") == "Always";
        if is_sidecar {
            if container.has("lifecycle") {
                handler::lifecycle(container, pod, &place.child("lifecycle"), errors);
            }
            handler::probes(container, pod.grace_period(), &place, errors);
        } else {
            // A signal to stop with is dropped where servers do not know it, and what is empty then.
            let is_dropped = |field: &str| {
                field == "lifecycle"
                    && container.get(field).has("stopSignal")
                    && container.get(field).entries().len() == 1
            };
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                if container.has(field) && !is_dropped(field) {
                    errors.forbidden(&place.child(field), WORDS);
                }
            }
        }
        let policies = container.list("resizePolicy");
        if !is_sidecar && errors.since(35) {
            for (at, policy) in policies.iter().enumerate() {
                if policy.str("restartPolicy") == "RestartContainer" {
                    let place = place.child("resizePolicy").index(at).child("restartPolicy");
                    let words = "must not be set to 'RestartContainer' for non-sidecar initContainers";
                    errors.invalid(&place, "RestartContainer", words);
                }
            }
        }
    }
}

/// Go: `validateInitContainerRestartPolicy`
fn init_restart_policy(container: &Tree, path: &Path, errors: &mut Errors) {
    let rules = container.list("restartPolicyRules");
    if !container.has("restartPolicy") {
        if !rules.is_empty() && errors.since(35) {
            let words = "must specify restartPolicy when restart rules are used";
            errors.required(&path.child("restartPolicy"), words);
        }
        return;
    }
    let policy = container.str("restartPolicy");
    match (errors.since(35), policy) {
        (true, "Always") if !errors.since(36) => {
            if !rules.is_empty() {
                let words =
                    "restartPolicyRules are not allowed for init containers with restart policy Always";
                errors.forbidden(&path.child("restartPolicyRules"), words);
            }
        }
        (true, _) => restart_rules(container, path, errors),
        (false, "Always") => {}
        (false, other) => errors.not_supported(&path.child("restartPolicy"), other, &["Always"]),
    }
}

/// Go: `validateContainerRestartPolicy`
fn restart_rules(container: &Tree, path: &Path, errors: &mut Errors) {
    const POLICIES: [&str; 3] = ["Always", "Never", "OnFailure"];
    let rules = container.list("restartPolicyRules");
    let place = path.child("restartPolicy");
    if !container.has("restartPolicy") {
        if rules.is_empty() {
            return;
        }
        errors.required(&place, "must specify restartPolicy when restart rules are used");
    } else if !POLICIES.contains(&container.str("restartPolicy")) {
        errors.not_supported(&place, container.str("restartPolicy"), &POLICIES);
    }
    let path = path.child("restartPolicyRules");
    if rules.len() > 20 {
        errors.too_many(&path, rules.len(), 20);
    }
    let actions: &[&str] = if errors.since(36) { &["Restart", "RestartAllContainers"] } else { &["Restart"] };
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        if !actions.contains(&rule.str("action")) {
            errors.not_supported(&path.child("action"), rule.str("action"), actions);
        }
        let codes = rule.get("exitCodes");
        let path = path.child("exitCodes");
        if codes.is_null() {
            errors.required(&path, "must be specified");
            continue;
        }
        if !matches!(codes.str("operator"), "In" | "NotIn") {
            errors.not_supported(&path.child("operator"), codes.str("operator"), &["In", "NotIn"]);
        }
        if codes.list("values").len() > 255 {
            errors.too_many(&path.child("values"), codes.list("values").len(), 255);
        }
    }
}

/// Go: `validateContainerCommon`
pub fn common(pod: &Pod, container: &Tree, volumes: &Volumes, path: &Path, errors: &mut Errors) {
    let name = container.str("name");
    if name.is_empty() {
        errors.required(&path.child("name"), "");
    } else {
        errors.invalid_each(&path.child("name"), name, text::dns_label(name));
    }
    if container.str("image").is_empty() {
        errors.required(&path.child("image"), "");
    }
    let policies = ["File", "FallbackToLogsOnError"];
    match container.str("terminationMessagePolicy") {
        "" => errors.required(&path.child("terminationMessagePolicy"), ""),
        known if policies.contains(&known) => {}
        other => errors.not_supported(&path.child("terminationMessagePolicy"), other, &policies),
    }
    ports(container.list("ports"), &path.child("ports"), errors);
    environment::variables(container.list("env"), &path.child("env"), errors);
    environment::sources(container.list("envFrom"), &path.child("envFrom"), errors);
    mounts::mounts(container, volumes, &path.child("volumeMounts"), errors);
    mounts::devices(container, volumes, &path.child("volumeDevices"), errors);
    pull_policy(container.str("imagePullPolicy"), &path.child("imagePullPolicy"), errors);
    resources::container(container.get("resources"), &pod.claims(), &path.child("resources"), errors);
    resize_policies(pod, container, &path.child("resizePolicy"), errors);
    security::container(pod, container.get("securityContext"), &path.child("securityContext"), errors);
}

/// Go: `validatePullPolicy`
pub fn pull_policy(policy: &str, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["Always", "IfNotPresent", "Never"];
    if policy.is_empty() {
        errors.required(path, "");
    } else if !KNOWN.contains(&policy) {
        errors.not_supported(path, policy, &KNOWN);
    }
}

/// Go: `validateContainerPorts`
fn ports(ports: &[Tree], path: &Path, errors: &mut Errors) {
    let mut names = Vec::new();
    for (at, port) in ports.iter().enumerate() {
        let path = path.index(at);
        let name = port.str("name");
        if !name.is_empty() {
            let wrong = text::port_name(name);
            if !wrong.is_empty() {
                errors.invalid_each(&path.child("name"), name, wrong);
            } else if names.contains(&name) {
                errors.duplicate(&path.child("name"), name);
            } else {
                names.push(name);
            }
        }
        let number = port.int("containerPort").unwrap_or_default();
        if number == 0 {
            errors.required(&path.child("containerPort"), "");
        } else if let Some(why) = text::port_number(number) {
            errors.invalid(&path.child("containerPort"), number, &why);
        }
        let host = port.int("hostPort").unwrap_or_default();
        if host != 0
            && let Some(why) = text::port_number(host)
        {
            errors.invalid(&path.child("hostPort"), host, &why);
        }
        protocol(port.str("protocol"), &path.child("protocol"), errors);
    }
}

/// The protocol of a port.
pub fn protocol(protocol: &str, path: &Path, errors: &mut Errors) {
    const KNOWN: [&str; 3] = ["SCTP", "TCP", "UDP"];
    if protocol.is_empty() {
        errors.required(path, "");
    } else if !KNOWN.contains(&protocol) {
        errors.not_supported(path, protocol, &KNOWN);
    }
}

/// Go: `AccumulateUniqueHostPorts`
fn host_ports(containers: &[Tree], path: &Path, errors: &mut Errors) {
    let mut seen = Vec::new();
    for (at, container) in containers.iter().enumerate() {
        let path = path.index(at).child("ports");
        for (at, port) in container.list("ports").iter().enumerate() {
            let number = port.int("hostPort").unwrap_or_default();
            if number == 0 {
                continue;
            }
            let key = format!("{}/{}/{number}", port.str("protocol"), port.str("hostIP"));
            if seen.contains(&key) {
                errors.duplicate(&path.index(at).child("hostPort"), &key);
            } else {
                seen.push(key);
            }
        }
    }
}

/// Go: `validateResizePolicy`
fn resize_policies(pod: &Pod, container: &Tree, path: &Path, errors: &mut Errors) {
    if !errors.since(33) {
        return;
    }
    let mut seen = Vec::new();
    for (at, policy) in container.list("resizePolicy").iter().enumerate() {
        let (resource, restart) = (policy.str("resourceName"), policy.str("restartPolicy"));
        if seen.contains(&resource) {
            errors.duplicate(&path.index(at), Bad::from(resource));
        }
        seen.push(resource);
        match resource {
            "cpu" | "memory" => {}
            "" => errors.required(path, ""),
            other => errors.not_supported(path, other, &["cpu", "memory"]),
        }
        match restart {
            "NotRequired" | "RestartContainer" => {}
            "" => errors.required(path, ""),
            other => errors.not_supported(path, other, &["NotRequired", "RestartContainer"]),
        }
        if pod.spec.str("restartPolicy") == "Never" && restart != "NotRequired" {
            errors.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
        }
    }
}
