//! What NVCF's agent and the admission webhooks of its clusters change before a pod runs, as far as that does not depend
//! on the deployment: names and ids that only a deployment knows stay references to labels and annotations.
//!
//! Admission changes each pod when it is created and leaves the templates of controllers alone; here the templates are
//! changed, so that one sees what will run. [`apply`] is the way in; [`STEPS`] lists the steps in their order.
//! Source: NVIDIA/nvcf `src/compute-plane-services/nvca` (internal/miniservice/reconcile.go, pkg/webhook).

use serde_json::{Value, json};

use super::reval::pod_template_pointer;
use crate::kubernetes::Quantity;

/// What is to be deployed, as far as the steps need it.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// A task instead of a function.
    pub is_task: bool,
    /// The namespace of the instance.
    pub namespace: String,
    /// The value of the node label that tells instance types, if it is known.
    pub instance_type: Option<String>,
    /// Whether resource limits are enforced, as in the self-managed stack.
    pub enforce_limits: bool,
}

/// A change that a step made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The name of the step.
    pub step: &'static str,
    /// `Deployment/web`
    pub object: String,
    /// What changed, in a few words.
    pub what: String,
}

/// A step: what it changes in one object; the texts say what changed.
type Step = fn(&mut Value, &Deployment) -> Vec<String>;

/// The steps that change one object each, in the order in which they happen.
pub const STEPS: [(&str, Step); 10] = [
    ("namespace", set_namespace),
    ("reserved-volumes", replace_reserved_volumes),
    ("reserved-environment", add_environment),
    ("service-account", set_service_account),
    ("scheduler", clear_scheduler),
    ("node-affinity", require_instance_type),
    ("termination-grace", set_termination_grace),
    ("requests-equal-limits", equate_requests),
    ("gpu-toleration", tolerate_gpu_nodes),
    ("no-api-token", withhold_token),
];

/// The ConfigMap that configures the platform and is never created.
const WORKLOAD_CONFIG: &str = "nvcf-workload-config";
/// The account that every pod of an instance runs under.
const SERVICE_ACCOUNT: &str = "miniservice-instance-permissions";
/// The node label that tells instance types.
const INSTANCE_TYPE_LABEL: &str = "nvca.nvcf.nvidia.io/instance-type";
/// Volumes that the platform mounts: name, claim, path.
const SHARED_VOLUMES: [(&str, &str, &str); 2] = [
    ("kns-data", "nvcf-kns-data-ro", "/var/run/nvcf/info"),
    ("secrets-data", "nvcf-secrets-data-ro", "/var/secrets"),
];
/// Claims that only the platform may mount.
const RESERVED_CLAIMS: [&str; 6] = [
    "nvcf-secrets-data-rw",
    "nvcf-secrets-data-ro",
    "nvcf-kns-data-rw",
    "nvcf-kns-data-ro",
    "nvcf-task-data-rw",
    "nvcf-task-data-smb-server",
];
const TASK_VOLUME: (&str, &str, &str) = ("task-data", "nvcf-task-data-rw", "/var/task");

/// The objects as the cluster will run them, and every change, in order.
pub fn apply(objects: Vec<Value>, deployment: &Deployment) -> (Vec<Value>, Vec<Change>) {
    let mut changes = Vec::new();
    let is_config =
        |object: &Value| object["kind"] == "ConfigMap" && object["metadata"]["name"] == WORKLOAD_CONFIG;
    let (taken, mut objects): (Vec<_>, Vec<_>) = objects.into_iter().partition(is_config);
    for object in &taken {
        let what = "read as the platform's configuration and not created".to_owned();
        changes.push(Change { step: "workload-config", object: name_of(object), what });
    }
    objects.sort_by_key(weight);
    for (step, run) in STEPS {
        for object in &mut objects {
            let found = run(object, deployment);
            changes.extend(found.into_iter().map(|what| Change { step, object: name_of(object), what }));
        }
    }
    (objects, changes)
}

fn name_of(object: &Value) -> String {
    let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    format!("{}/{}", text("/kind"), text("/metadata/name"))
}

/// reconcile.go `weighObject`: what pods need comes first, pods come last.
fn weight(object: &Value) -> u8 {
    match object["kind"].as_str().unwrap_or_default() {
        "Service" | "Secret" | "ConfigMap" | "PersistentVolumeClaim" => 0,
        "Pod" | "Deployment" | "ReplicaSet" | "StatefulSet" => 2,
        _ => 1,
    }
}

/// The pod specification of an object, if it runs pods.
fn pod_spec(object: &mut Value) -> Option<&mut Value> {
    let pointer = pod_template_pointer(object["apiVersion"].as_str()?, object["kind"].as_str()?)?;
    object.pointer_mut(&format!("{pointer}/spec")).filter(|spec| spec.is_object())
}

/// The init and normal containers of a pod specification.
fn containers(spec: &mut Value) -> impl Iterator<Item = &mut Value> {
    let lists = spec.as_object_mut().into_iter().flat_map(|fields| {
        fields.iter_mut().filter(|(field, _)| matches!(field.as_str(), "initContainers" | "containers"))
    });
    lists.filter_map(|(_, list)| list.as_array_mut()).flatten().filter(|container| container.is_object())
}

fn set_namespace(object: &mut Value, deployment: &Deployment) -> Vec<String> {
    let namespace = &deployment.namespace;
    let Some(metadata) = object.get_mut("metadata").filter(|metadata| metadata.is_object()) else {
        return Vec::new();
    };
    if metadata["namespace"] == namespace.as_str() {
        return Vec::new();
    }
    metadata["namespace"] = namespace.as_str().into();
    vec![format!("metadata.namespace is {namespace}")]
}

/// helm_storage_webhook.go: volumes with reserved names or claims and mounts at reserved paths make way.
fn replace_reserved_volumes(object: &mut Value, deployment: &Deployment) -> Vec<String> {
    let mut shared = SHARED_VOLUMES.to_vec();
    if deployment.is_task {
        shared.push(TASK_VOLUME);
    }
    let Some(spec) = pod_spec(object) else { return Vec::new() };
    let reserved_name = |value: &Value| shared.iter().any(|(name, ..)| value == name);
    let reserved_claim = |volume: &Value| {
        volume
            .pointer("/persistentVolumeClaim/claimName")
            .and_then(Value::as_str)
            .is_some_and(|claim| RESERVED_CLAIMS.contains(&claim))
    };
    let mut changes = Vec::new();
    for volume in retain(spec, "volumes", |volume| !reserved_name(&volume["name"]) && !reserved_claim(volume))
    {
        changes.push(format!("volume {} removed: its name or claim is reserved", volume["name"]));
    }
    for container in containers(spec) {
        let reserved_path = |mount: &Value| shared.iter().any(|(.., path)| mount["mountPath"] == *path);
        for mount in
            retain(container, "volumeMounts", |mount| !reserved_name(&mount["name"]) && !reserved_path(mount))
        {
            changes.push(format!("mount at {} removed: its name or path is reserved", mount["mountPath"]));
        }
        for (name, _, path) in &shared {
            let mount = if *name == TASK_VOLUME.0 {
                json!({"name": name, "mountPath": path})
            } else {
                json!({"name": name, "mountPath": path, "readOnly": true})
            };
            push(container, "volumeMounts", mount);
        }
    }
    for (name, claim, path) in &shared {
        push(spec, "volumes", json!({"name": name, "persistentVolumeClaim": {"claimName": claim}}));
        changes.push(format!("volume {name} mounted at {path}"));
    }
    changes
}

/// env.go `MakeWorkloadEnvVars`; k8s.go `mergeEnvs`: what is there already is overwritten in place.
fn add_environment(object: &mut Value, deployment: &Deployment) -> Vec<String> {
    let Some(spec) = pod_spec(object) else { return Vec::new() };
    let reserved = environment(deployment.is_task);
    let mut changes = Vec::new();
    for container in containers(spec) {
        let name = container["name"].as_str().unwrap_or_default().to_owned();
        for variable in &reserved {
            let list = container["env"].as_array().map_or(&[][..], Vec::as_slice);
            if let Some(at) = list.iter().position(|own| own["name"] == variable["name"]) {
                changes.push(format!("{} of container {name} overwritten", variable["name"]));
                container["env"][at] = variable.clone();
            } else {
                push(container, "env", variable.clone());
            }
        }
        changes.push(format!("{} variables given to container {name}", reserved.len()));
    }
    changes
}

fn environment(is_task: bool) -> Vec<Value> {
    let annotation = |name: &str, key: &str| field_ref(name, &format!("metadata.annotations['{key}']"));
    let label = |name: &str, key: &str| field_ref(name, &format!("metadata.labels['{key}']"));
    let mut variables = vec![
        annotation("NVCF_REGION", "nvcf.nvidia.io/region"),
        annotation("NVCF_INSTANCETYPE", "nvcf.nvidia.io/instance-type-name"),
        annotation("NVCF_INSTANCETYPE_VALUE", "nvcf.nvidia.io/instance-type-value"),
        annotation("NVCF_BACKEND", "nvcf.nvidia.io/backend"),
        annotation("NVCF_ENV", "nvcf.nvidia.io/environment"),
    ];
    variables.extend(if is_task {
        vec![
            annotation("NVCT_NCA_ID", "nca-id"),
            label("NVCT_TASK_ID", "task-id"),
            annotation("NVCT_TASK_NAME", "task-name"),
            json!({"name": "NVCT_PROGRESS_FILE_PATH", "value": "/var/task/results/progress"}),
            json!({"name": "NVCT_RESULTS_DIR", "value": "/var/task/results"}),
            label("NVCT_INSTANCE_ID", "nvca.nvcf.nvidia.io/miniservice-name"),
        ]
    } else {
        vec![
            annotation("NVCF_NCA_ID", "nca-id"),
            label("NVCF_FUNCTION_ID", "function-id"),
            label("NVCF_FUNCTION_VERSION_ID", "function-version-id"),
            annotation("NVCF_FUNCTION_NAME", "function-name"),
            label("NVCF_INSTANCE_ID", "nvca.nvcf.nvidia.io/miniservice-name"),
        ]
    });
    variables
}

fn field_ref(name: &str, path: &str) -> Value {
    json!({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}})
}

fn set_service_account(object: &mut Value, _: &Deployment) -> Vec<String> {
    set_field(object, "serviceAccountName", SERVICE_ACCOUNT.into())
}

fn clear_scheduler(object: &mut Value, _: &Deployment) -> Vec<String> {
    let removed =
        pod_spec(object).and_then(Value::as_object_mut).and_then(|spec| spec.remove("schedulerName"));
    removed.map(|name| format!("schedulerName {name} removed")).into_iter().collect()
}

/// affinity.go `SetInstanceTypeNodeAffinity`.
fn require_instance_type(object: &mut Value, deployment: &Deployment) -> Vec<String> {
    let (Some(value), Some(spec)) = (&deployment.instance_type, pod_spec(object)) else { return Vec::new() };
    let requirement = json!({"key": INSTANCE_TYPE_LABEL, "operator": "In", "values": [value]});
    // The service has removed any node affinity of the chart, so there are no terms to join.
    spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"] =
        json!({"nodeSelectorTerms": [{"matchExpressions": [requirement]}]});
    vec![format!("pods run only on nodes of instance type {value}")]
}

fn set_termination_grace(object: &mut Value, deployment: &Deployment) -> Vec<String> {
    if deployment.is_task { set_field(object, "terminationGracePeriodSeconds", 0.into()) } else { Vec::new() }
}

/// nvca_mutating_webhook.go `mergeContainerResources`.
fn equate_requests(object: &mut Value, deployment: &Deployment) -> Vec<String> {
    let Some(spec) = pod_spec(object).filter(|_| deployment.enforce_limits) else { return Vec::new() };
    let mut changes = Vec::new();
    for container in containers(spec) {
        let name = container["name"].as_str().unwrap_or_default().to_owned();
        let amounts = |container: &Value, field: &str| {
            container["resources"][field].as_object().cloned().unwrap_or_default()
        };
        let (mut limits, mut requests) = (amounts(container, "limits"), amounts(container, "requests"));
        for (resource, amount) in &requests {
            if !limits.contains_key(resource) {
                changes.push(format!("limit of {resource} of container {name} is its request {amount}"));
                limits.insert(resource.clone(), amount.clone());
            }
        }
        for (resource, amount) in &limits {
            if requests.get(resource).is_none_or(|request| !same_amount(request, amount)) {
                changes.push(format!("request of {resource} of container {name} is its limit {amount}"));
                requests.insert(resource.clone(), amount.clone());
            }
        }
        if !limits.is_empty() {
            container["resources"]["limits"] = limits.into();
            container["resources"]["requests"] = requests.into();
        }
    }
    changes
}

fn same_amount(a: &Value, b: &Value) -> bool {
    let quantity = |value: &Value| Quantity::parse(value.as_str()?);
    a == b || quantity(a).is_some_and(|a| quantity(b) == Some(a))
}

fn tolerate_gpu_nodes(object: &mut Value, _: &Deployment) -> Vec<String> {
    let Some(spec) = pod_spec(object) else { return Vec::new() };
    let toleration = json!({"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"});
    if spec["tolerations"].as_array().is_some_and(|list| list.contains(&toleration)) {
        return Vec::new();
    }
    push(spec, "tolerations", toleration);
    vec!["taint nvidia.com/gpu tolerated".into()]
}

fn withhold_token(object: &mut Value, _: &Deployment) -> Vec<String> {
    set_field(object, "automountServiceAccountToken", false.into())
}

/// Sets a field of the pod specification, if the object has one and it is not so already.
fn set_field(object: &mut Value, field: &str, value: Value) -> Vec<String> {
    let Some(spec) = pod_spec(object).filter(|spec| spec[field] != value) else { return Vec::new() };
    let change = format!("{field} is {value}");
    spec[field] = value;
    vec![change]
}

/// Keeps the items of a list that pass, and gives the others.
fn retain(parent: &mut Value, field: &str, keep: impl Fn(&Value) -> bool) -> Vec<Value> {
    let Some(list) = parent.get_mut(field).and_then(Value::as_array_mut) else { return Vec::new() };
    let (kept, taken) = std::mem::take(list).into_iter().partition(|item| keep(item));
    *list = kept;
    taken
}

fn push(parent: &mut Value, field: &str, item: Value) {
    match parent[field].as_array_mut() {
        Some(list) => list.push(item),
        None => parent[field] = json!([item]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function() -> Deployment {
        Deployment {
            is_task: false,
            namespace: "sr-1".into(),
            instance_type: Some("ON-PREM.GPU.H100_1x".into()),
            enforce_limits: true,
        }
    }

    fn pod(container: Value) -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [container]}})
    }

    #[test]
    fn pods_run_as_the_platform_wants() {
        let container = json!({"name": "c", "env": [{"name": "NVCF_ENV", "value": "mine"}],
            "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1000m", "memory": "1Gi"}}});
        let (objects, changes) = apply(vec![pod(container)], &function());
        let spec = &objects[0]["spec"];
        assert_eq!(spec["serviceAccountName"], SERVICE_ACCOUNT);
        assert_eq!(spec["containers"][0]["resources"]["limits"], json!({"cpu": "1", "memory": "1Gi"}));
        assert_eq!(spec["containers"][0]["env"].as_array().map(Vec::len), Some(10));
        assert!(spec["containers"][0]["env"][0].get("value").is_none());
        let steps: Vec<_> = changes.iter().map(|change| change.step).collect();
        assert!(steps.is_sorted_by_key(|step| STEPS.iter().position(|(name, _)| name == step)));
        assert!(!changes.iter().any(|change| change.what.contains("request of cpu")), "{changes:?}");
    }

    #[test]
    fn reserved_volumes_make_way_and_configuration_is_taken_out() {
        let mut mounts =
            pod(json!({"name": "c", "volumeMounts": [{"name": "mine", "mountPath": "/var/secrets"}]}));
        mounts["spec"]["volumes"] =
            json!([{"name": "mine", "secret": {}}, {"name": "secrets-data", "emptyDir": {}}]);
        let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": WORKLOAD_CONFIG}});
        let (objects, changes) = apply(vec![mounts, config], &function());
        assert_eq!(objects.len(), 1);
        let names: Vec<_> =
            objects[0]["spec"]["volumes"].as_array().into_iter().flatten().map(|v| &v["name"]).collect();
        assert_eq!(names, ["mine", "kns-data", "secrets-data"]);
        assert_eq!(changes[0].step, "workload-config");
    }
}
