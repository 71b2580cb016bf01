use crate::diagnostic::{Applicability, Severity};
use crate::manifest::workload;
use crate::path::FieldPath;
use crate::policy::{Check, Level, Levels, Object, Reporter, declare_rule, remove, set};

declare_rule! {
    /// The annotation that asks for an NVLink domain must be on the pods, and a number.
    ///
    /// ## Why
    /// The agent reads `dra.nvcf.nvidia.io/required-nvlink-domain-index` of each pod. On the Deployment or StatefulSet
    /// itself nobody reads it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: worker
    ///   annotations:
    ///     dra.nvcf.nvidia.io/required-nvlink-domain-index: first
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: worker
    ///   annotations:
    ///     dra.nvcf.nvidia.io/required-nvlink-domain-index: "0"
    /// ```
    ///
    /// ## Fix
    /// Write it into the metadata of the pod template, as a number in quotes.
    "OBJ110" "nvlink-annotation" {
        levels: Levels::all(Level::Error),
        lowered_to: Some(Severity::Warning),
        fix: Some(Applicability::Safe),
        sources: &["page: topology-aware placement", "agent: mutating webhook"],
        check: Check::Object(check),
    }
}

const INDEX: &str = "dra.nvcf.nvidia.io/required-nvlink-domain-index";

fn check(object: &Object<'_>, r: &mut Reporter<'_>) {
    let own = object.node.at(&["metadata", "annotations", INDEX]);
    let own_path = FieldPath::root().keys(&["metadata", "annotations"]).key(INDEX);
    let pod = workload::pod_spec(object.node).filter(|_| object.id.kind != "Pod");
    let on_pods = pod.as_ref().and_then(|pod| Some((pod.metadata?.at(&["annotations", INDEX])?, pod)));
    if let (Some(own), Some(pod), None) = (own, &pod, &on_pods) {
        let message = format!("annotation is on the {} and not on its pods", object.id.kind);
        let on_pods = pod.metadata_path.key("annotations").key(INDEX);
        r.report(own_path.clone(), message).fix([set(&on_pods, own.to_json()), remove(&own_path)]);
    }
    let at_pods = on_pods.map(|(node, pod)| (node, pod.metadata_path.key("annotations").key(INDEX)));
    let found = at_pods.or(own.map(|node| (node, own_path)));
    if let Some((node, path)) = found {
        let text = node.as_str().unwrap_or_default();
        if !text.is_empty() && text.parse::<i32>().is_err() {
            let message = format!("annotation is `{text}`, it must be a number");
            r.report(path, message).lowered();
        }
    }
}
