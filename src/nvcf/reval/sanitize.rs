//! What the service changes in objects before it judges them and hands them back: metadata, selectors, placement,
//! accounts. Source: run.go `validateRenderedRelease`, `sanitizePodSpec`, `sanitizeObjectMeta`.
//!
//! Where the service draws random label values, these are derived from a hash of kind and name, so that output repeats.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::decode::Object;
use super::options::Options;

/// The label of a StatefulSet's pods that a Service may select although no chart writes it.
const POD_INDEX: &str = "apps.kubernetes.io/pod-index";

/// Which Services select which workloads, taken from labels and selectors as the chart wrote them.
pub struct Selection {
    /// For each object its pods' labels, where it has pods.
    labels: Vec<Option<Map<String, Value>>>,
    /// For each object its selector, where it is a Service.
    selectors: Vec<Option<Selector>>,
}

struct Selector {
    labels: Map<String, Value>,
    /// A selector with a pod index matches StatefulSets only.
    stateful_sets_only: bool,
}

impl Selection {
    /// Looks at the objects before anything is changed.
    pub fn of(objects: &[Object]) -> Selection {
        let labels = objects.iter().map(|object| {
            let pod = pod_pointer(object)?;
            Some(string_map(object.json.pointer(&format!("{pod}/metadata/labels"))))
        });
        let selectors = objects.iter().map(|object| {
            is_service(object).then(|| {
                let mut labels = string_map(object.json.pointer("/spec/selector"));
                let stateful_sets_only = labels.get(POD_INDEX).is_some_and(|value| value != "");
                if stateful_sets_only {
                    labels.remove(POD_INDEX);
                }
                Selector { labels, stateful_sets_only }
            })
        });
        Selection { labels: labels.collect(), selectors: selectors.collect() }
    }

    /// The objects whose pods the Service at `service` selects. A Service without a selector selects all.
    pub fn selected(&self, objects: &[Object], service: usize) -> Vec<usize> {
        let Some(selector) = &self.selectors[service] else { return Vec::new() };
        let matches = |index: &usize| {
            let Some(labels) = &self.labels[*index] else { return false };
            (!selector.stateful_sets_only || objects[*index].gvk.kind == "StatefulSet")
                && selector.labels.iter().all(|(key, value)| labels.get(key) == Some(value))
        };
        (0..objects.len()).filter(matches).collect()
    }
}

/// Where the pod (template) of a typed workload stands in it, as a JSON pointer; `None` for other objects.
pub fn pod_pointer(object: &Object) -> Option<&'static str> {
    if object.typed { pod_template_pointer(&object.gvk.api_version(), &object.gvk.kind) } else { None }
}

/// Where the kinds that the service knows to run pods keep the pod (template), as a JSON pointer.
pub fn pod_template_pointer(api_version: &str, kind: &str) -> Option<&'static str> {
    match (api_version, kind) {
        ("v1", "Pod") => Some(""),
        ("apps/v1", "Deployment" | "ReplicaSet" | "StatefulSet") | ("batch/v1", "Job") => {
            Some("/spec/template")
        }
        ("batch/v1", "CronJob") => Some("/spec/jobTemplate/spec/template"),
        _ => None,
    }
}

/// Whether the object is a typed Service.
pub fn is_service(object: &Object) -> bool {
    object.typed_kind() == Some(("", "v1", "Service"))
}

/// Changes the objects as the service does.
pub fn sanitize(objects: &mut [Object], selection: &Selection, options: &Options) {
    for object in objects.iter_mut() {
        if options.sanitize_metadata {
            sanitize_metadata(object, options);
        }
        if let Some(pod) = pod_pointer(object) {
            if let Some(spec) = object.json.pointer_mut(&format!("{pod}/spec")) {
                sanitize_pod_spec(spec);
            }
            if options.sanitize_metadata {
                relabel(object);
            }
        } else if is_service(object) && options.sanitize_metadata {
            keep_only(&mut object.json["spec"], "selector", &options.preserve_labels);
        }
    }
    if options.sanitize_metadata {
        link_services(objects, selection);
    }
}

/// run.go `sanitizeObjectMeta`.
fn sanitize_metadata(object: &mut Object, options: &Options) {
    let untyped = !object.typed;
    let metadata = &mut object.json["metadata"];
    for (field, kept) in
        [("labels", &options.preserve_labels), ("annotations", &options.preserve_annotations)]
    {
        // An untyped object has no `omitempty`: its labels stay as an empty map, unless they were no map of strings.
        let is_string_map = metadata[field].as_object().is_some_and(|map| map.values().all(Value::is_string));
        keep_only(metadata, field, kept);
        if untyped && is_string_map && metadata.get(field).is_none() {
            metadata[field] = json!({});
        }
    }
    remove(metadata, "ownerReferences");
}

/// run.go `sanitizePodSpec`.
fn sanitize_pod_spec(spec: &mut Value) {
    if let Some(affinity) = spec.get_mut("affinity") {
        remove(affinity, "nodeAffinity");
        if affinity.get("podAffinity").is_none() && affinity.get("podAntiAffinity").is_none() {
            remove(spec, "affinity");
        }
    }
    for field in ["nodeSelector", "nodeName", "serviceAccountName", "priorityClassName"] {
        remove(spec, field);
    }
    if spec.get("automountServiceAccountToken").is_none() {
        spec["automountServiceAccountToken"] = false.into();
    }
    for list in ["initContainers", "containers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(context) = container.get_mut("securityContext") {
                forbid_escalation(context);
            }
        }
    }
}

/// run.go `sanitizeContainerSecurityContext`: only a context that says something is defaulted.
fn forbid_escalation(context: &mut Value) {
    let says_something = context.as_object().is_some_and(|fields| !fields.is_empty());
    let privileged = context["privileged"] == true;
    let added = context.pointer("/capabilities/add").and_then(Value::as_array).into_iter().flatten();
    let admin =
        added.filter_map(Value::as_str).any(|capability| capability.eq_ignore_ascii_case("CAP_SYS_ADMIN"));
    if says_something && context.get("allowPrivilegeEscalation").is_none() && !privileged && !admin {
        context["allowPrivilegeEscalation"] = false.into();
    }
}

/// Controllers get a label of their own; the jobs of a CronJob lose theirs, since Kubernetes gives them some.
fn relabel(object: &mut Object) {
    match object.gvk.kind.as_str() {
        "Deployment" | "ReplicaSet" | "StatefulSet" => {
            let labels = json!({"autogen-label-controller": label_value(&object.gvk.kind, object.name())});
            object.json["spec"]["selector"] = json!({"matchLabels": labels});
            object.json["spec"]["template"]["metadata"]["labels"] = labels;
        }
        "CronJob" => {
            let job = &mut object.json["spec"]["jobTemplate"]["spec"];
            remove(job, "selector");
            remove(job, "manualSelector");
            remove(&mut job["template"]["metadata"], "labels");
        }
        _ => {}
    }
}

/// Each Service selects by a label of its own, which the workloads that it selected before are given.
fn link_services(objects: &mut [Object], selection: &Selection) {
    for service in 0..objects.len() {
        if !is_service(&objects[service]) {
            continue;
        }
        let name = objects[service].name().to_owned();
        let key = format!("autogen-label-service-{}", &hex::encode(Sha256::digest(&name))[..10]);
        let value = label_value("Service", &name);
        objects[service].json["spec"]["selector"][&key] = value.clone().into();
        for workload in selection.selected(objects, service) {
            let Some(pod) = pod_pointer(&objects[workload]) else { continue };
            if let Some(metadata) = objects[workload].json.pointer_mut(&format!("{pod}/metadata")) {
                metadata["labels"][&key] = value.clone().into();
            }
        }
    }
}

/// The service's `x<number>x` with a number below 10⁹ that only kind and name decide.
fn label_value(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{kind}/{name}"));
    let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("x{}x", number % 1_000_000_000)
}

/// Keeps the named keys of a map; an emptied map vanishes, as `omitempty` has it.
fn keep_only(parent: &mut Value, field: &str, kept: &[String]) {
    let Some(map) = parent.get_mut(field).and_then(Value::as_object_mut) else {
        remove(parent, field);
        return;
    };
    map.retain(|key, _| kept.contains(key));
    if map.is_empty() {
        remove(parent, field);
    }
}

fn remove(parent: &mut Value, field: &str) {
    if let Some(fields) = parent.as_object_mut() {
        fields.remove(field);
    }
}

fn string_map(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}
