//! What the service refuses, in its own words. Source: run.go `validateReleaseObjects`, `validatePodSpec` and below;
//! serialize.go `checkTypes`.

use serde_json::Value;

use super::decode::Object;
use super::kind::GroupVersionKind;
use super::options::Options;
use super::sanitize::{Selection, is_service, pod_pointer};
use crate::go::strconv::quote;

/// The kinds that every policy allows, as (group, version, kind).
const ALLOWED: [(&str, &str, &str); 13] = [
    ("", "v1", "Pod"),
    ("apps", "v1", "Deployment"),
    ("apps", "v1", "ReplicaSet"),
    ("apps", "v1", "StatefulSet"),
    ("batch", "v1", "Job"),
    ("batch", "v1", "CronJob"),
    ("", "v1", "Service"),
    ("", "v1", "ConfigMap"),
    ("", "v1", "Secret"),
    ("", "v1", "PersistentVolumeClaim"),
    ("", "v1", "ServiceAccount"),
    ("rbac.authorization.k8s.io", "v1", "RoleBinding"),
    ("rbac.authorization.k8s.io", "v1", "Role"),
];

const SELINUX_TYPES: [&str; 5] =
    ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// The one error that lists all types that are not allowed, in the order of the objects.
pub fn unsupported_types(objects: &[Object], extra: &[GroupVersionKind]) -> Option<String> {
    let allowed = |object: &&Object| {
        object.typed_kind().is_some_and(|kind| ALLOWED.contains(&kind)) || extra.contains(&object.gvk)
    };
    let names: Vec<String> =
        objects.iter().filter(|object| !allowed(object)).map(|object| object.gvk.service_name()).collect();
    (!names.is_empty()).then(|| format!("unsupported types: {}", quoted_list(&names)))
}

/// Every error of the objects.
pub fn validate(objects: &[Object], selection: &Selection, options: &Options) -> Vec<String> {
    let mut errors = Vec::new();
    for object in objects {
        if let Some(spec) = pod_spec(object) {
            check_pod_spec(spec, &mut errors);
        } else if is_service(object) {
            check_service(object, options, &mut errors);
        }
    }
    check_target(objects, selection, options, &mut errors);
    errors
}

fn pod_spec(object: &Object) -> Option<&Value> {
    object.json.pointer(&format!("{}/spec", pod_pointer(object)?))
}

fn check_service(service: &Object, options: &Options, errors: &mut Vec<String>) {
    if !matches!(text(&service.json["spec"], "type"), "" | "ClusterIP") {
        errors.push("service is not ClusterIP".into());
    }
    let Some(target) = options.target.as_ref().filter(|target| target.service == service.name()) else {
        return;
    };
    if !items(&service.json["spec"], "ports").any(|port| port["port"] == target.port) {
        errors.push(format!("helm chart service {} has no port {}", quote(service.name()), target.port));
    }
}

/// The Service that requests go to must exist, and its port must reach a container, unless the policy allows kinds
/// that may create both later.
fn check_target(objects: &[Object], selection: &Selection, options: &Options, errors: &mut Vec<String>) {
    let Some(target) = options.target.as_ref().filter(|_| options.extra_kinds.is_empty()) else { return };
    // Of two Services with that name the service remembers the last.
    let found = objects.iter().rposition(|object| is_service(object) && object.name() == target.service);
    let Some(service) = found else {
        errors.push(format!("helm chart service name {} not found", quote(&target.service)));
        return;
    };
    let ports: Vec<&Value> =
        items(&objects[service].json["spec"], "ports").filter(|port| port["port"] == target.port).collect();
    let selected = selection.selected(objects, service);
    let mut specs = selected.iter().filter_map(|index| pod_spec(&objects[*index]));
    if !specs.any(|spec| ports.iter().any(|port| reaches_container(port, spec))) {
        errors.push(format!(
            "provided helm chart service {} has no port {} matching selected pod specs",
            quote(&target.service),
            target.port
        ));
    }
}

/// run.go `validateServicePort`: a numeric target also "matches" every container port without a name.
fn reaches_container(port: &Value, spec: &Value) -> bool {
    let target = match &port["targetPort"] {
        Value::String(name) if !name.is_empty() => (0, name.as_str()),
        Value::Number(number) if number.as_i64() != Some(0) => (number.as_i64().unwrap_or(0), ""),
        _ => (port["port"].as_i64().unwrap_or(0), ""),
    };
    items(spec, "containers").flat_map(|container| items(container, "ports")).any(|container_port| {
        container_port["containerPort"].as_i64().unwrap_or(0) == target.0
            || text(container_port, "name") == target.1
    })
}

fn check_pod_spec(spec: &Value, errors: &mut Vec<String>) {
    for container in items(spec, "initContainers").chain(items(spec, "containers")) {
        if text(container, "image").trim().is_empty() {
            errors.push(format!("container {} has no image", quote(text(container, "name"))));
        }
    }
    for field in ["hostIPC", "hostNetwork", "hostPID", "automountServiceAccountToken"] {
        if spec[field] == true {
            errors.push(format!("{field} must be false"));
        }
    }
    for list in ["initContainers", "containers"] {
        for container in items(spec, list) {
            check_ports(container, errors);
            let context = Context { pod: &spec["securityContext"], container: &container["securityContext"] };
            let name = format!("{list}[\"{}\"].securityContext", text(container, "name"));
            check_own_fields(&name, &context, errors);
            check_shared_fields(&name, &context, errors);
        }
    }
    check_volumes(spec, errors);
}

fn check_ports(container: &Value, errors: &mut Vec<String>) {
    let bad: Vec<String> = items(container, "ports")
        .filter(|port| port["hostPort"].as_i64().unwrap_or(0) != 0)
        .map(|port| match text(port, "name") {
            "" => port["hostPort"].to_string(),
            name => name.to_owned(),
        })
        .collect();
    if !bad.is_empty() {
        errors.push(format!("host ports not allowed: {}", quoted_list(&bad)));
    }
}

/// The security contexts of a container and of its pod, where the pod's fill in for the container's.
struct Context<'a> {
    pod: &'a Value,
    container: &'a Value,
}

impl<'a> Context<'a> {
    /// A field that only containers have.
    fn own(&self, field: &str) -> Option<&'a Value> {
        self.container.get(field)
    }

    /// A field that the pod may set for all its containers.
    fn shared(&self, field: &str) -> Option<&'a Value> {
        self.container.get(field).or_else(|| self.pod.get(field))
    }
}

fn check_own_fields(name: &str, context: &Context, errors: &mut Vec<String>) {
    match context.own("capabilities") {
        None => errors.push(format!(
            "{name}.capabilities must be set to drop=[\"ALL\"] and optionally add=[\"NET_BIND_SERVICE\"]"
        )),
        Some(capabilities) => check_capabilities(name, capabilities, errors),
    }
    for field in ["privileged", "allowPrivilegeEscalation"] {
        if context.own(field).is_some_and(|value| value == true) {
            errors.push(format!("{name}.{field} must not be true"));
        }
    }
    if context.own("procMount").is_some_and(|mount| mount != "Default") {
        errors.push(format!("{name}.procMount must be unset or set to Default"));
    }
    if context.own("readOnlyRootFilesystem").is_none_or(|value| value != true) {
        errors.push(format!("{name}.readOnlyRootFilesystem must be set to true"));
    }
}

fn check_capabilities(name: &str, capabilities: &Value, errors: &mut Vec<String>) {
    let is = |capability: &Value, wanted: &str| {
        capability.as_str().is_some_and(|it| it.eq_ignore_ascii_case(wanted))
    };
    if !items(capabilities, "drop").any(|capability| is(capability, "ALL")) {
        errors.push(format!("{name}.capabilities.drop must contain \"ALL\""));
    }
    let added: Vec<&Value> = items(capabilities, "add").collect();
    if !(added.is_empty() || added.len() == 1 && is(added[0], "NET_BIND_SERVICE")) {
        errors.push(format!("{name}.capabilities.add must be unset or set to [\"NET_BIND_SERVICE\"]"));
    }
}

fn check_shared_fields(name: &str, context: &Context, errors: &mut Vec<String>) {
    let mut refuse = |field: &str, wanted: &str| {
        errors.push(format!("{name}.{field} or podSpec.securityContext.{field} must {wanted}"));
    };
    if context.shared("runAsUser").is_some_and(|user| user == 0) {
        refuse("runAsUser", "not be 0");
    }
    if context.shared("runAsNonRoot").is_none_or(|value| value != true) {
        refuse("runAsNonRoot", "be set to true");
    }
    match context.shared("seccompProfile") {
        None => refuse("seccompProfile", "have type=RuntimeDefault"),
        Some(profile) if !matches!(text(profile, "type"), "RuntimeDefault" | "Localhost") => {
            refuse("seccompProfile.type", "be set to one of RuntimeDefault/Localhost");
        }
        Some(_) => {}
    }
    if let Some(profile) = context.shared("appArmorProfile")
        && !matches!(text(profile, "type"), "" | "RuntimeDefault" | "Localhost")
    {
        refuse("appArmorProfile.type", "be set to one of \"\"/RuntimeDefault/Localhost");
    }
    if let Some(options) = context.shared("seLinuxOptions") {
        if !SELINUX_TYPES.contains(&text(options, "type")) {
            let wanted =
                "be set to one of \"\"/container_t/container_init_t/container_kvm_t/container_engine_t";
            refuse("seLinuxOptions.type", wanted);
        }
        for field in ["user", "role"] {
            if !text(options, field).is_empty() {
                refuse(&format!("seLinuxOptions.{field}"), "be unset");
            }
        }
    }
}

/// run.go `validateVolumes`: the first source that is allowed hides every other.
fn check_volumes(spec: &Value, errors: &mut Vec<String>) {
    let mut bad = Vec::new();
    for volume in items(spec, "volumes") {
        let has = |source: &str| volume.get(source).is_some();
        let name = text(volume, "name").to_owned();
        if ["configMap", "secret", "persistentVolumeClaim", "emptyDir"].into_iter().any(has) {
            continue;
        }
        match volume.get("projected") {
            Some(projected) => {
                let allowed =
                    |source: &&Value| source.get("configMap").is_some() || source.get("secret").is_some();
                bad.extend(
                    items(projected, "sources").filter(|source| !allowed(source)).map(|_| name.clone()),
                );
            }
            None => bad.push(name),
        }
    }
    if !bad.is_empty() {
        let types = "[\"emptyDir\" \"configMap\" \"projected.sources[*].configMap\" \"secret\" \
                     \"projected.sources[*].secret\" \"persistentVolumeClaim\"]";
        errors.push(format!("volumes not of allowed types {types}: {}", quoted_list(&bad)));
    }
}

fn items<'a>(parent: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    parent.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(parent: &'a Value, field: &str) -> &'a str {
    parent.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Go's `%q` of a list of strings.
fn quoted_list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(quote).collect();
    format!("[{}]", texts.join(" "))
}
